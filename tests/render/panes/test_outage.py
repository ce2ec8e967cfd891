"""The line under the panes while a load waits for an endpoint that fails, and where it did not end with ctui."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ctui.render.panes.outage import OutageFacts
from ctui.render.panes.query_line import QueryFacts, query_line
from ctui.render.text.spans import plain

NOW = datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC)
SEEN: dict[str, Any] = {
    "timespan": "last 90 days",
    "scanned": 1250,
    "loaded": 1250,
    "more": True,
    "loading": True,
    "loading_all": True,
    "oldest": NOW - timedelta(days=7),
    "pages": 25,
    "eta": (90.0, 180.0),
    "now": NOW,
}
LOST = OutageFacts("Connection lost", NOW - timedelta(minutes=4), 11.2)
TRYING = OutageFacts("Connection lost", NOW - timedelta(minutes=4), None)


@pytest.mark.parametrize(
    ("outage", "width", "expected"),
    [
        (
            LOST,
            120,
            " last 90 days · 1,250 scanned, back to 14 Nov 14:02 · "
            "Connection lost since 13:58, again in 12 s, r now, esc stop",
        ),
        (
            LOST,
            110,
            " last 90 days · 1,250 scanned, back to 14 Nov 14:02 · Connection lost, again in 12 s, r now, esc stop",
        ),
        (LOST, 80, " last 90 days · 1,250 scanned · Connection lost, again in 12 s, r now, esc stop"),
        (LOST, 60, " last 90 days · Connection lost, in 12 s, r now"),
        (
            TRYING,
            120,
            " last 90 days · 1,250 scanned, back to 14 Nov 14:02 · Connection lost since 13:58, trying again, esc stop",
        ),
        (TRYING, 80, " last 90 days · 1,250 scanned · Connection lost, trying again, esc stop"),
    ],
)
def test_it_says_what_failed_when_the_next_attempt_is_and_which_key_makes_it_now(
    outage: OutageFacts, width: int, expected: str
) -> None:
    assert plain(query_line(QueryFacts(**SEEN, outage=outage), width)).rstrip() == expected


@pytest.mark.parametrize("width", range(30, 130))
def test_in_every_width_what_failed_and_the_key_stay(width: int) -> None:
    line = plain(query_line(QueryFacts(**SEEN, outage=LOST), width))
    assert len(line) == width
    assert "Connection lost" in line or width < 40
    assert "r now" in line or width < 40


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (
            110,
            " last 90 days · 1,250 scanned, back to 14 Nov 14:02 · loading all was not finished, M continue",
        ),
        (80, " last 90 days · 1,250 scanned, to 14 Nov 14:02 · load not finished, M continue"),
    ],
)
def test_a_load_that_did_not_end_before_ctui_did_is_offered(width: int, expected: str) -> None:
    facts = {**SEEN, "loading": False, "loading_all": False}
    assert plain(query_line(QueryFacts(**facts, unfinished=True), width)).rstrip() == expected


def test_a_hostile_title_cannot_draw() -> None:
    hostile = OutageFacts("\x1b[31mred", NOW, 3)
    assert "\x1b" not in plain(query_line(QueryFacts(**SEEN, outage=hostile), 100))
