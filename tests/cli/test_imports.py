"""What is imported when: every module before the first frame is time that a person waits."""

import asyncio
import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from functools import partial
from pathlib import Path

import pytest
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import ACCOUNT, event
from support.real_terminal import PATIENCE, SEQUENCE
from support.stored import insert

from ctui.aws.login.connect_options import ConnectOptions
from ctui.aws.login.login_memory import LoginMemory
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, running
from ctui.model.connection import Connection, Identity, LoginTrace, Scope
from ctui.store.events import EventStore

# Where the last module is looked for, everything before has been imported. Its thread goes no further.
PROGRAM = """
import os, signal, sys, threading
last, notes, *sys.argv[1:] = sys.argv[1:]
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == last:
            note()
            threading.Event().wait()
def note():
    # In one piece: once the file is there, all of it is.
    with open(notes + ".part", "w") as part:
        part.write("\\n".join(list(sys.modules)))
    os.rename(notes + ".part", notes)
sys.meta_path.insert(0, Finder())
signal.signal(signal.SIGUSR1, lambda *_: note())
from ctui.__main__ import main
try:
    main()
finally:
    if not os.path.exists(notes):
        note()
"""
AWS = {"boto3", "botocore", "aiobotocore", "aiohttp", "urllib3", "s3transfer"}
SCREEN = {"textual", "rich"}
NEVER = "no.such.module"
AT_TEXT = "once its text is drawn"
_LOOK_SECONDS = 0.05


def imported(folder: Path, last: str, *words: str, until: str = "", **variables: str) -> set[str]:
    """The modules that `ctui WORDS` has imported when it looks for the module `last`, or when it has ended.

    Reads the terminal until this text is drawn, too; with AT_TEXT for `last`, the modules are those of then.
    """
    notes = folder / "modules"
    ours, keys = pty.openpty()
    termios.tcsetwinsize(keys, (24, 80))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CTUI_", "XDG_"))}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, last, str(notes), *words],
        stdin=keys,
        stdout=keys,
        stderr=keys,
        start_new_session=True,
        env=environment | {"HOME": str(folder), "TERM": "xterm-256color"} | variables,
    )
    os.close(keys)
    sent = b""
    # On Linux, reading fails once the program has ended, and its terminal with it.
    looks = 0
    asks = last == AT_TEXT
    with contextlib.suppress(OSError):
        while looks < PATIENCE / _LOOK_SECONDS:
            # The notes may come behind the last that is drawn.
            drawn = until in SEQUENCE.sub(b"", sent).decode(errors="replace")
            if drawn and notes.exists():
                break
            if drawn and asks:
                process.send_signal(signal.SIGUSR1)
                asks = False
            looks += 1
            if select.select([ours], [], [], _LOOK_SECONDS)[0]:
                looks = 0
                if not (part := os.read(ours, 65536)):
                    break
                sent += part
    process.kill()
    process.wait()
    os.close(ours)
    assert until in SEQUENCE.sub(b"", sent).decode(errors="replace"), sent[-2000:]
    return set(notes.read_text().split())


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    "words", [["--endpoint-url", "http://127.0.0.1:9", "--region", "us-east-1"], ["--demo"]], ids=["endpoint", "demo"]
)
def test_the_frame_imports_what_it_shows(tmp_path: Path, words: list[str]) -> None:
    # The first import of the thread that starts when the frame is on the screen.
    modules = imported(tmp_path, "ctui.cli.session_parts", *words, until="3 Events")
    assert not packages(modules) & (AWS | {"sqlite3", "re2", "pyperclip", "pygments", "email", "markdown_it"})
    ours = {name for name in modules if name.startswith("ctui.")}
    assert not {name for name in ours if name.startswith(("ctui.core", "ctui.store", "ctui.aws", "ctui.emulator"))}
    # Budgets, a little above what it is: 52 of ours and 475 in all with Python 3.11. An empty Textual app has 365.
    assert len(ours) <= 52
    assert len(modules) <= 478


