"""The streams of a command without a screen: data on stdout, words and progress on stderr.

What goes to a terminal is made safe. What goes to a file or a pipe is the data, byte for byte.
"""

import contextlib
import os
import select
import shutil
import sys
from typing import TextIO

import click

from ctui.cli.process.output import for_terminal
from ctui.errors import CtuiError
from ctui.parsing import reason_of
from ctui.render.text.spans import clean, fit, plain
from ctui.threads import off_loop

_WIDEST = 10_000
_WIDEST_PROGRESS = 120
_USUAL_COLUMNS = 80


class ReaderLeft(Exception):
    """Who read the data has closed the pipe."""


class Streams:
    """Writes data and words. Progress shows on a terminal only, and gives way to both."""

    def __init__(self, *, quiet: bool = False) -> None:
        """`quiet`: no progress, and of the words only why something failed or is incomplete."""
        self.quiet = quiet
        self._out = sys.stdout.fileno()
        self._words = _descriptor(sys.__stderr__)
        self.on_terminal = os.isatty(self._out)
        """True if the data goes to a terminal."""
        self._shows_progress = not quiet and self._words is not None and os.isatty(self._words)
        self._progress = ""

    @property
    def columns(self) -> int:
        """Cells of a line of the terminal that the data goes to, or what COLUMNS says."""
        return min(shutil.get_terminal_size().columns, _WIDEST)

    async def write(self, data: bytes) -> None:
        """Write all of the data. A reader that is slow does not hold up the loop. Raises ReaderLeft, CtuiError."""
        if not data:
            return
        if self.on_terminal:
            data = for_terminal(data.decode(errors="backslashreplace"), sys.stdout.encoding)
        self._erase_progress()
        await off_loop(lambda: self._write_all(data), "ctui-stdout")

    def check_reader(self) -> None:
        """Raise ReaderLeft if no one reads the data any more: a search without a match may write nothing for long."""
        poll = select.poll()
        poll.register(self._out, 0)
        if any(event & select.POLLERR for _, event in poll.poll(0)):
            raise ReaderLeft

    def say(self, words: str) -> None:
        """Say something that must be known, whatever was asked for: an error, or what is missing."""
        self._erase_progress()
        click.echo(words, err=True)

    def remark(self, words: str) -> None:
        """Say something, unless it is to be quiet."""
        if not self.quiet:
            self.say(words)

    def show_progress(self, words: str) -> None:
        """Show this line in place of the one before, on a terminal."""
        if not self._shows_progress:
            return
        assert self._words is not None, "it is a terminal"
        width = min(_columns_of(self._words) - 1, _WIDEST_PROGRESS)
        line = plain(fit(clean(words), width)).rstrip()
        if line != self._progress:
            self._draw("\r" + line.ljust(len(self._progress)))
            self._progress = line

    def _erase_progress(self) -> None:
        if self._progress:
            self._draw("\r" + " " * len(self._progress) + "\r")
            self._progress = ""

    def _draw(self, text: str) -> None:
        assert self._words is not None, "progress is shown on a terminal"
        # A carriage return goes back to the beginning of the line.
        drawn = b"\r".join(for_terminal(part, sys.stderr.encoding) for part in text.split("\r"))
        # A terminal that is gone says so by a signal.
        with contextlib.suppress(OSError):
            os.write(self._words, drawn)

    def _write_all(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._out, rest) :]
        except BrokenPipeError as error:
            raise ReaderLeft from error
        except OSError as error:
            raise CtuiError("Output", f"Standard output cannot be written: {reason_of(error)}.") from error


def _columns_of(terminal: int) -> int:
    try:
        return os.get_terminal_size(terminal).columns or _USUAL_COLUMNS
    except OSError:
        return _USUAL_COLUMNS


def _descriptor(stream: TextIO | None) -> int | None:
    return None if stream is None else stream.fileno()
