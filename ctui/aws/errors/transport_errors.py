"""The errors for calls and logins that fail without an answer of the service.

Only a thread imports this module first: it loads botocore.
"""

import errno

from botocore import exceptions as theirs

from ctui.aws.errors.error_context import ErrorContext
from ctui.aws.errors.library_errors import LIBRARY_ERRORS
from ctui.aws.errors.login_errors import LOGIN_ERRORS
from ctui.aws.errors.network_errors import NETWORK_ERRORS, UNREADABLE
from ctui.aws.errors.transport_row import Table, TransportRow, inside
from ctui.errors import ConnectionProblem, InternalError, NotCloudTrail

TRANSPORT_ERRORS: Table = {**LIBRARY_ERRORS, **LOGIN_ERRORS, **NETWORK_ERRORS}
"""Every exception class that has its own text."""


_WRAPPERS = (theirs.EndpointConnectionError, theirs.ConnectionError, theirs.SSLError, theirs.HTTPClientError)
"""Classes that botocore uses for several problems. The exception inside says which one it is."""
_CUT = frozenset((errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE))


def transport_error(error: BaseException, context: ErrorContext) -> ConnectionProblem:
    """Our error for an exception of botocore, aiobotocore or a login that is not an answer of the service."""
    closest = _closest(error)
    row = _row(closest)
    if context.service and (row is None or row.kind is NotCloudTrail):
        # That service speaks another API, and botocore fails on what it cannot read.
        row = UNREADABLE
    if row is not None:
        return row.of(closest, context)
    unexpected = InternalError.of(closest)
    return ConnectionProblem(
        "Unexpected error",
        f"{context.action or 'The login'} failed: {unexpected.message}",
        f"Run `{context.command('aws sts get-caller-identity')}` to see more, then press r.",
    )


def _closest(error: BaseException) -> BaseException:
    """The exception that says what the problem is: of those in a wrapper, the innermost that has a row."""
    if type(error) not in _WRAPPERS or (inner := inside(error)) is None:
        return error
    # urllib3, which is in no table, wraps once more, with the cause as its argument.
    for each in (inner, *(argument for argument in inner.args if isinstance(argument, BaseException))):
        if isinstance(each, OSError) and each.errno in _CUT:
            return ConnectionResetError(*each.args)
        if _row(each) is not None:
            return each
    return inner if type(error) is theirs.HTTPClientError else error


def _row(error: BaseException) -> TransportRow | None:
    """The row of its class, or of the nearest base class that has one."""
    return next((TRANSPORT_ERRORS[kind] for kind in type(error).__mro__ if kind in TRANSPORT_ERRORS), None)
