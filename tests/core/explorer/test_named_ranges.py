"""Ranges that name times of day and days: what they mean is fixed when a person types or asks, and stays."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from support.core_driver import CoreDriver
from support.fakes.clock import EPOCH, AutoClock
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event

from ctui.model.filter.parse import parse_filter
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import parse_timespan

Start = Callable[..., Awaitable[CoreDriver]]
DAY = timedelta(days=1)
"""The clock starts on Saturday, 2026-11-21 12:00."""


@pytest.fixture(autouse=True)
def every_ten_minutes(service: FakeCloudTrail) -> None:
    """Three days of events."""
    service.events = [event(f"e{n}", EPOCH - timedelta(minutes=10 * n)) for n in range(432)]


def pinned(session: CoreDriver) -> tuple[str, str]:
    """The first and last second of what is shown."""
    first, last = session.explorer.state.pinned
    assert first is not None
    return tuple(f"{datetime.fromtimestamp(second, UTC):%d %H:%M:%S}" for second in (first, last))  # type: ignore[return-value]


def shown(session: CoreDriver) -> set[str]:
    """The days and hours of the rows."""
    rows = session.summaries(session.explorer.rows.ids)
    return {f"{row.summary.time:%d %H}" for row in rows}


async def test_a_time_of_day_stays_what_it_was_when_it_was_asked(
    clock: AutoClock, service: FakeCloudTrail, start: Start
) -> None:
    session = await start()
    explorer = session.explorer
    await session.ask("since:11:30")
    assert pinned(session)[0] == "21 11:30:00"
    assert shown(session) == {"21 11", "21 12"}
    clock.advance(DAY.total_seconds() - 1500)  # 11:35 on the next day: another 11:30 has passed.
    service.events.insert(0, event("next", clock.now() - timedelta(minutes=4)))
    await session.reload()
    await session.load_all()
    assert pinned(session)[0] == "21 11:30:00"
    assert "21 11" in shown(session)
    assert explorer.text == "since:11:30"
    assert explorer.state.behind == 1
    # To ask again means it as of now, in a view of its own.
    await session.ask()
    assert pinned(session)[0] == "22 11:30:00"
    assert shown(session) == {"22 11"}
    assert explorer.state.behind == 2
    explorer.back()
    await session.idle()
    assert pinned(session)[0] == "21 11:30:00"


async def test_a_range_of_two_times_of_day_is_asked_again_once_it_is_over(
    clock: AutoClock, service: FakeCloudTrail, start: Start
) -> None:
    session = await start()
    await session.ask("since:11:30 until:13:00")
    # What is not over yet is open until then.
    assert pinned(session) == ("21 11:30:00", "21 13:00:00")
    assert shown(session) == {"21 11", "21 12"}
    clock.advance(2 * 3600)
    service.events.insert(0, event("new", EPOCH + timedelta(minutes=55)))
    service.events.insert(0, event("outside", EPOCH + timedelta(minutes=61)))
    session.explorer.update_age(session.time())
    assert not session.explorer.state.asked
    await session.ask()
    assert pinned(session) == ("21 11:30:00", "21 13:00:00")
    assert session.loaded()[0] == "new"


async def test_the_same_word_on_another_day_is_another_question(clock: AutoClock, start: Start) -> None:
    session = await start()
    yesterday = "since:yesterday until:yesterday"
    await session.ask(yesterday)
    await session.load_all()
    assert pinned(session) == ("20 00:00:00", "20 23:59:59")
    assert {day[:2] for day in shown(session)} == {"20"}
    await session.ask("since:2h")
    clock.advance(DAY.total_seconds())
    await session.type(yesterday)
    assert pinned(session) == ("21 00:00:00", "21 23:59:59")
    assert "20" not in {day[:2] for day in shown(session)}
    assert not session.explorer.state.asked
    await session.ask()
    await session.load_all()
    assert {day[:2] for day in shown(session)} == {"21"}


async def test_a_range_next_to_the_line_stays_while_a_line_is_typed(clock: AutoClock, start: Start) -> None:
    session = await start()
    session.explorer.ask_range(parse_timespan("yesterday..yesterday"))
    await session.idle()
    clock.advance(DAY.total_seconds())
    await session.ask("name:GetObject")
    assert pinned(session) == ("20 00:00:00", "20 23:59:59")


async def test_the_range_to_start_with_is_that_of_the_start(clock: AutoClock, start: Start) -> None:
    session = await start(lookup=Lookup(parse_timespan("today")))
    assert pinned(session)[0] == "21 00:00:00"
    assert session.explorer.state.asked
    clock.advance(DAY.total_seconds())
    await session.reload()
    assert pinned(session)[0] == "21 00:00:00"


@pytest.mark.parametrize(("until", "calls"), [("23:00", 1), ("11:45", 0), ("today", 1), ("1h ago", 0)])
async def test_what_ctui_does_itself_shows_in_a_range_that_is_not_over(
    service: FakeCloudTrail, start: Start, until: str, calls: int
) -> None:
    session = await start()
    await session.ask(f'since:10:30 until:"{until}"')
    service.asked.clear()
    session.queries.show_new_events()
    await session.idle()
    assert len(service.asked) >= calls
    assert bool(service.asked) is bool(calls)


@pytest.mark.parametrize("line", ["since:10m until:yesterday", "since:2026-11-21T11:00Z until:2h"])
async def test_a_range_that_is_empty_now_is_told_without_a_call(
    service: FakeCloudTrail, start: Start, line: str
) -> None:
    session = await start()
    service.asked.clear()
    await session.type(line)
    assert "starts after it ends" in str(session.explorer.error)
    assert not service.asked


@pytest.mark.parametrize("key", ["enter", "suggestion", "filter"])
@pytest.mark.parametrize("line", ["today..2026-11-21T11:00Z", "yesterday..2026-11-20T11:00Z", "today until:13h"])
async def test_a_range_that_has_become_empty_since_it_was_typed_is_told_without_a_call(
    clock: AutoClock, service: FakeCloudTrail, start: Start, line: str, key: str
) -> None:
    session = await start()
    clock.advance(7200 if "13h" in line else 0)
    await session.ask(line)
    rows, text = session.loaded(), session.explorer.text
    service.asked.clear()
    clock.advance(DAY.total_seconds() - 8 * 3600)  # The next day, early.
    keys: dict[str, Callable[[], None]] = {
        "enter": session.explorer.ask,
        "suggestion": lambda: session.explorer.ask_line(parse_filter(f"{line} user:alice")),
        "filter": lambda: session.explorer.show_line(parse_filter(f"{line} user:alice")),
    }
    for _ in range(2):
        keys[key]()
        await session.idle()
        assert "starts after it ends" in str(session.explorer.error)
        assert not service.asked
        assert session.loaded() == rows
    await session.ask("today")
    assert session.explorer.error is None
    assert service.asked
    session.explorer.back()
    await session.idle()
    assert (session.explorer.text, session.loaded()) == (text, rows)


async def test_the_instants_that_are_shown_are_those_that_were_asked(
    clock: AutoClock, service: FakeCloudTrail, start: Start
) -> None:
    async def slow_login() -> None:
        clock.advance(90)

    session = await start(FakeConnector(service, login=slow_login), lookup=Lookup(parse_timespan("30m ago..10m ago")))
    scan = session.explorer.query.state.scan
    assert scan is not None
    assert session.explorer.state.pinned == (scan.start, scan.end)
    assert pinned(session)[0] == "21 11:31:30"
