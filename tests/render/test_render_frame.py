"""Trails, their status, the header, the queue, the feed, and what stands in place of rows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ctui.errors import AccessDenied, CtuiError
from ctui.model.connection import Connection
from ctui.model.trail import Trail, TrailStatus
from ctui.render.header import count_text, feed_line, header_line, queue_line
from ctui.render.pane_title import detail_title, events_count, events_empty, events_title, trails_empty
from ctui.render.roles import Line, Role
from ctui.render.text import plain, width
from ctui.render.trail_status import status_brief, status_lines
from ctui.render.trails import trail_row

NOW = datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC)
TRAIL = Trail("legacy", arn="arn:aws:cloudtrail:eu-west-1:111111111111:trail/legacy", home_region="eu-west-1")
LOGGING = TrailStatus(
    is_logging=True, start_logging_time=NOW - timedelta(days=2), latest_delivery_time=NOW - timedelta(minutes=2)
)
STOPPED = TrailStatus(
    is_logging=False, stop_logging_time=NOW - timedelta(minutes=1), latest_delivery_time=NOW - timedelta(hours=2)
)
BROKEN = replace(LOGGING, latest_delivery_error="AccessDenied")
DENIED = AccessDenied("Not allowed", "You may not [b]look\x1b.", "Ask.", code="AccessDeniedException", status=400)
EVIL = "\x1b[2J\u202e[red]"


@pytest.mark.parametrize(
    ("status", "error", "mark"),
    [
        (LOGGING, None, ("●", Role.GOOD)),
        (STOPPED, None, ("○", Role.WARNING)),
        (TrailStatus(is_logging=False), None, ("○", Role.DIM)),
        (BROKEN, None, ("▲", Role.ERROR)),
        (replace(LOGGING, latest_digest_delivery_error="x"), None, ("▲", Role.ERROR)),
        (TrailStatus(), None, ("○", Role.WARNING)),
        (None, None, ("·", Role.DIM)),
        (None, DENIED, ("✗", Role.ERROR)),
    ],
)
def test_a_trail_is_marked_by_what_its_status_says(
    status: TrailStatus | None, error: CtuiError | None, mark: tuple[str, Role]
) -> None:
    line = trail_row(TRAIL, status, error, "eu-west-1", 34)
    assert line[0] == mark
    assert width(line) == 34
    assert plain(line) == f"{mark[0]} legacy            eu-west-1     "


def test_a_trail_whose_home_is_elsewhere_says_so_quietly() -> None:
    away = trail_row(TRAIL, LOGGING, None, "us-east-1", 34)
    assert ("eu-west-1", Role.DIM) in away
    assert ("eu-west-1", Role.PLAIN) in trail_row(TRAIL, LOGGING, None, "eu-west-1", 34)


@pytest.mark.parametrize("cells", [1, 5, 12, 20, 34, 80])
@pytest.mark.parametrize("status", [LOGGING, BROKEN, None])
def test_hostile_trails_keep_to_their_width(cells: int, status: TrailStatus | None) -> None:
    evil = replace(TRAIL, name=EVIL * 3, home_region=EVIL, s3_bucket_name=EVIL, s3_key_prefix=EVIL)
    broken = replace(status, latest_delivery_error=EVIL) if status else None
    lines: list[Line] = [
        trail_row(evil, broken, None, "x", cells),
        status_brief(evil, broken, None, now=NOW, region="x", width=cells),
    ]
    assert [width(line) for line in lines] == [cells, cells]
    lines += status_lines(evil, broken, None, now=NOW, region="x", width=cells)
    lines += status_lines(evil, None, DENIED, now=NOW, region="x", width=cells)
    for line in lines:
        assert "\x1b" not in plain(line)
        assert "\u202e" not in plain(line)
        assert width(line) <= max(cells, 3)


def test_every_field_of_the_status_is_told_with_its_instant() -> None:
    status = TrailStatus(
        is_logging=True,
        start_logging_time=NOW - timedelta(days=40),
        stop_logging_time=NOW - timedelta(days=41),
        latest_delivery_time=NOW - timedelta(minutes=2),
        latest_delivery_error="NoSuchBucket",
        latest_notification_time=NOW - timedelta(minutes=3),
        latest_notification_error="NotFound",
        latest_cloud_watch_logs_delivery_time=NOW - timedelta(minutes=4),
        latest_cloud_watch_logs_delivery_error="AccessDenied",
        latest_digest_delivery_time=NOW - timedelta(minutes=5),
        latest_digest_delivery_error="SlowDown",
        latest_delivery_attempt_time="a1",
        latest_delivery_attempt_succeeded="a2",
        latest_notification_attempt_time="a3",
        latest_notification_attempt_succeeded="a4",
        time_logging_started="a5",
        time_logging_stopped="a6",
    )
    lines = [plain(line).rstrip() for line in status_lines(TRAIL, status, None, now=NOW, region="eu-west-1", width=70)]
    assert lines[0] == "Logging yes, since 12 Oct"
    assert "Started 40 d ago 2026-10-12 14:02" in lines
    assert "Stopped 41 d ago 2026-10-11 14:02" in lines
    assert "S3      ▲ NoSuchBucket" in lines
    assert "  last  2 min ago 2026-11-21 14:00" in lines
    assert "        the bucket does not exist any more" in lines
    assert "SNS     ▲ NotFound" in lines
    assert "CW Logs ▲ AccessDenied" in lines
    assert "Digest  ▲ SlowDown" in lines
    for retired in ("a1", "a2", "a3", "a4", "a5", "a6"):
        assert any(line.endswith(retired) for line in lines)


def test_what_is_not_there_is_said_rather_than_left_out() -> None:
    lines = [plain(line) for line in status_lines(TRAIL, TrailStatus(), None, now=NOW, region="eu-west-1", width=60)]
    assert lines[:7] == [
        "Logging the service did not say",
        "Started never said",
        "Stopped never",
        "S3      nothing delivered yet",
        "SNS     not configured",
        "CW Logs not configured",
        "Digest  not configured",
    ]
    assert not any("Retired" in line for line in lines)


def test_a_trail_that_logs_in_silence_stands_out() -> None:
    quiet = replace(LOGGING, latest_delivery_time=NOW - timedelta(hours=2))
    lines = status_lines(TRAIL, quiet, None, now=NOW, region="eu-west-1", width=60)
    assert ("▲ nothing delivered for an hour", Role.WARNING) in [span for line in lines for span in line]


@pytest.mark.parametrize("cells", [35, 60])
def test_age_and_instant_share_a_line_in_a_pane_of_the_usual_width(cells: int) -> None:
    old = replace(LOGGING, start_logging_time=NOW - timedelta(days=700))
    lines = [plain(line).rstrip() for line in status_lines(TRAIL, old, None, now=NOW, region="eu-west-1", width=cells)]
    assert "S3      2 min ago 2026-11-21 14:00" in lines
    assert "Started 700 d ago 2024-12-21 14:02" in lines


def test_an_instant_is_never_broken() -> None:
    lines = [plain(line).rstrip() for line in status_lines(TRAIL, LOGGING, None, now=NOW, region="eu-west-1", width=26)]
    assert lines[lines.index("S3      2 min ago") + 1] == "        2026-11-21 14:00"


@pytest.mark.parametrize(
    ("tried", "succeeded", "told"),
    [
        ("2026-11-21T14:00:11Z", "2026-11-21T14:00:11+00:00", ["Retired fields say the same"]),
        ("2026-11-21T14:00:11Z", "yes", ["Retired fields say the same", "        delivery succeeded yes"]),
        ("2026-11-21T13:00:11Z", None, ["Retired delivery tried 2026-11-21T13:00:11Z"]),
        ("2026-11-21T14:00:11", None, ["Retired delivery tried 2026-11-21T14:00:11"]),
        ("", None, []),
    ],
)
def test_retired_fields_are_told_only_where_they_differ(tried: str, succeeded: str | None, told: list[str]) -> None:
    status = replace(LOGGING, latest_delivery_attempt_time=tried, latest_delivery_attempt_succeeded=succeeded)
    lines = [plain(line).rstrip() for line in status_lines(TRAIL, status, None, now=NOW, region="eu-west-1", width=60)]
    assert lines[next((n for n, line in enumerate(lines) if line.startswith("Retired")), len(lines)) :] == told


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (LOGGING, None, "● legacy · logging, since 19 Nov · S3 2 min ago"),
        (STOPPED, None, "○ legacy · not logging, since 14:01 · S3 2 h ago"),
        (BROKEN, None, "▲ legacy · S3 AccessDenied · logging, since 19 Nov"),
        (None, None, "· legacy · asking …"),
        (None, DENIED, "✗ legacy · Not allowed"),
    ],
)
def test_the_status_in_one_line(status: TrailStatus | None, error: CtuiError | None, expected: str) -> None:
    assert plain(status_brief(TRAIL, status, error, now=NOW, region="eu-west-1", width=60)).rstrip() == expected


PROD = Connection("prod", "eu-west-1", None, "aws")
LOCAL = replace(PROD, endpoint="http://127.0.0.1:4444")
BUSY = queue_line(rate=2.0, queued=2, in_flight=0, throttled=0, ceiling=False, eta=38)


@pytest.mark.parametrize(
    ("cells", "connection", "account", "problem", "expected"),
    [
        (100, PROD, "111111111111", "", " ctui  prod · 111111111111 · eu-west-1"),
        (100, LOCAL, "?provisional", "", " ctui  prod · eu-west-1 · http://127.0.0.1:4444"),
        (90, LOCAL, "111111111111", "", " ctui  prod · 111111111111 · eu-west-1"),
        (50, PROD, "111111111111", "", " ctui  eu-west-1"),
        (100, None, None, "", " ctui  connecting …"),
        (100, None, None, "No Region", " ctui  No Region"),
        (100, PROD, None, "Refused", " ctui  prod · eu-west-1 · Refused"),
    ],
)
def test_the_header_keeps_region_and_pace(
    cells: int, connection: Connection | None, account: str | None, problem: str, expected: str
) -> None:
    line = plain(header_line(connection, account, problem, BUSY, cells))
    assert len(line) == cells
    assert line.split("2.0/s")[0].rstrip() == expected
    assert line.endswith("2.0/s  ▮▮▯▯ 2 queued  about 40 s ")


@pytest.mark.parametrize("cells", [1, 8, 20, 40])
def test_a_header_without_room_is_cut(cells: int) -> None:
    assert width(header_line(replace(LOCAL, profile=EVIL), "1", EVIL, BUSY, cells)) == cells


IDLE = {"rate": 2.0, "queued": 0, "in_flight": 0, "throttled": 0, "ceiling": False, "eta": None}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "2.0/s"),
        ({"in_flight": 1}, "2.0/s  ▮▯▯▯ asking"),
        ({"queued": 12, "in_flight": 1, "eta": 6.0}, "2.0/s  ▮▮▮▮ 12 queued  about 6 s"),
        ({"rate": 1.9, "throttled": 3, "ceiling": True}, "1.9/s  slowed by the service  3 throttled"),
        ({"rate": 0.05}, "0.05/s"),
    ],
)
def test_the_queue(changed: dict[str, Any], expected: str) -> None:
    assert plain(queue_line(**{**IDLE, **changed})) == expected


SEEN = {
    "timespan": "all",
    "scanned": 1250,
    "loaded": 1250,
    "more": True,
    "loading": False,
    "draining": False,
    "oldest": NOW,
    "pages": 25,
    "width": 100,
}
DRAINING = {"loading": True, "draining": True}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, " API all · scanned 1,250 · back to 21 Nov 2026 14:02 · more"),
        ({"loading": True}, " API all · scanned 1,250 · back to 21 Nov 2026 14:02 · loading …"),
        ({"more": False}, " API all · scanned 1,250 · back to 21 Nov 2026 14:02 · all of it"),
        (
            {"more": False, "loaded": 317},
            " API all · scanned 1,250, 317 shown · back to 21 Nov 2026 14:02 · all of it",
        ),
        ({"scanned": 0, "loaded": 0, "pages": 0, "oldest": None}, " API all"),
        (DRAINING, " loading everything, esc stops · 1,250 events in 25 pages · back to 21 Nov 2026 14:02"),
        (
            {**DRAINING, "pages": 1},
            " loading everything, esc stops · 1,250 events in 1 page · back to 21 Nov 2026 14:02",
        ),
    ],
)
def test_the_feed(changed: dict[str, Any], expected: str) -> None:
    line = feed_line(**{**SEEN, **changed})
    assert plain(line).rstrip() == expected
    assert width(line) == 100


def test_a_total_is_never_invented() -> None:
    assert count_text(1250, True) == ">1,250"
    assert count_text(1250, False) == "1,250"
    assert plain(events_count(loaded=1250, more=True)) == ">1,250"


def empty(**changed: Any) -> str:
    asked: dict[str, Any] = {
        "connected": True,
        "connecting": False,
        "phase": "complete",
        "more": False,
        "timespan": "last hour",
        "error": None,
        "width": 70,
    }
    return "\n".join(plain(line) for line in events_empty(**{**asked, **changed}))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (empty(connecting=True, connected=False), ["Connecting"]),
        (empty(connected=False), ["No connection", "r tries again"]),
        (empty(phase="loading"), ["Asking for the newest events"]),
        (empty(phase="paused", more=True), ["there are more", "m asks"]),
        (empty(), ["last hour", "five minutes", "t takes a longer stretch", "r asks again"]),
        (empty(timespan="all history"), ["all history", "r asks again"]),
        (empty(error=DENIED), ["Not allowed", "You may not [b]look␛.", "Ask.", "r tries again"]),
        (empty(timespan=EVIL), ["␛[2J⟨U+202E⟩[red]"]),
    ],
)
def test_an_empty_list_of_events_says_why_and_which_key_helps(text: str, says: list[str]) -> None:
    for words in says:
        assert words in text


def test_all_of_history_offers_no_longer_stretch() -> None:
    assert "longer" not in empty(timespan="all history")


def test_an_empty_list_of_trails_says_why() -> None:
    def said(**changed: Any) -> str:
        asked: dict[str, Any] = {
            "connected": True,
            "connecting": False,
            "phase": "ready",
            "error": None,
            "region": "eu-west-1",
            "width": 30,
        }
        return "\n".join(plain(line) for line in trails_empty(**{**asked, **changed}))

    assert "No trail in eu-west-1." in said()
    assert "Asking for the trails" in said(phase="loading")
    assert "Not allowed" in said(error=DENIED)


def test_titles() -> None:
    assert plain(events_title(timespan="all", phase="paused")) == "Events ── all history ── newest first"
    assert plain(events_title(timespan="last hour", phase="loading")).endswith("── loading …")
    assert plain(detail_title(None)) == "Detail"
