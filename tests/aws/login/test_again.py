"""A login that is made in a browser: which command makes it again, when it was, and that it is asked for once only."""

import hashlib
from pathlib import Path

import botocore.credentials
import pytest
from support.aws_home import tokens_in, write_config
from support.browser_login import LEGACY_SSO, SSO, START_URL, gives_a_key, store_token, token_file
from support.fakes.http_service import HttpService

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.errors import ConnectionProblem, CtuiError, ExpiredLogin, LoginNeeded

pytestmark = pytest.mark.asyncio(loop_scope="module")

REGION = "region = eu-west-1\n"
ROLE = "role_arn = arn:aws:iam::222222222222:role/x\nsource_profile = "
LOGIN = "login_session = arn:aws:iam::111111111111:user/alice\n"


@pytest.fixture(autouse=True)
def tokens(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens are those of this home."""
    tokens_in(home, monkeypatch)


@pytest.fixture
def portal(service: HttpService, monkeypatch: pytest.MonkeyPatch) -> HttpService:
    """IAM Identity Center, which gives a key; CloudTrail stays with AWS and is not called."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_SSO", service.url)
    gives_a_key(service)
    return service


async def needed(profile: str | None) -> LoginNeeded:
    with pytest.raises(LoginNeeded) as caught:
        await AwsConnector(ConnectOptions(profile=profile)).connect()
    return caught.value


CASES: dict[str, tuple[str | None, str, str, str]] = {
    "a session": ("work", f"[profile work]\n{REGION}{SSO}", "aws sso login --profile work", "corp"),
    "no session": ("work", f"[profile work]\n{REGION}{LEGACY_SSO}", "aws sso login --profile work", START_URL),
    "the default profile": (None, f"[default]\n{REGION}{SSO}", "aws sso login", "corp"),
    "a name with a blank": (
        "my work",
        f'[profile "my work"]\n{REGION}{SSO}',
        "aws sso login --profile 'my work'",
        "corp",
    ),
    "a role over it": (
        "admin",
        f"[profile admin]\n{REGION}{ROLE}work\n[profile work]\n{SSO}",
        "aws sso login --profile work",
        "corp",
    ),
    "a role over a role over it": (
        "admin",
        f"[profile admin]\n{REGION}{ROLE}middle\n[profile middle]\n{ROLE}work\n[profile work]\n{SSO}",
        "aws sso login --profile work",
        "corp",
    ),
}


@pytest.mark.parametrize("stored", [False, True], ids=["missing", "expired"])
@pytest.mark.parametrize("case", CASES)
async def test_the_command_is_for_the_profile_that_logs_in_and_its_token_is_watched(
    home: Path, portal: HttpService, case: str, stored: bool
) -> None:
    profile, config, command, called = CASES[case]
    write_config(home, config)
    if stored:
        store_token(home, hours=-1, called=called)
    error = await needed(profile)
    assert f"Press L to run `{command}` here" in error.remedy
    assert error.again is not None
    assert error.again.command.text == command
    assert error.again.stored == str(token_file(home, called))
    assert not error.again.renewed()
    store_token(home, called=called)
    assert error.again.renewed()
    assert portal.asked == []


async def test_a_login_is_used_as_the_cli_has_stored_it_and_a_second_start_asks_nothing(
    home: Path, portal: HttpService
) -> None:
    write_config(home, f"[profile work]\n{REGION}{SSO}")
    store_token(home)
    options = ConnectOptions(profile="work")
    for _ in range(2):
        gateway = await AwsConnector(options).connect()
        assert gateway.connection.login.key_id == "AKSSO"
        await gateway.close()
    assert len(portal.asked) == 1, "the key is in the AWS CLI's cache"
    (cached,) = (home / ".aws" / "cli" / "cache").iterdir()
    assert cached.stat().st_mode & 0o077 == 0
    token_file(home).unlink()
    gateway = await AwsConnector(options).connect()
    await gateway.close()


async def test_a_login_that_runs_out_during_a_call_names_the_command_and_goes_on_once_it_was_made(
    home: Path, portal: HttpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_config(home, f"[profile work]\n{REGION}{SSO}")
    store_token(home)
    # For so short a time a key is renewed at each use.
    gives_a_key(portal, minutes=5)
    gateway = await AwsConnector(ConnectOptions(profile="work", endpoint_url=portal.url)).connect()
    store_token(home, hours=-1)
    with pytest.raises(LoginNeeded) as caught:
        await gateway.describe_trails("eu-west-1")
    assert caught.value.again is not None
    assert caught.value.again.command.text == "aws sso login --profile work"
    store_token(home)
    assert caught.value.again.renewed()
    with pytest.raises(CtuiError) as caught_later:
        await gateway.describe_trails("eu-west-1")
    assert not isinstance(caught_later.value, ExpiredLogin), "the portal's answer is no list of trails"
    await gateway.close()


async def test_a_role_over_a_login_asks_the_portal_once(
    home: Path, portal: HttpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:9")
    write_config(home, f"[profile admin]\n{REGION}{ROLE}work\n[profile work]\n{SSO}")
    store_token(home)
    for _ in range(2):
        with pytest.raises(ConnectionProblem, match="Not reachable"):
            await AwsConnector(ConnectOptions(profile="admin")).connect()
    assert len(portal.asked) == 1, "the key is in the AWS CLI's cache"


async def test_a_role_that_goes_in_a_circle_is_no_login_in_a_browser(home: Path) -> None:
    write_config(home, f"[profile a]\n{REGION}{ROLE}b\n[profile b]\n{ROLE}a\n")
    with pytest.raises(ConnectionProblem) as caught:
        await AwsConnector(ConnectOptions(profile="a")).connect()
    assert not isinstance(caught.value, ExpiredLogin)


async def test_a_session_of_aws_login_needs_a_library_and_says_which(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(botocore.credentials, "EC", None)
    write_config(home, f"[profile p]\n{REGION}{LOGIN}")
    with pytest.raises(ConnectionProblem) as caught:
        await AwsConnector(ConnectOptions(profile="p")).connect()
    assert caught.value.title == "A library is missing"
    assert "`aws login`" in caught.value.message
    assert 'pip install "ctui[aws-login]"' in caught.value.remedy
    assert 'pip install "botocore[crt]"' in caught.value.remedy


async def test_a_session_of_aws_login_that_is_missing_names_that_command_and_its_token_is_watched(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What the library is needed for comes after the stored session was read.
    monkeypatch.setattr(botocore.credentials, "EC", object())
    write_config(home, f"[profile p]\n{REGION}{LOGIN}")
    error = await needed("p")
    assert "Press L to run `aws login --profile p` here" in error.remedy
    assert error.again is not None
    name = hashlib.sha256(b"arn:aws:iam::111111111111:user/alice").hexdigest()
    file = home / ".aws" / "login" / "cache" / f"{name}.json"
    file.parent.mkdir(parents=True)
    assert not error.again.renewed()
    file.write_text("{}")
    assert error.again.renewed()
