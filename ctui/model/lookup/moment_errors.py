"""What to write instead of a text that is meant as a time and is none."""

import re

from ctui.model.lookup.moment import DAY_WORDS, UNITS, is_day, is_plain_moment, moment_of

_WAYS = "write 13:30, mon, 15m, 7d or 2026-11-01T12:00Z"
_UNIT_WORDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "w"),
    **dict.fromkeys(("month", "months"), "30d"),
}
LENGTH_WORDS = frozenset(word for word in _UNIT_WORDS if len(word) > 1)
"""Words for units of time, in lowercase."""
_OTHER_DAYS = ("tues", "weds", "thur", "thurs")
_LENGTH = re.compile(
    r"(?:(?:the )?(?:last|past) )?(?P<number>[0-9]{1,6}|an?(?=\s))?\s*(?P<unit>[a-z]+)(?P<ago>\s*ago)?"
)
_DECIMAL = re.compile(r"(?P<number>[0-9]{1,5}\.[0-9]{1,3})(?P<unit>[mhdw])")
_COMPOUND = re.compile(
    r"(?=(?:[0-9]+[a-z]){2})(?:[0-9]{1,6}w)?(?:[0-9]{1,6}d)?(?:[0-9]{1,6}h)?(?:[0-9]{1,6}m)?(?:[0-9]{1,6}s)?"
)
_PART = re.compile(r"([0-9]{1,6})([smhdw])")
_BEFORE_NOW = re.compile(r"(?:now\s*)?-\s*(?P<age>[0-9]{1,6}[smhdw])")
_LAST_DAY = re.compile(r"(?:last|this|on) (?P<day>[a-z]+)")
_CLOCK_LIKE = re.compile(r"[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?")
_DIGITS = re.compile(r"(?P<hour>[01]?[0-9]|2[0-3])[.h]?(?P<minute>[0-5][0-9])h?")
_TWELVE = re.compile(r"(?P<hour>0?[1-9]|1[0-2])(?:[:.](?P<minute>[0-5][0-9]))?\s*(?P<half>[ap])\.?m\.?")
_ZONED = re.compile(r"(?P<clock>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)\s*(?:[+-][0-9]{1,2}(?::?[0-9]{2})?|[a-z]{3,4})")
_DATE_LIKE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
_OTHER_DATE = re.compile(r"[0-9]{1,4}[./][0-9]{1,2}[./][0-9]{0,4}|[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}")
_MONTH = re.compile(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")
_SURE_DATE = re.compile(r"[0-9]{1,2}[./][0-9]{1,2}[./]20[0-9]{2}")
_LETTER = re.compile(r"(?<=[0-9])[tz](?![a-z])")
"""A letter of ISO 8601."""
_BETWEEN = re.compile(r"\s+to\s+|\s*[-\u2013\u2014\u2026\u2192~/]+\s*")
"""What people write between two times."""

_SURE = (_CLOCK_LIKE, _TWELVE, _DATE_LIKE, _SURE_DATE, _DECIMAL, _COMPOUND, _BEFORE_NOW, _ZONED)
"""What a word looks like that can hardly be anything but a time."""
_LONGEST = 60
"""Characters of the longest text that two times can be."""


def moment_error(text: str, *, alone: bool) -> str:
    """Why a text is not a time, and what to write instead. `alone`: a range can be written in its place."""
    advice = advice_for(text) or (f"{_WAYS.replace(' or', ',')} or FROM..TO" if alone else _WAYS)
    return f"{text.strip()!r} is not a time: {advice}"


def advice_for(text: str) -> str:
    """What to write instead of a text that looks like a time or like two, as "write ..."; "" if it looks like none."""
    word = " ".join(text.lower().split())
    if len(word) > _LONGEST:
        return ""
    return _of_ago(word) or _of_sum(word) or _of_length(word) or _of_two(word) or _of_clock(word) or _of_day(word)


def bare_error(word: str) -> str:
    """Why a word that can hardly be anything but a time or a range is none; "" for every other word.

    More words are ordinary ones here than elsewhere: 1330, 1.5, 1.2.3 and 2026/11/27 are.
    """
    folded = word.lower()
    if len(folded) > _LONGEST or is_plain_moment(folded):
        return ""
    first, dots, last = folded.partition("..")
    if dots:
        is_half = first and last and is_plain_moment(first) is not is_plain_moment(last)
        return moment_error(last if is_plain_moment(first) else first, alone=False) if is_half else ""
    length = _LENGTH.fullmatch(folded)
    if (
        folded in _OTHER_DAYS
        or any(pattern.fullmatch(folded) for pattern in _SURE)
        or (length is not None and (length["number"] or "").isdecimal() and len(length["unit"]) > 1)
        or ((":" in folded or _DATE_LIKE.match(folded) or is_day(folded[:3])) and _of_two(folded))
    ):
        return f"{word!r} is not a time: {advice}" if (advice := advice_for(folded)) else ""
    return ""


def _of_sum(word: str) -> str:
    """1h30m, 1.5h, now-1h."""
    if found := _BEFORE_NOW.fullmatch(word):
        return f"write {found['age']}"
    if found := _DECIMAL.fullmatch(word):
        seconds = round(float(found["number"]) * UNITS[found["unit"]])
    elif _COMPOUND.fullmatch(word):
        seconds = sum(int(number) * UNITS[unit] for number, unit in _PART.findall(word))
    else:
        return ""
    unit = next(unit for unit in ("d", "h", "m", "s") if seconds % UNITS[unit] == 0)
    return f"write {seconds // UNITS[unit]}{unit}"


def _of_length(word: str) -> str:
    """2 hours ago, 5min, last week."""
    if (found := _LENGTH.fullmatch(word)) is None or found["unit"] not in _UNIT_WORDS:
        return ""
    if found["number"] is None and not word.startswith(("last ", "past ", "the ")):
        return ""
    number = int(found["number"]) if (found["number"] or "a").isdecimal() else 1
    unit = _UNIT_WORDS[found["unit"]]
    length = f"{number}{unit}" if len(unit) == 1 else f"{number * 30}d"
    return f"write {length}{' ago' if found['ago'] else ''}"


def _of_ago(word: str) -> str:
    """Ago after something that is no length of time."""
    before, _, last = word.rpartition(" ")
    if last != "ago" or _of_length(word):
        return ""
    return f"leave out ago: write {before}" if moment_of(before) is not None else "ago follows a length: write 30m ago"


def _of_clock(word: str) -> str:
    if _CLOCK_LIKE.fullmatch(word):
        return "hours go to 23, minutes and seconds from 00 to 59"
    if found := _TWELVE.fullmatch(word):
        return f"write {int(found['hour']) % 12 + 12 * (found['half'] == 'p'):02}:{found['minute'] or '00'}"
    if found := _DIGITS.fullmatch(word):
        return f"write {found['hour']}:{found['minute']}"
    if _ZONED.fullmatch(word):
        return "times of day are UTC, write 2026-11-27T13:30+01:00"
    return ""


def _of_day(word: str) -> str:
    first, _, rest = word.partition(" ")
    if rest and is_day(first) and (moment_of(rest) is not None or _of_clock(rest)):
        return f"write {rest}" if first == DAY_WORDS[0] else "write its date: 2026-11-27T13:30"
    named = found["day"] if (found := _LAST_DAY.fullmatch(word)) else word
    if named in _OTHER_DAYS:
        return f"write {named[:3]}"
    if word == "this week":
        return "write mon.."
    if named != word and is_day(named):
        return f"write {named}"
    if _DATE_LIKE.fullmatch(word):
        return (
            "there is no such day, write 2026-11-01" if moment_of(_padded(word)) is None else f"write {_padded(word)}"
        )
    if _OTHER_DATE.fullmatch(word) or (_MONTH.search(word) and re.search("[0-9]", word)):
        return "write a date as 2026-11-27"
    return ""


def _padded(date: str) -> str:
    return "-".join(part.zfill(2) for part in date.split("-"))


def _of_two(word: str) -> str:
    """Two times with something other than two dots between them."""
    for found in _BETWEEN.finditer(word):
        first, last = word[: found.start()], word[found.end() :]
        if moment_of(first) is not None and moment_of(last) is not None:
            return f"write {_LETTER.sub(lambda letter: letter[0].upper(), f'{first}..{last}')}"
    return ""
