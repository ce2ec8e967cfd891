"""The same question twice: what is settled is shown from the store, and only the rest is asked."""

import asyncio
from datetime import timedelta

from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, denied, event
from support.sessions import OpenStore

from ctui.core.lookup.event_query import QueryPhase, QueryState
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan
from ctui.store.search import ROWS_AT_ONCE

SETTLED = Lookup(parse_timespan("2026-11-20T12:00Z..2026-11-21T11:40Z"))
"""Ended twenty minutes ago."""


def fill(service: FakeCloudTrail, count: int) -> None:
    """One event a minute back from now: e0 is the newest; every third is bob's."""
    service.events = [
        event(f"e{number}", EPOCH - timedelta(minutes=number), username="bob" if number % 3 == 0 else "alice")
        for number in range(count)
    ]


async def test_an_account_learned_from_the_first_page_spares_the_others(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    record = '{"recipientAccountId":"111111111111"}'
    service.events = [event(f"e{number}", EPOCH - timedelta(minutes=number), record=record) for number in range(300)]
    session = await start(open_store=lasting, lookup=SETTLED)
    assert await drain(service, session) > 1
    expected = session.loaded()
    await session.close()
    service.identity = denied("GetCallerIdentity")
    asked = service.lookups
    session = await start(open_store=lasting, lookup=SETTLED)
    await drain(service, session)
    assert session.loaded() == expected
    assert service.lookups - asked == 1


async def drain(service: FakeCloudTrail, session: CoreDriver, lookup: Lookup | None = None) -> int:
    """Load all of a question; returns how many lookups that took."""
    before = service.lookups
    if lookup is not None:
        session.explorer.ask_lookup(lookup)
    await session.load_all()
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    return service.lookups - before


async def test_a_settled_question_is_asked_once_also_after_a_restart(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    fill(service, 300)
    first = await start(lookup=SETTLED, open_store=lasting)
    await drain(service, first)
    expected = [f"e{number}" for number in range(20, 300)]
    assert first.loaded() == expected
    assert await drain(service, first, SETTLED) == 0
    assert first.loaded() == expected
    await first.close()
    asked = service.lookups
    second = await start(lookup=SETTLED, open_store=lasting)
    assert service.lookups == asked
    assert second.explorer.query.state.phase is QueryPhase.COMPLETE
    assert second.loaded() == expected
    assert (second.explorer.query.state.pages, second.explorer.query.state.loaded) == (0, 280)


async def test_an_event_that_is_stored_is_found_by_its_id_without_a_call(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    async def asked(event_id: str) -> tuple[int, list[str]]:
        """How many lookups it takes to ask for an ID, and what is found."""
        before = service.lookups
        session.explorer.ask_lookup(Lookup(SETTLED.timespan, LookupAttribute(AttributeKey.EVENT_ID, event_id)))
        await session.load_all()
        return service.lookups - before, session.loaded()

    fill(service, 60)
    session = await start(
        lookup=Lookup(SETTLED.timespan, LookupAttribute(AttributeKey.USERNAME, "bob")), open_store=lasting
    )
    await session.load_all()
    assert await asked("e30") == (0, ["e30"]), "bob's"
    assert await asked("e31") == (1, ["e31"]), "alice's"
    assert await asked("e30") == (0, ["e30"])
    before = service.lookups
    session.ask_again()
    await session.load_all()
    assert service.lookups - before == 1, "who asks again wants a call"


async def test_a_question_that_ends_now_asks_only_for_what_is_unsettled(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    fill(service, 300)
    session = await start()
    assert await drain(service, session) == 5
    clock.advance(3600)
    service.events += [event(f"new{number}", EPOCH + timedelta(minutes=number)) for number in range(1, 41)]
    service.asked.clear()
    await session.reload()
    began = int(EPOCH.timestamp())
    assert [scan.start for scan, _ in service.asked] == [began - 900] * len(service.asked)
    await drain(service, session)
    assert session.loaded() == [f"new{number}" for number in range(40, 0, -1)] + [f"e{number}" for number in range(300)]


async def test_what_a_stopped_walk_has_seen_is_not_asked_again(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    fill(service, 400)
    first = await start(lookup=SETTLED, open_store=lasting)
    first.explorer.query.more()
    await first.idle()
    assert len(first.explorer.query.ids) == 100
    await first.close()
    service.asked.clear()
    second = await start(lookup=SETTLED, open_store=lasting)
    assert second.loaded() == [f"e{number}" for number in range(20, 120)], "of the last second one is here"
    assert service.asked == []
    assert second.explorer.query.state.phase is QueryPhase.PAUSED
    second.explorer.query.near_end()
    await second.idle()
    assert [scan.end for scan, _ in service.asked] == [int((EPOCH - timedelta(minutes=119)).timestamp())]
    assert second.loaded() == [f"e{number}" for number in range(20, 169)]


async def test_rows_have_no_holes_while_a_gap_is_walked(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 600)
    session = await start(lookup=Lookup(parse_timespan("2026-11-21T02:00Z..2026-11-21T04:00Z")))
    await drain(service, session)
    seen: list[tuple[int, bool]] = []

    def look(state: QueryState) -> None:
        seen.append((state.loaded, session.loaded() == [f"e{number}" for number in range(20, 20 + state.loaded)]))

    session.queries.ask(SETTLED).changed.subscribe(look)
    await drain(service, session)
    assert all(whole for _, whole in seen)
    assert seen[-1][0] == 580


async def test_a_wider_question_asks_only_around_what_is_known(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 600)
    session = await start(lookup=Lookup(parse_timespan("2026-11-21T04:00Z..2026-11-21T10:00Z")))
    assert await drain(service, session) == 7
    service.asked.clear()
    assert await drain(service, session, SETTLED) == 2 + 3
    asked = {(scan.start, scan.end) for scan, _ in service.asked}
    hour = 3600
    noon = int(EPOCH.timestamp())
    assert asked == {(noon - 2 * hour + 1, noon - 1200), (noon - 24 * hour, noon - 8 * hour - 1)}


async def test_an_attribute_is_answered_from_what_is_known_of_everything(
    start: StartSession, service: FakeCloudTrail
) -> None:
    fill(service, 300)
    session = await start(lookup=SETTLED)
    await drain(service, session)
    for value in ("bob", "Bob", "alice"):
        lookup = Lookup(SETTLED.timespan, LookupAttribute(AttributeKey.USERNAME, value))
        assert await drain(service, session, lookup) == 0
        assert session.loaded() == [
            one.event_id
            for one in service.events
            if one.username == value and one.time <= EPOCH - timedelta(minutes=20)
        ]


async def test_one_attributes_coverage_says_nothing_of_another(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 300)
    bob = Lookup(SETTLED.timespan, LookupAttribute(AttributeKey.USERNAME, "bob"))
    session = await start(lookup=bob)
    await drain(service, session)
    assert await drain(service, session, bob) == 0
    assert await drain(service, session, Lookup(SETTLED.timespan, LookupAttribute(AttributeKey.USERNAME, "alice"))) == 4
    assert await drain(service, session, SETTLED) == 6


async def test_older_than_the_history_is_asked_once(start: StartSession, service: FakeCloudTrail) -> None:
    """The service has nothing there any more, and it will not come back."""
    old = Lookup(parse_timespan("2026-01-01..2026-02-01"))
    session = await start(lookup=old)
    assert await drain(service, session, old) == 0
    assert session.explorer.query.state.loaded == 0


async def test_a_history_longer_than_usual_is_walked_to_its_end(start: StartSession, service: FakeCloudTrail) -> None:
    service.events = [event(f"e{number:03}", EPOCH - timedelta(days=10 * number)) for number in range(120)]
    session = await start()
    await session.reload()
    assert session.explorer.query.state.phase is QueryPhase.PAUSED
    await drain(service, session)
    assert session.loaded() == [f"e{number:03}" for number in range(120)]
    assert await drain(service, session, Lookup()) == 1, "the last quarter of an hour"
    assert len(session.loaded()) == 120


async def test_a_failing_service_does_not_hide_what_is_known(
    start: StartSession, service: FakeCloudTrail, lasting: OpenStore
) -> None:
    fill(service, 60)
    first = await start(lookup=SETTLED, open_store=lasting)
    await drain(service, first)
    await first.close()
    service.failures.append(denied("LookupEvents"))
    second = await start(lookup=SETTLED, open_store=lasting)
    assert len(second.loaded()) == 40
    assert second.explorer.query.state.phase is QueryPhase.COMPLETE


async def test_a_long_past_comes_from_the_store_in_slices(start: StartSession, service: FakeCloudTrail) -> None:
    count = ROWS_AT_ONCE + 700
    shown: list[int] = []
    begin = EPOCH - timedelta(hours=1)
    service.page_size = count
    service.events = [event(f"e{number}", begin - timedelta(seconds=number // 3)) for number in range(count)]
    session = await start(lookup=SETTLED)
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    session.queries.ask(SETTLED).changed.subscribe(lambda state: shown.append(state.loaded))
    await session.idle()
    assert (session.explorer.query.state.loaded, session.explorer.query.state.phase) == (
        ROWS_AT_ONCE + 500,
        QueryPhase.PAUSED,
    )
    assert min(filter(None, shown)) == 500, "a screenful does not wait for the rest"
    session.explorer.query.near_end()
    await session.idle()
    assert (session.explorer.query.state.loaded, session.explorer.query.state.phase) == (count, QueryPhase.COMPLETE)
    assert service.calls["LookupEvents"] == 1


async def test_stopping_while_rows_come_from_the_store(start: StartSession, service: FakeCloudTrail) -> None:
    service.page_size = 12_000
    begin = EPOCH - timedelta(hours=1)
    service.events = [event(f"e{number}", begin - timedelta(seconds=number // 5)) for number in range(12_000)]
    session = await start(lookup=SETTLED)
    session.queries.ask(SETTLED).everything()
    await asyncio.sleep(0)
    assert session.explorer.query.stop() is True
    await session.idle()
    assert session.explorer.query.state.phase is QueryPhase.PAUSED
    assert session.explorer.query.state.loaded < 12_000
    await drain(service, session)
    assert len(session.explorer.query.ids) == 12_000


async def test_a_refresh_shows_known_rows_before_the_first_page_is_in(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    """Rows do not blink; and the gap of the last minutes is closed without being asked for."""
    fill(service, 400)
    session = await start()
    await session.load_more()
    clock.advance(600)
    service.events += [event(f"new{number}", EPOCH + timedelta(minutes=number)) for number in range(1, 11)]
    seen: list[tuple[int, int, bool]] = []

    def look(now: QueryState) -> None:
        seen.append((now.pages, now.loaded, now.oldest is None))

    session.refresh()
    session.explorer.query.changed.subscribe(look)
    await session.idle()
    assert (0, 99, True) in seen, "and nothing is said of how far back they reach"
    assert session.loaded() == [f"new{number}" for number in range(10, 0, -1)] + [f"e{number}" for number in range(99)]
    assert session.explorer.query.state.pages == 1
    assert session.explorer.query.state.oldest == EPOCH - timedelta(minutes=99) + timedelta(seconds=1)


async def test_nothing_is_shown_behind_a_gap_that_is_long_or_full(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    begin = EPOCH - timedelta(seconds=1000)
    service.events = [event(f"e{number}", begin - timedelta(seconds=number)) for number in range(300)]
    session = await start()
    await drain(service, session)
    clock.advance(1000)
    service.events += [event(f"new{number}", EPOCH + timedelta(seconds=number)) for number in range(1000)]
    await session.reload()
    assert session.loaded() == [f"new{number}" for number in range(999, 949, -1)]
    assert session.explorer.query.state.phase is QueryPhase.PAUSED
    clock.advance(7200)
    await session.reload()
    assert session.loaded() == [f"new{number}" for number in range(999, 949, -1)]


async def test_stopping_a_preview_leaves_the_gap_for_later(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    fill(service, 100)
    session = await start()
    await drain(service, session)
    clock.advance(1200)
    service.events += [event(f"new{number}", EPOCH + timedelta(minutes=number)) for number in range(1, 21)]
    session.refresh()
    stopped: list[bool] = []

    def stop_at_the_preview(now: QueryState) -> None:
        if now.loaded and not now.pages and not stopped:
            stopped.append(True)
            assert session.explorer.query.stop()

    session.explorer.query.changed.subscribe(stop_at_the_preview)
    await session.idle()
    assert stopped
    assert (session.explorer.query.state.phase, session.explorer.query.state.oldest) == (QueryPhase.PAUSED, None)
    session.explorer.query.near_end()
    await session.idle()
    assert len(session.loaded()) == 120
