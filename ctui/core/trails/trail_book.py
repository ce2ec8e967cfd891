"""TrailBook: the trails of the working Region, each with its status."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from ctui.core.lookup.pacing.pace import Pace, SentCall
from ctui.core.server_clock import ServerClock
from ctui.core.signal import Signal
from ctui.core.sources import Gateway
from ctui.core.tasks import Tasks, ended
from ctui.errors import CtuiError, IncompleteAnswer, ServiceError, Throttled
from ctui.model.clock import Clock
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.model.values import dataclass

T = TypeVar("T")

READS_A_SECOND = 10.0
"""DescribeTrails and GetTrailStatus: ten calls a second for each account and Region (AWS quotas)."""
_DELAYS = (0.5, 1.0, 2.0)
"""Seconds before each retry of a call that was throttled, got an HTTP 5xx, or got an answer that is incomplete."""


class TrailsPhase(StrEnum):
    """What the trail book is doing."""

    WAITING = "waiting"
    """There is no connection yet."""
    LOADING = "loading"
    """There may be entries already: earlier ones, or trails whose status is still loading."""
    READY = "ready"
    FAILED = "failed"
    """The trails could not be listed. Earlier entries are kept."""


@dataclass(frozen=True, slots=True)
class StatusReading:
    """Where and when a status was read."""

    region: str
    """The Region whose status it is."""
    at: datetime
    """When the answer came, by the service's clock."""
    second: float
    """The monotonic second of that."""


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One trail. With neither status nor error its status is still loading."""

    trail: Trail
    status: TrailStatus | None
    error: CtuiError | None
    """Why the status could not be read; there is none then."""
    reading: StatusReading | None = field(default=None, compare=False)
    """Where and when `status` was read; None if it was not."""
    stale: CtuiError | None = None
    """Why `status` could not be read again since: it is that of `reading`."""

    @property
    def trouble(self) -> CtuiError | None:
        """Why the last attempt to read the status failed; None if it did not."""
        return self.error or self.stale


@dataclass(frozen=True, slots=True)
class TrailsState:
    """The trail book at a glance."""

    phase: TrailsPhase
    entries: tuple[TrailEntry, ...]
    """Sorted by name, then home Region. What the service lists without a name is at the end."""
    error: CtuiError | None
    """Why the trails could not be listed."""


class TrailBook:
    """Lists trails and reads their statuses at an even pace. A failure is kept as a value, with what is known."""

    def __init__(self, clock: Clock, server_clock: ServerClock, tasks: Tasks) -> None:
        self.changed: Signal[TrailsState] = Signal()
        self.state = TrailsState(TrailsPhase.WAITING, (), None)
        self._clock = clock
        self._server_clock = server_clock
        self._tasks = tasks
        self._pace = Pace(READS_A_SECOND)
        self._gateway: Gateway | None = None
        self._task: asyncio.Task[None] | None = None
        self._again: asyncio.Task[None] | None = None
        """Reads one status again."""

    def connect(self, gateway: Gateway) -> None:
        """Read through this gateway from now on."""
        self._gateway = gateway

    def refresh(self) -> None:
        """List the trails and read their statuses again. A refresh that is running is started again."""
        self._start(None)

    def show(self, trails: tuple[Trail, ...] | None) -> None:
        """Read the statuses of trails that were listed just now; list them first if `trails` is None."""
        self._start(trails)

    def read_again(self, entry: TrailEntry) -> bool:
        """Read this trail's status again, in its home Region and by one call: a throttled one is not repeated.

        What was known stays if that fails. Returns False, and does nothing, while statuses are being read.
        """
        if self.state.phase is TrailsPhase.LOADING or (self._again is not None and not self._again.done()):
            return False
        self._again = self._tasks.start(self._read_again(entry), "trail status")
        return True

    def drop_reading(self) -> None:
        """Forget the status that `read_again` is about to get: a change may make it untrue before it comes."""
        if self._again is not None:
            self._again.cancel()

    async def idle(self) -> None:
        """Return when no list of trails is being read."""
        while self._task is not None and not self._task.done():
            await ended(self._task)

    async def describe(self, region: str | None = None) -> tuple[Trail, ...]:
        """The trails as the service lists them now, by default in the working Region. Raises its errors."""
        gateway = self._connected()
        return await self._paced(lambda: gateway.describe_trails(region or gateway.connection.region))

    async def status(self, trail: Trail, region: str) -> TrailStatus:
        """A trail's status as this Region reports it now. Raises the service's errors."""
        return await self._paced(lambda: self._get_status(trail, region))

    async def _get_status(self, trail: Trail, region: str) -> TrailStatus:
        name = trail.key if trail.is_shadow_in(region) or trail.is_organization_trail else trail.name
        return await self._connected().get_trail_status(region, name)

    def _connected(self) -> Gateway:
        assert self._gateway is not None, "connect comes before reading"
        return self._gateway

    def _start(self, trails: tuple[Trail, ...] | None) -> None:
        if self._gateway is None:
            return
        self.drop_reading()
        if self._task is not None:
            self._task.cancel()
        self._task = self._tasks.start(self._load(trails), "trails")
        self._change(phase=TrailsPhase.LOADING, error=None)

    async def _load(self, trails: tuple[Trail, ...] | None) -> None:
        phase, error = TrailsPhase.READY, None
        try:
            await self._tasks.guard(self._read(trails))
        except CtuiError as failure:
            phase, error = TrailsPhase.FAILED, failure
        finally:
            if self._task is asyncio.current_task():
                self._task = None
                self._change(phase=phase, error=error)

    async def _read(self, trails: tuple[Trail, ...] | None) -> None:
        self._list(await self.describe() if trails is None else trails)
        async with asyncio.TaskGroup() as group:
            for entry in self.state.entries:
                if not entry.trail.name:
                    continue
                group.create_task(self._read_status(entry))

    def _list(self, trails: tuple[Trail, ...]) -> None:
        """Show the trails. Known ones keep their status until the new one is read."""
        before = {entry.trail.key: entry for entry in self.state.entries}
        ordered = sorted(trails, key=lambda trail: (not trail.name, trail.name, trail.home_region or "", trail.key))
        unread = TrailEntry(Trail(""), None, None)
        entries = tuple(
            replace(before.get(trail.key, unread), trail=trail, error=_nameless(trail), stale=None) for trail in ordered
        )
        self._change(entries=entries)

    async def _read_status(self, entry: TrailEntry) -> None:
        """Read it where it was read before, so that it does not change between two Regions; first in ours."""
        trail = entry.trail
        region = entry.reading.region if entry.reading is not None else self._connected().connection.region
        try:
            status = await self._tasks.guard(self.status(trail, region))
        except CtuiError as failure:
            self._put(TrailEntry(trail, None, failure))
        else:
            self._put(TrailEntry(trail, status, None, self._reading(region)))

    async def _read_again(self, entry: TrailEntry) -> None:
        trail = entry.trail
        region = trail.home_region or self._connected().connection.region
        try:
            status = await self._tasks.guard(self._call(lambda: self._get_status(trail, region)))
        except CtuiError as failure:
            known = entry.status is not None
            self._put(replace(entry, stale=failure) if known else replace(entry, error=failure))
        else:
            self._put(TrailEntry(trail, status, None, self._reading(region)))

    def _reading(self, region: str) -> StatusReading:
        return StatusReading(region, self._server_clock.now(), self._clock.monotonic())

    def _put(self, new: TrailEntry) -> None:
        entries = (new if entry.trail == new.trail else entry for entry in self.state.entries)
        self._change(entries=tuple(entries))

    async def _paced(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call at our pace; retry a few times if it is throttled or the service fails."""
        for delay in _DELAYS:
            try:
                return await self._call(call)
            except IncompleteAnswer:
                pass
            except ServiceError as error:
                if not isinstance(error, Throttled) and error.status < 500:
                    raise
            await self._clock.sleep(delay)
        return await self._call(call)

    async def _call(self, call: Callable[[], Awaitable[T]]) -> T:
        while (wait := self._pace.ready_at() - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait)
        self._pace.send(SentCall(self._clock.monotonic()))
        answer = await call()
        self._server_clock.update(self._connected().server_time)
        return answer

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self.changed.publish(self.state)


def trail_among(trails: Iterable[Trail], matches: Callable[[Trail], bool]) -> Trail | None:
    """The trail that matches, or None. Raises CtuiError if none does and one of them could not be read."""
    listed = list(trails)
    match = next((trail for trail in listed if trail.name and matches(trail)), None)
    for trail in listed:
        if match is None and (error := _nameless(trail)) is not None:
            raise error
    return match


def _nameless(trail: Trail) -> CtuiError | None:
    """The error of a trail that the service lists without a name, or None if it has one."""
    if trail.name:
        return None
    return CtuiError(
        "A trail cannot be read",
        "The service lists a trail without a name.",
        "Press r to refresh.",
    )
