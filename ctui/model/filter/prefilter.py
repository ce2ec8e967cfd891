"""Prefilter: necessary conditions of a filter that a store can check cheaply, to skip most events.

The predicate decides on whole events, one by one. A prefilter is weaker and cheaper: an event that fails one of its
clauses cannot match the filter, an event that meets all of them may. The store uses it for the terms that its index
cannot decide. Checks of records are valid for *plain* records, which are ASCII without backslash and NUL, so that each
text is in them unchanged; of others, for one of their `spellings`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from typing import TypeAlias

from ctui.model.event.attribute import AttributeKey
from ctui.model.event.kind import EventKind
from ctui.model.event.record import decode_json
from ctui.model.filter.kinds import KINDS
from ctui.model.filter.matching.addresses import AddressRange
from ctui.model.filter.matching.literal import literal_in
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.matching.regex import without_anchors
from ctui.model.filter.terms import (
    AllOf,
    AnyOf,
    CompareTerm,
    FieldTerm,
    KindTerm,
    Leaf,
    ListTerm,
    PathTerm,
    RegexTerm,
    Term,
    WordTerm,
    pushed_down,
)
from ctui.model.values import dataclass

_FOLDING = (
    "\u00df\u0130\u0149\u017f\u01f0\u1e96\u1e97\u1e98\u1e99\u1e9a\u1e9e\u212a\ufb00\ufb01\ufb02\ufb03\ufb04\ufb05\ufb06"
)
"""Characters that become ASCII, in part, once letter case is ignored (`str.casefold`)."""
FOLDED_TO_ASCII = re.compile(f"[{_FOLDING}\ud800-\udfff]")
"""One of those, or half a character."""
_ESCAPES = re.compile(r'(?:\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt]))+')
_LONGEST = 200
"""Characters of a text to search for: the start of a longer one is enough."""
_COMBINED = 8
"""The most clauses that one OR becomes."""
_MOST = 200
"""The most checks of a prefilter: a store turns them into one condition, and SQLite allows a depth of 1,000."""


@dataclass(frozen=True, slots=True)
class AttributeCheck:
    """The service's value of this attribute is this text, or contains it; case-sensitively."""

    key: AttributeKey
    text: str
    whole: bool = True
    """True if the value is the text; False if it contains it."""


@dataclass(frozen=True, slots=True)
class TextCheck:
    """A plain record contains this text, ignoring case."""

    text: str


@dataclass(frozen=True, slots=True)
class RegexCheck:
    """A plain record's text matches this expression somewhere."""

    regex: str
    ignore_case: bool


Check: TypeAlias = AttributeCheck | TextCheck | RegexCheck
Clause: TypeAlias = tuple[Check, ...]
"""At least one of these checks must be true."""


def is_plain(record: str) -> bool:
    """True if each text of a record is in its JSON unchanged, and ignoring case is a matter of ASCII."""
    return record.isascii() and "\\" not in record and "\0" not in record


def is_searchable(record: str) -> bool:
    """True if each ASCII text that is never escaped is in the JSON unchanged, but for letter case: no character is
    written by number, and none is another letter whose case is ASCII."""
    return "\\u" not in record and "\0" not in record and (record.isascii() or not FOLDED_TO_ASCII.search(record))


def spellings(record: str) -> tuple[str, ...]:
    """A record, and what is the same in other characters: what it means by escapes, and both in folded case.

    What a term finds in a key, in a value or in the record itself is in one of them, folded if the term ignores letter
    case.
    """
    if "\\" not in record:
        return record, record.casefold()
    meant = _ESCAPES.sub(lambda found: _meant(found[0]), record)
    return record, meant, record.casefold(), meant.casefold()


@lru_cache(maxsize=1000)
def _meant(escapes: str) -> str:
    """What escapes that stand one after the other mean: two of them can be one character."""
    text: str = decode_json(f'"{escapes}"')
    return text


def signs_of_other_spellings(texts: Iterable[str]) -> str:
    """An expression that matches a record if one of the texts, or what an expression matches, is in one of its
    `spellings` but not in the record itself, ignoring the case of ASCII. It may match others."""
    folded = [text.casefold() if text.isascii() else "" for text in texts]
    if not all(folded):
        return ""
    chars = (char for char in _FOLDING if any(_is_part(char.casefold(), text) for text in folded))
    return f"[\\\\{''.join(chars)}]"


def _is_part(char: str, text: str) -> bool:
    """True if a character, folded to one or more, can be in a text, around it, or at one of its ends in part."""
    ends = (text.startswith(char[cut:]) or text.endswith(char[:cut]) for cut in range(1, len(char)))
    return char in text or text in char or any(ends)


