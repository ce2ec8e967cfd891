"""What is wrong with a login, in a title, a reason and a remedy of its own: never an exception's text."""

import asyncio
import json
import os
import re
import shlex
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.fakes.http_service import HttpService

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.credential_process import CredentialPrograms, check_answer
from ctui.errors import ConnectionProblem, CtuiError, ExpiredLogin
from ctui.model.waiting import Waiting

pytestmark = pytest.mark.asyncio(loop_scope="module")

KEY = "aws_access_key_id = AKX\naws_secret_access_key = x\n"
ROLE = "role_arn = arn:aws:iam::111111111111:role/x\n"


def in_words(error: CtuiError) -> str:
    """All that is told of it; fails where a library speaks."""
    said = f"{error.title} | {error.message} | {error.remedy}"
    assert not re.search(r"\w(Error|Exception)\b|Errno|Traceback|<class|char 0|Credentials were refreshed", said), said
    assert error.remedy
    assert len(said) < 800
    return said


CASES: dict[str, tuple[str, str, str, str]] = {
    "role_arn without source": (ROLE, "Role without a source", "no credentials to assume", "source_profile ="),
    "source_profile unknown": (ROLE + "source_profile = gone\n", "AWS profile not usable", '"gone"', "~/.aws/config"),
    "source_profile in a circle": (
        ROLE + "source_profile = p\n", "Circular source_profile", "leads back to itself", "~/.aws/config",
    ),
    "half a key": (
        "aws_access_key_id = AKX\n", "Incomplete access key", "aws_secret_access_key is missing", "aws configure",
    ),
    "no program": (
        "credential_process = /nowhere/tool\n", "credential_process not started",
        "`/nowhere/tool` cannot be run: no such file", "~/.aws/config",
    ),
    "program fails": (
        "credential_process = false\n", "credential_process failed", "exited with code 1", "in another terminal",
    ),
    "program prints no JSON": (
        "credential_process = echo not json\n", "credential_process gave no key",
        "`echo not json` printed something that is not JSON", "one JSON object",
    ),
    "a quote left open": (
        'credential_process = tool "x\n', "credential_process not readable", 'tool "x', "Close it",
    ),
    "web identity token": (
        ROLE + "web_identity_token_file = /nowhere/token\n", "Web identity token missing",
        "web_identity_token_file of the profile is /nowhere/token, which does not exist", "Write the token there",
    ),
    "CA bundle missing": (
        KEY + "ca_bundle = /nowhere.pem\n", "CA bundle missing",
        "ca_bundle of the profile is /nowhere.pem, which does not exist", "Correct ca_bundle",
    ),
    "a setting that is no number": (
        "metadata_service_timeout = soon\n", "Not a number", "metadata_service_timeout of the profile is 'soon'",
        "~/.aws/config",
    ),
    "a number that is empty": (
        KEY + "metadata_service_timeout =\n", "Not a number", "metadata_service_timeout of the profile is ''",
        "~/.aws/config",
    ),
    "a number that is long": (
        KEY + f"metadata_service_timeout = {'x' * 5000}\n", "Not a number", "is 'xxx", "~/.aws/config",
    ),
    "a number that botocore tells of": (
        KEY + "request_min_compression_size_bytes = few\n", "AWS profile not usable", '"few"', "~/.aws/config",
    ),
    "lines below what is one line": (
        KEY + "endpoint_url =\n  a = b\n", "AWS profile not usable", "endpoint_url of the profile must be one line",
        "~/.aws/config",
    ),
    "one line for what has lines below": (
        KEY + "s3 = x\napi_versions = x\n", "AWS profile not usable", "api_versions of the profile needs indented",
        "~/.aws/config",
    ),
    "a service in one line": (
        KEY + "services = mine\n[services mine]\ncloudtrail = x\n", "AWS profile not usable",
        "cloudtrail in [services mine] needs indented lines", "~/.aws/config",
    ),
    "an endpoint that is long": (
        KEY + f"endpoint_url = {'x' * 5000}\n", "Endpoint URL not usable", "xxx", "endpoint_url",
    ),
    "a CA bundle that is long": (
        KEY + f"ca_bundle = /{'x' * 5000}\n", "CA bundle not readable", "is /xxx", "ca_bundle",
    ),
    "an SSO login that is missing": (
        "sso_session = s\nsso_account_id = 1\nsso_role_name = r\n[sso-session s]\nsso_region = eu-west-1\n"
        "sso_start_url = https://example.invalid/\n",
        "SSO login needed", "No SSO login is stored", "aws sso login --profile p",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
async def test_each_mistake_in_a_profile_has_words_of_its_own(home: Path, name: str) -> None:
    text, title, reason, remedy = CASES[name]
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(f"[profile p]\nregion = us-east-1\n{text}")
    with pytest.raises(ConnectionProblem) as caught:
        await AwsConnector(ConnectOptions(profile="p")).connect()
    in_words(caught.value)
    assert caught.value.title == title
    assert reason in caught.value.message
    assert remedy in caught.value.remedy


@pytest.mark.parametrize("variable", ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"])
async def test_a_container_that_names_another_host_has_words(
    home: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "http://example.invalid/" if variable.endswith("FULL_URI") else ".example.invalid/")
    with pytest.raises(ConnectionProblem) as caught:
        await AwsConnector(ConnectOptions(region="eu-west-1")).connect()
    assert caught.value.title == "Container credentials not usable"
    assert f"{variable} is " in in_words(caught.value)


BROKEN: dict[str, tuple[bytes, str]] = {
    "no section": (b"region = x\n", "line 1: it is before the first [section]"),
    "no value": (b"[profile p]\nregion = x\nnonsense\n", "line 3: it is neither a [section] nor NAME = VALUE"),
    "a section twice": (b"[profile p]\n\n[profile p]\n", "line 3: section [profile p] appears twice"),
    "a name twice": (b"[profile p]\na = 1\na = 2\n", "line 3: a appears twice in [profile p]"),
    "a bracket left open": (b"[profile p\nregion = x\n", "line 1: "),
    "no text": (b"[profile p]\nregion = x\n# \xff\n", "line 3: it is not UTF-8 text"),
    "an indented line": (b"[profile p]\ns3 =\n  nonsense\n", "an indented line is not NAME = VALUE"),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("file", ["config", "credentials"])
async def test_a_configuration_that_cannot_be_parsed_is_named_with_its_line(home: Path, file: str, name: str) -> None:
    text, reason = BROKEN[name]
    (home / ".aws").mkdir()
    (home / ".aws" / file).write_bytes(text)
    with pytest.raises(ConnectionProblem) as caught:
        await AwsConnector(ConnectOptions(region="eu-west-1")).connect()
    in_words(caught.value)
    assert caught.value.title == "AWS configuration invalid"
    assert str(home / ".aws" / file) in caught.value.message
    assert reason in caught.value.message


async def test_a_configuration_that_may_not_be_read_is_no_unknown_profile(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".aws").mkdir()
    config = home / ".aws" / "config"
    config.write_text("")
    # What root may read, root's tests cannot find unreadable.
    monkeypatch.setattr("ctui.aws.login.configuration.os.access", lambda path, _: Path(path) != config)
    with pytest.raises(ConnectionProblem) as caught:
        await AwsConnector(ConnectOptions(profile="p")).connect()
    assert caught.value.title == "AWS configuration not readable"
    assert str(config) in in_words(caught.value)


@pytest.mark.parametrize(
    ("text", "title"),
    [(None, "CA bundle missing"), ("no certificate", "CA bundle without certificate"), ("/", "CA bundle not readable")],
)
async def test_a_ca_bundle_is_judged_before_the_first_call(
    home: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, title: str
) -> None:
    bundle = home / "bundle.pem"
    if text == "/":
        bundle.mkdir()
    elif text is not None:
        bundle.write_text(text)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    options = ConnectOptions(region="eu-west-1", access_key="AKX", secret_key="x")
    with pytest.raises(ConnectionProblem) as caught:
        await AwsConnector(options).connect()
    assert caught.value.title == title
    assert f"AWS_CA_BUNDLE is {bundle}" in in_words(caught.value)


ANSWERS: list[tuple[object, str]] = [
    ("", "printed nothing"),
    ("not json", "not JSON"),
    ("[" * 100_000, "not JSON"),
    ("9" * 5000, "not JSON"),
    ([], "not an object"),
    ({"AccessKeyId": "A", "SecretAccessKey": "x"}, "a Version other than 1"),
    ({"Version": 1, "SecretAccessKey": "x"}, "printed no AccessKeyId"),
    ({"Version": 1, "AccessKeyId": 5, "SecretAccessKey": "x"}, "printed no AccessKeyId"),
    ({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": ""}, "printed no SecretAccessKey"),
    ({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "x", "SessionToken": []}, "a SessionToken that is not text"),
    (
        {"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "x", "Expiration": "soon"},
        "an Expiration that is not a time",
    ),
    ({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "x", "Expiration": "2030-01-01"}, "without a time zone"),
    ({"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "x", "Expiration": "2026-01-01T00:00:00Z"}, "expired at"),
]


@pytest.mark.parametrize(("answer", "reason"), ANSWERS, ids=[reason for _, reason in ANSWERS])
async def test_what_a_program_prints_is_judged_and_never_repeated(answer: object, reason: str) -> None:
    said = answer if isinstance(answer, str) else json.dumps(answer)
    with pytest.raises(ConnectionProblem) as caught:
        check_answer(said.encode(), "tool", datetime(2026, 11, 1, tzinfo=UTC))
    assert reason in in_words(caught.value)
    assert isinstance(caught.value, ExpiredLogin) == (reason == "expired at")


async def test_a_key_without_an_end_and_one_that_lasts_are_taken() -> None:
    now = datetime(2026, 11, 1, tzinfo=UTC)
    key = {"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "x"}
    check_answer(json.dumps(key).encode(), "tool", now)
    check_answer(json.dumps(key | {"Expiration": (now + timedelta(1)).isoformat()}).encode(), "tool", now)


class Pipe:
    """A pipe that a program and what it starts hold open for as long as they live."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    async def said(self, what: bytes) -> None:
        """Wait until the program has written this; b"" waits until all who hold the pipe are gone."""
        async with asyncio.timeout(120):
            while self._read() != what:  # noqa: ASYNC110 - a pipe has no event for its last writer
                await asyncio.sleep(0.01)

    def _read(self) -> bytes | None:
        try:
            return os.read(self._end, 1)
        except BlockingIOError:
            return None

    def close(self) -> None:
        """Close our end."""
        os.close(self._end)


@pytest.fixture
def alive(home: Path) -> Iterator[Pipe]:
    """Held open by the credential_process of the profile "slow": a shell that starts a program and waits for it."""
    pipe = Pipe(home / "alive")
    (home / ".aws").mkdir()
    script = f"exec 9>{shlex.quote(str(pipe.path))}; printf 1 >&9; sleep 300 & wait"
    (home / ".aws" / "config").write_text(
        f"[profile slow]\nregion = eu-west-1\ncredential_process = sh -c {shlex.quote(script)}\n"
    )
    yield pipe
    pipe.close()


@pytest.mark.parametrize("end", ["quit", "close", "limit"])
async def test_a_program_that_hangs_is_named_limited_and_ended(alive: Pipe, end: str) -> None:
    heard: list[Waiting | None] = []
    waits = asyncio.Event()

    def hear(waiting: Waiting | None) -> None:
        heard.append(waiting)
        waits.set()

    limit = 0.1 if end == "limit" else 60.0
    connector = AwsConnector(ConnectOptions(profile="slow", waits=hear, program_limit=limit))
    connecting = asyncio.create_task(connector.connect())
    await waits.wait()
    first = heard[0]
    assert first is not None
    assert first.what.startswith("running credential_process: sh -c ")
    assert first.limit == limit
    if end != "limit":
        await alive.said(b"1")
    if end == "limit":
        with pytest.raises(ExpiredLogin) as caught:
            await connecting
        assert caught.value.title == "credential_process timed out"
        assert "did not finish within" in in_words(caught.value)
    elif end == "quit":
        connecting.cancel()
        await asyncio.wait([connecting])
    else:
        connector.close()
        with pytest.raises(ExpiredLogin, match="signal 9"):
            await connecting
    await alive.said(b"")


async def test_a_program_that_never_stops_printing_keeps_no_memory_and_no_time() -> None:
    programs = CredentialPrograms(lambda _: None, 0.2)
    with pytest.raises(ExpiredLogin, match="timed out"):
        await asyncio.to_thread(programs.run, ["yes"])


async def test_a_program_that_leaves_another_running_has_answered(tmp_path: Path) -> None:
    key = '{"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "x"}'
    script = f"sleep 300 & echo $! > {shlex.quote(str(tmp_path / 'left'))}; echo {shlex.quote(key)}"
    try:
        finished = await asyncio.to_thread(CredentialPrograms(lambda _: None).run, ["sh", "-c", script])
    finally:
        os.kill(int((tmp_path / "left").read_text()), signal.SIGKILL)
    assert json.loads(finished.answer)["AccessKeyId"] == "A"


async def test_no_program_is_started_once_all_is_ended(tmp_path: Path) -> None:
    programs = CredentialPrograms(lambda _: None)
    programs.end()
    with pytest.raises(ConnectionProblem, match="Login canceled"):
        programs.run([sys.executable, "-c", f"open({str(tmp_path / 'ran')!r}, 'w')"])
    assert not (tmp_path / "ran").exists()


async def test_credentials_that_are_over_when_they_come_are_told(
    home: Path, service: HttpService, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / ".aws").mkdir()
    (home / ".aws" / "config").write_text(
        f"[profile p]\nregion = eu-west-1\n{ROLE}source_profile = s\n[profile s]\n{KEY}"
    )
    monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.url)
    service.says_bytes(
        b"<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>x"
        b"</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2020-01-01T00:00:00Z</Expiration></Credentials>"
        b"</AssumeRoleResult></AssumeRoleResponse>",
        "text/xml",
    )
    with pytest.raises(ExpiredLogin) as caught:
        await AwsConnector(ConnectOptions(profile="p")).connect()
    assert caught.value.title == "Login already expired"
    in_words(caught.value)
