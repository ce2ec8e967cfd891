"""The memory of logins: the same settings lead to the same account, and any other settings are not known."""

import json
import stat
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from support.fakes.http_service import HttpService

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.login_memory import LoginMemory
from ctui.model.connection import Connection, Identity, LoginTrace

OPTIONS = ConnectOptions(profile="prod", region="eu-west-1")
HERE = Connection("prod", "eu-west-1", None, "aws", LoginTrace(key_id="AKIASECRETNAME"))
ALICE = Identity("111111111111", "arn:aws:iam::111111111111:user/alice")
CREDENTIALS = "[prod]\naws_access_key_id = AKIASECRETNAME\naws_secret_access_key = hidden\n"


@pytest.fixture
def files(home: Path) -> Path:
    """AWS's two files."""
    folder = home / ".aws"
    folder.mkdir()
    (folder / "credentials").write_text(CREDENTIALS)
    (folder / "config").write_text("[profile prod]\noutput = json\n")
    return folder


@pytest.fixture
def memory(tmp_path: Path) -> LoginMemory:
    """A memory that keeps every connection."""
    return LoginMemory(tmp_path / "logins", lambda _: True)


CHANGES: list[Callable[[Path, pytest.MonkeyPatch], object]] = [
    lambda files, patch: (files / "credentials").write_text(CREDENTIALS.replace("AKIASECRETNAME", "AKIAOTHER")),
    lambda files, patch: (files / "credentials").unlink(),
    lambda files, patch: (files / "config").write_text("[profile prod]\nrole_arn = arn:aws:iam::222222222222:role/x\n"),
    lambda files, patch: patch.setenv("AWS_ACCESS_KEY_ID", "AKIAOTHER"),
    lambda files, patch: patch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    lambda files, patch: patch.setenv("AWS_CONFIG_FILE", str(files / "credentials")),
]


@pytest.mark.parametrize("change", CHANGES, ids=range(len(CHANGES)))
def test_other_settings_are_not_known(
    files: Path, memory: LoginMemory, monkeypatch: pytest.MonkeyPatch, change: Callable[..., object]
) -> None:
    memory.remember(OPTIONS, HERE, "shared-credentials-file", ALICE)
    known = memory.recall(OPTIONS)
    assert known == HERE
    assert known is not None
    assert known.login == LoginTrace(account=ALICE.account)
    change(files, monkeypatch)
    assert memory.recall(OPTIONS) is None


@pytest.mark.parametrize("other", [{"profile": "dev"}, {"region": "us-east-1"}, {"endpoint_url": "http://127.0.0.1:9"}])
def test_other_options_are_not_known(files: Path, memory: LoginMemory, other: dict[str, str]) -> None:
    memory.remember(OPTIONS, HERE, "shared-credentials-file", ALICE)
    assert memory.recall(replace(OPTIONS, **other)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "settings_name", "certain"),
    [
        ("env", None, True),
        ("explicit", None, True),
        ("config-file", None, True),
        ("custom-process", None, False),
        ("iam-role", None, False),
        ("sso", None, False),
        ("sso", ALICE.account, True),
        ("assume-role", ALICE.account, True),
        ("assume-role", "222222222222", False),
    ],
)
def test_only_a_login_that_the_settings_decide_is_remembered(
    memory: LoginMemory, method: str, settings_name: str | None, certain: bool
) -> None:
    connection = replace(HERE, login=LoginTrace(account=settings_name, key_id="ASIANEW"))
    memory.remember(OPTIONS, connection, method, ALICE)
    assert (memory.recall(OPTIONS) is not None) is certain


def test_the_file_is_private_has_no_key_and_does_not_grow(files: Path, tmp_path: Path) -> None:
    memory = LoginMemory(tmp_path / "logins", lambda connection: connection.region != "nowhere")
    for number in range(40):
        memory.remember(replace(OPTIONS, region=f"region-{number}"), HERE, "env", ALICE)
    memory.remember(replace(OPTIONS, region="nowhere"), replace(HERE, region="nowhere"), "env", ALICE)
    memory.remember(replace(OPTIONS, region="region-39"), HERE, "env", replace(ALICE, account="333333333333"))
    text = (tmp_path / "logins").read_text()
    assert len(json.loads(text)) == 16
    assert "AKIA" not in text
    assert "hidden" not in text
    assert stat.S_IMODE((tmp_path / "logins").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("logins")] == ["logins"]
    known = memory.recall(replace(OPTIONS, region="region-39"))
    assert known is not None
    assert known.login.account == "333333333333"


@pytest.mark.parametrize("text", ["", "{}", "[1, {}, []]", "[" * 100_000, '[{"salt": 1}]', "\x00\ud800"])
def test_a_damaged_file_knows_nothing_and_is_replaced(files: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "logins").write_bytes(text.encode("utf-8", "surrogatepass"))
    memory = LoginMemory(tmp_path / "logins", lambda _: True)
    assert memory.recall(OPTIONS) is None
    memory.remember(OPTIONS, HERE, "env", ALICE)
    assert memory.recall(OPTIONS) == HERE


def test_a_folder_that_cannot_be_written_costs_nothing_more(files: Path, tmp_path: Path) -> None:
    memory = LoginMemory(tmp_path / "missing" / "logins", lambda _: True)
    memory.remember(OPTIONS, HERE, "env", ALICE)
    assert memory.recall(OPTIONS) is None


@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_known_is_reported_first_and_nothing_that_says_less(
    files: Path, service: HttpService, memory: LoginMemory
) -> None:
    service.says_bytes(
        b"<R><GetCallerIdentityResult><Arn>arn:x</Arn><Account>111111111111</Account></GetCallerIdentityResult></R>",
        "text/xml",
    )
    options = ConnectOptions(profile="prod", region="eu-west-1", endpoint_url=service.url)
    heard: list[LoginTrace] = []
    ended: list[int] = []

    async def show() -> None:
        ended.append(len(heard))

    def resolved(connection: Connection) -> Awaitable[object] | None:
        heard.append(replace(connection.login, settings=""))
        return show() if len(heard) == 1 else None

    first = AwsConnector(options, memory)
    gateway = await first.connect(lambda connection: heard.append(replace(connection.login, settings="")))
    assert heard == [LoginTrace(), LoginTrace(key_id="AKIASECRETNAME")]
    assert (await gateway.identify()).account == ALICE.account
    await gateway.close()

    heard.clear()
    gateway = await AwsConnector(options, memory).connect(resolved)
    assert heard == [LoginTrace(account=ALICE.account), LoginTrace(key_id="AKIASECRETNAME")]
    assert ended == [1], "it was shown before anything else was reported"
    await gateway.close()
