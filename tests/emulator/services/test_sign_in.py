"""Signing in to the portal as the AWS CLI does, and what botocore's own SSO provider gets for the token."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, SSOTokenLoadError, UnauthorizedSSOTokenError
from support import fake_aws
from support.aws_home import tokens_in
from support.wire import boto_client, error_of

from ctui.emulator.testing import CloudTrail

PRODUCTION = "333333333333"
AUDIT = "production-sso-AuditRead"


@pytest.fixture
def cache(organization: CloudTrail, empty_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of tokens in an empty home. The profiles are those of the organization, `aws` is ours."""
    for name, value in organization.environment.items():
        monkeypatch.setenv(name, value)
    folder = tokens_in(empty_home, monkeypatch)
    programs = empty_home / "bin"
    programs.mkdir()
    fake_aws.put_on_path(programs)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("FAKE_AWS_LOG", str(empty_home / "calls"))
    return folder


def aws(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command `aws` that stands first in PATH."""
    return subprocess.run(["aws", *arguments], capture_output=True, text=True, check=False, timeout=120)


def identity(profile: str) -> dict[str, Any]:
    """Who a profile is, by a session of its own."""
    found: dict[str, Any] = boto3.Session(profile_name=profile).client("sts").get_caller_identity()
    return found


def portal(service: CloudTrail) -> Any:
    """A client of the portal."""
    return boto_client(service.endpoint_url, service="sso")


def token_of(cache: Path) -> str:
    """The token in the one file of the folder."""
    (path,) = cache.glob("*.json")
    return str(json.loads(path.read_text("utf-8"))["accessToken"])


def test_one_sign_in_opens_every_profile_of_the_session(cache: Path) -> None:
    with pytest.raises(SSOTokenLoadError):
        identity(AUDIT)
    ended = aws("sso", "login", "--profile", AUDIT)
    assert ended.returncode == 0, ended.stderr
    assert "Successfully logged into Start URL: https://shop.awsapps.com/start" in ended.stdout
    who = identity(AUDIT)
    assert who["Account"] == PRODUCTION
    assert who["Arn"].startswith(f"arn:aws:sts::{PRODUCTION}:assumed-role/AWSReservedSSO_AuditRead_")
    assert who["Arn"].endswith("/alex")
    assert {identity(name)["Account"] for name in ("dev-sso-Developer", "shared-sso-AuditRead")} == {
        "111111111111",
        "222222222222",
    }
    assert len(list(cache.glob("*.json"))) == 1


def test_the_account_records_who_has_signed_in_to_a_role(organization: CloudTrail, cache: Path) -> None:
    aws("sso", "login", "--profile", AUDIT)
    boto3.Session(profile_name=AUDIT).client("cloudtrail").describe_trails()
    events = {event["EventName"]: event for event in events_of_production(organization)}
    issued = json.loads(events["AssumeRoleWithSAML"]["CloudTrailEvent"])
    assert (issued["userIdentity"]["type"], events["AssumeRoleWithSAML"]["Username"]) == ("SAMLUser", "alex")
    used = json.loads(events["DescribeTrails"]["CloudTrailEvent"])["userIdentity"]
    assert issued["responseElements"]["credentials"]["accessKeyId"] == used["accessKeyId"]
    assert issued["requestParameters"]["roleArn"] == used["sessionContext"]["sessionIssuer"]["arn"]
    assert issued["recipientAccountId"] == PRODUCTION


def events_of_production(service: CloudTrail) -> list[dict[str, Any]]:
    """The events of the account of production."""
    client = boto_client(service.endpoint_url, key="production", secret="production")
    found: list[dict[str, Any]] = client.lookup_events()["Events"]
    return found


def test_the_code_is_shown_where_there_is_no_browser(cache: Path) -> None:
    ended = aws("sso", "login", "--profile", AUDIT, "--use-device-code")
    assert ended.returncode == 0
    assert "Then enter the code:\n\nEMUL-ATOR" in ended.stdout
    assert token_of(cache)
    assert fake_aws.calls(cache.parents[2] / "calls") == [["sso", "login", "--profile", AUDIT, "--use-device-code"]]


def test_it_says_which_version_it_is(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert aws("--version").stdout == fake_aws.VERSION + "\n"
    monkeypatch.setenv("FAKE_AWS_VERSION", "aws-cli/1.46.3 Python/3.12.3")
    assert aws("--version").stdout == "aws-cli/1.46.3 Python/3.12.3\n"
    assert not cache.exists()


def test_a_login_that_a_person_breaks_off_leaves_everything_as_it_was(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_AWS_FAILS", "aws: [ERROR]: An error occurred (AccessDeniedException)")
    ended = aws("sso", "login", "--profile", AUDIT)
    assert (ended.returncode, ended.stderr.strip()) == (255, "aws: [ERROR]: An error occurred (AccessDeniedException)")
    assert not cache.exists()


def test_a_sign_in_that_has_expired_needs_another(organization: CloudTrail, cache: Path) -> None:
    aws("sso", "login", "--profile", AUDIT)
    organization.expire_sign_ins()
    with pytest.raises(UnauthorizedSSOTokenError):
        identity(AUDIT)
    with pytest.raises(ClientError) as failure:
        portal(organization).get_role_credentials(
            roleName="AuditRead", accountId=PRODUCTION, accessToken=token_of(cache)
        )
    assert error_of(failure.value) == ("UnauthorizedException", 401)
    aws("sso", "login", "--profile", AUDIT)
    assert identity(AUDIT)["Account"] == PRODUCTION


def test_the_portal_lists_accounts_and_roles(organization: CloudTrail, cache: Path) -> None:
    aws("sso", "login", "--profile", AUDIT)
    client, token = portal(organization), token_of(cache)
    accounts = client.list_accounts(accessToken=token)["accountList"]
    assert [(one["accountId"], one["accountName"]) for one in accounts] == [
        ("111111111111", "shop-dev"),
        ("222222222222", "shop-shared"),
        (PRODUCTION, "shop-production"),
    ]
    roles = client.list_account_roles(accessToken=token, accountId="222222222222")["roleList"]
    assert [one["roleName"] for one in roles] == ["AuditRead", "AdministratorAccess"]
    client.logout(accessToken=token)
    with pytest.raises(ClientError, match="Session token not found or invalid"):
        client.list_accounts(accessToken=token)


@pytest.mark.parametrize(
    ("role", "account"), [("AdministratorAccess", PRODUCTION), ("AuditRead", "999999999999"), ("OrNone", PRODUCTION)]
)
def test_a_role_that_is_not_the_persons_is_refused(
    organization: CloudTrail, cache: Path, role: str, account: str
) -> None:
    aws("sso", "login", "--profile", AUDIT)
    with pytest.raises(ClientError) as failure:
        portal(organization).get_role_credentials(roleName=role, accountId=account, accessToken=token_of(cache))
    assert error_of(failure.value) == ("ForbiddenException", 403)


def test_a_forged_token_is_none(organization: CloudTrail) -> None:
    with pytest.raises(ClientError, match="Session token not found or invalid"):
        portal(organization).list_accounts(accessToken="forged")


def test_a_token_is_renewed_as_botocore_does_it(organization: CloudTrail, cache: Path) -> None:
    aws("sso", "login", "--profile", AUDIT)
    (path,) = cache.glob("*.json")
    cached = json.loads(path.read_text("utf-8"))
    client = boto_client(organization.endpoint_url, service="sso-oidc")
    given = {"clientId": cached["clientId"], "clientSecret": cached["clientSecret"], "grantType": "refresh_token"}
    renewed = client.create_token(**given, refreshToken=cached["refreshToken"])
    assert portal(organization).list_accounts(accessToken=renewed["accessToken"])["accountList"]
    # A token of the portal gets no further ones.
    with pytest.raises(client.exceptions.InvalidGrantException):
        client.create_token(**given, refreshToken=renewed["accessToken"])
    with pytest.raises(client.exceptions.UnsupportedGrantTypeException):
        client.create_token(**{**given, "grantType": "password"})


def test_a_token_that_is_over_is_renewed_without_a_person(organization: CloudTrail, cache: Path) -> None:
    aws("sso", "login", "--profile", AUDIT)
    (path,) = cache.glob("*.json")
    over = {**json.loads(path.read_text("utf-8")), "expiresAt": "2020-01-01T00:00:00Z"}
    path.write_text(json.dumps(over), "utf-8")
    assert identity(AUDIT)["Account"] == PRODUCTION
    assert token_of(cache) != over["accessToken"]
    assert organization.calls["CreateToken"] == 2


def test_an_account_file_without_a_portal_signs_nobody_in(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url, service="sso-oidc")
    with pytest.raises(client.exceptions.InvalidRequestException):
        client.start_device_authorization(clientId="a", clientSecret="b", startUrl="https://shop.awsapps.com/start")
    with pytest.raises(TypeError, match="organization"):
        _ = cloudtrail.environment