@pytest.mark.parametrize(
    "words", [["--endpoint-url", "http://127.0.0.1:9", "--region", "us-east-1"], ["--demo"]], ids=["endpoint", "demo"]
)
def test_the_main_screen_imports_what_it_shows(tmp_path: Path, words: list[str]) -> None:
    # The first import of the login's thread, which starts when the main screen is there.
    modules = imported(tmp_path, "ctui.aws.login.resolve", *words, until="Connecting")
    assert "ctui.ui.screens.browse" in modules, "the main screen stands"
    assert not packages(modules) & (AWS | {"pyperclip", "pygments", "email", "markdown_it"})
    ours = {name for name in modules if name.startswith("ctui.")}
    assert not {name for name in ours if name.startswith(("ctui.emulator", "ctui.ui.forms."))}
    assert not ours & {"ctui.ui.screens.help", "ctui.ui.boxes.time_range", "ctui.ui.boxes.secret"}
    assert not {name for name in ours if name.startswith(("ctui.model.filter.foreign.phrases", "ctui.model.trace"))}
    # Budgets, a little above what it is: 328 of ours and 762 in all with Python 3.11.
    assert len(ours) <= 331
    assert len(modules) <= 766


def test_the_first_rows_of_an_endpoint_import_what_they_show(tmp_path: Path) -> None:
    with running(EmulatorOptions(lookup_rate=PLENTY, traffic=False)) as cloudtrail:
        cloudtrail.add_event("PutBucketPolicy")
        key = {"AWS_ACCESS_KEY_ID": cloudtrail.access_key_id, "AWS_SECRET_ACCESS_KEY": cloudtrail.secret_access_key}
        words = ("--endpoint-url", cloudtrail.endpoint_url, "--region", cloudtrail.region)
        modules = imported(tmp_path, AT_TEXT, *words, until="PutBucketPolicy", **key)
    assert packages(modules) >= {"aiobotocore", "aiohttp"}
    assert not packages(modules) & {"boto3", "s3transfer", "re2", "pyperclip", "pygments", "markdown_it", "unittest"}
    ours = {name for name in modules if name.startswith("ctui.")}
    assert not {name for name in ours if name.startswith(("ctui.emulator", "ctui.ui.forms.", "ctui.model.trace"))}
    # Budgets, a little above what it is: 370 of ours and 1,142 in all with Python 3.11.
    assert len(ours) <= 374
    assert len(modules) <= 1144


async def test_the_first_rows_of_a_warm_store_import_what_they_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    options = ConnectOptions(region="us-east-1", endpoint_url="http://127.0.0.1:9")
    here = Connection(None, "us-east-1", options.endpoint_url, "http://127.0.0.1:9", LoginTrace(key_id="AKIAEXAMPLE"))
    file = tmp_path / "events.db"
    store = await EventStore.open(file)
    scope = Scope(here.origin, ACCOUNT, here.region)
    await insert(store, scope, [event(f"e{number}", EPOCH, name="GetCallerIdentity") for number in range(3)])
    await store.remember(here, ACCOUNT)
    await store.close()
    LoginMemory(Path(f"{file}-logins"), lambda _: True).remember(options, here, "env", Identity(ACCOUNT, "arn"))

    words = ("--endpoint-url", "http://127.0.0.1:9", "--region", "us-east-1", "--store", str(file))
    # The first import of the thread that starts when the frame is on the screen.
    last = "ctui.cli.session_parts"
    modules = await asyncio.to_thread(partial(imported, tmp_path, last, *words, until="GetCallerIdentity"))
    assert not packages(modules) & (AWS | {"re2", "zstandard", "pyperclip", "pygments", "email", "markdown_it"})
    ours = {name for name in modules if name.startswith("ctui.")}
    assert not ours & {"ctui.store.events", "ctui.core.session", "ctui.model.filter", "ctui.ui.screens.browse"}
    # Budgets, a little above what it is: 83 of ours and 509 in all with Python 3.11.
    assert len(ours) <= 84
    assert len(modules) <= 515


