"""What an empty pane says first, and while the line cannot be read."""

from typing import Any

import pytest

from ctui.model.empty_result.evidence import Cause, Reason
from ctui.render.panes.empty_result import incomplete_filter_lines, reasons_lines
from ctui.render.text.spans import plain, width


def head(**changed: Any) -> str:
    """The first line of an empty answer."""
    said: dict[str, Any] = {"line": "user:x", "timespan": "all history", "scanned": 0, "complete": True}
    return plain(reasons_lines((), (), width=100, **{"filtering": False, **said, **changed})[0])


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"scanned": 50}, "No match in the 50 events loaded"),
        ({"scanned": 1250, "complete": False}, "No match in the 1,250 events loaded so far"),
        ({"scanned": 1, "line": ""}, "No match in the one event loaded"),
        # What is not known is not said.
        ({"scanned": 1250, "filtering": True}, "searching loaded events …"),
        ({"scanned": 1, "searched": False}, "1 event loaded, not searched"),
        ({"line": "", "complete": False}, "No event in all history so far"),
        ({}, "No event matches user:x in all history"),
        ({"timespan": "last 2 minutes"}, "No event matches user:x in last 2 minutes"),
        ({"timespan": "until 1 day ago"}, "No event matches user:x until 1 day ago"),
        ({"timespan": "since 2026-11-15"}, "No event matches user:x since 2026-11-15"),
        ({"timespan": "2d to 1d"}, "No event matches user:x from 2d to 1d"),
        # The line has said it already.
        ({"line": "user:x since:2d", "timespan": ""}, "No event matches user:x since:2d"),
    ],
)
def test_a_range_is_told_once_and_as_people_say_it(changed: dict[str, Any], expected: str) -> None:
    assert head(**changed) == expected


@pytest.mark.parametrize(
    ("causes", "keys", "hinted"),
    [
        ((), ("5",), True),
        ((Cause.LAG, Cause.RANGE), ("5",), True),
        ((Cause.LAG, Cause.OTHER_REGION), ("5",), False),
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
        reasons, keys, line="", timespan="last hour", scanned=0, complete=True, filtering=False, width=90
    )
    assert ("R search again · t change range" in map(plain, lines)) is hinted


def test_a_line_that_cannot_be_read_is_told_with_the_one_that_filters() -> None:
    lines = incomplete_filter_lines("no field 'x\x1b'", "user:alice", 40)
    assert " ".join(" ".join(map(plain, lines)).split()) == (
        "▲ Incomplete filter: no field 'x␛' · Still filtered by user:alice, no match"
    )
    assert all(width(line) <= 40 for line in lines)
    assert "has no match" not in "".join(map(plain, incomplete_filter_lines("no", "", 40)))
