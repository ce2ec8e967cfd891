"""Answer: what is here of the answer to a question, from the store and from pages, as rows in one order."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.knowledge import knowledge_in
from ctui.core.lookup.planner import ScopeQuery
from ctui.core.lookup.routes import Routes
from ctui.core.rows.merge_scopes import merge_folded
from ctui.core.rows.row_index import RowIndex
from ctui.core.server_clock import ServiceTime
from ctui.errors import StoreError
from ctui.model.lookup.scan import Page
from ctui.store.events import EventStore
from ctui.store.search import FOUND_AT_ONCE

_PREVIEW_ROWS = 200
_FIRST_ROWS = 500
"""Rows that are shown before all others: more than a screen holds, and found within a few milliseconds."""
_GAP_EVENTS = 250
"""A gap that holds more events than this, as dense as they are behind it, is no reason to show what lies behind."""


class Taken(NamedTuple):
    """What a page has brought."""

    rows: int
    """Rows that were not shown before."""
    events: int
    """Events that were not in the store before."""


class Answer:
    """Rows grow by what `Routes` say can be shown, and by the pages of their walks. Methods raise StoreError."""

    def __init__(self) -> None:
        self.rows = RowIndex()
        self.routes = Routes()
        self._store: EventStore | None = None
        self._time: ServiceTime | None = None
        self._kept = False
        self._unreadable: set[int] = set()

    @property
    def store(self) -> EventStore:
        """The store that rows are in; not before `begin`."""
        assert self._store is not None, "the question has not been put yet"
        return self._store

    @property
    def begun(self) -> bool:
        """True once there is a store."""
        return self._store is not None

    @property
    def unreadable(self) -> int:
        """How many events among the rows could not be read, or not in full."""
        return len(self._unreadable)

    @property
    def reached(self) -> int | None:
        """The second back to which all is shown; where several scopes are asked, that of the one which lags behind."""
        lagging = self.routes.lagging
        if lagging is None:
            return self.rows.second_at(len(self.rows) - 1) if self.rows else None
        return None if lagging.reached > lagging.question.end else lagging.reached

    @property
    def rows_beyond(self) -> int:
        """Rows of before that lie further back than pages have reached, with stretches between never asked."""
        lagging = self.routes.lagging
        return 0 if lagging is None or not self._kept else len(self.rows) - self.rows.first_before(lagging.reached - 1)

    def begin(
        self,
        store: EventStore,
        questions: Sequence[ScopeQuery],
        time: ServiceTime,
        *,
        offline: bool = False,
        again: bool = False,
    ) -> None:
        """Find the ways; where the store cannot tell what it knows, everything is to be asked, and the error raised.

        Rows that were shown without a connection stay.
        """
        self._store, self._time = store, time
        self._kept = bool(self.rows) and not offline
        before = {store.named(route.question.scope): route for route in self.routes}
        try:
            # Read ahead of what is claimed: another process may let go of events between.
            floors = [store.floor(question.scope) for question in questions]
            self.routes = Routes.planned(store, questions, time, offline=offline, again=again)
            for route, floor in zip(self.routes, floors, strict=True):
                route.let_go(floor)
            for route in self.routes if self._kept else ():
                if (earlier := before.get(store.named(route.question.scope))) is not None:
                    route.go_on_from(earlier)
            self._see_what_is_gone()
        except StoreError:
            self.routes = Routes.unknown(questions)
            raise

    async def preview(self) -> bool:
        """Show what the store has behind a short newest gap that few pages will close; False where there is none."""
        shown = False
        for route in self.routes:
            if (ahead := route.preview()) is None:
                continue
            search, gap = ahead
            found = await self.store.find(search, limit=_PREVIEW_ROWS)
            if found and gap * len(found) / (found[0].second - found[-1].second + 1) <= _GAP_EVENTS:
                await self._merge(found)
                route.previewed(search, found[-1] if len(found) == _PREVIEW_ROWS else None)
                shown = True
        return shown

    async def show_held(self) -> int | None:
        """Show a slice of what the store holds for the scope that lags behind; how many rows were new, None for no
        slice."""
        route = self.routes.lagging
        if route is None or (held := route.held()) is None:
            return None
        search, after = held
        limit = FOUND_AT_ONCE if self.rows else _FIRST_ROWS
        found = await self.store.find(search, after, limit)
        new = await self._merge(found)
        route.shown(search, found[-1] if len(found) == limit else None)
        self._see_what_is_gone()
        return new

    async def fall_back(self) -> bool:
        """From here on show what the store has, whether that is all or not, and walk nothing; False, and no change,
        where there are rows already or the store has none."""
        if self.rows or self._time is None:
            return False
        walked = self.routes
        try:
            self.routes = Routes.planned(self.store, walked.questions, self._time, offline=True)
            while not self.rows and await self.show_held() is not None:
                pass
        except StoreError:
            # Why nothing can be asked matters more than why nothing can be shown without it.
            self.routes = walked
            return False
        if not self.rows:
            self.routes = walked
        return bool(self.rows)

    async def take(self, walk: GapScan, page: Page) -> Taken:
        """Store a page with what it proves, and show it."""
        page = walk.listed(page)
        placed = await self.store.place(walk.scan.scope, page.events, walk.scan.category, walk.claim(page))
        rows, events = await self._merge((row.row_id, row.second) for row in placed), sum(row.new for row in placed)
        walk.arrived(page, events or rows)
        self.routes.advance(walk)
        self._see_what_is_gone()
        return Taken(rows, events)

    def could_skip(self, time: ServiceTime) -> bool:
        """True where the store has come to know some of what is still to be walked. What cannot be read spares
        nothing."""
        if self._store is None:
            return False
        try:
            return any(route.has_news(knowledge_in(self._store, route.question, time)) for route in self.routes)
        except StoreError:
            return False

    def shows_what_is_gone(self) -> bool:
        """True where rows stand here that the store has let go of since the question was put."""
        self._see_what_is_gone()
        gone = self.routes.gone
        return gone is not None and bool(self.rows) and self.rows.second_at(len(self.rows) - 1) < gone

    def _see_what_is_gone(self) -> None:
        """Pruning goes on beside us, here or in another process."""
        for route in self.routes:
            route.let_go(self.store.floor(route.question.scope))

    async def _merge(self, found: Iterable[tuple[int, int]]) -> int:
        before, placed = len(self.rows), list(found)
        await merge_folded(self.store, self.rows, [one.scope for one in self.routes.questions], placed)
        self._unreadable |= self.store.unreadable([row_id for row_id, _ in placed])
        return len(self.rows) - before
