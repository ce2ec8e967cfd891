"""Moments as people write them: what each word is at a fixed now, and what is said of a word that is no time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.nearly_ranges import NEARLY_RANGES

from ctui.model.lookup.moment import duration_of
from ctui.model.lookup.timespan import bare_range, chosen_range, parse_timespan

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
"""A Saturday."""
DAY = 86_400


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("text", "now", "start", "end"),
    [
        # A time of day is the latest one past.
        ("13:30", "2026-11-28T13:45:07", "2026-11-28T13:30", "2026-11-28T13:45:07"),
        ("13:30", "2026-11-28T13:30:00", "2026-11-28T13:30", "2026-11-28T13:30"),
        ("13:30", "2026-11-28T13:29:59", "2026-11-27T13:30", "2026-11-28T13:29:59"),
        ("13:30:05", "2026-11-28T13:30:05", "2026-11-28T13:30:05", "2026-11-28T13:30:05"),
        ("9:05", "2026-11-28T12:00", "2026-11-28T09:05", "2026-11-28T12:00"),
        ("13:30Z", "2026-11-28T13:45", "2026-11-28T13:30", "2026-11-28T13:45"),
        ("13:30 utc", "2026-11-28T13:45", "2026-11-28T13:30", "2026-11-28T13:45"),
        ("23:59", "2027-01-01T00:00", "2026-12-31T23:59", "2027-01-01T00:00"),
        ("..13:30", "2026-11-28T13:45", None, "2026-11-28T13:30"),
        ("..13:30", "2026-11-28T13:15", None, "2026-11-27T13:30"),
        ("13:30..", "2026-11-28T13:45", "2026-11-28T13:30", "2026-11-28T13:45"),
        ("13:30..now", "2026-11-28T13:45", "2026-11-28T13:30", "2026-11-28T13:45"),
        ("13:30..14:00", "2026-11-28T14:30", "2026-11-28T13:30", "2026-11-28T14:00"),
        ("13:30..14:00", "2026-11-28T13:45", "2026-11-28T13:30", "2026-11-28T14:00"),
        ("13:30..14:00", "2026-11-28T12:00", "2026-11-27T13:30", "2026-11-27T14:00"),
        ("14:00..13:30", "2026-11-28T13:45", "2026-11-27T14:00", "2026-11-28T13:30"),
        ("13:30..13:30", "2026-11-28T13:45", "2026-11-28T13:30", "2026-11-28T13:30"),
        ("23:30..00:30", "2026-11-28T00:10", "2026-11-27T23:30", "2026-11-28T00:30"),
        ("23:30..00:30", "2026-11-28T01:00", "2026-11-27T23:30", "2026-11-28T00:30"),
        ("23:30..00:30", "2026-11-28T23:45", "2026-11-28T23:30", "2026-11-29T00:30"),
        # Days.
        ("today", "2026-11-28T12:00", "2026-11-28T00:00", "2026-11-28T12:00"),
        ("TODAY", "2026-11-28T00:00", "2026-11-28T00:00", "2026-11-28T00:00"),
        ("yesterday", "2026-11-28T12:00", "2026-11-27T00:00", "2026-11-28T12:00"),
        ("yesterday..yesterday", "2026-11-28T12:00", "2026-11-27T00:00", "2026-11-27T23:59:59"),
        ("yesterday..today", "2026-11-28T12:00", "2026-11-27T00:00", "2026-11-28T23:59:59"),
        ("yesterday..13:30", "2026-11-28T12:00", "2026-11-27T00:00", "2026-11-27T13:30"),
        ("..yesterday", "2026-11-28T12:00", None, "2026-11-27T23:59:59"),
        ("yesterday", "2027-01-01T00:00:01", "2026-12-31T00:00", "2027-01-01T00:00:01"),
        ("2026-11-27..2026-11-27", "2026-11-28T12:00", "2026-11-27T00:00", "2026-11-27T23:59:59"),
        # The 28th of November 2026 is a Saturday.
        ("sat", "2026-11-28T12:00", "2026-11-28T00:00", "2026-11-28T12:00"),
        ("Sunday", "2026-11-28T12:00", "2026-11-22T00:00", "2026-11-28T12:00"),
        ("fri..fri", "2026-11-28T12:00", "2026-11-27T00:00", "2026-11-27T23:59:59"),
        ("sat..sat", "2026-11-28T12:00", "2026-11-28T00:00", "2026-11-28T23:59:59"),
        ("mon..wed", "2026-11-28T12:00", "2026-11-23T00:00", "2026-11-25T23:59:59"),
        ("mon..wed", "2026-11-24T12:00", "2026-11-23T00:00", "2026-11-25T23:59:59"),
        ("fri..mon", "2026-11-28T12:00", "2026-11-27T00:00", "2026-11-30T23:59:59"),
        ("Mon..13:30", "2026-11-28T12:00", "2026-11-23T00:00", "2026-11-27T13:30"),
        ("mon..now", "2026-11-28T12:00", "2026-11-23T00:00", "2026-11-28T12:00"),
        # Ages, and what they are mixed with.
        ("30m ago", "2026-11-28T12:00", "2026-11-28T11:30", "2026-11-28T12:00"),
        ("2H", "2026-11-28T12:00", "2026-11-28T10:00", "2026-11-28T12:00"),
        ("2h  AGO .. 1h ago", "2026-11-28T12:00", "2026-11-28T10:00", "2026-11-28T11:00"),
        ("2h..13:30", "2026-11-28T13:00", "2026-11-28T11:00", "2026-11-28T13:30"),
        ("2h..13:30", "2026-11-28T14:00", "2026-11-28T12:00", "2026-11-28T13:30"),
        ("13:30..10m", "2026-11-28T13:45", "2026-11-28T13:30", "2026-11-28T13:35"),
        # A start that would be after the end is the latest one before it.
        ("13:30..30m", "2026-11-28T13:45", "2026-11-27T13:30", "2026-11-28T13:15"),
        ("13:30..yesterday", "2026-11-28T14:00", "2026-11-27T13:30", "2026-11-27T23:59:59"),
        ("sat..yesterday", "2026-11-28T14:00", "2026-11-21T00:00", "2026-11-27T23:59:59"),
        ("13:30..2026-11-20T14:00", "2026-11-28T14:00", "2026-11-20T13:30", "2026-11-20T14:00"),
        # As ctui shows instants.
        ("2026-11-27 13:30", "2026-11-28T12:00", "2026-11-27T13:30", "2026-11-28T12:00"),
        ("2026-11-27t13:30:05z", "2026-11-28T12:00", "2026-11-27T13:30:05", "2026-11-28T12:00"),
        ("2026-11-27 13:30:05 UTC", "2026-11-28T12:00", "2026-11-27T13:30:05", "2026-11-28T12:00"),
        ("2026-11-27 14:30:05 +01:00", "2026-11-28T12:00", "2026-11-27T13:30:05", "2026-11-28T12:00"),
        ("2026-11-27T13", "2026-11-28T12:00", "2026-11-27T13:00", "2026-11-28T12:00"),
    ],
)
def test_a_word_is_this_range_at_that_time(text: str, now: str, start: str | None, end: str) -> None:
    span = parse_timespan(text)
    assert span.pin(datetime.fromisoformat(now).replace(tzinfo=UTC)) == (start and at(start), at(end))


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("25:00", "hours go to 23"),
        ("13:60", "minutes and seconds from 00 to 59"),
        ("13:5", "minutes and seconds from 00 to 59"),
        ("24:00", "hours go to 23"),
        ("13.30", "write 13:30"),
        ("13h30", "write 13:30"),
        ("1330", "write 13:30"),
        ("1:30pm", "write 13:30"),
        ("12am", "write 00:00"),
        ("13:30 CET", "times of day are UTC, write 2026-11-27T13:30+01:00"),
        ("13:30+01:00", "times of day are UTC"),
        ("13:30 ago", "leave out ago: write 13:30"),
        ("yesterday ago", "leave out ago: write yesterday"),
        ("ago", "ago follows a length: write 30m ago"),
        ("soon ago", "ago follows a length: write 30m ago"),
        ("2 hours ago", "write 2h ago"),
        ("5 min ago", "write 5m ago"),
        ("5min", "write 5m"),
        ("30 m", "write 30m"),
        ("an hour ago", "write 1h ago"),
        ("last 2 hours", "write 2h"),
        ("last week", "write 1w"),
        ("last hour", "write 1h"),
        ("last month", "write 30d"),
        ("2 months ago", "write 60d ago"),
        ("last mon", "write mon"),
        ("this Friday", "write fri"),
        ("tues", "write tue"),
        ("thurs", "write thu"),
        ("yesterday 13:30", "write its date: 2026-11-27T13:30"),
        ("mon 13:30", "write its date: 2026-11-27T13:30"),
        ("today 13:30", "write 13:30"),
        ("2026-13-01", "there is no such day"),
        ("2026-11-31", "there is no such day"),
        ("2026-1-5", "write 2026-01-05"),
        ("27.11.2026", "write a date as 2026-11-27"),
        ("11/27/2026", "write a date as 2026-11-27"),
        ("2026/11/27", "write a date as 2026-11-27"),
        ("27 Nov", "write a date as 2026-11-27"),
        ("November 27, 2026", "write a date as 2026-11-27"),
        ("13:30-14:00", "write 13:30..14:00"),
        ("13:30 - 14:00", "write 13:30..14:00"),
        ("13:30 to 14:00", "write 13:30..14:00"),
        ("2h-1h", "write 2h..1h"),
        ("1h30m", "write 90m"),
        ("2d12h", "write 60h"),
        ("1.5h", "write 90m"),
        ("-2h", "write 2h"),
        ("now-15m", "write 15m"),
        ("this week", "write mon.."),
        ("tomorrow", "write 13:30, mon, 15m, 7d, 2026-11-01T12:00Z or FROM..TO"),
    ],
)
def test_what_is_no_time_is_told_what_to_write(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match="is not a time") as caught:
        parse_timespan(text)
    assert advice in str(caught.value)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("..25:00", "'25:00' is not a time: hours go to 23"),
        ("13:30..ago", "'ago' is not a time: ago follows a length"),
        ("today..yesterday", "starts after it ends"),
        ("1h ago..2h ago", "starts after it ends"),
        # It would be the latest 14:00, where that of the same day is meant.
        ("2026-11-27T13:30..14:00", "'14:00' names no day, and '2026-11-27T13:30' does: write 2026-11-27T14:00"),
        ("now", "leaves no time"),
        ("NOW..", "leaves no time"),
    ],
)
def test_an_end_that_is_no_time_is_named(text: str, error: str) -> None:
    with pytest.raises(ValueError, match=r"\S") as caught:
        parse_timespan(text)
    assert error in str(caught.value)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("13:30", ("13:30", None)),
        ("13:30:05", ("13:30:05", None)),
        ("2h", ("2h", None)),
        ("2H", ("2H", None)),
        ("30m ago", ("30m ago", None)),
        ("2026-11-27T13:30", ("2026-11-27T13:30", None)),
        ("2026-11-27 13:30", ("2026-11-27 13:30", None)),
        ("2026-11-27T13:30:05+01:00", ("2026-11-27T13:30:05+01:00", None)),
        ("2026-11-27", ("2026-11-27", "2026-11-27")),
        ("yesterday", ("yesterday", "yesterday")),
        ("Yesterday", ("Yesterday", "Yesterday")),
        ("today", ("today", None)),
        ("TODAY", ("TODAY", None)),
        ("mon", ("mon", "mon")),
        ("Sunday", ("Sunday", "Sunday")),
        ("13:30..14:00", ("13:30", "14:00")),
        ("13:30..", ("13:30", None)),
        ("13:30..now", ("13:30", None)),
        ("..13:30", (None, "13:30")),
        ("2h ago..1h ago", ("2h ago", "1h ago")),
        ("yesterday..today", ("yesterday", "today")),
        ("3d..7d", ("3d", "7d")),
        ("now..2h", ("now", "2h")),
    ],
)
def test_a_bare_word_is_a_range(word: str, expected: tuple[str | None, str | None]) -> None:
    assert bare_range(word) == expected


@pytest.mark.parametrize(
    "word",
    [
        *(
            "a..b",
            "..",
            "..a",
            "a..",
            "1.5",
            "12",
            "1330",
            "13.30",
            "mond",
            "months",
            "now",
            "all",
            "ago",
            "2",
            "7",
            "7 d",
        ),
        *(
            "2026",
            "20261127",
            "2026-W48-1",
            "10.0",
            "1..2",
            "fe80::1",
            "1000000d",
            "",
            "sunshine",
            "todays",
            "٧d",
            "1.2.3",
        ),
        *("12:30:05:99", "i-0123456789abcdef0", "2026-11-27T", "2026/11/27", "yesterday 13:30", "1d2d", "4d5d", "aday"),
        *("10.0.0.1", "9am.example", "1:2:3:4", "a-b", "x13:30", "5minx", "-", "99-99"),
    ],
)
def test_an_ordinary_word_is_no_range(word: str) -> None:
    assert bare_range(word) is None


@pytest.mark.parametrize(
    ("word", "error"),
    [
        ("25:00", "'25:00' is not a time: hours go to 23"),
        ("13:60", "minutes and seconds from 00 to 59"),
        ("2026-13-01", "there is no such day"),
        ("2026-1-5", "write 2026-01-05"),
        ("27.11.2026", "write a date as 2026-11-27"),
        ("13:30-14:00", "write 13:30..14:00"),
        ("13:30+01:00", "write 2026-11-27T13:30+01:00"),
        ("1:30pm", "write 13:30"),
        ("1pm", "write 13:00"),
        ("5min", "write 5m"),
        ("2hours", "write 2h"),
        ("1h30m", "write 90m"),
        ("1.5h", "write 90m"),
        ("now-1h", "write 1h"),
        ("tues", "write tue"),
        ("13:30..25:00", "'25:00' is not a time: hours go to 23"),
        ("1h..b", "'b' is not a time: write"),
        ("a..1h", "'a' is not a time: write"),
    ],
)
def test_a_word_that_can_only_be_a_time_is_told(word: str, error: str) -> None:
    with pytest.raises(ValueError, match="is not a time") as caught:
        bare_range(word)
    assert error in str(caught.value)


NOWS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
CLOCKS = st.integers(0, DAY - 1)


def written(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


@settings(max_examples=examples(300), deadline=None)
@given(NOWS, CLOCKS, CLOCKS, st.integers(0, 300))
@example(NOON, 13 * 3600 + 1800, 14 * 3600, 0)
def test_two_times_of_day_are_a_range_that_has_started(now: datetime, first: int, last: int, apart: int) -> None:
    start, end = parse_timespan(f"{written(first)}..{written(last)}").pin(now, now + timedelta(seconds=apart))
    second = int(now.timestamp())
    assert start is not None
    assert second - DAY < start <= second
    # The two clocks move neither end: the length is that of the words.
    assert end - start == (last - first) % DAY
    assert (start % DAY, end % DAY) == (first, last)
    # The end is the latest one past, or the first one after the start.
    assert end <= second or end - DAY < start


@pytest.mark.parametrize(
    ("text", "now", "start", "end"),
    [
        # Between the clocks lies 13:30, or 14:00, or midnight: neither end jumps a day from the other.
        ("13:30..14:00", "2026-11-28T13:29:50", "2026-11-27T13:30", "2026-11-27T14:00"),
        ("13:30..14:00", "2026-11-28T13:59:50", "2026-11-28T13:30", "2026-11-28T14:00"),
        ("..13:30", "2026-11-28T13:29:50", None, "2026-11-27T13:30"),
        ("13:30", "2026-11-28T13:29:50", "2026-11-27T13:30", "2026-11-28T13:30:10"),
        ("2h..13:30", "2026-11-28T13:29:50", "2026-11-28T11:29:50", "2026-11-28T13:30"),
        ("yesterday..yesterday", "2026-11-28T23:59:50", "2026-11-27T00:00", "2026-11-27T23:59:59"),
        ("today", "2026-11-28T23:59:50", "2026-11-28T00:00", "2026-11-29T00:00:10"),
        ("sat..sat", "2026-11-28T23:59:50", "2026-11-28T00:00", "2026-11-28T23:59:59"),
        ("sun..sun", "2026-11-28T23:59:50", "2026-11-22T00:00", "2026-11-22T23:59:59"),
        ("..yesterday", "2026-11-28T23:59:50", None, "2026-11-27T23:59:59"),
        # Ages count back from both.
        ("1h..10s", "2026-11-28T23:59:50", "2026-11-28T22:59:50", "2026-11-29T00:00"),
    ],
)
def test_by_two_clocks_both_ends_are_of_one_day(text: str, now: str, start: str | None, end: str) -> None:
    earliest = datetime.fromisoformat(now).replace(tzinfo=UTC)
    span = parse_timespan(text)
    assert span.pin(earliest, earliest + timedelta(seconds=20)) == (start and at(start), at(end))


@pytest.mark.parametrize("hour", range(24))
def test_a_range_over_midnight_is_an_hour_long_at_any_hour(hour: int) -> None:
    start, end = parse_timespan("23:30..00:30").pin(NOON.replace(hour=hour, minute=15))
    assert start is not None
    assert end - start == 3600


NAMED = st.one_of(
    CLOCKS.map(written), st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun", "today", "yesterday"))
)
ENDS = st.one_of(NAMED, st.integers(1, 999).map(lambda number: f"{number}m"), st.just(""))


@settings(max_examples=examples(300), deadline=None)
@given(NOWS, NAMED, ENDS, st.integers(0, 300))
def test_a_named_range_is_never_empty(now: datetime, first: str, last: str, apart: int) -> None:
    text = f"{first}..{last}"
    if first == "today" and last[-1:] in ("m", "y"):
        return  # "today..yesterday" is refused, and "today" cannot end before it started.
    start, end = parse_timespan(text).pin(now, now + timedelta(seconds=apart))
    assert start is not None
    assert start <= now.timestamp()
    assert start <= end or first == "yesterday"


@settings(max_examples=examples(200), deadline=None)
@given(NOWS, st.sampled_from(("mon", "tue", "wed", "thu", "fri", "sat", "sun")))
def test_a_day_of_the_week_is_the_latest_that_has_begun(now: datetime, name: str) -> None:
    start, end = parse_timespan(f"{name}..{name}").pin(now)
    assert start is not None
    began = datetime.fromtimestamp(start, UTC)
    assert f"{began:%a}".lower() == name
    assert timedelta(0) <= now - began < timedelta(days=7)
    assert end - start == DAY - 1


@settings(max_examples=examples(200), deadline=None)
@given(NEARLY_RANGES)
def test_a_bare_range_can_be_read(word: str) -> None:
    try:
        ends = bare_range(word)
    except ValueError:
        return
    if ends is None:
        return
    since, until = ends
    try:
        span = parse_timespan(f"{since or ''}..{until or ''}")
    except ValueError as error:
        assert any(said in str(error) for said in ("starts after", "leaves no time", "names no day"))  # noqa: PT017 - any other is a bug
        return
    assert span.open_ended is (until is None)


def test_a_length_of_time_takes_no_ago() -> None:
    assert duration_of("5M") == timedelta(minutes=5)
    assert duration_of("5m ago") is None
    assert duration_of("13:30") is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        *((text, True) for text in ("13:30", "..mon", "yesterday")),
        *((text, False) for text in ("2h", "30m ago", "2026-11-27", "all", "..1d")),
    ],
)
def test_a_range_tells_whether_it_names_times(text: str, named: bool) -> None:
    assert parse_timespan(text).named is named


@pytest.mark.parametrize(
    ("text", "resolved"),
    [
        ("13:30", "2026-11-27T13:30Z"),
        ("11:30:05", "2026-11-28T11:30:05Z"),
        ("11:30..now", "2026-11-28T11:30Z..now"),
        ("13:30 .. 14:00", "2026-11-27T13:30Z..2026-11-27T14:00Z"),
        ("11:30..12:30", "2026-11-28T11:30Z..2026-11-28T12:30Z"),
        ("..Yesterday", "..2026-11-27"),
        ("mon..mon", "2026-11-23..2026-11-23"),
        ("today", "2026-11-28"),
        ("2h..12:30", "2h..2026-11-28T12:30Z"),
        ("11:30..10m ago", "2026-11-28T11:30Z..10m ago"),
        ("30m ago", "30m ago"),
        ("2026-11-27..36h", "2026-11-27..36h"),
        ("all", "all"),
    ],
)
def test_a_resolved_range_names_no_time(text: str, resolved: str) -> None:
    span = parse_timespan(text).resolved(NOON)
    assert span.text == resolved
    assert not span.named
    assert span.pin(NOON) == parse_timespan(text).pin(NOON)


@settings(max_examples=examples(200), deadline=None)
@given(NOWS, NAMED, st.one_of(NAMED, st.just("")), st.integers(0, 10**6))
def test_a_resolved_range_stays_while_time_passes(now: datetime, first: str, last: str, later: int) -> None:
    if (first, last) == ("today", "yesterday"):
        return
    span = parse_timespan(f"{first}..{last}")
    resolved = span.resolved(now)
    assert resolved.open_ended is span.open_ended
    start, end = resolved.pin(now + timedelta(seconds=later))
    assert start == span.pin(now)[0]
    assert span.open_ended or end == span.pin(now)[1]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("yesterday", "yesterday..yesterday"),
        (" Mon ", "Mon..Mon"),
        ("2026-11-27", "2026-11-27..2026-11-27"),
        ("today", "today"),
        ("13:30", "13:30"),
        ("2h", "2h"),
        ("mon..mon", "mon..mon"),
        ("mon..", "mon.."),
        ("all", "all"),
    ],
)
def test_a_chosen_day_is_that_day(text: str, same: str) -> None:
    assert chosen_range(text) == parse_timespan(same)
