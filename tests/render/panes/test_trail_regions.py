"""A trail in each Region: what the table says, in any width, and of what was not asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ctui.errors import AccessDenied, CtuiError, ExpiredLogin
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.panes.trail_regions import Reading, region_lines
from ctui.render.text.spans import plain, width

NOW = datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC)
TRAIL = Trail("org", "arn:aws:cloudtrail:us-east-1:111111111111:trail/org", "us-east-1", is_multi_region_trail=True)
ON = TrailStatus(
    is_logging=True, start_logging_time=NOW - timedelta(days=2), latest_delivery_time=NOW - timedelta(minutes=2)
)
DENIED = AccessDenied("Access denied", "No \x1b[31mway\u202e.", "Ask.", code="AccessDenied", status=400)
READINGS: tuple[Reading, ...] = (
    ("ap-south-1", TrailStatus(is_logging=True, start_logging_time=NOW - timedelta(days=2)), None),
    ("us-east-1", ON, None),
    ("ap-southeast-1", replace(ON, latest_delivery_error="NoSuchBucket", latest_delivery_time=None), None),
    ("eu-west-1", TrailStatus(is_logging=False), None),
    ("eu-west-2", None, DENIED),
    ("sa-east-1", None, None),
)


def texts(
    cells: int,
    readings: tuple[Reading, ...] = READINGS,
    *,
    not_enabled: tuple[str, ...] = (),
    unlisted: CtuiError | None = None,
    error: CtuiError | None = None,
) -> list[str]:
    lines = region_lines(
        TRAIL, readings, at=NOW, not_enabled=not_enabled, unlisted=unlisted, error=error, now=NOW, width=cells
    )
    assert all(width(line) <= cells for line in lines)
    return [plain(line).rstrip() for line in lines]


def test_each_region_has_a_line_the_home_region_first_then_what_is_wrong() -> None:
    assert texts(110) == [
        "In each Region · 4 of 6 read · 1 failed · 1 with delivery errors · 1 not logging · reading … · at 14:02:11",
        "  Region          logging  last delivery  error",
        "● us-east-1       yes      2 min ago",
        "▲ ap-southeast-1  yes      never          ▲ S3 NoSuchBucket",
        "○ eu-west-1       no       never",
        "✗ eu-west-2       Access denied",
        "  No ␛[31mway⟨U+202E⟩.",
        "● ap-south-1      yes      never",
        "· sa-east-1       reading …",
        "",
    ]


def test_in_a_narrow_pane_failures_stand_below_their_region() -> None:
    assert texts(34)[4:8] == [
        "  Region         logs delivered",
        "● us-east-1      yes  2 min ago",
        "▲ ap-southeast-1 yes  never",
        "  ▲ S3 NoSuchBucket",
    ]


@pytest.mark.parametrize("cells", [1, 5, 12, 20, 34, 80, 158])
def test_it_fits_any_width_and_no_recorded_text_reaches_the_terminal_raw(cells: int) -> None:
    shown = "".join(texts(cells, not_enabled=("af-south-1", "eu\x1b-south-1"), unlisted=DENIED, error=DENIED))
    assert not {"\x1b", "\u202e"} & set(shown)


def test_what_is_not_read_says_why() -> None:
    told = " ".join(texts(78, not_enabled=("af-south-1", "ap-east-1")))
    assert "Not read, since not enabled: af-south-1, ap-east-1" in told
    told = " ".join(texts(78, unlisted=DENIED))
    assert "Which Regions are enabled is not known, so those that ctui knows were asked." in told
    assert "Access denied: No" in told


def test_before_there_are_regions_and_without_a_login() -> None:
    assert texts(78, ()) == ["In each Region · asking which there are … · at 14:02:11", ""]
    over = ExpiredLogin("Login expired", "The session token has expired.", "Log in again, then press r.")
    assert texts(78, (), error=over) == [
        "In each Region · Login expired · at 14:02:11",
        "The session token has expired.",
        "Log in again, then press r.",
        "",
    ]
