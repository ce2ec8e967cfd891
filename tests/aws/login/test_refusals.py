"""What a service answers to a login has words of its own, case by case; none is told as a refused lookup."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from support.aws_home import tokens_in, write_config
from support.browser_login import LEGACY_SSO, SSO, store_token
from support.fakes.http_service import HttpService

from ctui.aws.connector import AwsConnector
from ctui.aws.errors.login_refusals import LOGIN_REFUSALS, login_row
from ctui.aws.login.connect_options import ConnectOptions
from ctui.errors import AccessDenied, BadCredentials, CtuiError, ExpiredLogin, ServiceError, Throttled
from ctui.model.trail.error_codes import rows_by_code

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLE = "arn:aws:iam::222222222222:role/Audit"
BASE = "[profile base]\naws_access_key_id = AKX\naws_secret_access_key = x\n"
PROFILES = {
    "AssumeRole": f"[profile p]\nregion = eu-west-1\nrole_arn = {ROLE}\nsource_profile = base\n{BASE}",
    "AssumeRoleWithWebIdentity": (
        f"[profile p]\nregion = eu-west-1\nrole_arn = {ROLE}\nweb_identity_token_file = TOKEN\n"
    ),
    "GetRoleCredentials": f"[profile p]\nregion = eu-west-1\n{SSO}",
}


@dataclass(frozen=True)
class Case:
    """What the service answers to the action of a login, and what is said of it."""

    action: str
    code: str
    message: str
    title: str
    remedy: str
    kind: type[CtuiError] = ServiceError


MFA = "MultiFactorAuthentication failed"
INVALID = "1 validation error detected: Value"
CASES = [
    Case(
        "AssumeRole", "AccessDenied", f"User: x is not authorized to perform: sts:AssumeRole on resource: {ROLE}",
        "Role not assumed", "trust policy names this login", AccessDenied,
    ),
    Case("AssumeRole", "AccessDenied", f"{MFA} with invalid MFA one time pass code. ", "MFA code not accepted", "r"),
    Case("AssumeRole", "AccessDenied", f"{MFA}, unable to validate MFA code.", "MFA device not accepted", "mfa_serial"),
    Case(
        "AssumeRole", "AccessDenied", f"{MFA}, must provide both MFA serial number and one time pass code.",
        "MFA device not accepted", "mfa_serial",
    ),
    Case("AssumeRole", "ValidationError", f"{INVALID} 'x' at 'tokenCode' failed", "MFA code not accepted", "Press r"),
    Case("AssumeRole", "ValidationError", f"{INVALID} 'x' at 'serialNumber'", "MFA device not accepted", "mfa_serial"),
    Case(
        "AssumeRole", "ValidationError", "DurationSeconds exceeds the MaxSessionDuration set for this role.",
        "Session too long", "duration_seconds",
    ),
    Case(
        "AssumeRole", "ValidationError",
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        "Session too long", "duration_seconds",
    ),
    Case("AssumeRole", "ValidationError", "arn:x is invalid", "Role settings not valid", "role_arn"),
    Case(
        "AssumeRole", "InvalidClientTokenId", "The security token included in the request is invalid.",
        "Key not known to STS", "source_profile", BadCredentials,
    ),
    Case(
        "AssumeRole", "ExpiredToken", "The security token included in the request is expired",
        "Key of the role's source expired", "source_profile", ExpiredLogin,
    ),
    Case(
        "AssumeRole", "SignatureDoesNotMatch", "Signature expired: 20261129T000000Z is now earlier than",
        "Clock skew", "This machine's clock", BadCredentials,
    ),
    Case(
        "AssumeRole", "SignatureDoesNotMatch", "Signature not yet current: 20261129T003000Z is still later than",
        "Clock skew", "This machine's clock", BadCredentials,
    ),
    Case(
        "AssumeRole", "RegionDisabledException", "STS is not activated in this region for account:222222222222.",
        "STS is off in this Region", "--region",
    ),
    Case("AssumeRole", "Throttling", "Rate exceeded", "Throttled", "Press r in a moment", Throttled),
    Case(
        "AssumeRoleWithWebIdentity", "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "Role not assumed", "names this identity provider", AccessDenied,
    ),
    Case(
        "AssumeRoleWithWebIdentity", "ExpiredTokenException", "Token expired: current date/time must be before",
        "Web identity token expired", "the file of the web identity token", ExpiredLogin,
    ),
    Case(
        "AssumeRoleWithWebIdentity", "InvalidIdentityToken", "No OpenIDConnect provider found in your account",
        "Web identity token not accepted", "the file of the web identity token",
    ),
    Case(
        "AssumeRoleWithWebIdentity", "IDPRejectedClaim", "Rejected", "Identity refused by its provider", "fresh token",
    ),
    Case(
        "AssumeRoleWithWebIdentity", "IDPCommunicationError", "Timed out", "Identity provider not reached", "Press r",
    ),
    Case(
        "GetRoleCredentials", "ForbiddenException", "No access",
        "No such access through SSO", "sso_role_name", AccessDenied,
    ),
    Case(
        "GetRoleCredentials", "ResourceNotFoundException", "Account not found",
        "No such access through SSO", "sso_account_id", AccessDenied,
    ),
    Case("GetRoleCredentials", "InvalidRequestException", "Missing", "Not accepted by SSO", "sso_region"),
    Case("GetRoleCredentials", "TooManyRequestsException", "HTTP 429", "Throttled", "in a moment", Throttled),
    Case(
        "GetRoleCredentials", "UnauthorizedException", "Session token not found or invalid",
        "SSO session expired", "aws sso login --profile p", ExpiredLogin,
    ),
]  # fmt: skip


@pytest.fixture
def log_in_fails(home: Path, service: HttpService, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that a login calls is the service."""
    tokens_in(home, monkeypatch)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    for name in ("STS", "SSO"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{name}", service.url)
    (home / "token").write_text("token")
    store_token(home)


@pytest.mark.usefixtures("log_in_fails")
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.action} {case.title}")
async def test_each_refusal_of_a_login_is_told_in_its_own_words(home: Path, service: HttpService, case: Case) -> None:
    config = PROFILES[case.action].replace("TOKEN", str(home / "token"))
    write_config(home, config)
    status = 401 if case.code == "UnauthorizedException" else 429 if case.code == "TooManyRequestsException" else 403
    if case.action == "GetRoleCredentials":
        headers = {"x-amzn-ErrorType": case.code}
        service.says_bytes(f'{{"message": "{case.message}"}}'.encode(), "application/json", status, **headers)
    else:
        body = (
            f"<ErrorResponse><Error><Code>{case.code}</Code><Message>{case.message}</Message></Error></ErrorResponse>"
        )
        service.says_bytes(body.encode(), "text/xml", status)
    with pytest.raises(CtuiError) as caught:
        await AwsConnector(ConnectOptions(profile="p")).connect()
    error = caught.value
    assert isinstance(error, case.kind)
    assert error.title == case.title
    assert case.remedy in error.remedy
    if case.code != "UnauthorizedException":
        assert case.message.strip() in error.message
    assert "cloudtrail:" not in error.remedy, "that is no permission that a login needs"


