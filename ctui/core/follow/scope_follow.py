"""ScopeFollow: the passes over one scope. Each is an ordinary scan, stored and claimed as those of a query are."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from ctui.core.follow.schedule import Pass, Schedule
from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.knowledge import knowledge_in
from ctui.core.lookup.merged_scans import MergedScans
from ctui.core.lookup.planner import ScopeQuery, plan_gaps
from ctui.core.lookup.queue import LookupQueue, Priority
from ctui.core.server_clock import ServerClock
from ctui.errors import CtuiError
from ctui.model.clock import Clock
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.scan import Page
from ctui.model.values import dataclass
from ctui.store.columns import second_of
from ctui.store.events import EventStore
from ctui.store.writing import AddedRow

_RETRY_SECONDS = 60.0
"""Seconds until a scope is tried again that was refused, as after a login that ran out."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A page that a pass has brought and stored."""

    scope: Scope
    events: Sequence[tuple[Event, AddedRow]]
    received: datetime
    """When it came, by the service's clock or by ours: whichever says later."""
    counted_from: int | None
    """From this epoch second on, what is new in the store has just become available; None if that is not known,
    since the scope was not looked at for a while."""
    newest: int
    """The second of the newest event that was here when the pass began."""


class _OpenPass:
    """A pass that has started."""

    def __init__(self, query: ScopeQuery, gaps: Sequence[GapScan], scans: MergedScans, pinned: int) -> None:
        self.query = query
        self.gaps = gaps
        self.scans = scans
        self.pinned = pinned
        self.counted_from: int | None = None
        self.newest = 0

    def next_gap(self) -> GapScan | None:
        """The newest gap that is not at its end and brings something."""
        return next((gap for gap in self.gaps if not (gap.done or gap.stuck)), None)

    def looked_at(self, gap: GapScan) -> Stretch | None:
        """The seconds of a gap that its pages have covered, as far as they were over when it was pinned."""
        reached = gap.reached
        return None if reached is None else Stretch.between(reached.start, min(reached.end, self.pinned + 1))


class ScopeFollow:
    """Makes the passes that are due, a page at a time, and stands still between them."""

    def __init__(
        self,
        scope: Scope,
        schedule: Schedule,
        queue: LookupQueue,
        clock: Clock,
        server_clock: ServerClock,
        *,
        new_scans: Callable[[], MergedScans],
        wanted: Callable[[], bool],
        arrived: Callable[[Arrived], Awaitable[None]],
        known: Callable[[Scope, Stretches], Awaitable[None]],
    ) -> None:
        """`new_scans` returns scans that store their pages; `wanted`: whether events are still to be followed.

        `arrived` is awaited with each page that was stored, and `known` with seconds that are not asked for, because
        the store has every event of them.
        """
        self.scope = scope
        self.schedule = schedule
        self.error: CtuiError | None = None
        """Why the last call failed; None once one succeeds."""
        self._queue = queue
        self._clock = clock
        self._server_clock = server_clock
        self._new_scans = new_scans
        self._wanted = wanted
        self._arrived = arrived
        self._known = known
        self._open: dict[Pass, _OpenPass] = {}
        self._not_before = float("-inf")

    @property
    def due(self) -> bool:
        """True if a pass is to begin or to go on."""
        return self._clock.monotonic() >= self._not_before and self._next() is not None

    def stop(self) -> None:
        """Forget what has started: the next pass begins where it is not known what happened."""
        self._open.clear()
        self.try_now()

    def try_now(self) -> None:
        """A refusal of before is no reason to wait any more."""
        self._not_before = float("-inf")

    async def run(self, store: EventStore) -> None:
        """Make all passes that are due. Raises what `LookupQueue.page` raises, and StoreError."""
        while self._wanted() and (one := self._next()) is not None:
            await self._step(one, store)

    def failed(self, error: CtuiError) -> None:
        """Make no pass for a while: this has ended the last one."""
        self.error = error
        self._not_before = self._clock.monotonic() + _RETRY_SECONDS

    def _next(self) -> Pass | None:
        second = second_of(self._server_clock.time().earliest)
        return self.schedule.next_pass(self._clock.monotonic(), second, self._open)

    async def _step(self, one: Pass, store: EventStore) -> None:
        """Begin a pass, or load its next page."""
        if one is not Pass.WRITES:
            # The scope is no longer behind: the passes over all events have what is left of the writes.
            self._open.pop(Pass.WRITES, None)
        if (opened := self._open.get(one)) is None:
            opened = self._open[one] = await self._begin(one, store)
        if (gap := opened.next_gap()) is not None:
            page = await gap.next_page(self._queue, Priority.FOLLOW, self._wanted, patient=True)
            if page is not None:
                await self._add(one, opened, gap, page)
        if opened.next_gap() is None:
            del self._open[one]
            if one is not Pass.WRITES and all(gap.done for gap in opened.gaps):
                self.schedule.looked_at(Stretch.between(opened.query.start or 0, opened.pinned + 1))
                self.schedule.ended(opened.query, opened.pinned)

    async def _begin(self, one: Pass, store: EventStore) -> _OpenPass:
        """Plan a pass by what is known now. Raises StoreError."""
        time = self._server_clock.time()
        pinned, schedule = second_of(time.earliest), self.schedule
        counted_from = None if schedule.is_behind(pinned) else schedule.counted_from
        newest, query = schedule.newest, schedule.begin(one, self.scope, time, self._clock.monotonic())
        # What was asked for within an hour is asked for once more by the pass over the last hour.
        known = knowledge_in(store, query, time).known
        if one is Pass.LATE:
            known = lambda attribute: store.coverage(query.scope, attribute).settled  # noqa: E731
        gaps = [GapScan(scan) for scan in plan_gaps(query, known, query.clauses[0] if query.clauses else ())]
        scans = self._new_scans()
        scans.begin(store, [query], time, offline=True)
        opened = _OpenPass(query, gaps, scans, pinned)
        opened.counted_from, opened.newest = counted_from, newest
        if one in (Pass.NEWEST, Pass.RECENT) and (skipped := known(None).intersect(Stretches.of(query.stretch))):
            await self._known(self.scope, skipped)
        return opened

    async def _add(self, one: Pass, opened: _OpenPass, gap: GapScan, page: Page) -> None:
        """Store a page, and say what it has brought. Raises StoreError."""
        effect = await opened.scans.add_page(gap, page)
        self.error = None
        if one is not Pass.WRITES:
            self.schedule.looked_at(opened.looked_at(gap))
        pairs = tuple(zip(page.events, effect.stored, strict=True))
        for event, row in pairs:
            if event.timed:
                self.schedule.saw(row.second, write=one is Pass.WRITES)
        received = max(filter(None, (page.received, page.server_time)), default=self._clock.now())
        await self._arrived(Arrived(self.scope, pairs, received, opened.counted_from, opened.newest))
