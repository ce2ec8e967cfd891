"""EventStore: every event seen, once for each identity, exactly as the service sent it."""

import asyncio
import sqlite3
import threading
from array import array
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from ctui.errors import StoreError
from ctui.model.connection import Connection, Scope
from ctui.model.event.event import Event
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.sightings import FirstTimes
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import LookupAttribute
from ctui.store import logins, marks, reading, writing
from ctui.store.blocks.block_scan import THREADS
from ctui.store.counting import CountQuery, ValueCounter
from ctui.store.coverage import Claim, Coverage, Floor, drop_proofs_after, has_proofs_after, read_coverage, read_floor
from ctui.store.index.connections import first_seen_of
from ctui.store.index.excluding import Excluded, count_excluders
from ctui.store.index.index_row import has_older_rows
from ctui.store.index.matching import FEW, Matched, Matcher
from ctui.store.index.rows import new_row
from ctui.store.index.snapshot import snapshot
from ctui.store.index.table_line import StoredSummary
from ctui.store.marks import EventMark, MarkedEvents
from ctui.store.oddities import read_marks
from ctui.store.opening.opening import Opened
from ctui.store.pruning import Retention, compaction_step, give_back_step, is_too_large, prune_step
from ctui.store.reading import Evaluated
from ctui.store.scopes import account_of, find_scope_id, scopes
from ctui.store.search import (
    ROWS_AT_ONCE,
    Key,
    Rows,
    Search,
    copies,
    count,
    find,
    has_event,
    has_events,
    scopes_holding,
)
from ctui.store.shown_ids import ShownIds
from ctui.store.store_file import StoreFile
from ctui.store.writing import AddedRow

if TYPE_CHECKING:
    # Nothing is counted before the first frame.
    from ctui.store.index.faceting import FacetCounter, FacetCounts
    from ctui.store.index.found_values import FoundValues

T = TypeVar("T")


