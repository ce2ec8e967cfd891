"""Moments as people write them: "2h", "30m ago", "13:30", "yesterday", "mon", "2026-11-27T13:30Z"; all in UTC."""

import re
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from ctui.model.values import dataclass

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
"""Seconds of the units of an age."""
_DAY = 86400
_WEEK = 7 * _DAY
_MONDAY = 4 * _DAY
"""The first Monday of the epoch, which began on a Thursday."""
_LAST_SECOND = timedelta(hours=23, minutes=59, seconds=59)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The days of the week; three letters of each are enough."""
DAY_WORDS = ("today", "yesterday")
"""Days by how many days ago they were."""

_AGE = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[smhdw])(?P<ago>\s+ago)?")
_CLOCK = re.compile(r"(?P<hour>[01]?[0-9]|2[0-3]):(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]))?(?:\s?(?:z|utc))?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(
    _DATE.pattern + r"[t ][0-9]{2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?(?: ?(?:z|utc|[+-][0-9]{2}:?[0-9]{2}))?"
)
_ISO = re.compile(r"(?P<date>[0-9]{4}-?[0-9]{2}-?[0-9]{2}|[0-9]{4}-?w[0-9]{2}-?[1-7])(?:[t ](?P<time>.+))?")
_BLANK_BEFORE_ZONE = re.compile(r"(?<=[0-9]) (?=[+-][0-9]{2}:?[0-9]{2}$)")


@dataclass(frozen=True, slots=True)
class Recurring:
    """A time of day or a day of the week: a stretch that comes again and again.

    As a start it is the latest one that has started. As an end it is the last second of that, or of the first one that
    ends after the range starts.
    """

    period: int
    """Seconds from one to the next."""
    offset: int
    """The second of the epoch at which one begins."""
    length: int
    """Seconds that it lasts."""

    def latest_start(self, now: int) -> int:
        """The first second of the latest one that has started at second `now`."""
        return now - (now - self.offset) % self.period

    def end_after(self, start: int | None, now: int) -> int:
        """The last second of the latest one that has started, or of the first one that does not end before `start`."""
        end = self.latest_start(now) + self.length - 1
        return end if start is None or end >= start else end + -(-(start - end) // self.period) * self.period


@dataclass(frozen=True, slots=True)
class DayBack:
    """Today or a day before it."""

    days: int
    """How many days ago; 0 is today."""

    def start(self, now: int) -> int:
        """Its first second."""
        return now - now % _DAY - self.days * _DAY

    def end(self, now: int) -> int:
        """Its last second."""
        return self.start(now) + _DAY - 1


Moment: TypeAlias = datetime | timedelta | Recurring | DayBack
"""An instant, an age, or a name for a time that depends on now."""


def moment_of(text: str) -> Moment | None:
    """The moment that a text is, in any letter case; None if it is none. A date alone is its first second.

    Dates and times are those of ISO 8601 that `datetime.fromisoformat` reads, and those that ctui shows.
    """
    word = text.strip().lower()
    if word == "now":
        return timedelta(0)
    if found := _AGE.fullmatch(word):
        return timedelta(seconds=int(found["number"]) * UNITS[found["unit"]])
    if (named := _clock(word) or _day(word)) is not None:
        return named
    return _instant(word)


def end_of(moment: Moment, text: str) -> Moment:
    """The moment as the end of a range: a date, which `text` then is, ends with its last second."""
    found = _ISO.fullmatch(text.strip().lower())
    return moment + _LAST_SECOND if isinstance(moment, datetime) and found and not found["time"] else moment


def duration_of(text: str) -> timedelta | None:
    """The length of time that a text such as 5m is; None if it is none."""
    found = _AGE.fullmatch(text.strip().lower())
    return None if found is None or found["ago"] else timedelta(seconds=int(found["number"]) * UNITS[found["unit"]])


def is_day(text: str) -> bool:
    """True for a day as people write it, without a time: 2026-11-27, yesterday, mon."""
    word = text.strip().lower()
    return _day(word) is not None or (_DATE.fullmatch(word) is not None and _instant(word) is not None)


def is_plain_moment(text: str) -> bool:
    """True for a moment in one of the ways that the documentation has; of all others some are ordinary words."""
    word = text.strip().lower()
    written = word == "now" or any(pattern.fullmatch(word) for pattern in (_AGE, _CLOCK, _DATE, _INSTANT))
    return (written or _day(word) is not None) and moment_of(word) is not None


def is_named(moment: Moment | None) -> bool:
    """True for a time of day, a day of the week, today and yesterday."""
    return isinstance(moment, (Recurring, DayBack))


def written(moment: Moment | None, second: int) -> str:
    """The second of the epoch, which a named moment is, as its date or as an instant: 2026-11-27T13:30Z."""
    at = datetime.fromtimestamp(second, UTC)
    if isinstance(moment, DayBack) or (isinstance(moment, Recurring) and moment.length == _DAY):
        return f"{at:%Y-%m-%d}"
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at.second else f"{at:%Y-%m-%dT%H:%MZ}"


def first_second(moment: Moment, now: datetime) -> int:
    """The second of the epoch at which a range from this moment begins, seen from `now`, rounded down."""
    at = int(now.timestamp() // 1)
    if isinstance(moment, Recurring):
        return moment.latest_start(at)
    if isinstance(moment, DayBack):
        return moment.start(at)
    return _second(moment, now)


def last_second(moment: Moment, start: int | None, now: datetime, latest: datetime) -> int:
    """The second of the epoch with which a range from second `start` to this moment ends.

    Ages count back from `latest`. Named times are those of `now`, as at the start: seen from two clocks that differ,
    they could be a day apart.
    """
    at = int(now.timestamp() // 1)
    if isinstance(moment, Recurring):
        return moment.end_after(start, at)
    if isinstance(moment, DayBack):
        return moment.end(at)
    return _second(moment, latest)


def _second(moment: datetime | timedelta, now: datetime) -> int:
    # As seconds: a date cannot be a few thousand years ago.
    second = moment.timestamp() if isinstance(moment, datetime) else now.timestamp() - moment.total_seconds()
    return int(second // 1)


def _instant(word: str) -> datetime | None:
    if (found := _ISO.fullmatch(word)) is None:
        return None
    time = _BLANK_BEFORE_ZONE.sub("", re.sub(r" ?utc$", "z", found["time"] or "00:00"))
    try:
        instant = datetime.fromisoformat(f"{found['date']}T{time}".upper())
        return (instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _clock(word: str) -> Recurring | None:
    if (found := _CLOCK.fullmatch(word)) is None:
        return None
    seconds = int(found["hour"]) * 3600 + int(found["minute"]) * 60 + int(found["second"] or 0)
    return Recurring(_DAY, seconds, 1)


def _day(word: str) -> Recurring | DayBack | None:
    """Today, yesterday or a day of the week."""
    if word in DAY_WORDS:
        return DayBack(DAY_WORDS.index(word))
    for index, name in enumerate(WEEKDAYS):
        if word in (name, name[:3]):
            return Recurring(_WEEK, _MONDAY + index * _DAY, _DAY)
    return None
