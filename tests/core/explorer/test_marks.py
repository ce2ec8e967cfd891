"""is:marked: the store has every marked event, so that the line is answered at once, whole, and without a call."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from support.core_driver import CoreDriver
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event, unreachable
from support.sessions import OpenStore

from ctui.core.lookup.event_query import QueryPhase
from ctui.core.marks import EventMark
from ctui.core.session import Session
from ctui.store.pruning import Retention

Start = Callable[..., Awaitable[CoreDriver]]


@pytest.fixture
def week(service: FakeCloudTrail) -> FakeCloudTrail:
    """300 events, one each minute; every tenth is bob's, all others alice's."""
    for n in range(300):
        who = "bob" if n % 10 == 9 else "alice"
        service.events.append(event(f"e{n}", EPOCH - timedelta(minutes=n + 30), username=who))
    return service


def names(session: Session) -> list[str]:
    return [session.event(row).event_id for row in session.explorer.rows.ids]


def calls(service: FakeCloudTrail) -> int:
    return service.calls["LookupEvents"]


async def mark(session: CoreDriver, *names_: str) -> None:
    """Mark these of the rows on the screen."""
    rows = {session.event(row).event_id: row for row in session.explorer.rows.ids}
    for name in names_:
        session.marks.toggle(rows[name])
    await session.idle()


async def test_marks_are_found_wherever_the_scan_stands(week: FakeCloudTrail, start: Start, lasting: OpenStore) -> None:
    session = await start(open_store=lasting)
    await session.ask("id:e9,e289")
    await mark(session, "e9", "e289")
    await session.close()

    again = await start(open_store=lasting)
    await again.ask("id:e1")
    before = calls(week)
    await again.type("is:marked")
    assert names(again) == ["e9", "e289"]
    state = again.explorer.state
    assert (state.query.phase, state.answered, state.query.needs_service) == (QueryPhase.COMPLETE, True, False)
    await again.type("is:marked user:alice")
    assert names(again) == []
    await again.type("is:marked -user:alice")
    again.explorer.ask()
    await again.idle()
    assert names(again) == ["e9", "e289"]
    again.explorer.everything()
    await again.idle()
    assert calls(week) == before
    assert again.explorer.back()
    await again.idle()
    assert names(again) == ["e1"]


async def test_a_mark_that_is_removed_leaves_the_list_and_one_that_is_made_comes_when_it_is_asked_again(
    week: FakeCloudTrail, start: Start
) -> None:
    session = await start()
    await mark(session, "e1", "e2")
    await session.type("is:marked")
    assert names(session) == ["e1", "e2"]
    await mark(session, "e2")
    assert names(session) == ["e1"]
    await session.type("")
    await mark(session, "e9")
    await session.type("is:marked")
    assert names(session) == ["e1", "e9"]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("is:marked OR user:bob", ["e1", "e9", "e19", "e29", "e39", "e49"]),
        ("-is:marked user:bob", ["e19", "e29", "e39", "e49"]),
        ("(is:marked user:bob) OR id:e2", ["e2", "e9"]),
    ],
)
async def test_a_mark_is_a_condition_like_any_other(
    week: FakeCloudTrail, start: Start, line: str, shown: list[str]
) -> None:
    session = await start()
    await mark(session, "e1", "e9")
    await session.type(line)
    assert names(session) == shown
    await mark(session, *(["e9"] if "e9" in shown else []))
    assert names(session) == [name for name in shown if name != "e9" or "OR user:bob" in line]


async def test_a_range_holds_for_marks_too(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    await mark(session, "e1", "e45")
    await session.type("is:marked since:1h")
    assert names(session) == ["e1"]


async def test_without_a_connection_marks_are_made_and_found(
    week: FakeCloudTrail, start: Start, lasting: OpenStore
) -> None:
    first = await start(open_store=lasting)
    await mark(first, "e1")
    await first.close()
    session = await start(FakeConnector(week, [unreachable()]), open_store=lasting)
    await mark(session, "e5")
    await session.type("is:marked")
    assert names(session) == ["e1", "e5"]


async def test_marks_of_another_ctui_are_found_when_they_are_asked_for(
    week: FakeCloudTrail, start: Start, lasting: OpenStore
) -> None:
    one, two = await start(open_store=lasting), await start(open_store=lasting)
    await mark(one, "e1", "e7")
    await two.type("is:marked")
    assert names(two) == ["e1", "e7"]
    await mark(one, "e7", "e8")
    two.explorer.ask()
    await two.idle()
    assert names(two) == ["e1", "e8"]
    await two.type("is:marked OR id:e2")
    assert names(two) == ["e1", "e2", "e8"]


async def test_a_pruned_stretch_keeps_its_marked_event(week: FakeCloudTrail, start: Start) -> None:
    session = await start(retention=Retention(max_age=10**9))
    await mark(session, "e40")
    store = session._stored.store
    assert store is not None
    await store.prune(Retention(max_age=1), int(EPOCH.timestamp()) + 10)
    await session.type("is:marked")
    assert names(session) == ["e40"]


async def test_marks_are_seen_at_once_and_a_note_stays_with_its_mark(week: FakeCloudTrail, start: Start) -> None:
    session = await start()
    row, other = session.explorer.rows.ids[:2]
    now = int(session.clock.now().timestamp())
    assert session.marks.toggle(row)
    assert session.marks.of([row, other]) == {row: EventMark(now, "")}, "before it is written"
    assert not session.marks.toggle(row)
    assert session.marks.toggle(row)
    session.marks.note(row, "first sign")
    assert session.marks.of([row])[row].note == "first sign"
    await session.idle()
    session.marks.mark([row, other])
    await session.idle()
    assert session.marks.of([row, other]) == {row: EventMark(now, "first sign"), other: EventMark(now, "")}
    session.marks.note(row, "x" * 600)
    await session.idle()
    assert session.marks.of([row])[row].note == "x" * 500
    assert [one.event_id for one in await session.marks.events()] == names(session)[:2]
