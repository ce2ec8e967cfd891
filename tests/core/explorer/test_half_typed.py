"""While a line is typed, its last value is taken as the start of one, and rows never give way to an empty page."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from support.core_driver import CoreDriver
from support.fakes.clock import EPOCH
from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector, event

from ctui.core.rows.value_counts import value_counts
from ctui.core.session import Session
from ctui.model.filter.editing.cursor import is_half_typed, rest_of, with_open_end

Start = Callable[..., Awaitable[CoreDriver]]


@pytest.fixture
def day(service: FakeCloudTrail) -> FakeCloudTrail:
    """40 events: alice and alice2 list users, bob stops logging."""
    for number in range(40):
        who, name = (("alice", "ListUsers"), ("alice2", "ListUsers"), ("bob", "StopLogging"))[number % 3]
        service.events.append(
            event(f"e{number}", EPOCH - timedelta(minutes=number + 30), username=who, name=name, read_only="true")
        )
    return service


def users(session: Session) -> set[str]:
    """Who is on the rows."""
    return {line.summary.user for line in session.summaries(session.explorer.rows.ids)}


async def test_no_letter_of_a_line_that_matches_shows_an_empty_page(day: FakeCloudTrail, start: Start) -> None:
    session = await start(FakeConnector(day, []))
    explorer = session.explorer
    seen: list[int] = []
    explorer.changed.subscribe(lambda _: seen.append(len(explorer.rows.ids)))
    line = "name:ListUsers -user:bob user:alice2 OR error:AccessDenied"
    for end in range(1, len(line) + 1):
        explorer.type(line[:end], typing=True)
        await session.idle()
    assert min(seen) > 0
    assert users(session) == {"alice2"}


async def test_a_value_is_the_start_of_one_until_a_blank_or_enter(day: FakeCloudTrail, start: Start) -> None:
    session = await start(FakeConnector(day, []))
    explorer = session.explorer
    for text, typing, expected in (
        ("user:al", True, {"alice", "alice2"}),
        ("user:alice", True, {"alice", "alice2"}),
        ("user:alice ", True, {"alice"}),
        ("user:alice", True, {"alice", "alice2"}),
        ("user:alice", False, {"alice"}),
        ("user:bob,alice", True, {"alice", "alice2", "bob"}),
        ('user:"alice"', True, {"alice"}),
        ("-user:ali", True, {"alice", "alice2", "bob"}),
        ("-user:alice", True, {"alice2", "bob"}),
    ):
        explorer.type(text, typing=typing)
        await session.idle()
        assert users(session) == expected, text
    explorer.type("user:alice", typing=True)
    explorer.finish_typing()
    await session.idle()
    assert users(session) == {"alice"}
    explorer.type("user:bob", typing=True)
    explorer.ask()
    await session.idle()
    assert users(session) == {"bob"}


async def test_where_nothing_matches_yet_the_rows_before_stay_and_are_not_counted(
    day: FakeCloudTrail, start: Start
) -> None:
    session = await start(FakeConnector(day, []))
    explorer = session.explorer
    explorer.type("user:alice2 ", typing=True)
    await session.idle()
    rows = list(explorer.rows.ids)
    for text in ("user:alice2 name:x", "user:alice2 name:xyz"):
        explorer.type(text, typing=True)
        await session.idle()
        assert (explorer.state.unmatched, list(explorer.rows.ids)) == (True, rows)
    explorer.type("user:alice2 name:L", typing=True)
    await session.idle()
    assert (explorer.state.unmatched, list(explorer.rows.ids)) == (False, rows)
    explorer.type("user:alice2 name:LX", typing=True)
    await session.idle()
    explorer.finish_typing()
    await session.idle()
    assert (explorer.state.unmatched, explorer.state.shown) == (False, 0), "complete: nothing matches"


async def test_a_word_that_is_complete_matches_as_it_stands(day: FakeCloudTrail, start: Start) -> None:
    session = await start(FakeConnector(day, []))
    explorer = session.explorer
    explorer.type("nowhere", typing=True)
    await session.idle()
    assert (explorer.state.unmatched, explorer.state.shown) == (True, 40)
    explorer.finish_typing()
    await session.idle()
    assert (explorer.state.unmatched, explorer.state.shown) == (False, 0)


@pytest.mark.parametrize(
    ("line", "opened"),
    [
        ("user:ali", "user:ali*"),
        ("a user:ali", "a user:ali*"),
        ("user=ali", "user=ali*"),
        ("user:~ali", "user:~ali*"),
        ("user:a,b", "user:a,b*"),
        ("requestParameters.name:x", "requestParameters.name:x*"),
        ("x OR user:a", "x OR user:a*"),
        ("user:ali*", None),
        ("any:@words.txt", None),
        ("user:", None),
        ("user:a,", None),
        ('user:"a"', None),
        ('user:"a', None),
        ("-user:a", None),
        ("NOT user:a", None),
        ("is:err", None),
        ("since:2", None),
        ("word", None),
        ("user:a ", None),
        ("", None),
        ("NOT", None),
        ("responseElements.count>3", None),
    ],
)
def test_which_value_is_open_at_its_end(line: str, opened: str | None) -> None:
    assert with_open_end(line) == (opened or line)


@pytest.mark.parametrize(
    ("line", "half_typed"),
    [("user:a", True), ("word", True), ("-w", True), ("", False), ("a ", False), ('"a"', False), ("(a)", False)],
)
def test_a_term_is_complete_behind_a_blank_and_what_closes_it(line: str, half_typed: bool) -> None:
    assert is_half_typed(line) is half_typed


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("user:|", "id:*"),
        ("name:X user:al|", "name:X id:*"),
        ("user:al|i name:X", "id:* name:X"),
        ("name:X -user:a|", "name:X id:*"),
        ("name:X NOT user:a|", "name:X id:*"),
        ("name:X NOT -user:a|", "name:X id:*"),
        ("(name:X OR user:a|) is:write", "(name:X OR id:*) is:write"),
        ("-(user:a|) is:write", "-(id:*) is:write"),
        ("name:X |", "name:X "),
        ("|", ""),
        ("is:write 2h us|", "is:write 2h id:*"),
    ],
)
def test_the_rest_of_a_line_has_a_term_that_all_events_match_in_its_place(line: str, rest: str) -> None:
    assert rest_of(line.replace("|", ""), line.index("|")) == rest


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("user:", [("alice", 14), ("alice2", 13), ("bob", 13)]),
        ("name:StopLogging user:", [("bob", 13)]),
        ("name:StopLogging -user:", [("bob", 13)]),
        ("-user:alice user:", [("alice2", 13), ("bob", 13)]),
        ("name:nothing user:", []),
        ("name:StopLogging OR user:", [("alice", 14), ("alice2", 13), ("bob", 13)]),
        ("since:1h user:", [("alice", 11), ("alice2", 10), ("bob", 10)]),
        ("name:( user:", [("alice", 14), ("alice2", 13), ("bob", 13)]),
    ],
)
async def test_values_are_counted_in_the_events_that_pass_the_rest(
    day: FakeCloudTrail, start: Start, line: str, expected: list[tuple[str, int]]
) -> None:
    session = await start(FakeConnector(day, []))
    passes = session.explorer.passes(rest_of(line, len(line)))
    assert await value_counts(session, "user", passes=passes) == expected


async def test_a_line_that_cannot_be_read_keeps_the_rows_only_while_it_is_typed(
    day: FakeCloudTrail, start: Start
) -> None:
    session = await start(FakeConnector(day, []))
    explorer = session.explorer
    for text in ("nmae", "nmae:x"):
        explorer.type(text, typing=True)
        await session.idle()
        assert (explorer.state.unmatched, explorer.state.shown) == (True, 40)
    assert explorer.error is not None
    explorer.finish_typing()
    await session.idle()
    assert (explorer.error is not None, explorer.state.unmatched, explorer.state.shown) == (True, False, 0)


async def test_rows_that_a_complete_term_excludes_do_not_stay(day: FakeCloudTrail, start: Start) -> None:
    session = await start(FakeConnector(day, []))
    explorer = session.explorer
    explorer.type("name:List", typing=True)
    await session.idle()
    for text, shown in (
        ("name:List user:nobody name:L", 0),
        ("name:ListUsers", 27),
        ("name:ListUsers wor", 27),
        ("name:ListUsers user:nobody ", 0),
        ("name:ListUsers user:nobody n", 0),
    ):
        explorer.type(text, typing=True)
        await session.idle()
        assert explorer.state.shown == shown, text
