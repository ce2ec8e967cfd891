"""LookupQueue: every LookupEvents call waits here until its pace allows it.

What a person waits for goes ahead of what is followed, which takes half of the pace at most, and both go ahead of
backfill. Equal requests share one call and unwanted ones are dropped. Throttled ones are sent again at a lower pace.
Those with a failure that may pass are sent again a few times, or for as long as they are wanted if their endpoint has
returned pages before (`core.lookup.outage`).
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import field, replace
from enum import IntEnum

from ctui.core.lookup.outage import Outage, Outages, may_pass
from ctui.core.lookup.pacing.pace import PaceState, SentCall
from ctui.core.lookup.pacing.rate_limit import HalfPace, RateLimiter
from ctui.core.server_clock import ServerClock
from ctui.core.signal import Signal
from ctui.core.sources import Gateway
from ctui.core.tasks import Tasks, Unwanted
from ctui.errors import CtuiError, EndpointUnreachable, InternalError, NotCloudTrail, Throttled
from ctui.model.clock import Clock
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Page, Scan
from ctui.model.values import dataclass
from ctui.store.pace_files import PaceFiles

__all__ = ["LookupQueue", "Priority", "QueueState", "Unwanted"]

_BROKEN_SERVICE_DELAYS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each further attempt after the service failed (HTTP 5xx), or left something out of its answer, where
no caller is patient."""
_UNREACHABLE_DELAYS = (0.5, 1.0, 2.0)
"""The same after a connection broke; fewer, so that being offline is reported soon."""
_UNREACHABLE_PATIENCE = 8.0
"""Seconds after a request's first call beyond which a connection that broke or fell silent is not tried again: one
that falls silent costs half a minute each time, and after that the error is shown."""


class Priority(IntEnum):
    """The order in which requests are sent; lower goes first."""

    USER = 0
    FOLLOW = 1
    """New events as they become available: with half of the pace at most."""
    BACKFILL = 2


@dataclass(frozen=True, slots=True)
class QueueState:
    """The queue at a glance."""

    pace: PaceState
    """The working scope's own."""
    lowest: PaceState
    """The lowest of the scopes with requests; the working scope's if there are none."""
    queued: int
    """Requests that wait to be sent."""
    in_flight: int
    """Calls that were sent and have no answer yet."""
    throttled: int
    """Calls that were throttled; each was sent again."""
    waiting_since: float | None = None
    """The monotonic second at which the oldest call in flight was sent; None if none is in flight."""
    region: str = ""
    """The Region with the lowest pace; "" if it is the working one."""
    outages: tuple[Outage, ...] = ()
    """Why requests wait, of each endpoint that fails after it has answered; the one that began first is the first."""

    @property
    def outage(self) -> Outage | None:
        """The outage that began first; None if no request waits for an endpoint."""
        return self.outages[0] if self.outages else None

    def silence(self, now: float) -> float:
        """Seconds since the oldest call in flight was sent, 0 if none is; `now` in monotonic seconds."""
        return 0.0 if self.waiting_since is None else now - self.waiting_since


@dataclass(eq=False, slots=True)
class _Waiter:
    priority: Priority
    wanted: Callable[[], bool]
    patient: bool
    answer: "asyncio.Future[Page | CtuiError | Unwanted]"

    def resolve(self, answer: Page | CtuiError | Unwanted) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)


@dataclass(eq=False, slots=True)
class _Request:
    scan: Scan
    token: str | None
    order: int
    made: float
    """When it was first asked for."""
    waiters: list[_Waiter] = field(default_factory=list)
    call: "asyncio.Task[None] | None" = None
    attempts: int = 0
    first_sent: float | None = None
    """When it was first sent; a call that was throttled does not count."""
    sent: float = 0.0
    """When its call in flight was sent."""
    not_before: float = float("-inf")

    @property
    def priority(self) -> Priority:
        return min(waiter.priority for waiter in self.waiters)

    @property
    def patient(self) -> bool:
        return any(waiter.patient for waiter in self.waiters)

    def resolve(self, answer: Page | CtuiError | Unwanted) -> None:
        for waiter in self.waiters:
            waiter.resolve(answer)


