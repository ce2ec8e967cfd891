"""What never got an answer: our error for each way in which a call or a login can fail before the service speaks.

Only a thread imports this module first: it loads botocore.
"""

import errno

from botocore import exceptions as theirs

from ctui.aws.errors.error_context import Circumstances
from ctui.aws.errors.library_errors import LIBRARY_ERRORS
from ctui.aws.errors.transport_errors import TRANSPORT_ERRORS, UNREADABLE
from ctui.aws.errors.unanswered_row import Silence, Table, inside
from ctui.aws.login.errors import LOGIN_ERRORS
from ctui.errors import ConnectionProblem, Fault, NotCloudTrail

SILENCES: Table = {**LIBRARY_ERRORS, **LOGIN_ERRORS, **TRANSPORT_ERRORS}
"""Every class that has words of its own."""


_WRAPPERS = (theirs.EndpointConnectionError, theirs.ConnectionError, theirs.SSLError, theirs.HTTPClientError)
"""Classes that botocore has for several problems: what they were made from says which it is."""
_CUT = frozenset((errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE))


def silence_of(error: BaseException, at: Circumstances) -> ConnectionProblem:
    """Our error for anything botocore, aiobotocore or a login raised short of an answer."""
    closest = _closest(error)
    row = _row(closest)
    if at.place and (row is None or row.kind is NotCloudTrail):
        # Whoever is called there speaks another API, and botocore stumbles over what it cannot read.
        row = UNREADABLE
    if row is not None:
        return row.of(closest, at)
    fault = Fault.of(closest)
    return ConnectionProblem(
        "Something unforeseen",
        f"ctui has no words for what stopped {at.action or 'the login'}: {fault.message}",
        f"See whether `{at.command('aws sts get-caller-identity')}` says more, then press r.",
    )


def _closest(error: BaseException) -> BaseException:
    """The exception that says what the problem is: the innermost that has words, of those in a wrapper."""
    if type(error) not in _WRAPPERS or (inner := inside(error)) is None:
        return error
    # urllib3, which stands in no table, wraps once more, with the cause as its argument.
    for each in (inner, *(argument for argument in inner.args if isinstance(argument, BaseException))):
        if isinstance(each, OSError) and each.errno in _CUT:
            return ConnectionResetError(*each.args)
        if _row(each) is not None:
            return each
    return inner if type(error) is theirs.HTTPClientError else error


def _row(error: BaseException) -> Silence | None:
    """The words of its class, else of the nearest class that it derives from."""
    return next((SILENCES[kind] for kind in type(error).__mro__ if kind in SILENCES), None)
