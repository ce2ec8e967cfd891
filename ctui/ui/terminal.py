"""The terminal as Textual drives it, except that what is written to it never keeps the program from ending.

Textual's writer dies of the first write to a terminal that is gone, and waits for ever for one that takes nothing; the
loop then waits for the writer. Textual offers no other way in than the driver's `_file`; tests/ui/test_terminal.py
holds it.
"""

import contextlib
import os
import select
import termios
import threading
from typing import Any, TextIO

from textual.drivers.linux_driver import LinuxDriver

_AS_A_SHELL_HAS_IT = b"".join(
    b"\x1b[" + mode for mode in (
        b"?2004l", b"?7h", b"?2048l", b"?1000l", b"?1003l", b"?1015l", b"?1006l", b"?1004l", b"<u", b"?1049l", b"?25h",
    )
)  # fmt: skip
"""What Textual writes at the end: paste, wrap, size reports, mouse, focus, keys, alternate screen, cursor."""
_LOOK_SECONDS = 0.1
"""How long a write waits for room at a time; after `hurry`, how long at all."""


class TerminalOutput:
    """A file to write text to: the terminal, until it is gone; what is written after that is dropped."""

    def __init__(self, file: TextIO) -> None:
        """`file` is open on a terminal, which is opened once more: whether its writes wait is then ours alone, while
        the shell shares what we were started with."""
        self._encoding = file.encoding
        self._errors = file.errors or "strict"
        self._file = file
        self._own = _open_again(file.fileno())
        self._hurried = threading.Event()
        self._gone = threading.Event()

    @property
    def gone(self) -> bool:
        """True once nothing reaches the terminal any more."""
        return self._gone.is_set()

    def fileno(self) -> int:
        """The descriptor that is written to."""
        return self._file.fileno() if self._own is None else self._own

    def write(self, text: str) -> int:
        """Write all of the text, waiting for room; returns its length. Raises nothing."""
        left = memoryview(text.encode(self._encoding, self._errors))
        while left and not self._gone.is_set():
            try:
                left = left[os.write(self.fileno(), left) :]
            except BlockingIOError:
                hurried = self._hurried.is_set()
                if not select.select([], [self.fileno()], [], _LOOK_SECONDS)[1] and hurried:
                    self._gone.set()
            except OSError:
                self._gone.set()
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def hurry(self) -> None:
        """From now on do not wait for a terminal that takes nothing: it counts as gone."""
        self._hurried.set()

    def give_up(self) -> None:
        """Write nothing more."""
        self._gone.set()

    def close(self) -> None:
        """Close what was opened once more. A terminal that took nothing is left what makes it a shell's again, should
        it go on one day."""
        own, self._own = self._own, None
        if own is None:
            return
        if self._gone.is_set():
            with contextlib.suppress(OSError, termios.error):
                termios.tcflush(own, termios.TCOFLUSH)
                os.write(own, _AS_A_SHELL_HAS_IT)
        self._gone.set()
        os.close(own)


class TerminalDriver(LinuxDriver):
    """Textual's driver, over a terminal that may go or stop at any time."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        assert self._file is not None, "without an error output there is no screen"
        self.output = TerminalOutput(self._file)
        self._file = self.output  # type: ignore[assignment]

    def close(self) -> None:
        """Write what is left, and close what is ours of the terminal."""
        super().close()
        self.output.close()


def _open_again(descriptor: int) -> int | None:
    """The terminal of a descriptor, opened so that writes to it do not wait; or None if it has no name here."""
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except (OSError, termios.error):
        return None
