"""Clocks that tests move: by hand, or on their own whenever somebody sleeps."""

import asyncio
import heapq
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
"""Where fake clocks begin, unless told otherwise."""


class FakeClock:
    """Stands still until `advance` moves it; sleepers whose time has come then wake, earliest first."""

    def __init__(self, start: datetime = EPOCH) -> None:
        self._start = start
        self._elapsed = 0.0
        self._order = itertools.count()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        """The start and what has been added since."""
        return self._start + timedelta(seconds=self._elapsed)

    def jump(self, by: timedelta) -> None:
        """The wall clock is set, or the computer slept: no second has passed for who measures."""
        self._start += by

    def monotonic(self) -> float:
        """Seconds added since the start."""
        return self._elapsed

    @property
    def sleepers(self) -> int:
        """How many are asleep."""
        return sum(not future.done() for _, _, future in self._sleepers)

    async def sleep(self, seconds: float) -> None:
        """Wait until `advance` has moved the clock that far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._elapsed + seconds, next(self._order), future))
        await future

    def advance(self, seconds: float) -> None:
        """Move on at one stroke; who slept runs at the loop's next turn."""
        self._elapsed += seconds
        while self._sleepers and self._sleepers[0][0] <= self._elapsed:
            future = heapq.heappop(self._sleepers)[2]
            if not future.done():
                future.set_result(None)


_PATIENT_TURNS = 10
"""Turns of the loop between two jumps of time, so that what needs no time happens first."""


class AutoClock(FakeClock):
    """Jumps to the moment of the earliest sleeper once the loop has turned a few times: waits cost no real time."""

    def __init__(self, start: datetime = EPOCH) -> None:
        super().__init__(start)
        self._due: list[tuple[float, int]] = []
        self._jumps = 0
        self._held = 0
        self._free = asyncio.Event()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Time stands still while something is awaited that takes real time, such as an answer over a socket: how long
        that takes is the machine's affair, and must not decide what comes first."""
        self._held += 1
        self._free.clear()
        try:
            yield
        finally:
            self._held -= 1
            if not self._held:
                self._free.set()

    @property
    def is_held(self) -> bool:
        """Whether time stands still for something that takes real time."""
        return self._held > 0

    async def sleep(self, seconds: float) -> None:
        """Return once every earlier sleeper and whom it woke have had their turns, with the clock moved on."""
        mine = (self._elapsed + max(0.0, seconds), next(self._order))
        heapq.heappush(self._due, mine)
        try:
            quiet, jumps = 0, self._jumps
            while quiet < _PATIENT_TURNS:
                if self._held:
                    await self._free.wait()
                    quiet = 0
                await asyncio.sleep(0)
                quiet = quiet + 1 if self._due[0] == mine and self._jumps == jumps else 0
                jumps = self._jumps
            self._elapsed = max(self._elapsed, mine[0])
            self._jumps += 1
        finally:
            self._due.remove(mine)
            heapq.heapify(self._due)


class RunningClock(AutoClock):
    """Time goes on while a service is asked something: where a call has no answer, what it waits for comes anyway."""

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing stands still."""
        yield
