"""What an answer is worth later: when enter asks again, and what is shown of a question that was not asked yet."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.core_driver import CoreDriver
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import ACCOUNT, FakeCloudTrail, FakeConnector, event, unreachable
from support.sessions import OpenStore
from support.stored import event_ids

from ctui.core.explorer.explorer import Explorer
from ctui.core.lookup import merged_scans
from ctui.core.lookup.event_query import QueryPhase
from ctui.core.lookup.scope_scan import ScopeScan, plan_scans
from ctui.errors import StoreError
from ctui.model.connection import Identity
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.timespan import parse_timespan
from ctui.store.events import EventStore
from ctui.store.pruning import Retention, prune_step

Start = Callable[..., Awaitable[CoreDriver]]
FIXED = "since:2026-11-18 until:2026-11-21T11:40Z"


@pytest.fixture
def letters(service: FakeCloudTrail) -> FakeCloudTrail:
    """300 events, one each minute from half an hour ago: the newest 60 are A and B in turn, all others Z."""
    service.events = [
        event(f"e{n}", EPOCH - timedelta(minutes=30 + n), name=("B" if n % 2 else "A") if n < 60 else "Z")
        for n in range(300)
    ]
    return service


def names(session: CoreDriver, explorer: Explorer) -> list[str]:
    """What is on each row, without those that repeat the one before."""
    return [line.summary.name for line in session.summaries(explorer.rows.ids)]


def current(session: CoreDriver) -> bool:
    """Whether what is shown answers the question as it is put now."""
    session.explorer.update_age(session.time())
    return session.explorer.state.asked


def finished(session: CoreDriver) -> bool:
    """Whether all of the question is here."""
    return session.explorer.query.state.phase is QueryPhase.COMPLETE


async def put(session: CoreDriver, explorer: Explorer, line: str) -> None:
    await session.type(line)
    await session.ask()


@pytest.mark.parametrize("line", ["name:A,B", f"name:A,B {FIXED}", "name:A,B user:alice"])
async def test_where_scanning_everything_is_cheaper_its_other_rows_are_left_out(
    letters: FakeCloudTrail, start: Start, line: str
) -> None:
    session = await start()
    explorer = session.explorer
    await put(session, explorer, line)
    assert explorer.state.query.phase is QueryPhase.COMPLETE
    assert names(session, explorer) == ["A", "B"] * 30


async def test_values_asked_before_and_those_asked_now_make_one_answer(letters: FakeCloudTrail, start: Start) -> None:
    letters.events += [event(f"f{n}", EPOCH - timedelta(minutes=30 + n), name=f"X{n % 40}") for n in range(2000)]
    session = await start()
    explorer = session.explorer
    await put(session, explorer, f"name:A {FIXED}")
    assert names(session, explorer) == ["A"] * 30
    letters.asked.clear()
    await put(session, explorer, f"name:A,B {FIXED}")
    assert [scan.attribute and scan.attribute.value for scan, _ in letters.asked] == ["B"]
    assert names(session, explorer) == ["A", "B"] * 30
    letters.asked.clear()
    await put(session, explorer, f"name:B {FIXED}")
    assert (names(session, explorer), letters.asked) == (["B"] * 30, [])


@pytest.mark.parametrize("line", ["", "name:A", "name:A since:2h", "name:A,Z"])
async def test_enter_asks_again_once_the_now_it_ended_with_has_passed(
    letters: FakeCloudTrail, clock: AutoClock, start: Start, line: str
) -> None:
    session = await start()
    explorer = session.explorer
    session.explorer.query.everything()
    await put(session, explorer, line)
    await session.ask()
    assert current(session)
    clock.advance(3 * 3600)
    letters.events.append(event("later", clock.now() - timedelta(hours=1), name="A"))
    assert not current(session)
    await session.ask()
    assert current(session)
    assert event_ids(session, explorer.rows.ids[:1]) == ["later"]


async def test_an_answer_that_was_whole_hours_ago_is_not_taken_for_one_of_today(
    letters: FakeCloudTrail, clock: AutoClock, start: Start
) -> None:
    session = await start()
    explorer = session.explorer
    await session.load_all()
    clock.advance(3 * 3600)
    letters.events.append(event("incident", clock.now() - timedelta(hours=1), name="ConsoleLogin"))
    await session.type("name:ConsoleLogin")
    assert (len(explorer.rows.ids), explorer.state.asked) == (0, False)
    await session.ask()
    assert (names(session, explorer), explorer.state.asked) == (["ConsoleLogin"], True)


async def test_a_fixed_end_is_asked_once_more_when_an_hour_has_passed_and_never_again(
    letters: FakeCloudTrail, clock: AutoClock, start: Start
) -> None:
    session = await start()
    explorer = session.explorer
    line = f"name:A {FIXED}"
    await put(session, explorer, line)
    for minutes, fresh, asked in ((39, True, 0), (2, False, 1), (60, True, 0), (600, True, 0)):
        clock.advance(60 * minutes)
        letters.asked.clear()
        assert current(session) is fresh
        await put(session, explorer, line)
        assert (explorer.state.asked, len(letters.asked)) == (True, asked)


async def test_a_fixed_end_more_than_an_hour_ago_is_never_asked_again(
    letters: FakeCloudTrail, clock: AutoClock, start: Start
) -> None:
    session = await start()
    explorer = session.explorer
    line = "name:A since:2026-11-18 until:2026-11-21T10:59Z"
    await put(session, explorer, line)
    clock.advance(3 * 3600)
    letters.asked.clear()
    await put(session, explorer, line)
    assert (current(session), letters.asked) == (True, [])


async def test_what_the_store_knows_in_full_is_shown_while_typing(letters: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    await put(session, explorer, f"name:B {FIXED}")
    await put(session, explorer, "name:Z")
    letters.asked.clear()
    await session.type(f"name:B {FIXED}")
    assert names(session, explorer) == ["B"] * 30
    assert explorer.state.query.phase is QueryPhase.COMPLETE
    await session.type("")
    assert names(session, explorer)[:2] == ["A", "B"], "back to where it began"
    assert not letters.asked


async def test_clearing_the_line_leaves_its_question_also_where_nothing_wider_was_asked(
    letters: FakeCloudTrail, start: Start
) -> None:
    letters.elsewhere["us-east-1"] = []
    session = await start()
    explorer = session.explorer
    await put(session, explorer, "name:B")
    session.explorer.search_also("us-east-1")
    await session.idle()
    letters.asked.clear()
    await session.type("")
    assert session.explorer.query.lookup.all_clauses == ()
    assert (session.explorer.query.passive, explorer.state.query.phase, letters.asked) == (True, QueryPhase.PAUSED, [])
    explorer.near_end(filling=True)
    await session.idle()
    assert not letters.asked, "there is room for more, but nobody has asked"
    await session.ask()
    assert letters.asked
    assert names(session, explorer)[:2] == ["A", "B"]


async def test_a_range_beside_the_line_stays_when_the_line_is_cleared(letters: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    await put(session, explorer, "name:Z")
    explorer.ask_range(parse_timespan("2h"))
    await session.idle()
    await session.type("")
    assert session.explorer.query.lookup.timespan == explorer.state.timespan == parse_timespan("2h")
    await session.load_all()
    oldest = session.summaries(explorer.rows.ids[-1:])[0].summary.time
    assert oldest >= EPOCH - timedelta(hours=2, seconds=1)


async def test_the_store_is_asked_whether_it_knows_only_where_that_can_be(
    letters: FakeCloudTrail, start: Start
) -> None:
    session = await start()
    assert not session.queries.is_known(Lookup())
    assert not session.queries.is_known(Lookup(parse_timespan("2026-11-18..2026-11-19")))
    await session.load_all()
    assert session.queries.is_known(Lookup(parse_timespan("2026-11-20..2026-11-21T11:40Z")))
    await session.close()
    assert not session.queries.is_known(Lookup(parse_timespan("2026-11-20..2026-11-21T11:40Z")))


@pytest.mark.parametrize(
    ("line", "whole_after"),
    [
        ("name:A until:2026-11-21T13:00Z", timedelta(hours=2)),
        ("name:A until:2026-11-21T11:59Z", timedelta(hours=1)),
        ("name:A since:1d until:1m", None),
    ],
)
async def test_an_end_that_had_not_settled_is_asked_again_until_it_has(
    letters: FakeCloudTrail, clock: AutoClock, start: Start, line: str, whole_after: timedelta | None
) -> None:
    """It is noon: an end that is ahead, one that events are still on their way for, and one that moves."""
    letters.available["late"] = EPOCH + timedelta(minutes=5)
    letters.events.append(event("late", EPOCH - timedelta(minutes=2), name="A"))
    session = await start()
    explorer = session.explorer
    await put(session, explorer, line)
    before = len(explorer.rows.ids)
    for hours in (1, 2, 3):
        clock.advance(3600)
        letters.asked.clear()
        await session.ask()
        assert current(session)
        assert bool(letters.asked) is (whole_after is None or timedelta(hours=hours) <= whole_after)
    assert len(explorer.rows.ids) > before or whole_after is None


async def test_an_answer_is_asked_anew_after_a_clock_was_set_back(
    letters: FakeCloudTrail, clock: AutoClock, start: Start
) -> None:
    """It seemed to be of now for as long as the clock had been ahead."""
    letters.skew = timedelta(minutes=4)
    session = await start()
    explorer = session.explorer
    await put(session, explorer, "name:A")
    letters.skew = timedelta(0)
    session.trails.refresh()
    await session.idle()
    clock.advance(100)
    letters.asked.clear()
    await session.ask()
    assert letters.asked


async def test_what_the_store_knows_goes_before_what_an_earlier_question_had_begun(
    letters: FakeCloudTrail, start: Start
) -> None:
    session = await start()
    await session.load_all()
    session.explorer.ask_lookup(Lookup(parse_timespan("2026-11-21T10:00Z..2026-11-21T11:50Z")))
    await session.idle()
    explorer = session.explorer
    letters.asked.clear()
    for line in ("since:2026-11-21T08:00Z until:2026-11-21T08:30Z", "since:2026-11-21T09:00Z until:2026-11-21T09:30Z"):
        await session.type(line)
        assert explorer.rows.ids, line
        assert explorer.state.query.phase is QueryPhase.COMPLETE
    assert not letters.asked


async def test_esc_ends_a_load_also_while_the_store_is_looked_at(
    letters: FakeCloudTrail, clock: AutoClock, start: Start
) -> None:
    session = await start()
    await session.load_all()
    clock.advance(1200)
    session.explorer.ask_lookup(Lookup())
    letters.asked.clear()
    assert session.explorer.query.stop()
    await session.idle()
    assert not letters.asked
    assert session.explorer.query.state.phase is QueryPhase.PAUSED
    assert session.explorer.query.ids


async def test_an_account_that_is_told_late_asks_nothing_that_was_only_typed(
    letters: FakeCloudTrail, clock: AutoClock, start: Start, lasting: OpenStore
) -> None:
    first = await start(open_store=lasting)
    first.explorer.query.everything()
    await first.idle()
    await first.close()
    clock.advance(1200)
    told = asyncio.Event()

    async def identity() -> Identity:
        await told.wait()
        return Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/alice")

    letters.identity = identity
    session = CoreDriver(FakeConnector(letters), lasting, clock, lookup=Lookup(parse_timespan("1h")))
    running = asyncio.create_task(session.run())
    begun = asyncio.Event()
    session.explorer.query.changed.subscribe(lambda state: begun.set() if state.phase is QueryPhase.COMPLETE else None)
    await begun.wait()
    explorer = session.explorer
    explorer.type("since:3d")
    letters.asked.clear()
    told.set()
    await session.idle()
    assert session.state.account == ACCOUNT
    assert (letters.asked, session.explorer.query.passive) == ([], True)
    await session.close()
    await running


async def test_what_was_let_go_meanwhile_is_not_called_complete(
    letters: FakeCloudTrail, clock: AutoClock, start: Start, lasting: OpenStore
) -> None:
    first = await start(open_store=lasting)
    first.explorer.query.everything()
    await first.idle()
    await first.close()
    clock.advance(7200)
    letters.events += [event(f"new{n}", EPOCH + timedelta(minutes=n), name="N") for n in range(100)]
    session = await start(open_store=lasting)
    assert session.explorer.query.state.phase is QueryPhase.PAUSED
    other = await lasting(None)
    assert await other.prune(Retention(max_age=4 * 3600), int(clock.now().timestamp()))
    await session.load_all()
    state = session.explorer.query.state
    assert state.phase is QueryPhase.FAILED
    assert isinstance(state.error, StoreError)
    assert "no longer stored" in state.error.message
    explorer = session.explorer
    explorer.ask()
    await session.load_all()
    assert (len(session.explorer.query.ids), finished(session)) == (400, True)
    await other.close()


async def test_what_another_lets_go_while_the_question_is_planned_is_not_called_complete(
    letters: FakeCloudTrail, start: Start, lasting: OpenStore, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await start(open_store=lasting)
    first.explorer.query.everything()
    await first.idle()
    await first.close()
    session = await start(open_store=lasting)

    def planned(*given: Any, **options: Any) -> tuple[ScopeScan, ...]:
        scans = plan_scans(*given, **options)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            while prune_step(other, Retention(max_age=2 * 3600), int(EPOCH.timestamp())):
                pass
        return scans

    with monkeypatch.context() as patch:
        patch.setattr(merged_scans, "plan_scans", planned)
        session.explorer.ask_lookup(Lookup())
    await session.load_all()
    assert session.explorer.query.state.phase is QueryPhase.FAILED
    assert len(session.explorer.query.ids) < 300
    session.explorer.ask_lookup(Lookup())
    await session.load_all()
    assert (session.explorer.query.state.phase, len(session.explorer.query.ids)) == (QueryPhase.COMPLETE, 300)


async def test_rows_that_could_not_be_read_are_judged_again(
    letters: FakeCloudTrail, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> None:
        raise StoreError("Event store", "The disk had hiccups.")

    session = await start()
    explorer = session.explorer
    with monkeypatch.context() as patch:
        patch.setattr(EventStore, "match", refuse)
        await session.type("name:A")
    assert (explorer.read_error is not None, explorer.state.filtering, current(session)) == (True, False, False)
    await session.type("name:A ")
    assert names(session, explorer) == ["A"] * 25
    assert not explorer.state.filtering


async def test_a_load_that_lost_its_connection_goes_on_when_it_is_back(letters: FakeCloudTrail, start: Start) -> None:
    session = await start()
    explorer = session.explorer
    await put(session, explorer, "name:Z -user:bob")
    whole = list(explorer.rows.ids)
    for connector_too in (False, True):
        session.explorer.ask_lookup(Lookup(parse_timespan("2026-11-18..now")))
        await session.idle()
        letters.failures.extend([None, unreachable(), unreachable(), unreachable(), unreachable(), unreachable()])
        await session.ask("is:write -user:bob")
        letters.failures.clear()
        if connector_too:
            letters.describe_error = letters.identity = unreachable()
            await session.reload()
            letters.describe_error = letters.identity = None
        await session.reload()
        assert finished(session)
        assert len(explorer.rows.ids) == 300
    assert len(whole) == 240


async def test_events_that_came_by_an_attribute_alone_say_nothing_of_how_many_there_are(
    service: FakeCloudTrail, start: Start
) -> None:
    """Two rare names of a long past; then two others: one scan for each, not one of everything."""
    service.events = [
        event(f"e{n}", EPOCH - timedelta(minutes=30 * n), name=f"N{n}" if n % 100 else f"Rare{n % 3}")
        for n in range(3000)
    ]
    session = await start(lookup=Lookup(parse_timespan("1h")))
    explorer = session.explorer
    await put(session, explorer, "name:Rare0,Rare1 since:2026-08-01")
    service.asked.clear()
    await put(session, explorer, "name:Rare2,Nobody since:2026-08-01")
    assert {scan.attribute and scan.attribute.value for scan, _ in service.asked} == {"Rare2", "Nobody"}
    assert finished(session)


async def test_what_fewer_regions_told_does_not_come_back(letters: FakeCloudTrail, start: Start) -> None:
    letters.elsewhere["us-east-1"] = [event("there", EPOCH - timedelta(minutes=31), name="There")]
    session = await start()
    explorer = session.explorer
    session.explorer.ask_lookup(
        Lookup(clauses=((LookupAttribute(AttributeKey.EVENT_NAME, "There"),),)), region="us-east-1"
    )
    await session.idle()
    await session.ask("")
    assert session.explorer.query.regions == ("eu-west-1", "us-east-1")
    assert "There" in names(session, explorer)
