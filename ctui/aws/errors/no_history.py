"""An endpoint that speaks CloudTrail and has no LookupEvents, such as a stand-in for tests, is no passing failure."""

from ctui.aws.errors.error_context import ErrorContext
from ctui.errors import CtuiError, NoEventHistory, NotCloudTrail, ServiceError

_UNKNOWN_ACTION = frozenset(("HTTP500", "HTTP501"))
"""How servers answer an action that they do not have, without an error code of the API. Gateways in front of a service
that is down answer 502, 503 and 504."""
_NOT_IMPLEMENTED = 501


def may_lack_the_action(error: CtuiError) -> bool:
    """True for an answer that a server gives to an action which it does not have."""
    if isinstance(error, ServiceError):
        return error.code in _UNKNOWN_ACTION or error.status == _NOT_IMPLEMENTED
    return isinstance(error, NotCloudTrail)


def no_event_history(error: CtuiError, context: ErrorContext) -> NoEventHistory:
    """That the endpoint answers DescribeTrails, and LookupEvents not as CloudTrail does."""
    how = f"HTTP {error.status}" if isinstance(error, ServiceError) else "something that is not CloudTrail's"
    return NoEventHistory(
        "No event history here",
        f"{context.where} supports DescribeTrails, but answers LookupEvents with {how}.",
        "Trails work here. For events, use another endpoint, such as `ctui emulator`, or press r to try again.",
    )
