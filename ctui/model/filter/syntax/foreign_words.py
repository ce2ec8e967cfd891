"""Words that are operators in other query languages, and what to write instead of them."""

import re
from dataclasses import dataclass
from typing import Final

from ctui.model.filter.fields import FIELDS, RECORD_KEYS, field_called
from ctui.model.filter.syntax.time_words import is_time_word, time_phrase

PIPE = "| is not supported: a line only filters, and OR means either"
_ORDERS = "is not needed; a filter line has only conditions: leave it out"
_WORDS: Final = {
    "&&": "&& is not supported: write AND, or leave it out",
    "||": "|| is not supported: write OR",
    "XOR": "XOR is not supported: write (A -B) OR (B -A)",
    "|": PIPE,
    "..": ".. takes no blanks: write 13:30..14:00",
    "LIKE": "LIKE is not supported: write name:Start*",
    "IN": "IN is not supported: write name:A,B",
    "IS": "IS is not supported: name:* means any value, -name:* none",
    "BETWEEN": "BETWEEN is not supported: for times write since: and until:",
    **{word: f"{word} {_ORDERS}" for word in ("SELECT", "WHERE", "LIMIT", "ORDER", "GROUP")},
}
"""Words that are always operators."""
_JOINING: Final = {
    word: f"{word} is a word here: write {word.upper()}" for word in ("and", "or", "not", "And", "Or", "Not")
}
"""Words that are operators next to a term with a field."""
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
"""Words that are operators after a field's name, and what to write instead."""
_ENGLISH = frozenset(("is", "in", "has"))
"""Those of them that follow a noun in a sentence."""
_KEYS: Final = {key.casefold(): key for key in RECORD_KEYS}
"""Keys of a record, by their lowercase names."""
FIELD = re.compile(r"-?([A-Za-z_@][\w@$-]*(?:\.[\w@$-]+)*):")
"""A term with a field, up to its colon."""


@dataclass(frozen=True, slots=True)
class Foreign:
    """Foreign syntax in a text."""

    at: int
    """The index of its first character in the text."""
    means: str
    """What is not supported, and what to write instead, if possible."""


def word_operator(text: str, before: str, after: str) -> Foreign | None:
    """The operator that a word is between the term `before` it and the text `after` it, or None for a word."""
    if text in _WORDS:
        return Foreign(0, _WORDS[text])
    after = after.lstrip()
    behind_term = (found := FIELD.match(before)) is not None and bool(known_field(found[1]))
    before_term = (found := FIELD.match(after)) is not None and bool(known_field(found[1]))
    if text in _JOINING and (before_term or (behind_term and after and text != "not")):
        return Foreign(0, _JOINING[text])
    first = (after.split(maxsplit=1) or [""])[0]
    if instead := time_phrase(text, before, after):
        return Foreign(0, f"for a time range, {instead}")
    field, instead = known_field(before), _COMPARING_WORDS.get(text.casefold(), "")
    if not (field and instead and (after or text == "exists")) or (
        text in _ENGLISH and before in FIELDS and before != "ip"
    ):
        return None
    value = sample_of(first.strip("'%*"))
    return Foreign(0, f"{text} is not supported: {instead.format(field=field, value=value or 'Value')}")


def depends_on_neighbors(text: str) -> bool:
    """True for a word that is an operator between some terms but not between others."""
    folded = text.casefold()
    return folded in _JOINING or folded in _COMPARING_WORDS or is_time_word(folded)


def known_field(name: str) -> str:
    """The field or path that a name means, ignoring case; "" if it means none."""
    first, dot, rest = name.lstrip("$.").partition(".")
    folded = first.casefold()
    right = field_called(folded) or _KEYS.get(folded, "")
    return "" if dot and right not in RECORD_KEYS else f"{right}{dot}{rest}" if right else ""


def sample_of(value: str) -> str:
    """The value if it is short and plain enough to repeat in a hint; else ""."""
    return value if value and len(value) <= 24 and re.fullmatch(r'[\w@./:-]+|"[\w ]+"', value) else ""
