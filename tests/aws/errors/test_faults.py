"""What boto and aiobotocore raise, and what a person reads of it."""

from dataclasses import replace

import pytest
from botocore import exceptions as theirs
from botocore.parsers import ResponseParserError

from ctui import errors as ours
from ctui.aws.errors.error_context import CredentialKind, ErrorContext
from ctui.aws.errors.service_errors import error_of, service_error

AT = ErrorContext(profile="my prod", region="eu-west-1", endpoint=None, action="LookupEvents")
URL = "https://cloudtrail.eu-west-1.amazonaws.com/"

CASES: list[tuple[Exception, type[ours.CtuiError], str]] = [
    (theirs.ProfileNotFound(profile="my prod"), ours.UnknownProfile, "aws configure list-profiles"),
    (theirs.NoRegionError(), ours.NoRegion, "--region"),
    (theirs.InvalidRegionError(region_name="no such"), ours.NoRegion, "eu-west-1"),
    (theirs.NoCredentialsError(), ours.NoCredentials, "aws sso login --profile 'my prod'"),
    (theirs.PartialCredentialsError(provider="env", cred_var="x"), ours.NoCredentials, "Export AWS_ACCESS_KEY_ID"),
    (theirs.PartialCredentialsError(provider="config-file", cred_var="x"), ours.NoCredentials, "aws configure"),
    (theirs.SSOTokenLoadError(error_msg="x"), ours.LoginNeeded, "aws sso login --profile 'my prod'"),
    (theirs.UnauthorizedSSOTokenError(), ours.LoginNeeded, "aws sso login --profile 'my prod'"),
    (theirs.TokenRetrievalError(provider="sso", error_msg="x"), ours.LoginNeeded, "aws sso login"),
    (theirs.LoginRefreshRequired(), ours.LoginNeeded, "aws login --profile 'my prod'"),
    (theirs.RefreshWithMFAUnsupportedError(), ours.ExpiredLogin, "Press r"),
    (theirs.CredentialRetrievalError(provider="p", error_msg="x"), ours.ExpiredLogin, "aws sts get-caller-identity"),
    (theirs.ConfigParseError(path="/x"), ours.ConnectionProblem, "Correct it"),
    (theirs.InvalidConfigError(error_msg="x"), ours.ConnectionProblem, "~/.aws/config"),
    (theirs.MissingDependencyException(msg="x"), ours.ConnectionProblem, "botocore[crt]"),
    (theirs.EndpointConnectionError(endpoint_url=URL), ours.EndpointUnreachable, "network"),
    (theirs.ConnectTimeoutError(endpoint_url=URL), ours.EndpointUnreachable, "VPN"),
    (theirs.ReadTimeoutError(endpoint_url=URL), ours.EndpointUnreachable, "try again"),
    (TimeoutError(), ours.EndpointUnreachable, "try again"),
    (theirs.ConnectionClosedError(endpoint_url=URL), ours.EndpointUnreachable, "try again"),
    (theirs.SSLError(endpoint_url=URL, error="x"), ours.EndpointUnreachable, "AWS_CA_BUNDLE"),
    (theirs.ProxyConnectionError(proxy_url="http://p"), ours.EndpointUnreachable, "HTTPS_PROXY"),
    (theirs.EndpointProviderError(msg="x"), ours.EndpointUnreachable, "Region"),
    (theirs.HTTPClientError(error="bad status line"), ours.NotCloudTrail, "--endpoint-url"),
    (ResponseParserError("x"), ours.NotCloudTrail, "--endpoint-url"),
    (ValueError("something nobody foresaw"), ours.ConnectionProblem, "aws sts get-caller-identity"),
]


@pytest.mark.parametrize(("error", "kind", "remedy"), CASES, ids=lambda value: type(value).__name__)
def test_each_failure_has_title_words_and_remedy(error: Exception, kind: type[ours.CtuiError], remedy: str) -> None:
    fault = error_of(error, AT)
    assert type(fault) is kind
    assert fault.title
    assert fault.message
    assert remedy in fault.remedy


def test_one_of_ours_stays_as_it_is() -> None:
    error = ours.NoCredentials("t", "m")
    assert error_of(error, AT) is error


def test_an_unforeseen_failure_keeps_its_words() -> None:
    assert "something nobody foresaw" in error_of(ValueError("something nobody foresaw"), AT).message


def test_without_a_profile_the_command_names_none() -> None:
    assert "`aws sso login`" in error_of(theirs.UnauthorizedSSOTokenError(), ErrorContext()).remedy


@pytest.mark.parametrize("code", ["ExpiredTokenException", "UnrecognizedClientException", "InvalidClientTokenId"])
@pytest.mark.parametrize(
    ("method", "remedy"),
    [
        ("env", "start ctui again"),
        ("shared-credentials-file", "~/.aws/credentials, then press r"),
        ("config-file", "~/.aws/config, then press r"),
        ("sso", "`aws sso login --profile 'my prod'`, then press r"),
        ("login", "`aws login --profile 'my prod'`, then press r"),
        ("assume-role", "Log in again"),
    ],
)
def test_a_session_token_that_is_not_taken_is_to_be_renewed_where_it_came_from(
    code: str, method: str, remedy: str
) -> None:
    at = replace(AT, login=CredentialKind(method, session_token=True))
    fault = service_error(code, 400, "The security token included in the request is invalid.", at)
    assert remedy in fault.remedy
    assert isinstance(fault, ours.ExpiredLogin if code.startswith("Expired") else ours.BadCredentials)


def test_a_session_token_may_also_be_fine_and_the_region_not_enabled() -> None:
    at = replace(AT, region="ap-southeast-2", login=CredentialKind("env", session_token=True))
    fault = service_error("UnrecognizedClientException", 400, "The security token included is invalid.", at)
    assert "ap-southeast-2 is not enabled for the account, or does not accept this kind of token" in fault.remedy
    assert "start ctui again" in fault.remedy


def test_a_key_that_lasts_is_to_be_checked_not_renewed() -> None:
    fault = service_error("UnrecognizedClientException", 400, "invalid", replace(AT, login=CredentialKind("env")))
    assert "Check the access key" in fault.remedy
    assert "token" not in fault.remedy


def test_a_refused_connection_names_the_endpoint_given() -> None:
    at = ErrorContext(endpoint="http://127.0.0.1:4000", action="DescribeTrails")
    fault = error_of(theirs.EndpointConnectionError(endpoint_url="http://127.0.0.1:4000"), at)
    assert "http://127.0.0.1:4000" in fault.message
    assert "running" in fault.remedy


@pytest.mark.parametrize(("region", "words"), [("eu-west-1", "is enabled"), ("cn-north-1", "is of the partition of")])
def test_a_key_that_is_not_accepted_may_be_of_another_partition(region: str, words: str) -> None:
    message = "The security token included in the request is invalid."
    error = service_error("UnrecognizedClientException", 400, message, replace(AT, region=region))
    assert words in error.remedy
