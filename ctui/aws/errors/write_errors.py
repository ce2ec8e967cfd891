"""What failed when something was to be changed: surely nothing happened, or it may have.

Only a thread imports this module first: it loads botocore.
"""

import errno

from botocore import exceptions as theirs
from botocore.parsers import ResponseParserError

from ctui.aws.errors.error_context import Circumstances
from ctui.aws.errors.service_errors import fault_of
from ctui.errors import CtuiError, IncompleteAnswer, NotCloudTrail, ServiceError, Unanswered

_AFTER_SENDING = (TimeoutError, theirs.HTTPClientError, ResponseParserError, NotCloudTrail, IncompleteAnswer)
"""What can befall a call that has left."""
_CUT = frozenset({None, errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE, errno.ETIMEDOUT})
"""How a connection ends that had stood. aiobotocore has one error for these and for one that was never made."""


def write_fault_of(error: BaseException, at: Circumstances) -> CtuiError:
    """Our error for a call that changes something: Unanswered wherever it cannot be told whether it was carried out."""
    fault = fault_of(error, at)
    return unanswered(fault, at) if _may_have_happened(error, fault) else fault


def unanswered(fault: CtuiError, at: Circumstances) -> Unanswered:
    """It may or may not have happened, and why that is so."""
    return Unanswered(
        "It may or may not have happened",
        f"{at.action} was sent to {at.where}, and what became of it is not known. {fault.title}: {fault.message}",
        "Look at the trail before trying again.",
    )


def _may_have_happened(error: BaseException, fault: CtuiError) -> bool:
    if isinstance(fault, ServiceError):
        return fault.status >= 500
    if isinstance(error, theirs.EndpointConnectionError):
        cause = error.kwargs.get("error")
        return not isinstance(cause, OSError) or cause.errno in _CUT
    return isinstance(error, _AFTER_SENDING) and not isinstance(error, theirs.ConnectionError)
