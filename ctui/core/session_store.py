"""SessionStore: the store of a session, the scopes it is read and written in, and how much history it keeps."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from ctui.core.account import new_provisional_account
from ctui.core.lookup.event_query import EventQuery
from ctui.core.lookup.knowledge import knowledge_in
from ctui.core.lookup.planner import ScopeQuery, known, scope_queries
from ctui.core.server_clock import TOLERANCE, ServiceTime
from ctui.errors import StoreError
from ctui.model.connection import Connection, Scope
from ctui.model.event.event import Event
from ctui.model.filter.predicate import Predicate
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.scan import Page, Scan
from ctui.store.counting import CountQuery
from ctui.store.events import EventStore
from ctui.store.index.excluding import Excluded
from ctui.store.index.matching import Matched, Matcher
from ctui.store.index.table_line import StoredSummary
from ctui.store.marks import MarkedEvents
from ctui.store.pruning import Retention
from ctui.store.reading import Evaluated
from ctui.store.search import Rows

if TYPE_CHECKING:
    from ctui.core.lookup.forecast import Forecast
    from ctui.model.log_files.tree_state import FilePlace
    from ctui.store.index.faceting import FacetCounter, FacetCounts

T = TypeVar("T")

PRUNED_AFTER = 5_000
"""Events that are stored between two checks of the store's size: about 8 MB."""


