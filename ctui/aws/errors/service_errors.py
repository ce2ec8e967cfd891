"""Their errors become ours: the table of what a service answers; what never got an answer stands in silences.py.

Only a thread imports this module first: it loads botocore.
"""

from collections.abc import Callable
from dataclasses import dataclass

from botocore import exceptions as theirs

from ctui.aws.decode.answers import not_cloudtrail
from ctui.aws.errors.error_context import ErrorContext
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


@dataclass(frozen=True, slots=True)
class _Answer:
    kind: type[ServiceError]
    title: str
    remedy: Callable[[ErrorContext], str]


def _key_remedy(context: ErrorContext) -> str:
    if context.login.session_token:
        # A Region that is not enabled, or that takes no tokens of STS's global endpoint, answers with the same words.
        region = (
            f" Or {context.region} is not enabled for the account, or does not take such a token."
            if context.region
            else ""
        )
        return f"The session token may have run out, or be another key's. {context.login_remedy}{region}"
    region = f", and that {context.region} is enabled for the account" if context.region else ""
    return f"Check the access key of {context.credentials}{region}, then press r."


def _permission(context: ErrorContext) -> str:
    service = "sts" if context.action == "GetCallerIdentity" else "cloudtrail"
    return f"{service}:{context.action}" if context.action else "it"


def _clock_remedy(_: ErrorContext) -> str:
    return "This machine's clock differs from the service's: set it right, then press r."


_THROTTLED = _Answer(Throttled, "Throttled", lambda _: "The same call will be made again, more slowly.")
_DENIED = _Answer(
    AccessDenied,
    "Access denied",
    lambda context: f"Ask for {_permission(context)} to be allowed, or choose another profile.",
)
_BAD_KEY = _Answer(BadCredentials, "Credentials not accepted", _key_remedy)
_BAD_CLOCK = _Answer(BadCredentials, "Clock too far off", _clock_remedy)

_ANSWERS: dict[str, _Answer] = {
    **dict.fromkeys(
        (
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "SlowDown",
        ),
        _THROTTLED,
    ),
    **dict.fromkeys(
        ("AccessDenied", "AccessDeniedException", "NotAuthorized", "UnauthorizedOperation", "OptInRequired"), _DENIED
    ),
    **dict.fromkeys(
        (
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "AuthFailure",
            "InvalidAccessKeyId",
        ),
        _BAD_KEY,
    ),
    "RequestExpired": _BAD_CLOCK,
    "RequestTimeTooSkewed": _BAD_CLOCK,
    "InvalidNextTokenException": _Answer(
        InvalidNextToken, "Page token refused", lambda _: "Press r to ask the question anew."
    ),
    "TrailNotFoundException": _Answer(TrailNotFound, "Trail not found", lambda _: "Press r to read the trails again."),
}
_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"})
_NOT_THIS_API = frozenset({"UnknownOperationException", "UnknownOperation", "InvalidAction"})


def service_error(code: str, status: int, words: str, context: ErrorContext) -> CtuiError:
    """Our error for an error answer: `code` and `words` are the service's, `status` is HTTP's."""
    if code in _EXPIRED:
        return ExpiredLogin("Login expired", f"The service says: {words or code}", context.login_remedy)
    if code in _NOT_THIS_API:
        return not_cloudtrail(f"{code} {words}".strip())
    answer = _ANSWERS.get(code) or (_THROTTLED if status == 429 else None)
    if answer is None:
        return _unlisted(code, status, words, context)
    if answer is _BAD_KEY and words.startswith(("Signature expired", "Signature not yet current")):
        answer = _BAD_CLOCK
    return answer.kind(
        answer.title,
        f"{_said(context)} {words or code}",
        answer.remedy(context),
        code=code,
        status=status,
        service_message=words,
        action=context.action,
    )


def unreadable_error(status: int, content_type: str, context: ErrorContext) -> CtuiError:
    """Our error for an error answer without an error code: a proxy, a load balancer, a web server."""
    what = f"HTTP {status}" + (f" with {content_type}" if content_type else "")
    if status == 429:
        return service_error("HTTP429", status, what, context)
    return _unlisted(f"HTTP{status}", status, what, context) if status >= 500 else not_cloudtrail(what)


def _unlisted(code: str, status: int, words: str, context: ErrorContext) -> ServiceError:
    failed = status >= 500
    return ServiceError(
        "The service failed" if failed else code,
        f"{_said(context)} {words or code}" + (f" (HTTP {status})" if failed and not words.startswith("HTTP") else ""),
        f"Press r in a moment to try again; if it stays, check {context.where}." if failed else "",
        code=code,
        status=status,
        service_message=words,
        action=context.action,
    )


def _said(context: ErrorContext) -> str:
    return f"{context.action}:" if context.action else "The service says:"


def error_of(error: BaseException, context: ErrorContext) -> CtuiError:
    """Our error for anything botocore, aiobotocore or a login raised; one of ours is given back as it is."""
    if isinstance(error, CtuiError):
        return error
    if isinstance(error, theirs.ClientError):
        said = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return service_error(str(said.get("Code") or "Unknown"), int(status), str(said.get("Message") or ""), context)
    return transport_error(error, context)
