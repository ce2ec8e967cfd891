"""Session: one connection, its trails, its queue and the question being asked; the application without a screen."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from ctui.core.account import account_in_events, account_in_trails, stand_in
from ctui.core.changes import Change, TrailChanges
from ctui.core.feed import EventFeed
from ctui.core.ports import Connector, Gateway
from ctui.core.queue import LookupQueue
from ctui.core.serverclock import ServerClock
from ctui.core.tasks import Tasks
from ctui.core.topic import Topic
from ctui.core.trails import TrailBook, TrailsState
from ctui.errors import AccessDenied, BadCredentials, ConnectionProblem, CtuiError, ExpiredLogin, NoCredentials
from ctui.model.clock import Clock
from ctui.model.connection import Connection, Identity, Scope
from ctui.model.event import Event
from ctui.model.lookup import Lookup
from ctui.model.scan import Page, Scan
from ctui.model.trail import Trail
from ctui.store.events import EventStore
from ctui.store.rows import StoredSummary

T = TypeVar("T")

IDENTITY_PATIENCE = 3.0
"""Seconds to wait for sts:GetCallerIdentity before the first page is asked for without knowing the account: STS may
be out of reach where CloudTrail is not."""


class SessionPhase(StrEnum):
    """What a session is doing."""

    CONNECTING = "connecting"
    READY = "ready"
    FAILED = "failed"
    """No connection; `refresh` tries again."""
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class SessionState:
    """A session at a glance."""

    phase: SessionPhase
    connection: Connection | None = None
    identity: Identity | None = None
    """Who the service says we are; None where it was not asked yet or does not say."""
    account: str | None = None
    """The account, however it was learned; None while it is not known."""
    error: CtuiError | None = None
    """Why there is no connection."""
    notice: CtuiError | None = None
    """Something worth telling once."""


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
    ) -> None:
        """`lookup_rate`: calls a second for each account and Region; `lookup`: the first question, by default all.

        `read_only`: trails are not changed.
        """
        self.clock = clock
        self.changed: Topic[SessionState] = Topic()
        self.asked: Topic[EventFeed] = Topic()
        """A new feed has taken the place of `feed`."""
        self.state = SessionState(SessionPhase.CONNECTING)
        self._connector = connector
        self._open_store = open_store
        self._tasks = Tasks()
        self._server_clock = ServerClock(clock)
        self.queue = LookupQueue(clock, self._server_clock, self._tasks, lookup_rate)
        self.trails = TrailBook(clock, self._server_clock, self._tasks)
        self.changes = TrailChanges(clock, self._server_clock, self._tasks, self.trails, read_only=read_only)
        self.feed = self._new_feed(Lookup() if lookup is None else lookup)
        self._gateway: Gateway | None = None
        self._store: EventStore | None = None
        self._scope: Scope | None = None
        self._moved: dict[int, int] = {}
        self._begun = asyncio.Event()
        self._closing: asyncio.Task[None] | None = None
        self.trails.changed.subscribe(self._trails_changed)
        self.changes.changed.subscribe(self._trail_written)

    async def run(self) -> None:
        """Connect and load, then keep all going until `close`; raises what no part of core had foreseen."""
        try:
            if self._closing is None:
                self._tasks.start(self._connect(), "connect")
                self._begun.set()
                await self._tasks.watch()
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

    def ask(self, lookup: Lookup) -> EventFeed:
        """Put a new question: the old feed is stopped and its queued pages are dropped. Returns the new feed."""
        self.feed.stop()
        self.feed = self._new_feed(lookup)
        self.asked.publish(self.feed)
        if self.state.phase is SessionPhase.READY:
            self._begin(self.feed)
        return self.feed

    def refresh(self) -> None:
        """Without a connection, or with a login that ran out, connect again; else read the trails and ask anew."""
        if self.state.phase is SessionPhase.FAILED or (
            self.state.phase is SessionPhase.READY and self._login_is_over()
        ):
            self.feed.stop()
            self._change(phase=SessionPhase.CONNECTING, error=None, notice=None)
            self._tasks.start(self._connect(), "connect")
        elif self.state.phase is SessionPhase.READY:
            self.trails.refresh()
            self.ask(self.feed.lookup)

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """The table lines of these rows, in the order of `ids`; those the store no longer holds are left out."""
        return [] if self._store is None else self._store.summaries([self._moved.get(row, row) for row in ids])

    def event(self, row_id: int) -> Event:
        """The whole event of a row; raises StoreError where the store does not hold it."""
        assert self._store is not None, "a row id comes from the store"
        return self._store.event(self._moved.get(row_id, row_id))

    async def judge(self, ids: Sequence[int], judgement: Callable[[Event, str], T]) -> list[tuple[int, T]]:
        """What `judgement` makes of each row's event and the Region asked, off the loop; lost rows are left out.

        Raises StoreError.
        """
        if self._store is None:
            return []
        kept = {self._moved.get(row, row): row for row in ids}
        return [(kept[row], said) for row, said in await self._store.judge(list(kept), judgement)]

    async def tally(self, newest: int, values: Callable[[Event, str], Iterable[str]]) -> Counter[str]:
        """How often each value occurs in the newest events of the scope we work in. Raises StoreError."""
        if self._store is None or self._scope is None:
            return Counter()
        return await self._store.tally([self._scope], newest, values)

    def start(self, work: Coroutine[Any, Any, None], name: str) -> "asyncio.Task[None]":
        """Run something as the session's own: `idle` waits for it, `close` ends it."""
        return self._tasks.start(work, name)

    def server_now(self) -> datetime:
        """The instant at the service, as far as its Date headers tell; this machine's before the first."""
        return self._server_clock.now()

    def _new_feed(self, lookup: Lookup) -> EventFeed:
        return EventFeed(lookup, self._tasks, self.queue, self._page_arrived)

    def _login_is_over(self) -> bool:
        over = (ExpiredLogin, NoCredentials, BadCredentials)
        return isinstance(self.feed.state.error, over) or isinstance(self.trails.state.error, over)

    async def _connect(self) -> None:
        try:
            if self._gateway is not None:
                await self._gateway.close()
            gateway = self._gateway = await self._connector.connect()
            self._change(connection=gateway.connection, identity=None, account=None)
            if self._store is None:
                self._store = await self._open_store(gateway.connection)
                self._change(notice=self._store.notice)
            self._scope = Scope(gateway.connection.origin, stand_in(), gateway.connection.region)
            self.queue.connect(gateway, self._scope)
            self.trails.connect(gateway)
            self.changes.connect(gateway)
            listed = await self._introduce(gateway)
        except CtuiError as error:
            self._change(phase=SessionPhase.FAILED, error=error)
            return
        self._change(phase=SessionPhase.READY)
        if listed is None:
            self.trails.refresh()
        else:
            self.trails.show(listed)
        if self.feed.state.scan is None:
            self._begin(self.feed)
        else:
            self.ask(self.feed.lookup)

    async def _introduce(self, gateway: Gateway) -> tuple[Trail, ...] | None:
        """Learn the account if the service tells it soon; raises where nothing answers as it should.

        Not being told is no reason to give up, unless the trails cannot be read for the same kind of reason.
        Returns the trails where they were read on the way.
        """
        asking = self._tasks.start(self._identify(gateway), "identify")
        patience = self._tasks.start(self.clock.sleep(IDENTITY_PATIENCE), "patience")
        await asyncio.wait([asking, patience], return_when=asyncio.FIRST_COMPLETED)
        patience.cancel()
        if not asking.done():
            self._tasks.start(self._tell_late(asking), "late identity")
            return None
        error, trails = asking.result(), None
        if error is not None and not isinstance(error, AccessDenied):
            try:
                trails = await self.trails.describe()
            except (ConnectionProblem, BadCredentials):
                raise
            except CtuiError:
                # The trail book will meet it again and tell it; it says nothing about the connection.
                trails = None
        if error is not None:
            self._change(notice=error)
        return trails

    async def _identify(self, gateway: Gateway) -> CtuiError | None:
        try:
            identity = await gateway.identify()
        except CtuiError as error:
            return error
        self._server_clock.heard(gateway.server_time)
        if gateway is self._gateway:
            self._change(identity=identity)
            self._learn(identity.account)
        return None

    async def _tell_late(self, asking: "asyncio.Task[CtuiError | None]") -> None:
        if (error := await asking) is not None:
            self._change(notice=error)

    def _begin(self, feed: EventFeed) -> None:
        assert self._store is not None
        assert self._scope is not None
        feed.begin(self._store, [Scan.pin(feed.lookup, self._scope, self.server_now())])

    def _page_arrived(self, page: Page) -> None:
        if self.state.account is None and (account := account_in_events(page.events)):
            self._learn(account)

    def _trails_changed(self, state: TrailsState) -> None:
        if self.state.account is None and (account := account_in_trails(entry.trail for entry in state.entries)):
            self._learn(account)

    def _trail_written(self, change: Change) -> None:
        """A change of a trail is an event itself: where the question reaches to now, it is asked anew to show it."""
        done = change.end is not None and change.end.happened
        if done and self.feed.lookup.timespan.open_ended and not self.feed.state.draining:
            self.ask(self.feed.lookup)

    def _learn(self, account: str) -> None:
        """The account is known now: what was kept apart under a stand-in becomes its own."""
        if self.state.account is not None or self._scope is None:
            return
        provisional, self._scope = self._scope, replace(self._scope, account=account)
        self.queue.adopt(provisional, self._scope)
        if self.state.phase is SessionPhase.READY:
            self.feed.settle(provisional, self._scope)
            self._tasks.start(self._adopt(provisional, self._scope), "adopt")
        self._change(account=account)

    async def _adopt(self, provisional: Scope, settled: Scope) -> None:
        assert self._store is not None
        try:
            moved = await self._store.adopt(provisional, settled)
        except CtuiError as error:
            self._change(notice=error)
            return
        self._moved.update(moved)
        self.feed.rename(moved)

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
