"""Asks the person at the terminal for a secret, such as an MFA code. Standard input and output may be files."""

import getpass
import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

from ctui.threads import off_loop

_TERMINAL = "/dev/tty"
"""The terminal of this process, wherever its streams lead; getpass asks there, too."""


def can_ask() -> bool:
    """True if a person may be there to answer."""
    with _terminal() as terminal:
        return terminal is not None


async def ask_secret(prompt: str) -> str:
    """What the person types, without showing it. If the wait is cancelled, the terminal shows again what is typed."""
    with _terminal() as terminal:
        assert terminal is not None, "there is a terminal to ask at"
        shown = termios.tcgetattr(terminal)
        try:
            return await off_loop(lambda: getpass.getpass(f"{prompt} "), "ctui-ask")
        finally:
            termios.tcsetattr(terminal, termios.TCSADRAIN, shown)


@contextmanager
def _terminal() -> Iterator[int | None]:
    """The terminal to ask at: that of this process, or the one that both standard input and error output are."""
    try:
        opened = os.open(_TERMINAL, os.O_RDWR | os.O_NOCTTY)
    except OSError:
        streams = (sys.__stdin__, sys.__stderr__)
        asks = all(stream is not None and stream.isatty() for stream in streams)
        yield sys.__stdin__.fileno() if asks and sys.__stdin__ is not None else None
        return
    try:
        yield opened
    finally:
        os.close(opened)
