"""EventStore: every event seen, once for each identity, kept as the service said it."""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event as Signal
from typing import TypeVar

from ctui.errors import StoreError
from ctui.model.connection import Connection, Scope
from ctui.model.event.event import Event
from ctui.model.event.summary import summarize
from ctui.model.filter.prefilter import Clause
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import Category, LookupAttribute
from ctui.store import logins, reading, writing
from ctui.store.columns import StoredSummary, row_of
from ctui.store.counting import CountQuery, ValueCounter
from ctui.store.coverage import Claim, Coverage, Floor, drop_proofs_after, has_proofs_after, read_coverage, read_floor
from ctui.store.oddities import read_marks
from ctui.store.opening import damage, rescue
from ctui.store.opening.opening import Opened, open_files
from ctui.store.opening.presence import Displaced
from ctui.store.pruning import Retention, give_back_step, is_too_large, prune_step
from ctui.store.row_scan import Evaluated, evaluate
from ctui.store.scopes import account_of
from ctui.store.search import ROWS_AT_ONCE, Key, Search, copies, count, find, has_events
from ctui.store.shown_ids import ShownIds
from ctui.store.writing import AddedRow, is_busy

T = TypeVar("T")

_PATIENCE = 30.0
"""Seconds to wait for other processes that write."""


