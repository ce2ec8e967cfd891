"""The program in a real terminal: `ctui --demo` under a pty, from the first frame to the shell that it leaves."""

import contextlib
import os
import select
import signal
import sqlite3
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.real_terminal import (
    AS_A_SHELL_DOES,
    AS_A_SHELL_WITH_JOBS,
    ENTER,
    ESCAPE,
    PATIENCE,
    STOPPED,
    WITHOUT_A_WORD,
    Terminal,
    assert_left_as_it_was,
    is_gone,
    names_in,
    opened,
)

from ctui.emulator.testing import CloudTrail

CLEAR = "\x15"
SUSPEND = "\x1a"
pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for processes as only Linux can")


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """`ctui --demo`, as a shell starts it."""
    with opened(tmp_path) as terminal:
        yield terminal


def test_the_demo_from_the_first_frame_to_the_shell(terminal: Terminal) -> None:
    terminal.wait_for("onnecting")
    terminal.wait_for("own call")
    terminal.press("j", "j", ENTER)
    terminal.wait_for("4 Detail")
    terminal.press("?")
    terminal.wait_for("Filter events")
    terminal.press(ESCAPE)
    terminal.wait_for("4 Detail")
    terminal.press("1")
    terminal.wait_for("1 Trails")
    terminal.press("q")
    assert terminal.until_it_ends() == 0
    assert_left_as_it_was(terminal)
    assert is_gone(terminal.pid_of("emulator"))
    assert names_in(terminal.folder / "tmp") == []
    assert names_in(terminal.folder / "home") == []
    assert names_in(terminal.folder / "notes") == ["emulator", "screen"], "nothing was sent beyond this machine"


@pytest.mark.parametrize("loading", [False, True], ids=["idle", "loading"])
@pytest.mark.parametrize(("told", "code"), [(signal.SIGTERM, 0), (signal.SIGHUP, 0), (signal.SIGINT, 130)])
def test_told_to_end_it_leaves_the_terminal_as_it_was(
    terminal: Terminal, told: signal.Signals, code: int, loading: bool
) -> None:
    make_ready(terminal, loading=loading)
    os.kill(terminal.process.pid, told)
    assert terminal.until_it_ends() == code
    assert_left_as_it_was(terminal)
    assert is_gone(terminal.pid_of("emulator"))
    assert names_in(terminal.folder / "tmp") == []


def test_killed_outright_it_takes_its_emulator_along(terminal: Terminal) -> None:
    terminal.wait_for("own call")
    emulator = os.pidfd_open(terminal.pid_of("emulator"))
    terminal.process.kill()
    assert select.select([emulator], [], [], PATIENCE)[0], "the emulator did not end"
    os.close(emulator)
    assert not [name for name in names_in(terminal.folder / "tmp") if "emulator" in name]


@pytest.mark.parametrize("loading", [False, True], ids=["idle", "loading"])
@pytest.mark.parametrize("launcher", [AS_A_SHELL_DOES, WITHOUT_A_WORD], ids=["with SIGHUP", "without a word"])
def test_when_its_terminal_is_gone_it_ends_in_order(tmp_path: Path, launcher: str, loading: bool) -> None:
    with opened(tmp_path, launcher=launcher) as terminal:
        make_ready(terminal, loading=loading)
        assert code_once_gone(terminal) == 0
        assert is_gone(terminal.pid_of("emulator"))
        assert names_in(tmp_path / "tmp") == []


def test_a_store_is_closed_when_the_terminal_is_gone_while_loading(tmp_path: Path, week: CloudTrail) -> None:
    store = tmp_path / "events.db"
    keys = {"AWS_ACCESS_KEY_ID": week.access_key_id, "AWS_SECRET_ACCESS_KEY": week.secret_access_key}
    arguments = ["--endpoint-url", week.endpoint_url, "--region", week.region, "--store", str(store)]
    with opened(tmp_path, arguments, launcher=WITHOUT_A_WORD, environment=keys) as terminal:
        terminal.wait_for("50 scanned")
        terminal.press("M")
        terminal.wait_for("150 scanned")
        assert code_once_gone(terminal) == 0
    left = [name for name in names_in(tmp_path) if name.startswith("events.db")]
    assert left == ["events.db", "events.db-lock", "events.db-logins", "events.db-unfinished"], "M is to be continued"
    with contextlib.closing(sqlite3.connect(f"file:{store}?immutable=1", uri=True)) as opened_store:
        assert opened_store.execute("SELECT count(*) FROM event").fetchone()[0] >= 150


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_terminal_that_takes_nothing_more_does_not_keep_it_from_ending(
    terminal: Terminal, told: signal.Signals
) -> None:
    make_ready(terminal, loading=True)
    # More than a pty and the writer's queue hold, of which nothing is read.
    for _ in range(40):
        os.write(terminal.screen, f"?{ESCAPE}".encode())
    os.kill(terminal.process.pid, told)
    assert ended(terminal) == (130 if told == signal.SIGINT else 0)
    assert is_gone(terminal.pid_of("emulator"))
    assert names_in(terminal.folder / "tmp") == []


