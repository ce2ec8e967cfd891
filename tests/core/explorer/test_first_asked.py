"""`about:X`: what lists X as a resource is asked for first, by name; the rest is scanned on request, and is complete
only then."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from support.core_driver import CoreDriver
from support.examples import examples
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, denied, event
from support.stored import event_ids

from ctui.core.explorer.first_asked import FirstAskedState
from ctui.core.explorer.history import Place
from ctui.core.lookup.query_state import QueryPhase
from ctui.model.event.attribute import AttributeKey
from ctui.model.event.event import Event, Resource
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.selection import asked_first
from ctui.model.lookup.lookup import LookupAttribute

Start = Callable[..., Awaitable[CoreDriver]]
TRAIL = "arn:aws:cloudtrail:us-east-1:111111111111:trail/legacy"
LEGACY = LookupAttribute(AttributeKey.RESOURCE_NAME, "legacy")


def about(event: Event, *names: str) -> Event:
    return replace(event, resources=tuple(Resource(None, name) for name in names))


@pytest.fixture
def service(service: FakeCloudTrail) -> FakeCloudTrail:
    """1,000 events, one each 20 minutes: the 500th and 900th list the trail, the 30th and 700th only name it in the
    request."""
    for n in range(1000):
        request = '"requestParameters":{"name":"legacy"},' if n in (30, 700) else ""
        one = event(f"e{n}", EPOCH - timedelta(minutes=20 * n + 30), record=f'{{{request}"eventID":"e{n}"}}')
        service.events.append(about(one, "legacy", TRAIL) if n in (500, 900) else one)
    return service


def shown(session: CoreDriver) -> list[str]:
    return event_ids(session, session.explorer.rows.ids)


def first(session: CoreDriver) -> FirstAskedState | None:
    return session.explorer.state.first


def lookups(service: FakeCloudTrail) -> list[LookupAttribute | None]:
    return [scan.attribute for scan, _ in service.asked]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("about:legacy", ["legacy"]),
        ("about:a,b", ["a", "b"]),
        (f"about:{TRAIL}", [TRAIL, "legacy"]),
        ("is:error about:legacy", ["legacy"]),
        # These select by a few pages themselves, and miss nothing.
        ("about:legacy user:alice", []),
        ("about:legacy key:AKIAIOSFODNN7EXAMPLE", []),
        ("about:legacy name:StopLogging", []),
        ("about:legacy is:write source:ec2", ["legacy"]),
        # The service compares whole values, and knows no OR of which it can find only a part.
        ("about:leg*", []),
        ("about:~legacy", []),
        ("-about:legacy", []),
        ("about:legacy OR is:error", []),
        ("resource:legacy", []),
        ("", []),
    ],
)
def test_what_is_asked_first(line: str, values: list[str]) -> None:
    asked = asked_first(parse_filter(line))
    assert asked == tuple(LookupAttribute(AttributeKey.RESOURCE_NAME, value) for value in values)


async def test_the_resource_is_asked_for_and_the_answer_is_not_complete(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    assert session.loaded() == [f"e{n}" for n in range(50)]
    calls = len(service.asked)
    await session.ask("about:legacy")
    # By name before and after what is known, and once for what happened since; 20 pages would scan all.
    assert sorted(lookups(service)[calls:], key=str) == [LEGACY, LEGACY, None]
    assert shown(session) == ["e30", "e500", "e900"]
    state = session.explorer.state
    assert state.first is not None
    assert (state.first.clause, state.first.complete, state.first.found) == ((LEGACY,), True, 2)
    assert state.query.phase is QueryPhase.PAUSED
    assert state.query.more
    # What was found beyond the scanned rows is no part of them.
    assert (state.query.scanned, state.query.rows_beyond) == (50, 2)


async def test_what_the_line_showed_before_it_was_asked_stays(start: Start, service: FakeCloudTrail) -> None:
    service.events[49] = replace(service.events[49], record='{"requestParameters":{"name":"legacy"}}')
    session = await start()
    await session.type("about:legacy")
    assert shown(session) == ["e30", "e49"]
    await session.ask()
    assert shown(session) == ["e30", "e49", "e500", "e900"]


async def test_all_finds_the_rest_and_only_then_is_it_complete(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    await session.ask("about:legacy")
    session.explorer.everything()
    await session.idle()
    assert shown(session) == ["e30", "e500", "e700", "e900"]
    state = session.explorer.state
    assert (state.query.phase, state.query.rows_beyond, state.query.scanned) == (QueryPhase.COMPLETE, 0, 1000)
    calls = len(service.asked)
    await session.ask()
    assert len(service.asked) == calls


async def test_what_is_all_known_is_not_asked_first(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    await session.load_all()
    calls = len(service.asked)
    await session.ask("about:legacy since:2026-11-10 until:2026-11-11")
    await session.ask("about:legacy")
    assert len(service.asked) == calls
    assert first(session) is None
    assert len(shown(session)) == 4


async def test_asking_the_same_again_scans_on_and_another_line_does_not(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    await session.ask("about:legacy")
    calls = len(service.asked)
    await session.ask("about:legacy is:error")
    assert len(service.asked) == calls
    await session.ask("about:legacy")
    assert len(service.asked) == calls
    await session.ask()
    assert shown(session) == ["e30", "e500", "e700", "e900"]


async def test_the_view_before_keeps_its_rows_and_both_come_back_without_a_call(
    start: Start, service: FakeCloudTrail
) -> None:
    session = await start()
    session.explorer.place = lambda: Place(None)
    await session.ask("about:legacy")
    calls = len(service.asked)
    assert session.explorer.back()
    await session.idle()
    assert shown(session) == [f"e{n}" for n in range(50)]
    assert first(session) is None
    assert session.explorer.forward()
    await session.idle()
    assert shown(session) == ["e30", "e500", "e900"]
    assert first(session) is not None
    assert len(service.asked) == calls


async def test_moving_to_the_end_scans_nothing(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    await session.ask("about:legacy")
    calls = len(service.asked)
    session.explorer.near_end()
    session.explorer.near_end(filling=True)
    await session.idle()
    assert len(service.asked) == calls


async def test_a_refusal_is_told_and_asking_again_goes_on(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    service.failures.extend([None, denied("LookupEvents")])
    await session.ask("about:legacy")
    state = first(session)
    assert state is not None
    assert state.complete is False or session.explorer.query.state.error is not None
    await session.ask()
    state = first(session)
    assert state is not None
    assert (state.complete, state.error) == (True, None)
    assert shown(session) == ["e30", "e500", "e900"]


async def test_it_can_be_stopped_and_continued(start: Start, service: FakeCloudTrail) -> None:
    for n in range(1000, 1400):
        service.events.append(about(event(f"e{n}", EPOCH - timedelta(minutes=20 * n + 30)), "legacy"))
    session = await start()
    service.hold()
    session.explorer.type("about:legacy")
    session.explorer.ask()
    state = first(session)
    assert state is not None
    assert state.loading
    assert session.explorer.stop()
    service.release()
    await session.idle()
    state = first(session)
    assert state is not None
    assert (state.complete, state.loading) == (False, False)
    await session.ask()
    state = first(session)
    assert state is not None
    assert state.complete
    assert len(shown(session)) == 403


async def test_asking_all_again_keeps_what_was_found(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    await session.ask("about:legacy")
    session.ask_again()
    await session.idle()
    assert shown(session) == ["e30", "e500", "e900"]
    assert session.explorer.state.query.rows_beyond == 2


async def test_another_region_is_asked_too(start: Start, service: FakeCloudTrail) -> None:
    session = await start()
    await session.ask("about:legacy")
    service.elsewhere["us-east-1"] = [about(event("far", EPOCH - timedelta(days=9)), "legacy")]
    session.explorer.search_also("us-east-1")
    await session.idle()
    assert first(session) is None
    await session.ask()
    assert shown(session) == ["e30", "e500", "far", "e900"]


@pytest.mark.parametrize("seed", range(examples(12)))
async def test_whatever_is_pressed_nothing_is_called_complete_too_early_or_lost(
    start: Start, service: FakeCloudTrail, seed: int
) -> None:
    """Over a random history: what is shown matches, all that was shown stays, and complete means all."""
    draw = Random(seed)
    service.events = []
    for n in range(draw.randint(0, 260)):
        request = '"requestParameters":{"name":"legacy"},' if draw.random() < 0.03 else ""
        one = event(
            f"e{n}", EPOCH - timedelta(minutes=n * draw.choice((1, 7, 7))), record=f'{{{request}"eventID":"e{n}"}}'
        )
        service.events.append(about(one, draw.choice(("legacy", TRAIL))) if draw.random() < 0.03 else one)
    matches = compile_filter(parse_filter("about:legacy"), EPOCH)
    wanted = {one.event_id for one in service.events if matches(one, "")}
    session = await start()
    await session.ask("about:legacy")
    seen = set[str]()
    for _ in range(6):
        found = shown(session)
        assert seen <= set(found) <= wanted
        seen, state = set(found), session.explorer.state
        assert {one.event_id for one in service.events if any(r.name == "legacy" for r in one.resources)} <= seen
        if state.query.phase is QueryPhase.COMPLETE:
            assert seen == wanted
        step = draw.choice(
            (
                session.explorer.more,
                session.explorer.everything,
                session.explorer.ask,
                session.refresh,
                session.ask_again,
            )
        )
        step()
        await session.idle()
    session.explorer.everything()
    await session.idle()
    assert (set(shown(session)), session.explorer.state.query.phase) == (wanted, QueryPhase.COMPLETE)


async def test_what_is_loaded_and_matches_stays_when_the_whole_range_is_scanned(
    start: Start, service: FakeCloudTrail
) -> None:
    """As after a pivot from a key's calls to their address: the service selects by no address, and scans."""
    for n in (600, 650, 999):
        service.events[n] = replace(service.events[n], username="bob", record='{"sourceIPAddress":"203.0.113.66"}')
    session = await start()
    await session.ask("user:bob")
    assert shown(session) == ["e600", "e650", "e999"]
    service.failures.extend([denied("LookupEvents")] * 5)
    session.explorer.ask_line(parse_filter("ip:203.0.113.66"))
    await session.idle()
    # Nothing could be scanned, and nothing is gone.
    assert shown(session) == ["e600", "e650", "e999"]
    state = session.explorer.query.state
    assert (state.scanned, state.phase) == (0, QueryPhase.FAILED)
    assert state.rows_beyond >= 3
    assert session.explorer.back()
    await session.idle()
    assert session.explorer.back()
    await session.idle()
    assert len(session.explorer.rows.ids) == 50
    assert session.explorer.forward()
    assert session.explorer.forward()
    service.failures.clear()
    session.explorer.everything()
    await session.idle()
    assert shown(session) == ["e600", "e650", "e999"]
    assert session.explorer.query.state.rows_beyond == 0


async def test_rows_that_are_kept_are_in_the_range(start: Start, service: FakeCloudTrail) -> None:
    for n in (20, 600):
        service.events[n] = replace(service.events[n], username="bob", record='{"sourceIPAddress":"203.0.113.66"}')
    session = await start()
    await session.ask("user:bob")
    assert shown(session) == ["e20", "e600"]
    session.explorer.ask_line(parse_filter("ip:203.0.113.66 since:2d"))
    await session.idle()
    assert shown(session) == ["e20"]


async def test_what_was_found_in_another_account_is_not_shown_and_is_asked_for_again(
    start: Start, service: FakeCloudTrail
) -> None:
    session = await start()
    await session.ask("about:legacy")
    assert first(session) is not None
    # The session goes on in another account.
    scope = session.queries.stored.scope
    assert scope is not None
    service.events = [about(event("theirs", EPOCH - timedelta(days=3)), "legacy")]
    session.queries.stored.scope = replace(scope, account="222222222222")
    session.ask_again()
    await session.idle()
    assert shown(session) == ["theirs"]
    assert first(session) is None
