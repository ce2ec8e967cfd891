"""The feed: what is loaded when, what is kept when something fails, and when it ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from support.core_driver import StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import (
    ACCOUNT,
    CONNECTION,
    FakeCloudTrail,
    denied,
    event,
    incomplete,
    internal,
    invalid_token,
    unreachable,
)

from ctui.core.lookup.event_query import EventQuery, QueryPhase, QueryState
from ctui.core.lookup.outage import Outage
from ctui.core.lookup.queue import QueueState
from ctui.errors import AccessDenied, EndpointUnreachable, IncompleteAnswer, InvalidNextToken
from ctui.model.connection import Connection, Scope
from ctui.model.event.event import Oddity
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.scan import Page, Scan
from ctui.model.lookup.timespan import parse_timespan
from ctui.store.events import EventStore

NOW = int(EPOCH.timestamp())


def fill(service: FakeCloudTrail, count: int, step: float = 60.0) -> None:
    """`count` events, one every `step` seconds back from now: e0 is the newest."""
    service.events = [event(f"e{number:04}", EPOCH - timedelta(seconds=number * step // 1)) for number in range(count)]


def expected(count: int, start: int = 0) -> list[str]:
    return [f"e{number:04}" for number in range(start, start + count)]


@pytest.mark.parametrize(("hours", "start_at", "end_at"), [(-3, -4, 0), (2, -1, 2), (0, -1, 0)])
async def test_a_scan_is_pinned_by_both_clocks(
    start: StartSession, service: FakeCloudTrail, hours: int, start_at: int, end_at: int
) -> None:
    """Whichever of them is right, the last hour is asked for."""
    service.skew = timedelta(hours=hours)
    session = await start(lookup=Lookup(parse_timespan("1h")))
    scan = session.explorer.query.state.scan
    scope = Scope(CONNECTION.origin, ACCOUNT, CONNECTION.region)
    assert scan == Scan(scope, NOW + start_at * 3600, NOW + end_at * 3600)


async def test_before_any_date_the_newest_events_are_asked_for_with_a_clock_that_is_slow(
    start: StartSession, service: FakeCloudTrail
) -> None:
    """STS says nothing, so no Date is heard before the first question, and the service's clock is ahead of ours."""
    service.identity, service.skew = denied("GetCallerIdentity"), timedelta(minutes=4)
    service.events = [event("newest", EPOCH + timedelta(minutes=3, seconds=50))]
    session = await start()
    assert (session.explorer.query.state.phase, session.loaded()) == (QueryPhase.COMPLETE, ["newest"])


async def test_the_attribute_goes_with_the_scan(start: StartSession, service: FakeCloudTrail) -> None:
    attribute = LookupAttribute(AttributeKey.USERNAME, "alice")
    session = await start(lookup=Lookup(attribute=attribute))
    asked = service.asked[0][0]
    assert (asked.attribute, asked.start) == (attribute, None)
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE


async def test_an_empty_history_is_complete_and_says_so(start: StartSession) -> None:
    session = await start()
    state = session.explorer.query.state
    assert (state.phase, state.loaded, state.more, state.pages) == (QueryPhase.COMPLETE, 0, False, 1)
    assert state.oldest is None


async def test_each_wish_loads_what_it_says(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 230)
    session = await start()
    feed = session.explorer.query
    assert (len(feed.ids), feed.state.phase, feed.state.more) == (50, QueryPhase.PAUSED, True)
    feed.near_end()
    feed.near_end()
    await feed.idle()
    assert len(feed.ids) == 100, "one page brought new rows, and asking twice asks once"
    feed.more()
    feed.more()
    await feed.idle()
    assert len(feed.ids) == 200
    feed.everything()
    assert feed.state.loading_all
    await feed.idle()
    state = feed.state
    assert (state.phase, state.loaded, state.scanned, state.more) == (QueryPhase.COMPLETE, 230, 230, False)
    assert (state.pages, state.loading_all) == (5, False)
    assert state.oldest == EPOCH - timedelta(minutes=229)
    assert session.loaded() == expected(230)


async def test_a_complete_feed_asks_nothing_more(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 10)
    session = await start()
    wishes: list[Callable[[], object]] = [
        session.explorer.query.near_end,
        session.explorer.query.more,
        session.explorer.query.everything,
        session.explorer.query.retry,
        session.explorer.query.stop,
    ]
    for wish in wishes:
        wish()
        await session.idle()
    assert service.calls["LookupEvents"] == 1
    assert session.explorer.query.stop() is False