async def test_every_row_of_the_table_is_met_above() -> None:
    met = {(case.action, case.title) for case in CASES}
    for action, rows in LOGIN_REFUSALS.items():
        rows_by_code(rows)
        for row in rows:
            for each in (row, *(other for _, other in row.by_message)):
                assert (action, each.title) in met or each.title in {"STS is off in this Region", "Throttled"}
    assert login_row("LookupEvents", "AccessDenied", "") is None


PARTITIONS = {
    "a role": ("cn-north-1", f"role_arn = {ROLE}\nsource_profile = base\n{BASE}", f"The role of this profile, {ROLE},"),
    "a role of China": (
        "eu-west-1",
        f"role_arn = {ROLE.replace('aws', 'aws-cn')}\nsource_profile = base\n{BASE}",
        "is in aws-cn, and the Region eu-west-1 is in aws:",
    ),
    "an SSO session": ("us-gov-west-1", SSO, "is in aws, and the Region us-gov-west-1 is in aws-us-gov:"),
    "SSO without one": ("cn-north-1", LEGACY_SSO, "The SSO login of this profile is in aws,"),
}


@pytest.mark.parametrize("case", PARTITIONS)
async def test_a_login_of_another_partition_is_told_before_a_call(
    home: Path, service: HttpService, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    region, settings, words = PARTITIONS[case]
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.url)
    write_config(home, f"[profile p]\nregion = {region}\n{settings}")
    with pytest.raises(CtuiError) as caught:
        await AwsConnector(ConnectOptions(profile="p")).connect()
    assert caught.value.title == "Login of another partition"
    assert words in caught.value.message
    assert "--region" in caught.value.remedy
    assert service.asked == []


async def test_a_key_of_the_environment_is_of_no_profile_and_of_no_partition(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(home, f"[default]\nregion = cn-north-1\nrole_arn = {ROLE}\nsource_profile = base\n{BASE}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKX")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    gateway = await AwsConnector(ConnectOptions()).connect()
    await gateway.close()
