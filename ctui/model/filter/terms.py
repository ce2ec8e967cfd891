"""A filter line as values: terms that must all match, and a range of time."""

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
    """A text with wildcards, which are between its parts. A single part has no wildcard."""

    parts: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """True if there is no wildcard."""
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
    """A bare or quoted word: the record contains one of the patterns somewhere, ignoring case."""

    one_of: tuple[Pattern, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class RegexTerm:
    """`/regex/`, RE2 syntax: matches the record's text, or a key or value in it. `/regex/i` ignores case."""

    regex: str
    ignore_case: bool = False
    negated: bool = False


Term: TypeAlias = FieldTerm | PathTerm | KindTerm | WordTerm | RegexTerm
"""One condition of a filter line."""


class Outside(Enum):
    """The line's range, which is not a term, as the reason why an event is excluded."""

    RANGE = "range"


Excluder: TypeAlias = Term | Outside
"""What can exclude an event."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter line. `write.write_filter` makes its text."""

    terms: tuple[Term, ...] = ()
    since: str | None = None
    """As typed after `since:`, an age or a time."""
    until: str | None = None
    """As typed after `until:`, an age or a time."""

    @property
    def timespan(self) -> Timespan | None:
        """The range, or None if the line has none. Raises ValueError if it starts after it ends."""
        if self.since is None and self.until is None:
            return None
        if self.until is None:
            return parse_timespan(self.since or "")
        return parse_timespan(f"{self.since or ''}..{self.until}")

    def toggled(self, kind: EventKind) -> "Filter":
        """The filter without the term `is:KIND`, or with it at the end if it has none."""
        term = KindTerm((kind,))
        if term in self.terms:
            return replace(self, terms=tuple(one for one in self.terms if one != term))
        return replace(self, terms=(*self.terms, term))


MAX_LOOKUPS = 50
"""The most lookups for one term: more would take longer than scanning everything."""


def attributes_of(term: Term) -> tuple[LookupAttribute, ...]:
    """The lookup attributes that together select what this term matches, one lookup each; () if the API cannot.

    The term must be positive and exact: the service compares whole values, case-sensitively. A term with more than
    `MAX_LOOKUPS` values is filtered here.
    """
    if term.negated:
        return ()
    pairs: list[tuple[AttributeKey, str]] = []
    if isinstance(term, FieldTerm) and term.field.attribute is not None:
        if not all(pattern.exact for pattern in term.one_of):
            return ()
        pairs = [(term.field.attribute, pattern.parts[0]) for pattern in term.one_of]
    elif isinstance(term, KindTerm) and all(KINDS[kind].read_only for kind in term.one_of):
        pairs = [(AttributeKey.READ_ONLY, KINDS[kind].read_only) for kind in term.one_of]
    pairs = list(dict.fromkeys(pairs))
    if len(pairs) > MAX_LOOKUPS or not all(validate_attribute(key, value).ok for key, value in pairs):
        return ()
    return tuple(LookupAttribute(key, value) for key, value in pairs)


def term_of(attributes: tuple[LookupAttribute, ...]) -> Term:
    """The term that matches events with one of these attributes, which all have the same key."""
    first = attributes[0].key
    if first is AttributeKey.READ_ONLY:
        kinds = {row.read_only: kind for kind, row in KINDS.items() if row.read_only}
        return KindTerm(tuple(kinds[attribute.value] for attribute in attributes))
    field = next(field for field in value_fields() if field.attribute is first)
    return FieldTerm(field, tuple(Pattern((attribute.value,)) for attribute in attributes))
