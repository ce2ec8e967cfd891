"""The service's error answers as errors of ours, by the table in ctui/model/trail/error_codes.py.

Only a thread imports this module first: it loads botocore.
"""

from collections.abc import Mapping

from botocore import exceptions as theirs

from ctui.aws.decode.answers import not_cloudtrail
from ctui.aws.errors.error_context import ErrorContext
from ctui.aws.errors.login_refusals import login_row
from ctui.aws.errors.transport_errors import transport_error
from ctui.errors import (
    AccessDenied,
    BadCredentials,
    CtuiError,
    ExpiredLogin,
    InvalidNextToken,
    ServiceError,
    Throttled,
    TrailNotFound,
)
from ctui.model.trail.error_codes import ErrorKind, ErrorRow, error_row

_CLASSES: Mapping[ErrorKind, type[ServiceError]] = {
    ErrorKind.REFUSED: ServiceError,
    ErrorKind.FAILED: ServiceError,
    ErrorKind.THROTTLED: Throttled,
    ErrorKind.ACCESS_DENIED: AccessDenied,
    ErrorKind.BAD_CREDENTIALS: BadCredentials,
    ErrorKind.INVALID_NEXT_TOKEN: InvalidNextToken,
    ErrorKind.TRAIL_NOT_FOUND: TrailNotFound,
}
_TOO_MANY_REQUESTS = 429


def service_error(code: str, status: int, message: str, context: ErrorContext) -> CtuiError:
    """Our error for an error answer: `code` and `message` are the service's, `status` is HTTP's."""
    row = login_row(context.action, code, message) or error_row(code, message, status) or ErrorRow(())
    if row.kind is ErrorKind.EXPIRED_LOGIN:
        return ExpiredLogin(row.title, f"The service says: {message or code}", _filled(row.remedy, context))
    if row.kind is ErrorKind.NOT_CLOUDTRAIL:
        return not_cloudtrail(f"{code} {message}".strip())
    of_status = f" (HTTP {status})" if row.kind is ErrorKind.FAILED and not message.startswith("HTTP") else ""
    return _CLASSES[row.kind](
        row.title or code,
        f"{_intro(context)} {message or code}{of_status}",
        _filled(row.remedy, context),
        code=code,
        status=status,
        service_message=message,
        action=context.action,
    )


def _filled(remedy: str, context: ErrorContext) -> str:
    return remedy.format(
        permission=context.permission,
        key_remedy=context.key_remedy,
        login_remedy=context.login_remedy,
        where=context.where,
    )


def unreadable_error(status: int, content_type: str, context: ErrorContext) -> CtuiError:
    """Our error for an error answer without an error code: a proxy, a load balancer, a web server."""
    what = f"HTTP {status}" + (f" with {content_type}" if content_type else "")
    if status == _TOO_MANY_REQUESTS or status >= 500:
        return service_error(f"HTTP{status}", status, what, context)
    return not_cloudtrail(what)


def _intro(context: ErrorContext) -> str:
    return f"{context.action}:" if context.action else "The service says:"


def error_of(error: BaseException, context: ErrorContext) -> CtuiError:
    """Our error for an exception of botocore, aiobotocore or a login. One of ours is returned as it is."""
    if isinstance(error, CtuiError):
        return error
    if isinstance(error, theirs.ClientError):
        details = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        message = str(details.get("Message") or "").strip()
        return service_error(str(details.get("Code") or "Unknown"), int(status), message, context)
    return transport_error(error, context)
