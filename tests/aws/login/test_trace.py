"""What settings tell of a login before it is made: which account they name, and whether they are still the same."""

# ruff: noqa: ASYNC240 - files are what these tests write; nobody else runs on their loop

import json
import sys
from pathlib import Path

import botocore.session
import pytest

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.trace import trace_before_login
from ctui.model.connection import Connection, LoginTrace

ACCOUNT = "111111111111"
CONFIG = """
[default]
region = eu-west-1
[profile role]
role_arn = arn:aws:iam::111111111111:role/team/admin
source_profile = key
[profile sso]
sso_start_url = https://example.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111111111111
sso_role_name = ReadOnly
[profile key]
region = eu-west-1
aws_access_key_id = AKKEY
aws_secret_access_key = SECRET
[profile process]
credential_process = /usr/bin/vault prod
[profile token]
role_arn = arn:aws:iam::111111111111:role/pod
web_identity_token_file = /token
[profile odd]
role_arn = not-an-arn
sso_account_id = 12
"""
KEYS = {"AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "x"}
POD = {"AWS_ROLE_ARN": "arn:aws:iam::222222222222:role/pod", "AWS_WEB_IDENTITY_TOKEN_FILE": "/token"}


@pytest.fixture(autouse=True)
def config(home: Path) -> Path:
    """A home with a configuration."""
    (home / ".aws").mkdir()
    path = home / ".aws" / "config"
    path.write_text(CONFIG)
    return path


def traced(profile: str | None = None, origin: str = "aws", **options: str) -> LoginTrace:
    core = botocore.session.Session(profile=profile)
    return trace_before_login(ConnectOptions(profile=profile, **options), core, origin)  # type: ignore[arg-type]


CASES: list[tuple[str | None, dict[str, str], str | None, str | None]] = [
    ("role", {}, ACCOUNT, None),
    ("sso", {}, ACCOUNT, None),
    ("token", {}, ACCOUNT, None),
    ("key", {}, None, None),
    ("process", {}, None, None),
    ("odd", {}, None, None),
    (None, {}, None, None),
    # Keys in the environment come before the settings of a profile, unless that was named to ctui itself.
    (None, {**KEYS, "AWS_PROFILE": "role"}, None, "AKENV"),
    ("role", KEYS, ACCOUNT, None),
    # A role by web identity comes after a profile's role, and before its SSO.
    (None, POD, "222222222222", None),
    (None, {**POD, "AWS_PROFILE": "role"}, ACCOUNT, None),
    (None, {**POD, "AWS_PROFILE": "sso"}, "222222222222", None),
    (None, {**POD, "AWS_PROFILE": "token"}, "222222222222", None),
    ("sso", POD, ACCOUNT, None),
]


@pytest.mark.parametrize(("profile", "environ", "account", "key"), CASES)
def test_what_the_settings_name(
    monkeypatch: pytest.MonkeyPatch, profile: str | None, environ: dict[str, str], account: str | None, key: str | None
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    trace = traced(profile)
    assert (trace.account, trace.key_id) == (account, key)


def test_a_role_of_another_partition_names_no_account_here() -> None:
    assert traced("role", "aws-cn").account is None
    assert traced("role", "http://localhost:4000").account == ACCOUNT


def test_settings_are_known_again_until_one_of_them_changes(config: Path) -> None:
    before = {name: traced(name).settings for name in ("role", "process", "key", "sso")}
    assert len(set(before.values())) == 4
    assert {name: traced(name).settings for name in before} == before
    config.write_text(CONFIG.replace("vault prod", "vault dev").replace("role/team", "role/other"))
    after = {name: traced(name).settings for name in before}
    assert {name for name in before if before[name] != after[name]} == {"role", "process"}
    config.write_text(CONFIG.replace("SECRET", "ROTATED"))
    assert traced("key").settings == before["key"]


@pytest.mark.parametrize("profile", [None, "bare"])
def test_settings_that_name_no_login_are_not_known_again(
    config: Path, monkeypatch: pytest.MonkeyPatch, profile: str | None
) -> None:
    """The machine's own login: another machine with the same files, or none, is of another account."""
    config.write_text("[default]\nregion = eu-west-1\n[profile bare]\nregion = us-east-1\nretry_mode = standard\n")
    assert traced(profile).settings == ""
    config.unlink()
    assert traced().settings == ""
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://127.0.0.1:1/")
    assert traced().settings != ""


def test_no_secret_goes_into_the_digest(config: Path) -> None:
    key = "[default]\naws_access_key_id = AKKEY\n"
    config.write_text(key)
    before = traced().settings
    for secret in ("aws_secret_access_key", "aws_session_token", "aws_security_token"):
        config.write_text(f"{key}{secret} = SECRET\n")
        assert traced().settings == before, secret


async def test_an_account_that_is_written_beside_a_program_proves_nothing(config: Path) -> None:
    """botocore takes it for what the program told: rows of that account were shown, whoever the key belonged to."""
    program = config.with_name("program.py")
    program.write_text("""print('{"Version": 1, "AccessKeyId": "ASIANEW", "SecretAccessKey": "x"}')""")
    config.write_text(
        f"[profile p]\nregion = eu-west-1\naws_account_id = {ACCOUNT}\n"
        f"credential_process = {sys.executable} {program}\n"
    )
    heard: list[Connection] = []
    gateway = await AwsConnector(ConnectOptions(profile="p")).connect(heard.append)
    await gateway.close()
    assert [(one.login.key_id, one.login.account) for one in heard] == [(None, None), ("ASIANEW", None)]


@pytest.mark.parametrize("told", [ACCOUNT, None])
async def test_the_account_that_a_program_tells_with_the_key_is_known(config: Path, told: str | None) -> None:
    answer = {"Version": 1, "AccessKeyId": "ASIANEW", "SecretAccessKey": "x", "SessionToken": "t", "AccountId": told}
    program = config.with_name("program.py")
    program.write_text(f"print({json.dumps({key: value for key, value in answer.items() if value})!r})")
    config.write_text(f"[profile p]\nregion = eu-west-1\ncredential_process = {sys.executable} {program}\n")
    heard: list[Connection] = []
    gateway = await AwsConnector(ConnectOptions(profile="p")).connect(heard.append)
    await gateway.close()
    assert [(one.login.key_id, one.login.account) for one in heard] == [(None, None), ("ASIANEW", told)]


async def test_an_account_that_is_written_beside_a_key_proves_nothing(config: Path) -> None:
    config.write_text(
        f"{CONFIG}[profile claims]\naws_access_key_id = AK\naws_secret_access_key = x\n"
        "aws_account_id = 222222222222\nregion = eu-west-1\n"
    )
    heard: list[Connection] = []
    gateway = await AwsConnector(ConnectOptions(profile="claims")).connect(heard.append)
    await gateway.close()
    assert [one.login.account for one in heard] == [None, None]


async def test_the_connector_tells_what_is_known_before_the_login_and_then_the_key() -> None:
    told: list[Connection] = []
    gateway = await AwsConnector(ConnectOptions(profile="key")).connect(told.append)
    await gateway.close()
    assert [(one.profile, one.region, one.login.key_id) for one in told] == [
        ("key", "eu-west-1", None),
        ("key", "eu-west-1", "AKKEY"),
    ]
    assert gateway.connection.login == told[-1].login
    assert "AKKEY" not in repr(gateway.connection)
