"""TrailChanges: the calls that change trails: paced, one at a time for each trail, each with an honest outcome."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from ctui.core.lookup.rate_limit import Pace, SentCall
from ctui.core.server_clock import ServerClock
from ctui.core.signal import Signal
from ctui.core.sources import Gateway
from ctui.core.tasks import Tasks
from ctui.core.trails.sending import send
from ctui.core.trails.trail_book import TrailBook, trail_among
from ctui.core.trails.verification import Request, Verb, Verification, verify
from ctui.errors import CtuiError, InternalError, OutcomeUnknown, Throttled
from ctui.model.clock import Clock
from ctui.model.trail.trail import Trail

T = TypeVar("T")

WRITES_A_SECOND = 1.0
"""Calls that change trails: one a second for each account and Region (AWS quotas)."""
_DELAYS = (1.0, 2.0)
"""Seconds before each further attempt of a call that was throttled: such a call changed nothing."""


class Stage(StrEnum):
    """How far a change has come."""

    WAITING = "waiting"
    """For its turn; giving up now means that nothing was sent."""
    SENT = "sent"
    LOOKING = "looking"
    """What came of it is being read from the service."""
    OVER = "over"


class ChangeOutcome(StrEnum):
    """What became of a change."""

    DONE = "done"
    REFUSED = "refused"
    """The service said no, or could not be reached: nothing was changed."""
    UNSURE = "unsure"
    """It was sent and not answered."""
    GIVEN_UP = "given up"
    """Before it was sent."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a change."""

    request: Request
    fate: ChangeOutcome
    error: CtuiError | None = None
    """Why it was refused, or why its end is unknown."""
    look: Verification | None = None
    """What the service showed after a change that is done or unsure; None where it could not be read."""
    look_error: CtuiError | None = None
    """Why it could not."""

    @property
    def happened(self) -> bool:
        """True where the service said so, or shows it."""
        return self.fate is ChangeOutcome.DONE or (self.look is not None and self.look.happened is True)


