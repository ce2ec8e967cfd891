"""What ctui writes to a terminal outside its screen: cleaned in one place, whoever writes it.

Words of the command line, of click, of the emulator and of a traceback carry names out of files, keys and services.
"""

import io
import os
import sys
from pathlib import Path
from typing import TextIO

from ctui.render.text.safe import spell, stand_in


def printable(text: str) -> str:
    """The text with a visible stand-in for each character that acts on a terminal or hides; line breaks stay."""
    return "\n".join("".join(shown for shown, _ in spell(line, stand_in)) for line in text.split("\n"))


class CleanOutput(io.TextIOBase):
    """A text stream that cleans what is written to it, and hands it on. It has no `buffer` to go around it by."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """How the stream encodes text."""
        return self._stream.encoding or "ascii"

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """How the stream takes what it cannot encode: here it is never given any."""
        return self._stream.errors

    def writable(self) -> bool:
        """True."""
        return True

    def isatty(self) -> bool:
        """False, so that nobody colors what is written: color is a control sequence too."""
        return False

    def fileno(self) -> int:
        """The file descriptor of the stream."""
        return self._stream.fileno()

    def write(self, text: str) -> int:
        """Write the text as `printable` has it; returns the number of characters of `text`."""
        shown = printable(text)
        # A terminal that knows fewer characters gets the rest spelled out, rather than an exception.
        self._stream.write(shown.encode(self.encoding, "backslashreplace").decode(self.encoding))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        self._stream.flush()


def clean_output() -> None:
    """Clean standard output and standard error from now on, tracebacks at the very end included.

    The screen writes to the terminal by itself, and cleans what it shows by itself.
    """
    sys.stdout = CleanOutput(sys.stdout or _nowhere())
    sys.stderr = CleanOutput(sys.stderr or _nowhere())


def _nowhere() -> TextIO:
    """For a stream that was closed before ctui started: what is written to it is lost, as it is for any program."""
    return Path(os.devnull).open("w", encoding="utf-8")
