"""What is imported when: every module before the first frame is time that a person waits."""

import os
import pty
import subprocess
import sys
import termios
from pathlib import Path

import pytest

# Where the last module is looked for, everything before has been imported, and the process ends.
PROGRAM = """
import os, pathlib, sys
last, notes, *sys.argv[1:] = sys.argv[1:]
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == last:
            end()
def end():
    pathlib.Path(notes).write_text("\\n".join(sys.modules))
    os._exit(0)
sys.meta_path.insert(0, Finder())
from ctui.__main__ import main
try:
    main()
finally:
    end()
"""
AWS = {"boto3", "botocore", "aiobotocore", "aiohttp", "urllib3", "s3transfer"}
SCREEN = {"textual", "rich"}
NEVER = "no.such.module"


def imported(folder: Path, last: str, *words: str) -> set[str]:
    """The modules that `ctui WORDS` has imported when it looks for the module `last`, or when it has ended."""
    notes = folder / "modules"
    ours, keys = pty.openpty()
    termios.tcsetwinsize(keys, (24, 80))
    foreign = ("AWS_", "CTUI_", "XDG_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, last, str(notes), *words],
        stdin=keys,
        stdout=keys,
        stderr=keys,
        start_new_session=True,
        env=environment | {"HOME": str(folder), "TERM": "xterm-256color"},
    )
    os.close(keys)
    try:
        while os.read(ours, 65536):
            pass
    except OSError:
        pass  # the terminal ends with the program
    finally:
        process.wait()
        os.close(ours)
    return set(notes.read_text().split())


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    ("words", "last"),
    [
        # The first import of the login's thread, which starts when the frame is on the screen.
        (["--endpoint-url", "http://127.0.0.1:9", "--region", "us-east-1"], "ctui.aws.login.resolve"),
        (["--demo"], "ctui.aws.login.resolve"),
    ],
    ids=["endpoint", "demo"],
)
def test_the_first_frame_imports_what_it_shows(tmp_path: Path, words: list[str], last: str) -> None:
    modules = imported(tmp_path, last, *words)
    assert "ctui.ui.screens.browse" in modules, "the main screen stands"
    assert not packages(modules) & (AWS | {"pyperclip", "pygments", "email", "markdown_it"})
    ours = {name for name in modules if name.startswith("ctui.")}
    assert not {name for name in ours if name.startswith(("ctui.emulator", "ctui.ui.forms."))}
    assert not ours & {"ctui.ui.screens.help", "ctui.ui.screens.time_range", "ctui.ui.screens.secret"}
    # Budgets, a little above what it is: 244 of ours and 674 in all with Python 3.11.
    assert len(ours) <= 255
    assert len(modules) <= 720


@pytest.mark.parametrize(
    ("words", "ours", "all_modules"),
    [(["--version"], 9, 100), (["--help"], 14, 150), (["emulator", "--help"], 14, 150)],
)
def test_what_is_only_printed_imports_little(tmp_path: Path, words: list[str], ours: int, all_modules: int) -> None:
    modules = imported(tmp_path, NEVER, *words)
    assert not packages(modules) & (AWS | SCREEN | {"asyncio", "sqlite3", "msgspec", "tomllib", "email"})
    assert len({name for name in modules if name.startswith("ctui.")}) <= ours
    assert len(modules) <= all_modules
    assert ("click" in modules) is (words != ["--version"])


def test_the_emulator_imports_no_screen_and_no_aws_library(tmp_path: Path) -> None:
    modules = imported(tmp_path, NEVER, "emulator", "--account", "/nonexistent.toml")
    assert "ctui.emulator.serve" in modules
    assert not packages(modules) & (SCREEN | AWS - {"aiohttp"})
