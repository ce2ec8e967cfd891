"""EventFeed: the growing answer to one lookup."""

import asyncio
from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from ctui.core.queue import LookupQueue, Priority, Unwanted
from ctui.core.rows import Rows
from ctui.core.tasks import Tasks
from ctui.core.topic import Topic
from ctui.core.walk import Walk
from ctui.errors import CtuiError, InvalidNextToken
from ctui.model.connection import Scope
from ctui.model.lookup import Lookup
from ctui.model.scan import Page, Scan
from ctui.store.events import EventStore

PAGES_WITHOUT_A_ROW = 5
"""How many pages the cursor's nearing the end may cost while none of them shows a new row."""


class FeedPhase(StrEnum):
    """What a feed is doing."""

    WAITING = "waiting"
    """For a connection."""
    LOADING = "loading"
    PAUSED = "paused"
    """More may follow when it is asked for."""
    COMPLETE = "complete"
    """The last page of the range is in."""
    FAILED = "failed"
    """What has arrived is kept; `retry` goes on."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """A feed at a glance."""

    phase: FeedPhase
    loaded: int
    """Rows visible: the length of the feed's `ids`."""
    scanned: int
    """Events received from the service, those told twice counted once."""
    more: bool
    """True where the service has more pages, or may have."""
    pages: int
    """Pages received."""
    draining: bool
    """True while everything in range is being loaded."""
    oldest: datetime | None
    """How far back pages have reached, UTC."""
    newest: datetime | None
    """The newest event shown, UTC."""
    error: CtuiError | None
    """Why the feed failed."""
    lookup: Lookup
    scan: Scan | None
    """The question as it was pinned; None until it has begun."""


