"""Ranges of time as people write them: "15m", "13:30..14:00", "2026-11-01T12:00Z..now"; all in UTC."""

import re
from datetime import UTC, datetime, timedelta

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
    written,
)
from ctui.model.values import dataclass

_MAY_BE_TIMES = re.compile(r"[0-9.-]|today|yesterday|mon|tue|wed|thu|fri|sat|sun|now", re.IGNORECASE)
"""How a word starts that may be a range, or is meant as one."""


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
        """True if it names a time of day or a day, which is another one on another day."""
        return is_named(self.start) or is_named(self.end)

    def checked(self, now: datetime) -> "Timespan":
        """The range if it has a second at `now`. Raises ValueError, with a message for a person, if it has none."""
        start, end = self.pin(now)
        if start is not None and start > end:
            raise ValueError(f"{self.text!r} starts after it ends")
        return self

    def resolved(self, now: datetime) -> "Timespan":
        """The range with an instant, or a date, in the place of each time of day and named day: what they are at `now`.

        Such a range keeps its times while the clock goes on. Ages stay as they are.
        """
        if not self.named:
            return self
        first, last = self.pin(now)
        from_word, dots, to_word = (part.strip() for part in self.text.partition(".."))
        from_word = written(self.start, first) if is_named(self.start) and first is not None else from_word
        return parse_timespan(f"{from_word}{dots}{written(self.end, last) if is_named(self.end) else to_word}")


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
    if isinstance(start, datetime) and isinstance(end, Recurring) and not (is_day(first) or is_day(last)):
        advice = f"write {start.date().isoformat()}T{last.strip()}"
        raise ValueError(f"{last.strip()!r} names no day, and {first.strip()!r} does: {advice}")
    span = Timespan(stripped, start, end)
    if _surely_backwards(start, end):
        raise ValueError(f"{stripped!r} starts after it ends: write {last.strip()}..{first.strip()}")
    return span


def bare_range(word: str) -> tuple[str | None, str | None] | None:
    """(since, until), as typed, of what is a range in a filter line without a field; None for a word to search for.

    A moment alone is the start, and a day alone is that day, which has not ended if it is today. Two moments with two
    dots between them, of which one may be missing, are a range. A range that starts after it ends is one here;
    `parse_timespan` refuses it. Raises ValueError, with a message for a person, for a word that can hardly be anything
    but a time, and is none: 25:00.
    """
    stripped = word.strip()
    if ".." not in stripped and _MAY_BE_TIMES.match(stripped) is None:
        return None
    from ctui.model.lookup.moment_errors import bare_error  # noqa: PLC0415 - a start reads no range that was typed

    if error := bare_error(stripped):
        raise ValueError(error)
    ends = ends_of(stripped)
    if ends is None:
        if not is_plain_moment(stripped) or stripped.lower() == "now":
            return None
        return (stripped, stripped if is_day(stripped) and stripped.lower() != "today" else None)
    if ends == ("", "") or not all(not end or is_plain_moment(end) for end in ends):
        return None
    first, last = ends
    return first or None, last if last and last.lower() != "now" else None


def chosen_range(text: str) -> Timespan:
    """The range that a text means where a range is chosen, as in a filter line: a day alone is that day.

    Raises ValueError with a message for a person.
    """
    ends = bare_range(text)
    day = ends is not None and ends[0] is not None and ends[0] == ends[1]
    return parse_timespan(f"{text.strip()}..{text.strip()}" if day and ends_of(text) is None else text)


def ends_around(time: datetime, distance: timedelta) -> tuple[str, str]:
    """(since, until), as typed, of so much time before and after an aware instant; the latest is the end of 9999."""
    latest = datetime.max.replace(tzinfo=UTC)
    ends = (time - distance, min(time, latest - distance) + distance)
    first, last = (f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for end in ends)
    return first, last


def ends_of(text: str) -> tuple[str, str] | None:
    """Start and end of a `FROM..TO`, "" for a missing one, or None if the text is not a range."""
    first, dots, last = (part.strip() for part in text.partition(".."))
    return (first, last) if dots else None


def _parse_moment(text: str, *, alone: bool) -> Moment:
    if (moment := moment_of(text)) is None:
        from ctui.model.lookup.moment_errors import moment_error  # noqa: PLC0415 - as above

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
