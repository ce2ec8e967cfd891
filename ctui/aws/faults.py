"""Their errors become ours: one table for what a service answers, one for what never got an answer.

Only a thread imports this module first: it loads botocore.
"""

import shlex
from collections.abc import Callable
from dataclasses import dataclass

from botocore import exceptions as theirs
from botocore.parsers import ResponseParserError

from ctui.aws.answers import not_cloudtrail
from ctui.errors import (
    AccessDenied,
    BadCredentials,
    ConnectionProblem,
    CtuiError,
    EndpointUnreachable,
    ExpiredLogin,
    InvalidNextToken,
    NoCredentials,
    NoRegion,
    NotCloudTrail,
    ServiceError,
    Throttled,
    TrailNotFound,
    UnknownProfile,
)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What was being done, for the words of an error."""

    profile: str | None = None
    region: str | None = None
    endpoint: str | None = None
    action: str = ""
    """The API action, "" while connecting."""

    @property
    def where(self) -> str:
        """The endpoint, or the service in its Region."""
        return self.endpoint or f"CloudTrail in {self.region or 'AWS'}"

    def command(self, words: str) -> str:
        """A command line to paste, with the profile where one is in use."""
        return f"{words} --profile {shlex.quote(self.profile)}" if self.profile else words


# What a service answers


@dataclass(frozen=True, slots=True)
class _Answer:
    kind: type[ServiceError]
    title: str
    remedy: Callable[[Circumstances], str]


def _key_remedy(at: Circumstances) -> str:
    region = f", and that {at.region} is enabled for the account" if at.region else ""
    return f"Check the access key of {_profile_words(at)}{region}, then press r."


def _profile_words(at: Circumstances) -> str:
    return f'profile "{at.profile}"' if at.profile else "these credentials"


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
        return ExpiredLogin("Login expired", f"the service says: {words or code}.", _login_remedy(at))
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


# What never got an answer


def _login_remedy(at: Circumstances) -> str:
    return f"Log in again, for example with `{at.command('aws sso login')}`, then press r."


def _file_remedy(_: Circumstances) -> str:
    return "Correct ~/.aws/config (or the file AWS_CONFIG_FILE names), then press r."


@dataclass(frozen=True, slots=True)
class _Silence:
    errors: tuple[type[BaseException], ...]
    kind: type[ConnectionProblem]
    title: str
    remedy: Callable[[Circumstances], str]
    words: Callable[[Circumstances], str] | None = None
    """Our own sentence, None: what the error says."""


_SILENCES: tuple[_Silence, ...] = (
    _Silence(
        (theirs.ProfileNotFound,),
        UnknownProfile,
        "Unknown profile",
        lambda at: "`aws configure list-profiles` names those there are; choose one by --profile or AWS_PROFILE.",
        lambda at: f'no AWS profile is called "{at.profile or ""}".',
    ),
    _Silence(
        (theirs.NoRegionError,),
        NoRegion,
        "No Region",
        lambda at: f"Start with --region, set AWS_REGION, or run `{at.command('aws configure set region REGION')}`.",
        lambda _: "neither flag, environment nor profile names one.",
    ),
    _Silence(
        (theirs.InvalidRegionError, theirs.UnknownRegionError),
        NoRegion,
        "Not a Region",
        lambda _: "Regions look like eu-west-1; give one by --region or AWS_REGION.",
    ),
    _Silence(
        (theirs.NoCredentialsError, theirs.NoAuthTokenError),
        NoCredentials,
        "No credentials",
        lambda at: (
            f"Log in with `{at.command('aws sso login')}`, or give a key by `{at.command('aws configure')}`, "
            "then press r. `ctui --demo` needs none."
        ),
        lambda at: f"the AWS credential chain found none{' for ' + _profile_words(at) if at.profile else ''}.",
    ),
    _Silence(
        (theirs.PartialCredentialsError,),
        NoCredentials,
        "Half a key",
        lambda at: f"Give both halves, for example by `{at.command('aws configure')}`, then press r.",
    ),
    _Silence(
        (theirs.RefreshWithMFAUnsupportedError,),
        ExpiredLogin,
        "MFA session over",
        lambda _: "Press r to log in with a new code.",
        lambda _: "the credentials that your MFA code bought have run out.",
    ),
    _Silence(
        (theirs.SSOTokenLoadError, theirs.UnauthorizedSSOTokenError, theirs.TokenRetrievalError, theirs.SSOError),
        ExpiredLogin,
        "SSO login needed",
        lambda at: f"Run `{at.command('aws sso login')}` in another terminal, then press r.",
    ),
    _Silence(
        (theirs.LoginError,),
        ExpiredLogin,
        "Login needed",
        lambda at: f"Run `{at.command('aws login')}` in another terminal, then press r.",
    ),
    _Silence(
        (theirs.CredentialRetrievalError, theirs.MetadataRetrievalError),
        ExpiredLogin,
        "Credentials not given",
        lambda at: (
            f"Try `{at.command('aws sts get-caller-identity')}` in another terminal; log in there if it asks "
            "for that, then press r."
        ),
    ),
    _Silence(
        (theirs.ConfigParseError, theirs.InvalidConfigError, theirs.ConfigNotFound, theirs.UnknownCredentialError),
        ConnectionProblem,
        "AWS configuration",
        _file_remedy,
    ),
    _Silence(
        (theirs.MissingDependencyException,),
        ConnectionProblem,
        "A library is missing",
        lambda _: 'This kind of login needs `pip install "botocore[crt]"` in the environment ctui runs in.',
    ),
    _Silence(
        (theirs.ProxyConnectionError, theirs.InvalidProxiesConfigError),
        EndpointUnreachable,
        "Proxy not reached",
        lambda _: "Check HTTPS_PROXY and HTTP_PROXY, or name the host in NO_PROXY, then press r.",
    ),
    _Silence(
        (theirs.SSLError,),
        EndpointUnreachable,
        "TLS failed",
        lambda _: "If a proxy here opens TLS, point AWS_CA_BUNDLE to its certificate; check https:// against http://.",
    ),
    _Silence(
        (theirs.ConnectTimeoutError,),
        EndpointUnreachable,
        "No connection in time",
        lambda _: "Check network, VPN and proxy, then press r.",
        lambda at: f"{at.where} did not take the connection.",
    ),
    _Silence(
        (theirs.ReadTimeoutError, TimeoutError),
        EndpointUnreachable,
        "No answer in time",
        lambda _: "Press r to try again; check network, VPN and proxy if it stays.",
        lambda at: f"{at.where} took the call{' ' + at.action if at.action else ''} and fell silent.",
    ),
    _Silence(
        (theirs.ConnectionClosedError, theirs.ResponseStreamingError, theirs.IncompleteReadError),
        EndpointUnreachable,
        "Connection cut",
        lambda _: "Press r to try again.",
        lambda at: f"{at.where} closed the connection before the answer was complete.",
    ),
    _Silence(
        (theirs.EndpointConnectionError, theirs.ConnectionError),
        EndpointUnreachable,
        "Not reachable",
        lambda at: (
            "Is it running, and is the port right? Then press r."
            if at.endpoint
            else "Check the Region's name, network, VPN and proxy, then press r."
        ),
        lambda at: f"no connection to {at.where}.",
    ),
    _Silence(
        (theirs.EndpointProviderError, theirs.UnknownEndpointError, theirs.EndpointVariantError),
        EndpointUnreachable,
        "No endpoint",
        lambda _: "Check the Region and the FIPS and dual-stack settings of the profile, then press r.",
    ),
    _Silence(
        (theirs.HTTPClientError, ResponseParserError),
        NotCloudTrail,
        "Not a CloudTrail API",
        lambda _: (
            "Check --endpoint-url (or AWS_ENDPOINT_URL and the profile's endpoint_url) and any proxy, then press r."
        ),
    ),
)
"""First match wins: a subclass stands before what it derives from."""


def fault_of(error: BaseException, at: Circumstances) -> CtuiError:
    """Our error for anything botocore, aiobotocore or a login raised; one of ours is given back as it is."""
    if isinstance(error, CtuiError):
        return error
    if isinstance(error, theirs.ClientError):
        said = error.response.get("Error", {})
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return service_fault(str(said.get("Code") or "Unknown"), int(status), str(said.get("Message") or ""), at)
    for silence in _SILENCES:
        if isinstance(error, silence.errors):
            words = silence.words(at) if silence.words else _sentence(str(error))
            return silence.kind(silence.title, words, silence.remedy(at))
    return ConnectionProblem(
        "No connection",
        _sentence(f"{type(error).__name__}: {error}"),
        f"See whether `{at.command('aws sts get-caller-identity')}` says more, then press r.",
    )


def _sentence(words: str) -> str:
    return " ".join(words.split())[:500]