class EventFeed:
    """Row ids, newest first, that grow as pages arrive. Its methods never block; they start a task and return."""

    def __init__(
        self, lookup: Lookup, tasks: Tasks, queue: LookupQueue, arrived: Callable[[Page], None] = lambda page: None
    ) -> None:
        """`arrived` hears of every page once it is stored."""
        self.changed: Topic[FeedState] = Topic()
        self.lookup = lookup
        self._tasks = tasks
        self._queue = queue
        self._arrived = arrived
        self._rows = Rows()
        self._walks: list[Walk] = []
        self._store: EventStore | None = None
        self._task: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._error: CtuiError | None = None
        self._pages = 0
        # What is wished: pages until a row shows, pages in any case, and all of them.
        self._seek = 0
        self._asked_pages = 0
        self._draining = False

    @property
    def ids(self) -> "array[int]":
        """Row ids in the store, newest first; read-only for others."""
        return self._rows.ids

    @property
    def state(self) -> FeedState:
        """How things stand at this moment."""
        phase = self._phase()
        reached = [walk.oldest for walk in self._walks]
        known = [second for second in reached if second is not None]
        return FeedState(
            phase=phase,
            loaded=len(self._rows),
            scanned=len(self._rows),
            more=not self._walks or any(not walk.done for walk in self._walks),
            pages=self._pages,
            draining=self._draining and phase is FeedPhase.LOADING,
            # Several scans are as far back as the one that lags behind.
            oldest=_instant(max(known)) if known and len(known) == len(reached) else None,
            newest=_instant(self._rows.second_at(0)) if self._rows else None,
            error=self._error,
            lookup=self.lookup,
            scan=self._walks[0].scan if self._walks else None,
        )

    def _phase(self) -> FeedPhase:
        if not self._walks:
            return FeedPhase.WAITING
        if self._error is not None:
            return FeedPhase.FAILED
        if self._task is not None:
            return FeedPhase.LOADING
        return FeedPhase.COMPLETE if all(walk.done for walk in self._walks) else FeedPhase.PAUSED

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index of `ids`."""
        return self._rows.second_at(index)

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, that is older than an epoch second; the count where none is."""
        return self._rows.first_before(second, start)

    def index_of(self, row_id: int) -> int | None:
        """Where a row stands in `ids`, None where it does not; reads its second from the store, then searches."""
        second = None if self._store is None else self._store.second(row_id)
        return None if second is None else self._rows.index_of(row_id, second)

    def begin(self, store: EventStore, scans: Sequence[Scan]) -> None:
        """Connected: load the first page of these pinned scans, or the first that shows a row."""
        self._store = store
        self._walks = [Walk(scan) for scan in scans]
        self._seek = PAGES_WITHOUT_A_ROW
        self._go()

    def near_end(self) -> None:
        """The cursor nears the end: load until a new row shows, five pages at most. Nothing unless paused."""
        if self._phase() is FeedPhase.PAUSED:
            self._seek = PAGES_WITHOUT_A_ROW
            self._go()

    def more(self) -> None:
        """Load the next page; while one is loading, the one after it too."""
        if self._phase() not in (FeedPhase.WAITING, FeedPhase.COMPLETE):
            self._asked_pages += 1
            self._go()

    def everything(self) -> None:
        """Load all pages in range, until they are in or `stop` is called."""
        if self._phase() not in (FeedPhase.WAITING, FeedPhase.COMPLETE):
            self._draining = True
            self._go()

    def retry(self) -> None:
        """After a failure: go on from where it stands, with what was under way."""
        if self._phase() is FeedPhase.FAILED:
            self._seek = max(self._seek, 1)
            self._go()

    def stop(self) -> bool:
        """End a running load; True if there was one. A page that is being stored still joins the rows."""
        self._seek, self._asked_pages, self._draining = 0, 0, False
        if self._task is None:
            return False
        if self._asking is self._task:
            self._task.cancel()
            self._task = None
        self._publish()
        return True

    async def idle(self) -> None:
        """Return when nothing is loading."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    def settle(self, provisional: Scope, settled: Scope) -> None:
        """The account is known now: what arrives from here on is stored under its name."""
        for walk in self._walks:
            walk.settle(provisional, settled)
        self._publish()

    def rename(self, moved: Mapping[int, int]) -> None:
        """The store keeps some events under other ids than before: old id -> kept id."""
        self._rows.rename(moved)
        self._publish()

    def _wishes(self) -> bool:
        return self._draining or self._asked_pages > 0 or self._seek > 0

    def _go(self) -> None:
        self._error = None
        if self._task is None:
            self._task = self._tasks.start(self._load(), "feed")
        self._publish()

    async def _load(self) -> None:
        try:
            while self._wishes() and (walk := self._next_walk()) is not None:
                await self._step(walk)
        except Unwanted:
            self._seek, self._asked_pages, self._draining = 0, 0, False
        except CtuiError as error:
            self._error = error
        finally:
            if self._task is asyncio.current_task():
                self._task = None
                self._publish()

    def _next_walk(self) -> Walk | None:
        """The walk that lags behind the others, so that all reach back alike."""
        open_walks = [walk for walk in self._walks if not walk.done]
        return max(open_walks, key=lambda walk: float("inf") if walk.oldest is None else walk.oldest, default=None)

    async def _step(self, walk: Walk) -> None:
        priority = Priority.BACKFILL if self._draining else Priority.USER
        this = self._asking = self._task
        try:
            page = await self._queue.page(walk.chain, walk.token, priority, self._wishes)
        except InvalidNextToken:
            if not walk.token_refused():
                raise
            return
        finally:
            # After stop and go again, another task may be asking by now.
            if self._asking is this:
                self._asking = None
        assert self._store is not None
        placed = await self._store.place(walk.scan.scope, page.events, walk.scan.category)
        new = self._rows.merge((row.row_id, row.second) for row in placed)
        walk.arrived(page, min((row.second for row in placed), default=None), new)
        self._count_page(new)
        self._arrived(page)
        self._publish()

    def _count_page(self, new: int) -> None:
        self._pages += 1
        if self._asked_pages:
            self._asked_pages -= 1
        elif self._seek:
            self._seek -= 1
        if new:
            self._seek = 0

    def _publish(self) -> None:
        self.changed.publish(self.state)


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
