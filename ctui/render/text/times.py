"""Instants and lengths of time in words, the same in every locale."""

import re
from datetime import UTC, date, datetime, tzinfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WRITTEN = re.compile(r"(?:[A-Z][a-z]{2} )?(\d{4})-(\d\d)-(\d\d)(?: (\d\d:\d\d))?")
"""An instant in the words of a range: date, and time in UTC to the minute."""
_SECONDS = re.compile(r"(?<=\d\d:\d\d):\d\d")
_NEAR = 1.3
"""Ends of a range that are no further apart are written as one."""
_STEPS = ((10, 1), (60, 5), (120, 10), (600, 60), (7200, 300), (float("inf"), 3600))
"""To how many seconds an estimate below so many is rounded."""
_MINUTE = 60
_HOUR = 3600
_DAY = 86400
_PARTS = 2
"""Units of a distance, at most."""
_ROUND = 60
"""So many of a unit stand without a smaller one."""


def ago(then: datetime, now: datetime) -> str:
    """How long before `now` an instant was: "2 min ago", or "in 3 s" for a later instant."""
    seconds = round((now - then).total_seconds())
    if seconds == 0:
        return "now"
    apart = length(abs(seconds))
    return f"{apart} ago" if seconds > 0 else f"in {apart}"


def distance(then: datetime, event: datetime) -> str:
    """How far from an event an instant is: "1 h 39 min before", "12 h after", "412 d before"."""
    seconds = round((then - event).total_seconds())
    side = "after" if seconds > 0 else "before"
    left = abs(seconds)
    parts: list[str] = []
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min"), (1, "s")):
        number, left = divmod(left, size)
        if number:
            parts.append(f"{number:,} {unit}")
        if parts and (len(parts) == _PARTS or not number or number >= _ROUND):
            break
    return f"{' '.join(parts)} {side}" if parts else "at the same second"


def between(low: float | None, high: float) -> str:
    """An estimate that says so: "20 to 60 s"; "about 40 s" where both ends are near, "up to 2 min" without a low end.

    Rounded to what an estimate can know, the low end down and the high end up.
    """
    most = _rounded_up(high)
    if low is None:
        return f"up to {_spell(most)}"
    if high <= low * _NEAR:
        return f"about {_spell(_rounded_up((low + high) / 2))}"
    least = max(1, int(low // _step(low) * _step(low)))
    if least >= most:
        return f"about {_spell(most)}"
    number, _, unit = _spell(least).partition(" ")
    words = _spell(most)
    return f"{number} to {words}" if words.endswith(f" {unit}") else f"{number} {unit} to {words}"


def _step(seconds: float) -> int:
    return next(step for below, step in _STEPS if seconds < below)


def _rounded_up(seconds: float) -> int:
    step = _step(seconds)
    return max(1, int(-(-seconds // step) * step))


def _spell(seconds: int) -> str:
    """A length in seconds up to two minutes, in minutes up to two hours, then in hours."""
    if seconds < 2 * _MINUTE:
        return f"{seconds} s"
    return f"{seconds // _MINUTE} min" if seconds < 2 * _HOUR else f"{seconds // _HOUR} h"


def clock_time(instant: datetime) -> str:
    """Hour, minute and second in UTC: 14:02:11."""
    return f"{instant.astimezone(UTC):%H:%M:%S}"


def day(of: date) -> str:
    """A day in full: Saturday 21 November 2026."""
    return f"{_DAYS[of.weekday()]} {of.day} {_MONTHS[of.month - 1]} {of.year}"


def instant_utc(instant: datetime) -> str:
    """Date and time in UTC: 2026-11-21 14:02:11 UTC."""
    return f"{_date_and_time(instant.astimezone(UTC))} UTC"


def instant_local(instant: datetime, zone: tzinfo | None = None) -> str:
    """Date and time in `zone`, the machine's own when None, with the offset: 2026-11-21 15:02:11 +01:00."""
    local = instant.astimezone(zone)
    offset = f"{local:%z}"
    return f"{_date_and_time(local)} {offset[:3]}:{offset[3:5]}"


def moment(instant: datetime) -> str:
    """An instant to the minute, in UTC: 21 Nov 2026 14:02."""
    utc = instant.astimezone(UTC)
    return f"{utc.day} {_MONTHS[utc.month - 1][:3]} {utc.year} {utc:%H:%M}"


def to_the_minute(instant: datetime) -> str:
    """Date, hour and minute in UTC: 2026-11-21 14:02."""
    return _date_and_time(instant.astimezone(UTC))[:-3]


def short(then: datetime, now: datetime) -> str:
    """An instant in UTC in the fewest words: the time on the same day, else day and month, and the year if another."""
    utc, today = then.astimezone(UTC), now.astimezone(UTC)
    if utc.date() == today.date():
        return f"{utc:%H:%M}"
    month = _MONTHS[utc.month - 1][:3]
    return f"{utc.day} {month}" if utc.year == today.year else f"{utc.day} {month} {utc.year}"


def near(then: datetime, now: datetime) -> str:
    """An instant to the minute in UTC, without what it shares with now: 14:02, 19 Nov 14:02, 19 Nov 2025 14:02."""
    utc, today = then.astimezone(UTC), now.astimezone(UTC)
    if utc.date() == today.date():
        return f"{utc:%H:%M}"
    return f"{utc.day} {_MONTHS[utc.month - 1][:3]} {utc:%H:%M}" if utc.year == today.year else moment(then)


def to_the_second(then: datetime, now: datetime) -> str:
    """An instant to the second in UTC, without what it shares with now: 14:02:11, 19 Nov 14:02:11."""
    utc, today = then.astimezone(UTC), now.astimezone(UTC)
    if utc.date() == today.date():
        return clock_time(utc)
    date = f"{utc.day} {_MONTHS[utc.month - 1][:3]}"
    return f"{date} {clock_time(utc)}" if utc.year == today.year else f"{date} {utc.year} {clock_time(utc)}"


def shortened(words: str, now: datetime | None) -> str:
    """A range's words with its instants as people say them: 15 Nov to 20 Nov 18:00.

    Seconds, the zone and now's year go, and so does the midnight with which a range starts.
    """

    def said(found: re.Match[str]) -> str:
        year, month, day, time = found.groups()
        if not 1 <= int(month) <= 12:
            return found[0]
        date = f"{int(day)} {_MONTHS[int(month) - 1][:3]}"
        date = date if now is not None and int(year) == now.astimezone(UTC).year else f"{date} {year}"
        is_end = words[: found.start()].endswith(("to ", "until "))
        return date if time is None or (time == "00:00" and not is_end) else f"{date} {time}"

    words = _SECONDS.sub("", words.removesuffix(" UTC"))
    return _WRITTEN.sub(said, words)


def _date_and_time(instant: datetime) -> str:
    # The year by hand: %Y is not four digits before the year 1000 on every platform.
    return f"{instant.year:04}-{instant:%m-%d %H:%M:%S}"


def length(seconds: int) -> str:
    """A length of time, rounded down to whole units: "12 min", "47 h", "12 d"."""
    if seconds < _MINUTE:
        return f"{seconds} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR} h"
    return f"{seconds // _DAY} d"
