"""Session: one connection, its trails, its queue and the question being asked; the application without a screen."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from weakref import WeakSet

from ctui.core.account import account_in_events, account_in_trails, stand_in
from ctui.core.changes import Outcome, TrailChanges
from ctui.core.feed import EventFeed
from ctui.core.introduction import Introduction
from ctui.core.planner import questions_of
from ctui.core.ports import Connector, Gateway
from ctui.core.queue import LookupQueue
from ctui.core.routes import Routes
from ctui.core.serverclock import ServerClock
from ctui.core.sessionstate import SessionPhase, SessionState
from ctui.core.tasks import Tasks
from ctui.core.topic import Topic
from ctui.core.trails import TrailBook, TrailsState
from ctui.errors import BadCredentials, ConnectionProblem, CtuiError, ExpiredLogin, NoCredentials, StoreError
from ctui.model.clock import Clock
from ctui.model.connection import Connection, Identity, Scope
from ctui.model.event import Event
from ctui.model.lookup import Lookup
from ctui.model.needs import Need
from ctui.model.scan import Page, Scan
from ctui.store.events import EventStore
from ctui.store.judging import Judged
from ctui.store.pruning import Retention
from ctui.store.rows import StoredSummary
from ctui.store.tallying import Tally

__all__ = ["Session", "SessionPhase", "SessionState"]

T = TypeVar("T")


class Session:
    """Joins gateway, store, queue, trails and feed. Methods that are not async never block; they start tasks."""

    def __init__(
        self,
        connector: Connector,
        open_store: Callable[[Connection | None], Awaitable[EventStore]],
        clock: Clock,
        *,
        lookup_rate: float = 2.0,
        lookup: Lookup | None = None,
        read_only: bool = False,
        retention: Retention | None = None,
    ) -> None:
        """`lookup_rate`: calls a second for each account and Region; `lookup`: the first question, by default all;
        `read_only`: trails are not changed; `retention`: how much of the past the store keeps."""
        self.clock = clock
        self.changed: Topic[SessionState] = Topic()
        self.asked: Topic[EventFeed] = Topic()
        """A new feed has taken the place of `feed`."""
        self.state = SessionState(SessionPhase.CONNECTING)
        self._connector = connector
        self._open_store = open_store
        self._tasks = Tasks()
        self.faults = self._tasks.faults
        """What no part of core had foreseen. Where it ended something, that has failed and can be tried again."""
        self._server_clock = ServerClock(clock)
        self.queue = LookupQueue(clock, self._server_clock, self._tasks, lookup_rate)
        self.trails = TrailBook(clock, self._server_clock, self._tasks)
        self.changes = TrailChanges(clock, self._server_clock, self._tasks, self.trails, read_only=read_only)
        # Feeds that were replaced may come back: they too learn what account they belong to.
        self._feeds: WeakSet[EventFeed] = WeakSet()
        self.feed = self._new_feed(Lookup() if lookup is None else lookup)
        self._gateway: Gateway | None = None
        self._store: EventStore | None = None
        self._retention = retention or Retention()
        self._scope: Scope | None = None
        self._moved: dict[int, int] = {}
        self._begun = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None
        self.trails.changed.subscribe(self._trails_changed)
        self.changes.happened.subscribe(self._trail_written)

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
        """Stop everything, close the gateway and the store. May be called again."""
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self._shut(), name="close session")
        await asyncio.shield(self._closing)

    def ask(self, lookup: Lookup, *, quiet: bool = False) -> EventFeed:
        """Put a new question: the old feed is stopped and its queued pages are dropped. Returns the new feed.

        `quiet`: show what is known, and make no call until more is wished.
        """
        self.feed.stop()
        self.feed = self._new_feed(lookup)
        self.asked.publish(self.feed)
        if self.state.phase is SessionPhase.READY:
            self._begin(self.feed, quiet=quiet)
        elif self.state.phase is SessionPhase.FAILED and self._store is not None and self.state.account is not None:
            self._begin(self.feed, stored=True)
        return self.feed

    def knows(self, lookup: Lookup) -> bool:
        """True where the store holds all of the answer, so that it takes no call."""
        if self._store is None or self._scope is None or lookup.timespan.open_ended:
            return False
        try:
            return not Routes.planned(self._store, questions_of(lookup, self._pinned(lookup))).asking
        except StoreError:
            # Whoever asks for the rows themselves will be told.
            return False

    def resume(self, feed: EventFeed) -> None:
        """Go back to a feed that `ask` has replaced, as it stands; nothing is asked by this."""
        self.feed.stop()
        self.feed = feed
        self.asked.publish(feed)

    def look_also(self, region: str, lookup: Lookup | None = None) -> EventFeed:
        """Ask this Region from now on as well, beside the one we work in: `lookup`, or the same question anew."""
        if self._scope is not None and region not in (self._scope.region, *self.state.also):
            self._change(also=(*self.state.also, region))
        return self.ask(lookup or self.feed.lookup)

    def refresh(self) -> None:
        """Without a connection, or with a login that ran out, connect again; else read the trails and ask anew."""
        phase = self.state.phase
        if phase is SessionPhase.FAILED or (phase is SessionPhase.READY and self._login_is_over()):
            self.feed.stop()
            self._change(phase=SessionPhase.CONNECTING, error=None, notice=None)
            self._tasks.start(self._connect(), "connect")
        elif phase is SessionPhase.READY:
            self.trails.refresh()
            self.ask(self.feed.lookup)

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """The table lines of these rows, in the order of `ids`; those the store no longer holds are left out."""
        return [] if self._store is None else self._store.summaries([self._moved.get(row, row) for row in ids])

    def event(self, row_id: int) -> Event:
        """The whole event of a row; raises StoreError where the store does not hold it."""
        assert self._store is not None, "a row id comes from the store"
        return self._store.event(self._moved.get(row_id, row_id))

    async def judge(
        self, ids: Sequence[int], judgement: Callable[[Event, str], T], needs: Sequence[Need] = ()
    ) -> Judged[T]:
        """What `judgement` makes of a portion of the rows, off the loop; lost ones and those that lack what is needed
        are passed over."""
        if self._store is None:
            return Judged(len(ids), [])
        return await self._store.judge([self._moved.get(row, row) for row in ids], judgement, needs)

    async def tally(self, tally: Tally) -> list[tuple[str, int]]:
        """Values of the newest events of the Regions we look at, most frequent first. Raises StoreError."""
        if self._store is None or self._scope is None:
            return []
        return await self._store.tally(self._scopes(self._scope), tally)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
        """Run something as the session's own: `idle` waits for it, `close` ends it."""
        return self._tasks.start(work, name)

    def server_now(self) -> datetime:
        """The instant at the service, as far as its Date headers tell; this machine's before the first."""
        return self._server_clock.now()

    def _new_feed(self, lookup: Lookup) -> EventFeed:
        feed = EventFeed(lookup, self._tasks, self.queue, self._page_arrived)
        self._feeds.add(feed)
        return feed

    def _login_is_over(self) -> bool:
        over = (ExpiredLogin, NoCredentials, BadCredentials)
        return isinstance(self.feed.state.error, over) or isinstance(self.trails.state.error, over)

    async def _connect(self) -> None:
        try:
            await self._tasks.guard(self._reach())
        except CtuiError as error:
            # Why there is no connection matters more than why nothing can be shown without one.
            await self._or_notice(self._show_stored(error))
            self._change(phase=SessionPhase.FAILED, error=error)

    async def _reach(self) -> None:
        if self._gateway is not None:
            await self._gateway.close()
        gateway = self._gateway = await self._connector.connect()
        self._change(connection=gateway.connection, identity=None, account=None)
        # What is let go must be gone before a feed is told what is known.
        store = await self._store_for(gateway.connection)
        await self._or_notice(store.prune(self._retention, int(self.server_now().timestamp())))
        self._scope = Scope(gateway.connection.origin, stand_in(), gateway.connection.region)
        self.queue.connect(gateway, self._scope)
        self.trails.connect(gateway)
        self.changes.connect(gateway)
        listed = await self._meet(gateway).make(gateway, self.trails)
        self._change(phase=SessionPhase.READY)
        self.trails.show(listed)
        if self.feed.state.scan is None:
            self._begin(self.feed)
        else:
            self.ask(self.feed.lookup)

    async def _store_for(self, connection: Connection) -> EventStore:
        if self._store is None:
            self._store = await self._open_store(connection)
            self._change(notice=self._store.notice)
        return self._store

    async def _show_stored(self, error: CtuiError) -> None:
        """Without a connection: show what the store has of the account that this login led to before."""
        connection = self.state.connection or (error.connection if isinstance(error, ConnectionProblem) else None)
        if connection is None:
            return
        store = await self._store_for(connection)
        account = self.state.account or store.recall(connection)
        self._change(connection=connection, account=account)
        if account is None:
            return
        self._scope = Scope(connection.origin, account, connection.region)
        if self.feed.state.stored or not self.feed.ids:
            self._begin(self.feed, stored=True)

    async def _or_notice(self, work: Awaitable[object]) -> None:
        """Await what nothing else depends on; where it fails, a person is told once."""
        try:
            await self._tasks.guard(work)
        except CtuiError as error:
            self._change(notice=error)

    def _meet(self, gateway: Gateway) -> Introduction:
        def identified(identity: Identity) -> None:
            self._server_clock.heard(gateway.server_time)
            # A late answer of a gateway that was given up says nothing about the one in use.
            if gateway is self._gateway:
                self._change(identity=identity)
                self._learn(identity.account)

        return Introduction(self.clock, self._tasks, identified, lambda error: self._change(notice=error))

    def _begin(self, feed: EventFeed, *, stored: bool = False, quiet: bool = False) -> None:
        assert self._store is not None
        feed.begin(self._store, self._pinned(feed.lookup), stored=stored, quiet=quiet)

    def _pinned(self, lookup: Lookup) -> list[Scan]:
        assert self._scope is not None
        now = self.server_now()
        return [Scan.pin(lookup, scope, now) for scope in self._scopes(self._scope)]

    def _scopes(self, working: Scope) -> list[Scope]:
        return [working, *(replace(working, region=region) for region in self.state.also)]

    def _page_arrived(self, page: Page) -> None:
        if self.state.account is None and (account := account_in_events(page.events)):
            self._learn(account)

    def _trails_changed(self, state: TrailsState) -> None:
        if self.state.account is None and (account := account_in_trails(entry.trail for entry in state.entries)):
            self._learn(account)

    def _trail_written(self, _outcome: Outcome) -> None:
        """A change of a trail is an event itself: where the question reaches to now, it is asked anew to show it."""
        if self.feed.lookup.timespan.open_ended and not self.feed.state.draining:
            self.ask(self.feed.lookup)

    def _learn(self, account: str) -> None:
        """The account is known now: what was kept apart under a stand-in becomes its own."""
        if self.state.account is not None or self._scope is None:
            return
        provisional, self._scope = self._scope, replace(self._scope, account=account)
        for old, new in zip(self._scopes(provisional), self._scopes(self._scope), strict=True):
            self.queue.adopt(old, new)
            if self.state.phase is SessionPhase.READY:
                for feed in self._feeds:
                    feed.settle(old, new)
                moving = self._tasks.start(self._or_notice(self._adopt(old, new, self.feed.could_skip())), "adopt")
                for feed in self._feeds:
                    feed.wait_for(moving)
        self._change(account=account)
        if self._store is not None and self.state.connection is not None:
            self._tasks.start(self._or_notice(self._store.remember(self.state.connection, account)), "remember")

    async def _adopt(self, provisional: Scope, settled: Scope, shorter: bool) -> None:
        assert self._store is not None
        moved = await self._store.adopt(provisional, settled)
        self._moved.update(moved)
        for feed in self._feeds:
            feed.rename(moved)
        if shorter:
            everything = self.feed.state.draining
            self.ask(self.feed.lookup)
            if everything:
                self.feed.everything()

    async def _shut(self) -> None:
        self._begun.set()
        await self._tasks.close()
        try:
            if self._gateway is not None:
                await self._gateway.close()
        finally:
            if self._store is not None:
                await self._store.close()
            self._change(phase=SessionPhase.CLOSED)

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]
        self.changed.publish(self.state)