class SessionStore:
    """The stored events of the Regions on the screen. Before the store is open there are none."""

    def __init__(
        self,
        open_store: Callable[[Connection | None], Awaitable[EventStore]],
        retention: Retention | None,
        on_notice: Callable[[StoreError], None],
    ) -> None:
        """`open_store` is called once, with the connection. `retention`: how much history is kept. `on_notice` hears
        what happens to the store's file while it is open."""
        self.store: EventStore | None = None
        self.scope: Scope | None = None
        """The account, or a provisional one, and the working Region; the first tree for log files alone."""
        self.assumed: str | None = None
        """The account whose stored rows are shown until the service has named the account of the login."""
        self.added_regions: tuple[str, ...] = ()
        """Other Regions that are searched too."""
        self.other_accounts: tuple[Scope, ...] = ()
        """Accounts that are searched too, each with the working Region of its login."""
        self.left_out: frozenset[Scope] = frozenset()
        """Scopes that are not searched, though their account and their Region are."""
        self.unlisted: frozenset[Scope] = frozenset()
        """Scopes that are not searched before it is known which Regions their account has."""
        self.trees: tuple[Scope, ...] = ()
        """The trees of log files that are searched too; with no account to connect to, they are all there is."""
        self.marked = MarkedEvents()
        """The marked events, as they were read last."""
        self._open_store = open_store
        self._opening = asyncio.Lock()
        self._retention = retention or Retention()
        self._on_notice = on_notice
        self._stored_since_pruning = 0

    async def open(self, connection: Connection | None) -> StoreError | None:
        """Open the store unless it is open; returns what to show the user about it, once. Raises StoreError."""
        async with self._opening:
            if self.store is not None:
                return None
            self.store = await self._open_store(connection)
            self.store.on_notice = self._on_notice
            self.marked = await self.store.marked_events()
            return self.store.notice

    def recall(self, connection: Connection, *, failed: bool = False) -> str | None:
        """The account that this login leads to for certain; `failed`: the login has failed. Raises StoreError."""
        return None if self.store is None else self.store.recall(connection, failed=failed)

    def leads_elsewhere(self, connection: Connection) -> bool:
        """True if this login certainly leads to another account or Region than the present ones. Raises StoreError."""
        account = self.recall(connection)
        scope = Scope(connection.origin, account or "", connection.region)
        return account is not None and self.scope is not None and self.scope != scope

    def assume(self, connection: Connection) -> str | None:
        """Show what is stored of the account that this login leads to; returns that account, or None if nothing is.

        Raises StoreError.
        """
        account = self.recall(connection)
        scope = Scope(connection.origin, account or "", connection.region)
        self.assumed = account if self.store is not None and account and self.store.has_events(scope) else None
        self.scope = replace(scope, account=new_provisional_account())
        return self.assumed

    async def remember(self, connection: Connection | None, account: str) -> None:
        """Record the account of a login, for a time when the service cannot be reached. Raises StoreError."""
        if self.store is not None and connection is not None:
            await self.store.remember(connection, account)

    def begin(
        self,
        query: EventQuery,
        time: ServiceTime,
        *,
        store_only: bool = False,
        passive: bool = False,
        again_to: int | None = None,
    ) -> None:
        """Begin a query in all scopes, pinned to this instant at the service; see EventQuery.begin.

        `store_only`: in the scopes whose stored rows are shown; otherwise in those that are looked up.
        """
        assert self.store is not None, "there is a connection, so the store is open"
        scans = pinned(query.lookup, self.scopes() if store_only else self.searched(), time)
        query.begin(self.store, scans, time, store_only=store_only, passive=passive, again_to=again_to)

    async def close(self) -> None:
        """Close the store."""
        if self.store is not None:
            await self.store.close()

    async def prune(self, checked: ServiceTime | None) -> None:
        """Delete events beyond the retention. Raises StoreError.

        `checked`: the instant by the service's clock and ours; the one that keeps more counts. None while only our own
        clock is known: it may be years ahead, so nothing is deleted for its age.
        """
        self._stored_since_pruning = 0
        if self.store is not None:
            now = None if checked is None else int(checked.earliest.timestamp())
            await self.store.prune(self._retention, now)

    async def derive_step(self) -> bool:
        """Derive some stored rows of older rules again; False once there are none. Raises StoreError."""
        return self.store is not None and await self.store.derive_step()

    async def drop_future_claims(self, checked: ServiceTime) -> bool:
        """Delete claims of the future of both clocks; returns True if there were any. Raises StoreError.

        They were proven while both clocks were wrong, and would be trusted once that time has come.
        """
        if self.store is None:
            return False
        return await self.store.drop_claims_after(int((checked.latest + TOLERANCE).timestamp())) > 0

    async def check_file(self) -> None:
        """Check that the store's file is still at its path. Raises StoreError."""
        if self.store is not None:
            await self.store.check_file()

    def page_stored(self, page: Page) -> bool:
        """Count a page that was stored; returns True if it is time to prune."""
        self._stored_since_pruning += len(page.events)
        return self._stored_since_pruning >= PRUNED_AFTER

    def asked_scopes(self) -> list[Scope]:
        """The scopes that are looked up; empty before the first connection."""
        apart = self.left_out | self.unlisted
        if not apart or self.store is None:
            return self.grid()
        apart = frozenset(map(self.store.named, apart))
        return [scope for scope in self.grid() if self.store.named(scope) not in apart]

    def searched(self) -> list[Scope]:
        """The scopes that are looked up, and those of trees."""
        return [*self.asked_scopes(), *self.trees]

    def grid(self) -> list[Scope]:
        """Every account in every Region that is searched, the working one first; empty before the first connection, and
        for log files alone."""
        if self.scope is None or self.scope.in_files:
            return []
        accounts = (self.scope, *self.other_accounts)
        regions = dict.fromkeys((self.scope.region, *self.added_regions, *(each.region for each in accounts)))
        return list(dict.fromkeys(replace(each, region=region) for each in accounts for region in regions))

    def named_scopes(self, scopes: Iterable[Scope]) -> list[Scope]:
        """The scopes by the names that their accounts have now."""
        return [scope if self.store is None else self.store.named(scope) for scope in scopes]

    def scopes(self) -> list[Scope]:
        """The scopes whose rows are shown: those that are looked up, in the assumed account if there is one, and those
        of trees. Empty before the first connection."""
        if self.scope is None:
            return []
        assumed, working, asked = self.assumed, self.scope.account, self.asked_scopes()
        if assumed is not None:
            asked = [replace(scope, account=assumed) if scope.account == working else scope for scope in asked]
        return [*asked, *self.trees]

    def scopes_of(self, account: str) -> list[Scope]:
        """The scopes of another account of which events are stored, and trees, which may have some of any; empty for
        the one on the screen.

        Raises StoreError.
        """
        if self.store is None or self.scope is None or account in {scope.account for scope in self.scopes()}:
            return []
        stored = [] if self.scope.in_files else self.store.scopes(self.scope.origin)
        return [*(scope for scope in stored if scope.account == account), *self.trees]

    def knows(self, lookup: Lookup, time: ServiceTime) -> bool:
        """True if the whole answer is stored, so that no call is needed."""
        if lookup.takes_no_call:
            return True
        if self.store is None or self.scope is None or lookup.timespan.open_ended:
            return False
        try:
            queries = scope_queries(lookup, pinned(lookup, self.scopes(), time))
            return all(self._is_known(query, time) for query in queries)
        except StoreError:
            # Reading the rows will raise it again.
            return False

    def forecasts(self, lookup: Lookup, time: ServiceTime, region: str) -> "list[Forecast]":
        """What the lookup takes in each scope, the working Region first. Raises StoreError.

        `region`: the working one, if the login has led nowhere yet.
        """
        from ctui.core.lookup.forecast import forecasts  # noqa: PLC0415 - a screen asks for none

        nowhere = [Scope("", "", name) for name in dict.fromkeys((region, *self.added_regions))]
        scans = pinned(lookup, self.scopes() or nowhere, time)
        return forecasts(self.store if self.scopes() else None, scope_queries(lookup, scans), time)

    async def alias_account(self, account: str, *, account_is_shown: bool) -> str:
        """Make the provisional account another name of `account`; returns the account it now stands for.

        `account_is_shown`: rows of the account are on the screen, and keep their ids. Raises StoreError.
        """
        if self.store is None or self.scope is None:
            return account
        return await self.store.alias_account(self.scope, account, account_is_shown=account_is_shown)

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """The table lines of these rows, in the order of `ids`, without rows that are not stored."""
        return [] if self.store is None else self.store.summaries(ids)

    def event(self, row_id: int) -> Event:
        """The whole event of a row. Raises StoreError if it is not stored, and FilesError."""
        assert self.store is not None, "a row id comes from the store"
        return self.store.event(row_id)

    async def read_far(self, ids: Sequence[int]) -> None:
        """Read records for which `event` raised RecordFar, or lines that are `far`. Raises FilesError."""
        from ctui.core.files.store_with_files import StoreWithFiles  # noqa: PLC0415 - few sessions have log files

        assert isinstance(self.store, StoreWithFiles), "rows of trees are read"
        await self.store.read_far(ids)

    def file_of(self, row_id: int) -> "FilePlace | None":
        """In which log file the record of a row stands; None for a row that is not of a tree."""
        if not self.trees:
            return None
        from ctui.core.files.store_with_files import StoreWithFiles  # noqa: PLC0415 - most sessions have no log files

        assert isinstance(self.store, StoreWithFiles), "there are trees"
        return self.store.file_of(row_id)

    def unreadable(self, ids: Sequence[int]) -> set[int]:
        """The rows among these whose events could not be read in full. Raises StoreError."""
        return set() if self.store is None else self.store.unreadable(ids)

    async def scopes_holding(self, ids: Sequence[int]) -> Mapping[int, tuple[Scope, ...]] | None:
        """Which scopes hold the event of each of these rows, of events that several hold; None if there are none.

        Raises StoreError.
        """
        scopes = self.scopes()
        return (self.store is not None and len(scopes) > 1 and await self.store.scopes_holding(ids, scopes)) or None

    async def match(self, matcher: Matcher, scopes: Sequence[Scope], rows: Rows) -> Matched:
        """Which of the next of these rows match a line, off the loop. Raises StoreError."""
        return Matched(len(rows.ids), ()) if self.store is None else await self.store.match(matcher, scopes, rows)

    async def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        """Call `evaluation` with the events of a portion of the rows, off the loop. Raises StoreError."""
        return Evaluated(len(ids), []) if self.store is None else await self.store.evaluate(ids, evaluation)

    async def read_events(self, ids: Sequence[int]) -> list[tuple[str, Event]]:
        """Of these rows, those that are stored: the event, and the Region that was searched. Raises StoreError."""
        found: list[tuple[str, Event]] = []
        odd, done = self.unreadable(ids), 0
        while done < len(ids):
            read = await self.evaluate(ids[done:], lambda event, region: (region, event))
            for index, (region, event) in read.results:
                row_id = ids[done + index]
                found.append((region, self.event(row_id) if row_id in odd else event))
            done += read.scanned
        return found

    async def excluders(self, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        """What excludes the next of these rows, off the loop. Raises StoreError."""
        return Excluded(len(ids), []) if self.store is None else await self.store.excluders(predicate, ids)

    async def count_facets(self, counter: "FacetCounter", rows: Rows) -> "FacetCounts":
        """Count these rows too, off the loop; returns the counts of all that `counter` was given. Raises StoreError."""
        assert self.store is not None, "rows come from the store"
        return await self.store.count_facets(counter, rows)

    async def count_values(self, query: CountQuery) -> list[tuple[str, int]]:
        """Values of the newest events of all scopes, most frequent first. Raises StoreError."""
        return [] if self.store is None or self.scope is None else await self.store.count_values(self.scopes(), query)

    def _is_known(self, query: ScopeQuery, time: ServiceTime) -> bool:
        assert self.store is not None, "the caller has checked"
        if query.stretch is None:
            return False
        certain = knowledge_in(self.store, query, time).certain
        return known(query.clauses, certain).covers(query.stretch)


def pinned(lookup: Lookup, scopes: Iterable[Scope], time: ServiceTime) -> list[Scan]:
    """The lookup in each scope, pinned to this instant at the service."""
    return [Scan.pin(lookup, scope, time.earliest, time.latest) for scope in scopes]
