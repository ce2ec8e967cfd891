"""ListPublicKeys: none, as the emulator signs no digest."""

from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.lookup_events import check_times


def list_public_keys(_: ServiceState, call: Call) -> Answer:
    """An empty list: what the service returns for a time in which it signed nothing."""
    if "NextToken" in call.parameters:
        raise Refusal(Condition.TOKEN_RESERVED)
    now = {"StartTime": call.now, "EndTime": call.now}
    check_times(now | call.parameters)
    return {"PublicKeyList": []}
