"""Phrases that mean a time in English and would be words to search for in a filter line, and what to write instead."""

import re
from typing import Final

from ctui.model.lookup.moment import UNITS, is_day, is_plain_moment
from ctui.model.lookup.moment_errors import LENGTH_WORDS, advice_for

_STARTS: Final = frozenset(("since", "after", "from"))
_ENDS: Final = frozenset(("until", "till", "before"))
_BETWEEN: Final = frozenset(("to", "and", "through"))
_RECENT: Final = frozenset(("last", "past", "this"))
_AT: Final = frozenset(("at", "on", "around", "within", "during"))
_ZONES: Final = frozenset(
    ("utc", "gmt", "cet", "cest", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "bst", "ist", "jst")
)
_YEARS: Final = frozenset(("yr", "yrs", "year", "years"))
_PARTS_OF_DAY: Final = frozenset(("night", "morning", "afternoon", "evening"))
_OTHER: Final = frozenset(("tomorrow", "tonight"))
_HALVES: Final = frozenset(("am", "pm"))
_NAMES: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS: Final = frozenset((*_NAMES, *(name[:3] for name in _NAMES), "sept"))
_WORDS: Final = (
    _STARTS
    | _ENDS
    | _BETWEEN
    | _RECENT
    | _HALVES
    | _MONTHS
    | LENGTH_WORDS
    | _AT
    | _ZONES
    | _YEARS
    | _OTHER
    | UNITS.keys()
    | {"ago", "between", "half"}
)
_HOUR = re.compile(r"[0-9]{1,2}(?::[0-9]{2})?")
_WITH_CLOCK = re.compile(r"(?P<day>.*-[0-9]{2}[ t])?[a-z:]*[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?")
"""A time of day, alone or behind a date or a field."""
_OFFSET = re.compile(r"[+-][0-9]{2}:?[0-9]{2}")
_FRACTION = re.compile(r"([0-9]{1,2}:[0-9]{2}:[0-9]{2})[.,][0-9]{1,9}")
_ROUNDED = re.compile(r"now-([0-9]{1,6}[smhdw])/[smhdw]")
_YEARS_AGO = re.compile(r"[0-9]{1,2}(?:y|yr|yrs|years?)")
_OTHER_DAY = re.compile(
    r"[0-9]{1,2}-[0-9]{1,2}-20[0-9]{2}|\[?[0-9]{1,2}/[a-z]{3}/20[0-9]{2}(?::[0-9:]{5,8})?|20[0-9]{2}/[01]?[0-9]/[0-3]?[0-9]"
)
_HOUR_MARKED = re.compile(r"([01]?[0-9]|2[0-3])h([0-5][0-9])")
_OTHER_ZONE = "write 2026-11-27T13:30+01:00 for another zone"
_LONGEST = 60
"""Characters of the longest word that can be a range."""
_NUMBER = re.compile(r"[0-9]{1,6}")
_DAY_OF_MONTH = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)?[.,]?")


def time_phrase(text: str, before: str, after: str) -> str:
    """What to write instead of the phrase that a word makes with its neighbors; "" if it makes none.

    `before` is the term before the word, and `after` the rest of the line.
    """
    word, typed, before = text.casefold(), before, before.casefold()
    if (word in _ZONES or _OFFSET.fullmatch(word)) and (clock := _WITH_CLOCK.fullmatch(before)) is not None:
        if word in ("utc", "gmt"):
            return f"write {typed}, as times are UTC"
        return f"write {typed}{word}" if clock["day"] and word not in _ZONES else _OTHER_ZONE
    if not is_time_word(word):
        return ""
    first, second, third, *_ = (*(one.strip("()") for one in after.casefold().split(maxsplit=3)[:3]), "", "", "")
    if word == "ago":
        return advice_for(f"{before} ago".lstrip())
    if word == "half" and first in ("a", "an") and second == "hour":
        return f"write 30m{' ago' if third == 'ago' else ''}"
    if word in LENGTH_WORDS and (_NUMBER.fullmatch(before) or (before in ("a", "an") and first == "ago")):
        return advice_for(f"{before} {word}{' ago' if first == 'ago' else ''}")
    if word in UNITS and _NUMBER.fullmatch(before) and first in ("", "ago"):
        return f"write {before}{word}"
    if word in _OTHER or (word in _RECENT and first in _PARTS_OF_DAY):
        return "write today, yesterday, mon, or a range such as 13:30..14:00"
    if word in _YEARS and (_NUMBER.fullmatch(before) or before in _RECENT):
        return "write 90d, as the service keeps 90 days"
    if word in _RECENT and is_plain_moment(first):
        return f"write {'' if is_day(first) else 'since:'}{first}"
    if word in _RECENT:
        return advice_for(f"{word} {first} {second}") or advice_for(f"{word} {first}")
    if word in _HALVES and _HOUR.fullmatch(before):
        return advice_for(f"{before} {word}")
    if word in _MONTHS:
        near = _DAY_OF_MONTH.fullmatch(before) or _DAY_OF_MONTH.fullmatch(first)
        return "write a date as 2026-11-27" if near else ""
    if not is_plain_moment(first):
        return ""
    if word in _AT:
        return f"write {first}"
    if (word in _STARTS or word == "between") and second in _BETWEEN | _ENDS and is_plain_moment(third):
        return f"write {first}..{third}"
    if word in _BETWEEN:
        return f"write {before}..{first}" if is_plain_moment(before) else ""
    if word in ("after", "before") and is_day(first):
        return f"write since:{first} or until:{first}, both with that day"
    return "write 13:30..14:00" if word == "between" else f"write {'until' if word in _ENDS else 'since'}:{first}"


def other_range(word: str) -> str:
    """What to write instead of one word that means a time or a range as other tools write it; "" if it means none.

    These are `2026-11-01..*`, `13:30...14:00`, `now-1h/h`, `27-11-2026`, `2026/11/27`, `[13:30]`, `13:30:05,123`,
    `13h30` and `1y`.
    """
    folded = word.casefold()
    if len(word) > _LONGEST:
        return ""
    first, dots, last = folded.partition("...") if "..." in folded else folded.partition("..")
    ends = (first, last)
    if dots and ("*" in ends or dots == "...") and any(map(is_plain_moment, ends)):
        known = all(end in ("*", "") or is_plain_moment(end) for end in ends)
        return f"write {first.strip('*')}..{last.strip('*')}" if known else ""
    if found := _ROUNDED.fullmatch(folded):
        return f"write {found[1]}"
    if _YEARS_AGO.fullmatch(folded):
        return "write 90d, as the service keeps 90 days"
    if found := _FRACTION.fullmatch(folded):
        return f"write {found[1]}"
    if word[:1] == "[" and word[-1:] == "]" and is_plain_moment(word[1:-1]):
        return f"write {word[1:-1]}"
    if found := _HOUR_MARKED.fullmatch(folded):
        return f"write {found[1]}:{found[2]}"
    return "write a date as 2026-11-27" if _OTHER_DAY.fullmatch(folded) else ""


def is_time_word(word: str) -> bool:
    """True for a word in lowercase that is part of a phrase for a time between some words but not between others."""
    return word in _WORDS
