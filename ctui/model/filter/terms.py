"""A filter line as values: a tree of terms, and a range of time."""

from collections.abc import Iterable, Iterator
from dataclasses import field as value_of
from dataclasses import replace
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import ValueField
from ctui.model.filter.matching.addresses import AddressRange
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.lookup.timespan import Timespan, parse_timespan
from ctui.model.values import dataclass

if TYPE_CHECKING:
    from ctui.model.filter.matching.word_list import WordList


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """`name:A,B*`: a value of the field matches one of the patterns, or is an address in one of the ranges."""

    field: ValueField
    one_of: tuple[Pattern | AddressRange, ...]
    negated: bool = False
    ignore_case: bool = False
    """`name:~a`: upper and lower case are the same."""

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """What is compared as text."""
        return tuple(value for value in self.one_of if isinstance(value, Pattern))

    @property
    def short_names(self) -> tuple[Pattern, ...]:
        """What is compared besides `one_of`: the shorter names of exact values, if the field has them."""
        if (shorter := self.field.short_names) is None:
            return ()
        exact = (pattern.parts[0] for pattern in self.patterns if pattern.exact and pattern.parts[0].startswith("arn:"))
        return tuple(Pattern((short,)) for value in exact for short in shorter(value))


@dataclass(frozen=True, slots=True)
class PathTerm:
    """`requestParameters.bucketName:logs*`: a value at or below this path of the record matches one of the patterns."""

    path: tuple[str, ...]
    one_of: tuple[Pattern, ...]
    negated: bool = False
    ignore_case: bool = False
    """`a.b:~x`: upper and lower case are the same."""

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """What is compared, which is always text."""
        return self.one_of


class Comparison(StrEnum):
    """How a value at a path compares with a number or a time."""

    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class CompareTerm:
    """`requestParameters.maxResults>10`: a number or time at or below this path compares so with the operand."""

    path: tuple[str, ...]
    comparison: Comparison
    operand: str
    """A number or a time, as typed."""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class KindTerm:
    """`is:write,error`: the event is one of these."""

    one_of: tuple[EventKind, ...]
    negated: bool = False


MARKED = KindTerm((EventKind.MARKED,))
"""`is:marked`."""


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


@dataclass(frozen=True, slots=True)
class AnyOf:
    """`(a OR b)`: at least one of these matches. `any_of` makes it in its normal form."""

    terms: "tuple[Term, ...]"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """`a b` inside a group: all of these match. `all_of` makes it in its normal form."""

    terms: "tuple[Term, ...]"
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ListTerm:
    """`any:@FILE`: a value of the record equals or contains one of the lines of a file."""

    name: str
    """The path of the file, as typed."""
    negated: bool = False
    words: "WordList | None" = value_of(default=None, compare=False)
    """The lines, once they are read; the same term stands for what they are then."""
    position: int = value_of(default=0, compare=False)
    """The index of the name in the line that was parsed, for an error."""


Leaf: TypeAlias = FieldTerm | PathTerm | CompareTerm | KindTerm | WordTerm | RegexTerm | ListTerm
"""A condition that contains no other."""
Group: TypeAlias = AnyOf | AllOf
Term: TypeAlias = Leaf | Group
"""A condition of a filter line: a tree."""


class Outside(Enum):
    """The line's range, which is not a term, as the reason why an event is excluded."""

    RANGE = "range"


class Unsearched(NamedTuple):
    """Of an event that something else excludes: these terms may exclude it too, but its record was not searched."""

    terms: "tuple[Term, ...]"


Excluder: TypeAlias = Term | Outside | Unsearched
"""What can exclude an event."""


def negate(term: Term) -> Term:
    """The term that matches what this one does not."""
    return replace(term, negated=not term.negated)


def any_of(terms: Iterable[Term]) -> Term:
    """The alternatives as one term in normal form: alternatives among them are joined, and a single one is itself.

    There must be at least one.
    """
    flat = tuple(_flat(terms, AnyOf))
    return flat[0] if len(flat) == 1 else AnyOf(flat)


def all_of(terms: Iterable[Term]) -> Term:
    """The conditions as one term in normal form, as `any_of` has it."""
    flat = tuple(_flat(terms, AllOf))
    return flat[0] if len(flat) == 1 else AllOf(flat)


