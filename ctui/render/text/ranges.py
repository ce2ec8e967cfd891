"""Ranges of time in words: "last 3 hours", "since Fri 2026-11-27 13:30 UTC", "Fri 2026-11-27 13:30 to 14:00 UTC"."""

import re
from datetime import UTC, datetime, timedelta

from ctui.model.lookup.timespan import PRESETS, Timespan

_UNIT_WORDS = {"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"}
_AGE = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[smhdw])", re.IGNORECASE)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LAST_SECOND = (23, 59, 59)


def range_words(span: Timespan, pinned: tuple[int | None, int]) -> str:
    """A range in words: lengths of time as they are, all else as the instants that it was pinned to.

    `pinned` has its first and last second, as `Timespan.pin` has them.
    """
    return _ages(span) if _is_of_ages(span) else _instants(span, pinned)


def range_in_full(span: Timespan, pinned: tuple[int | None, int]) -> str:
    """A range in words, and the instants too where these are lengths of time: what a person sees while they type."""
    words, instants = range_words(span, pinned), _instants(span, pinned)
    return words if words == instants else f"{words} · {instants}"


def preposition(words: str) -> str:
    """What stands before the words of a range, blank included, as in "No events in the last hour"."""
    if words.startswith(("since ", "until ")):
        return ""
    if words.startswith(("last ", "all ")):
        return "in "
    return "from " if " to " in words else "on "


def _instants(span: Timespan, pinned: tuple[int | None, int]) -> str:
    first, last = pinned
    start = None if first is None else _instant(first)
    if span.open_ended:
        return "all history" if start is None else f"since {_day(start)} {_time(start)} UTC"
    end = _instant(last)
    if start is None:
        return f"until {_day(end)} {_time(end)} UTC"
    if (start.hour, start.minute, start.second) == (0, 0, 0) and (end.hour, end.minute, end.second) == _LAST_SECOND:
        return f"{_day(start)} UTC" if start.date() == end.date() else f"{_day(start)} to {_day(end)} UTC"
    until = _time(end) if start.date() == end.date() else f"{_day(end)} {_time(end)}"
    return f"{_day(start)} {_time(start)} to {until} UTC"


def _is_of_ages(span: Timespan) -> bool:
    """True for lengths of time without "ago", whose words say what is meant."""
    ends = [end for end in (span.start, span.end) if end is not None]
    return all(isinstance(end, timedelta) for end in ends) and "ago" not in span.text.lower()


def _ages(span: Timespan) -> str:
    usual = next((words for words, preset in PRESETS if (preset.start, preset.end) == (span.start, span.end)), "")
    if usual:
        return usual
    first, _, last = (part.strip() for part in span.text.partition(".."))
    if span.end is None:
        return f"last {_length(first).removeprefix('1 ')}"
    end = f"{_length(last)} ago"
    return f"until {end}" if span.start is None else f"{_length(first)} ago to {end}"


def _length(word: str) -> str:
    """ "2 minutes" for 2m."""
    found = _AGE.fullmatch(word)
    assert found is not None, "ends of a range of ages are ages"
    number = int(found["number"])
    return f"{number} {_UNIT_WORDS[found['unit'].lower()]}{'' if number == 1 else 's'}"


def _instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def _day(at: datetime) -> str:
    # The year by hand: %Y is not four digits before the year 1000 on every platform.
    return f"{_DAYS[at.weekday()]} {at.year:04}-{at:%m-%d}"


def _time(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
