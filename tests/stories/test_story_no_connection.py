"""Stories of a machine that is not set up: what is wrong is said with To do, and `r` goes on once it is done."""

from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.driver import SMALL, WIDE, Driver

from ctui.aws.connector import AwsConnector
from ctui.aws.login.connect_options import ConnectOptions
from ctui.emulator.testing import CloudTrail

Open = Callable[..., AbstractAsyncContextManager[Driver]]
SetUp = Callable[[str, str, Iterable[tuple[str, str]]], None]


@dataclass(frozen=True)
class Case:
    """A machine, what is said of it, and how it is mended. `KEY` and `SECRET` in a file stand for a key that works."""

    title: str
    remedy: str
    profile: str | None = None
    config: str = ""
    credentials: str = ""
    environ: tuple[tuple[str, str], ...] = ()
    mended_config: str = ""
    mended_credentials: str = ""
    mended_environ: tuple[tuple[str, str], ...] = ()


REGION = "region = us-east-1\n"
KEYS = "aws_access_key_id = KEY\naws_secret_access_key = SECRET\n"
OTHERS = "aws_access_key_id = AKIANOBODYS\naws_secret_access_key = SECRET\n"
FULL = f"[default]\n{REGION}{KEYS}"

CASES = {
    "unknown profile": Case(
        "Unknown profile",
        "aws configure --profile night",
        profile="night",
        config=FULL,
        mended_config=f"{FULL}[profile night]\n{REGION}{KEYS}",
    ),
    "unknown profile of the environment": Case(
        "Unknown profile",
        "aws configure --profile night",
        config=FULL,
        environ=(("AWS_PROFILE", "night"),),
        mended_config=f"{FULL}[profile night]\n{REGION}{KEYS}",
    ),
    "no Region": Case(
        "No Region",
        "aws configure set region REGION",
        config=f"[default]\n{KEYS}",
        mended_config=FULL,
    ),
    "no Region, then one in the environment": Case(
        "No Region",
        "AWS_REGION",
        config=f"[default]\n{KEYS}",
        mended_config=f"[default]\n{KEYS}",
        mended_environ=(("AWS_REGION", "us-east-1"),),
    ),
    "no such Region": Case(
        "Not a Region",
        "eu-west-1",
        config=f"[default]\nregion = here now\n{KEYS}",
        mended_config=FULL,
    ),
    "no credentials": Case(
        "No credentials",
        "aws configure",
        config=f"[default]\n{REGION}",
        mended_config=f"[default]\n{REGION}",
        mended_credentials=f"[default]\n{KEYS}",
    ),
    "half a key": Case(
        "Incomplete access key",
        "aws configure",
        config=f"[default]\n{REGION}aws_access_key_id = KEY\n",
        mended_config=FULL,
    ),
    "a file that cannot be read": Case(
        "AWS configuration invalid",
        "Correct it",
        config="this is no setting\n",
        mended_config=FULL,
    ),
    "a key that nobody knows": Case(
        "Credentials not accepted",
        "Check the access key",
        config=f"[default]\n{REGION}",
        credentials=f"[default]\n{OTHERS}",
        mended_config=FULL,
    ),
    "a session token that has run out": Case(
        "Credentials not accepted",
        "fresh key with its session token into ~/.aws/credentials",
        config=f"[default]\n{REGION}",
        credentials=f"[default]\n{OTHERS}aws_session_token = old\n",
        mended_config=FULL,
    ),
}


@pytest.fixture(autouse=True)
def home(empty_home: Path) -> Path:
    """Nobody's own settings."""
    return empty_home


@pytest.fixture
def set_up(home: Path, week: CloudTrail, monkeypatch: pytest.MonkeyPatch) -> SetUp:
    """Write both files as they stand from then on, and set variables."""

    def write(config: str, credentials: str, environ: Iterable[tuple[str, str]]) -> None:
        folder = home / ".aws"
        folder.mkdir(exist_ok=True)
        for name, text in (("config", config), ("credentials", credentials)):
            keyed = text.replace("KEY", week.access_key_id).replace("SECRET", week.secret_access_key)
            (folder / name).write_text(keyed)
        for name, value in environ:
            monkeypatch.setenv(name, value)

    return write


def words(lines: list[str]) -> str:
    """Lines that were wrapped, as one text without blanks: where a line breaks does not matter."""
    return "".join("".join(lines).split())


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["wide", "small"])
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_what_is_missing_is_said_and_r_goes_on_once_it_is_there(
    set_up: SetUp, week: CloudTrail, open_app: Open, case: Case, size: tuple[int, int]
) -> None:
    set_up(case.config, case.credentials, case.environ)
    options = ConnectOptions(profile=case.profile, endpoint_url=week.endpoint_url)
    async with open_app(week, size, connect=AwsConnector(options)) as ctui:
        for _ in range(2):
            assert ctui.pane("events")[0].strip() == case.title
            assert words([case.remedy]) in words(ctui.pane("events"))
            assert ctui.title("events").endswith("failed")
            assert case.title in ctui.line("header") or size == SMALL
            (told,) = ctui.notices()
            assert told.startswith(case.title)
            # Nothing has been mended yet: it is said again, once.
            await ctui.press("r")
        set_up(case.mended_config, case.mended_credentials, case.mended_environ)
        await ctui.press("r")
        assert ctui.notices() == []
        assert "failed" not in ctui.title("events")
        assert ctui.title("events").endswith("1 of >50")
        assert case.title not in ctui.text()
