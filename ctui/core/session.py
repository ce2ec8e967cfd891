"""Session: one connection with its store, its queue, its trails and its explorer; the application without a screen."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ctui.core.account import new_provisional_account
from ctui.core.assumed_account import AssumedAccount, account_not_said
from ctui.core.explorer.explorer import Explorer
from ctui.core.explorer.queries import Queries
from ctui.core.identify_account import IdentifyAccount
from ctui.core.learn_account import LearnAccount
from ctui.core.logins import LoginPhase, OtherLogin, OtherLogins
from ctui.core.lookup.queue import LookupQueue
from ctui.core.marks import Marks
from ctui.core.regions import Regions
from ctui.core.server_clock import ServerClock, ServiceTime
from ctui.core.session_on_demand import SessionOnDemand
from ctui.core.session_state import SessionPhase, SessionState, SessionStatus
from ctui.core.session_store import SessionStore
from ctui.core.sources import Connector, Gateway
from ctui.core.tasks import Tasks, ended
from ctui.core.trails.changes import TrailChanges
from ctui.core.trails.trail_book import TrailBook
from ctui.errors import BadCredentials, ClocksDiffer, CtuiError, ExpiredLogin, LoginNeeded, NoCredentials, StoreError
from ctui.model.clock import Clock
from ctui.model.connection import Connection, Identity, Scope
from ctui.model.filter.read_lists import ReadWords, no_files
from ctui.model.log_files.tree_state import TreePhase
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.scan import Page
from ctui.model.waiting import Waiting
from ctui.store.events import EventStore
from ctui.store.pace_files import PaceFiles
from ctui.store.pruning import Retention

if TYPE_CHECKING:
    from ctui.core.account_names import AccountNames
    from ctui.core.files.log_files import LogFiles
    from ctui.core.files.trees import Trees
    from ctui.core.follow.follow_state import FollowState
    from ctui.core.login_watch import LoginWatch
    from ctui.core.scope_grid import ScopeGrid
    from ctui.core.trails.live_status import LiveStatus
    from ctui.core.trails.trail_regions import TrailRegions
    from ctui.core.unfinished import Unfinished
    from ctui.model.login_command import LoginAgain

__all__ = ["Session", "SessionPhase", "SessionState"]

T = TypeVar("T")

_LOGIN_OVER = (ExpiredLogin, NoCredentials, BadCredentials)
"""Errors that a new login mends."""

_DERIVING_PAUSE = 0.05
"""Seconds between two steps of deriving rows again, so that it takes less than half of a core."""


class Session(SessionOnDemand):
    """Connects, learns the account, opens and closes. Methods that are not async never block; they start tasks."""

    def __init__(
        self,
        connector: Connector,
        open_store: Callable[[Connection | None], Awaitable[EventStore]],
        clock: Clock,
        *,
        lookup_rate: float = 2.0,
        lookup: Lookup | None = None,
        read_only: bool = False,
        reads_trails: bool = True,
        retention: Retention | None = None,
        read_words: ReadWords = no_files,
        pace_files: PaceFiles | None = None,
        patience: float | None = None,
        remembers_loads: bool = False,
        regions: Sequence[str] = (),
        every_region: bool = False,
        global_services: bool = False,
        other_logins: Sequence[OtherLogin] = (),
        label: str = "",
        account_names: Mapping[str, str] | None = None,
        trees: Sequence["LogFiles"] = (),
        files_alone: bool = False,
    ) -> None:
        """`lookup_rate`: calls a second for each account and Region, of all processes with these `pace_files`;
        `lookup`: the first question, by default all; `read_only`: trails are not changed; `reads_trails`: trails are
        read as it connects, and not only when they are refreshed; `retention`: how much of the past the store keeps;
        `read_words` reads the files that a filter line names; `patience`: that of the queue, in seconds;
        `remembers_loads`: a load of everything that does not end before ctui does is offered by the next start.

        `regions` are searched besides the working one; `every_region`: all that are enabled, as soon as they are known;
        `global_services`: the Region, too, in which a partition records its global services. `other_logins`: accounts
        that are searched too, in the same Regions; `label`: what the working one is called among them;
        `account_names`: what accounts are called, which counts more than what AWS Organizations says.

        `trees` of log files are searched too, for which `open_store` must open a StoreWithFiles; `files_alone`: there
        is nothing else, and the connector connects to no service."""
        self.clock = clock
        self._tasks = Tasks()
        self._status = SessionStatus(self._tasks)
        self.changed = self._status.changed
        """Publishes each new state."""
        self._connector = connector
        self._working_label = label
        self.bugs = self._tasks.bugs
        """Publishes unexpected exceptions: bugs in ctui. What one has ended has failed, and can be tried again."""
        self._server_clock = ServerClock(clock)
        self._server_clock.differs.subscribe(self._clocks_differ)
        self._server_clock.first_update.subscribe(self._time_is_known)
        self.queue = LookupQueue(clock, self._server_clock, self._tasks, lookup_rate, pace_files, patience=patience)
        self.trails = TrailBook(clock, self._server_clock, self._tasks)
        self._reads_trails = reads_trails
        self.changes = TrailChanges(clock, self._server_clock, self._tasks, self.trails, read_only=read_only)
        self._gateway: Gateway | None = None
        self.logins = OtherLogins(other_logins, self._tasks, self._joined)
        """The logins besides the working one."""
        self.logins.changed.subscribe(lambda logins: self._change(logins=logins))
        self._named = account_names or {}
        self._status.change(
            logins=self.logins.state,
            account_names=self._named,
            listing_regions=every_region,
            files_alone=files_alone,
        )
        self._stored = SessionStore(open_store, retention, lambda notice: self._change(notice=notice))
        self.regions = Regions(
            self._tasks,
            self._stored,
            regions,
            every=every_region,
            global_services=global_services,
            explorer=lambda: self.explorer,
            listing=lambda listing: self._change(listing_regions=listing),
        )
        """The Regions that are searched, and those that accounts have."""
        self._account = LearnAccount(
            self._status,
            self._stored,
            self.queue,
            self._tasks,
            queries=lambda: self.queries,
            cleaned_up=self._cleaned_up,
        )
        self.queries = Queries(
            Lookup() if lookup is None else replace(lookup, timespan=lookup.timespan.resolved(clock.now())),
            self._tasks,
            self.queue,
            clock,
            server_clock=self._server_clock,
            stored=self._stored,
            session=lambda: self.state,
            page_arriving=self._account.page_arriving,
            page_stored=self._page_stored,
            regions_changed=lambda regions: self._change(added_regions=regions),
            account_unknown=lambda assumed: self._change(assumed=None, notice=account_not_said(assumed)),
            account_learned=self._account.use_stored,
            failed=lambda error: self._change(notice=error),
        )
        """The query on the screen. A person's questions go through `explorer`, which keeps the way back."""
        self.marks = Marks(
            self._tasks,
            self._stored,
            lambda: int(clock.now().timestamp()),
            lambda error: self._change(notice=error),
        )
        self.explorer = Explorer(
            self.queries,
            self._tasks,
            clock,
            self._server_clock,
            self,
            session=lambda: self.state,
            marked=lambda: self._stored.marked.event_ids,
            read_marks=self.marks.read,
            read_words=read_words,
        )
        self.following: FollowState | None = None
        """How following stands; None while new events are not followed."""
        self.unfinished: Unfinished | None = None
        """The load that may be offered; None before there is a connection, and where none is remembered."""
        self._remembers_loads = remembers_loads
        self.changed.subscribe(lambda _: self.explorer.session_changed())
        self.marks.changed.subscribe(lambda _: self.explorer.marks_changed())
        self.changed.subscribe(self.marks.session_changed)
        self._trees = self._trees_of(trees) if trees else None
        self._assumed = AssumedAccount(
            self._status,
            self._stored,
            self._tasks,
            queries=lambda: self.queries,
            search_from=self.regions.search_from,
            prune=self._prune,
            cleaned_up=self._cleaned_up,
        )
        self._aging: asyncio.Task[None] | None = None
        """Removes what is too old, and false claims, once the service has sent its time."""
        self._begun = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None
        self.trails.changed.subscribe(self._account.trails_changed)
        self.changes.happened.subscribe(lambda _: self.queries.show_new_events())

    @cached_property
    def live_status(self) -> "LiveStatus":
        """Reads the status that is in sight again, once a minute."""
        from ctui.core.trails.live_status import LiveStatus  # noqa: PLC0415 - the first frame needs none

        return LiveStatus(self.clock, self.trails, self.changes, self._may_call)

    @cached_property
    def trail_regions(self) -> "TrailRegions":
        """Reads the status of a trail in each Region, when that is asked for."""
        from ctui.core.trails.trail_regions import TrailRegions  # noqa: PLC0415 - few ask for it

        return TrailRegions(self.trails, self._tasks, lambda: self._gateway, self.server_now)

    @cached_property
    def login_watch(self) -> "LoginWatch":
        """Goes on once the login that is needed was made."""
        from ctui.core.login_watch import LoginWatch  # noqa: PLC0415 - most sessions need none

        return LoginWatch(self.clock, self._tasks, lambda: self.login_needed, self.login_made)

    @property
    def login_needed(self) -> "LoginAgain | None":
        """How the login is made again that ran out; None if none did that is made in a browser."""
        errors = (*self._login_errors(), *self._others_lost().values(), *(login.error for login in self.logins.state))
        found = (error.again for error in errors if isinstance(error, LoginNeeded))
        return next((again for again in found if again is not None), None)

    def login_made(self) -> None:
        """The login that was needed is there: connect what waited for it."""
        if not self.reconnect():
            self._connect_others()

    def list_regions(self) -> None:
        """Ask each account that is reached for its Regions, once; `regions.listed` says when one has answered."""
        working = [(self._gateway, self.state.account)] if self._gateway and self.state.account else []
        for gateway, account in (*working, *self.logins.reached()):
            self.regions.list_of(gateway, account)

    def scope_grid(self) -> "ScopeGrid":
        """Every account and Region that could be searched."""
        from ctui.core.scope_grid import scope_grid  # noqa: PLC0415 - the first frame needs none

        stored, lists = self._stored, self.regions.lists
        return scope_grid(
            list(dict.fromkeys(stored.named_scopes(stored.grid()))),
            stored.named_scopes(stored.asked_scopes()),
            {account: found.enabled for account, found in lists.items()},
            self.explorer.state.query.scopes,
            {account: found.error for account, found in lists.items() if found.error is not None},
        )

    @property
    def awaits_scopes(self) -> bool:
        """True while more may join what is searched: logins are under way, lists of Regions, or log files are read."""
        state = self.state
        joining = any(login.phase is LoginPhase.CONNECTING for login in state.logins)
        return state.listing_regions or joining or any(tree.phase is TreePhase.INDEXING for tree in state.trees)

    @property
    def state(self) -> SessionState:
        """The session at a glance."""
        return self._status.state

    async def run(self) -> None:
        """Connect and load, then keep all going until `close`."""
        try:
            if self._closing is None:
                self._tasks.start(self._connect(), "connect")
                self._begun.set()
                await self._tasks.closing()
        finally:
            await self.close()

    async def idle(self) -> None:
        """Return when nothing is running and nothing is queued; waits for `run` to begin."""
        await self._begun.wait()
        await self._tasks.idle()

    async def close(self) -> None:
        """Stop everything, and close the gateway and the store, whose last message becomes the notice. May be called
        again."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._shut(), name="close session")
        await asyncio.shield(self._closing)

    def refresh(self) -> None:
        """Without a connection, or with a login that ran out, connect again; else read the trails and ask again, or try
        an endpoint that fails now. New log files are looked for, too."""
        if not self.reconnect() and self.state.phase is SessionPhase.READY:
            if self._trees is not None:
                self._trees.update()
            if self.state.files_alone:
                if self.explorer.state.query.error is not None or self.explorer.read_error is not None:
                    self.queries.ask_again()
                return
            self._connect_others()
            self.trails.refresh()
            if self.following is not None:
                self.follow.try_now()
            if not self.queue.try_now():
                self.queries.ask_again()

    def search_every_region(self) -> None:
        """Search every Region that is enabled in the account, as soon as they are known."""
        if self._gateway is not None and self._stored.scope is not None and not self.state.files_alone:
            self.regions.search_every(self._gateway, self._stored.scope)

    def reconnect(self) -> bool:
        """Without a connection, or with a login that ran out, connect again; False if that is not needed."""
        phase = self.state.phase
        needed = phase is SessionPhase.FAILED or (phase is SessionPhase.READY and self._login_is_over())
        if needed:
            self.queries.current.interrupt()
            self._change(phase=SessionPhase.CONNECTING, error=None, notice=None)
            self._tasks.start(self._connect(), "connect")
        return needed

    def ask_again(self) -> None:
        """Ask the service for everything on the screen, known or not. With a login that ran out, connect again."""
        if self.state.phase is not SessionPhase.READY or self._login_is_over():
            self.refresh()
        elif self._trees is not None and self.state.files_alone:
            self._trees.update()
            self.queries.ask_again()
        else:
            self._connect_others()
            self.queue.try_now()
            self.queries.ask_again(reread=True)

    def look_after_store(self) -> None:
        """Check that the store's file is still in its place while nothing is written; call it now and then."""
        if self.state.phase is not SessionPhase.CLOSED:
            self._tasks.start(self._status.report(self._stored.check_file), "look after store")

    def login_waits(self, waiting: Waiting | None) -> None:
        """The login waits for something outside ctui; None: it no longer does."""
        since = self.clock.monotonic() if self.state.waiting_since is not None else None
        self._change(waiting=waiting if since is not None else None, waiting_since=since)

    def store_converts(self, progress: tuple[int, int] | None) -> None:
        """So many events of an older store are converted, of so many; None: it is open, or cannot be opened."""
        if progress != self.state.converting:
            self._change(converting=progress)

    def server_now(self) -> datetime:
        """The service's time by its Date headers; this machine's before the first."""
        return self._server_clock.now()

    def time(self) -> ServiceTime:
        """The time by the service's clock and by ours, for what depends on which of them is right."""
        return self._server_clock.time()

    def _clocks_differ(self, ahead: timedelta | None) -> None:
        """The service's clock is ahead of ours by so much that one of them is wrong; None: they agree."""
        clocks, before = None if ahead is None else ClocksDiffer.of(ahead), self.state.clocks
        if (clocks and clocks.message) != (before and before.message):
            self._change(clocks=clocks)

    def _time_is_known(self, checked: ServiceTime) -> None:
        self._aging = self._tasks.start(self._status.report(lambda: self._go_by_time(checked)), "go by the time")

    async def _go_by_time(self, checked: ServiceTime) -> None:
        """Remove events that are too old and claims about the future; ask again if the answer rests on them."""
        distrusted = await self._stored.drop_future_claims(checked)
        await self._prune()
        self.queries.store_pruned(distrusted=distrusted)

    async def _prune(self) -> None:
        """Remove what is beyond the store's bounds; by age only once the service has sent its time."""
        await self._status.report(lambda: self._stored.prune(self._server_clock.checked))

    async def _cleaned_up(self) -> None:
        """Return once nothing more is removed by age, so that a query does not start on what is about to go."""
        await ended(self._aging)

    def _login_is_over(self) -> bool:
        return any(isinstance(error, _LOGIN_OVER) for error in self._login_errors())

    def _connect_others(self) -> None:
        """Connect the other logins that are not connected, or ran out."""
        self.logins.connect(self._others_lost())

    def _others_lost(self) -> dict[str, CtuiError]:
        """Accounts of other logins that ran out, and what the service says of them."""
        return {
            scope.account: error
            for scope, error in self.queries.current.failures
            if isinstance(error, _LOGIN_OVER) and not self._is_working(scope)
        }

    def _is_working(self, scope: Scope) -> bool:
        """True if the scope is asked with the working login."""
        working, others = self._stored.scope, {other.account for other in self._stored.other_accounts}
        return scope.account not in others or (working is not None and scope.account == working.account)

    def _login_errors(self) -> Iterator[CtuiError | None]:
        """Errors that may be of the working login, unless it is being made."""
        if self.state.phase is SessionPhase.CONNECTING:
            return
        book = self.trails.state
        followed = None if self.following is None else self.following.error
        yield from (self.state.error, book.error, followed)
        yield from (error for scope, error in self.queries.current.failures if self._is_working(scope))
        yield from (entry.trouble for entry in book.entries)

    def _may_call(self) -> bool:
        return self.state.phase is SessionPhase.READY and not self._login_is_over()

    async def _connect(self) -> None:
        self._assumed.forget()
        self._change(waiting=None, waiting_since=self.clock.monotonic())
        self._connect_others()
        try:
            await self._tasks.guard(self._reach())
        except CtuiError as error:
            if not isinstance(error, StoreError):
                # Why there is no connection matters more than why nothing is shown without one.
                await self._status.report(self._assumed.show_without_connection)
                if self._trees is not None:
                    await self._status.report(self._trees.show_without_connection)
            self._change(phase=SessionPhase.FAILED, error=error)
        finally:
            self._change(waiting=None, waiting_since=None)
        self._tasks.start(self._status.report(self._derive_again), "derive again")

    async def _derive_again(self) -> None:
        """Derive stored rows of older rules again while nothing loads, so that the index decides of them too."""
        await self.queries.current.idle()
        while await self._stored.derive_step():
            await self.clock.sleep(_DERIVING_PAUSE)
            await self.queries.current.idle()

    async def _reach(self) -> None:
        if self._gateway is not None:
            await self._gateway.close()
        gateway = self._gateway = await self._open_gateway()
        await self._assumed.shown()
        self._change(connection=gateway.connection, identity=None, account=None)
        # Old events must be removed before a query reads what the store knows.
        if notice := await self._stored.open(gateway.connection):
            self._change(notice=notice)
        if self._remembers_loads and not self.state.files_alone:
            await self._status.report(self._recall_unfinished)
        await self._prune()
        if self._trees is not None:
            if self.state.files_alone:
                await self._trees.show_alone()
                return
            self._tasks.start(self._status.report(self._trees.open), "open log files")
        scope = self._stored.scope = Scope(
            gateway.connection.origin, new_provisional_account(), gateway.connection.region
        )
        self.regions.search_from(gateway.connection)
        self.queue.connect(gateway, scope)
        self.trails.connect(gateway)
        self.changes.connect(gateway)
        listed = await self._identification(gateway).run(gateway, self.trails)
        await self._cleaned_up()
        self._change(phase=SessionPhase.READY)
        if self._reads_trails:
            self.trails.show(listed)
        self.regions.reached(gateway, self._stored.scope or scope)
        self.queries.start()

    def _trees_of(self, trees: Sequence["LogFiles"]) -> "Trees":
        from ctui.core.files.trees import Trees  # noqa: PLC0415 - most sessions have no log files

        return Trees(
            trees,
            self._tasks,
            self._status,
            self._stored,
            queries=lambda: self.queries,
            marks_changed=self.marks.read,
        )

    @cached_property
    def _account_names(self) -> "AccountNames":
        from ctui.core.account_names import AccountNames  # noqa: PLC0415 - most sessions have one account

        names = AccountNames(self._named, self._tasks)
        names.changed.subscribe(lambda _: self._change(account_names=names.names))
        return names

    def _joined(self, gateway: Gateway, scope: Scope) -> None:
        """Another account is reached: search it too."""
        self._stored.other_accounts = tuple(dict.fromkeys((*self._stored.other_accounts, scope)))
        self.queue.connect_account(gateway, scope)
        self.regions.reached(gateway, scope)
        self.queries.scopes_joined(scope.account)
        self._account_names.joined(gateway, scope.account)

    async def _open_gateway(self) -> Gateway:
        """A gateway of the working login; of another one that is ready if it fails. Raises what it fails with."""
        try:
            return await self._connector.connect(self._assumed.resolved)
        except CtuiError as error:
            stands_in = await self.logins.stand_in(OtherLogin(self._working_label, self._connector), error)
            if stands_in is None:
                raise
            (self._working_label, self._connector), gateway = stands_in
            account = (await gateway.identify()).account
            self._stored.other_accounts = tuple(one for one in self._stored.other_accounts if one.account != account)
            return gateway

    async def _recall_unfinished(self) -> None:
        from ctui.core.unfinished import Unfinished  # noqa: PLC0415 - the first frame offers nothing

        if self.unfinished is None:
            self.unfinished = Unfinished(self.explorer, self._stored, self._tasks, self._status)
        await self.unfinished.read()

    def _identification(self, gateway: Gateway) -> IdentifyAccount:
        def identified(identity: Identity) -> None:
            self._server_clock.update(gateway.server_time)
            # A late answer of a gateway that was replaced says nothing about the one in use.
            if gateway is self._gateway:
                self._change(identity=identity)
                self._account.named(identity.account)
                if self.state.logins:
                    self._account_names.joined(gateway, identity.account)

        return IdentifyAccount(self.clock, self._tasks, identified, lambda error: self._change(notice=error))

    def _page_stored(self, page: Page) -> None:
        self._account.use_stored()
        if self._stored.page_stored(page):
            self._tasks.start(self._prune(), "prune")

    async def _shut(self) -> None:
        self._begun.set()
        if self.unfinished is not None:
            self.unfinished.close()
        await self._tasks.close()
        try:
            await self.logins.close()
            if self._gateway is not None:
                await self._gateway.close()
        finally:
            # The last notice is what the store reports as it closes.
            self._change(notice=None)
            if self._trees is not None:
                await self._trees.close()
            await self._stored.close()
            self._change(phase=SessionPhase.CLOSED)

    def _change(self, **changes: object) -> None:
        self._status.change(**changes)
