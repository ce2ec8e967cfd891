"""Times in a filter line: what a line is read as, and what is said of one that means a time and names none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.terms import WordTerm
from ctui.model.filter.write import write_filter


@pytest.mark.parametrize(
    ("line", "since", "until"),
    [
        ("13:30", "13:30", None),
        ("9:05", "9:05", None),
        ("13:30..14:00", "13:30", "14:00"),
        ("13:30..", "13:30", None),
        ("..13:30", None, "13:30"),
        ("today", "today", None),
        ("yesterday", "yesterday", "yesterday"),
        ("Monday", "Monday", "Monday"),
        ("2h", "2h", None),
        ("30m ago", "30m", None),
        ("30m ago..10m ago", "30m", "10m"),
        ("user:bob 2h AGO is:error", "2h", None),
        ("(13:30 user:bob)", "13:30", None),
        ("2026-11-27", "2026-11-27", "2026-11-27"),
        ("2026-11-27T13:30", "2026-11-27T13:30", None),
        # Instants as ctui shows them.
        ("2026-11-27 13:30", "2026-11-27T13:30", None),
        ("2026-11-27 13:30:05 UTC", "2026-11-27T13:30:05", None),
        ("2026-11-27 14:30:05 +01:00 user:bob", "2026-11-27T14:30:05+01:00", None),
        ("since:2026-11-27 13:30", "2026-11-27T13:30", None),
        ("since:30m ago until:10m ago", "30m", "10m"),
        ("since:mon until:wed", "mon", "wed"),
    ],
)
def test_a_time_is_the_range_of_the_line(line: str, since: str | None, until: str | None) -> None:
    read = parse_filter(line)
    assert (read.since, read.until) == (since, until)
    assert not any(isinstance(term, WordTerm) for term in read.terms)
    assert parse_filter(write_filter(read)) == read


@pytest.mark.parametrize(
    ("line", "position", "instead"),
    [
        ("2 hours ago", 2, "write 2h ago"),
        ("an hour ago", 3, "write 1h ago"),
        ("5 min ago", 2, "write 5m ago"),
        ("5min ago", 0, "write 5m"),
        ("13:30 ago", 6, "leave out ago: write 13:30"),
        ("ago", 0, "ago follows a length: write 30m ago"),
        ("last week", 0, "write 1w"),
        ("last 2 hours", 0, "write 2h"),
        ("in the past 30 days user:bob", 7, "write 30d"),
        ("this week", 0, "write mon.."),
        ("last friday", 0, "write friday"),
        ("since yesterday", 0, "write since:yesterday"),
        ("from 13:30", 0, "write since:13:30"),
        ("after 13:30", 0, "write since:13:30"),
        ("until 14:00", 0, "write until:14:00"),
        ("before 14:00", 0, "write until:14:00"),
        ("before yesterday", 0, "write since:yesterday or until:yesterday"),
        ("13:30 to 14:00", 6, "write 13:30..14:00"),
        ("13:30 - 14:00", 6, "write 13:30..14:00"),
        ("13:30-14:00", 0, "write 13:30..14:00"),
        ("13:30 .. 14:00", 6, "write 13:30..14:00"),
        ("13:30,14:00", 0, "write 13:30..14:00"),
        ("between 13:30 and 14:00", 0, "write 13:30..14:00"),
        ("yesterday 13:30", 10, "write its date: 2026-11-27T13:30"),
        ("since:mon 13:30", 10, "write its date: 2026-11-27T13:30"),
        ("today 13:30..14:00", 6, "write 13:30..14:00"),
        ("2026-11-27 13:30..14:00", 11, "write 2026-11-27T13:30..2026-11-27T14:00"),
        ("2026-11-27T13:30..14:00", 0, "write 2026-11-27T14:00"),
        ("1:30 pm", 5, "write 13:30"),
        ("27 Nov", 3, "write a date as 2026-11-27"),
        ("November 27", 0, "write a date as 2026-11-27"),
        ("25:00", 0, "hours go to 23"),
        ("2026-13-01", 0, "there is no such day"),
        ("13:30..25:00", 0, "hours go to 23"),
        ("13:30+01:00", 0, "write 2026-11-27T13:30+01:00"),
        ("-2h", 1, "cannot be negated: write 2h"),
        ("now-1h", 0, "write 1h"),
        ("since:2 hours ago", 6, "write 2h ago"),
        ("until:last week", 6, "write 1w"),
        ("user:bob 13:30 14:00", 15, "both ends are 13:30..14:00"),
        ("1d..3d", 0, "starts after it ends"),
    ],
)
def test_what_means_a_time_is_told_at_its_character(line: str, position: int, instead: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_filter(line)
    assert instead in str(caught.value)
    assert caught.value.position == position


@pytest.mark.parametrize(
    "line",
    [
        *(
            "last login",
            "last and",
            "this user",
            "from bob",
            "to user:bob",
            "day",
            "after all",
            "may",
            "before",
            "am i",
        ),
        *('"13:30"', '"yesterday"', '"2" "hours"', '"last" week', '"2h ago"', "1330", "13.30", "1.2.3"),
        *("27 bob", "12 monkeys", "a day", "and", "until", '"ago"'),
    ],
)
def test_ordinary_words_are_searched_for(line: str) -> None:
    read = parse_filter(line)
    assert read.timespan is None
    assert read.terms
    assert parse_filter(write_filter(read)) == read


_WORDS = st.sampled_from(
    (
        *("since", "until", "after", "last", "this", "ago", "2", "2h", "hours", "13:30", "mon", "to", "and", "between"),
        *("pm", "nov", "27", "yesterday", "2026-11-27", "bob", "a", "now", "..", "user:bob"),
    )
)


@settings(max_examples=examples(500), deadline=None)
@given(st.lists(st.one_of(_WORDS, _WORDS.map(lambda word: f'"{word}"')), max_size=5))
def test_words_around_times_are_written_as_they_are_read(words: list[str]) -> None:
    try:
        read = parse_filter(" ".join(words))
    except FilterError:
        return
    assert parse_filter(write_filter(read)) == read
    # A quoted time is a text.
    assert sum(isinstance(term, WordTerm) for term in read.terms) >= sum(word.startswith('"') for word in words)
