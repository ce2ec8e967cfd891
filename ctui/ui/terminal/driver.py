"""The terminal as Textual drives it, except where that ends or confuses the program.

What is written to it never keeps the program from ending, and is in the characters of the locale. Keys are read in
them, and a byte that is none is no reason to end. While ctui is suspended, its output stays open.

The kitty protocol can report three codes of a key: what it writes, what it writes with shift, and the key of a US
layout in the same place. Textual asks for none but the first, and its parser raises at the others.
https://sw.kovidgoyal.net/kitty/keyboard-protocol/#key-codes

Textual's writer dies of the first write to a terminal that is gone, and waits for ever for one that takes nothing; the
loop then waits for the writer. Textual offers no other way in than the driver's `_file`;
tests/ui/terminal/test_driver.py holds it.
"""

import codecs
import contextlib
import os
import re
import select
import signal
import sys
import termios
import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, TextIO

from textual import constants
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.keys import Keys
from textual.message import Message

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
_ASK_FOR_BASE_KEYS = "\x1b[=4;2u"
"""Adds "report alternate keys" to what the terminal was asked for already; it ends with that."""
_KEY = re.compile(r"\x1b\[(\d+):\d*(?::(\d+))?(?:;(\d*)(?:;([\d:]*))?)?u")
_SHIFT = 1
_CAPS = 64
_WITH_SHIFT = str.maketrans("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?')
"""A US layout: letters aside."""


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


class PlacedKey(Key):
    """A key of which is known what a US layout has in its place. `KeyboardLayout` says which of both is meant."""

    def __init__(self, key: str, character: str | None, base: str) -> None:
        """`base`: Textual's name of the key of a US layout."""
        super().__init__(key, character)
        self.base = base


class KeyParser(XTermParser):
    """Makes a PlacedKey of a key that is another one on a US layout, and is as Textual's otherwise.

    Where Textual's raises, which would end the program, it goes on.
    """

    def parse_mouse_code(self, code: str) -> Message | None:
        """Textual divides by the size of the screen in pixels, which a terminal that does not know it gives as 0."""
        if self.terminal_pixel_size is not None and not all(self.terminal_pixel_size):
            self.mouse_pixels = False
        return super().parse_mouse_code(code)

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        try:
            for key in self._keys(sequence, alt):
                (key.character or "").encode()
                yield key
        except (ValueError, OverflowError):
            # Its numbers are those of no character, or of half of one.
            yield Key(Keys.Ignore, None)

    def _keys(self, sequence: str, alt: bool) -> Iterable[Key]:
        whole = _KEY.fullmatch(sequence)
        if whole is None:
            yield from super()._sequence_to_key_events(sequence, alt)
            return
        code, base, modifiers, text = whole.groups(default="")
        base_key = self._on_us_layout(int(base), modifiers, bool(text)) if base else ""
        for key in super()._sequence_to_key_events(_written(code, modifiers, text), alt):
            placed = base_key not in ("", key.key)
            yield PlacedKey(key.key, key.character, base_key) if placed else key

    def _on_us_layout(self, code: int, modifiers: str, writes: bool) -> str:
        """The name of a key, of the codes that the protocol gives for it."""
        bits = int(modifiers or 1) - 1
        character = chr(code)
        if writes and bits & (_SHIFT | _CAPS) and character.isalpha():
            character = character.upper()
        elif writes and bits & _SHIFT:
            character = character.translate(_WITH_SHIFT)
        text = str(ord(character)) if writes else ""
        keys = list(super()._sequence_to_key_events(_written(str(code), modifiers, text)))
        return keys[0].key if keys else ""


class TerminalDriver(LinuxDriver):
    """Textual's driver, over a terminal that may go or stop at any time."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        assert self._file is not None, "without an error output there is no screen"
        self.output = TerminalOutput(self._file)
        self._file = self.output  # type: ignore[assignment]
        self._taken = False

    def start_application_mode(self) -> None:
        """Take the terminal."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._taken = True

    def stop_application_mode(self) -> None:
        """Give the terminal back for good: a SIGCONT, which some send after SIGTERM, must not take it again."""
        for each in (signal.SIGTSTP, signal.SIGCONT):
            signal.signal(each, signal.SIG_DFL)
        super().stop_application_mode()

    def suspend_application_mode(self) -> None:
        """Give the terminal back as it was, until `resume_application_mode`."""
        self._taken = False
        super().stop_application_mode()
        super().close()

    def resume_application_mode(self) -> None:
        """Take the terminal. If it was never given back, as when SIGSTOP has stopped the process, it is given back
        first: a shell has changed its modes, and Textual would read keys twice and never end."""
        if self._taken:
            before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            with self.no_automatic_restart():
                self.suspend_application_mode()
            signal.signal(signal.SIGTTOU, before)
            self.send_message(self.SignalResume())
        super().resume_application_mode()

    def close(self) -> None:
        """Write what is left, and close what is ours of the terminal."""
        super().close()
        self.output.close()

    def run_input_thread(self) -> None:
        """Read keys and the mouse until `exit_event` or the end of the terminal, and post what they mean."""
        if not constants.DISABLE_KITTY_KEY:
            self.write(_ASK_FOR_BASE_KEYS)
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
    from ctui.render.text.charset import encoder  # noqa: PLC0415 - most locales are UTF-8

    return encoder(encoding)


def _open_again(descriptor: int) -> int | None:
    """The terminal of a descriptor, opened so that writes to it do not wait; or None if it has no name here."""
    try:
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except (OSError, termios.error):
        return None


def _written(code: str, modifiers: str, text: str) -> str:
    """The sequence of a key with the codes that Textual knows."""
    return f"\x1b[{code};{modifiers};{text}u" if text else f"\x1b[{code};{modifiers or 1}u"
