"""EventFeed: the growing answer to one lookup."""

import asyncio
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ctui.core.estimate import seconds_for_the_rest
from ctui.core.feedstate import FeedPhase, FeedState, instant
from ctui.core.fold import merge_folded
from ctui.core.planner import Question
from ctui.core.queue import LookupQueue, Priority, Unwanted
from ctui.core.route import Route, known_in
from ctui.core.rows import Rows
from ctui.core.tasks import Tasks
from ctui.core.topic import Topic
from ctui.core.walk import Walk
from ctui.errors import CtuiError, EndpointUnreachable, InvalidNextToken, StoreError
from ctui.model.connection import Scope
from ctui.model.interval import Stretches
from ctui.model.lookup import Lookup
from ctui.model.scan import Page, Scan
from ctui.store.events import EventStore
from ctui.store.finding import FOUND_AT_ONCE, Key, Search

__all__ = ["PAGES_WITHOUT_A_ROW", "EventFeed", "FeedPhase", "FeedState"]

PAGES_WITHOUT_A_ROW = 5
"""How many pages the cursor's nearing the end may cost while none of them shows a new row."""
_PREVIEW_ROWS = 200
_GAP_EVENTS = 250
"""A gap that holds more events than this, as dense as they are behind it, is no reason to show what lies behind."""
_GAP_PAGES = 10
"""Pages that closing it may cost at most."""


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
        self._routes: list[Route] = []
        self._scan: Scan | None = None
        self._store: EventStore | None = None
        self._task: asyncio.Task[None] | None = None
        self._asking: asyncio.Task[None] | None = None
        self._error: CtuiError | None = None
        self._stored = False
        self._pages = 0
        # What is wished: pages until a row shows, pages in any case, all of them, and so many to close a gap.
        self._seek = 0
        self._asked_pages = 0
        self._draining = False
        self._closing: int | None = None

    @property
    def ids(self) -> "array[int]":
        """Row ids in the store, newest first; read-only for others."""
        return self._rows.ids

    @property
    def state(self) -> FeedState:
        """How things stand at this moment."""
        phase = self._phase()
        reached = self._reached()
        return FeedState(
            phase=phase,
            loaded=len(self._rows),
            scanned=len(self._rows),
            more=not self._routes or any(not route.done for route in self._routes),
            pages=self._pages,
            draining=self._draining and phase in (FeedPhase.LOADING, FeedPhase.WAITING),
            oldest=None if reached is None else instant(reached),
            newest=instant(self._rows.second_at(0)) if self._rows else None,
            error=self._error,
            lookup=self.lookup,
            scan=self._scan,
            api=self._routes[0].api if self._routes else (),
            stored=self._stored,
            rest=seconds_for_the_rest(self._routes, self._queue.state.rate),
        )

    def _phase(self) -> FeedPhase:
        if not self._routes:
            return FeedPhase.WAITING
        if self._error is not None:
            return FeedPhase.FAILED
        if self._task is not None:
            return FeedPhase.LOADING
        return FeedPhase.COMPLETE if all(route.done for route in self._routes) else FeedPhase.PAUSED

    def _reached(self) -> int | None:
        """The second back to which all is shown; where several scopes are asked, that of the one which lags behind."""
        open_routes = [route for route in self._routes if not route.done]
        if not open_routes:
            return self._rows.second_at(len(self._rows) - 1) if self._rows else None
        lagging = max(open_routes, key=lambda route: route.reached)
        return None if lagging.reached > lagging.question.end else lagging.reached

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

    def begin(self, store: EventStore, scans: Sequence[Scan], *, stored: bool = False) -> None:
        """Answer the pinned question of each scope, from the store as far as it knows, else by pages.

        Loads the first rows: from the store, or the first page that shows one. `stored`: without a connection, show
        what the store has, whether that is all or not.
        """
        self._store, self._scan, self._stored = store, scans[0], stored
        terms = self.lookup.conditions
        questions = [Question(scan.scope, scan.start, scan.end, terms, scan.category) for scan in scans]
        try:
            self._routes = [Route(one, *known_in(store, one), offline=stored) for one in questions]
        except StoreError as error:
            # Going on all the same is the person's choice: then everything is asked.
            self._routes = [Route(one, lambda attribute: Stretches()) for one in questions]
            self._error = error
            self._publish()
            return
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
        """Load all pages in range, until they are in or `stop` is called; without a connection, once there is one."""
        self._draining = self._phase() is not FeedPhase.COMPLETE
        if self._routes and self._draining:
            self._go()

    def retry(self) -> None:
        """After a failure: go on from where it stands, until a row shows."""
        if self._phase() is FeedPhase.FAILED:
            self._seek = max(self._seek, 1)
            self._go()

    def stop(self) -> bool:
        """End a running load, or one that waits; True if there was one. A page being stored still joins the rows."""
        going = self._task is not None or self.state.draining
        self._wish_nothing()
        if self._task is not None and self._asking is self._task:
            self._task.cancel()
            self._task = None
        if going:
            self._publish()
        return going

    async def idle(self) -> None:
        """Return when nothing is loading."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    def settle(self, provisional: Scope, settled: Scope) -> None:
        """The account is known now: what arrives from here on is stored under its name."""
        for route in self._routes:
            route.settle(provisional, settled)
        if self._scan is not None and self._scan.scope == provisional:
            self._scan = replace(self._scan, scope=settled)
        self._publish()

    def could_skip(self) -> bool:
        """True where the store spares some of what is to be walked; to be read before pages of our own are there."""
        store = self._store
        return store is not None and not self._stored and any(route.has_news(store) for route in self._routes)

    def rename(self, moved: Mapping[int, int]) -> None:
        """The store keeps some events under other ids than before: old id -> kept id."""
        self._rows.rename(moved)
        self._publish()

    def _wish_nothing(self) -> None:
        self._seek, self._asked_pages, self._draining, self._closing = 0, 0, False, 0

    def _wishes(self) -> bool:
        closing = bool(self._closing) and any(route.gap_is_open for route in self._routes)
        return self._draining or self._asked_pages > 0 or self._seek > 0 or closing

    def _go(self) -> None:
        self._error = None
        if self._task is None:
            self._task = self._tasks.start(self._load(), "feed")
        self._publish()

    async def _load(self) -> None:
        try:
            if self._closing is None:
                await self._preview()
            while self._wishes() and await self._step():
                pass
        except Unwanted:
            self._wish_nothing()
        except CtuiError as error:
            # Going on is asked for page by page, or for everything again.
            self._error, self._draining = error, False
        finally:
            if self._task is asyncio.current_task():
                self._task = None
                self._publish()

    async def _preview(self) -> None:
        """Show at once what the store has behind a short newest gap that few pages will close, and let them."""
        assert self._store is not None
        self._closing = 0
        for route in self._routes:
            if (ahead := route.preview()) is None:
                continue
            search, gap = ahead
            found = await self._store.find(search, limit=_PREVIEW_ROWS)
            if found and gap * len(found) / (found[0].second - found[-1].second + 1) <= _GAP_EVENTS:
                await self._merge(found)
                route.previewed(search, found[-1] if len(found) == _PREVIEW_ROWS else None)
                self._seek, self._closing = 0, _GAP_PAGES
        self._publish()

    async def _step(self) -> bool:
        """Bring on the scope that lags behind: by what the store holds, else by a page; False where nothing is left."""
        open_routes = [route for route in self._routes if not route.done]
        if not open_routes:
            return False
        route = max(open_routes, key=lambda one: one.reached)
        if (held := route.held()) is not None:
            await self._show(route, *held)
        elif (walk := route.next_walk()) is not None:
            await self._ask(walk)
        return True

    async def _show(self, route: Route, search: Search, after: Key | None) -> None:
        assert self._store is not None
        found = await self._store.find(search, after)
        new = await self._merge(found)
        route.shown(search, found[-1] if len(found) == FOUND_AT_ONCE else None)
        self._served(new)

    async def _ask(self, walk: Walk) -> None:
        priority = Priority.BACKFILL if self._draining else Priority.USER
        this = self._asking = self._task
        try:
            page = await self._queue.page(walk.chain, walk.token, priority, self._wishes)
        except InvalidNextToken:
            if not walk.token_refused():
                raise
            return
        except EndpointUnreachable:
            walk.begin_anew()
            raise
        finally:
            # After stop and go again, another task may be asking by now.
            if self._asking is this:
                self._asking = None
        assert self._store is not None
        placed = await self._store.place(walk.scan.scope, page.events, walk.scan.category, walk.claim(page))
        new = await self._merge((row.row_id, row.second) for row in placed)
        walk.arrived(page, sum(row.new for row in placed) or new)
        self._pages += 1
        self._closing = max(0, (self._closing or 0) - 1)
        self._arrived(page)
        if not new:
            self._seek = max(0, self._seek - 1)
        self._served(new)

    async def _merge(self, found: Iterable[tuple[int, int]]) -> int:
        assert self._store is not None
        return await merge_folded(self._store, self._rows, [route.question.scope for route in self._routes], found)

    def _served(self, new: int) -> None:
        """Something has come: it fulfils a wish for the next page, and rows one for rows, if no scope is blank yet."""
        self._asked_pages = max(0, self._asked_pages - 1)
        if new and all(route.done or route.reached <= route.question.end for route in self._routes):
            self._seek = 0
        self._publish()

    def _publish(self) -> None:
        self.changed.publish(self.state)
