"""Trails in a list, and their status field by field and in one line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ctui.errors import AccessDenied, CtuiError
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.panes.trail_list import trail_counts, trail_mark, trail_row
from ctui.render.panes.trail_status import status_lines, status_summary
from ctui.render.panes.trail_table import trail_table
from ctui.render.roles import Line, Role, Span
from ctui.render.text.spans import plain, width

NOW = datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC)
TRAIL = Trail("legacy", arn="arn:aws:cloudtrail:eu-west-1:111111111111:trail/legacy", home_region="eu-west-1")
LOGGING = TrailStatus(
    is_logging=True, start_logging_time=NOW - timedelta(days=2), latest_delivery_time=NOW - timedelta(minutes=2)
)
STOPPED = TrailStatus(
    is_logging=False, stop_logging_time=NOW - timedelta(minutes=1), latest_delivery_time=NOW - timedelta(hours=2)
)
NEW = TrailStatus(is_logging=False)
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
        (replace(LOGGING, latest_notification_error="x"), None, ("▲", Role.WARNING)),
        (TrailStatus(is_logging=True, start_logging_time=NOW - timedelta(hours=2)), None, ("▲", Role.WARNING)),
        (None, None, ("·", Role.DIM)),
        (None, DENIED, ("✗", Role.ERROR)),
    ],
)
def test_a_trail_is_marked_by_what_its_status_says(
    status: TrailStatus | None, error: CtuiError | None, mark: tuple[str, Role]
) -> None:
    line = trail_row(TRAIL, status, error, now=NOW, region="eu-west-1", width=34)
    assert line[0] == mark
    assert width(line) == 34
    assert plain(line) == f"{mark[0]} legacy            eu-west-1     "


def test_a_trail_whose_home_is_elsewhere_says_so_quietly() -> None:
    away = trail_row(TRAIL, LOGGING, None, now=NOW, region="us-east-1", width=34)
    assert ("eu-west-1", Role.DIM) in away
    assert ("eu-west-1", Role.PLAIN) in trail_row(TRAIL, LOGGING, None, now=NOW, region="eu-west-1", width=34)


@pytest.mark.parametrize("cells", [1, 5, 12, 20, 34, 80])
@pytest.mark.parametrize("status", [LOGGING, BROKEN, None])
def test_hostile_trails_keep_to_their_width(cells: int, status: TrailStatus | None) -> None:
    evil = replace(TRAIL, name=EVIL * 3, home_region=EVIL, s3_bucket_name=EVIL, s3_key_prefix=EVIL)
    broken = replace(status, latest_delivery_error=EVIL) if status else None
    lines: list[Line] = [
        trail_row(evil, broken, None, now=NOW, region="x", width=cells),
        status_summary(evil, broken, None, now=NOW, region="x", width=cells),
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
    assert "        the bucket no longer exists" in lines
    assert "  to do create the bucket again with CloudTrail's policy, or choose" in lines
    assert "SNS     ▲ NotFound" in lines
    assert "CW Logs ▲ AccessDenied" in lines
    assert "Digest  ▲ SlowDown" in lines
    for retired in ("a1", "a2", "a3", "a4", "a5", "a6"):
        assert any(line.endswith(retired) for line in lines)


def test_what_is_not_there_is_said_rather_than_left_out() -> None:
    lines = [plain(line) for line in status_lines(TRAIL, TrailStatus(), None, now=NOW, region="eu-west-1", width=60)]
    assert lines[:7] == [
        "Logging unknown",
        "Started unknown",
        "Stopped never",
        "S3      no delivery yet",
        "SNS     not configured",
        "CW Logs not configured",
        "Digest  not configured",
    ]
    assert not any(line.startswith("Old ") for line in lines)


def test_a_trail_that_does_not_log_names_the_key_that_helps() -> None:
    lines = [plain(line) for line in status_lines(TRAIL, STOPPED, None, now=NOW, region="eu-west-1", width=60)]
    assert lines[:2] == ["Logging no, since 14:01", "  to do start logging (s)"]


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
        ("2026-11-21T14:00:11Z", "2026-11-21T14:00:11+00:00", []),
        ("2026-11-21T14:00:11Z", "yes", ["Old     delivery succeeded yes"]),
        ("2026-11-21T13:00:11Z", None, ["Old     delivery tried 2026-11-21T13:00:11Z"]),
        ("2026-11-21T14:00:11", None, ["Old     delivery tried 2026-11-21T14:00:11"]),
        ("", None, []),
    ],
)
def test_retired_fields_are_told_only_where_they_differ(tried: str, succeeded: str | None, told: list[str]) -> None:
    status = replace(LOGGING, latest_delivery_attempt_time=tried, latest_delivery_attempt_succeeded=succeeded)
    lines = [plain(line).rstrip() for line in status_lines(TRAIL, status, None, now=NOW, region="eu-west-1", width=60)]
    assert lines[next((n for n, line in enumerate(lines) if line.startswith("Old ")), len(lines)) :] == told


def test_every_retired_field_is_shown_where_it_is_wanted() -> None:
    status = replace(LOGGING, latest_delivery_attempt_time="2026-11-21T14:00:11Z", time_logging_stopped="\x1bnever")
    seen = status_lines(TRAIL, status, None, now=NOW, region="eu-west-1", width=60, retired=True)
    lines = [plain(line).strip() for line in seen]
    assert lines[lines.index("Old     deprecated by AWS") + 1 :] == [
        "delivery tried 2026-11-21T14:00:11Z",
        "delivery succeeded not set",
        "notification tried not set",
        "notification succeeded not set",
        "logging started not set",
        "logging stopped ␛never",
    ]


@pytest.mark.parametrize(
    ("status", "error", "expected"),
    [
        (LOGGING, None, "● legacy · logging, since 19 Nov · S3 2 min ago"),
        (STOPPED, None, "○ legacy · not logging, since 14:01 · S3 2 h ago"),
        (BROKEN, None, "▲ legacy · S3 AccessDenied · logging, since 19 Nov"),
        (None, None, "· legacy · loading …"),
        (None, DENIED, "✗ legacy · Not allowed"),
    ],
)
def test_the_status_in_one_line(status: TrailStatus | None, error: CtuiError | None, expected: str) -> None:
    assert plain(status_summary(TRAIL, status, error, now=NOW, region="eu-west-1", width=60)).rstrip() == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([(LOGGING, None)], [("trails", Role.DIM), ("●1", Role.GOOD)]),
        (
            [(STOPPED, None), (BROKEN, None), (LOGGING, None), (NEW, None), (LOGGING, None)],
            [("trails", Role.DIM), ("●2", Role.GOOD), ("○2", Role.WARNING), ("▲1", Role.ERROR)],
        ),
        ([(NEW, None)], [("trails", Role.DIM), ("○1", Role.DIM)]),
        ([(None, DENIED), (None, None)], [("trails", Role.DIM), ("✗1", Role.ERROR), ("·1", Role.DIM)]),
        ([], [("trails", Role.DIM)]),
    ],
)
def test_all_trails_are_counted_by_their_marks(
    said: list[tuple[TrailStatus | None, CtuiError | None]], expected: list[Span]
) -> None:
    counts = trail_counts(trail_mark(TRAIL, status, error, NOW) for status, error in said)
    assert [span for span in counts if span[0].strip()] == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (80, "● legacy · logging, since 19 Nov · S3 2 min ago".ljust(67) + "trails ●12 ○2"),
        (40, "● legacy · logging, sinc…  trails ●12 ○2"),
        (30, "● legacy · logging, since 19 …"),
    ],
)
def test_the_counts_of_all_trails_end_the_line_where_there_is_room(cells: int, expected: str) -> None:
    counts: Line = (("trails ●12 ○2", Role.DIM),)
    line = status_summary(TRAIL, LOGGING, None, now=NOW, region="eu-west-1", width=cells, counts=counts)
    assert plain(line).rstrip() == expected
    assert width(line) == cells


def test_what_could_not_be_read_of_a_trail_and_its_status_is_told() -> None:
    reason = 'LatestDeliveryTime should be a time, but is "soon\x1b"'
    status = replace(LOGGING, latest_delivery_time=None, odd=(reason,), lost=("latest_delivery_time",))
    odd = replace(TRAIL, odd=("KmsKeyId should be text, but is []",))
    text = [plain(line) for line in status_lines(odd, status, None, now=NOW, region="eu-west-1", width=120)]
    assert 'Odd     LatestDeliveryTime should be a time, but is "soon␛"' in text
    assert "Odd     KmsKeyId should be text, but is []" in text
    assert "S3      unreadable" in text
    assert not any("no delivery" in line for line in text)


def test_a_trail_without_a_name_is_called_not_readable() -> None:
    nameless = Trail("", odd=("A trail should be an object, but is null",))
    line = trail_row(nameless, None, CtuiError("x", "y"), now=NOW, region="eu-west-1", width=34)
    assert plain(line).strip() == "✗ (unreadable)"


def test_the_printed_table_has_the_marks_and_words_of_the_screen() -> None:
    evil = replace(TRAIL, name=f"a{EVIL}", home_region="sa-east-1")
    broken = replace(BROKEN, latest_delivery_error=EVIL)
    lines = [plain(line) for line in trail_table([(TRAIL, LOGGING, None), (evil, broken, None)], NOW)]
    assert lines[0].split() == ["trail", "home", "status"]
    assert lines[1].startswith("● legacy ")
    assert lines[1].endswith("eu-west-1  logging, since 19 Nov · S3 2 min ago")
    assert not set("\x1b\u202e") & set("".join(lines))
    assert lines[2].startswith("▲ a")
    assert len({line.index(home) for line, home in zip(lines, ("home", "eu-west-1", "sa-east-1"), strict=True)}) == 1
    summary = plain(status_summary(TRAIL, LOGGING, None, now=NOW, region="eu-west-1", width=80))
    assert lines[1].split("  ")[-1] in summary, "as Status says it in one line"
    assert plain(list(trail_table([(TRAIL, None, DENIED)], NOW))[1]).endswith("Not allowed")


def test_what_to_do_is_worded_for_who_has_no_keys() -> None:
    lines = status_lines(TRAIL, STOPPED, None, now=NOW, region="eu-west-1", width=80, to_do=str.upper)
    assert any("START LOGGING (S)" in plain(line) for line in lines)


def test_when_and_where_a_status_was_read_is_said_with_what_reading_it_leaves_behind() -> None:
    lines = status_lines(TRAIL, LOGGING, None, now=NOW, region="eu-west-1", width=60, read=(NOW, "us-east-1"))
    assert [plain(line).strip() for line in lines[-3:]] == [
        "Read    14:02:11 UTC in us-east-1",
        "again each minute while shown; each call is an event",
        "in your trails",
    ]


@pytest.mark.parametrize("cells", [34, 60])
def test_a_status_that_could_not_be_read_again_says_so_first(cells: int) -> None:
    lines = status_lines(
        TRAIL, LOGGING, None, now=NOW, region="eu-west-1", width=cells, read=(NOW, "eu-west-1"), stale=DENIED
    )
    assert all(width(line) <= cells for line in lines)
    assert plain(lines[0]) == "Refresh ▲ Not allowed"
    assert "\x1b" not in "".join(map(plain, lines))
    assert any(plain(line).startswith("Logging yes") for line in lines)
    short = status_summary(TRAIL, LOGGING, None, now=NOW, region="eu-west-1", width=60, stale=NOW)
    assert plain(short).startswith("● legacy · not refreshed since 14:02:11 · logging")
