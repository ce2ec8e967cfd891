"""Queries: the query on the screen, and how it starts: from the service, from the store, or again after a login."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

from ctui.core.lookup.event_query import EventQuery
from ctui.core.lookup.merged_scans import MergedScans
from ctui.core.lookup.queue import LookupQueue
from ctui.core.server_clock import ServerClock
from ctui.core.session_state import SessionPhase, SessionState
from ctui.core.session_store import SessionStore, pinned
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.clock import Clock
from ctui.model.connection import Scope
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.scan import Page, Scan


class Queries:
    """Starts queries as the connection allows, and replaces the current one. Nothing here blocks."""

    def __init__(
        self,
        lookup: Lookup,
        tasks: Tasks,
        queue: LookupQueue,
        clock: Clock,
        *,
        server_clock: ServerClock,
        stored: SessionStore,
        session: Callable[[], SessionState],
        page_arriving: Callable[[Scan, Page], Awaitable[None]],
        page_stored: Callable[[Page], None],
        regions_changed: Callable[[tuple[str, ...]], None],
        account_unknown: Callable[[str], None],
        account_learned: Callable[[], None],
        failed: Callable[[CtuiError], None],
    ) -> None:
        """`session` returns the session's state now. `page_arriving` is awaited before a page is stored, `page_stored`
        is called once it is.

        `regions_changed` is called with the Regions that are searched besides the working one. Where stored rows are
        shown, the first page says whose they are: then `account_learned` is called, else `account_unknown` with the
        assumed account, or `failed` with the error.
        """
        self.replaced: Signal[EventQuery] = Signal()
        """Publishes each query that takes the place of the current one."""
        self.stored = stored
        self._tasks = tasks
        self._queue = queue
        self._clock = clock
        self._server_clock = server_clock
        self._session = session
        self._page_arriving = page_arriving
        self._page_stored = page_stored
        self._regions_changed = regions_changed
        self._account_unknown = account_unknown
        self._account_learned = account_learned
        self._failed = failed
        self.current = self._new(lookup)
        self._identifying: asyncio.Task[None] | None = None

    # Ask.

    def ask(self, lookup: Lookup, *, passive: bool = False, again_to: int | None = None) -> EventQuery:
        """Stop the current query, start one for this lookup and return it.

        `passive`: show what the store has and make no call until more is asked for. `again_to`: an epoch second; back
        to it the service is asked as if nothing were known.
        """
        self.current.stop()
        self.current = self._new(lookup)
        self.replaced.publish(self.current)
        state = self._session()
        if self.stored.assumed is not None:
            self._start(store_only=True, passive=passive)
            if state.phase is SessionPhase.READY and not (passive or lookup.takes_no_call):
                # The account may have stayed unknown before; this query is answered once it is known.
                self.start()
        elif state.phase is SessionPhase.READY:
            self._start(passive=passive, again_to=again_to)
        elif state.phase is SessionPhase.FAILED and self.stored.scopes() and state.account is not None:
            self._start(store_only=True)
        return self.current

    def resume(self, query: EventQuery) -> None:
        """Stop the current query and show an earlier one as it was left. Makes no call."""
        self.current.stop()
        self.current = query
        self.replaced.publish(query)
        for scope in self.stored.trees:
            # Its rows may have come meanwhile.
            query.files_changed(scope)

    def ask_again(self, *, passive: bool = False, reread: bool = False) -> None:
        """Start a new query for the same lookup; a load that is not finished goes on in it.

        `reread`: ask the service for everything on the screen as if nothing of it were known.
        """
        waits = self.current.outstanding
        self.ask(self.current.lookup, passive=passive, again_to=self.current.shown_to if reread else None)
        if not passive:
            self.current.take_over(waits)

    def separate(self, lookup: Lookup, *, store_only: bool = False, scopes: Sequence[Scope] = ()) -> EventQuery | None:
        """Start a query next to the current one, and return it; None before there is a store to read. It is not shown.

        `store_only`: make no call, and show what is stored, complete or not; so too where the service cannot be asked.
        `scopes`: what is stored of these, which are not those on the screen.
        """
        if self.stored.store is None or not self.stored.scopes():
            return None
        # Where it is shown, no line says what it would wait for.
        query, time = self._new(lookup, patient=False), self._server_clock.time()
        if scopes:
            query.begin(self.stored.store, pinned(lookup, scopes, time), time, store_only=True)
        else:
            self.stored.begin(query, time, store_only=store_only or not self.confirmed)
        return query

    def scans(self) -> MergedScans:
        """Scans next to the current query, which store their pages as its own do. They are to begin."""
        return MergedScans(self._page_arriving, self._page_stored, patient=True)

    def is_known(self, lookup: Lookup) -> bool:
        """True if the store holds the complete answer, so that it takes no call."""
        return self.stored.knows(lookup, self._server_clock.time())

    @property
    def confirmed(self) -> bool:
        """True if the service can be asked, and the account it answers for is the one that is shown."""
        return self._session().phase is SessionPhase.READY and self.stored.assumed is None

    def search(self, regions: tuple[str, ...]) -> None:
        """From now on, queries search these Regions besides the working one, which may be among them. Log files alone
        are searched as a whole."""
        if self.stored.scope is not None and self.stored.scope.in_files:
            return
        working = [] if self.stored.scope is None else [self.stored.scope.region]
        regions = tuple(region for region in dict.fromkeys(regions) if region not in working)
        if regions != self.stored.added_regions:
            self.stored.added_regions = regions
            self._regions_changed(regions)

    def search_scopes(self, wanted: Collection[Scope]) -> None:
        """From now on, search these scopes alone, of the accounts that are reached; nothing changes if there are none.

        What is known of them is not asked for again, and a load that is not finished goes on.
        """
        named = self.stored.named_scopes
        names = set(named(wanted))
        if not names:
            return
        self.search(tuple(dict.fromkeys(scope.region for scope in wanted)))
        self.stored.left_out = frozenset(scope for scope in named(self.stored.grid()) if scope not in names)
        self.stored.unlisted = frozenset(scope for scope in named(self.stored.unlisted) if scope not in names)
        self.ask_again(passive=self.current.passive)

    def regions_with(self, *regions: str) -> tuple[str, ...]:
        """The Regions that are searched besides the working one, and these; before a connection, none of these."""
        searched = [scope.region for scope in self.stored.asked_scopes()]
        new = [region for region in dict.fromkeys(regions) if searched and region not in searched]
        return (*self.stored.added_regions, *new)

    def can_resume(self, query: EventQuery) -> bool:
        """True if `resume` shows the rows of this query as they should be shown now."""
        if not self.belongs_here(query) or (query.state.store_only and self.confirmed):
            return False
        if not {one.scope for one in query.state.scopes} <= set(self.stored.named_scopes(self.stored.searched())):
            return False
        # Accounts may have joined since it was left.
        return query.searches(self.stored.scopes()) and not query.shows_pruned_rows()

    def belongs_here(self, query: EventQuery) -> bool:
        """True if a query has started and its account and working Region are those of the connection now."""
        return query.scope is not None and query.scope in (
            *self.stored.searched()[:1],
            *self.stored.scopes()[:1],
        )

    # What the session does with the current query.

    def start(self) -> None:
        """There is a connection: ask the service, or first find out whose account this is."""
        query = self.current
        waits = query.outstanding
        if self.stored.assumed is not None and not query.lookup.takes_no_call:
            if self._identifying is None or self._identifying.done():
                self._identifying = self._tasks.start(self._find_account(), "whose account")
        elif query.scope is None:
            self._start()
            query.take_over(waits)
        elif not query.state.store_only or query.scope != self.stored.scope:
            self.ask_again()
        elif query.shows_pruned_rows() or self._range_has_left_rows(query):
            self.ask_again(passive=query.passive)
        else:
            # Its rows stay where they are.
            self._start(passive=query.passive)
            query.take_over(waits)

    def _range_has_left_rows(self, query: EventQuery) -> bool:
        """True if rows are shown that are older than its range, which has moved on since it began without a service."""
        time = self._server_clock.time()
        start, _ = query.lookup.timespan.pin(time.earliest, time.latest)
        return start is not None and bool(query.ids) and query.second_at(len(query.ids) - 1) < start

    def show_assumed(self, assumed: str | None) -> None:
        """Before the service has answered: show what the store has of the account this login is assumed to be in."""
        scope = self.current.scope
        if scope is not None and scope not in self.stored.scopes():
            self.ask_again()
        elif assumed is not None and not self.current.state.store_only:
            self._start(store_only=True)

    def show_stored(self) -> None:
        """Without a connection: show what the store has, unless rows of this account and Region are shown already."""
        if self.current.scope is not None and not self.belongs_here(self.current):
            self.ask(self.current.lookup)
        if self.current.state.store_only or not self.current.ids:
            self._start(store_only=True)

    def scopes_joined(self, account: str | None = None) -> None:
        """More accounts or Regions are searched from now on: the query on the screen goes on with them too.

        `account` has a new login.
        """
        if not self.confirmed or self.current.scope is None:
            return
        if self.current.state.store_only:
            # No call was answered: now one may be.
            self.start()
        else:
            time = self._server_clock.time()
            self.current.join(pinned(self.current.lookup, self.stored.searched(), time), time, account=account)

    def files_changed(self, scope: Scope) -> None:
        """A tree of log files has more rows: those that the query on the screen asks for join it."""
        self.current.files_changed(scope)

    def files_left(self) -> None:
        """Log files were removed or have changed: ask again, so that no row is shown that is of none any more."""
        if self.current.scope is not None:
            self.ask_again(passive=self.current.passive)

    def store_pruned(self, *, distrusted: bool) -> None:
        """Events or claims were removed: ask again if the answer rests on them. `distrusted`: claims were removed."""
        if self.confirmed and (distrusted or self.current.shows_pruned_rows()):
            self._ask_again_quietly_if_stopped()

    def show_new_events(self) -> None:
        """Something happened now that is an event itself: ask again if the time range reaches to now."""
        time = self._server_clock.time()
        _, end = self.current.lookup.timespan.pin(time.earliest, time.latest)
        if end >= int(time.earliest.timestamp()) and not self.current.state.loading_all:
            self.ask(self.current.lookup, passive=self.current.passive)

    def skipping(self) -> EventQuery | None:
        """The current query if the store can now spare it calls, else None."""
        return self.current if self.current.could_skip(self._server_clock.time()) else None

    def account_stored(self, skipping: EventQuery | None, *, confirmed: bool) -> None:
        """The account's stored events can be used. `confirmed`: they were on the screen before; `skipping`: what
        `skipping` returned when the account was learned."""
        if confirmed and self.current.state.store_only:
            self.start()
        elif skipping is self.current:
            self._ask_again_quietly_if_stopped()

    def _ask_again_quietly_if_stopped(self) -> None:
        self.ask_again(passive=self.current.passive or self.current.cancelled)

    def _start(self, *, store_only: bool = False, passive: bool = False, again_to: int | None = None) -> None:
        time = self._server_clock.time()
        self.stored.begin(self.current, time, store_only=store_only, passive=passive, again_to=again_to)

    def _new(self, lookup: Lookup, *, patient: bool = True) -> EventQuery:
        return EventQuery(
            lookup,
            self._tasks,
            self._queue,
            self._clock,
            arriving=self._page_arriving,
            arrived=self._page_stored,
            patient=patient,
        )

    async def _find_account(self) -> None:
        """Ask for the first page, which names the account if nothing else has; stored rows stay on the screen."""
        try:
            await self._tasks.guard(self._ask_beside_stored_rows())
        except CtuiError as error:
            self._failed(error)

    async def _ask_beside_stored_rows(self) -> None:
        query = self._new(self.current.lookup)
        self.stored.begin(query, self._server_clock.time())
        await query.idle()
        if (assumed := self.stored.assumed) is None:
            self._account_learned()
            return
        if query.state.error is not None:
            self.current.set_connection_error(query.state.error)
            return
        self.stored.assumed = None
        self._account_unknown(assumed)
        waits = self.current.outstanding
        self.resume(query)
        # Accounts may have joined while it ran.
        self.scopes_joined()
        query.take_over(waits)
