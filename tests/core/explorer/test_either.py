"""A line with OR over attributes: each branch is asked for by itself, what is known is not, an event counts once."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import REGION, FakeCloudTrail, FakeConnector, denied, event, unreachable
from support.sessions import OpenStore
from support.stored import event_ids

from ctui.core.lookup.query_state import QueryPhase, QueryState
from ctui.model.event.attribute import AttributeKey
from ctui.model.event.event import Resource
from ctui.model.filter.write import write_term
from ctui.model.lookup.lookup import Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan

BOB = LookupAttribute(AttributeKey.USERNAME, "bob")
KEY = LookupAttribute(AttributeKey.ACCESS_KEY_ID, "AKIA")
STOP = LookupAttribute(AttributeKey.EVENT_NAME, "StopLogging")
LOGS = LookupAttribute(AttributeKey.RESOURCE_NAME, "logs")
SETTLED = Lookup(parse_timespan("2026-11-20..2026-11-21T10:30Z"))
"""Over more than an hour ago."""


@pytest.fixture
def day(service: FakeCloudTrail) -> FakeCloudTrail:
    """1,200 events, one a minute from two hours ago. Every 10th is bob's, every 16th made with a key, every 25th stops
    a trail: 120, 75 and 48; of those of bob, every eighth is made with the key as well."""
    for n in range(1200):
        made = event(
            f"e{n}",
            EPOCH - timedelta(minutes=n + 120),
            username="bob" if n % 10 == 0 else "alice",
            name="StopLogging" if n % 25 == 0 else "ListUsers",
            read_only="false" if n % 25 == 0 else "true",
        )
        resources = (Resource("AWS::S3::Bucket", "logs"), Resource("AWS::S3::Bucket", "other")) if n % 50 == 0 else ()
        service.events.append(replace(made, access_key_id="AKIA" if n % 16 == 0 else None, resources=resources))
    return service


def numbers(*multiples: int) -> list[str]:
    """The events whose number is a multiple of one of these."""
    return [f"e{n}" for n in range(1200) if any(n % one == 0 for one in multiples)]


def rows(session: CoreDriver) -> list[str]:
    return event_ids(session, session.explorer.rows.ids)


def pages(service: FakeCloudTrail) -> "Counter[LookupAttribute | None]":
    """How many pages were asked since the last time, by what the service selected by."""
    asked = Counter(scan.attribute for scan, _ in service.asked)
    service.asked.clear()
    return asked


async def quiet(start: StartSession, service: FakeCloudTrail, **options: object) -> CoreDriver:
    """A session over a settled range, whose first page is behind it."""
    session = await start(lookup=SETTLED, **options)
    service.asked.clear()
    return session


async def test_each_branch_is_asked_for_once_and_never_again(day: FakeCloudTrail, start: StartSession) -> None:
    session = await quiet(start, day)
    await session.ask("user:bob OR key:AKIA")
    assert pages(day) == {BOB: 3, KEY: 2}, "120 and 75 events, 50 a page"
    state = session.explorer.state
    assert (state.query.phase, state.query.server_filter, state.client_filter) == (QueryPhase.COMPLETE, (BOB, KEY), ())
    assert rows(session) == numbers(10, 16), "newest first, and those of both branches once"
    await session.ask("user:carol")
    pages(day)
    await session.ask("key:AKIA OR user:bob")
    assert (pages(day), rows(session)) == ({}, numbers(10, 16))


async def test_to_widen_a_line_asks_for_the_new_branch_and_to_narrow_it_for_nothing(
    day: FakeCloudTrail, start: StartSession
) -> None:
    session = await quiet(start, day)
    await session.ask("user:bob")
    assert pages(day) == {BOB: 3}
    await session.ask("user:bob OR key:AKIA")
    assert (pages(day), rows(session)) == ({KEY: 2}, numbers(10, 16))
    await session.ask("user:bob OR key:AKIA OR name:StopLogging")
    assert (pages(day), rows(session)) == ({STOP: 1}, numbers(10, 16, 25))
    for narrower, expected in (
        ("key:AKIA OR name:StopLogging", numbers(16, 25)),
        ("(user:bob OR name:StopLogging) is:write", numbers(25)),
        ("key:AKIA", numbers(16)),
        ("user:bob key:AKIA", [one for one in numbers(10) if one in numbers(16)]),
        ("user:bob", numbers(10)),
    ):
        await session.ask(narrower)
        assert (pages(day), rows(session)) == ({}, expected), narrower
        assert session.explorer.state.query.phase is QueryPhase.COMPLETE


async def test_a_group_beside_other_terms_is_what_the_service_selects_by(
    day: FakeCloudTrail, start: StartSession
) -> None:
    session = await quiet(start, day)
    await session.ask("(resource:logs OR key:AKIA) is:error")
    assert pages(day) == {LOGS: 1, KEY: 2}
    assert [write_term(term) for term in session.explorer.state.client_filter] == ["is:error"]
    assert session.explorer.state.query.loaded == len(numbers(16, 50))


async def test_an_or_of_ands_is_asked_for_by_the_clause_with_the_fewest_pages(
    day: FakeCloudTrail, start: StartSession
) -> None:
    session = await quiet(start, day)
    await session.ask("(user:bob resource:logs) OR (name:StopLogging user:alice)")
    assert pages(day) == {STOP: 1, LOGS: 1}, "resource:logs OR name:StopLogging is what both need"
    assert rows(session) == numbers(25)
    assert [write_term(term) for term in session.explorer.state.client_filter] == [
        "(user:bob resource:logs OR name:StopLogging user:alice)"
    ]


async def test_where_the_branches_are_nearly_everything_everything_is_scanned(
    day: FakeCloudTrail, start: StartSession
) -> None:
    session = await quiet(start, day)
    await session.ask("user:bob OR user:alice")
    assert pages(day) == {None: 24}, "all but the first 49, whose page is known"
    assert session.explorer.state.query.server_filter == ()


async def test_a_branch_that_the_service_cannot_select_by_is_scanned_for(
    day: FakeCloudTrail, start: StartSession
) -> None:
    session = await quiet(start, day)
    await session.ask("user:bob OR ip:10.0.0.0/8")
    assert set(pages(day)) == {None}
    assert [write_term(term) for term in session.explorer.state.client_filter] == ["(user:bob OR ip:10.0.0.0/8)"]


async def test_rows_stand_without_a_hole_however_far_the_branches_have_come(
    day: FakeCloudTrail, start: StartSession
) -> None:
    """After the first page, which is known, bob's goes back 540 minutes and that of the key 848: what is claimed goes
    back as far as both."""
    session = await quiet(start, day)
    session.explorer.type("user:bob OR key:AKIA")
    session.explorer.ask()
    query = session.explorer.query
    query.changed.subscribe(lambda state: seen.append((state.pages, state.oldest, set(session.loaded()))))
    seen: list[tuple[int, object, set[str]]] = []
    await session.idle()
    by_pages = {count: (oldest, loaded) for count, oldest, loaded in seen}
    assert by_pages[1][0] == EPOCH - timedelta(minutes=120 + 49) + timedelta(seconds=1), "of one branch alone nothing"
    oldest, loaded = by_pages[2]
    assert oldest == EPOCH - timedelta(minutes=120 + 540)
    assert loaded >= {one for one in numbers(10, 16) if int(one[1:]) <= 540}
    assert f"e{16 * 52}" in loaded, "rows of a branch are shown as they come"


async def test_more_loads_a_page_of_the_branch_that_has_come_back_the_least(
    day: FakeCloudTrail, start: StartSession
) -> None:
    session = await quiet(start, day)
    session.queries.ask(Lookup(SETTLED.timespan, clauses=((BOB, KEY),)), passive=True)
    await session.type("user:bob OR key:AKIA")
    assert not pages(day)
    asked = list[LookupAttribute | None]()
    for _ in range(5):
        session.explorer.more()
        await session.idle()
        asked += pages(day)
    assert asked == [BOB, KEY, BOB, KEY, BOB]
    assert rows(session) == numbers(10, 16)


async def test_what_was_stopped_goes_on_where_it_was(day: FakeCloudTrail, start: StartSession) -> None:
    session = await quiet(start, day)
    session.explorer.type("user:bob OR key:AKIA")
    session.explorer.ask()
    stopped: list[bool] = []

    def stop_after_two(state: QueryState) -> None:
        if state.pages == 2 and not stopped:
            stopped.append(True)
            session.explorer.stop()

    session.explorer.query.changed.subscribe(stop_after_two)
    await session.idle()
    first = pages(day)
    assert sum(first.values()) < 5
    assert session.explorer.state.query.phase is QueryPhase.PAUSED
    await session.ask()
    assert first + pages(day) == {BOB: 3, KEY: 2}
    assert rows(session) == numbers(10, 16)


async def test_after_a_restart_what_is_known_of_a_branch_is_shown_and_the_other_asked_for(
    day: FakeCloudTrail, start: StartSession, lasting: OpenStore
) -> None:
    first = await quiet(start, day, open_store=lasting)
    await first.ask("user:bob")
    await first.close()
    session = await quiet(start, day, open_store=lasting)
    await session.ask("user:bob OR key:AKIA")
    assert (pages(day), rows(session)) == ({KEY: 2}, numbers(10, 16))
    await session.close()
    offline = await start(FakeConnector(day, [unreachable()]), open_store=lasting, lookup=SETTLED)
    before = day.lookups
    await offline.ask("user:bob OR key:AKIA")
    assert (rows(offline), day.lookups) == (numbers(10, 16), before)


async def test_several_regions_select_by_the_same_and_one_that_refuses_stops_no_other(
    day: FakeCloudTrail, start: StartSession
) -> None:
    day.elsewhere["us-east-1"] = [
        event(f"x{n}", EPOCH - timedelta(minutes=n + 120), username="bob" if n % 2 else "carol", name="StopLogging")
        for n in range(120)
    ]
    session = await quiet(start, day)
    await session.ask("user:bob OR key:AKIA")
    pages(day)
    session.explorer.search_also("us-east-1")
    await session.idle()
    await session.ask()
    assert {scan.scope.region for scan, _ in day.asked} == {"us-east-1"}, f"{REGION} is known"
    assert pages(day) == {BOB: 2, KEY: 1}
    assert set(rows(session)) == {*numbers(10, 16), *(f"x{n}" for n in range(1, 120, 2))}
    day.refusing["us-east-1"] = denied("LookupEvents")
    await session.ask("user:bob OR key:AKIA OR resource:logs")
    assert session.explorer.state.query.refused == ("us-east-1",)
    assert set(numbers(10, 16, 50)) <= set(rows(session))


async def test_late_events_of_each_branch_are_found_when_the_hour_is_over(
    day: FakeCloudTrail, start: StartSession, clock: AutoClock
) -> None:
    late = [
        event("late-bob", EPOCH - timedelta(minutes=30), username="bob"),
        replace(event("late-key", EPOCH - timedelta(minutes=30)), access_key_id="AKIA"),
        event("late-alice", EPOCH - timedelta(minutes=30)),
    ]
    day.events += late
    day.available = {one.event_id: EPOCH + timedelta(minutes=20) for one in late}
    session = await start(lookup=Lookup(parse_timespan("2026-11-20..2026-11-21T11:45Z")))
    await session.ask("user:bob OR key:AKIA")
    assert rows(session) == numbers(10, 16)
    clock.advance(2 * 3600)
    pages(day)
    await session.ask()
    assert set(pages(day)) == {BOB, KEY}
    assert set(rows(session)[:2]) == {"late-bob", "late-key"}
    assert rows(session)[2:] == numbers(10, 16)
