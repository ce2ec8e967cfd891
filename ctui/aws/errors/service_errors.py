"""Their errors become ours: the table of what a service answers; what never got an answer stands in silences.py.

Only a thread imports this module first: it loads botocore.
"""

from collections.abc import Callable
from dataclasses import dataclass

from botocore import exceptions as theirs

from ctui.aws.decode.answers import not_cloudtrail
from ctui.aws.errors.error_context import Circumstances
from ctui.aws.errors.unanswered import silence_of
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
    remedy: Callable[[Circumstances], str]


def _key_remedy(at: Circumstances) -> str:
    if at.login.session_token:
        # A Region that is not enabled, or that takes no tokens of STS's global endpoint, answers with the same words.
        region = f" Or {at.region} is not enabled for the account, or does not take such a token." if at.region else ""
        return f"The session token may have run out, or be another key's. {at.login_remedy}{region}"
    region = f", and that {at.region} is enabled for the account" if at.region else ""
    return f"Check the access key of {at.credentials}{region}, then press r."


def _permission(at: Circumstances) -> str:
    service = "sts" if at.action == "GetCallerIdentity" else "cloudtrail"
    return f"{service}:{at.action}" if at.action else "it"


def _clock_remedy(_: Circumstances) -> str:
    return "This machine's clock differs from the service's: set it right, then press r."


_THROTTLED = _Answer(Throttled, "Throttled", lambda _: "The same call will be made again, more slowly.")
_DENIED = _Answer(
    AccessDenied,
    "Access denied",
    lambda at: f"Ask for {_permission(at)} to be allowed, or choose another profile.",
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


def service_fault(code: str, status: int, words: str, at: Circumstances) -> CtuiError:
    """Our error for an error answer: `code` and `words` are the service's, `status` is HTTP's."""
    if code in _EXPIRED:
        return ExpiredLogin("Login expired", f"The service says: {words or code}", at.login_remedy)
    if code in _NOT_THIS_API:
        return not_cloudtrail(f"{code} {words}".strip())
    answer = _ANSWERS.get(code) or (_THROTTLED if status == 429 else None)
    if answer is None:
        return _unlisted(code, status, words, at)
    if answer is _BAD_KEY and words.startswith(("Signature expired", "Signature not yet current")):
        answer = _BAD_CLOCK
    return answer.kind(
        answer.title,
        f"{_said(at)} {words or code}",
        answer.remedy(at),
        code=code,
        status=status,
        service_message=words,
        action=at.action,
    )


def unreadable_fault(status: int, content_type: str, at: Circumstances) -> CtuiError:
    """Our error for an error answer without an error code: a proxy, a load balancer, a web server."""
    what = f"HTTP {status}" + (f" with {content_type}" if content_type else "")
    if status == 429:
        return service_fault("HTTP429", status, what, at)
    return _unlisted(f"HTTP{status}", status, what, at) if status >= 500 else not_cloudtrail(what)


def _unlisted(code: str, status: int, words: str, at: Circumstances) -> ServiceError:
    failed = status >= 500
    return ServiceError(
        "The service failed" if failed else code,
        f"{_said(at)} {words or code}" + (f" (HTTP {status})" if failed and not words.startswith("HTTP") else ""),
        f"Press r in a moment to try again; if it stays, check {at.where}." if failed else "",
        code=code,
        status=status,
        service_message=words,
        action=at.action,
    )


def _said(at: Circumstances) -> str:
    return f"{at.action}:" if at.action else "The service says:"


def fault_of(error: BaseException, at: Circumstances) -> CtuiError:
    """Our error for anything botocore, aiobotocore or a login raised; one of ours is given back as it is."""
    if isinstance(error, CtuiError):
        return error
    if isinstance(error, theirs.ClientError):
        said = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return service_fault(str(said.get("Code") or "Unknown"), int(status), str(said.get("Message") or ""), at)
    return silence_of(error, at)
