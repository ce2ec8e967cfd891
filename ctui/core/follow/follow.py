"""Follow: new events as they become available, in every scope that is asked, for as long as a person wants it.

What comes is stored whatever the question on the screen is, and shown there if it may match. Going on to another
question, or back, changes nothing: following is about the account, and a question is about what of it is shown. A view
that ends before following began is filled up from there on, so that no event is missing below newer ones for long; and
`behind` says how long that is still so.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence

from ctui.core.explorer.queries import Queries
from ctui.core.follow.arrivals import Arrivals, Lag
from ctui.core.follow.follow_state import FollowState
from ctui.core.follow.followed_view import FollowedView
from ctui.core.follow.schedule import BEHIND_SECONDS, Schedule
from ctui.core.follow.scope_follow import Arrived, ScopeFollow
from ctui.core.lookup.event_query import EventQuery
from ctui.core.lookup.queue import LookupQueue
from ctui.core.server_clock import ServerClock
from ctui.core.session_store import SessionStore
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks, Unwanted
from ctui.errors import CtuiError
from ctui.model.clock import Clock
from ctui.model.connection import Scope, scope_names
from ctui.model.event.event import Event
from ctui.model.filter.own_calls import with_and_without
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.terms import Term
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lateness import LAG_SECONDS
from ctui.store.columns import second_of
from ctui.store.events import EventStore
from ctui.store.search import Rows

_RATE_SECONDS = 60.0
"""Seconds between two counts of the calls."""
_COUNTS = 61
"""Counts that are kept: those of an hour."""
_SHORTEST = 10.0
"""Seconds over which calls are counted at least: between two calls of a quiet account."""


class Follow:
    """Off until `start`. Nothing here blocks, and nothing runs between two calls of `look`."""

    def __init__(
        self,
        clock: Clock,
        server_clock: ServerClock,
        tasks: Tasks,
        *,
        queue: LookupQueue,
        queries: Queries,
        stored: SessionStore,
        scopes: Callable[[], Sequence[Scope]],
        own_calls: Callable[[], Term | None],
    ) -> None:
        """`scopes` returns the scopes that are to be followed now, `own_calls` the term of the calls that are hidden
        since ctui made them, None if none is."""
        self.changed: Signal[FollowState] = Signal()
        """Publishes each new state."""
        self.state = FollowState()
        """How it stands."""
        self._clock = clock
        self._server_clock = server_clock
        self._tasks = tasks
        self._queue = queue
        self._queries = queries
        self._stored = stored
        self._view = FollowedView(queries, server_clock, stored)
        self._scopes = scopes
        self._own_calls = own_calls
        self._own: tuple[Term, Predicate] | None = None
        self._follows: dict[Scope, ScopeFollow] = {}
        self._running: dict[ScopeFollow, asyncio.Task[None]] = {}
        self._arrivals = Arrivals()
        self._filled: EventQuery | None = None
        self._counts: deque[tuple[float, int]] = deque(maxlen=_COUNTS)
        self._on = self._confirmed = False
        self._leave_query: Callable[[], None] = lambda: None
        queries.replaced.subscribe(self._replaced)

    def toggle(self) -> bool:
        """Start, or stop; returns whether it is on now."""
        if self._on:
            self.stop()
        else:
            self.start()
        return self._on

    def start(self) -> None:
        """Follow from now on; after a stop, from there. Nothing if it is on."""
        if not self._on:
            self._on, self._filled = True, None
            self._counts.clear()
            self.look()

    def stop(self) -> None:
        """Make no further call. What was not asked for until then is asked for after the next start."""
        self._on = False
        for task in self._running.values():
            task.cancel()
        for each in self._follows.values():
            each.stop()
        self._publish()

    def try_now(self) -> None:
        """Try scopes that were refused now, and not after a while."""
        for each in self._follows.values():
            each.try_now()
        self.look()

    def look(self) -> None:
        """Make the passes that are due. To be called every few seconds; costs nothing while it is off."""
        if not self._on:
            return
        self._count_calls()
        was_confirmed, self._confirmed = self._confirmed, self._queries.confirmed
        if self._confirmed and not was_confirmed:
            # What was refused may have been refused to the login of before.
            for each in self._follows.values():
                each.try_now()
        if (store := self._stored.store) is not None and self._confirmed:
            followed = self._followed(store)
            self._fill_view(store, followed)
            for each in followed:
                if each not in self._running and each.due:
                    self._running[each] = self._tasks.start(self._run(each, store), "follow")
        self._publish()

    async def _run(self, each: ScopeFollow, store: EventStore) -> None:
        try:
            await self._tasks.guard(each.run(store))
        except Unwanted:
            # It was stopped.
            pass
        except CtuiError as error:
            each.failed(error)
        finally:
            del self._running[each]
            self._publish()

    def _followed(self, store: EventStore) -> list[ScopeFollow]:
        """Those of the scopes that are asked now, each by the name of its account. Others rest, and go on later."""
        self._follows = {store.named(scope): each for scope, each in self._follows.items()}
        second = second_of(self._server_clock.time().earliest)
        followed = []
        for scope in dict.fromkeys(map(store.named, self._scopes())):
            if (each := self._follows.get(scope)) is None:
                each = self._follows[scope] = ScopeFollow(
                    scope,
                    Schedule(second),
                    self._queue,
                    self._clock,
                    self._server_clock,
                    new_scans=self._queries.scans,
                    wanted=lambda: self._on,
                    arrived=self._arrived,
                    known=self._view.show_stored,
                )
            followed.append(each)
        return followed

    # What is on the screen.

    def _replaced(self, query: EventQuery) -> None:
        """Another question is on the screen, or an earlier view of one; it may begin later."""
        self._leave_query()
        self._leave_query = query.changed.subscribe(lambda _: self._query_changed())
        self.look()

    def _query_changed(self) -> None:
        if self._view.query not in (None, self._filled):
            self.look()

    def _fill_view(self, store: EventStore, followed: Sequence[ScopeFollow]) -> None:
        """Another question, or another view, is on the screen: show what has come since it was asked."""
        query = self._view.query
        if query is None or query is self._filled or query.state.pinned_at is None:
            return
        self._filled, pinned = query, second_of(query.state.pinned_at)
        now = second_of(self._server_clock.time().latest)
        for each in followed:
            each.schedule.reach_back(pinned)
            stretches = Stretches.of(Stretch.between(pinned - LAG_SECONDS, now + 1))
            self._tasks.start(self._report(each, self._view.show_stored(each.scope, stretches)), "fill view")

    async def _report(self, each: ScopeFollow, work: Coroutine[None, None, None]) -> None:
        try:
            await self._tasks.guard(work)
        except CtuiError as error:
            each.failed(error)
            self._publish()

    async def _arrived(self, page: Arrived) -> None:
        """Show the events of a page. Raises StoreError."""
        await self._view.show(Rows.of([(row.row_id, row.second) for _, row in page.events]))
        is_own, now = self._own_test(), self._clock.monotonic()
        (scope,) = self._stored.named_scopes([page.scope])
        for event, row in page.events:
            fresh = row.new and event.timed and page.counted_from is not None and row.second >= page.counted_from
            if fresh and not is_own(event, page.scope.region):
                self._arrivals.came((page.received - event.time).total_seconds(), scope)
                if row.second < page.newest:
                    self._arrivals.mark(row.row_id, now)
        self._publish()

    def lag_in(self, scope: Scope) -> Lag | None:
        """How late the events of a scope come, by the account's name; None while too few of it were followed."""
        return self._arrivals.lag_in(scope)

    def _own_test(self) -> Callable[[Event, str], bool]:
        """Whether an event is a call that ctui made by itself, and is hidden."""
        term = self._own_calls()
        if term is None:
            return lambda _event, _region: False
        if self._own is None or self._own[0] != term:
            self._own = term, with_and_without(term)[1]
        return self._own[1]

    # How it stands.

    def _count_calls(self) -> None:
        """Remember once a minute how many calls there were until then."""
        now = self._clock.monotonic()
        if not self._counts or now - self._counts[-1][0] >= _RATE_SECONDS:
            self._counts.append((now, self._queue.follow_calls))

    def _calls_an_hour(self) -> int:
        since, before = self._counts[0]
        return round((self._queue.follow_calls - before) / max(self._clock.monotonic() - since, _SHORTEST) * 3600)

    def _publish(self) -> None:
        state = self._snapshot()
        if state != self.state:
            self.state = state
            self.changed.publish(state)

    def _snapshot(self) -> FollowState:
        late = self._arrivals.late(self._clock.monotonic())
        if not self._on:
            return FollowState(late=late)
        asked = {scope if self._stored.store is None else self._stored.store.named(scope) for scope in self._scopes()}
        followed = [each for scope, each in self._follows.items() if scope in asked]
        second = second_of(self._server_clock.time().earliest)
        # Of one that is refused, the error says that nothing of it comes.
        going = [each for each in followed if each.error is None] or followed
        last = max(going, key=lambda each: each.schedule.behind(second), default=None)
        behind = 0 if last is None else last.schedule.behind(second)
        failed = next((each for each in followed if each.error is not None), None)
        names = scope_names(list(asked)) if len(followed) > 1 else {}
        return FollowState(
            on=True,
            waits=not self._queries.confirmed,
            shows=self._view.takes_new,
            behind=behind if behind >= BEHIND_SECONDS else 0,
            behind_scope="" if last is None else names.get(last.scope, ""),
            calls_an_hour=self._calls_an_hour(),
            lag=self._arrivals.lag,
            late=late,
            scopes=len(followed),
            error=None if failed is None else failed.error,
            error_scope="" if failed is None else names.get(failed.scope, ""),
        )