class EventStore:
    """Events over file WAL SQLite: one connection writes, in a thread of its own; one reads, for the event loop.

    Open it with `open`. Methods raise StoreError where SQLite or the disk refuses.
    """

    def __init__(self, opened: Opened, thread: ThreadPoolExecutor) -> None:
        self.path = opened.path
        self.notice = opened.notice
        """What became of an unusable file, or what is wrong with its place, to be told once; None as a rule."""
        self._opened = opened
        self._thread = thread
        self._search_thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ctui-search")
        self._closing: asyncio.Future[StoreError | None] | None = None
        self._ids = ShownIds()
        self._accounts: dict[tuple[str, str], str] = {}
        """By origin and provisional account: the account it stands for, as far as this process has learned."""
        self.on_notice: Callable[[StoreError], None] = lambda notice: None
        """Hears, on the loop, what became of the store while it was open, or at its close; `path` may be another from
        then on."""

    @classmethod
    async def open(cls, path: Path | None, *, own: bool = False) -> "EventStore":
        """Open or create the store at `path`; None: one in a private temporary folder, removed on close.

        What dead processes left of such folders is removed first. `own`: the path is ctui's own choice, not a
        person's; its folder is made private, and whatever is no database there is set aside.
        """
        thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ctui-store")
        cancelled = Signal()
        opening = thread.submit(open_files, path, own=own, cancelled=cancelled)
        try:
            return cls(await asyncio.wrap_future(opening), thread)
        except BaseException:
            # Cancelled while the thread was at it: what it opens all the same must be closed again.
            cancelled.set()
            opening.add_done_callback(_dispose)
            thread.shutdown(wait=False)
            raise

    async def insert(
        self, scope: Scope, events: Sequence[Event], category: Category = Category.MANAGEMENT
    ) -> list[int]:
        """The row id of each event, in the order given, whether new or known. All of them are stored, or none."""
        return [placed.row_id for placed in await self.add_page(scope, events, category)]

    async def add_page(
        self,
        scope: Scope,
        events: Sequence[Event],
        category: Category = Category.MANAGEMENT,
        claim: Claim | None = None,
    ) -> list[AddedRow]:
        """Like `insert`, with the second under which each event stands: that of its first telling.

        `claim` is what these events prove; it is written in the same transaction.
        """
        page = tuple(events)

        def store(connection: sqlite3.Connection) -> list[AddedRow]:
            rows = [(row_of(event, summarize(event, scope.region)), event.oddity) for event in page]
            with writing.transaction(connection):
                return writing.add_page(connection, scope, rows, category, claim)

        placed = await self._write(store)
        return [AddedRow(*self._ids.key(row.row_id, row.second), row.new) for row in placed]

    async def alias_account(self, scope: Scope, account: str, *, account_is_shown: bool = False) -> str:
        """Make a provisional scope's account another name of `account`, in all Regions; the account it now stands for.

        Events and claims that are stored under either name count for both from then on, each event once, and no row id
        changes. Of an event that was stored under both names both ids go on leading to it in this process, and the
        provisional one is given out for it, or the other one if `account_is_shown`. If the account is known already,
        nothing is done.
        """

        def write(connection: sqlite3.Connection) -> str:
            with writing.transaction(connection):
                folded = writing.alias_account(connection, scope, account)
                # Ahead of the commit: until then both rows are there, and from then on either id finds the one.
                self._ids.fold(folded, give_kept=account_is_shown)
                return account_of(connection, scope)

        known = await self._write(write)
        self._accounts[scope.origin, scope.account] = known
        return known

    def named(self, scope: Scope) -> Scope:
        """The scope under the account's name, if this process has learned which account it belongs to."""
        return replace(scope, account=self._accounts.get((scope.origin, scope.account), scope.account))

    def other_keys(self, row_id: int) -> list[Key]:
        """The other keys under which this process has given out the same event of the same scope; as a rule none."""
        return self._ids.others(row_id)

    async def remember(self, login: Connection, account: str) -> None:
        """Write down which account a login led to, for times when it cannot be asked."""

        def write(connection: sqlite3.Connection) -> None:
            with writing.transaction(connection):
                logins.remember(connection, login, account)

        await self._write(write)

    def recall(self, login: Connection, *, failed: bool = False) -> str | None:
        """The account a login leads to, as `logins.recall` tells it; None where that is not certain."""
        return self._read(lambda reader: logins.recall(reader, login, failed=failed))

    def has_events(self, scope: Scope) -> bool:
        """True where there is an event of this scope."""
        return self._read(lambda reader: has_events(reader, scope))

    async def prune(self, retention: Retention, now: int | None) -> int:
        """Let go of the oldest events beyond what is to be kept at epoch second `now`; how many went.

        None: what time it is is not certain, and nothing is let go for its age.

        Where nothing is to be done, a quick look in the writer's thread: it can be called often, by several processes.
        What is written meanwhile gets its turn in between.
        """
        gone = 0
        while step := await self._write(lambda connection: prune_step(connection, retention, now)):
            gone += step
        if gone or is_too_large(self.path, retention):
            while await self._write(give_back_step):
                pass
        return gone

    async def drop_claims_after(self, second: int) -> int:
        """Forget what was claimed by proofs that are later than an epoch second; how many claims. No event goes."""

        def drop(connection: sqlite3.Connection) -> int:
            # Where there is none, nobody is waited for.
            if not has_proofs_after(connection, second):
                return 0
            with writing.transaction(connection):
                return drop_proofs_after(connection, second)

        return await self._write(drop)

    async def check_file(self) -> None:
        """See that the store stands under its name, as before each write: one that was removed is there again, and two
        that shared it share what one of them has brought back."""
        await self._write(lambda connection: None)

    async def find(self, search: Search, after: Key | None = None, limit: int = ROWS_AT_ONCE) -> list[Key]:
        """The next rows that a search finds behind `after`, newest first; fewer than `limit` at its end only."""
        return await self._search(lambda searcher: find(searcher, search, after, limit, self._ids.given))

    async def copies(self, ids: Sequence[int], scopes: Sequence[Scope]) -> dict[int, list[int]]:
        """The other rows in these scopes that hold the same event as each of these, found in the searcher's thread.

        By every id that this process has given out for them.
        """
        found = await self._search(lambda searcher: copies(searcher, self._ids.all_stored(ids), scopes))
        by_id = ((row_id, found.get(self._ids.stored(row_id), ())) for row_id in ids)
        return {
            row_id: [one for copy in others for one in (copy, *(key.row_id for key in self._ids.others(copy)))]
            for row_id, others in by_id
            if others
        }

    async def evaluate(
        self, ids: Sequence[int], evaluation: Callable[[Event, str], T], needs: Sequence[Clause] = ()
    ) -> Evaluated[T]:
        """What `evaluation` makes of events and the Region that was asked, in the searcher's thread.

        In the order of `ids`, a portion of them; ids the store does not hold, and events that lack what is needed, are
        passed over.
        """
        return await self._search(lambda searcher: evaluate(searcher, self._ids.all_stored(ids), evaluation, needs))

    async def count_values(self, scopes: Sequence[Scope], query: CountQuery) -> list[tuple[str, int]]:
        """Values of these scopes' events with their counts, most frequent first, counted in the searcher's thread.

        Other searches get their turn in between.
        """
        counting = ValueCounter(scopes, query)
        while await self._search(counting.step):
            pass
        return await self._run_in(self._search_thread, counting.found)

    def coverage(self, scope: Scope, attribute: LookupAttribute | None) -> Coverage:
        """What is known of a scope for events with this attribute; None: for all events."""
        return self._read(lambda reader: read_coverage(reader, scope, attribute))

    def floor(self, scope: Scope) -> Floor:
        """The epoch second before which events of a scope were pruned."""
        return self._read(lambda reader: read_floor(reader, scope))

    def counts(
        self, scope: Scope, attributes: Sequence[LookupAttribute], within: Stretch
    ) -> tuple[int, dict[LookupAttribute, int], int]:
        """Of a scope's newest events in a stretch of which all are known: how many were looked at, how many have each
        of these attributes, and in how many seconds they lie."""
        return self._read(lambda reader: count(reader, scope, attributes, within))

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """The lines of these rows, in the order of `ids`; ids the store does not hold are left out."""
        return self._ids.restore(ids, self._read(lambda reader: reading.summaries(reader, self._ids.all_stored(ids))))

    def unreadable(self, ids: Sequence[int]) -> set[int]:
        """Those of these rows of whose events something could not be read."""
        marks = self._read(lambda reader: read_marks(reader, self._ids.all_stored(ids)))
        unreadable = {mark.row_id for mark in marks if mark.unreadable}
        return {row_id for row_id in ids if self._ids.stored(row_id) in unreadable} if unreadable else set()

    def event(self, row_id: int) -> Event:
        """The whole event; raises StoreError where the store does not hold it."""
        event = self._read(lambda reader: reading.event(reader, self._ids.stored(row_id)))
        if event is None:
            raise StoreError("Event store", "This event is no longer in the store.", "Refresh to ask for it again.")
        return event

    def second(self, row_id: int) -> int | None:
        """The epoch second of an event; None where the store does not hold it."""
        stored = self._read(lambda reader: reading.second(reader, self._ids.stored(row_id)))
        return None if stored is None else self._ids.second(row_id, stored)

    async def close(self) -> None:
        """Finish what is being written and close the file; a store for one run is removed. May be called again.

        What waits for another process to end its writing is given up.
        """
        first = self._closing is None
        if self._closing is None:
            self._closing = asyncio.get_running_loop().run_in_executor(self._thread, self._close_files)
        notice = await asyncio.shield(self._closing)
        self._thread.shutdown(wait=False)
        if first and notice is not None:
            self.on_notice(notice)

    def _close_files(self) -> StoreError | None:
        # A search under way ends before its connection does.
        self._search_thread.shutdown(wait=True, cancel_futures=True)
        notice = rescue.restore_at_close(self._opened)
        self._opened.close()
        return notice

    def _read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        # SQLite would read freed memory: the connection is being closed in another thread.
        if self._closing is not None:
            raise StoreError("Event store", "The store is closed.")
        return self._guard("read", lambda: damage.read(self._opened.reader, work))

    async def _search(self, work: Callable[[sqlite3.Connection], T]) -> T:
        def search() -> T:
            return self._guard("read", lambda: damage.read(self._opened.searcher, work))

        return await self._run_in(self._search_thread, search)

    async def _write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        loop = asyncio.get_running_loop()
        return await self._run_in(
            self._thread, lambda: self._guard("written", lambda: self._retry_while_busy(work, loop))
        )

    def _retry_while_busy(self, work: Callable[[sqlite3.Connection], T], loop: asyncio.AbstractEventLoop) -> T:
        """Wait for other processes that write, in small steps: nothing else ends SQLite's own waiting.

        Where the store no longer stands under its name, go on elsewhere first.
        """
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._opened.writer.check()
                return work(self._opened.writer)
            except Displaced:
                self._reconnect(loop)
            except sqlite3.OperationalError as error:
                if not is_busy(error) or self._closing is not None or time.monotonic() >= until:
                    raise

    def _reconnect(self, loop: asyncio.AbstractEventLoop) -> None:
        """In the writer's thread: take up connections that hold the same rows, and close the old ones."""
        old = self._opened
        new = rescue.reconnect(old)
        if new is old:
            return
        self._opened, self.path = new, new.path
        old.writer.close()
        # Each in the thread that reads from it, behind what it is reading now.
        self._search_thread.submit(old.searcher.close)
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(old.reader.close)
            if new.notice is not None:
                loop.call_soon_threadsafe(self.on_notice, new.notice)
        if old.temp_folder is not None:
            old.temp_folder.remove()

    async def _run_in(self, thread: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        if self._closing is not None:
            raise StoreError("Event store", "The store is closed.")
        return await asyncio.get_running_loop().run_in_executor(thread, work)

    def _guard(self, done: str, work: Callable[[], T]) -> T:
        try:
            return work()
        except sqlite3.Error as error:
            if damage.is_damage(error):
                raise self._damaged(error) from error
            raise StoreError(
                "Event store",
                f"{self.path} cannot be {done}: {error}.",
                "See whether the disk is full and the file is ours, then try again.",
            ) from error

    def _damaged(self, error: sqlite3.Error) -> StoreError:
        if self._opened.temp_folder is not None:
            remedy = "It was for this run alone: start ctui again."
        else:
            try:
                damage.mark(self.path, self._opened.presence.inode)
                remedy = "Start ctui again: it then sets the file aside, deletes nothing, and begins a new store."
            except OSError as refused:
                remedy = f"Move it away before ctui is started again; it could not be marked as damaged: {refused}."
        return StoreError("Event store damaged", f"{self.path} is damaged: {error}.", remedy)


def _dispose(opening: "Future[Opened]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().close()
