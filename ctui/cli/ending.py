"""How ctui ends when it is told to from outside: by a signal, or because its terminal is gone.

Whatever the loop does at that moment, it is brought to leave, and what is open is closed:

1. at once the loop is asked to leave, and where the terminal is gone nothing is written to it any more;
2. after `_HURRY_SECONDS` a terminal that takes nothing is waited for no longer;
3. after `_FORCE_SECONDS` a loop that has not come to it is interrupted where it stands, by SystemExit: asyncio then
   cancels every task, and each closes what is its own;
4. after `_GIVE_UP_SECONDS` the process ends, closed or not. The store survives that, as it does a `kill -9`.

The exit code is 0, or 130 for SIGINT; at 4 it is 128 and the signal's number.
"""

import asyncio
import contextlib
import os
import select
import signal
import sys
import termios
import threading
import time
from collections.abc import Iterator
from typing import Protocol, TextIO

_HURRY_SECONDS = 0.3
_FORCE_SECONDS = 0.6
_GIVE_UP_SECONDS = 10.0
_LOOK_MILLISECONDS = 500
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Leaver(Protocol):
    """What is ended: the app."""

    def leave(self, code: int) -> None:
        """Leave with that exit code; called on the loop."""

    def hurry(self) -> None:
        """Do not wait for the terminal any longer; called from any thread."""

    def lose_terminal(self) -> None:
        """Write nothing more to the terminal; called from any thread."""


class Ending:
    """Hears signals and the end of the terminal, and sees to it that the app leaves. Made on the main thread."""

    def __init__(self, app: Leaver, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._loop = loop
        self._signals, self._heard_signal = os.pipe()
        os.set_blocking(self._heard_signal, False)
        self._left = threading.Event()
        self._closed = threading.Event()
        self._force: int | None = None

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """A signal, or a terminal that goes, ends the app from here on. To be left when the app has ended and closed
        what is its own."""
        # Unlike the loop's own, these handlers run even while the loop is stuck.
        for each in _SIGNALS:
            signal.signal(each, self._hear)
        threading.Thread(target=self._watch, name="ctui-ending", daemon=True).start()
        try:
            yield
        finally:
            self._closed.set()

    def _hear(self, number: int, _frame: object) -> None:
        """A signal has come, in the midst of anything: no lock may be taken here."""
        if self._force is not None:
            code, self._force = self._force, None
            raise SystemExit(code)
        with contextlib.suppress(BlockingIOError):
            os.write(self._heard_signal, bytes([number]))

    def _watch(self) -> None:
        """Wait for a signal, or until the terminal hangs up. No SIGHUP tells that to a process outside the terminal's
        session."""
        poll, patience = select.poll(), None
        poll.register(self._signals, select.POLLIN)
        for stream in _streams():
            poll.register(stream, 0)
        number = signal.SIGHUP
        while True:
            ready = dict(poll.poll(patience))
            if self._signals in ready:
                number = signal.Signals(os.read(self._signals, 1)[0])
                break
            if not terminal_lives():
                break
            # A system that cannot poll terminals: look at it now and then.
            patience = _LOOK_MILLISECONDS
            for descriptor in ready:
                poll.unregister(descriptor)
        self._see_to_it(number)

    def _see_to_it(self, number: signal.Signals) -> None:
        began = time.monotonic()
        code = 128 + number if number is signal.SIGINT else 0
        if not terminal_lives():
            self._app.lose_terminal()
        with contextlib.suppress(RuntimeError):  # the loop is closed: all has ended
            self._loop.call_soon_threadsafe(self._leave, code)
        if not self._closed.wait(_HURRY_SECONDS):
            self._app.hurry()
        main = threading.main_thread().ident
        if not self._left.wait(_FORCE_SECONDS - _HURRY_SECONDS) and main is not None:
            self._force = code
            signal.pthread_kill(main, number)
        time.sleep(max(0.0, began + _GIVE_UP_SECONDS - time.monotonic()))
        os._exit(128 + number)

    def _leave(self, code: int) -> None:
        self._left.set()
        self._app.leave(code)


def terminal_lives() -> bool:
    """False once the terminal has hung up; the signal alone may come from anybody."""
    try:
        for stream in _streams():
            termios.tcgetattr(stream)
    except (termios.error, OSError, ValueError):
        return False
    return True


def _streams() -> list[TextIO]:
    """What keys are read from and the screen is written to; both are terminals."""
    return [stream for stream in (sys.__stdin__, sys.__stderr__) if stream is not None]
