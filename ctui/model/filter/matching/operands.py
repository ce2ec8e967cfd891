"""Numbers and times that the values at a path are compared with."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

from ctui.model.lookup.timespan import parse_timespan

_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_LONGEST_TIME = 40
"""Characters of a recorded time; a longer text is none."""
_EPOCH = re.compile(r"([0-9]{10})(?:\.[0-9]+)?|([0-9]{13})")
_IN_WORDS = re.compile(r"([A-Z][a-z]{2}) ([0-9]{1,2}), ([0-9]{4}),? ([0-9]{1,2}):([0-9]{2}):([0-9]{2})\s([AP])M")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

Compared = Callable[[str], int | None]
"""-1, 0 or 1 for a recorded value that is less than, equal to or more than the operand; None if they do not compare."""


def is_number(operand: str) -> bool:
    """True for a number, False for a text that can only be a time."""
    return _NUMBER.fullmatch(operand) is not None


def check_operand(operand: str) -> None:
    """Raises ValueError, with a message for a person, for a text that is neither a number nor a time."""
    if not is_number(operand):
        try:
            parse_timespan(f"{operand}..{operand}")
        except ValueError:
            raise ValueError(f"{operand!r} is neither a number nor a time: write 10, 2h or 2026-11-01") from None


def compared_with(operand: str, now: datetime) -> Compared:
    """How recorded values compare with an operand that `check_operand` accepts.

    A number compares with numbers, also if they are recorded as texts. A time compares with the times that records hold
    (seen in real ones): ISO 8601, `Nov 1, 2026, 1:02:03 PM` as in the response of AssumeRole, and seconds or
    milliseconds since 1970, as in that of RunInstances. Ages count back from `now`. A day is equal to each of its
    seconds.
    """
    if is_number(operand):
        number = _number(operand)
        return lambda value: _sign(_number(value), number) if is_number(value) else None
    first, last = parse_timespan(f"{operand}..{operand}").pin(now)
    start = first or 0

    def compared(value: str) -> int | None:
        if (instant := _instant(value)) is None:
            return None
        return -1 if instant < start else 1 if instant >= last + 1 else 0

    return compared


def _number(text: str) -> int | float:
    return int(text) if _INTEGER.fullmatch(text) else float(text)


def _sign(value: int | float, number: int | float) -> int:
    return (value > number) - (value < number)


def _instant(value: str) -> float | None:
    """Epoch seconds of a recorded time, in UTC if it names no zone; None for another text."""
    if len(value) > _LONGEST_TIME:
        return None
    if (epoch := _EPOCH.fullmatch(value)) is not None:
        return float(value) if epoch[1] else int(value) / 1000
    try:
        instant = datetime.fromisoformat(value) if "-" in value else _in_words(value)
    except ValueError:
        return None
    return None if instant is None else (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).timestamp()


def _in_words(value: str) -> datetime | None:
    """The time that a text such as `Nov 1, 2026, 1:02:03 PM` is, or None. Raises ValueError for one that is no time."""
    if (found := _IN_WORDS.fullmatch(value)) is None or found[1] not in _MONTHS:
        return None
    day, year, hour, minute, second = map(int, found.groups()[1:6])
    if not 1 <= hour <= 12:
        return None
    return datetime(
        year, _MONTHS.index(found[1]) + 1, day, hour % 12 + 12 * (found[7] == "P"), minute, second, tzinfo=UTC
    )
