"""Changes of trails: paced, one at a time, routed home, and honest about what became of them."""

import asyncio
from datetime import timedelta

import pytest
from support.core_driver import StartSession
from support.drafts import draft_of
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import REGION, FakeCloudTrail, event, throttled, unreachable
from support.fakes.trail_writes import Mishap, unanswered

from ctui.core.lookup.event_query import QueryState
from ctui.core.lookup.pacing.pace import SPACING
from ctui.core.session import Session
from ctui.core.trails.changes import ChangeOutcome, ChangeResult, ChangeRun, Stage
from ctui.core.trails.trail_book import TrailsPhase
from ctui.core.trails.verification import TrailChange, Verb
from ctui.errors import AccessDenied, CtuiError
from ctui.model.trail.draft import TrailDraft
from ctui.model.trail.trail import Trail, TrailStatus

HOME = "us-east-1"


def trail(name: str, region: str = REGION, **more: object) -> Trail:
    arn = f"arn:aws:cloudtrail:{region}:111111111111:trail/{name}"
    return Trail(name, arn, region, "logs-1", include_global_service_events=True, **more)  # type: ignore[arg-type]


AUDIT = trail("audit")
SHADOW = trail("everywhere", HOME, is_multi_region_trail=True)


@pytest.fixture(autouse=True)
def two_trails(service: FakeCloudTrail) -> None:
    service.trails = [AUDIT, SHADOW]
    for each in service.trails:
        service.statuses.update({each.name: TrailStatus(True), each.key: TrailStatus(True)})


def of(verb: Verb, about: Trail = AUDIT) -> TrailChange:
    return TrailChange.of(verb, about, REGION)


def create(name: str = "fresh", **more: object) -> TrailChange:
    return TrailChange.create(TrailDraft(name, "logs-2", **more), REGION)  # type: ignore[arg-type]


def update(about: Trail = AUDIT) -> TrailChange:
    return TrailChange.update(draft_of(about, s3_key_prefix="new"), REGION)


async def carry_out(session: Session, request: TrailChange) -> ChangeResult:
    result = await session.changes.begin(request).result()
    await session.idle()
    return result


async def reached(change: ChangeRun, stage: Stage) -> None:
    """Return when the change has come that far."""
    there = asyncio.Event()

    def look(now: Stage) -> None:
        if now is stage:
            there.set()

    leave = change.stage_changed.subscribe(look)
    look(change.stage)
    await there.wait()
    leave()


