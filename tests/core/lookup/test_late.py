"""Late events: what was proven within the hour is walked once more behind the rows, and R asks for anything again."""

from datetime import UTC, datetime, timedelta

from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, denied, event, invalid_token, unreachable
from support.sessions import OpenStore

from ctui.core.lookup.event_query import QueryPhase, QueryState
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan

NOW = int(EPOCH.timestamp())
LATE = [f"late{number}" for number in range(49)]


def fill(service: FakeCloudTrail, count: int = 200, late: int = 49) -> None:
    """One event a minute back from now, and 49 more that cannot be looked up until 15 to 60 minutes after they were."""
    service.events = [event(f"e{number}", EPOCH - timedelta(minutes=number)) for number in range(count)]
    for number, name in enumerate(LATE[:late]):
        happened = EPOCH - timedelta(minutes=16 + number * 43 / 48, seconds=10)
        late_by = max(timedelta(minutes=15 + number * 45 / 48), EPOCH - happened + timedelta(seconds=5))
        service.events.append(event(name, happened, username="bob"))
        service.available[name] = happened + late_by


def everything(service: FakeCloudTrail) -> list[str]:
    """Every event that can be looked up by now, newest first."""
    there = [one for one in service.events if service.available.get(one.event_id, EPOCH) <= service.clock.now()]
    return [one.event_id for one in sorted(there, key=lambda one: one.time, reverse=True)]


async def load_all(session: CoreDriver) -> None:
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE


async def again(session: CoreDriver, service: FakeCloudTrail) -> list[tuple[int, int]]:
    """Ask the same question again and load all of it: what was asked for, from minute to minute after noon."""
    service.asked.clear()
    await session.reload()
    await load_all(session)
    return [(_minutes(scan.start or 0), _minutes(scan.end + 1)) for scan, token in service.asked if token is None]


def _minutes(second: int) -> int:
    """Minutes since noon; calls take some seconds."""
    return (second - NOW) // 60


async def test_events_that_come_an_hour_late_are_found_when_the_question_is_asked_again(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, lasting: OpenStore
) -> None:
    """Neither refreshing nor loading all, a restart or another question found them: the first claim stood for ever."""
    fill(service)
    session = await start(open_store=lasting)
    await load_all(session)
    assert session.loaded() == [f"e{number}" for number in range(200)]
    clock.advance(1800)
    assert await again(session, service) == [(-15, 30)], "within the hour no call but for what is new"
    clock.advance(1800)
    assert await again(session, service) == [(15, 60), (-60, -15)]
    assert session.loaded() == everything(service)
    assert session.explorer.query.state.late == 49
    clock.advance(4 * 3600)
    assert await again(session, service) == [(45, 300), (-15, 45)], "the first hour is settled"
    assert await again(session, service) == [(285, 300)]
    await session.close()


async def test_a_restart_and_another_question_find_them_too(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, lasting: OpenStore
) -> None:
    fill(service)
    first = await start(open_store=lasting)
    await load_all(first)
    await first.close()
    clock.advance(3600)
    bob = Lookup(parse_timespan("2026-11-21T10:00Z..2026-11-21T12:00Z"), LookupAttribute(AttributeKey.USERNAME, "bob"))
    session = await start(open_store=lasting, lookup=bob)
    await load_all(session)
    assert session.loaded() == LATE
    session.explorer.ask_lookup(Lookup())
    await session.idle()
    await load_all(session)
    assert session.loaded() == everything(service)


