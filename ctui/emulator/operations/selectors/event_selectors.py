"""GetEventSelectors and PutEventSelectors."""

from msgspec.structs import replace

from ctui.emulator.account.trails import TrailRecord
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.describe import trail_arn
from ctui.emulator.operations.find import trail_to_change, trail_to_read
from ctui.emulator.operations.selectors import advanced, basic


def get_event_selectors(state: ServiceState, call: Call) -> Answer:
    """What a trail selects: event selectors, or advanced ones if these were put."""
    return _answer(call, trail_to_read(state, call, call.parameters["TrailName"]))


def put_event_selectors(state: ServiceState, call: Call) -> Answer:
    """Replace what a trail selects, by event selectors or by advanced ones."""
    trail = trail_to_change(state, call, call.parameters["TrailName"])
    selectors = call.parameters.get("EventSelectors", [])
    advanced_selectors = call.parameters.get("AdvancedEventSelectors", [])
    if bool(selectors) == bool(advanced_selectors):
        reason = "Either EventSelectors or AdvancedEventSelectors must be given."
        raise Refusal(Condition.EVENT_SELECTORS, reason=reason)
    advanced.check(advanced_selectors)
    changed = replace(
        trail,
        event_selectors=basic.checked(selectors) or None,
        advanced_selectors=advanced_selectors or None,
    )
    state.store.put(changed, call.now)
    return _answer(call, changed)


def _answer(call: Call, trail: TrailRecord) -> Answer:
    selected = (
        {"AdvancedEventSelectors": trail.advanced_selectors}
        if trail.advanced_selectors
        else {"EventSelectors": trail.event_selectors or basic.DEFAULT}
    )
    return {"TrailARN": trail_arn(call.caller.account, trail), **selected}