def _flat(terms: Iterable[Term], kind: type[Group]) -> Iterator[Term]:
    for term in terms:
        if isinstance(term, kind) and not term.negated:
            yield from term.terms
        else:
            yield term


def pushed_down(term: Term, *, negated: bool = False) -> Term:
    """The term, or its negation, with negation at the leaves alone.

    `NOT (a OR b)` is `-a -b`. A leaf of which an event may know too little is then asked what it surely is, or surely
    is not, and neither of the two needs to hold.
    """
    opposite = negated is not term.negated
    if not isinstance(term, AnyOf | AllOf):
        return replace(term, negated=opposite)
    inner = (pushed_down(one, negated=opposite) for one in term.terms)
    return any_of(inner) if isinstance(term, AnyOf) is not opposite else all_of(inner)


def leaves_of(term: Term) -> Iterator[Leaf]:
    """Every leaf of a term, from left to right, negated as it would be if the groups were not."""
    down = pushed_down(term)
    if isinstance(down, AnyOf | AllOf):
        for one in down.terms:
            yield from leaves_of(one)
    else:
        yield down


def asks_for_new(term: Term) -> bool:
    """True if it depends on what the store has seen before whether an event matches the term."""
    return any(isinstance(leaf, KindTerm) and EventKind.NEW in leaf.one_of for leaf in leaves_of(term))


def asks_for_marks(term: Term) -> bool:
    """True if it depends on marks whether an event matches the term."""
    return any(isinstance(leaf, KindTerm) and EventKind.MARKED in leaf.one_of for leaf in leaves_of(term))


@dataclass(frozen=True, slots=True)
class Filter:
    """A parsed filter line. `write.write_filter` makes its text."""

    terms: tuple[Term, ...] = ()
    """All of these must match; `AllOf` without negation is not among them."""
    since: str | None = None
    """The start of the range as typed, an age or a time."""
    until: str | None = None
    """The end of the range as typed, an age or a time."""

    @property
    def timespan(self) -> Timespan | None:
        """The range, or None if the line has none. Raises ValueError if it starts after it ends."""
        if self.since is None and self.until is None:
            return None
        if self.until is None:
            return parse_timespan(self.since or "")
        return parse_timespan(f"{self.since or ''}..{self.until}")

    @property
    def marked_only(self) -> bool:
        """True if every event that matches is one that a person has marked: the store alone knows them all."""
        return MARKED in self.terms

    @property
    def asks_for_marks(self) -> bool:
        """True if it depends on marks whether an event matches."""
        return any(map(asks_for_marks, self.terms))

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """Every leaf of the line, as `leaves_of` has them."""
        return tuple(leaf for term in self.terms for leaf in leaves_of(term))

    def with_terms(self, terms: Iterable[Term]) -> "Filter":
        """The same range with these conditions, in normal form."""
        return replace(self, terms=tuple(_flat(terms, AllOf)))

    def replaced(self, term: Term, by: Term) -> "Filter":
        """The filter with another term in each place of this one, also inside groups.

        Inside negated groups, both are meant as `leaves_of` has leaves: in `-(a OR b)`, the term `-a` is replaced.
        """
        return self.with_terms(_replaced(one, term, by, flipped=False) for one in self.terms)

    def toggled(self, kind: EventKind) -> "Filter":
        """The filter without the term `is:KIND`, or with it at the end if it has none."""
        term = KindTerm((kind,))
        if term in self.terms:
            return replace(self, terms=tuple(one for one in self.terms if one != term))
        return replace(self, terms=(*self.terms, term))


def _replaced(within: Term, term: Term, by: Term, *, flipped: bool) -> Term:
    """`flipped`: an odd number of the groups around it is negated."""
    if (negate(within) if flipped else within) == term:
        return negate(by) if flipped else by
    if not isinstance(within, AnyOf | AllOf):
        return within
    terms = [_replaced(one, term, by, flipped=flipped is not within.negated) for one in within.terms]
    group = any_of(terms) if isinstance(within, AnyOf) else all_of(terms)
    return negate(group) if within.negated else group
