"""Ranges of time as people write them: "15m", "7d", "2026-11-01T12:00Z..now"."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_UNIT_WORDS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
_LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)
_AGO = re.compile(r"(?P<n>[0-9]{1,6})(?P<unit>[smhdw])")


@dataclass(frozen=True, slots=True)
class Timespan:
    """A range that may be relative to now; it is fixed when a scan starts."""

    text: str
    """As a person writes it."""
    start: datetime | timedelta | None
    """A time, an age relative to now, or None for the start of history."""
    end: datetime | timedelta | None
    """A time, an age relative to now, or None for "now"."""

    def pin(self, now: datetime, latest: datetime | None = None) -> tuple[int | None, int]:
        """(first second or None, last second), epoch, both inclusive. Ages count back from `now`, rounded down.

        If two clocks differ, `now` is the earlier time, from which the start counts, and `latest` the later one, for
        the end: the range then contains what was meant, whichever clock is right. A time before 1970 becomes second 0.
        A start after the end is returned as it is; the service refuses it (InvalidTimeRangeException).
        """
        start = None if self.start is None else _pinned(self.start, now)
        return start, _pinned(self.end or timedelta(0), latest or now)

    @property
    def open_ended(self) -> bool:
        """True if the range ends in "now", so that a new search can find newer events."""
        return self.end is None


def parse_timespan(text: str) -> Timespan:
    """Read `AGE`, `INSTANT`, `FROM..TO` or "all".

    An age is a number and s, m, h, d or w; a time is ISO 8601, in UTC if it names no zone. A date alone means its
    first second as a start and its last second as an end. Raises ValueError with a message for a person.
    """
    stripped = text.strip()
    if stripped.lower() == "all":
        return ALL_HISTORY
    first, dots, last = stripped.partition("..")
    start = None if dots and not first.strip() else _parse_moment(first, alone=not dots)
    if start == timedelta(0):
        raise ValueError(f"{first.strip()!r} as the start leaves no time: write 15m, 3h, 7d or 2026-11-01T12:00Z")
    end = None if not dots or not last.strip() else _parse_moment(last)
    if isinstance(end, datetime) and _is_day(last.strip()):
        end += _LAST_SECOND
    if end == timedelta(0):
        end = None
    span = Timespan(stripped, start, end)
    if _surely_backwards(start, end):
        raise ValueError(f"{stripped!r} starts after it ends")
    return span


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
    found = _AGO.fullmatch(word)
    if found is None:
        return None
    number = int(found["n"])
    return f"{number} {_UNIT_WORDS[found['unit']]}{'' if number == 1 else 's'}"


def _parse_moment(text: str, *, alone: bool = False) -> datetime | timedelta:
    word = text.strip()
    if word.lower() == "now":
        return timedelta(0)
    if found := _AGO.fullmatch(word):
        return timedelta(seconds=int(found["n"]) * _UNITS[found["unit"]])
    try:
        instant = datetime.fromisoformat(word)
        return (instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant).astimezone(UTC)
    except (ValueError, OverflowError):
        ways = "15m, 3h, 7d, 2026-11-01T12:00Z or FROM..TO"
        if not alone:
            ways = "15m, 3h, 7d or 2026-11-01T12:00Z"
        raise ValueError(f"{word!r} is not a time: write {ways}") from None


def _is_day(word: str) -> bool:
    """True for a date without a time."""
    try:
        date.fromisoformat(word)
    except ValueError:
        return False
    return True


def _pinned(moment: datetime | timedelta, now: datetime) -> int:
    if isinstance(moment, timedelta):
        # As seconds: a date cannot be a few thousand years ago.
        return max(0, int((now.timestamp() - moment.total_seconds()) // 1))
    return max(0, int(moment.timestamp() // 1))


def _surely_backwards(start: datetime | timedelta | None, end: datetime | timedelta | None) -> bool:
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