class LookupQueue:
    """Requests for pages, sent one by one at the pace of their scope. Needs `connect` before the first `page`."""

    def __init__(
        self,
        clock: Clock,
        server_clock: ServerClock,
        tasks: Tasks,
        rate: float,
        pace_files: PaceFiles | None = None,
        *,
        patience: float | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """`rate` in calls a second, for each scope; with `pace_files`, of all ctui processes on this machine.

        `patience`: seconds without a page after which a failure is the answer also where a caller is patient; None to
        go on for as long as a page is wanted. `jitter` returns a number from 0 to 1, for pauses between attempts.
        """
        self.changed: Signal[QueueState] = Signal()
        self._clock = clock
        self._server_clock = server_clock
        self._tasks = tasks
        self._limiter = RateLimiter(rate, pace_files)
        self._followed = HalfPace(self._limiter)
        self._patience = patience
        self._outages = Outages(clock, jitter)
        self._last_page = float("-inf")
        self._gateway: Gateway | None = None
        self._others: dict[tuple[str, str], Gateway] = {}
        """By origin and account: the gateways of other logins."""
        self._working: Scope | None = None
        self._requests: dict[tuple[Scan, str | None], _Request] = {}
        self._dispatcher: asyncio.Task[None] | None = None
        self._woken = asyncio.Event()
        self._order = 0
        self._throttled = 0
        self.state = self._snapshot()
        """How things stand since the last change."""

    def _snapshot(self) -> QueueState:
        rate, working = self._limiter.rate, self._working
        region, lowest = self._lowest()
        sent = [request.sent for request in self._requests.values() if request.call is not None]
        return QueueState(
            pace=PaceState(rate) if working is None else self._limiter.pace(working).state,
            lowest=lowest,
            queued=len(self._requests) - len(sent),
            in_flight=len(sent),
            throttled=self._throttled,
            waiting_since=min(sent, default=None),
            region=region,
            outages=self._outages.of_all(each.scan.scope for each in self._requests.values() if each.patient),
        )

    def _lowest(self) -> tuple[str, PaceState]:
        """The lowest pace of the scopes with requests, and its Region unless that is the working one."""
        if self._working is None:
            return "", PaceState(self._limiter.rate)
        working = self._limiter.named(self._working)
        requested = {self._limiter.named(request.scan.scope) for request in self._requests.values()}
        paces = {scope: self._limiter.pace(scope).state for scope in requested or {working}}
        lowest = min(paces, key=lambda scope: (paces[scope].in_force, scope != working, scope))
        return "" if lowest == working else lowest.region, paces[lowest]

    def pace_of(self, scope: Scope) -> float:
        """Lookups a second that leave for a scope at present."""
        return self._limiter.pace(scope).state.in_force

    @property
    def follow_calls(self) -> int:
        """Calls that were sent to follow new events, repeated ones included."""
        return self._followed.calls

    def connect(self, gateway: Gateway, working: Scope) -> None:
        """Send through this gateway from now on; `working` is the scope whose pace is `state.pace`."""
        self._gateway = gateway
        self._working = working
        self._publish()

    def connect_account(self, gateway: Gateway, scope: Scope) -> None:
        """Send what is asked of this scope's account through this gateway, in all Regions."""
        self._others[scope.origin, scope.account] = gateway

    def alias_account(self, scope: Scope, account: str) -> None:
        """Make a provisional scope's account another name of `account`, in all Regions: one pace goes by both."""
        self._limiter.alias_account(scope, account)
        self._publish()

    def try_now(self) -> bool:
        """Call an endpoint that fails now, and not after a pause; False if no request waits for one."""
        waits = self.state.outage is not None
        self._outages.try_now()
        if waits:
            for request in self._requests.values():
                request.not_before = float("-inf")
            self._woken.set()
            self._publish()
        return waits

    async def page(
        self, scan: Scan, token: str | None, priority: Priority, wanted: Callable[[], bool], *, patient: bool = False
    ) -> Page:
        """The page behind a token, None for the first of a scan.

        `wanted` is called right before it is sent: if it returns False for every caller that waits for the page, the
        request is dropped and Unwanted is raised. Cancelling drops the request, and the call too if no other caller
        waits for it. `patient`: if the endpoint has returned pages before, go on while it fails. Raises the service's
        errors; Throttled only once the queue's patience is over: that is sent again while a caller wants the page.
        """
        # By one name, so that requests made before and after the account was learned are equal.
        scan = replace(scan, scope=self._limiter.named(scan.scope))
        request = self._requests.get((scan, token))
        if request is None:
            self._order += 1
            request = self._requests[scan, token] = _Request(scan, token, self._order, self._clock.monotonic())
        waiter = _Waiter(priority, wanted, patient, asyncio.get_running_loop().create_future())
        request.waiters.append(waiter)
        self._wake()
        try:
            answer = await waiter.answer
        finally:
            request.waiters.remove(waiter)
            if not request.waiters and self._requests.get((scan, token)) is request:
                self._forget(request)
        if isinstance(answer, Page):
            return answer
        raise answer

    def _forget(self, request: _Request) -> None:
        self._drop(request)
        if request.call is not None:
            request.call.cancel()
        self._woken.set()
        self._publish()

    def _drop(self, request: _Request) -> None:
        # A later request for the same page may already have its key.
        if self._requests.get((request.scan, request.token)) is request:
            del self._requests[request.scan, request.token]

    def _wake(self) -> None:
        self._woken.set()
        if self._dispatcher is None or self._dispatcher.done():
            self._dispatcher = self._tasks.start(self._dispatch(), "lookup queue")
        self._publish()

    async def _dispatch(self) -> None:
        try:
            await self._tasks.guard(self._serve())
        except InternalError as bug:
            for request in [each for each in self._requests.values() if each.call is None]:
                self._fail(request, bug)

    async def _serve(self) -> None:
        while waiting := [request for request in self._requests.values() if request.call is None]:
            self._woken.clear()
            now = self._clock.monotonic()
            due = {request: self._due(request) for request in waiting}
            ready = [request for request in waiting if due[request] <= now]
            if not ready:
                soonest = min(waiting, key=due.__getitem__)
                self._limiter.wait(soonest.scan.scope, now)
                await self._pause(due[soonest] - now)
                continue
            first = min(ready, key=lambda request: (request.priority, request.order))
            if not any(waiter.wanted() for waiter in first.waiters):
                self._drop(first)
                first.resolve(Unwanted())
            elif (sent := self._limiter.send(first.scan.scope, now)) is not None:
                self._send(first, sent)
            self._publish()

    def _due(self, request: _Request) -> float:
        scope = request.scan.scope
        ready = max(request.not_before, self._limiter.ready_at(scope))
        if request.priority is Priority.FOLLOW:
            ready = max(ready, self._followed.ready_at(scope))
        return max(ready, self._held_to(scope) if request.patient else 0.0)

    def _held_to(self, scope: Scope) -> float:
        """The monotonic second until which requests wait for an endpoint that fails: one call at a time tries it."""
        if (outage := self._outages.of(scope)) is None:
            return float("-inf")
        is_tried = any(each.call is not None and each.scan.scope == scope for each in self._requests.values())
        return float("inf") if is_tried else outage.next_attempt

    async def _pause(self, seconds: float) -> None:
        """Sleep so long, or until a request is added, dropped or answered."""
        sleepers: list[asyncio.Future[object]] = [asyncio.ensure_future(self._woken.wait())]
        if seconds < float("inf"):
            sleepers.append(asyncio.ensure_future(self._clock.sleep(seconds)))
        try:
            await asyncio.wait(sleepers, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for sleeper in sleepers:
                sleeper.cancel()
            await asyncio.wait(sleepers)

    def _send(self, request: _Request, sent: SentCall) -> None:
        if request.priority is Priority.FOLLOW:
            self._followed.send(request.scan.scope, sent.sent)
        request.attempts += 1
        request.sent = sent.sent
        request.first_sent = sent.sent if request.first_sent is None else request.first_sent
        request.call = self._tasks.start(self._call(request, sent), "lookup call")

    async def _call(self, request: _Request, sent: SentCall) -> None:
        try:
            await self._tasks.guard(self._attempt(request, sent))
        except InternalError as bug:
            self._fail(request, bug)

    def _fail(self, request: _Request, bug: InternalError) -> None:
        """A bug of ours has ended the request: let no caller wait for it."""
        request.call = None
        self._drop(request)
        request.resolve(bug)
        self._publish()

    async def _attempt(self, request: _Request, sent: SentCall) -> None:
        gateway = self._gateway_of(request.scan.scope)
        answer: Page | CtuiError | None = None
        scope, now = request.scan.scope, self._clock.monotonic
        try:
            page = await gateway.lookup_events(
                request.scan, request.token, lambda: self._limiter.opened(scope, sent, now())
            )
            answer = replace(page, received=self._clock.now())
            self._limiter.passed(scope, sent, now())
            self._outages.page_came(scope)
            self._last_page = now()
            self._server_clock.update(answer.server_time)
        except Throttled as error:
            self._throttled += 1
            request.attempts -= 1
            request.first_sent = None
            self._limiter.refused(scope, sent, now())
            self._outages.end(scope)
            answer = error if self._patience_is_over(request) else None
        except CtuiError as error:
            answer = self._unless_passing(request, error)
        finally:
            request.call = None
            if answer is not None:
                self._drop(request)
                request.resolve(answer)
            if not self._tasks.closed:
                self._wake()

    def _gateway_of(self, scope: Scope) -> Gateway:
        """That of the scope's account; the working one where another login has led to the same account."""
        assert self._gateway is not None
        assert self._working is not None
        working = self._limiter.named(self._working)
        if (scope.origin, scope.account) == (working.origin, working.account):
            return self._gateway
        return self._others.get((scope.origin, scope.account), self._gateway)

    def _unless_passing(self, request: _Request, error: CtuiError) -> CtuiError | None:
        """The error as the answer, or None if the request is to be sent again after a while."""
        scope, now = request.scan.scope, self._clock.monotonic()
        known = self._outages.has_answered(scope)
        if not may_pass(error):
            self._outages.end(scope)
            return error
        if known and request.patient:
            request.not_before = self._outages.failed(scope, error, request.attempts)
            return error if self._patience_is_over(request) else None
        delays: tuple[float, ...] = _BROKEN_SERVICE_DELAYS
        if isinstance(error, EndpointUnreachable):
            first = now if request.first_sent is None else request.first_sent
            delays = _UNREACHABLE_DELAYS if now - first < _UNREACHABLE_PATIENCE else ()
        elif isinstance(error, NotCloudTrail) and not known:
            delays = ()
        if request.attempts > len(delays):
            return error
        request.not_before = now + delays[request.attempts - 1]
        return None

    def _patience_is_over(self, request: _Request) -> bool:
        if self._patience is None:
            return False
        return self._clock.monotonic() - max(self._last_page, request.made) >= self._patience

    def _publish(self) -> None:
        self.state = self._snapshot()
        self.changed.publish(self.state)
