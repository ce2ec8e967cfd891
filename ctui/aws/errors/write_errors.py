"""The errors of calls that change something: the change was surely not made, or it may have been.

Only a thread imports this module first: it loads botocore.
"""

import errno

from botocore import exceptions as theirs
from botocore.parsers import ResponseParserError

from ctui.aws.errors.error_context import ErrorContext
from ctui.aws.errors.service_errors import error_of
from ctui.errors import CtuiError, IncompleteAnswer, NotCloudTrail, OutcomeUnknown, ServiceError
from ctui.model.trail.error_codes import error_row

_AFTER_SENDING = (TimeoutError, theirs.HTTPClientError, ResponseParserError, NotCloudTrail, IncompleteAnswer)
"""Errors of a call that was sent."""
_CUT = frozenset({None, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE, errno.ETIMEDOUT})
"""How an open connection ends. aiobotocore has one error for these and for connections that were never opened."""


def write_error_of(error: BaseException, context: ErrorContext) -> CtuiError:
    """Our error for a call that changes something: OutcomeUnknown if it may have been carried out."""
    ours = error_of(error, context)
    return outcome_unknown(ours, context) if _may_have_happened(error, ours) else ours


def outcome_unknown(reason: CtuiError, context: ErrorContext) -> OutcomeUnknown:
    """The error for a change that may or may not have been made, with the reason."""
    return OutcomeUnknown(
        "It may or may not have happened",
        f"{context.action} was sent to {context.where}, but no clear answer came. {reason.title}: {reason.message}",
        "Check the trail before you try again.",
    )


def _may_have_happened(error: BaseException, ours: CtuiError) -> bool:
    if isinstance(ours, ServiceError):
        row = error_row(ours.code, ours.service_message, ours.status)
        return row is not None and row.write_may_have_happened
    if isinstance(error, theirs.EndpointConnectionError):
        cause = error.kwargs.get("error")
        return not isinstance(cause, OSError) or cause.errno in _CUT
    return isinstance(error, _AFTER_SENDING) and not isinstance(error, theirs.ConnectionError)
