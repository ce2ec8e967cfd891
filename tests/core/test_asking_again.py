"""What an answer is worth later: when enter asks again, and what is shown of a question that was not asked yet."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from fakes.clock import EPOCH, AutoClock
from fakes.gateway import FakeCloudTrail, event

from ctui.core.feed import FeedPhase
from ctui.core.inquiry import Inquiry
from ctui.core.session import Session
from ctui.model.lookup import Lookup
from ctui.model.timespan import parse_timespan

Start = Callable[..., Awaitable[Session]]
FIXED = "since:2026-11-18 until:2026-11-21T11:40Z"


@pytest.fixture
def letters(service: FakeCloudTrail) -> FakeCloudTrail:
    """300 events, one each minute from half an hour ago: the newest 60 are A and B in turn, all others Z."""
    service.events = [
        event(f"e{n}", EPOCH - timedelta(minutes=30 + n), name=("B" if n % 2 else "A") if n < 60 else "Z")
        for n in range(300)
    ]
    return service


def names(session: Session, inquiry: Inquiry) -> list[str]:
    """What is on each row, without those that repeat the one before."""
    return [line.summary.name for line in session.summaries(inquiry.rows.ids)]


def current(inquiry: Inquiry) -> bool:
    """Whether what is shown answers the question as it is put now."""
    return inquiry.state.asked


async def put(session: Session, inquiry: Inquiry, line: str) -> None:
    inquiry.type(line)
    await session.idle()
    inquiry.ask()
    await session.idle()


@pytest.mark.parametrize("line", ["name:A,B", f"name:A,B {FIXED}", "name:A,B user:alice"])
async def test_where_scanning_everything_is_cheaper_its_other_rows_are_left_out(
    letters: FakeCloudTrail, start: Start, line: str
) -> None:
    session = await start()
    inquiry = Inquiry(session)
    await put(session, inquiry, line)
    assert inquiry.state.feed.phase is FeedPhase.COMPLETE
    assert names(session, inquiry) == ["A", "B"] * 30


async def test_values_asked_before_and_those_asked_now_make_one_answer(letters: FakeCloudTrail, start: Start) -> None:
    letters.events += [event(f"f{n}", EPOCH - timedelta(minutes=30 + n), name=f"X{n % 40}") for n in range(2000)]
    session = await start()
    inquiry = Inquiry(session)
    await put(session, inquiry, f"name:A {FIXED}")
    assert names(session, inquiry) == ["A"] * 30
    letters.asked.clear()
    await put(session, inquiry, f"name:A,B {FIXED}")
    assert [scan.attribute and scan.attribute.value for scan, _ in letters.asked] == ["B"]
    assert names(session, inquiry) == ["A", "B"] * 30
    letters.asked.clear()
    await put(session, inquiry, f"name:B {FIXED}")
    assert (names(session, inquiry), letters.asked) == (["B"] * 30, [])


@pytest.mark.parametrize("line", ["", "name:A", "name:A since:2h", "name:A,Z"])
async def test_enter_asks_again_once_the_now_it_ended_with_has_passed(
    letters: FakeCloudTrail, clock: AutoClock, start: Start, line: str
) -> None:
    session = await start()
    inquiry = Inquiry(session)
    session.feed.everything()
    await put(session, inquiry, line)
    inquiry.ask()
    await session.idle()
    assert current(inquiry)
    clock.advance(3 * 3600)
    letters.events.append(event("later", clock.now() - timedelta(hours=1), name="A"))
    assert not current(inquiry)
    inquiry.ask()
    await session.idle()
    assert current(inquiry)
    assert session.summaries(inquiry.rows.ids[:1])[0].event_id == "later"


async def test_an_answer_that_was_whole_hours_ago_is_not_taken_for_one_of_today(
    letters: FakeCloudTrail, clock: AutoClock, start: Start
) -> None:
    session = await start()
    inquiry = Inquiry(session)
    session.feed.everything()
    await session.idle()
    clock.advance(3 * 3600)
    letters.events.append(event("incident", clock.now() - timedelta(hours=1), name="ConsoleLogin"))
    inquiry.type("name:ConsoleLogin")
    await session.idle()
    assert (len(inquiry.rows.ids), inquiry.state.asked) == (0, False)
    inquiry.ask()
    await session.idle()
    assert (names(session, inquiry), inquiry.state.asked) == (["ConsoleLogin"], True)


async def test_a_fixed_end_is_never_asked_again(letters: FakeCloudTrail, clock: AutoClock, start: Start) -> None:
    session = await start()
    inquiry = Inquiry(session)
    await put(session, inquiry, f"name:A {FIXED}")
    clock.advance(3 * 3600)
    letters.asked.clear()
    await put(session, inquiry, f"name:A {FIXED}")
    assert (inquiry.state.asked, letters.asked) == (True, [])


async def test_what_the_store_knows_in_full_is_shown_while_typing(letters: FakeCloudTrail, start: Start) -> None:
    session = await start()
    inquiry = Inquiry(session)
    await put(session, inquiry, f"name:B {FIXED}")
    await put(session, inquiry, "name:Z")
    letters.asked.clear()
    inquiry.type(f"name:B {FIXED}")
    await session.idle()
    assert names(session, inquiry) == ["B"] * 30
    assert inquiry.state.feed.phase is FeedPhase.COMPLETE
    inquiry.type("")
    await session.idle()
    assert names(session, inquiry)[:2] == ["A", "B"], "back to where it began"
    assert not letters.asked


async def test_clearing_the_line_leaves_its_question_also_where_nothing_wider_was_asked(
    letters: FakeCloudTrail, start: Start
) -> None:
    letters.elsewhere["us-east-1"] = []
    session = await start()
    inquiry = Inquiry(session)
    await put(session, inquiry, "name:B")
    session.look_also("us-east-1")
    await session.idle()
    letters.asked.clear()
    inquiry.type("")
    await session.idle()
    assert session.feed.lookup.conditions == ()
    assert (session.feed.quiet, inquiry.state.feed.phase, letters.asked) == (True, FeedPhase.PAUSED, [])
    inquiry.near_end(filling=True)
    await session.idle()
    assert not letters.asked, "there is room for more, but nobody has asked"
    inquiry.ask()
    await session.idle()
    assert letters.asked
    assert names(session, inquiry)[:2] == ["A", "B"]


async def test_a_range_beside_the_line_stays_when_the_line_is_cleared(letters: FakeCloudTrail, start: Start) -> None:
    session = await start()
    inquiry = Inquiry(session)
    await put(session, inquiry, "name:Z")
    inquiry.look_at(parse_timespan("2h"))
    await session.idle()
    inquiry.type("")
    await session.idle()
    assert session.feed.lookup.timespan == inquiry.state.timespan == parse_timespan("2h")
    session.feed.everything()
    await session.idle()
    oldest = session.summaries(inquiry.rows.ids[-1:])[0].summary.time
    assert oldest >= EPOCH - timedelta(hours=2, seconds=1)


async def test_the_store_is_asked_whether_it_knows_only_where_that_can_be(
    letters: FakeCloudTrail, start: Start
) -> None:
    session = await start()
    assert not session.knows(Lookup())
    assert not session.knows(Lookup(parse_timespan("2026-11-18..2026-11-19")))
    session.feed.everything()
    await session.idle()
    assert session.knows(Lookup(parse_timespan("2026-11-20..2026-11-21T11:40Z")))
    await session.close()
    assert not session.knows(Lookup(parse_timespan("2026-11-20..2026-11-21T11:40Z")))
