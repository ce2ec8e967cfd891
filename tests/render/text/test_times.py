"""Instants and lengths in words."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from ctui.render.text import times

NOW = datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=1), "1 s ago"),
        (timedelta(seconds=59), "59 s ago"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 h ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(hours=48), "2 d ago"),
        (timedelta(days=400), "400 d ago"),
        (timedelta(seconds=-3), "in 3 s"),
        (timedelta(minutes=-5), "in 5 min"),
    ],
)
def test_ago(before: timedelta, words: str) -> None:
    assert times.ago(NOW - before, NOW) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 0, "about 1 s"),
        (3.2, 3.2, "about 4 s"),
        (38, 38, "about 40 s"),
        (36, 42, "about 40 s"),
        (58, 58, "about 60 s"),
        (61, 61, "about 70 s"),
        (3500, 3500, "about 60 min"),
        (7300, 7300, "about 3 h"),
        (22, 57, "20 to 60 s"),
        (3.7, 9.2, "3 to 10 s"),
        (0.5, 4, "1 to 4 s"),
        (44, 100, "40 to 100 s"),
        (44, 115, "40 s to 2 min"),
        (125, 500, "2 to 9 min"),
        (3000, 9000, "50 min to 3 h"),
        (700, 6000, "10 to 100 min"),
        (None, 130, "up to 3 min"),
        (None, 0.5, "up to 1 s"),
    ],
)
def test_estimates_say_that_they_are(low: float | None, high: float, words: str) -> None:
    assert times.between(low, high) == words


def test_a_day_is_named_the_same_in_every_locale() -> None:
    assert times.day(date(2026, 11, 21)) == "Saturday 21 November 2026"
    assert times.day(date(2027, 3, 1)) == "Monday 1 March 2027"


def test_instants_are_told_in_utc_and_with_the_offset() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert times.instant_utc(NOW.astimezone(east)) == "2026-11-21 14:02:11 UTC"
    assert times.instant_local(NOW, east) == "2026-11-21 19:32:11 +05:30"
    assert times.instant_local(NOW, timezone(timedelta(hours=-3))) == "2026-11-21 11:02:11 -03:00"
    assert times.clock_time(NOW.astimezone(east)) == "14:02:11"
    assert times.to_the_minute(NOW.astimezone(east)) == "2026-11-21 14:02"
    assert times.moment(NOW.astimezone(east)) == "21 Nov 2026 14:02"


@pytest.mark.parametrize(
    ("then", "short"),
    [
        (NOW.replace(hour=9), "09:02"),
        (NOW - timedelta(days=1), "20 Nov"),
        (NOW - timedelta(days=365), "21 Nov 2025"),
    ],
)
def test_few_words_for_a_line(then: datetime, short: str) -> None:
    assert times.short(then, NOW) == short
