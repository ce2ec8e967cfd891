"""Words of other query languages that stand where a line would seek them as texts, and what they would mean."""

import re
from dataclasses import dataclass
from typing import Final

from ctui.model.filter.fields import FIELDS, RECORD_KEYS

_EITHER = "between terms is not supported; one field takes name:A,B"
PIPE = "| is not supported; a filter line only filters"
_ORDERS = "is not needed; a filter line has only conditions: leave it out"
_WORDS: Final = {
    "AND": "AND is implied: leave it out",
    "&&": "&& is implied: leave it out",
    "OR": f"OR {_EITHER}",
    "||": f"|| {_EITHER}",
    "XOR": "XOR is not supported",
    "NOT": "to negate a term, write -name:Value",
    "|": PIPE,
    "LIKE": "LIKE is not supported: write name:Start*",
    "IN": "IN is not supported: write name:A,B",
    "IS": "IS is not supported: name:* means any value, -name:* none",
    "BETWEEN": "BETWEEN is not supported; for times write since: and until:",
    **{word: f"{word} {_ORDERS}" for word in ("SELECT", "WHERE", "LIMIT", "ORDER", "GROUP")},
}
"""Operators that stand alone as a word."""
_JOINING: Final = {word: _WORDS[word.upper()].replace(word.upper(), word) for word in ("and", "or", "not")}
"""Operators beside a term with a field, else words."""
_COMPARING_WORDS: Final = {
    **dict.fromkeys(("like", "ilike", "contains", "has"), "write {field}:*{value}*"),
    **dict.fromkeys(("startswith", "begins_with"), "write {field}:{value}*"),
    **dict.fromkeys(("endswith", "ends_with"), "write {field}:*{value}"),
    **dict.fromkeys(("eq", "equals", "in"), "write {field}:{value}"),
    "is": "{field}:* means any value, -{field}:* none",
    **dict.fromkeys(("ne", "notlike"), "write -{field}:{value}"),
    **dict.fromkeys(("matches", "match", "rlike", "regex"), "write /expression/"),
    "between": "write since: and until:, for times",
    "exists": "write {field}:*",
}
"""Operators behind a field's name, with what says the same; else words."""
_ENGLISH = frozenset(("is", "in", "has"))
"""Those of them that a sentence has behind a noun."""
_AGE = re.compile(r"\d+[smhdw]")
_SINCE: Final = {"since": "since", "until": "until", "last": "since"}
"""Words that begin a time before an age, with the field that says it."""
_KEYS: Final = {key.casefold(): key for key in RECORD_KEYS}
"""Keys of a record by their names in lower case."""
FIELD = re.compile(r"-?([A-Za-z_@][\w@$-]*(?:\.[\w@$-]+)*):")
"""A term with a field, up to its colon."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """One piece of another language."""

    at: int
    """The character where it stands, counted from 0 in the text that was looked at."""
    means: str
    """What it would mean, and how a line says it, if it can."""


def word_operator(text: str, before: str, after: str) -> Foreign | None:
    """What an operator between the term `before` and all that stands `after` it would mean; None for a word."""
    if text in _WORDS:
        return Foreign(0, _WORDS[text])
    after = after.lstrip()
    behind_term = (found := FIELD.match(before)) is not None and bool(known_field(found[1]))
    before_term = (found := FIELD.match(after)) is not None and bool(known_field(found[1]))
    if text in _JOINING and (before_term or (behind_term and after and text != "not")):
        return Foreign(0, _JOINING[text])
    first = (after.split(maxsplit=1) or [""])[0]
    if text in _SINCE and _AGE.fullmatch(first):
        return Foreign(0, f"for a time range, write {_SINCE[text]}:{first}")
    field, instead = known_field(before), _COMPARING_WORDS.get(text.casefold(), "")
    if not (field and instead and (after or text == "exists")) or (
        text in _ENGLISH and before in FIELDS and before != "ip"
    ):
        return None
    value = sample_of(first.strip("'%*"))
    return Foreign(0, f"{text} is not supported: {instead.format(field=field, value=value or 'Value')}")


def depends_on_neighbors(text: str) -> bool:
    """True for a word that is an operator between some terms, and a word between others."""
    folded = text.casefold()
    return folded in _JOINING or folded in _COMPARING_WORDS or folded in _SINCE


def known_field(name: str) -> str:
    """The field or path that a name means, in its own upper and lower case; "" where it is none."""
    first, dot, rest = name.lstrip("$.").partition(".")
    folded = first.casefold()
    right = _field_called(folded) or _KEYS.get(folded, "")
    return "" if dot and right not in RECORD_KEYS else f"{right}{dot}{rest}" if right else ""


def _field_called(name: str) -> str:
    """The field with this name or alias, both in lower case; "" if there is none."""
    if name in FIELDS:
        return name
    return next((field.name for field in FIELDS.values() if name in field.aliases), "")


def sample_of(value: str) -> str:
    """A value that is short and plain enough to be said again; "" for others."""
    return value if value and len(value) <= 24 and re.fullmatch(r'[\w@./:-]+|"[\w ]+"', value) else ""
