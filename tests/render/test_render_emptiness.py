"""What an empty pane says first, and while the line cannot be read."""

from typing import Any

import pytest

from ctui.model.remedy import Cause, Reason
from ctui.render.emptiness import reasons_lines, unread_lines
from ctui.render.text import plain, width


def head(**changed: Any) -> str:
    """The first line of an empty answer."""
    said: dict[str, Any] = {"line": "user:x", "timespan": "all history", "scanned": 50, "complete": True}
    return plain(reasons_lines((), (), judging=False, width=100, **{**said, **changed})[0])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "Nothing passes user:x in all history among 50 events"),
        ({"line": "", "complete": False}, "No event in all history among 50 events so far"),
        ({"line": "", "complete": False, "scanned": 0}, "No event in all history so far"),
        ({"timespan": "last 2 minutes", "scanned": 1}, "Nothing passes user:x in last 2 minutes among 1 event"),
        ({"timespan": "until 1 day ago"}, "Nothing passes user:x until 1 day ago among 50 events"),
        ({"timespan": "since 2026-11-15"}, "Nothing passes user:x since 2026-11-15 among 50 events"),
        ({"timespan": "2d to 1d"}, "Nothing passes user:x from 2d to 1d among 50 events"),
        # The line has said it already.
        ({"line": "user:x since:2d", "timespan": ""}, "Nothing passes user:x since:2d among 50 events"),
    ],
)
def test_a_range_is_told_once_and_as_people_say_it(changed: dict[str, Any], expected: str) -> None:
    assert head(**changed) == expected


@pytest.mark.parametrize(
    ("causes", "keys", "hinted"),
    [
        ((), ("5",), True),
        ((Cause.LAG, Cause.RANGE), ("5",), True),
        ((Cause.LAG, Cause.ELSEWHERE), ("5",), False),
        ((Cause.SCANNING,), ("5",), False),
        # In the line, r and t are letters.
        ((), ("enter",), False),
    ],
)
def test_asking_again_and_another_range_are_named_where_they_may_help(
    causes: tuple[Cause, ...], keys: tuple[str, ...], hinted: bool
) -> None:
    reasons = [Reason(cause, "why", "help") for cause in causes]
    lines = reasons_lines(
        reasons, keys, line="", timespan="last hour", scanned=0, complete=True, judging=False, width=90
    )
    assert ("r asks again, t another range" in map(plain, lines)) is hinted


def test_a_line_that_cannot_be_read_is_told_with_the_one_that_filters() -> None:
    lines = unread_lines("no field 'x\x1b'", "user:alice", 40)
    assert " ".join(" ".join(map(plain, lines)).split()) == (
        "▲ The filter line cannot be read yet: no field 'x␛'"
        " · Until it can, the line before it filters, and nothing passes: user:alice"
    )
    assert all(width(line) <= 40 for line in lines)
    assert "nothing passes" not in "".join(map(plain, unread_lines("no", "", 40)))
