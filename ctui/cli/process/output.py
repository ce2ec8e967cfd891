"""Cleans what ctui writes to a terminal outside its screen, in one place.

Messages of the command line, of click, of the emulator and of tracebacks contain names from files, keys and services.
"""

import codecs
import contextlib
import io
import os
import sys
from typing import TextIO

from ctui.render.text.safe import spell, stand_in


def printable(text: str) -> str:
    """The text with each control or invisible character made visible. Line breaks stay."""
    return "\n".join("".join(shown for shown, _ in spell(line, stand_in)) for line in text.split("\n"))


def for_terminal(text: str, encoding: str) -> bytes:
    """The bytes of the text as `printable` returns it. What an encoding lacks is escaped, and marks of ctui are ASCII
    where it is not UTF-8."""
    clean = printable(text)
    if codecs.lookup(encoding).name != "utf-8":
        from ctui.render.text.charset import with_ascii_marks  # noqa: PLC0415 - most locales are UTF-8

        clean = with_ascii_marks(clean)
    return clean.encode(encoding, "backslashreplace")


class CleanOutput(io.TextIOBase):
    """A text stream that cleans what is written and passes it on. It has no `buffer` that would bypass it."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the stream."""
        return self._stream.encoding or "ascii"

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """How the stream handles characters that it cannot encode. It never gets any."""
        return self._stream.errors

    def writable(self) -> bool:
        """True."""
        return True

    def isatty(self) -> bool:
        """False, so that output is not colored: colors are control sequences too."""
        return False

    def fileno(self) -> int:
        """The file descriptor of the stream."""
        return self._stream.fileno()

    def write(self, text: str) -> int:
        """Write the text as `for_terminal` returns it. Returns the number of characters of `text`."""
        self._stream.write(for_terminal(text, self.encoding).decode(self.encoding))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()


class Words(CleanOutput):
    """Standard error: what cannot be written there is lost, and changes nothing of how ctui ends."""

    def write(self, text: str) -> int:
        """Write the text if it can be written."""
        with contextlib.suppress(OSError):
            super().write(text)
        return len(text)

    def flush(self) -> None:
        """Flush the stream if it can be written."""
        with contextlib.suppress(OSError):
            super().flush()


def clean_output() -> None:
    """Clean standard output and standard error from now on, including tracebacks at the end.

    The screen writes to the terminal itself, and cleans its own text.
    """
    sys.stdout = CleanOutput(sys.stdout or _nowhere())
    sys.stderr = Words(sys.stderr or _nowhere())


def _nowhere() -> TextIO:
    """In place of a stream that was closed before ctui started: what is written to it is lost."""
    from pathlib import Path  # noqa: PLC0415 - few streams are closed, and it takes a tenth of `--help` to import

    return Path(os.devnull).open("w", encoding="utf-8")
