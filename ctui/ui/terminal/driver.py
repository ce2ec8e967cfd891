"""The terminal as Textual drives it, except where that ends or confuses the program.

What is written to it never keeps the program from ending, and is in the characters of the locale. Keys are read in
them, and a byte that is none is no reason to end. A terminal that knows where a key is on a Latin layout is asked for
that (key_parser.py). While ctui is suspended, its output stays open.

Textual's writer dies of the first write to a terminal that is gone, and waits for ever for one that takes nothing; the
loop then waits for the writer. Textual offers no other way in than the driver's `_file`;
tests/ui/terminal/test_driver.py holds it.
"""

import codecs
import contextlib
import os
import select
import sys
import termios
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, TextIO

from textual import constants
from textual._parser import ParseError
from textual.drivers.linux_driver import LinuxDriver

from ctui.ui.terminal.key_parser import ASK_FOR_BASE_KEYS, KeyParser

_AS_A_SHELL_HAS_IT = b"".join(
    b"\x1b[" + mode for mode in (
        b"?2004l", b"?7h", b"?2048l", b"?1000l", b"?1003l", b"?1015l", b"?1006l", b"?1004l", b"<u", b"?1049l", b"?25h",
    )
)  # fmt: skip
"""What Textual writes at the end: paste, wrap, size reports, mouse, focus, keys, alternate screen, cursor."""
_LOOK_SECONDS = 0.1
"""How long a write waits for room at a time; after `hurry`, how long at all."""
_KEY_SECONDS = 0.1
"""How often the reader of keys looks whether it is to end, and whether an escape was the escape key."""
_MOST_BYTES = 4096


class TerminalOutput:
    """A file to write text to: the terminal, until it is gone; what is written after that is dropped."""

    def __init__(self, file: TextIO) -> None:
        """`file` is open on a terminal, which is opened once more: whether its writes wait is then ours alone, while
        the shell shares what we were started with."""
        self._encode = _encoder(file.encoding)
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
        left = memoryview(self._encode(text))
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

    def suspend_application_mode(self) -> None:
        """Give the terminal back as it was, until `resume_application_mode`."""
        self.stop_application_mode()
        super().close()

    def close(self) -> None:
        """Write what is left, and close what is ours of the terminal."""
        super().close()
        self.output.close()

    def run_input_thread(self) -> None:
        """Read keys and the mouse until `exit_event` or the end of the terminal, and post what they mean."""
        if not constants.DISABLE_KITTY_KEY:
            self.write(ASK_FOR_BASE_KEYS)
        parser = KeyParser()
        encoding = sys.__stdin__.encoding if sys.__stdin__ is not None else "utf-8"
        decode = codecs.getincrementaldecoder(encoding)(errors="replace").decode
        while not self.exit_event.is_set():
            if select.select([self.fileno], [], [], _KEY_SECONDS)[0]:
                if not (read := os.read(self.fileno, _MOST_BYTES)):
                    # The terminal has hung up. A reader that goes on would keep the process from ending.
                    break
                # An empty text would tell the parser that nothing more comes.
                for event in parser.feed(text) if (text := decode(read)) else ():
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)
        with contextlib.suppress(EOFError, ParseError):
            for event in parser.feed(""):
                self.process_message(event)


def _encoder(encoding: str) -> Callable[[str], bytes]:
    """What makes bytes of a text that is drawn."""
    if codecs.lookup(encoding).name == "utf-8":
        # A lone surrogate, which no text on the screen has, would raise.
        return partial(str.encode, errors="backslashreplace")
    from ctui.ui.terminal.charset import encoder  # noqa: PLC0415 - most locales are UTF-8

    return encoder(encoding)


def _open_again(descriptor: int) -> int | None:
    """The terminal of a descriptor, opened so that writes to it do not wait; or None if it has no name here."""
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except (OSError, termios.error):
        return None
