"""LiveStatus: how many calls the status in sight costs, where they go, and what a failure leaves standing."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import AutoClock, FakeClock
from support.fakes.cloudtrail import REGION, FakeCloudTrail, FakeConnector, denied, internal, throttled, unreachable

from ctui.core.session_state import SessionPhase
from ctui.core.trails.trail_book import StatusReading, TrailEntry, TrailsState
from ctui.core.trails.verification import TrailChange, Verb
from ctui.errors import CtuiError, ExpiredLogin
from ctui.model.trail.trail import Trail, TrailStatus

HOME = Trail("home", f"arn:aws:cloudtrail:{REGION}:111111111111:trail/home", REGION)
OTHER = Trail("other", f"arn:aws:cloudtrail:{REGION}:111111111111:trail/other", REGION)
SHADOW = Trail(
    "shadow", "arn:aws:cloudtrail:us-east-1:111111111111:trail/shadow", "us-east-1", is_multi_region_trail=True
)
ON = TrailStatus(is_logging=True)
OFF = TrailStatus(is_logging=False)
TICK = 5.0
HOUR = 3600


def entry(session: CoreDriver, trail: Trail = HOME) -> TrailEntry:
    return next(one for one in session.trails.state.entries if one.trail == trail)


async def watch(session: CoreDriver, seconds: float, chosen: Callable[[], TrailEntry | None] | None = None) -> None:
    """Look as the screen does, for so long; by default at the trail `home`."""
    clock = session.clock
    assert isinstance(clock, FakeClock)
    for _ in range(round(seconds / TICK)):
        clock.advance(TICK)
        session.live_status.look(entry(session) if chosen is None else chosen())
        await session.idle()


@pytest.fixture
def keep(service: FakeCloudTrail) -> None:
    """The account has two trails of this Region and one of another."""
    service.trails = (HOME, OTHER, SHADOW)
    service.statuses = {"home": ON, "other": ON, SHADOW.key: ON, "shadow": OFF}


pytestmark = pytest.mark.usefixtures("keep")


@pytest.mark.parametrize(
    ("chosen", "calls"),
    [
        (lambda _session: HOME, 59),
        (lambda _session: None, 0),
        (lambda session: (HOME, OTHER, SHADOW)[int(session.clock.monotonic() // TICK) % 3], 59),
    ],
    ids=["in sight", "out of sight", "another trail each time"],
)
async def test_an_hour_costs_a_call_each_minute_in_sight_and_none_out_of_sight(
    start: StartSession, service: FakeCloudTrail, chosen: Callable[[CoreDriver], Trail | None], calls: int
) -> None:
    """Each call gives one state to draw. The first minute begins when the list was read."""
    session = await start()
    service.calls.clear()
    states: list[TrailsState] = []
    session.trails.changed.subscribe(states.append)

    def at() -> TrailEntry | None:
        trail = chosen(session)
        return trail if trail is None else entry(session, trail)

    await watch(session, HOUR, at)
    assert service.calls == ({"GetTrailStatus": calls} if calls else {})
    assert len(states) == calls


async def test_after_a_long_sleep_there_is_one_call(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start()
    service.calls.clear()
    assert isinstance(session.clock, FakeClock)
    session.clock.advance(HOUR)
    await watch(session, 55)
    assert service.calls == {"GetTrailStatus": 1}


async def test_what_has_changed_shows_within_a_minute_with_its_time(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await start()
    first = entry(session).reading
    service.statuses["home"] = OFF
    await watch(session, 60)
    now = entry(session)
    assert now == TrailEntry(HOME, OFF, None)
    assert first is not None
    assert now.reading is not None
    assert 55 <= (now.reading.at - first.at).total_seconds() <= 65
    assert entry(session, OTHER).status == ON, "the others are left as they are"


async def test_a_shadow_trail_is_read_in_its_home_region_and_from_then_on_there(
    start: StartSession, service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    answer = service.get_trail_status

    async def status(region: str, name: str) -> TrailStatus:
        asked.append((region, name))
        return await answer(region, name)

    monkeypatch.setattr(service, "get_trail_status", status)
    session = await start()
    assert (REGION, SHADOW.key) in asked
    asked.clear()
    await watch(session, 60, lambda: entry(session, SHADOW))
    assert asked == [("us-east-1", "shadow")]
    reading = entry(session, SHADOW).reading
    assert reading is not None
    assert (entry(session, SHADOW).status, reading.region) == (OFF, "us-east-1")
    session.trails.refresh()
    await session.idle()
    assert asked[-1] == ("us-east-1", "shadow")
    assert (entry(session, SHADOW).status, entry(session, OTHER).reading.region) == (OFF, REGION)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("failure", "calls"),
    [(denied("GetTrailStatus"), 1), (throttled(), 10), (internal(), 10), (unreachable(), 10)],
    ids=["denied", "throttled", "internal", "unreachable"],
)
async def test_a_refused_call_is_not_repeated_and_others_back_off(
    start: StartSession, service: FakeCloudTrail, failure: CtuiError, calls: int
) -> None:
    session = await start()
    service.calls.clear()
    service.statuses["home"] = failure
    await watch(session, HOUR)
    assert service.calls["GetTrailStatus"] == calls
    assert entry(session) == replace(TrailEntry(HOME, ON, None), stale=failure), "the last known status stays"
    assert session.trails.state.error is None, "nothing is said that the screen would repeat each minute"
    service.statuses["home"] = OFF
    session.trails.refresh()
    await session.idle()
    assert entry(session) == TrailEntry(HOME, OFF, None)
    service.calls.clear()
    await watch(session, HOUR)
    assert service.calls["GetTrailStatus"] == 60


async def test_a_status_that_was_never_read_is_read_once_it_can_be(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.statuses["home"] = unreachable()
    session = await start()
    assert entry(session).status is None
    await watch(session, 120)
    assert entry(session).error == service.statuses["home"]
    service.statuses["home"] = ON
    await watch(session, 480)
    assert entry(session) == TrailEntry(HOME, ON, None)


async def test_nothing_is_asked_once_the_login_is_over_and_r_connects_again(
    start: StartSession, service: FakeCloudTrail
) -> None:
    session = await start()
    service.statuses["home"] = ExpiredLogin("Login expired", "The token has run out.")
    service.calls.clear()
    await watch(session, HOUR)
    await watch(session, HOUR, lambda: entry(session, OTHER))
    assert service.calls == {"GetTrailStatus": 1}
    service.statuses["home"] = ON
    session.refresh()
    await session.idle()
    assert service.calls["GetCallerIdentity"] == 1, "it has connected again"
    assert entry(session) == TrailEntry(HOME, ON, None)


async def test_nothing_is_asked_without_a_connection(start: StartSession, service: FakeCloudTrail) -> None:
    session = await start(FakeConnector(service, [unreachable()]))
    assert session.state.phase is SessionPhase.FAILED
    last = TrailEntry(HOME, ON, None, StatusReading(REGION, service.clock.now(), 0.0))
    await watch(session, HOUR, lambda: last)
    assert not service.calls


async def test_a_change_in_progress_is_not_undone_by_what_was_read_before_it(
    start: StartSession, service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer of a call from before the change is dropped, and none is made while it is under way."""
    session = await start()
    held = asyncio.Event()
    answer = service.get_trail_status

    async def status(region: str, name: str) -> TrailStatus:
        before = await answer(region, name)
        await held.wait()
        return before

    monkeypatch.setattr(service, "get_trail_status", status)
    clock = session.clock
    assert isinstance(clock, AutoClock)
    clock.advance(60)
    session.live_status.look(entry(session))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    monkeypatch.setattr(service, "get_trail_status", answer)
    run = session.changes.begin(TrailChange.of(Verb.STOP, HOME, REGION))
    clock.advance(60)
    before = service.calls["GetTrailStatus"]
    session.live_status.look(entry(session))
    assert service.calls["GetTrailStatus"] == before
    service.statuses["home"] = OFF
    await run.result()
    held.set()
    await session.idle()
    assert entry(session).status is not None
    assert entry(session).status.is_logging is False  # type: ignore[union-attr]
