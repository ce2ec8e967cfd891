"""Ranges of time in words: what is understood is said with weekday, year and zone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from support.examples import examples
from support.nearly_ranges import NEARLY_RANGES

from ctui.model.lookup.timespan import parse_timespan
from ctui.render.text.ranges import preposition, range_in_full, range_words
from ctui.render.text.times import shortened

NOW = datetime(2026, 11, 28, 12, 0, 7, tzinfo=UTC)
"""A Saturday."""


@pytest.mark.parametrize(
    ("text", "words", "short"),
    [
        # Lengths of time say what they are.
        ("2m", "last 2 minutes", "last 2 minutes"),
        ("1M", "last minute", "last minute"),
        ("60m", "last hour", "last hour"),
        ("10d", "last 10 days", "last 10 days"),
        ("2w..now", "last 2 weeks", "last 2 weeks"),
        ("..1d", "until 1 day ago", "until 1 day ago"),
        ("2d..1d", "2 days ago to 1 day ago", "2 days ago to 1 day ago"),
        ("all", "all history", "all history"),
        ("..now", "all history", "all history"),
        ("7d..now", "last 7 days", "last 7 days"),
        # All else is told as the instants that it is.
        ("30m ago", "since Sat 2026-11-28 11:30:07 UTC", "since 28 Nov 11:30"),
        ("2h ago..1h ago", "Sat 2026-11-28 10:00:07 to 11:00:07 UTC", "28 Nov 10:00 to 11:00"),
        ("11:30", "since Sat 2026-11-28 11:30 UTC", "since 28 Nov 11:30"),
        ("13:30", "since Fri 2026-11-27 13:30 UTC", "since 27 Nov 13:30"),
        ("..13:30", "until Fri 2026-11-27 13:30 UTC", "until 27 Nov 13:30"),
        ("13:30..14:00", "Fri 2026-11-27 13:30 to 14:00 UTC", "27 Nov 13:30 to 14:00"),
        ("23:30..00:30", "Fri 2026-11-27 23:30 to Sat 2026-11-28 00:30 UTC", "27 Nov 23:30 to 28 Nov 00:30"),
        ("today", "since Sat 2026-11-28 00:00 UTC", "since 28 Nov"),
        ("yesterday..yesterday", "Fri 2026-11-27 UTC", "27 Nov"),
        ("mon..wed", "Mon 2026-11-23 to Wed 2026-11-25 UTC", "23 Nov to 25 Nov"),
        ("mon..00:00", "Mon 2026-11-23 00:00 to Sat 2026-11-28 00:00 UTC", "23 Nov to 28 Nov 00:00"),
        ("2026-11-15", "since Sun 2026-11-15 00:00 UTC", "since 15 Nov"),
        ("2025-11-15 .. now", "since Sat 2025-11-15 00:00 UTC", "since 15 Nov 2025"),
        ("..2026-11-16T12:00:05Z", "until Mon 2026-11-16 12:00:05 UTC", "until 16 Nov 12:00"),
        (
            "2026-11-15T14:00+02:00..36h",
            "Sun 2026-11-15 12:00 to Fri 2026-11-27 00:00:07 UTC",
            "15 Nov 12:00 to 27 Nov 00:00",
        ),
        ("11:30..10m", "Sat 2026-11-28 11:30 to 11:50:07 UTC", "28 Nov 11:30 to 11:50"),
    ],
)
def test_a_range_in_words(text: str, words: str, short: str) -> None:
    span = parse_timespan(text)
    assert range_words(span, span.pin(NOW)) == words
    assert shortened(words, NOW) == short


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2h", "last 2 hours · since Sat 2026-11-28 10:00:07 UTC"),
        ("..1d", "until 1 day ago · until Fri 2026-11-27 12:00:07 UTC"),
        ("13:30", "since Fri 2026-11-27 13:30 UTC"),
        ("all", "all history"),
    ],
)
def test_a_range_that_is_typed_is_told_with_its_instants(text: str, words: str) -> None:
    span = parse_timespan(text)
    assert range_in_full(span, span.pin(NOW)) == words


@pytest.mark.parametrize(
    ("words", "before"),
    [
        ("last hour", "in "),
        ("all history", "in "),
        ("since Fri 2026-11-27 13:30 UTC", ""),
        ("until 1 day ago", ""),
        ("Fri 2026-11-27 13:30 to 14:00 UTC", "from "),
        ("Fri 2026-11-27 UTC", "on "),
    ],
)
def test_what_stands_before_a_range(words: str, before: str) -> None:
    assert preposition(words) == before


@settings(max_examples=examples(200), deadline=None)
@given(NEARLY_RANGES)
def test_every_range_has_words(text: str) -> None:
    try:
        span = parse_timespan(text)
    except ValueError:
        return
    words = range_words(span, span.pin(NOW))
    assert words
    assert shortened(words, NOW)
