"""Ranges of time as people write them: "15m", "13:30..14:00", "2026-11-01T12:00Z..now"; all in UTC."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from ctui.model.lookup.moment import (
    DayBack,
    Moment,
    Recurring,
    end_of,
    first_second,
    is_day,
    is_named,
    is_plain_moment,
    last_second,
    moment_of,
)
from ctui.model.lookup.moment_errors import moment_error

_UNIT_WORDS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
_AGE = re.compile(r"(?P<n>[0-9]{1,6})(?P<unit>[smhdw])", re.IGNORECASE)
_AGO = re.compile(r"\sago\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Timespan:
    """A range that may be relative to now; it is fixed when a scan starts."""

    text: str
    """As a person writes it."""
    start: Moment | None
    """A time, an age or a name relative to now, or None for the start of history."""
    end: Moment | None
    """A time, an age or a name relative to now, or None for "now"."""

    def pin(self, now: datetime, latest: datetime | None = None) -> tuple[int | None, int]:
        """(first second or None, last second), epoch, both inclusive. Ages count back from `now`, rounded down.

        If two clocks differ, `now` is the earlier time, from which the start counts, and `latest` the later one, for
        the end: the range then contains what was meant, whichever clock is right. Times of day and names of days count
        from `now` at both ends, and the range of a time of day is never empty: an end before the start is the first
        one after it, a start after an end that is over is the latest one before that. A time before 1970 becomes
        second 0. A start after the end is returned as it is; the service refuses it (InvalidTimeRangeException).
        """
        latest = latest or now
        start = None if self.start is None else first_second(self.start, now)
        end = last_second(self.end or timedelta(0), start, now, latest)
        if isinstance(self.start, Recurring) and start is not None and start > end:
            start = self.start.latest_start(end)
        return (None if start is None else max(0, start)), max(0, end)

    @property
    def open_ended(self) -> bool:
        """True if the range ends in "now", so that a new search can find newer events."""
        return self.end is None

    @property
    def named(self) -> bool:
        """True if its words do not say which instants it has: it names times of day or days, or lengths "ago"."""
        return is_named(self.start) or is_named(self.end) or _AGO.search(self.text) is not None


def parse_timespan(text: str) -> Timespan:
    """Read `AGE`, `TIME`, `DAY`, `INSTANT`, `FROM..TO` or "all", in any letter case.

    An age is a number and s, m, h, d or w, with or without "ago"; a time of day is 13:30 or 13:30:05, a day is today,
    yesterday, mon to sun or a date; an instant is ISO 8601, in UTC if it names no zone. One of them alone is the start
    of a range until now. A day means its first second as a start and its last second as an end. Raises ValueError with
    a message for a person.
    """
    stripped = text.strip()
    if stripped.lower() == "all":
        return ALL_HISTORY
    first, dots, last = stripped.partition("..")
    start = None if dots and not first.strip() else _parse_moment(first, alone=not dots)
    if start == timedelta(0):
        raise ValueError(f"{first.strip()!r} as the start leaves no time: write 15m, 3h, 7d or 2026-11-01T12:00Z")
    end = None if not dots or not last.strip() else end_of(_parse_moment(last, alone=False), last)
    if end == timedelta(0):
        end = None
    span = Timespan(stripped, start, end)
    if _surely_backwards(start, end):
        raise ValueError(f"{stripped!r} starts after it ends")
    return span


def bare_range(word: str) -> tuple[str | None, str | None] | None:
    """(since, until), as typed, of what is a range in a filter line without a field; None for a word to search for.

    A moment alone is the start, and a day alone is that day, which has not ended if it is today. Two moments with two
    dots between them, of which one may be missing, are a range. A range that starts after it ends is one here;
    `parse_timespan` refuses it.
    """
    stripped = word.strip()
    ends = ends_of(stripped)
    if ends is None:
        if not is_plain_moment(stripped) or stripped.lower() == "now":
            return None
        return (stripped, stripped if is_day(stripped) and stripped.lower() != "today" else None)
    if ends == ("", "") or not all(not end or is_plain_moment(end) for end in ends):
        return None
    first, last = ends
    return first or None, last if last and last.lower() != "now" else None


def ends_of(text: str) -> tuple[str, str] | None:
    """Start and end of a `FROM..TO`, "" for a missing one, or None if the text is not a range."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    return (first, last) if dots else None


def title_of(span: Timespan) -> str:
    """A range in words: "last 2 minutes", "until 1 day ago", "2026-11-01 to 2026-11-02", "all history"."""
    usual = next((words for words, preset in PRESETS if (preset.start, preset.end) == (span.start, span.end)), "")
    if usual:
        return usual
    first, _, last = (part.strip() for part in span.text.partition(".."))
    if span.end is None:
        if (length := _length_in_words(first)) is not None:
            return f"last {length.removeprefix('1 ')}"
        return f"since {first}"
    end = _moment_in_words(last)
    return f"until {end}" if span.start is None else f"{_moment_in_words(first)} to {end}"


def _moment_in_words(word: str) -> str:
    length = _length_in_words(word)
    return word if length is None else f"{length} ago"


def _length_in_words(word: str) -> str | None:
    """ "2 minutes" for 2m; None if the word is not an age."""
    found = _AGE.fullmatch(word)
    if found is None:
        return None
    number = int(found["n"])
    return f"{number} {_UNIT_WORDS[found['unit'].lower()]}{'' if number == 1 else 's'}"


def _parse_moment(text: str, *, alone: bool) -> Moment:
    if (moment := moment_of(text)) is None:
        raise ValueError(moment_error(text, alone=alone))
    return moment


def _surely_backwards(start: Moment | None, end: Moment | None) -> bool:
    if isinstance(start, DayBack) and isinstance(end, DayBack):
        return start.days < end.days
    if isinstance(start, timedelta) and isinstance(end, timedelta):
        return start < end
    if isinstance(start, datetime) and isinstance(end, datetime):
        return start > end
    return False


ALL_HISTORY = Timespan("all", None, None)
"""Everything in event history, until now."""

PRESETS: tuple[tuple[str, Timespan], ...] = (
    ("last 15 minutes", Timespan("15m", timedelta(minutes=15), None)),
    ("last hour", Timespan("1h", timedelta(hours=1), None)),
    ("last 3 hours", Timespan("3h", timedelta(hours=3), None)),
    ("last 12 hours", Timespan("12h", timedelta(hours=12), None)),
    ("last day", Timespan("1d", timedelta(days=1), None)),
    ("last 3 days", Timespan("3d", timedelta(days=3), None)),
    ("last 7 days", Timespan("7d", timedelta(days=7), None)),
    ("last 30 days", Timespan("30d", timedelta(days=30), None)),
    ("last 90 days", Timespan("90d", timedelta(days=90), None)),
    ("all history", ALL_HISTORY),
)
"""The ranges in the time picker: (title, range)."""
