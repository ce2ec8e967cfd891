"""Logins that ask a person, run a program, run out, or are renewed: none may touch the terminal or stop the loop.

These tests hold the private names of botocore that ctui.aws.login.credential_chain uses: they fail if one of them goes.
"""

import asyncio
import json
import os
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from botocore.credentials import RefreshableCredentials
from support.aws_home import write_config
from support.fakes.http_service import HttpService

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.credential_chain import OffLoopCredentials
from ctui.errors import AccessDenied, ConnectionProblem, ExpiredLogin, NoCredentials

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLE = """
[profile base]
aws_access_key_id = AKBASE
aws_secret_access_key = x
[profile admin]
region = eu-west-1
role_arn = arn:aws:iam::111111111111:role/admin
source_profile = base
mfa_serial = arn:aws:iam::111111111111:mfa/alice
"""


def role_answer(hours: float = 1) -> bytes:
    until = (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>AKROLE</AccessKeyId>"
        f"<SecretAccessKey>x</SecretAccessKey><SessionToken>t</SessionToken><Expiration>{until}</Expiration>"
        "</Credentials><AssumedRoleUser><Arn>arn:aws:sts::111111111111:assumed-role/admin/s</Arn>"
        "<AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>"
    ).encode()


@pytest.fixture
def sts(service: HttpService, monkeypatch: pytest.MonkeyPatch) -> HttpService:
    """The service, as STS; CloudTrail stays with AWS and is not called."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.url)
    service.says_bytes(role_answer(), "text/xml")
    return service


async def test_an_mfa_code_is_asked_on_the_loop_once(home: Path, sts: HttpService) -> None:
    write_config(home, ROLE)
    asked: list[tuple[str, threading.Thread]] = []

    async def ask(prompt: str) -> str:
        asked.append((prompt, threading.current_thread()))
        return " 123456 "

    options = ConnectOptions(profile="admin", mfa=ask)
    gateway = await AwsConnector(options).connect()
    assert gateway.connection.profile == "admin"
    ((prompt, thread),) = asked
    assert "arn:aws:iam::111111111111:mfa/alice" in prompt
    assert thread is threading.current_thread()
    ((action, parameters, _),) = sts.asked
    assert (action, parameters["TokenCode"]) == ("AssumeRole", "123456")
    await gateway.close()

    again = await AwsConnector(options).connect()
    assert len(asked) == len(sts.asked) == 1, "a second start takes the credentials from the AWS CLI's cache"
    (cached,) = (home / ".aws" / "cli" / "cache").iterdir()
    assert cached.stat().st_mode & 0o077 == 0
    await again.close()


async def test_the_loop_runs_while_a_person_types(home: Path, sts: HttpService) -> None:
    write_config(home, ROLE)
    prompted, typed = asyncio.Event(), asyncio.Event()

    async def ask(_: str) -> str:
        prompted.set()
        await typed.wait()
        return "123456"

    connecting = asyncio.create_task(AwsConnector(ConnectOptions(profile="admin", mfa=ask)).connect())
    await prompted.wait()
    assert not connecting.done()
    typed.set()
    await (await connecting).close()


@pytest.mark.parametrize("code", ["", "   "])
async def test_no_code_is_no_login(home: Path, sts: HttpService, code: str) -> None:
    write_config(home, ROLE)

    async def ask(_: str) -> str:
        return code

    with pytest.raises(NoCredentials, match="code"):
        await AwsConnector(ConnectOptions(profile="admin", mfa=ask)).connect()
    assert sts.asked == []


async def test_giving_up_the_prompt_is_told_as_it_was_said(home: Path, sts: HttpService) -> None:
    write_config(home, ROLE)

    async def ask(_: str) -> str:
        raise ExpiredLogin("Login canceled", "no code was typed")

    with pytest.raises(ExpiredLogin, match="Login canceled"):
        await AwsConnector(ConnectOptions(profile="admin", mfa=ask)).connect()


async def test_without_a_person_an_mfa_profile_says_so(home: Path, sts: HttpService) -> None:
    write_config(home, ROLE)
    with pytest.raises(NoCredentials, match="MFA"):
        await AwsConnector(ConnectOptions(profile="admin")).connect()


async def test_a_refused_role_keeps_the_services_words(home: Path, sts: HttpService) -> None:
    write_config(home, ROLE.replace("mfa_serial", "description"))
    body = b"<E><Error><Code>AccessDenied</Code><Message>may not assume admin</Message></Error></E>"
    sts.says_bytes(body, "text/xml", 403)
    with pytest.raises(AccessDenied, match="may not assume admin"):
        await AwsConnector(ConnectOptions(profile="admin")).connect()


PROGRAM = """
import json, os, pathlib, sys
said = {"heard": sys.stdin.read(), "own session": os.getsid(0) == os.getpid()}
pathlib.Path(sys.argv[1]).write_text(json.dumps(said))
print(json.dumps({"Version": 1, "AccessKeyId": "AKPROG", "SecretAccessKey": "x"}))
"""


@pytest.fixture
def typed() -> Iterator[None]:
    """Someone has typed ahead on our standard input."""
    reading, writing = os.pipe()
    os.write(writing, b"jjjq")
    os.close(writing)
    kept = os.dup(0)
    os.dup2(reading, 0)
    yield
    os.dup2(kept, 0)
    os.close(kept)
    os.close(reading)


@pytest.mark.usefixtures("typed")
@pytest.mark.parametrize("profile", ["program", "over"])
async def test_a_credential_process_gets_neither_keys_nor_terminal(home: Path, sts: HttpService, profile: str) -> None:
    program, said = home / "program.py", home / "said.json"
    program.write_text(PROGRAM)
    write_config(
        home,
        f"[profile program]\nregion = eu-west-1\ncredential_process = {sys.executable} {program} {said}\n"
        "[profile over]\nregion = eu-west-1\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = program\n",
    )
    gateway = await AwsConnector(ConnectOptions(profile=profile)).connect()
    assert json.loads(said.read_text()) == {"heard": "", "own session": True}
    if profile == "over":
        assert "Credential=AKPROG/" in sts.asked[0][2]["Authorization"]
    await gateway.close()


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("import sys; sys.exit('ticket expired, run kinit')", "run kinit"),
        ("print('no json')", "not JSON"),
        ("print('{\"Version\": 1}')", "AccessKeyId"),
    ],
)
async def test_a_credential_process_that_fails_is_quoted(
    home: Path, capfd: pytest.CaptureFixture[str], program: str, words: str
) -> None:
    file = home / "program.py"
    file.write_text(program)
    write_config(home, f"[default]\nregion = eu-west-1\ncredential_process = {sys.executable} {file}\n")
    with pytest.raises(ConnectionProblem, match=words) as caught:
        await AwsConnector(ConnectOptions()).connect()
    assert caught.value.remedy
    assert capfd.readouterr() == ("", "")


async def test_an_sso_login_that_is_missing_names_the_command(home: Path, capfd: pytest.CaptureFixture[str]) -> None:
    write_config(
        home,
        "[profile work]\nregion = eu-west-1\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n"
        "[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://example.invalid/start\n",
    )
    with pytest.raises(ExpiredLogin) as caught:
        await AwsConnector(ConnectOptions(profile="work")).connect()
    assert "aws sso login --profile work" in caught.value.remedy
    assert capfd.readouterr() == ("", "")


def credentials(renew: object, seconds: float) -> RefreshableCredentials:
    return RefreshableCredentials(
        "AKOLD", "x", "t", datetime.now(UTC) + timedelta(seconds=seconds), renew, "sso"
    )  # fmt: skip


def renewed() -> dict[str, str]:
    until = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    return {"access_key": "AKNEW", "secret_key": "y", "token": "u", "expiry_time": until, "account_id": "1"}


async def test_credentials_are_renewed_in_a_thread() -> None:
    threads: list[threading.Thread] = []

    def renew() -> dict[str, str]:
        threads.append(threading.current_thread())
        return renewed()

    held = OffLoopCredentials(credentials(renew, 60))
    assert (await held.get_frozen_credentials()).access_key == "AKNEW"
    assert await held.get_account_id() == "1"
    assert len(threads) == 1
    assert threads[0] is not threading.current_thread()
    assert threads[0].daemon, "a refresh that hangs must not hold up the end of the program"


async def test_a_login_that_runs_out_during_a_call_is_an_expired_login(
    home: Path, service: HttpService, capfd: pytest.CaptureFixture[str]
) -> None:
    until = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()
    seen = home / "seen"
    program = home / "program.py"
    answer = json.dumps({
        "Version": 1, "AccessKeyId": "A", "SecretAccessKey": "x", "SessionToken": "t", "Expiration": until
    })  # fmt: skip
    # The first two answers are good for less than botocore's ten minutes, so that each use asks again.
    program.write_text(
        f"import pathlib, sys\nseen = pathlib.Path({str(seen)!r})\n"
        "count = int(seen.read_text()) if seen.exists() else 0\nseen.write_text(str(count + 1))\n"
        f"sys.exit('session is over') if count >= 2 else print({answer!r})\n"
    )
    write_config(home, f"[profile p]\nregion = eu-west-1\ncredential_process = {sys.executable} {program}\n")
    gateway = await AwsConnector(ConnectOptions(profile="p", endpoint_url=service.url)).connect()
    with pytest.raises(ExpiredLogin, match="session is over"):
        await gateway.describe_trails("eu-west-1")
    assert service.asked == []
    assert capfd.readouterr() == ("", "")
    await gateway.close()
