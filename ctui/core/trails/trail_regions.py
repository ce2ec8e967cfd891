"""TrailRegions: the status of a multi-Region trail in each Region, read when a person asks for it and not again."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from ctui.core.signal import Signal
from ctui.core.sources import Gateway
from ctui.core.tasks import Tasks
from ctui.core.trails.trail_book import TrailBook
from ctui.errors import BadCredentials, CtuiError, ExpiredLogin, NoCredentials
from ctui.model.region import RegionStatus
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class RegionReading:
    """The trail's status in one Region. With neither status nor error it is still being read."""

    region: str
    status: TrailStatus | None = None
    error: CtuiError | None = None
    """Why it could not be read; there is no status then."""

    @property
    def answered(self) -> bool:
        """Whether the status came, or could not be read."""
        return self.status is not None or self.error is not None


@dataclass(frozen=True, slots=True)
class RegionsState:
    """What is known of a trail in each Region."""

    at: datetime
    """When it was asked for, by the service's clock."""
    readings: tuple[RegionReading, ...] = ()
    """The home Region first, the others by name; empty until it is known which Regions there are."""
    not_enabled: tuple[str, ...] = ()
    """Regions that are not read, since the service says that they are not enabled."""
    unlisted: CtuiError | None = None
    """Why it is not known which Regions are enabled: then those that ctui's libraries know are read."""
    error: CtuiError | None = None
    """Why nothing was read."""

    @property
    def reading(self) -> bool:
        """Whether something is still being read."""
        return self.error is None and not (self.readings and all(each.answered for each in self.readings))


@dataclass(slots=True)
class _Run:
    """One reading of a trail, and what has come of it."""

    trail: Trail
    gateway: Gateway
    state: RegionsState
    task: asyncio.Task[None] | None = None


class TrailRegions:
    """Reads at the pace of the trail book, all Regions side by side, so that one that hangs holds up no other."""

    def __init__(
        self, book: TrailBook, tasks: Tasks, gateway: Callable[[], Gateway | None], now: Callable[[], datetime]
    ) -> None:
        """`gateway`: the one in use now; None without a connection. `now`: the service's time."""
        self.changed: Signal[None] = Signal()
        """Publishes that something was read."""
        self._book = book
        self._tasks = tasks
        self._gateway = gateway
        self._now = now
        self._listed: tuple[Gateway, tuple[RegionStatus, ...]] | None = None
        """A gateway, and what it said of the Regions: each is asked once."""
        self._runs: dict[str, _Run] = {}

    def of(self, trail: Trail) -> RegionsState | None:
        """What was read of this trail, or is being read; None if it was not asked for, or was hidden."""
        run = self._runs.get(trail.key)
        # Another gateway may be of another login.
        return run.state if run is not None and run.gateway is self._gateway() else None

    def toggle(self, trail: Trail) -> None:
        """Read this trail's status in each Region; or stop that, and forget it."""
        hide = self.of(trail) is not None
        if (before := self._runs.pop(trail.key, None)) is not None and before.task is not None:
            before.task.cancel()
        if not hide:
            gateway = self._gateway()
            assert gateway is not None, "the action is off without a connection"
            run = self._runs[trail.key] = _Run(trail, gateway, RegionsState(self._now()))
            run.task = self._tasks.start(self._read(run), "trail in each Region")
        self.changed.publish(None)

    async def _read(self, run: _Run) -> None:
        try:
            names = await self._regions(run)
        except CtuiError as error:
            self._change(run, error=error)
            return
        home = run.trail.home_region or run.gateway.connection.region
        regions = (home, *sorted(name for name in names if name != home))
        self._change(run, readings=tuple(map(RegionReading, regions)))
        async with asyncio.TaskGroup() as group:
            for region in regions:
                group.create_task(self._read_one(run, region))

    async def _regions(self, run: _Run) -> Iterable[str]:
        """The Regions to read. Raises an error of the login."""
        if self._listed is None or self._listed[0] is not run.gateway:
            try:
                self._listed = run.gateway, await self._tasks.guard(run.gateway.list_regions())
            except (ExpiredLogin, NoCredentials, BadCredentials):
                raise
            except CtuiError as error:
                self._change(run, unlisted=error)
                return run.gateway.known_regions
        listed = self._listed[1]
        self._change(run, not_enabled=tuple(sorted(region.name for region in listed if not region.enabled)))
        return [region.name for region in listed if region.enabled]

    async def _read_one(self, run: _Run, region: str) -> None:
        try:
            reading = RegionReading(region, await self._tasks.guard(self._book.status(run.trail, region)))
        except CtuiError as error:
            reading = RegionReading(region, error=error)
        readings = (reading if each.region == region else each for each in run.state.readings)
        self._change(run, readings=tuple(readings))

    def _change(self, run: _Run, **changes: object) -> None:
        run.state = replace(run.state, **changes)  # type: ignore[arg-type]
        self.changed.publish(None)