class Change:
    """One change under way."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.stage = Stage.WAITING
        self.moved: Signal[Stage] = Signal()
        self.given_up = False
        self.end: Outcome | None = None
        self._step: asyncio.Task[object] | None = None
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    async def outcome(self) -> Outcome:
        """How it ended; never raises an error of ours. Cancelling the wait does not cancel the change."""
        return await asyncio.shield(self._outcome)

    def give_up(self) -> None:
        """Stop it: nothing happens where it has not been sent; else its outcome is unsure."""
        self.given_up = True
        if self._step is not None:
            self._step.cancel()

    def reach(self, stage: Stage) -> None:
        """Go on to the next stage."""
        self.stage = stage
        self.moved.publish(stage)

    def settle(self, outcome: Outcome) -> None:
        """It has ended."""
        self.end = outcome
        if not self._outcome.done():
            self._outcome.set_result(outcome)
        self.reach(Stage.OVER)

    def abandon(self) -> None:
        """The session ends before it has; whoever waits is cancelled."""
        self._outcome.cancel()

    async def step(self, work: Awaitable[T]) -> T:
        """Do a part of it that `give_up` may cancel; raises CancelledError then."""
        task = asyncio.ensure_future(work)
        self._step = task
        try:
            return await task
        finally:
            self._step = None


class TrailChanges:
    """Sends changes and finds out what became of them. Needs `connect` before the first `begin`."""

    def __init__(
        self, clock: Clock, server_clock: ServerClock, tasks: Tasks, book: TrailBook, *, read_only: bool = False
    ) -> None:
        self.read_only = read_only
        """True: nothing is ever sent."""
        self.happened: Signal[Outcome] = Signal()
        """It is known of a change that it happened: the service said so, or shows it."""
        self._clock = clock
        self._server_clock = server_clock
        self._tasks = tasks
        self._book = book
        self._pace = Pace(WRITES_A_SECOND)
        self._gateway: Gateway | None = None
        self._under_way: dict[str, Change] = {}

    def connect(self, gateway: Gateway) -> None:
        """Send through this gateway from now on."""
        self._gateway = gateway

    def under_way(self, trail: Trail) -> Change | None:
        """The change of this trail that has not ended; None where there is none."""
        return self._under_way.get(trail.key)

    def begin(self, request: Request) -> Change:
        """Start a change; raises CtuiError while another one of the same trail is under way, or when read-only."""
        if self.read_only:
            raise CtuiError("Read-only", "ctui was started with --read-only.", "Start it without to change trails.")
        if (other := self._under_way.get(request.key)) is not None:
            raise CtuiError(
                "Another change is under way",
                f"{other.request.verb} of {request.name} has not ended.",
                "Wait until it has.",
            )
        change = self._under_way[request.key] = Change(request)
        self._tasks.start(self._run(change), "trail change")
        return change

    async def look(self, request: Request) -> Verification:
        """Read what the service shows of a trail now, and whether the change can be seen in it; raises its errors."""
        trails = await self._book.describe(request.region)
        trail = trail_among(trails, request.is_about)
        status = None
        if trail is not None and request.verb in (Verb.START, Verb.STOP):
            status = await self._book.status(trail, request.region)
        return verify(request, trail, status)

    async def look_again(self, outcome: Outcome) -> Outcome:
        """An unsure end, with what the service shows by now; list and statuses come back with it."""
        self._book.refresh()
        try:
            look = await self.look(outcome.request)
        except CtuiError as error:
            return replace(outcome, look=None, look_error=error)
        seen = replace(outcome, look=look, look_error=None)
        if seen.happened:
            self.happened.publish(seen)
        await self._book.idle()
        return seen

    async def current(self, trail: Trail) -> Trail | None:
        """The trail as its home Region describes it now, None where it is gone; raises the service's errors."""
        region = trail.home_region or self._connected().connection.region
        listed = await self._book.describe(region)
        return trail_among(listed, lambda each: each.key == trail.key)

    def _connected(self) -> Gateway:
        assert self._gateway is not None, "connect comes before changing"
        return self._gateway

    async def _run(self, change: Change) -> None:
        try:
            fate, error = await self._carry_out(change)
            look, look_error = None, None
            if fate in (ChangeOutcome.DONE, ChangeOutcome.UNSURE):
                look, look_error = await self._see(change, sure=fate is ChangeOutcome.DONE)
            change.settle(Outcome(change.request, fate, error, look, look_error))
        except asyncio.CancelledError:
            change.abandon()
            raise
        finally:
            del self._under_way[change.request.key]
        if change.end is not None and change.end.happened:
            self.happened.publish(change.end)

    async def _carry_out(self, change: Change) -> tuple[ChangeOutcome, CtuiError | None]:
        try:
            await self._tasks.guard(self._paced(change))
        except OutcomeUnknown as error:
            return ChangeOutcome.UNSURE, error
        except InternalError as fault:
            sent = change.stage is not Stage.WAITING
            return (
                (ChangeOutcome.UNSURE, _broken_off(change.request, fault)) if sent else (ChangeOutcome.REFUSED, fault)
            )
        except CtuiError as error:
            return ChangeOutcome.REFUSED, error
        except asyncio.CancelledError:
            if not change.given_up or _cancelled_from_outside():
                raise
            return (
                (ChangeOutcome.GIVEN_UP, None)
                if change.stage is Stage.WAITING
                else (ChangeOutcome.UNSURE, _given_up(change.request))
            )
        return ChangeOutcome.DONE, None

    async def _paced(self, change: Change) -> None:
        """Send when the turn comes; a throttled call a few times more."""
        for delay in _DELAYS:
            try:
                return await self._in_turn(change)
            except Throttled:
                change.reach(Stage.WAITING)
            await change.step(self._clock.sleep(delay))
        return await self._in_turn(change)

    async def _in_turn(self, change: Change) -> None:
        while (wait := self._pace.ready_at() - self._clock.monotonic()) > 0:
            await change.step(self._clock.sleep(wait))
        self._pace.send(SentCall(self._clock.monotonic()))
        change.reach(Stage.SENT)
        await change.step(send(self._connected(), change.request))
        self._server_clock.heard(self._connected().server_time)

    async def _see(self, change: Change, *, sure: bool) -> tuple[Verification | None, CtuiError | None]:
        """List and status come back from the service; with them, what can be seen of the change."""
        try:
            return await self._tasks.guard(self._look(change, sure=sure))
        except CtuiError as error:
            return None, error

    async def _look(self, change: Change, *, sure: bool) -> tuple[Verification | None, CtuiError | None]:
        change.reach(Stage.LOOKING)
        self._book.refresh()
        try:
            if sure and change.request.region == self._connected().connection.region:
                await change.step(self._book.idle())
                return self._listed(change.request), self._book.state.error
            look = await change.step(self.look(change.request))
        except asyncio.CancelledError:
            if not change.given_up or _cancelled_from_outside():
                raise
            return None, None
        await self._book.idle()
        return look, None

    def _listed(self, request: Request) -> Verification | None:
        """A change that the service has confirmed, as the list shows the trail; None where it could not be read."""
        if self._book.state.error is not None:
            return None
        listed = (entry.trail for entry in self._book.state.entries)
        return Verification(next((trail for trail in listed if request.is_about(trail)), None), True)


def _cancelled_from_outside() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _given_up(request: Request) -> OutcomeUnknown:
    return OutcomeUnknown(
        "It may or may not have happened",
        f"{request.verb} had been sent to {request.region} when you gave it up.",
        "Look at the trail before trying again.",
    )


def _broken_off(request: Request, fault: InternalError) -> OutcomeUnknown:
    return OutcomeUnknown(
        "It may or may not have happened",
        f"{request.verb} had been sent to {request.region} when a fault in ctui ended it: {fault.message}",
        "Look at the trail before trying again.",
    )
