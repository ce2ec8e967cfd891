"""Predicate: whether an event matches a filter. Cheap if a term needs no decoded record."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import value_field
from ctui.model.filter.kinds import KINDS
from ctui.model.filter.matching.regex import compile_regex
from ctui.model.filter.prefilter import Clause, prefilter_of
from ctui.model.filter.terms import (
    Excluder,
    FieldTerm,
    Filter,
    KindTerm,
    Outside,
    PathTerm,
    Pattern,
    RegexTerm,
    Term,
    WordTerm,
)

TermTest = Callable[[RecordView], bool]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A compiled filter."""

    tests: tuple[tuple[Term, TermTest], ...]
    """One test per term, the cheap ones first."""
    first: int | None
    """First second in range, or None for no start."""
    last: int | None
    """Last second in range, inclusive, or None for no end."""
    prefilter: tuple[Clause, ...] = ()
    """Necessary conditions on events, simple enough for a store to skip events that fail them."""

    def __call__(self, event: Event, region: str) -> bool:
        """True if the event matches the filter. `region` is the Region that was searched. Never raises."""
        if not self.in_range(event):
            return False
        view = RecordView(event, region)
        return all(test(view) for _, test in self.tests)

    def in_range(self, event: Event) -> bool:
        """True if the event's second is in the filter's range."""
        second = int(event.time.timestamp())
        return (self.first is None or second >= self.first) and (self.last is None or second <= self.last)

    def excluders(self, event: Event, region: str) -> Iterator[Excluder]:
        """The terms that the event does not match, and the range if it is outside; nothing if the event matches."""
        if not self.in_range(event):
            yield Outside.RANGE
        view = RecordView(event, region)
        yield from (term for term, test in self.tests if not test(view))


def compile_filter(line: Filter, now: datetime) -> Predicate:
    """Compile a filter; ages count back from `now`, the server's clock."""
    span = line.timespan
    first, last = (None, None) if span is None else span.pin(now)
    if span is not None and span.open_ended:
        last = None
    tests = sorted(((term, _test(term)) for term in line.terms), key=lambda pair: _cost(pair[0]))
    return Predicate(tuple(tests), first, last, prefilter_of(line.terms))


def field_values(field: str, event: Event, region: str) -> tuple[str, ...]:
    """An event's values of a field, or at a dotted path. Never raises."""
    view = RecordView(event, region)
    row = value_field(field)
    values = view.at(tuple(field.split("."))) if row is None else row.read(view)
    return tuple(value for value in values if value)


def matches(pattern: Pattern, value: str) -> bool:
    """True if the whole value matches the pattern, case-sensitively."""
    first, last = pattern.parts[0], pattern.parts[-1]
    if pattern.exact:
        return value == first
    if len(value) < len(first) + len(last) or not value.startswith(first) or not value.endswith(last):
        return False
    return _in_order(pattern.parts[1:-1], value[len(first) : len(value) - len(last)])


def _in_order(parts: Iterable[str], within: str) -> bool:
    at = 0
    for part in parts:
        found = within.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def _cost(term: Term) -> int:
    if isinstance(term, FieldTerm):
        return 0 if term.field.attribute is not None else 2
    if isinstance(term, KindTerm):
        return 0 if all(KINDS[kind].read_only for kind in term.one_of) else 2
    return 3 if isinstance(term, RegexTerm) else 1


def _test(term: Term) -> TermTest:
    plain = _positive(term)
    return (lambda view: not plain(view)) if term.negated else plain


def _positive(term: Term) -> TermTest:
    if isinstance(term, FieldTerm):
        return _field(term)
    if isinstance(term, PathTerm):
        path, key = term.path, term.path[0]
        needed = _needed(term.one_of)
        return lambda view: (
            not view.cannot_contain(key)
            and not (needed and view.cannot_contain(needed))
            and _any(term.one_of, view.at(path))
        )
    if isinstance(term, KindTerm):
        kinds = [KINDS[kind].test for kind in term.one_of]
        return lambda view: any(kind(view) for kind in kinds)
    if isinstance(term, RegexTerm):
        return _regex(term)
    return _word(term)


def _field(term: FieldTerm) -> TermTest:
    read = term.field.read
    needed = _needed(term.one_of)
    if term.field.attribute is not None or not term.field.in_record or not needed:
        return lambda view: _any(term.one_of, read(view))
    return lambda view: not view.cannot_contain(needed) and _any(term.one_of, read(view))


def _regex(term: RegexTerm) -> TermTest:
    """Searches the record's text, and each key and value, so that anchors work."""
    regex = compile_regex(term.regex, term.ignore_case)
    anchored = any(mark in term.regex for mark in "^$\\")

    def test(view: RecordView) -> bool:
        if regex.found_in(view.raw):
            return True
        return (anchored or not view.verbatim) and any(map(regex.found_in, view.texts()))

    return test


def _word(term: WordTerm) -> TermTest:
    patterns = [[part.casefold() for part in pattern.parts if part] for pattern in term.one_of]

    def test(view: RecordView) -> bool:
        raw = view.raw.casefold()
        for parts in patterns:
            if len(parts) <= 1 and all(part in raw for part in parts):
                return True
            if view.verbatim and not all(part in raw for part in parts):
                continue
            if any(_in_order(parts, text.casefold()) for text in view.texts()):
                return True
        return False

    return test


def _any(patterns: Sequence[Pattern], values: Iterable[str]) -> bool:
    """True if a value matches one of the patterns. "" is no value, so `error:*` means that there is one."""
    return any(value and matches(pattern, value) for value in values for pattern in patterns)


def _needed(patterns: Sequence[Pattern]) -> str:
    """A text that each matching value contains; "" if there are several patterns."""
    return max(patterns[0].parts, key=len) if len(patterns) == 1 else ""
