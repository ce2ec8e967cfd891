"""What an event must have, at the least, to pass a filter: said so plainly that a store can leave out the rest.

A filter line is judged on whole events, one by one. Needs are weaker than the line and cheap: an event that lacks one
cannot pass, one that has them all may. What they say of records holds for *plain* ones only, of ASCII without a
backslash or NUL, in which every text stands as it is; of others nothing is said, and they are to be judged.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from ctui.model.event.attribute import AttributeKey
from ctui.model.filter.fields import ValueField
from ctui.model.filter.kinds import KINDS, EventKind
from ctui.model.filter.literal import literal_in
from ctui.model.filter.regex import without_anchors
from ctui.model.filter.terms import FieldTerm, KindTerm, PathTerm, Pattern, Term, WordTerm

_LONGEST = 200
"""Characters of a text that are sought: the beginning of a longer one says enough."""
_MOST = 200
"""Checks of all needs together: a store has to take them as one condition, and SQLite takes a depth of 1,000."""


class Comparison(Enum):
    """How what the service said of an event compares with a text. Nothing said is neither it nor begins so."""

    IS = auto()
    IS_NOT = auto()
    CONTAINS = auto()
    NOT_PREFIX = auto()


@dataclass(frozen=True, slots=True)
class AttributeCheck:
    """The service said a value of this kind that compares so with the text, case-sensitively."""

    key: AttributeKey
    how: Comparison
    text: str


@dataclass(frozen=True, slots=True)
class TextCheck:
    """A plain record holds this text, in upper or lower case."""

    text: str


@dataclass(frozen=True, slots=True)
class RegexCheck:
    """An expression is found in a plain record's text."""

    regex: str
    ignore_case: bool


Check: TypeAlias = AttributeCheck | TextCheck | RegexCheck
Clause: TypeAlias = tuple[Check, ...]
"""One of these holds."""


def is_plain(record: str) -> bool:
    """True where each text of a record stands in it as it is, and a search without case needs to know ASCII alone."""
    return record.isascii() and "\\" not in record and "\0" not in record


def prefilter_of(terms: Iterable[Term]) -> tuple[Clause, ...]:
    """What an event must have to meet all of the terms; terms that cannot be said so plainly add nothing.

    Of a line that would need more than a store can be asked at once, the first needs that can be are enough.
    """
    found: list[Clause] = []
    left = _MOST
    for term in dict.fromkeys(terms):
        for need in _refusals(term) if term.negated else _demands(term):
            if len(need) <= left:
                found.append(need)
                left -= len(need)
    return tuple(found)


def _demands(term: Term) -> Iterator[Clause]:
    if isinstance(term, FieldTerm):
        yield from _one_of([_field(term.field, pattern) for pattern in term.one_of])
    elif isinstance(term, KindTerm):
        yield from _one_of([_kind(kind) for kind in term.one_of])
    elif isinstance(term, PathTerm):
        yield (TextCheck(term.path[0]),)
        yield from _one_of([_held(_longest(pattern)) for pattern in term.one_of])
    elif isinstance(term, WordTerm):
        yield from _one_of([_held(_longest(pattern).casefold()) for pattern in term.one_of])
    else:
        yield from _one_of([_held(literal_in(term.regex))])
        if (freely := without_anchors(term.regex)) is not None:
            yield (RegexCheck(freely, term.ignore_case),)


def _refusals(term: Term) -> Iterator[Clause]:
    """Only what the service said in one column is certain enough to be refused for it."""
    if isinstance(term, KindTerm) and all(KINDS[kind].read_only for kind in term.one_of):
        for kind in term.one_of:
            yield (AttributeCheck(AttributeKey.READ_ONLY, Comparison.IS_NOT, KINDS[kind].read_only),)
    if not isinstance(term, FieldTerm) or (key := term.field.attribute) is None or _has_many(term.field):
        return
    for pattern in term.one_of:
        if pattern.exact:
            yield (AttributeCheck(key, Comparison.IS_NOT, pattern.parts[0]),)
        elif len(pattern.parts) == 2 and pattern.parts[0] and not pattern.parts[1]:
            yield (AttributeCheck(key, Comparison.NOT_PREFIX, pattern.parts[0]),)


def _one_of(choices: Sequence[Clause]) -> Iterator[Clause]:
    """All choices together, if each of them demands something."""
    if all(choices):
        yield tuple(check for choice in choices for check in choice)


def _field(field: ValueField, pattern: Pattern) -> Clause:
    if field.attribute is not None:
        how = Comparison.IS if pattern.exact else Comparison.CONTAINS
        return (AttributeCheck(field.attribute, how, _longest(pattern)),)
    if not field.in_record:
        return ()
    return _held(_longest(pattern)) or tuple(map(TextCheck, field.markers))


def _kind(kind: EventKind) -> Clause:
    row = KINDS[kind]
    if row.read_only:
        return (AttributeCheck(AttributeKey.READ_ONLY, Comparison.IS, row.read_only),)
    return tuple(map(TextCheck, row.markers))


def _has_many(field: ValueField) -> bool:
    """True if an event can have several values of the field: no single one of them rules the event out."""
    return field.column is not None and field.column.part is not None


def _longest(pattern: Pattern) -> str:
    return max(pattern.parts, key=len)


def _held(text: str) -> Clause:
    return (TextCheck(text[:_LONGEST]),) if text else ()