@pytest.mark.parametrize(
    ("words", "ours", "all_modules"),
    # Budgets, a little above what it is: 9 and 80, 12 and 125, 14 and 132, 14 and 127 with Python 3.11.
    [(["--version"], 9, 85), (["--help"], 12, 130), (["emulator", "--help"], 14, 137), (["files", "--help"], 14, 132)],
)
def test_what_is_only_printed_imports_little(tmp_path: Path, words: list[str], ours: int, all_modules: int) -> None:
    modules = imported(tmp_path, NEVER, *words)
    assert not packages(modules) & (AWS | SCREEN | {"asyncio", "sqlite3", "msgspec", "tomllib", "email"})
    assert len({name for name in modules if name.startswith("ctui.")}) <= ours
    assert len(modules) <= all_modules
    assert ("click" in modules) is (words != ["--version"])
    # click has no use for it.
    assert ("pathlib" in modules) is (words[-1] != "--help" or "emulator" in words)


@pytest.mark.parametrize(
    ("line", "ours", "all_modules"),
    # Budgets, a little above what it is: 21 and 149, 80 and 239, 114 and 292 with Python 3.11.
    [("ctui search --re", 22, 155), ("ctui search 'is:", 81, 241), ("ctui search 'user:", 126, 315)],
    ids=["options", "fields", "stored values"],
)
def test_a_shell_that_completes_waits_for_little(tmp_path: Path, line: str, ours: int, all_modules: int) -> None:
    modules = imported(tmp_path, NEVER, _CTUI_COMPLETE="bash_complete", _CTUI_LINE=line)
    assert not packages(modules) & (AWS | SCREEN | {"asyncio", "email", "socket", "ssl"})
    assert ("sqlite3" in modules) is ("user" in line)
    assert len({name for name in modules if name.startswith("ctui.")}) <= ours
    assert len(modules) <= all_modules
    assert not (tmp_path / ".local").exists(), "no store is made"


LOG_FILE = """{"Records": [{"eventVersion": "1.08", "eventTime": "2026-11-01T00:00:00Z", "eventName": "RunTask",
"eventID": "e-1", "eventSource": "ecs.amazonaws.com", "awsRegion": "us-east-1"}]}"""


def test_log_files_alone_import_nothing_that_calls_aws(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "one.json").write_text(LOG_FILE)
    modules = imported(tmp_path, AT_TEXT, "files", str(logs), until="RunTask")
    assert packages(modules) >= {"numpy", "textual"}
    assert not packages(modules) & (AWS | {"pyperclip", "pygments", "markdown_it"})
    notes = tmp_path / "modules"
    notes.unlink()
    modules = imported(tmp_path, NEVER, "search", "name:RunTask", "--files", str(logs), until="completeness unknown")
    assert not packages(modules) & (AWS | SCREEN)


def test_a_search_without_a_screen_imports_none(tmp_path: Path) -> None:
    # The first import of the login's thread.
    words = ("--endpoint-url", "http://127.0.0.1:9", "--region", "us-east-1")
    modules = imported(tmp_path, "ctui.aws.login.resolve", "search", "is:error", *words)
    assert "ctui.cli.headless.searching" in modules
    assert not packages(modules) & (SCREEN | AWS | {"pyperclip"})
    ours = {name for name in modules if name.startswith("ctui.")}
    assert not {name for name in ours if name.startswith(("ctui.ui", "ctui.emulator"))}
    # Budgets, a little above what it is: 257 of ours and 490 in all with Python 3.11.
    assert len(ours) <= 260
    assert len(modules) <= 492


def test_the_emulator_imports_no_screen_and_no_aws_library(tmp_path: Path) -> None:
    modules = imported(tmp_path, NEVER, "emulator", "--account", "/nonexistent.toml")
    assert "ctui.emulator.serve" in modules
    assert not packages(modules) & (SCREEN | AWS - {"aiohttp"})