async def test_rows_stay_in_sight_while_they_are_walked_once_more(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    fill(service)
    session = await start(lookup=Lookup(parse_timespan("2026-11-21T08:00Z..2026-11-21T11:44Z")))
    await load_all(session)
    clock.advance(3600)
    seen: list[tuple[int, bool]] = []

    def look(state: QueryState) -> None:
        seen.append((state.loaded, state.rechecking))

    session.queries.ask(session.explorer.query.lookup).changed.subscribe(look)
    await session.idle()
    shown = next(loaded for loaded, _ in seen if loaded)
    assert shown == 184, "all that is known, before any call"
    assert [loaded for loaded, _ in seen if loaded] == sorted(loaded for loaded, _ in seen if loaded)
    assert (shown, True) in seen
    assert seen[-1] == (184 + 49, False)
    assert session.explorer.query.state.rechecked_to == EPOCH - timedelta(seconds=3599)
    assert session.explorer.query.state.pages == 2


async def test_what_is_walked_once_more_keeps_no_key_waiting(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, lasting: OpenStore
) -> None:
    """More rows are loaded while it runs; stopping it keeps what is here, and loading all goes on with it."""
    fill(service, 700)
    service.page_size = 5
    first = await start(open_store=lasting, lookup=Lookup(parse_timespan("2026-11-21T11:00Z..2026-11-21T11:44Z")))
    await load_all(first)
    await first.close()
    clock.advance(3600)
    session = await start(open_store=lasting, lookup=Lookup(parse_timespan("..2026-11-21T11:44Z")))
    # It has run to its end. Once more, with a hand on the keys:
    assert [name for name in session.loaded() if name in LATE] == LATE
    session.ask_again()
    states: list[QueryState] = []

    def stop_after_two_pages(state: QueryState) -> None:
        states.append(state)
        if state.rechecking and state.rechecked_to is not None and session.explorer.query.stop():
            session.explorer.query.near_end()

    session.explorer.query.changed.subscribe(stop_after_two_pages)
    before = len(session.explorer.query.ids)
    await session.idle()
    assert session.explorer.query.state.phase is QueryPhase.PAUSED
    assert len(session.explorer.query.ids) > before
    assert session.explorer.query.state.more
    await load_all(session)
    assert not session.explorer.query.state.rechecking
    assert session.loaded() == [name for name in everything(service) if name[0] == "l" or int(name[1:]) >= 16]


async def test_asking_again_asks_as_if_nothing_were_known_and_drops_nothing(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    """An event that came three hours late is found by R alone, and only where it is on the screen."""
    fill(service)
    session = await start()
    await load_all(session)
    clock.advance(4 * 3600)
    await again(session, service)
    happened = EPOCH - timedelta(minutes=90)
    service.events.append(event("very-late", happened))
    service.available["very-late"] = clock.now()
    assert await again(session, service) == [(225, 240)]
    assert "very-late" not in session.loaded()
    shown = set(session.explorer.query.ids)
    counts: list[int] = []
    service.asked.clear()
    session.ask_again()
    session.explorer.query.changed.subscribe(lambda state: counts.append(state.loaded))
    await session.idle()
    assert session.loaded() == everything(service)
    assert shown < set(session.explorer.query.ids), "row ids never change"
    assert counts == sorted(counts)
    assert session.explorer.query.state.late == 1
    assert None in {scan.start for scan, _ in service.asked}, "as if nothing were known"
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    assert await again(session, service) == [(225, 240)], "and all of it is known again"


async def test_asking_again_reaches_as_far_as_the_screen(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    fill(service, 1600, late=0)
    session = await start()
    for _ in range(13):
        await session.load_more()
    assert len(session.explorer.query.ids) == 700
    clock.advance(600)
    service.asked.clear()
    session.ask_again()
    await session.idle()
    assert len(session.explorer.query.ids) == 749
    assert session.explorer.query.state.phase is QueryPhase.PAUSED
    assert len(service.asked) == 1 + 1 + 14, "what is new, the last row's own second and on, and what was shown"


async def test_asking_again_outlives_tokens_that_are_refused(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    """Its pages bring nothing new, and yet they come further back: that is no service that leads nowhere."""
    fill(service, 600)
    session = await start()
    await load_all(session)
    clock.advance(7200)
    await again(session, service)
    service.failures.append(None)
    service.failures.extend(failure for _ in range(8) for failure in (None, invalid_token()))
    session.ask_again()
    await session.idle()
    assert (session.explorer.query.state.error, session.explorer.query.state.phase) == (None, QueryPhase.COMPLETE)
    assert session.explorer.query.state.rechecked_to == datetime.fromtimestamp(0, UTC)
    assert session.loaded() == everything(service)


async def test_an_outage_behind_the_rows_delays_what_came_late_and_no_more(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    fill(service)
    session = await start(lookup=Lookup(parse_timespan("2026-11-21T08:00Z..2026-11-21T11:44Z")))
    await load_all(session)
    clock.advance(3600)
    service.failures.extend(unreachable() for _ in range(12))
    session.explorer.ask_lookup(session.explorer.query.lookup)
    await session.idle()
    assert (session.explorer.query.state.phase, session.explorer.query.state.loaded) == (QueryPhase.COMPLETE, 184 + 49)


async def test_a_failure_behind_the_rows_is_told_and_hides_none(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    fill(service)
    session = await start(lookup=Lookup(parse_timespan("2026-11-21T08:00Z..2026-11-21T11:44Z")))
    await load_all(session)
    clock.advance(3600)
    service.failures.append(denied("LookupEvents"))
    session.explorer.ask_lookup(session.explorer.query.lookup)
    await session.idle()
    assert (session.explorer.query.state.phase, session.explorer.query.state.loaded) == (QueryPhase.FAILED, 184)
    session.explorer.query.retry()
    await session.idle()
    assert (session.explorer.query.state.phase, session.explorer.query.state.loaded) == (QueryPhase.COMPLETE, 184 + 49)


async def test_a_question_begun_without_a_call_makes_none_behind_the_rows(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    fill(service)
    session = await start(lookup=Lookup(parse_timespan("2026-11-21T08:00Z..2026-11-21T11:44Z")))
    await load_all(session)
    assert session.queries.is_known(session.explorer.query.lookup)
    clock.advance(3600)
    service.asked.clear()
    assert not session.queries.is_known(session.explorer.query.lookup), "all of it is here, but it takes a call"
    session.queries.ask(session.explorer.query.lookup, passive=True)
    await session.idle()
    assert (session.explorer.query.state.loaded, service.asked) == (184, [])
    await session.load_all()
    assert session.explorer.query.state.loaded == 184 + 49


async def test_a_date_two_hours_ahead_claims_nothing_that_has_not_happened(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock, lasting: OpenStore
) -> None:
    """Two hours of events that happened after it were never asked for."""
    fill(service)
    service.available.clear()
    service.skew = timedelta(hours=2)
    session = await start(open_store=lasting)
    await load_all(session)
    await session.close()
    for skew in (timedelta(hours=2), timedelta(0)):
        service.skew = skew
        clock.advance(3000)
        service.events.append(event(f"after{skew}", clock.now() - timedelta(seconds=60)))
        session = await start(open_store=lasting)
        await load_all(session)
        assert session.loaded() == everything(service)
        await session.close()
