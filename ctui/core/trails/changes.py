"""TrailChanges: the calls that change trails. They are paced, one at a time for each trail, and each is verified."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from ctui.core.lookup.pacing.pace import Pace, SentCall
from ctui.core.server_clock import ServerClock
from ctui.core.signal import Signal
from ctui.core.sources import Gateway
from ctui.core.tasks import Tasks
from ctui.core.trails.trail_book import TrailBook, trail_among
from ctui.core.trails.verification import TrailChange, Verb, Verification, verification_of
from ctui.errors import CtuiError, InternalError, OutcomeUnknown, Throttled
from ctui.model.clock import Clock
from ctui.model.trail.trail import Trail
from ctui.model.values import dataclass

T = TypeVar("T")

WRITES_A_SECOND = 1.0
"""Calls that change trails: one a second for each account and Region (AWS quotas)."""
_DELAYS = (1.0, 2.0)
"""Seconds before each retry of a call that was throttled: such a call changed nothing."""


class Stage(StrEnum):
    """How far a change has come."""

    WAITING = "waiting"
    """It has not been sent; if it is cancelled now, nothing happens."""
    SENT = "sent"
    LOOKING = "looking"
    """ctui is reading from the service what came of it."""
    OVER = "over"


class ChangeOutcome(StrEnum):
    """How a change ended."""

    DONE = "done"
    REFUSED = "refused"
    """The service said no, or could not be reached: nothing was changed."""
    UNKNOWN = "unknown"
    """It was sent and not answered."""
    CANCELLED = "cancelled"
    """It was cancelled before it was sent."""


@dataclass(frozen=True, slots=True)
class ChangeResult:
    """The end of a change."""

    change: TrailChange
    outcome: ChangeOutcome
    error: CtuiError | None = None
    """Why it was refused, or why its outcome is unknown."""
    verification: Verification | None = None
    """What the service shows after a change that is done or unknown, or None if that could not be read."""
    verification_error: CtuiError | None = None
    """Why it could not be read."""

    @property
    def happened(self) -> bool:
        """True if the service confirmed the change or shows it."""
        seen = self.verification is not None and self.verification.happened is True
        return self.outcome is ChangeOutcome.DONE or seen


class ChangeRun:
    """One change in progress."""

    def __init__(self, change: TrailChange) -> None:
        self.trail_change = change
        self.stage = Stage.WAITING
        self.stage_changed: Signal[Stage] = Signal()
        self.cancelled = False
        self.ended: ChangeResult | None = None
        """The result, or None while it is in progress."""
        self._step: asyncio.Task[object] | None = None
        self._result: asyncio.Future[ChangeResult] = asyncio.get_running_loop().create_future()

    async def result(self) -> ChangeResult:
        """Wait for the end; never raises a CtuiError. Cancelling the wait does not cancel the change."""
        return await asyncio.shield(self._result)

    def cancel(self) -> None:
        """Cancel it. If it was not sent, nothing happens; otherwise its outcome is unknown."""
        self.cancelled = True
        if self._step is not None:
            self._step.cancel()

    def enter(self, stage: Stage) -> None:
        """Go on to the next stage."""
        self.stage = stage
        self.stage_changed.publish(stage)

    def finish(self, result: ChangeResult) -> None:
        """End with a result."""
        self.ended = result
        if not self._result.done():
            self._result.set_result(result)
        self.enter(Stage.OVER)

    def abandon(self) -> None:
        """The session closes first: cancel every wait for the result."""
        self._result.cancel()

    async def step(self, work: Awaitable[T]) -> T:
        """Await a part of it that `cancel` may interrupt; raises CancelledError then."""
        task = asyncio.ensure_future(work)
        self._step = task
        try:
            return await task
        finally:
            self._step = None


class TrailChanges:
    """Sends changes and verifies them. Call `connect` before the first `begin`."""

    def __init__(
        self, clock: Clock, server_clock: ServerClock, tasks: Tasks, book: TrailBook, *, read_only: bool = False
    ) -> None:
        self.read_only = read_only
        """True: nothing is ever sent."""
        self.happened: Signal[ChangeResult] = Signal()
        """A change happened: the service confirmed it, or shows it."""
        self._clock = clock
        self._server_clock = server_clock
        self._tasks = tasks
        self._book = book
        self._pace = Pace(WRITES_A_SECOND)
        self._gateway: Gateway | None = None
        self._in_progress: dict[str, ChangeRun] = {}
        """By the trail's key."""

    def connect(self, gateway: Gateway) -> None:
        """Send through this gateway from now on."""
        self._gateway = gateway

    def in_progress(self, trail: Trail) -> ChangeRun | None:
        """The change of this trail that is in progress, or None."""
        return self._in_progress.get(trail.key)

    def begin(self, change: TrailChange) -> ChangeRun:
        """Start a change. Raises CtuiError if another change of the trail is in progress, or if ctui is read-only."""
        if self.read_only:
            raise CtuiError("Read-only", "ctui was started with --read-only.", "Without it ctui can change trails.")
        if (other := self._in_progress.get(change.key)) is not None:
            raise CtuiError(
                "Another change is in progress",
                f"{other.trail_change.verb} of {change.name} is still running.",
                "Wait for it to end.",
            )
        self._book.drop_reading()
        run = self._in_progress[change.key] = ChangeRun(change)
        self._tasks.start(self._run(run), "trail change")
        return run

    async def verify(self, change: TrailChange) -> Verification:
        """Read the trail as it is now, and compare it with the change. Raises the service's errors."""
        trails = await self._book.describe(change.region)
        trail = trail_among(trails, change.is_about)
        status = None
        if trail is not None and change.verb in (Verb.START, Verb.STOP):
            status = await self._book.status(trail, change.region)
        return verification_of(change, trail, status)

    async def verify_again(self, result: ChangeResult) -> ChangeResult:
        """The result of an unknown change, verified again. The trail list is refreshed with it."""
        self._book.refresh()
        try:
            verification = await self.verify(result.change)
        except CtuiError as error:
            return replace(result, verification=None, verification_error=error)
        verified = replace(result, verification=verification, verification_error=None)
        if verified.happened:
            self.happened.publish(verified)
        await self._book.idle()
        return verified

    async def current(self, trail: Trail) -> Trail | None:
        """The trail as its home Region describes it now, or None if it is gone. Raises the service's errors."""
        region = trail.home_region or self._connected().connection.region
        listed = await self._book.describe(region)
        return trail_among(listed, lambda other: other.key == trail.key)

    def _connected(self) -> Gateway:
        assert self._gateway is not None, "connect comes before changing"
        return self._gateway

    async def _run(self, run: ChangeRun) -> None:
        try:
            outcome, error = await self._carry_out(run)
            verification, verification_error = None, None
            if outcome in (ChangeOutcome.DONE, ChangeOutcome.UNKNOWN):
                verification, verification_error = await self._verify(run, sure=outcome is ChangeOutcome.DONE)
            run.finish(ChangeResult(run.trail_change, outcome, error, verification, verification_error))
        except asyncio.CancelledError:
            run.abandon()
            raise
        finally:
            del self._in_progress[run.trail_change.key]
        if run.ended is not None and run.ended.happened:
            self.happened.publish(run.ended)

    async def _carry_out(self, run: ChangeRun) -> tuple[ChangeOutcome, CtuiError | None]:
        try:
            await self._tasks.guard(self._paced(run))
        except OutcomeUnknown as error:
            return ChangeOutcome.UNKNOWN, error
        except InternalError as error:
            if run.stage is Stage.WAITING:
                return ChangeOutcome.REFUSED, error
            return ChangeOutcome.UNKNOWN, _ended_by_bug(run.trail_change, error)
        except CtuiError as error:
            return ChangeOutcome.REFUSED, error
        except asyncio.CancelledError:
            if not run.cancelled or _cancelled_from_outside():
                raise
            if run.stage is Stage.WAITING:
                return ChangeOutcome.CANCELLED, None
            return ChangeOutcome.UNKNOWN, _cancelled_after_sending(run.trail_change)
        return ChangeOutcome.DONE, None

    async def _paced(self, run: ChangeRun) -> None:
        """Send at our pace; retry a throttled call a few times."""
        for delay in _DELAYS:
            try:
                return await self._send(run)
            except Throttled:
                run.enter(Stage.WAITING)
            await run.step(self._clock.sleep(delay))
        return await self._send(run)

    async def _send(self, run: ChangeRun) -> None:
        from ctui.core.trails.sending import send  # noqa: PLC0415 - the main screen changes nothing

        while (wait := self._pace.ready_at() - self._clock.monotonic()) > 0:
            await run.step(self._clock.sleep(wait))
        self._pace.send(SentCall(self._clock.monotonic()))
        run.enter(Stage.SENT)
        await run.step(send(self._connected(), run.trail_change))
        self._server_clock.update(self._connected().server_time)

    async def _verify(self, run: ChangeRun, *, sure: bool) -> tuple[Verification | None, CtuiError | None]:
        """Refresh the trail list, and verify the change; or the error that kept us from it."""
        try:
            return await self._tasks.guard(self._read_back(run, sure=sure))
        except CtuiError as error:
            return None, error

    async def _read_back(self, run: ChangeRun, *, sure: bool) -> tuple[Verification | None, CtuiError | None]:
        run.enter(Stage.LOOKING)
        self._book.refresh()
        try:
            if sure and run.trail_change.region == self._connected().connection.region:
                await run.step(self._book.idle())
                return self._listed(run.trail_change), self._book.state.error
            verification = await run.step(self.verify(run.trail_change))
        except asyncio.CancelledError:
            if not run.cancelled or _cancelled_from_outside():
                raise
            return None, None
        await self._book.idle()
        return verification, None

    def _listed(self, change: TrailChange) -> Verification | None:
        """A confirmed change with the trail from the refreshed list, or None if the list could not be read."""
        if self._book.state.error is not None:
            return None
        trails = (entry.trail for entry in self._book.state.entries)
        return Verification(next((trail for trail in trails if change.is_about(trail)), None), True)


def _cancelled_from_outside() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _cancelled_after_sending(change: TrailChange) -> OutcomeUnknown:
    return OutcomeUnknown(
        "It may or may not have happened",
        f"{change.verb} was already sent to {change.region} when you canceled it.",
        "Check the trail before you try again.",
    )


def _ended_by_bug(change: TrailChange, error: InternalError) -> OutcomeUnknown:
    return OutcomeUnknown(
        "It may or may not have happened",
        f"{change.verb} was sent to {change.region}, then an internal error interrupted it: {error.message}",
        "Check the trail before you try again.",
    )
