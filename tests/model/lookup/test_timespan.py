"""Stretches of time as people write them, and what a scan pins of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.nearly_ranges import NEARLY_RANGES

from ctui.model.connection import Scope
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.model.lookup.scan import Scan
from ctui.model.lookup.timespan import ALL_HISTORY, PRESETS, ends_of, parse_timespan

NOW = datetime(2026, 11, 22, 14, 2, 11, 900_000, tzinfo=UTC)
SECOND = int(NOW.timestamp())
NOON = int(datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("15m", SECOND - 900, SECOND),
        ("30s", SECOND - 30, SECOND),
        ("3h", SECOND - 10_800, SECOND),
        (" 7d ", SECOND - 604_800, SECOND),
        ("2w", SECOND - 1_209_600, SECOND),
        ("7d..3d", SECOND - 604_800, SECOND - 259_200),
        ("3d..3d", SECOND - 259_200, SECOND - 259_200),
        ("7d..now", SECOND - 604_800, SECOND),
        ("7d..", SECOND - 604_800, SECOND),
        ("7d..0m", SECOND - 604_800, SECOND),
        ("..1h", None, SECOND - 3600),
        ("..", None, SECOND),
        ("all", None, SECOND),
        ("ALL", None, SECOND),
        ("2026-11-01T12:00Z", NOON, SECOND),
        ("2026-11-01T12:00", NOON, SECOND),
        ("2026-11-01 12:00", NOON, SECOND),
        ("2026-11-01T14:00+02:00", NOON, SECOND),
        ("2026-11-01T12:00:00.9Z..2026-11-01T12:00:01.9Z", NOON, NOON + 1),
        ("2026-11-01..2026-11-01", NOON - 43_200, NOON + 43_199),
        ("2026-11-01T12:00Z..now", NOON, SECOND),
        ("2026-11-01T12:00Z..1h", NOON, SECOND - 3600),
        ("999999w", 0, SECOND),
        ("1066-10-14..now", 0, SECOND),
    ],
)
def test_a_stretch_is_pinned_at_whole_seconds(text: str, start: int | None, end: int) -> None:
    assert parse_timespan(text).pin(NOW) == (start, end)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "is not a time"),
        ("7", "is not a time"),
        ("-7d", "is not a time"),
        ("7 d", "is not a time"),
        ("1000000d", "is not a time"),
        ("٧d", "is not a time"),
        ("2026-13-01", "is not a time"),
        ("9999-12-31T23:59-12:00", "is not a time"),
        ("0001-01-01T00:00+12:00", "is not a time"),
        ("now", "leaves no time"),
        ("0m", "leaves no time"),
        ("0m..now", "leaves no time"),
        ("3d..7d", "starts after it ends"),
        ("2026-11-02..2026-11-01", "starts after it ends"),
        ("7d..3d..1d", "is not a time"),
    ],
)
def test_what_is_no_stretch_is_refused_with_words(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        parse_timespan(text)


def test_only_a_stretch_that_ends_in_now_can_bring_newer_events() -> None:
    assert parse_timespan("7d").open_ended
    assert parse_timespan("7d..0s").open_ended
    assert ALL_HISTORY.open_ended
    assert not parse_timespan("7d..1m").open_ended
    assert not parse_timespan("..2026-11-01").open_ended


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: str(preset[0]))
def test_a_preset_is_what_its_text_says(preset: tuple[str, object]) -> None:
    span = dict(PRESETS)[preset[0]]
    assert parse_timespan(span.text) == span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("soon", "'soon' is not a time: write 13:30, mon, 15m, 7d, 2026-11-01T12:00Z or FROM..TO"),
        # Whoever has written FROM..TO need not be told of it.
        ("3h..soon", "'soon' is not a time: write 13:30, mon, 15m, 7d or 2026-11-01T12:00Z"),
        ("soon..now", "'soon' is not a time: write 13:30, mon, 15m, 7d or 2026-11-01T12:00Z"),
    ],
)
def test_what_is_no_time_is_told_how_to_write_one(text: str, expected: str) -> None:
    with pytest.raises(ValueError, match="is not a time") as caught:
        parse_timespan(text)
    assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2026-11-15 .. 2026-11-16", ("2026-11-15", "2026-11-16")),
        ("..1d", ("", "1d")),
        ("1d..", ("1d", "")),
        ("2026-11-15", None),
        ("", None),
    ],
)
def test_two_moments_are_told_apart_for_those_who_take_one(text: str, ends: tuple[str, str] | None) -> None:
    assert ends_of(text) == ends


INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=examples(60), deadline=None)
@given(INSTANTS, INSTANTS)
def test_two_instants_in_order_are_a_stretch_that_does_not_move(one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    span = parse_timespan(f"{first.isoformat()}..{last.isoformat()}")
    assert (span.start, span.end) == (first, last)
    assert span.pin(NOW) == span.pin(NOW + timedelta(days=1))
    assert parse_timespan(span.text) == span


@settings(max_examples=examples(100), deadline=None)
@given(NEARLY_RANGES)
def test_any_text_is_a_stretch_or_a_value_error(text: str) -> None:
    try:
        span = parse_timespan(text)
    except ValueError:
        return
    start, end = span.pin(NOW)
    assert end >= 0
    assert start is None or start >= 0


SCOPE = Scope("aws", "111111111111", "eu-west-1")


def test_a_scan_is_a_lookup_that_no_longer_moves() -> None:
    attribute = LookupAttribute(AttributeKey.USERNAME, "alice")
    lookup = Lookup(parse_timespan("1h"), attribute)
    scan = Scan.pin(lookup, SCOPE, NOW)
    assert scan == Scan(SCOPE, SECOND - 3600, SECOND, attribute)


def test_all_of_history_leaves_the_start_to_the_service() -> None:
    assert Scan.pin(Lookup(), SCOPE, NOW) == Scan(SCOPE, None, SECOND)
