"""A clock for tests: it runs with real time or stands still, and can be moved from any thread."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta


class WorldClock:
    """A Clock. `ticking` lets real time pass; `move` skips ahead and wakes every sleep that is over."""

    def __init__(self, start: datetime | None = None, *, ticking: bool = True) -> None:
        self._start = start or datetime.now(UTC)
        self._ticking = ticking
        self._origin = time.monotonic()
        self._moved = 0.0
        self._lock = threading.Lock()
        self._sleepers: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()

    def now(self) -> datetime:
        """The time of this clock, in UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        passed = time.monotonic() - self._origin if self._ticking else 0.0
        return passed + self._moved

    async def sleep(self, seconds: float) -> None:
        """Return when `monotonic` has moved on by that many seconds."""
        end = self.monotonic() + seconds
        sleeper = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._sleepers.add(sleeper)
        try:
            while (left := end - self.monotonic()) > 0:
                sleeper[1].clear()
                try:
                    await asyncio.wait_for(sleeper[1].wait(), left if self._ticking else None)
                except TimeoutError:
                    continue
        finally:
            with self._lock:
                self._sleepers.discard(sleeper)

    def move(self, seconds: float) -> None:
        """Move forward by that many seconds. Call it from any thread."""
        with self._lock:
            self._moved += seconds
            for loop, event in self._sleepers:
                loop.call_soon_threadsafe(event.set)