async def test_after_a_create_the_list_comes_back_from_the_service(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await start()
    result = await carry_out(session, create())
    assert result.outcome is ChangeOutcome.DONE
    assert result.verification is not None
    assert result.verification.happened is True
    assert result.verification.trail is not None
    assert [entry.trail.name for entry in session.trails.state.entries] == ["audit", "everywhere", "fresh"]
    assert session.trails.state.entries[2].status == TrailStatus(is_logging=False)
    assert session.trails.state.phase is TrailsPhase.READY
    assert service.writes == [("CreateTrail", REGION, "fresh")]


@pytest.mark.parametrize(
    ("request_", "sent"),
    [
        (update(SHADOW), ("UpdateTrail", HOME, SHADOW.key)),
        (of(Verb.DELETE, SHADOW), ("DeleteTrail", HOME, SHADOW.key)),
        (of(Verb.START, SHADOW), ("StartLogging", HOME, SHADOW.key)),
        (of(Verb.STOP, SHADOW), ("StopLogging", HOME, SHADOW.key)),
        (of(Verb.STOP, Trail("old")), ("StopLogging", REGION, "old")),
    ],
)
async def test_writes_go_home_and_by_arn(
    start: StartSession, service: FakeCloudTrail, request_: TrailChange, sent: tuple[str, str, str]
) -> None:
    service.trails = [*service.trails, Trail("old")]
    session = await start()
    result = await carry_out(session, request_)
    assert (result.outcome, service.writes) == (ChangeOutcome.DONE, [sent])


@pytest.mark.parametrize("request_", [create(), update(), *(of(verb) for verb in (Verb.DELETE, Verb.START, Verb.STOP))])
@pytest.mark.parametrize("happens", [True, False])
async def test_an_unanswered_change_is_looked_for_before_anything_else(
    start: StartSession, service: FakeCloudTrail, request_: TrailChange, happens: bool
) -> None:
    logs = TrailStatus(is_logging=request_.verb is not Verb.START)
    service.statuses.update({"audit": logs, AUDIT.key: logs})
    session = await start()
    service.mishaps.append(Mishap(unanswered(), happens))
    result = await carry_out(session, request_)
    assert result.outcome is ChangeOutcome.UNKNOWN
    assert result.error is not None
    assert result.verification is not None
    assert result.verification.happened is happens
    assert len(service.writes) == 1


async def test_a_look_may_fail_and_be_made_again(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    service.mishaps.append(Mishap(unanswered(), happens=True))
    service.describe_error = unreachable()
    result = await carry_out(session, of(Verb.DELETE))
    assert (result.outcome, result.verification) == (ChangeOutcome.UNKNOWN, None)
    assert result.verification_error is service.describe_error
    service.describe_error = None
    service.events = [event("deleted", EPOCH - timedelta(minutes=1), name="DeleteTrail")]
    seen = await session.changes.verify_again(result)
    await session.idle()
    assert seen.happened
    assert [entry.trail.name for entry in session.trails.state.entries] == ["everywhere"]
    assert [stored.summary.name for stored in session.summaries(session.explorer.query.ids)] == ["DeleteTrail"]


async def test_a_trail_that_cannot_be_read_may_be_the_one_that_is_looked_for(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await start()
    service.mishaps.append(Mishap(unanswered(), happens=True))
    service.trails = [*service.trails, Trail("", odd=("A trail should be an object, but is null",))]
    result = await carry_out(session, of(Verb.DELETE))
    assert (result.outcome, result.verification) == (ChangeOutcome.UNKNOWN, None), (
        "that it is not among the others proves nothing"
    )
    assert result.verification_error is not None
    with pytest.raises(CtuiError, match="cannot be read"):
        await session.changes.current(AUDIT)
    assert await session.changes.current(SHADOW) == SHADOW


async def test_what_somebody_else_has_made_of_it_cannot_be_told(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    service.mishaps.append(Mishap(unanswered()))
    service.trails = [trail("audit", s3_key_prefix="theirs"), trail("fresh")]
    for request in (update(), create(s3_key_prefix="x")):
        result = await carry_out(session, request)
        service.mishaps.append(Mishap(unanswered()))
        assert result.verification is not None
        assert result.verification.happened is None


async def test_a_refusal_changes_nothing_and_says_why(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    no = AccessDenied("Denied", "no", code="AccessDeniedException", status=400)
    service.mishaps.append(Mishap(no))
    result = await carry_out(session, of(Verb.DELETE))
    assert (result.outcome, result.error, result.verification) == (ChangeOutcome.REFUSED, no, None)
    assert len(session.trails.state.entries) == 2


async def test_writes_are_a_second_apart(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    changes = [session.changes.begin(request) for request in (create(), of(Verb.STOP), of(Verb.STOP, SHADOW))]
    for change in changes:
        assert (await change.result()).outcome is ChangeOutcome.DONE
    assert service.write_sends == pytest.approx([service.write_sends[0] + n * SPACING for n in range(3)])


async def test_a_throttled_write_is_sent_again_a_few_times(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    service.mishaps.extend([Mishap(throttled()), Mishap(throttled())])
    assert (await carry_out(session, of(Verb.STOP))).outcome is ChangeOutcome.DONE
    assert len(service.writes) == 3
    service.mishaps.extend([Mishap(throttled())] * 3)
    result = await carry_out(session, of(Verb.START))
    assert result.outcome is ChangeOutcome.REFUSED
    assert service.writes[3:] == [("StartLogging", REGION, AUDIT.key)] * 3


async def test_one_change_at_a_time_for_each_trail(start: StartSession) -> None:
    session = await start()
    first = session.changes.begin(of(Verb.STOP))
    assert session.changes.in_progress(AUDIT) is first
    with pytest.raises(CtuiError, match="StopLogging of audit is still running"):
        session.changes.begin(of(Verb.DELETE))
    other = session.changes.begin(of(Verb.STOP, SHADOW))
    await first.result()
    await other.result()
    await session.idle()
    assert session.changes.in_progress(AUDIT) is None
    assert (await carry_out(session, of(Verb.START))).outcome is ChangeOutcome.DONE


async def test_given_up_before_it_was_sent_nothing_happens(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    first, second = session.changes.begin(of(Verb.STOP)), session.changes.begin(of(Verb.DELETE, SHADOW))
    await reached(first, Stage.SENT)
    assert second.stage is Stage.WAITING
    second.cancel()
    assert (await second.result()).outcome is ChangeOutcome.CANCELLED
    assert (await first.result()).outcome is ChangeOutcome.DONE
    assert [action for action, _, _ in service.writes] == ["StopLogging"]


async def test_given_up_after_it_was_sent_it_is_looked_for(start: StartSession, service: FakeCloudTrail) -> None:
    held = asyncio.Event()

    async def slow() -> None:
        await held.wait()

    service.before_write = slow  # type: ignore[method-assign]
    session = await start()
    change = session.changes.begin(of(Verb.DELETE))
    await reached(change, Stage.SENT)
    change.cancel()
    result = await change.result()
    assert result.outcome is ChangeOutcome.UNKNOWN
    assert result.verification is not None
    assert result.verification.happened is False


async def test_closing_the_session_ends_the_wait(start: StartSession, service: FakeCloudTrail) -> None:
    service.before_write = asyncio.Event().wait  # type: ignore[assignment]
    session = await start()
    change = session.changes.begin(of(Verb.DELETE))
    waiting = asyncio.ensure_future(change.result())
    await reached(change, Stage.SENT)
    await session.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


async def test_stages_and_ends_are_told(start: StartSession) -> None:
    session = await start()
    ends: list[ChangeResult] = []
    session.changes.happened.subscribe(ends.append)
    change = session.changes.begin(of(Verb.STOP))
    stages: list[Stage] = []
    change.stage_changed.subscribe(stages.append)
    result = await change.result()
    await session.idle()
    assert stages == [Stage.SENT, Stage.LOOKING, Stage.OVER]
    assert ends == [result]


async def test_the_event_of_the_change_turns_up(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    states: list[QueryState] = []
    service.events = [event("stopped", EPOCH - timedelta(minutes=1), name="StopLogging")]
    session.explorer.query.changed.subscribe(states.append)
    assert not session.explorer.query.ids
    await carry_out(session, of(Verb.STOP))
    assert [stored.summary.name for stored in session.summaries(session.explorer.query.ids)] == ["StopLogging"]


async def test_the_trail_as_it_is_now(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    service.trails = [trail("audit", s3_key_prefix="theirs")]
    assert await session.changes.current(AUDIT) == service.trails[0]
    assert await session.changes.current(SHADOW) is None
