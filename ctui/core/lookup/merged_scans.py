"""MergedScans: one query in all its scopes: a scan per scope, and the rows they have brought, merged by time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import NamedTuple

from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.knowledge import knowledge_in
from ctui.core.lookup.planner import ScopeQuery
from ctui.core.lookup.scope_scan import ScopeScan, plan_scans
from ctui.core.rows.merge_scopes import merge_rows
from ctui.core.rows.row_index import RowIndex
from ctui.core.server_clock import ServiceTime
from ctui.errors import CtuiError, StoreError
from ctui.model.connection import Scope, scope_names
from ctui.model.lookup.lookup import Clause
from ctui.model.lookup.scan import Page, Scan
from ctui.store.columns import instant_of
from ctui.store.events import EventStore
from ctui.store.search import FILES_AT_ONCE, ROWS_AT_ONCE, Rows
from ctui.store.writing import AddedRow

_PREVIEW_ROWS = 200
_FIRST_ROWS = 500
"""Rows shown before all others: more than a screen holds, found within a few milliseconds."""
_GAP_EVENTS = 250
"""If a gap holds more events than this, as dense as they are before it, rows before it are not shown yet."""
_BETWEEN_AT_ONCE = 4_096
"""Rows of log files that are merged at once where they go between others: some milliseconds."""


class PageEffect(NamedTuple):
    """What a page has brought."""

    rows: int
    """Rows that were not shown before."""
    events: int
    """Events that were not in the store before."""
    stored: tuple[AddedRow, ...]
    """The row of each of its events."""


class MergedScans:
    """Rows grow by what each scan can show from the store, and by pages. A scope that is refused stops only itself."""

    def __init__(
        self, arriving: Callable[[Scan, Page], Awaitable[None]], arrived: Callable[[Page], None], *, patient: bool
    ) -> None:
        """`arriving` is awaited with every page before it is stored, `arrived` is called with it afterwards. `patient`:
        pages are waited for while an endpoint fails."""
        self._patient = patient
        self.rows = RowIndex()
        self.scans: tuple[ScopeScan, ...] = ()
        """One for each scope; empty before `begin`."""
        self.pages = 0
        """Pages stored."""
        self.row_scopes: set[Scope] = set()
        """Every scope that rows have come from, perhaps others."""
        self.rows_of: Counter[Scope] = Counter()
        """How many rows have come from each scope first, by the name that it had then."""
        self._refusals: dict[ScopeScan, CtuiError] = {}
        self._passing: set[ScopeScan] = set()
        self._arriving = arriving
        self._arrived = arrived
        self._store: EventStore | None = None
        self._time: ServiceTime | None = None
        self._keeps_rows = False
        self._unreadable: set[int] = set()
        self._slicing = asyncio.Lock()
        """Held while rows of a tree are found and shown: what comes meanwhile belongs before or after them."""

    @property
    def store(self) -> EventStore:
        """The store that holds the rows; not before `begin`."""
        assert self._store is not None, "there is no store before `begin`"
        return self._store

    @property
    def unreadable(self) -> int:
        """Events among the rows that could not be read, or not in full."""
        return len(self._unreadable)

    @property
    def complete_to(self) -> int | None:
        """The second back to which all is shown in every scope; None while nothing is."""
        lagging = self.lagging
        if lagging is None:
            return self.rows.second_at(len(self.rows) - 1) if self.rows else None
        return None if lagging.reached > lagging.query.end else lagging.reached

    @property
    def rows_beyond(self) -> int:
        """Rows of an earlier scan that lie further back than this one has come in any scope, with gaps in between."""
        if not self.open or not self._keeps_rows:
            return 0
        return len(self.rows) - self.rows.first_before(min(scan.reached for scan in self._answering) - 1)

    @property
    def scanned(self) -> int:
        """Rows as far back as pages have reached."""
        return len(self.rows) - self.rows_beyond

    @property
    def done(self) -> bool:
        """True when every scope is loaded and shown."""
        return all(scan.done for scan in self.scans)

    @property
    def open(self) -> list[ScopeScan]:
        """Scans that can be continued."""
        return [scan for scan in self._answering if not (scan.done or scan.stuck)]

    @property
    def reached(self) -> int:
        """The second back to which rows are shown in every scope that is not refused; 0 if all are."""
        return max((scan.reached for scan in self._answering), default=0)

    @property
    def stuck(self) -> bool:
        """True if a scope is not continued because its pages brought nothing."""
        return any(scan.stuck for scan in self.scans)

    @property
    def lagging(self) -> ScopeScan | None:
        """The open scan that has come back the least; None if none is open."""
        return max(self.open, key=lambda scan: scan.reached, default=None)

    @property
    def blank(self) -> bool:
        """True while there is an open scan of which nothing is shown."""
        return any(scan.blank for scan in self.open)

    @property
    def needs_service(self) -> bool:
        """False if all was known from the start, so that no call is made."""
        return any(scan.gaps or scan.rechecks for scan in self.scans)

    @property
    def server_filter(self) -> Clause:
        """What the service selects by; () if everything is scanned."""
        return next((scan.server_filter for scan in self.scans if scan.gaps or scan.rechecks), ())

    @property
    def refused(self) -> tuple[str, ...]:
        """Scopes that are not continued because of an error, while others are; the first one first."""
        names = self.names
        return tuple(dict.fromkeys(names[scan.query.scope] for scan in self._refusals))

    def refusal(self, scan: ScopeScan) -> CtuiError | None:
        """Why a scan is not continued; None if it is."""
        return self._refusals.get(scan)

    def failures(self, last: CtuiError | None) -> list[tuple[Scope, CtuiError]]:
        """Of each scope that is not continued, why; `last` is why the last one is not, if all are not."""
        if last is None and not self._refusals:
            return []
        errors = ((scan.query.scope, self._refusals.get(scan, last)) for scan in self.scans)
        return [(self.store.named(scope), error) for scope, error in errors if error is not None]

    @property
    def names(self) -> dict[Scope, str]:
        """What each scope is called among the others."""
        return scope_names([scan.query.scope for scan in self.scans])

    @property
    def pruned_before(self) -> int | None:
        """The second before which the store has pruned events of the query; None if it has all of them."""
        return max((scan.pruned_before for scan in self.scans if scan.pruned_before is not None), default=None)

    @property
    def trouble(self) -> CtuiError | None:
        """Why a scope is not continued, or cannot be complete; None if all is well."""
        refusal = next(iter(self._refusals.values()), None)
        if refusal is not None or (pruned := self.pruned_before) is None:
            return refusal
        return StoreError(
            "Event store",
            f"Events before {instant_of(pruned):%Y-%m-%d %H:%M} are no longer stored: they exceed what is kept.",
            "Raise --keep-size or --keep-days, or choose a shorter range.",
        )

    @property
    def pages_without_progress(self) -> int:
        """Pages in a row that brought nothing, if a scan stopped for that; else 0."""
        gaps = (gap for scan in self.scans for gap in (*scan.gaps, *scan.rechecks))
        return max((gap.without_progress for gap in gaps if gap.stuck), default=0)

    @property
    def _answering(self) -> list[ScopeScan]:
        return [scan for scan in self.scans if scan not in self._refusals]

    def next_recheck(self, *, in_sight: bool = True) -> tuple[ScopeScan, GapScan] | None:
        """The recheck that has come back the least, in all scopes that are not refused; None if none is open."""
        open_ones = (
            (scan, gap) for scan in self._answering if (gap := scan.next_recheck(in_sight=in_sight)) is not None
        )
        return max(open_ones, key=lambda pair: pair[1].position, default=None)

    @property
    def one_left(self) -> bool:
        """True if all scopes but one are refused."""
        return len(self._answering) == 1

    @property
    def can_wait(self) -> bool:
        """True if a scan may wait for its endpoint while that fails: rows or pages are here."""
        return self._patient and bool(self.rows or self.pages)

    def refuse(self, scan: ScopeScan, error: CtuiError, *, passes: bool = False) -> bool:
        """Stop this scan for its error; False, and no change, if no other is left: then all have failed.

        `passes`: `retry_passing` continues it.
        """
        if self.one_left:
            return False
        self._refusals[scan] = error
        if passes:
            self._passing.add(scan)
        return True

    def retry_refused(self) -> None:
        """Continue the scopes that were refused."""
        self._refusals.clear()
        self._passing.clear()

    def retry_account(self, account: str) -> None:
        """Continue the scopes of this account that were refused."""
        self._refusals = {
            scan: error
            for scan, error in self._refusals.items()
            if self.store.named(scan.query.scope).account != account
        }

    def retry_passing(self) -> bool:
        """Continue the scopes that were refused for what passes; False if there are none."""
        self._refusals = {scan: error for scan, error in self._refusals.items() if scan not in self._passing}
        some = bool(self._passing)
        self._passing.clear()
        return some

    def allow_pages(self, pages: int) -> None:
        """Continue scans that are stuck: so many more pages may bring nothing."""
        for scan in self.scans:
            for gap in (*scan.gaps, *scan.rechecks):
                gap.allow_pages(pages)

    def begin(
        self,
        store: EventStore,
        queries: Sequence[ScopeQuery],
        time: ServiceTime,
        *,
        offline: bool = False,
        again: bool = False,
    ) -> None:
        """Plan a scan for each scope by what the store knows at `time`. Rows that are shown already stay.

        `offline`: load nothing, and show all the store has. `again`: scan all that is known once more. If the store
        cannot tell what it knows, everything is to be loaded, and StoreError is raised.
        """
        self._store, self._time = store, time
        self.retry_refused()
        self._keeps_rows = bool(self.rows) and not offline
        before = {(store.named(scan.query.scope), scan.query.category): scan for scan in self.scans}
        try:
            # Read before what is claimed: another process may prune events in between.
            floors = [store.floor(query.scope) for query in queries]
            self.scans = plan_scans(store, queries, time, offline=offline, again=again)
            self._begin_trees(self.scans, time)
            for scan, floor in zip(self.scans, floors, strict=True):
                scan.prune(floor)
            for scan in self.scans if self._keeps_rows else ():
                if (earlier := before.get((store.named(scan.query.scope), scan.query.category))) is not None:
                    scan.continue_from(earlier)
            self._see_pruning()
        except StoreError:
            self.scans = tuple(map(ScopeScan, queries))
            raise

    def join(self, queries: Sequence[ScopeQuery], time: ServiceTime) -> None:
        """Plan a scan for each of these queries too. Raises StoreError."""
        floors = [self.store.floor(query.scope) for query in queries]
        selected = {scan.query.category: scan.server_filter for scan in self.scans}
        joined = plan_scans(self.store, queries, time, selected=selected)
        for scan, floor in zip(joined, floors, strict=True):
            scan.prune(floor)
        self._begin_trees(joined, time)
        self.scans += joined

    def _begin_trees(self, scans: Iterable[ScopeScan], time: ServiceTime) -> None:
        """Before the first rows of trees are found: what is newer than they are is found by `show_new`."""
        for scan in scans:
            if scan.in_files:
                scan.since = self.store.latest(scan.query.scope)
                scan.narrow(time.likely)

    async def show_previews(self) -> int:
        """Show what the store has before a short newest gap that few pages will close; returns in how many scopes."""
        shown = 0
        for scan in self.scans:
            if (preview := scan.preview()) is None:
                continue
            search, gap = preview
            keys = await self.store.find(search, limit=_PREVIEW_ROWS)
            if keys.ids and gap * len(keys.ids) / (keys.second_at(0) - keys.second_at(-1) + 1) <= _GAP_EVENTS:
                await self._merge(scan.query.scope, keys)
                scan.preview_shown(search, keys.last if len(keys.ids) == _PREVIEW_ROWS else None)
                shown += 1
        return shown

    async def show_stored(self, scan: ScopeScan) -> int | None:
        """Show the next slice of what the store has for this scope; returns new rows, None if there is no slice."""
        async with self._slicing if scan.in_files else nullcontext():
            if scan.stored_slice is None:
                return None
            search, after = scan.stored_slice
            limit = self._at_once(scan)
            keys = await self.store.find(search, after, limit)
            new = await self._merge(scan.query.scope, keys)
            scan.slice_shown(search, keys.last if len(keys.ids) == limit else None)
        self._see_pruning()
        return new

    def _at_once(self, scan: ScopeScan) -> int:
        """How many rows of a slice are found and merged at once."""
        if not self.rows:
            return _FIRST_ROWS
        return self._merged_at_once(scan.reached) if scan.in_files else ROWS_AT_ONCE

    def _merged_at_once(self, second: int) -> int:
        """How many rows of log files are merged at once, the newest of which are of this second or older."""
        is_last = not self.rows or second <= self.rows.second_at(len(self.rows) - 1)
        return FILES_AT_ONCE if is_last else _BETWEEN_AT_ONCE

    async def show_new(self, scope: Scope, most: int) -> AsyncIterator[int]:
        """Show what has come to a tree since its rows were found, as far back as those go, portion by portion; yields
        how many rows each has brought. What would make more than `most` rows is left to the slices."""
        for scan in self.scans:
            if scan.query.scope != scope or scan.query.stretch is None or scan.has_all:
                continue
            async with self._slicing:
                search = scan.search(scan.query.stretch)
                rows, scan.since = await self.store.find_new(search, scan.since)
                rows = rows.slice(0, scan.shown_before(rows))
                start, is_full = 0, False
                while start < len(rows.ids) and not is_full:
                    some = rows.slice(start, start + self._merged_at_once(rows.second_at(start)))
                    start += len(some.ids)
                    new = await self._merge(scope, some)
                    if is_full := start < len(rows.ids) and scan.stored_slice is None and len(self.rows) >= most:
                        scan.reopen(some.last)
                    yield new
                    # What is typed meanwhile goes first.
                    await asyncio.sleep(0)

    async def fall_back(self) -> bool:
        """From now on show what the store has, complete or not, and load nothing; False, and no change, if there are
        rows already or the store has none."""
        if self.rows or self._time is None:
            return False
        scans = self.scans
        try:
            self.scans = plan_scans(self.store, [scan.query for scan in scans], self._time, offline=True)
            while not self.rows and (scan := self.lagging) is not None and await self.show_stored(scan) is not None:
                pass
        except StoreError:
            # Why nothing can be loaded matters more than why nothing can be shown without that.
            self.scans = scans
            return False
        if not self.rows:
            self.scans = scans
            return False
        self.retry_refused()
        return True

    async def add_page(self, gap: GapScan, page: Page) -> PageEffect:
        """Store a page together with what it proves, and show its events. Raises StoreError."""
        await self._arriving(gap.scan, page)
        page = gap.dated(page)
        stored = await self.store.add_page(gap.scan.scope, page.events, claim=gap.claim(page))
        keys = Rows.of([(row.row_id, row.second) for row in stored])
        rows, events = await self._merge(gap.scan.scope, keys), sum(row.new for row in stored)
        gap.arrived(page, events or rows)
        for scan in self.scans:
            scan.page_arrived(gap)
        self._see_pruning()
        self.pages += 1
        self._arrived(page)
        return PageEffect(rows, events, tuple(stored))

    async def add_found(self, keys: Iterable[tuple[int, int]]) -> None:
        """Show rows that were found in another way, also beyond what the scans have reached. Raises StoreError."""
        self._keeps_rows = True
        # Of which scope each of them is does not matter here: a filter may search more scopes than there are rows of.
        first = self.scans[0].query.scope
        self.row_scopes.update(self.store.scopes(first.origin), (scan.query.scope for scan in self.scans))
        self.rows_of[first] -= await self._merge(first, Rows.of(list(keys)))

    def could_skip(self, time: ServiceTime) -> bool:
        """True if the store has come to know some of what is still to be loaded; False if it cannot be read."""
        if self._store is None:
            return False
        try:
            return any(scan.could_skip(knowledge_in(self._store, scan.query, time)) for scan in self.scans)
        except StoreError:
            return False

    def shows_pruned_rows(self) -> bool:
        """True if rows are shown that the store has pruned since the query began. Raises StoreError."""
        self._see_pruning()
        pruned = self.pruned_before
        return pruned is not None and bool(self.rows) and self.rows.second_at(len(self.rows) - 1) < pruned

    def _see_pruning(self) -> None:
        """Events are pruned at any time, by this process or another."""
        for scan in self.scans:
            scan.prune(self.store.floor(scan.query.scope))

    async def _merge(self, scope: Scope, keys: Rows) -> int:
        before = len(self.rows)
        self.row_scopes.add(scope)
        await merge_rows(self.store, self.rows, [scan.query.scope for scan in self.scans], keys)
        if not scope.in_files:
            self._unreadable |= self.store.unreadable(keys.ids)
        new = len(self.rows) - before
        self.rows_of[scope] += new
        return new
