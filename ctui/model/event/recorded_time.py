"""Instants that a record's values tell: ISO 8601, the dates of AWS's Java services, and epochs.

CloudTrail writes each service's own form: `2026-11-27T05:12:03Z`, `Nov 27, 2026 5:12:03 AM` (in newer events with
another comma behind the year), and seconds or milliseconds since 1970. All are UTC unless they name an offset.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)? ?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)
_SPOKEN: Final = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d)\s([AP])M", re.ASCII)
_EPOCH: Final = re.compile(r"\d{10}(?:\.\d{1,9})?|\d{13}", re.ASCII)
_TIME_KEY: Final = re.compile(r"time|date|expir|epoch|created|modified|until|since|after|before|At$", re.IGNORECASE)
"""Keys whose numbers are taken for epochs: sizes and IDs have ten digits too."""
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONGEST: Final = 40
_MILLISECONDS: Final = 13
_SECONDS: Final = range(946_684_800, 4_102_444_800)
"""Epochs of the years 2000 to 2099."""


def recorded_time(key: str, value: str) -> datetime | None:
    """The instant that a value tells, in UTC, or None if it is no time. Never raises.

    `value` is spelled as the record has it. Numbers tell a time only under a key that says so.
    """
    if not 10 <= len(value) <= _LONGEST or not value.isascii():
        return None
    try:
        if _EPOCH.fullmatch(value):
            return _of_epoch(value) if _TIME_KEY.search(key) else None
        if _ISO.fullmatch(value):
            time = datetime.fromisoformat(value.replace(" Z", "Z").replace(" +", "+").replace(" -", "-"))
            return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
        return _of_words(value)
    except (ValueError, OverflowError):
        return None


def _of_epoch(value: str) -> datetime | None:
    seconds = float(value) / 1000 if len(value) == _MILLISECONDS and "." not in value else float(value)
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds) if int(seconds) in _SECONDS else None


def _of_words(value: str) -> datetime | None:
    found = _SPOKEN.fullmatch(value)
    if found is None or found[1] not in _MONTHS:
        return None
    hour = int(found[4]) % 12 + (12 if found[7] == "P" else 0)
    return datetime(
        int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2]), hour, int(found[5]), int(found[6]), tzinfo=UTC
    )
