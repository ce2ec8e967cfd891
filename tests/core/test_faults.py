"""A fault of ctui's own in a task of core: told once, what it ended has failed, and all can be tried again."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from support.core_driver import CoreDriver
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event

from ctui.core.lookup.event_query import QueryPhase
from ctui.core.session import SessionPhase, SessionState
from ctui.core.trails.changes import ChangeOutcome
from ctui.core.trails.trail_book import TrailsPhase
from ctui.core.trails.verification import TrailChange, Verb
from ctui.errors import BadCredentials, InternalError
from ctui.model.filter.predicate import Predicate
from ctui.model.trail.trail import Trail, TrailStatus

StartSession = Callable[..., Awaitable[CoreDriver]]

TRAIL = Trail("app-trail", "arn:aws:cloudtrail:eu-west-1:111111111111:trail/app-trail", "eu-west-1")


async def broken(*_: Any) -> Any:
    """What no test double may do by itself."""
    raise ZeroDivisionError("by nought")


@pytest.fixture
def told(faults: list[Exception]) -> Callable[[], int]:
    """How many faults have been told since the last call; all of them must be the one that is brought about."""

    def count() -> int:
        assert {type(fault) for fault in faults} <= {ZeroDivisionError}
        number = len(faults)
        faults.clear()
        return number

    return count


async def test_a_login_that_breaks_has_failed_and_r_connects(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = FakeConnector(service)
    with monkeypatch.context() as patch:
        patch.setattr(connector, "connect", broken)
        session = await start(connector)
    failed = session.state
    assert failed.phase is SessionPhase.FAILED
    assert isinstance(failed.error, InternalError)
    assert told() == 1
    await session.reload()
    assert session.state.phase is SessionPhase.READY


async def test_a_page_that_breaks_fails_the_feed_and_loading_goes_on(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.events = [event(f"e{number}", EPOCH - timedelta(seconds=number)) for number in range(80)]
    session = await start()
    with monkeypatch.context() as patch:
        patch.setattr(service, "lookup_events", broken)
        await session.load_more()
    state = session.explorer.query.state
    assert state.phase is QueryPhase.FAILED
    assert isinstance(state.error, InternalError)
    assert state.loaded == 50
    assert session.queue.state.queued == session.queue.state.in_flight == 0
    assert told() == 1
    session.explorer.query.retry()
    await session.idle()
    assert session.explorer.query.state.loaded == 80


async def test_a_queue_that_breaks_answers_everybody_who_waits(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.events = [event(f"e{number}", EPOCH - timedelta(seconds=number)) for number in range(80)]
    session = await start()

    def broken_limit(*_: object) -> float:
        raise ZeroDivisionError("by nought")

    with monkeypatch.context() as patch:
        patch.setattr(session.queue._limiter, "send", broken_limit)
        await session.load_more()
    assert session.explorer.query.state.phase is QueryPhase.FAILED
    assert told() == 1
    session.explorer.query.retry()
    await session.idle()
    assert session.explorer.query.state.loaded == 80


async def test_trails_that_break_have_failed_and_those_of_before_stay(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.trails = [TRAIL]
    service.statuses[TRAIL.name] = TrailStatus(is_logging=True)
    session = await start()
    with monkeypatch.context() as patch:
        patch.setattr(service, "describe_trails", broken)
        session.trails.refresh()
        await session.idle()
    state = session.trails.state
    assert state.phase is TrailsPhase.FAILED
    assert isinstance(state.error, InternalError)
    assert [entry.trail for entry in state.entries] == [TRAIL]
    assert told() == 1
    await session.reload()
    assert session.trails.state.phase is TrailsPhase.READY


async def test_a_status_that_breaks_stands_beside_its_trail(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.trails = [TRAIL]
    monkeypatch.setattr(service, "get_trail_status", broken)
    session = await start()
    (entry,) = session.trails.state.entries
    assert session.trails.state.phase is TrailsPhase.READY
    assert isinstance(entry.error, InternalError)
    assert told() == 1


async def test_who_we_are_may_break_and_events_are_asked_for_all_the_same(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int]
) -> None:
    service.events = [event("e1", EPOCH)]
    service.identity = broken
    session = await start()
    assert session.state.phase is SessionPhase.READY
    assert isinstance(session.state.notice, InternalError)
    assert session.explorer.query.state.loaded == 1
    assert told() == 1


async def test_a_change_that_breaks_while_it_is_sent_is_unsure_and_looked_after(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.trails = [TRAIL]
    service.statuses[TRAIL.name] = TrailStatus(is_logging=True)
    session = await start()
    monkeypatch.setattr(service, "stop_logging", broken)
    result = await session.changes.begin(TrailChange.of(Verb.STOP, TRAIL, "eu-west-1")).result()
    assert result.outcome is ChangeOutcome.UNKNOWN
    assert result.error is not None
    assert "ZeroDivisionError: by nought" in result.error.message
    assert result.verification is not None
    assert result.verification.happened is False
    assert told() == 1
    assert session.changes.in_progress(TRAIL) is None


async def test_a_change_that_breaks_before_it_is_sent_has_changed_nothing(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.trails = [TRAIL]
    session = await start()
    told()
    monkeypatch.setattr(session.changes._pace, "ready_at", lambda: 1 / 0)
    result = await session.changes.begin(TrailChange.of(Verb.STOP, TRAIL, "eu-west-1")).result()
    assert result.outcome is ChangeOutcome.REFUSED
    assert isinstance(result.error, InternalError)
    assert service.calls["StopLogging"] == 0
    assert told() == 1
    assert session.changes.in_progress(TRAIL) is None


async def test_a_listener_that_breaks_keeps_nobody_waiting_for_a_change(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int]
) -> None:
    service.trails = [TRAIL]
    service.statuses[TRAIL.name] = TrailStatus(is_logging=True)
    session = await start()
    change = session.changes.begin(TrailChange.of(Verb.STOP, TRAIL, "eu-west-1"))

    def listen(_stage: object) -> None:
        if change.ended is not None:
            raise ZeroDivisionError("by nought")

    change.stage_changed.subscribe(listen)
    assert (await change.result()).outcome is ChangeOutcome.DONE
    await session.idle()
    assert told() == 1
    assert session.changes.in_progress(TRAIL) is None


async def test_what_hears_of_the_connection_may_break(
    service: FakeCloudTrail, start: StartSession, told: Callable[[], int]
) -> None:
    session = await start()
    broke: list[SessionState] = []

    def listen(state: SessionState) -> None:
        if state.phase is SessionPhase.READY and not broke:
            broke.append(state)
            raise ZeroDivisionError("by nought")

    session.changed.subscribe(listen)
    service.failures.append(BadCredentials("Key", "Unknown.", code="UnrecognizedClientException", status=400))
    session.explorer.query.more()
    session.explorer.ask_lookup(session.explorer.query.lookup)
    await session.idle()
    await session.reload()
    assert isinstance(session.state.error, InternalError)
    assert told() == 1
    await session.reload()
    assert session.state.phase is SessionPhase.READY


async def test_a_feed_that_breaks_by_itself_has_failed_and_goes_on_when_asked(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.events = [event(f"e{number}", EPOCH - timedelta(seconds=number)) for number in range(80)]
    session = await start()
    with monkeypatch.context() as patch:
        patch.setattr(session.explorer.query._loader, "_step", broken)
        await session.load_more()
    state = session.explorer.query.state
    assert state.phase is QueryPhase.FAILED
    assert isinstance(state.error, InternalError)
    assert told() == 1
    session.explorer.query.retry()
    await session.idle()
    assert session.explorer.query.state.loaded == 80


async def test_a_judgement_that_breaks_ends_the_judging(
    start: StartSession, service: FakeCloudTrail, told: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.events = [event(f"e{number}", EPOCH - timedelta(seconds=number)) for number in range(80)]
    session = await start()
    explorer = session.explorer
    with monkeypatch.context() as patch:
        patch.setattr(Predicate, "__call__", lambda *_: 1 / 0)
        await session.type("-nowhere")
    assert isinstance(explorer.read_error, InternalError)
    assert told() == 1
    await session.type("user:alic*")
    assert len(explorer.rows.ids) == 50