def is_never_escaped(text: str) -> bool:
    """True for an ASCII text of which JSON never writes a character in another way, except by number."""
    return text.isascii() and text.isprintable() and not any(sign in text for sign in '"\\/')


def prefilter_of(terms: Iterable[Term]) -> tuple[Clause, ...]:
    """The clauses that an event must meet to match all terms. A term without a simple condition adds none.

    If a line has more than `_MOST` checks, the clauses that exceed it are left out.
    """
    clauses: list[Clause] = []
    left = _MOST
    for term in dict.fromkeys(terms):
        for clause in _clauses(pushed_down(term)):
            if len(clause) <= left:
                clauses.append(clause)
                left -= len(clause)
    return tuple(clauses)


def _clauses(term: Term) -> Iterator[Clause]:
    """The clauses of a term whose groups are not negated."""
    if isinstance(term, AllOf):
        for one in term.terms:
            yield from _clauses(one)
    elif isinstance(term, AnyOf):
        yield from _alternatives([list(_clauses(one)) for one in term.terms])
    elif not term.negated:
        yield from _positive(term)


def _alternatives(each: Sequence[Sequence[Clause]]) -> Iterator[Clause]:
    """Clauses that hold if all clauses of one alternative do: a check of each alternative, in every combination.

    With many combinations, one clause of each alternative is enough: the shortest.
    """
    if not all(each):
        return
    if prod(map(len, each)) > _COMBINED:
        each = [[min(clauses, key=len)] for clauses in each]
    for combination in product(*each):
        yield tuple(dict.fromkeys(check for clause in combination for check in clause))


def _positive(term: Leaf) -> Iterator[Clause]:
    if isinstance(term, FieldTerm):
        yield from _one_of([_field(term, value) for value in (*term.one_of, *term.short_names)])
    elif isinstance(term, CompareTerm):
        yield from _keys(term.path)
    elif isinstance(term, KindTerm):
        yield from _one_of([_kind(kind) for kind in term.one_of])
    elif isinstance(term, PathTerm):
        yield from _keys(term.path)
        patterns = [pattern.folded for pattern in term.one_of] if term.ignore_case else term.one_of
        yield from _one_of([_held(_longest(pattern)) for pattern in patterns])
    elif isinstance(term, WordTerm):
        yield from _one_of([_held(_longest(pattern).casefold()) for pattern in term.one_of])
    elif isinstance(term, ListTerm):
        words = term.words
        if words is not None and not words.has_networks and len(words.words) <= _MOST:
            yield from _one_of([_held(word) for word in sorted(words.words)])
    elif isinstance(term, RegexTerm):
        yield from _one_of([_held(literal_in(term.regex))])
        if (freely := without_anchors(term.regex)) is not None:
            yield (RegexCheck(freely, term.ignore_case),)


def _keys(path: Sequence[str]) -> Iterator[Clause]:
    """A record with a value there has each part in a key, unless that is the index of an item of a list."""
    yield from ((TextCheck(part),) for part in dict.fromkeys(path) if part and not part.isdecimal())


def _one_of(choices: Sequence[Clause]) -> Iterator[Clause]:
    """One clause of all choices, if each of them has a check; else none."""
    if all(choices):
        yield tuple(check for choice in choices for check in choice)


def _field(term: FieldTerm, value: Pattern | AddressRange) -> Clause:
    field = term.field
    if isinstance(value, AddressRange):
        return tuple(map(TextCheck, field.markers))
    attributes = field.beside if field.attribute is None else (field.attribute,)
    if attributes and term.ignore_case:
        # SQLite compares letters beyond ASCII with their case.
        return ()
    whole = value.exact and field.short_names is None
    checks = tuple(AttributeCheck(key, _longest(value), whole) for key in attributes)
    if field.attribute is not None:
        return checks
    if not (field.in_record or field.beside):
        return ()
    # Letters beyond ASCII can be ASCII when their case is ignored.
    in_text = _held(_longest(value.folded if term.ignore_case else value))
    return (*in_text, *checks) if in_text else tuple(map(TextCheck, field.markers))


def _kind(kind: EventKind) -> Clause:
    row = KINDS[kind]
    if row.attribute is not None:
        return (AttributeCheck(row.attribute.key, row.attribute.value),)
    return tuple(map(TextCheck, row.markers))


def _longest(pattern: Pattern) -> str:
    return max(pattern.parts, key=len)


def _held(text: str) -> Clause:
    return (TextCheck(text[:_LONGEST]),) if text else ()
