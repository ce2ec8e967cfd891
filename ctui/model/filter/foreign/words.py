"""Words that are operators in other query languages or in sentences, and what to write instead of them.

A word in capitals is always an operator. One in lowercase is one only where its neighbors leave no doubt: `and`,
`or` and `not` before a term, `like`, `in` and `is` after a field's name.
"""

import re
from dataclasses import replace
from typing import Final

from ctui.model.filter.fields import FIELDS
from ctui.model.filter.foreign.hints import Around, Foreign, bare, field_of_term, known_field, listed, sample_of
from ctui.model.filter.foreign.time_words import is_time_word, time_phrase

PIPE = "| is not supported, as a line only filters: write OR for either"
_ORDERS = "is not needed, as a line has only conditions: leave it out"
_WORDS: Final = {
    "&&": "&& is not supported: write AND, or leave it out",
    "||": "|| is not supported: write OR",
    "XOR": "XOR is not supported: write (A -B) OR (B -A)",
    "|": PIPE,
    "&": "& is not supported: write AND, or leave it out",
    "..": ".. takes no blanks: write 13:30..14:00",
    "TO": "TO is not supported: for times write FROM..TO, as 13:30..14:00",
    "LIKE": "LIKE is not supported: write name:Start*",
    "IN": "IN is not supported: write name:A,B",
    "IS": "IS is not supported: name:* means any value, -name:* none",
    "BETWEEN": "BETWEEN is not supported: for times write since: and until:",
    "EXISTS": "EXISTS is not supported: write name:*",
    **{
        word: f"{word} {_ORDERS}"
        for word in ("SELECT", "WHERE", "LIMIT", "ORDER", "GROUP", "HAVING", "DISTINCT", "FROM")
    },
}
"""Words that are always operators."""
_JOINING: Final = {
    word: f"{word} is a word here: write {word.upper()}"
    for plain in ("and", "or", "not")
    for word in (plain, plain.capitalize())
}
"""Words that join terms in sentences, and are words to search for here."""
_SURE: Final = re.compile(r"[(\[{\"']|(?:null|none|empty|missing|nil|undefined)\b", re.IGNORECASE)
"""What comes after `is` and `in` in a query only."""
_XOR: Final = "xor is not supported: write (A -B) OR (B -A)"
_VERBS: Final = frozenset(
    (
        "am", "are", "be", "can", "could", "did", "do", "does", "had", "has", "have", "is", "may", "might", "must",
        "should", "was", "were", "will", "would",
    )
)  # fmt: skip
"""Verbs that `not` follows in a sentence."""
_COMPARING_WORDS: Final = {
    **dict.fromkeys(("like", "ilike", "contains", "has"), "write {field}:*{value}*"),
    **dict.fromkeys(("startswith", "beginswith", "begins_with"), "write {field}:{value}*"),
    **dict.fromkeys(("endswith", "ends_with"), "write {field}:*{value}"),
    **dict.fromkeys(("eq", "equals"), "write {field}:{value}"),
    "in": "write {field}:{list}",
    "is": "{field}:* means any value, -{field}:* none",
    **dict.fromkeys(("ne", "notlike"), "write -{field}:{value}"),
    **dict.fromkeys(("matches", "match", "rlike", "regex"), "write /expression/"),
    "between": "write since: and until:, for times",
    "notin": "write -{field}:{list}",
    "exists": "write {field}:*",
}
"""Words that are operators after a field's name, and what to write instead."""
_WITH = frozenset(("starts", "begins", "ends"))
"""Words that compare if the next word is `with`."""
_ENGLISH = frozenset(("is", "in", "has"))
"""Those of them that follow a noun in a sentence."""
_NOTHING = frozenset(("null", "none", "empty", "missing", "nil", "undefined"))


