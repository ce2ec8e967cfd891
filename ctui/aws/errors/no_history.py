"""Endpoints that support CloudTrail without LookupEvents, such as doubles for tests: a failure that does not pass."""

from ctui.aws.errors.error_context import ErrorContext
from ctui.errors import CtuiError, NoEventHistory, NotCloudTrail, ServiceError

_UNKNOWN_ACTION = frozenset(("HTTP500", "HTTP501"))
"""How servers answer unsupported actions, without an error code of the API. 502, 503 and 504 come from gateways whose
service is down."""
_NOT_IMPLEMENTED = 501


def may_lack_the_action(error: CtuiError) -> bool:
    """True if servers answer unsupported actions like this."""
    if isinstance(error, ServiceError):
        return error.code in _UNKNOWN_ACTION or error.status == _NOT_IMPLEMENTED
    return isinstance(error, NotCloudTrail)


def no_event_history(error: CtuiError, context: ErrorContext) -> NoEventHistory:
    """The error for an endpoint that supports DescribeTrails, but not LookupEvents."""
    how = f"HTTP {error.status}" if isinstance(error, ServiceError) else "something that is not CloudTrail's"
    return NoEventHistory(
        "No event history here",
        f"{context.where} supports DescribeTrails, but answers LookupEvents with {how}.",
        "Trails work here. For events, use another endpoint, such as `ctui emulator`, or press r to try again.",
    )
