"""What never got an answer: our error for each way in which a call or a login can fail before the service speaks.

Only a thread imports this module first: it loads botocore.
"""

from collections.abc import Callable
from dataclasses import dataclass

from botocore import exceptions as theirs
from botocore.parsers import ResponseParserError

from ctui.aws.circumstances import Circumstances
from ctui.errors import (
    ConnectionProblem,
    EndpointUnreachable,
    ExpiredLogin,
    NoCredentials,
    NoRegion,
    NotCloudTrail,
    UnknownProfile,
)


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
        lambda at: (
            "Start with one that `aws configure list-profiles` names, by --profile or AWS_PROFILE; or make this one by "
            f"`{at.command('aws configure')}`, then press r."
        ),
        lambda at: f'No AWS profile is called "{at.profile or ""}".',
    ),
    _Silence(
        (theirs.NoRegionError,),
        NoRegion,
        "No Region",
        lambda at: (
            f"Run `{at.command('aws configure set region REGION')}`, then press r; "
            "or start with --region or AWS_REGION."
        ),
        lambda _: "Neither flag, environment nor profile names one.",
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
        lambda at: f"The AWS credential chain found none{' for ' + at.credentials if at.profile else ''}.",
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
        lambda _: "The credentials that your MFA code bought have run out.",
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
        lambda _: (
            "If a proxy here opens TLS, point AWS_CA_BUNDLE to its certificate; if the network wants a login first, "
            "open any page in a browser; check https:// against http://."
        ),
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
        lambda at: f"No connection to {at.where}.",
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


def silence_of(error: BaseException, at: Circumstances) -> ConnectionProblem:
    """Our error for anything botocore, aiobotocore or a login raised short of an answer."""
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
