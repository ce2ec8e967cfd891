"""What failed when something was to be changed: surely nothing happened, or it may have.

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
"""What can befall a call that has left."""
_CUT = frozenset({None, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE, errno.ETIMEDOUT})
"""How a connection ends that had stood. aiobotocore has one error for these and for one that was never made."""


def write_error_of(error: BaseException, context: ErrorContext) -> CtuiError:
    """Our error for a call that changes something: OutcomeUnknown if it may have been carried out."""
    fault = error_of(error, context)
    return outcome_unknown(fault, context) if _may_have_happened(error, fault) else fault


def outcome_unknown(fault: CtuiError, context: ErrorContext) -> OutcomeUnknown:
    """It may or may not have happened, and why that is so."""
    return OutcomeUnknown(
        "It may or may not have happened",
        f"{context.action} was sent to {context.where}, but no clear answer came. {fault.title}: {fault.message}",
        "Check the trail before trying again.",
    )


def _may_have_happened(error: BaseException, fault: CtuiError) -> bool:
    if isinstance(fault, ServiceError):
        row = error_row(fault.code, fault.service_message, fault.status)
        return row is not None and row.write_may_have_happened
    if isinstance(error, theirs.EndpointConnectionError):
        cause = error.kwargs.get("error")
        return not isinstance(cause, OSError) or cause.errno in _CUT
    return isinstance(error, _AFTER_SENDING) and not isinstance(error, theirs.ConnectionError)