class EventStore(StoreFile):
    """All events seen, each once, and what is claimed of them. Methods raise StoreError, as those of StoreFile do."""

    def __init__(self, opened: Opened, thread: ThreadPoolExecutor) -> None:
        super().__init__(opened, thread)
        self._ids = ShownIds()
        self._accounts: dict[tuple[str, str], str] = {}
        """By origin and provisional account: the account it stands for, as far as this process has learned."""
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="ctui-blocks")

    def _close_files(self) -> StoreError | None:
        notice = super()._close_files()
        self._threads.shutdown()
        return notice

    async def add_page(
        self,
        scope: Scope,
        events: Sequence[Event],
        claim: Claim | None = None,
    ) -> list[AddedRow]:
        """Store the events of a page, and `claim`, what they prove, in one transaction: all of it or nothing.

        Returns the row of each event, in the order given. A row that was there before is kept as it is.
        """
        page = tuple(events)

        def store(connection: sqlite3.Connection) -> list[AddedRow]:
            rows = [new_row(event, scope.region) for event in page]
            with writing.transaction(connection):
                return writing.add_page(connection, scope, rows, claim)

        rows = await self._write(store)
        if not self._ids.given:
            return rows
        return [AddedRow(*self._ids.key(row.row_id, row.second), row.new) for row in rows]

    async def alias_account(self, scope: Scope, account: str, *, account_is_shown: bool = False) -> str:
        """Make a provisional scope's account another name of `account`, in all Regions; returns the account it now has.

        From then on events and claims stored under either name count for both, each event once. No row id changes. If
        an event was stored under both names, both ids stay valid in this process. The provisional one is the one that
        is returned for it, or the other one if `account_is_shown`. If the account is known already, nothing changes.

        Raises ValueError if the scope is not provisional or `account` is.
        """

        def write(connection: sqlite3.Connection) -> str:
            with writing.transaction(connection):
                folded = writing.alias_account(connection, scope, account)
                # Before the commit: until then both rows exist, and from then on both ids find the one that is left.
                self._ids.fold(folded, give_kept=account_is_shown)
                return account_of(connection, scope)

        known = await self._write(write)
        self._accounts[scope.origin, scope.account] = known
        return known

    def named(self, scope: Scope) -> Scope:
        """The scope with its account, if this process has learned which account a provisional scope belongs to."""
        return replace(scope, account=self._accounts.get((scope.origin, scope.account), scope.account))

    @property
    def has_folded_rows(self) -> bool:
        """True if this process has returned more than one key for an event of one scope."""
        return self._ids.any_folded

    def other_keys(self, row_id: int) -> list[Key]:
        """The other keys that this process has returned for the same event of the same scope; usually none."""
        return self._ids.others(row_id)

    async def remember(self, login: Connection, account: str) -> None:
        """Record which account a login led to, for a time when the service cannot be reached."""

        def write(connection: sqlite3.Connection) -> None:
            with writing.transaction(connection):
                logins.remember(connection, login, account)

        await self._write(write)

    def recall(self, login: Connection, *, failed: bool = False) -> str | None:
        """The account that a login leads to (see `logins.recall`), or None if that is not certain."""
        return self._read(lambda reader: logins.recall(reader, login, failed=failed))

    def scopes(self, origin: str) -> list[Scope]:
        """The accounts and Regions of an origin of which something is stored."""
        return self._read(lambda reader: scopes(reader, origin))

    def has_events(self, scope: Scope) -> bool:
        """True if there is an event of this scope."""
        return self._read(lambda reader: has_events(reader, scope))

    def has_event(self, scope: Scope, event_id: str) -> bool:
        """True if the event with this ID is stored in this scope, where it is the only one."""
        return self._read(lambda reader: has_event(reader, scope, event_id))

    async def mark(self, ids: Sequence[int], made: int, note: str | None = None) -> None:
        """Mark the events of these rows at epoch second `made`; a mark that is there keeps its time.

        `note` replaces their notes; with None they stay. Raises ValueError if the note is too long.
        """

        def write(connection: sqlite3.Connection) -> None:
            with writing.transaction(connection):
                marks.mark(connection, self._ids.all_stored(ids), made, note)

        await self._write(write)

    async def unmark(self, ids: Sequence[int]) -> None:
        """Remove the marks of the events of these rows, with their notes."""

        def write(connection: sqlite3.Connection) -> None:
            with writing.transaction(connection):
                marks.unmark(connection, self._ids.all_stored(ids))

        await self._write(write)

    def marks(self, ids: Sequence[int]) -> dict[int, EventMark]:
        """The marks of the rows among these that have one. Fast: for the rows in sight."""
        found = self._read(lambda reader: marks.marks_of(reader, self._ids.all_stored(ids)))
        by_id = ((row_id, found.get(self._ids.stored(row_id))) for row_id in ids) if found else ()
        return {row_id: mark for row_id, mark in by_id if mark is not None}

    async def marked(self, scope: Scope) -> list[Key]:
        """The marked rows of a scope, newest first. Runs in the searcher's thread."""
        keys = await self._search(lambda searcher: marks.marked_keys(searcher, scope))
        given = (self._ids.key(*key) for key in keys)
        return sorted(given, key=attrgetter("order"))

    async def marked_events(self) -> MarkedEvents:
        """All marked events, their rows by every id that they have had. Runs in the searcher's thread."""
        marked = await self._search(marks.marked_events)
        others = (key.row_id for row_id in marked.rows for key in self._ids.others(row_id))
        return marked._replace(rows=marked.rows.union(others))

    async def prune(self, retention: Retention, now: int | None) -> int:
        """Delete the oldest events beyond the retention at epoch second `now`, and join small blocks; returns how many.

        With `now` None the time is not certain, and nothing is deleted for its age.

        Cheap if there is nothing to delete, so it can be called often, by several processes. Other writes run between
        its steps.
        """
        pruned = 0
        while step := await self._write(lambda connection: prune_step(connection, retention, now)):
            pruned += step
        while await self._write(compaction_step):
            pass
        if pruned or is_too_large(self.path, retention):
            while await self._write(give_back_step):
                pass
        return pruned

    async def derive_step(self) -> bool:
        """Derive some hundred rows of older rules again; False once there are none. Until then they are evaluated on
        their records. Other writes run between the steps."""

        def derive(connection: sqlite3.Connection) -> bool:
            # If there is none, do not wait for other writers.
            if not has_older_rows(connection):
                return False
            from ctui.store.index import deriving  # noqa: PLC0415 - nearly no start finds such rows

            with writing.transaction(connection):
                return deriving.derive_some(connection)

        return await self._write(derive)

    async def drop_claims_after(self, second: int) -> int:
        """Delete the claims that were proven after an epoch second; returns how many. No event is deleted."""

        def drop(connection: sqlite3.Connection) -> int:
            # If there is none, do not wait for other writers.
            if not has_proofs_after(connection, second):
                return 0
            with writing.transaction(connection):
                return drop_proofs_after(connection, second)

        return await self._write(drop)

    async def check_file(self) -> None:
        """Check that the file is still at its path, as before each write. If it was removed, it is written again."""
        await self._write(lambda connection: None)

    async def find(self, search: Search, after: Key | None = None, limit: int = ROWS_AT_ONCE) -> Rows:
        """The next rows of a search after `after`, newest first. Fewer than `limit` only at the end."""
        if search.marked:
            return Rows.of(_following(await self.marked(search.scope), search.stretch, after, limit))
        return await self._search(lambda searcher: find(searcher, search, after, limit, self._ids.given))

    def latest(self, scope: Scope) -> int:
        """Of a scope whose rows come in segments, the number of the newest one (`find_new`); 0 for others."""
        return 0

    async def find_new(self, search: Search, since: int) -> tuple[Rows, int]:
        """The rows of a search in segments after number `since`, and the number of the newest one; none of others."""
        return Rows.of(()), since

    async def copies(self, rows: Rows, scopes: Sequence[Scope]) -> dict[int, list[int]]:
        """The other rows in these scopes that hold the same event as each of these rows, by every id they have had.

        Runs in the searcher's thread.
        """
        found = await self._search_rows(rows.ids, lambda searcher, stored: copies(searcher, stored, scopes))
        by_id = ((row_id, found.get(self._ids.stored(row_id), ())) for row_id in rows.ids)
        return {
            row_id: [one for copy in others for one in (copy, *(key.row_id for key in self._ids.others(copy)))]
            for row_id, others in by_id
            if others
        }

    async def scopes_holding(
        self, ids: Sequence[int], scopes: Sequence[Scope], *, least: int = 2
    ) -> dict[int, tuple[Scope, ...]]:
        """Which of these scopes hold the event of each of these rows; only of events that `least` of them hold.

        Runs in the searcher's thread.
        """
        found = await self._search_rows(ids, lambda searcher, stored: scopes_holding(searcher, stored, scopes, least))
        return {row_id: tuple(holding) for row_id in ids if (holding := found.get(self._ids.stored(row_id)))}

    async def _search_rows(self, ids: Sequence[int], work: Callable[[sqlite3.Connection, Sequence[int]], T]) -> T:
        """The result of `work` for the ids in the file. If rows are folded meanwhile, it still sees both of them."""

        def search(searcher: sqlite3.Connection) -> T:
            with snapshot(searcher):
                return work(searcher, self._ids.all_stored(ids))

        return await self._search(search)

    async def match(self, matcher: Matcher, scopes: Sequence[Scope], rows: Rows) -> Matched:
        """Which of the next of these rows match a line, off the loop. `scopes`: all that the rows are of.

        If the caller is cancelled, the search stops at once.
        """

        nearest, stopped = rows.ids[:FEW], threading.Event()

        def search(searcher: sqlite3.Connection, stored: Sequence[int]) -> Matched:
            # A folded row may have another second in the file, so it is found by its id.
            some = rows if stored is nearest else Rows(array("q", stored), rows.negated[:FEW])
            found = (find_scope_id(searcher, scope) for scope in scopes)
            of_scopes = sorted({row for row in found if row is not None})
            matched = matcher.match(searcher, self._threads, of_scopes, some, stopped)
            return matched._replace(again=self._ids.all_given(matched.again)) if matched.again else matched

        try:
            return await self._search_rows(nearest, search)
        except asyncio.CancelledError:
            stopped.set()
            raise

    async def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        """Call `evaluation` with events and the Region they were looked up in, for a portion of the ids, in order.

        Skips ids that are not stored. Runs in the searcher's thread.
        """
        return await self._search_rows(ids, lambda searcher, stored: reading.evaluate(searcher, stored, evaluation))

    async def first_times(self, row_id: int) -> FirstTimes | None:
        """Of what a row's event is the first sighting, in what is stored of its account; None if of nothing.

        Runs in the searcher's thread; other searches run between its steps.
        """
        while await self._search(lambda searcher: first_seen_of(searcher).step()):
            pass
        stored = self._ids.stored(row_id)
        return await self._search(lambda searcher: first_seen_of(searcher).of(stored))

    async def other_of_insight(self, row_id: int) -> datetime | None:
        """The time of the other event of the pair, for a row with an Insights event; None if it is not stored.

        Runs in the searcher's thread.
        """
        stored = self._ids.stored(row_id)
        return await self._search(lambda searcher: reading.other_of_insight(searcher, stored))

    async def excluders(self, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        """Count what excludes the next of these rows. Runs in the searcher's thread."""
        return await self._search_rows(ids, lambda searcher, stored: count_excluders(searcher, predicate, stored))

    async def count_facets(self, counter: "FacetCounter", rows: Rows) -> "FacetCounts":
        """Count these rows too; returns the counts of all that `counter` was given. Runs in the searcher's thread."""

        def add(searcher: sqlite3.Connection, stored: Sequence[int]) -> "FacetCounts":
            return counter.add(searcher, rows if stored is rows.ids else Rows(array("q", stored), rows.negated))

        return await self._search_rows(rows.ids, add)

    async def add_facets(
        self,
        counter: "FacetCounter",
        rows: Rows,
        found: "Sequence[FoundValues]",
        failed: Sequence[int],
    ) -> "FacetCounts":
        """Count rows of log files too, as `FacetCounter.add_found` does; returns the counts of all that `counter` was
        given. Runs in the searcher's thread."""
        return await self._search(lambda searcher: counter.add_found(searcher, rows, found, failed))

    async def count_values(self, scopes: Sequence[Scope], query: CountQuery) -> list[tuple[str, int]]:
        """Values of these scopes' events with their counts, most frequent first.

        Runs in the searcher's thread; other searches run between its steps.
        """
        counter = ValueCounter(scopes, query)
        while await self._search(counter.step):
            pass
        return await self._run_in(self._search_thread, counter.counts)

    def coverage(self, scope: Scope, attribute: LookupAttribute | None) -> Coverage:
        """What is known of a scope for events with this attribute, or for all events if it is None."""
        return self._read(lambda reader: read_coverage(reader, scope, attribute))

    def floor(self, scope: Scope) -> Floor:
        """The epoch second before which events of a scope were pruned, and whose it is."""
        return self._read(lambda reader: read_floor(reader, scope))

    def counts(
        self, scope: Scope, attributes: Sequence[LookupAttribute], within: Stretch
    ) -> tuple[int, dict[LookupAttribute, int], int]:
        """Count a scope's newest events in a stretch that is fully known.

        Returns how many were counted, how many have each attribute, and how many seconds they cover.
        """
        return self._read(lambda reader: count(reader, scope, attributes, within))

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """The table lines of these rows, in the order of `ids`, without ids that are not stored."""
        return self._ids.restore(ids, self._read(lambda reader: reading.summaries(reader, self._ids.all_stored(ids))))

    def unreadable(self, ids: Sequence[int]) -> set[int]:
        """The rows among these whose events could not be read in full."""
        marks = self._read(lambda reader: read_marks(reader, self._ids.all_stored(ids)))
        unreadable = {mark.row_id for mark in marks if mark.unreadable}
        return {row_id for row_id in ids if self._ids.stored(row_id) in unreadable} if unreadable else set()

    def event(self, row_id: int) -> Event:
        """The whole event of a row. Raises StoreError if it is not stored."""
        event = self._read(lambda reader: reading.event(reader, self._ids.stored(row_id)))
        if event is None:
            raise StoreError("Event store", "This event is no longer in the store.", "Press r to load it again.")
        return event

    def second(self, row_id: int) -> int | None:
        """The epoch second of a row's event, or None if it is not stored."""
        stored = self._read(lambda reader: reading.second(reader, self._ids.stored(row_id)))
        return None if stored is None else self._ids.second(row_id, stored)


def _following(keys: Sequence[Key], stretch: Stretch, after: Key | None, limit: int) -> list[Key]:
    """The first of these keys in a stretch that come after one, in the order of queries."""
    in_stretch = (key for key in keys if stretch.start <= key.second < stretch.end)
    return [key for key in in_stretch if after is None or key.order > after.order][:limit]
