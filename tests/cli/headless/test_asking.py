"""Asking for a secret at a terminal: it is not shown, and the terminal is as before however that ends.

The code of an MFA profile is asked for there, wherever the streams of the command lead.
"""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support.shell import SECONDS, Shell

from ctui.emulator.options import EmulatorOptions
from ctui.emulator.testing import PLENTY, running

PROGRAM = """
import asyncio, signal
from ctui.cli.headless.asking import ask_secret
async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, asyncio.current_task().cancel)
    print("got", await ask_secret("Code:"))
asyncio.run(main())
"""
_LOCAL_FLAGS = 3
"""Where the flags of a terminal are that say whether it shows what is typed."""


@contextmanager
def asked() -> Iterator[tuple["subprocess.Popen[bytes]", int, int]]:
    """The program, our end of its terminal and the program's, once it asks."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    )
    try:
        assert shows_what_is_typed(theirs)
        read_until(ours, b"Code:")
        assert not shows_what_is_typed(theirs)
        yield process, ours, theirs
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(theirs)


def shows_what_is_typed(terminal: int) -> bool:
    return bool(termios.tcgetattr(terminal)[_LOCAL_FLAGS] & termios.ECHO)


def read_until(terminal: int, words: bytes) -> bytes:
    drawn = b""
    while words not in drawn:
        assert select.select([terminal], [], [], SECONDS)[0], drawn
        drawn += os.read(terminal, 4096)
    return drawn


def test_what_is_typed_is_not_shown() -> None:
    with asked() as (process, ours, theirs):
        os.write(ours, b"123456\n")
        assert read_until(ours, b"got 123456").count(b"123456") == 1
        assert process.wait(SECONDS) == 0
        assert shows_what_is_typed(theirs)


def test_an_interruption_makes_the_terminal_show_what_is_typed_again() -> None:
    with asked() as (process, _, theirs):
        process.send_signal(signal.SIGINT)
        assert process.wait(SECONDS) == 1
        assert shows_what_is_typed(theirs)


# The terminal becomes the command's own, as it is of what a shell runs.
OWN_TERMINAL = """
import fcntl, os, sys, termios
terminal = os.open(sys.argv[1], os.O_RDWR)
fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
os.close(terminal)
os.execv(sys.executable, [sys.executable, "-m", "ctui", *sys.argv[2:]])
"""
SEARCH = ("search", "", "--since", "1h", "--profile", "dev-AuditWithMfa")


@pytest.fixture
def with_profiles(tmp_path: Path) -> Iterator[Shell]:
    """A shell with the profiles of the emulator's organization."""
    with running(EmulatorOptions(organization=True, lookup_rate=PLENTY, traffic=False)) as emulator:
        yield Shell(emulator, tmp_path, variables=emulator.environment)


def test_a_code_is_asked_for_at_the_terminal_wherever_the_streams_lead_and_once(
    with_profiles: Shell, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, **with_profiles.variables, "HOME": str(tmp_path)}
    command = [sys.executable, "-c", OWN_TERMINAL, os.ttyname(theirs), *SEARCH, "--quiet"]
    for start in ("first", "second"):
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment,
        )
        if start == "first":
            read_until(ours, b"profile dev-AuditWithMfa: ")
            os.write(ours, b"123456\n")
        out, err = process.communicate(timeout=SECONDS)
        assert (err, process.returncode) == (b"", 0)
        assert out.count(b" AssumeRole ") == 1, "the second start takes the session from the AWS CLI's cache"
        assert not select.select([ours], [], [], 0)[0] or start == "first"
        while select.select([ours], [], [], 0)[0]:
            assert b"123456" not in os.read(ours, 4096)
    os.close(ours)
    os.close(theirs)


def test_without_a_terminal_it_says_why_and_what_to_do(with_profiles: Shell) -> None:
    process = with_profiles.start(*SEARCH, options=(), start_new_session=True)
    out, err = process.communicate(timeout=SECONDS)
    assert (out, process.returncode) == (b"", 3)
    words = " ".join(err.decode().split())
    assert 'MFA code needed: Profile "dev-AuditWithMfa" needs an MFA code, and there is no terminal to ask' in words
    assert "Run the same command in a terminal once" in words