def word_operator(text: str, around: Around) -> Foreign | None:
    """The operator that a word is between its neighbors, or None for a word to search for."""
    before, after, first = around.before, around.after.lstrip(), around.next
    if text in ("IN", "LIKE") and (field := known_field(before)):
        value = bare(first.strip("'%*"))
        instead = _COMPARING_WORDS[text.lower()].format(field=field, value=value or "Value", list=listed(after))
        return Foreign(0, f"{text} is not supported: {instead}")
    if text in _WORDS:
        return Foreign(0, _WORDS[text])
    if text in _JOINING:
        return _joining(text, around)
    if instead := time_phrase(text, before, around.after):
        return Foreign(0, f"for a time, {instead}" if instead.startswith("write") else f"this is not a time: {instead}")
    if text == "xor" and before and first:
        return Foreign(0, _XOR)
    if text == "in" and before[:1] in ('"', "'") and (field := known_field(around.last)):
        return Foreign(0, f"in is not supported: write {field}:{bare(before) or 'Value'}")
    return _comparing(text, around)


def _joining(text: str, around: Around) -> Foreign | None:
    before, first, folded = around.before, around.next, text.casefold()
    field, instead = known_field(before), _JOINING[text]
    if not first or first.startswith(")") or first in _JOINING:
        return None
    if folded != "not":
        return Foreign(0, instead) if before else None
    if field and first.casefold() in ("in", "like") and first != around.last:
        rest = around.after.lstrip()[len(first) :].lstrip()
        return Foreign(0, f"{text} {first} is not supported: write -{field}:{listed(rest)}")
    before_term = bool(field_of_term(first))
    return Foreign(0, instead) if before_term or before.casefold() not in _VERBS else None


def _comparing(text: str, around: Around) -> Foreign | None:
    """A word that compares, after a field's name."""
    before, after, first = around.before, around.after.lstrip(), around.next
    if text.casefold() in _WITH and first.casefold() == "with":
        return _comparing(f"{text}with", replace(around, after=after[len(first) :]))
    field, instead = known_field(before), _COMPARING_WORDS.get(text.casefold(), "")
    if text == "is" and field in FIELDS and re.match(r"not\s+null\b", after):
        return Foreign(0, f"is not null is not supported: write {field}:*")
    if not (field and instead and (after or text == "exists")):
        return None
    if text in _ENGLISH and field in FIELDS and before != "ip" and not _is_operator(text, around):
        return None
    if first.startswith("/"):
        return Foreign(0, f"{text} is not supported: write {sample_of(first) or '/expression/'} alone")
    value = bare(first.strip("'%*")) or "Value"
    if text == "is" and before in FIELDS and first.casefold() == "not":
        instead = "write -{field}:{value}"
        value = bare(around.after.split()[1]) or "Value"
    elif text == "is" and before in FIELDS and first.casefold() not in _NOTHING:
        instead = "write {field}:{value}"
    if text == "in" and after[:1] not in ("(", "[", "{"):
        instead = "write {field}:{value}"
    written = instead.format(field=field, value=value, list=listed(after))
    in_sentence = text in _ENGLISH and field in FIELDS and bool(around.last) and _SURE.match(after) is None
    return Foreign(0, f"{text} is not supported: {written}", unfinished=in_sentence)


def _is_operator(text: str, around: Around) -> bool:
    """True for a word of sentences that is an operator all the same: before a list, null, or the last word of three."""
    if around.after.lstrip()[:1] in ("(", "[", "{", '"', "'") or around.last.casefold() in _NOTHING:
        return True
    words = around.after.casefold().split(maxsplit=2)
    if text == "is" and len(words) == 2 and words[0] == "not":
        return words[1] in _NOTHING or (around.index == 1 and words[1] not in _COMPARING_WORDS)
    return around.index == 1 and bool(around.last) and text != "has" and around.last not in _JOINING


def joins_or_compares(text: str) -> bool:
    """True for a word that is an operator between some terms but not between others."""
    folded = text.casefold()
    return (
        folded in _JOINING or folded in _COMPARING_WORDS or folded in _WITH or folded == "xor" or is_time_word(folded)
    )