def test_suspended_it_gives_the_terminal_back_and_draws_all_again(tmp_path: Path) -> None:
    with opened(tmp_path, launcher=AS_A_SHELL_WITH_JOBS) as terminal:
        terminal.wait_for("own call")
        for key in ("j", "?"):
            terminal.press(SUSPEND)
            terminal.wait_for(STOPPED)
            assert_left_as_it_was(terminal)
            terminal.press(ENTER)
            terminal.wait_for("Events" if key == "j" else "own call")
            terminal.press(key)
            terminal.wait_for("2 of" if key == "j" else "Keys and filters")
        terminal.press(SUSPEND)
        terminal.wait_for(STOPPED)
        terminal.press(ENTER)
        terminal.wait_for("Keys and filters")
        assert not is_gone(terminal.pid_of("emulator"))
        terminal.press(ESCAPE)
        terminal.wait_for("own call")
        terminal.press("q")
        assert terminal.until_it_ends() == 0
        assert_left_as_it_was(terminal)


def test_suspend_pressed_twice_stops_it_once_and_goes_before_keys_that_wait(tmp_path: Path) -> None:
    with opened(tmp_path, launcher=AS_A_SHELL_WITH_JOBS) as terminal:
        terminal.wait_for("own call")
        os.write(terminal.screen, f"/abc{SUSPEND}{SUSPEND}".encode())
        terminal.wait_for(STOPPED)
        terminal.press(ENTER)
        terminal.wait_for("abc")
        terminal.press(CLEAR)
        terminal.wait_for("such as")
        assert terminal.heard.count(f"{STOPPED}\r\n".encode()) == 1


def test_stopped_without_a_word_it_takes_the_terminal_anew(tmp_path: Path) -> None:
    with opened(tmp_path, launcher=AS_A_SHELL_WITH_JOBS) as terminal:
        terminal.wait_for("own call")
        program = terminal.pid_of("screen")
        os.kill(program, signal.SIGSTOP)
        terminal.wait_for(STOPPED)
        # What a shell does with the modes of a terminal.
        termios.tcsetattr(terminal.keys, termios.TCSANOW, terminal.modes)  # type: ignore[arg-type]
        terminal.press(ENTER)
        terminal.wait_for("own call")
        terminal.press("j")
        terminal.wait_for("2 of")
        os.kill(program, signal.SIGCONT)
        terminal.press("j")
        terminal.wait_for("3 of")
        terminal.press("q")
        assert terminal.until_it_ends() == 0
        assert_left_as_it_was(terminal)


def test_where_no_shell_could_bring_it_back_it_is_not_suspended(terminal: Terminal) -> None:
    terminal.wait_for("own call")
    terminal.press(SUSPEND)
    terminal.wait_for("could bring it")
    terminal.press("q")
    assert terminal.until_it_ends() == 0


def test_in_a_latin_locale_the_screen_is_ascii_and_letters_are_read(tmp_path: Path) -> None:
    with opened(tmp_path, environment={"PYTHONIOENCODING": "iso8859-1"}) as terminal:
        terminal.wait_for("own call")
        terminal.wait_for("+= 3 Events")
        assert terminal.heard.isascii()
        terminal.press("/")
        terminal.wait_for("fields")
        os.write(terminal.screen, "café".encode("iso8859-1"))
        terminal.wait_for("caf")
        terminal.press(CLEAR)
        terminal.wait_for("own call")
        terminal.press(ESCAPE)
        terminal.wait_for("help")
        terminal.press("q")
        assert terminal.until_it_ends() == 0
        assert "café".encode("iso8859-1") in terminal.heard
        assert b"\\u" not in terminal.heard


def test_bytes_that_are_no_character_do_not_end_it(terminal: Terminal) -> None:
    terminal.wait_for("own call")
    os.write(terminal.screen, b"\xff\xe9\x80")
    terminal.press("?")
    terminal.wait_for("Filter events")
    terminal.press(ESCAPE)
    terminal.wait_for("own call")
    terminal.press("q")
    assert terminal.until_it_ends() == 0


def make_ready(terminal: Terminal, *, loading: bool) -> None:
    """Wait for the first page, and for all pages to be on their way where it is to be `loading`."""
    terminal.wait_for("own call")
    if loading:
        terminal.press("M")
        terminal.wait_for("esc stop")


def code_once_gone(terminal: Terminal) -> int:
    """Close the terminal; the exit code."""
    terminal.close()
    return ended(terminal)


def ended(terminal: Terminal) -> int:
    """Wait for the end, reading nothing; the exit code."""
    program = os.pidfd_open(terminal.process.pid)
    assert select.select([program], [], [], PATIENCE)[0], "the program did not end"
    os.close(program)
    return terminal.process.wait()