async def test_nearing_the_end_costs_five_pages_at_most_without_a_new_row(
    start: StartSession, service: FakeCloudTrail, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that answers page after page without events, each with a token."""
    fill(service, 60)
    whole = service.lookup_events
    empty = 0

    async def lookup(scan: Scan, token: str | None, on_sent: Callable[[], None]) -> Page:
        nonlocal empty
        if token is not None and empty < 7:
            empty += 1
            service.calls["LookupEvents"] += 1
            return Page((), token, service.clock.now())
        return await whole(scan, token, on_sent)

    monkeypatch.setattr(service, "lookup_events", lookup)
    session = await start()
    session.explorer.query.near_end()
    await session.idle()
    state = session.explorer.query.state
    assert (state.pages, state.loaded, state.phase, state.more) == (6, 50, QueryPhase.PAUSED, True)
    session.explorer.query.near_end()
    await session.idle()
    assert (session.explorer.query.state.pages, session.explorer.query.state.loaded) == (9, 60), (
        "an empty page is not the end"
    )
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE


async def test_events_told_twice_are_shown_once(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 120)
    service.repeats = True
    session = await start()
    await session.load_all()
    assert session.loaded() == expected(120)
    assert session.explorer.query.state.scanned == 120


async def test_stop_ends_a_running_load_and_keeps_what_has_arrived(
    start: StartSession, service: FakeCloudTrail
) -> None:
    fill(service, 500)
    session = await start()
    feed = session.explorer.query

    def stop_at_150(state: QueryState) -> None:
        if state.loaded == 150 and state.loading_all:
            stopped.append(feed.stop())

    stopped: list[bool] = []
    unsubscribe = feed.changed.subscribe(stop_at_150)
    feed.everything()
    await session.idle()
    assert stopped[0] is True
    assert (feed.state.phase, feed.state.loaded, feed.state.loading_all) == (QueryPhase.PAUSED, 150, False)
    assert session.queue.state.queued == 0
    assert feed.stop() is False
    unsubscribe()
    feed.everything()
    await session.idle()
    assert session.loaded() == expected(500)


async def test_stop_and_go_again_at_once(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 200)
    session = await start()
    for _ in range(5):
        session.explorer.query.more()
        assert session.explorer.query.stop() is True
    await session.load_more()
    assert session.loaded() == expected(100)


async def test_a_failure_keeps_what_has_arrived_and_retry_asks_for_the_next_page(
    start: StartSession, service: FakeCloudTrail
) -> None:
    fill(service, 220)
    session = await start()
    service.failures.extend([None, denied("LookupEvents")])
    await session.load_all()
    state = session.explorer.query.state
    assert (state.phase, state.loaded, state.loading_all) == (QueryPhase.FAILED, 100, False)
    assert isinstance(state.error, AccessDenied)
    session.explorer.query.near_end()
    await session.idle()
    assert session.explorer.query.state.phase is QueryPhase.FAILED, "moving the cursor is no wish to try again"
    session.explorer.query.retry()
    await session.idle()
    assert session.explorer.query.state.error is None
    assert session.loaded() == expected(150), "the wish for everything ended with the failure"
    await session.load_all()
    assert session.loaded() == expected(220)


async def test_passing_failures_are_not_seen(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 300)
    session = await start()
    service.failures.extend([internal(), unreachable(), None, internal()])
    await session.load_all()
    assert session.loaded() == expected(300)


async def test_a_refused_token_leads_to_a_new_chain_at_the_oldest_second(
    start: StartSession, service: FakeCloudTrail
) -> None:
    fill(service, 200, step=0.2)
    session = await start()
    service.failures.append(invalid_token())
    await session.load_all()
    assert session.loaded() == expected(200)
    ends = [scan.end for scan, token in service.asked if token is None]
    assert ends == [NOW, NOW - 9], "the second of e0049, inclusive"
    assert session.explorer.query.state.scan is not None
    assert session.explorer.query.state.scan.end == NOW, "the question is still the same"


async def test_a_service_that_takes_no_token_fails_instead_of_turning_in_circles(
    start: StartSession, service: FakeCloudTrail
) -> None:
    service.events = [event(f"e{number:04}", EPOCH) for number in range(120)]
    session = await start()
    service.failures.extend([invalid_token(), None] * 20)
    await session.load_all()
    assert isinstance(session.explorer.query.state.error, InvalidNextToken)
    assert service.calls["LookupEvents"] < 10
    assert session.explorer.query.state.loaded == 50
    service.failures.clear()
    session.explorer.query.retry()
    await session.load_all()
    assert len(set(session.loaded())) == 120


async def test_a_new_question_drops_the_old_ones_pages(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 500)
    session = await start()
    session.explorer.query.everything()
    old, told = session.explorer.query, list[EventQuery]()
    session.queries.replaced.subscribe(told.append)
    session.explorer.ask_lookup(Lookup(parse_timespan("10m")))
    new = session.explorer.query
    await session.idle()
    assert told == [new]
    assert session.explorer.query is new
    assert session.loaded() == expected(11)
    assert old.state.loaded == 50
    assert service.calls["LookupEvents"] == 2


async def test_a_connection_that_is_lost_for_a_while_delays_the_feed_and_no_more(
    start: StartSession, service: FakeCloudTrail, clock: AutoClock
) -> None:
    fill(service, 100)
    session = await start()
    service.failures.extend(unreachable() for _ in range(12))
    await session.load_more()
    assert (session.explorer.query.state.error, session.explorer.query.state.phase) == (None, QueryPhase.COMPLETE)
    assert session.loaded() == expected(100)
    assert service.lookups == 1 + 12 + 1
    assert len(set(service.asked[1:])) == 1, "the same page, with the same token"


async def test_a_question_that_has_nothing_to_show_yet_soon_says_that_the_connection_is_lost(
    start: StartSession, service: FakeCloudTrail
) -> None:
    fill(service, 100)
    session = await start()
    service.failures.extend(unreachable() for _ in range(4))
    session.explorer.ask_lookup(Lookup(clauses=((LookupAttribute(AttributeKey.USERNAME, "bob"),),)))
    await session.idle()
    assert isinstance(session.explorer.query.state.error, EndpointUnreachable)
    assert service.lookups == 1 + 4


async def test_a_row_is_found_by_its_id(start: StartSession, service: FakeCloudTrail) -> None:
    fill(service, 60)
    session = await start()
    assert [session.explorer.query.index_of(row) for row in session.explorer.query.ids] == list(range(50))
    assert session.explorer.query.index_of(10**9) is None


async def test_an_answer_without_events_is_not_the_end_and_proves_nothing(
    start: StartSession, service: FakeCloudTrail, store: EventStore
) -> None:
    async def shared(_: Connection | None) -> EventStore:
        return store

    fill(service, 100)
    session = await start(open_store=shared)
    scope = Scope(CONNECTION.origin, ACCOUNT, CONNECTION.region)
    before = store.coverage(scope, None)
    service.failures.extend(incomplete() for _ in range(20))
    told: list[Outage] = []

    def look(state: QueueState) -> None:
        if state.outage is not None:
            told.append(state.outage)
            assert (session.explorer.query.state.loaded, session.explorer.query.state.more) == (50, True)
            assert store.coverage(scope, None) == before

    session.queue.changed.subscribe(look)
    await session.load_all()
    assert {type(outage.error) for outage in told} == {IncompleteAnswer}
    assert len({token for _, token in service.asked[1:]}) == 1, "the same page again"
    assert session.explorer.query.state.phase is QueryPhase.COMPLETE
    assert session.loaded() == expected(100)


async def test_what_could_not_be_read_is_counted_from_pages_and_from_the_store(
    start: StartSession, service: FakeCloudTrail, store: EventStore
) -> None:
    async def shared(_: Connection | None) -> EventStore:
        return store

    fill(service, 100)
    for number in (20, 70, 71):
        lost = Oddity(("Username should be text, but is {}",), lost=True, as_it_came="{}")
        service.events[number] = replace(service.events[number], oddity=lost)
    service.events[80] = replace(service.events[80], oddity=Oddity(("ReadOnly is true, not as text",)))
    session = await start(open_store=shared)
    assert session.explorer.query.state.unreadable == 1
    await session.load_all()
    assert session.explorer.query.state.unreadable == 3
    calls = service.calls["LookupEvents"]
    session.queries.ask(Lookup(parse_timespan("1h..30m")), passive=True)
    await session.idle()
    assert (session.explorer.query.state.unreadable, service.calls["LookupEvents"]) == (0, calls)
    session.queries.ask(Lookup(parse_timespan("75m..65m")), passive=True)
    await session.idle()
    assert (session.explorer.query.state.unreadable, service.calls["LookupEvents"]) == (2, calls)
    assert [line.summary.unreadable for line in session.summaries(session.explorer.query.ids)].count(True) == 2
    session.queries.ask(Lookup(parse_timespan("75m..65m"), LookupAttribute(AttributeKey.USERNAME, "bob")), passive=True)
    await session.idle()
    assert (session.explorer.query.state.unreadable, service.calls["LookupEvents"]) == (2, calls), "they may be bob's"
