"""Two events beside or below each other: within the width, safe to draw, what differs first."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from support.real_records import event_of

from ctui.model.event.event import Event
from ctui.model.event.summarize import summarize
from ctui.model.event.summary import Summary
from ctui.render.record.comparison import Comparison
from ctui.render.text.spans import plain, width

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def told(record: object, age: int = 0) -> tuple[Event, Summary]:
    text = record if isinstance(record, str) else json.dumps(record)
    one = event_of(text, event_id=f"e{age}", time=NOON - timedelta(seconds=age), name="Run\x1b[31m")
    return one, summarize(one, "eu-west-1")


@pytest.mark.parametrize("cells", [30, 78, 158])
def test_lines_fit_and_no_character_acts(cells: int) -> None:
    left = {"same": "x" * 300, "path" * 30: "a\u202eb\x1b]0;" * 40, "only": ["here"]}
    right = {"same": "x" * 300, "path" * 30: "c" * 5_000, "other": None}
    comparison = Comparison.of(told(left), told(right, age=10))
    for all_paths in (False, True):
        lines = comparison.lines(cells, all_paths=all_paths)
        assert all(width(line) <= cells for line in lines)
        text = "\n".join(map(plain, lines))
        assert all(line.isprintable() for line in map(plain, lines))
        assert ("same" in text) is all_paths
        assert text.index("12:00:00") > text.index("11:59:50"), "the older one is the first"
        assert "…" in text, "a long value is cut"
    assert plain(comparison.title) == "3 of 4 paths differ"


@pytest.mark.parametrize(
    ("record", "says"),
    [({"a": "x"}, "the records are the same"), ("no json", "neither record could be read as JSON")],
)
def test_nothing_to_tell_is_told(record: object, says: str) -> None:
    lines = Comparison.of(told(record), told(record, age=1)).lines(78, all_paths=False)
    assert plain(lines[-1]) == says


def test_records_of_thousands_of_paths_are_cut() -> None:
    many = told({str(number): "x" for number in range(10_000)})
    lines = Comparison.of(many, told({}, age=1)).lines(158, all_paths=False)
    assert plain(lines[-1]) == "… only the first paths are shown"
    assert len(lines) == 5_001
