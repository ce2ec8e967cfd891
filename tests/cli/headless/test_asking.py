"""Asking for a secret at a terminal: it is not shown, and the terminal is as before however that ends."""

import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from support.shell import SECONDS

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
