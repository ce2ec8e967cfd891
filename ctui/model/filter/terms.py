"""What a filter line says, as values: terms joined by AND, and a stretch of time."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeAlias

from ctui.model.event.attribute import AttributeKey
from ctui.model.filter.fields import ValueField, value_fields
from ctui.model.filter.kinds import KINDS, EventKind
from ctui.model.lookup.lookup import LookupAttribute
from ctui.model.lookup.timespan import Timespan, parse_timespan
from ctui.model.rules.validate import validate_attribute


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text with wildcards: whatever stands between the parts matches anything. One part alone is exact."""

    parts: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """True where there is no wildcard."""
        return len(self.parts) == 1


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """`name:A,B*`: a value of the field matches one of the patterns, case-sensitively."""

    field: ValueField
    one_of: tuple[Pattern, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class PathTerm:
    """`requestParameters.bucketName:logs*`: a value at or below this path of the record matches one of the patterns."""

    path: tuple[str, ...]
    one_of: tuple[Pattern, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class KindTerm:
    """`is:write,error`: the event is one of these."""

    one_of: tuple[EventKind, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class WordTerm:
    """A bare or quoted word: the record holds one of the patterns somewhere, in upper or lower case."""

    one_of: tuple[Pattern, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class RegexTerm:
    """`/regex/`, in RE2's syntax: found in the record's text, or in a key or value of it. `/regex/i` ignores case."""

    regex: str
    ignore_case: bool = False
    negated: bool = False


Term: TypeAlias = FieldTerm | PathTerm | KindTerm | WordTerm | RegexTerm
"""One condition of a line."""


class Outside(Enum):
    """That an event lies outside of the line's range, which is no term."""

    RANGE = "range"


Excluder: TypeAlias = Term | Outside
"""What can keep an event out."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything a line says. Its text is written by `filterwrite.write_filter`."""

    terms: tuple[Term, ...] = ()
    since: str | None = None
    """As written after `since:`, an age or an instant."""
    until: str | None = None
    """As written after `until:`."""

    @property
    def timespan(self) -> Timespan | None:
        """The stretch it asks for; None where it names none. Raises ValueError where it starts after it ends."""
        if self.since is None and self.until is None:
            return None
        if self.until is None:
            return parse_timespan(self.since or "")
        return parse_timespan(f"{self.since or ''}..{self.until}")

    def toggled(self, kind: EventKind) -> "Filter":
        """The same with `is:KIND` alone taken out where it stands, else put at the end."""
        term = KindTerm((kind,))
        if term in self.terms:
            return replace(self, terms=tuple(one for one in self.terms if one != term))
        return replace(self, terms=(*self.terms, term))


MAX_LOOKUPS = 50
"""Values of a term that may each be a question to the service: to ask more would take longer than to read it all."""


def attributes_of(term: Term) -> tuple[LookupAttribute, ...]:
    """The lookup attributes that together answer this term, one question each; empty where the service cannot.

    Only exact and positive terms can: the service matches whole values, case-sensitively. A term of more than
    `MOST_ASKED` values is judged here.
    """
    if term.negated:
        return ()
    asked: list[tuple[AttributeKey, str]] = []
    if isinstance(term, FieldTerm) and term.field.attribute is not None:
        if not all(pattern.exact for pattern in term.one_of):
            return ()
        asked = [(term.field.attribute, pattern.parts[0]) for pattern in term.one_of]
    elif isinstance(term, KindTerm) and all(KINDS[kind].read_only for kind in term.one_of):
        asked = [(AttributeKey.READ_ONLY, KINDS[kind].read_only) for kind in term.one_of]
    asked = list(dict.fromkeys(asked))
    if len(asked) > MAX_LOOKUPS or not all(validate_attribute(key, value).ok for key, value in asked):
        return ()
    return tuple(LookupAttribute(key, value) for key, value in asked)


def term_of(attributes: tuple[LookupAttribute, ...]) -> Term:
    """The term that says what these attributes of one key, of which an event has one, ask for."""
    first = attributes[0].key
    if first is AttributeKey.READ_ONLY:
        kinds = {row.read_only: kind for kind, row in KINDS.items() if row.read_only}
        return KindTerm(tuple(kinds[attribute.value] for attribute in attributes))
    field = next(field for field in value_fields() if field.attribute is first)
    return FieldTerm(field, tuple(Pattern((attribute.value,)) for attribute in attributes))
