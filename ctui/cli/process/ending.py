"""How ctui ends from outside: by a signal, or because its terminal is gone.

Whatever the loop is doing, it is made to leave, and everything open is closed:

1. At once, the loop is asked to leave. If the terminal is gone, nothing more is written to it.
2. After `_HURRY_SECONDS`, ctui stops waiting for a terminal that accepts nothing.
3. After `_FORCE_SECONDS`, SystemExit interrupts a loop that has not left. asyncio then cancels every task, and each
   closes what it has open.
4. After `_GIVE_UP_SECONDS`, the process ends, closed or not. The store survives that, as it survives `kill -9`.

The exit code is 0, or 130 for SIGINT; in step 4 it is 128 plus the signal's number.
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
_CHECK_MILLISECONDS = 500
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Leaver(Protocol):
    """The app, as far as ending needs it."""

    def leave(self, code: int) -> None:
        """Leave with that exit code. Called on the loop."""

    def hurry(self) -> None:
        """Stop waiting for the terminal. Called from any thread."""

    def lose_terminal(self) -> None:
        """Write nothing more to the terminal. Called from any thread."""


class Ending:
    """Makes the app leave on a signal or when the terminal is gone. Create it on the main thread."""

    def __init__(self, app: Leaver, loop: asyncio.AbstractEventLoop) -> None:
        self._app = app
        self._loop = loop
        self._signals, self._signal_sink = os.pipe()
        os.set_blocking(self._signal_sink, False)
        self._left = threading.Event()
        self._closed = threading.Event()
        self._force: int | None = None

    @contextlib.contextmanager
    def watching(self) -> Iterator[None]:
        """Within this context, a signal or the loss of the terminal ends the app. Leave it when the app has closed."""
        # Unlike the loop's own, these handlers run even while the loop is stuck.
        for each in _SIGNALS:
            signal.signal(each, self._on_signal)
        threading.Thread(target=self._watch, name="ctui-ending", daemon=True).start()
        try:
            yield
        finally:
            self._closed.set()

    def _on_signal(self, number: int, _frame: object) -> None:
        """Handle a signal. It can come at any point, so no lock may be taken here."""
        if self._force is not None:
            code, self._force = self._force, None
            raise SystemExit(code)
        with contextlib.suppress(BlockingIOError):
            os.write(self._signal_sink, bytes([number]))

    def _watch(self) -> None:
        """Wait for a signal or for the terminal to hang up. Outside the terminal's session no SIGHUP says so."""
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
            # This system cannot poll terminals: check now and then.
            patience = _CHECK_MILLISECONDS
            for descriptor in ready:
                poll.unregister(descriptor)
        self._end(number)

    def _end(self, number: signal.Signals) -> None:
        began = time.monotonic()
        code = 128 + number if number is signal.SIGINT else 0
        if not terminal_lives():
            self._app.lose_terminal()
        with contextlib.suppress(RuntimeError):  # the loop is closed: everything has ended
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
    """False if the terminal has hung up. SIGHUP alone proves nothing: any process may send it."""
    try:
        for stream in _streams():
            termios.tcgetattr(stream)
    except (termios.error, OSError, ValueError):
        return False
    return True


def _streams() -> list[TextIO]:
    """The streams that keys come from and the screen is written to. Both are terminals."""
    return [stream for stream in (sys.__stdin__, sys.__stderr__) if stream is not None]
