"""Predicate: whether an event matches a filter. Cheap if a term needs no decoded record."""

from collections.abc import Callable, Container, Iterable, Iterator
from datetime import datetime

from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import value_field
from ctui.model.filter.kinds import KINDS
from ctui.model.filter.matching.addresses import AddressRange, address_of
from ctui.model.filter.matching.operands import compared_with
from ctui.model.filter.matching.patterns import in_order, matches
from ctui.model.filter.matching.regex import compile_regex
from ctui.model.filter.terms import (
    AllOf,
    AnyOf,
    CompareTerm,
    Comparison,
    Excluder,
    FieldTerm,
    Filter,
    KindTerm,
    ListTerm,
    Outside,
    PathTerm,
    RegexTerm,
    Term,
    WordTerm,
    pushed_down,
)
from ctui.model.values import dataclass

TermTest = Callable[[RecordView], bool]
ValueTest = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Predicate:
    """A compiled filter."""

    tests: tuple[tuple[Term, TermTest], ...]
    """One test per term, the cheap ones first."""
    first: int | None
    """First second in range, or None for no start."""
    last: int | None
    """Last second in range, inclusive, or None for no end."""
    marked: Container[str] = frozenset()
    """The event IDs of the events that a person has marked."""
    new: Container[str] = frozenset()
    """The event IDs of the events that `is:new` finds: the store gives them to a line that it compares."""

    @property
    def terms(self) -> tuple[Term, ...]:
        """The terms of the line, in the order of `tests`."""
        return tuple(term for term, _ in self.tests)

    def __call__(self, event: Event, region: str) -> bool:
        """True if the event matches the filter. `region` is the Region that was searched. Never raises."""
        if not self.in_range(event):
            return False
        view = self.view(event, region)
        return all(test(view) for _, test in self.tests)

    def in_range(self, event: Event) -> bool:
        """True if the event's second is in the filter's range."""
        second = int(event.time.timestamp())
        return (self.first is None or second >= self.first) and (self.last is None or second <= self.last)

    def excluders(self, event: Event, region: str) -> Iterator[Excluder]:
        """The terms that the event does not match, and the range if it is outside; nothing if the event matches."""
        if not self.in_range(event):
            yield Outside.RANGE
        view = self.view(event, region)
        yield from (term for term, test in self.tests if not test(view))

    def view(self, event: Event, region: str) -> RecordView:
        """The event as the tests read it."""
        event_id = event.event_id
        return RecordView(event, region, marked=event_id in self.marked, new=event_id in self.new)


def compile_filter(line: Filter, now: datetime, marked: Container[str] = frozenset()) -> Predicate:
    """Compile a filter; ages count back from `now`, the server's clock. `marked`: the event IDs of marked events."""
    span = line.timespan
    first, last = (None, None) if span is None else span.pin(now)
    if span is not None and span.open_ended:
        last = None
    tests = sorted(((term, _test(pushed_down(term), now)) for term in line.terms), key=lambda pair: _cost(pair[0]))
    return Predicate(tuple(tests), first, last, marked)


def field_values(field: str, event: Event, region: str) -> tuple[str, ...]:
    """An event's values of a field, or at a dotted path. Never raises."""
    return values_of(RecordView(event, region), field)


def values_of(view: RecordView, field: str) -> tuple[str, ...]:
    """The same of an event that is read for several fields. Values of a list are in its order."""
    row = value_field(field)
    # A path is followed from the last item of a list to the first.
    values = reversed(tuple(view.at(tuple(field.split("."))))) if row is None else row.read(view)
    return tuple(value for value in values if value)


def value_test(term: FieldTerm | PathTerm) -> ValueTest:
    """A test of a value: is it one of the term's? "" is no value, so `error:*` means that there is one."""
    named = (*term.patterns, *(term.short_names if isinstance(term, FieldTerm) else ()))
    patterns = [pattern.folded if term.ignore_case else pattern for pattern in named]
    exact = frozenset(pattern.parts[0] for pattern in patterns if pattern.exact)
    wild = [pattern for pattern in patterns if not pattern.exact]
    ranges = [value for value in term.one_of if isinstance(value, AddressRange)]

    def test(value: str) -> bool:
        text = value.casefold() if term.ignore_case else value
        if text in exact or any(matches(pattern, text) for pattern in wild):
            return True
        return bool(ranges) and (address := address_of(value)) is not None and any(address in one for one in ranges)

    return test


def compare_test(term: CompareTerm, now: datetime) -> ValueTest:
    """A test of a value: does it compare so with the operand? Ages count back from `now`."""
    compared = compared_with(term.operand, now)
    signs = {
        Comparison.LESS: (-1,),
        Comparison.AT_MOST: (-1, 0),
        Comparison.MORE: (1,),
        Comparison.AT_LEAST: (0, 1),
    }[term.comparison]
    return lambda value: compared(value) in signs


def _cost(term: Term) -> int:
    if isinstance(term, AnyOf | AllOf):
        return max(map(_cost, term.terms))
    if isinstance(term, FieldTerm):
        return 0 if term.field.attribute is not None else 2
    if isinstance(term, KindTerm):
        return 0 if all(KINDS[kind].attribute for kind in term.one_of) else 2
    return 3 if isinstance(term, RegexTerm) else 1


def _test(term: Term, now: datetime) -> TermTest:
    """The test of a term whose groups are not negated."""
    if isinstance(term, AnyOf | AllOf):
        tests = [_test(one, now) for one in sorted(term.terms, key=_cost)]
        if isinstance(term, AnyOf):
            return lambda view: any(test(view) for test in tests)
        return lambda view: all(test(view) for test in tests)
    if isinstance(term, FieldTerm):
        return _field(term)
    plain = _positive(term, now)
    return (lambda view: not plain(view)) if term.negated else plain


def _positive(term: PathTerm | CompareTerm | KindTerm | RegexTerm | WordTerm | ListTerm, now: datetime) -> TermTest:
    """The test of a leaf that is no field, as if it were not negated."""
    if isinstance(term, PathTerm):
        return _path(term)
    if isinstance(term, CompareTerm):
        return _compare(term, now)
    if isinstance(term, KindTerm):
        kinds = [KINDS[kind].test for kind in term.one_of]
        return lambda view: any(kind(view) for kind in kinds)
    if isinstance(term, RegexTerm):
        return _regex(term)
    if isinstance(term, ListTerm):
        return _list(term)
    return _word(term)


def values_test(term: FieldTerm) -> Callable[[Iterable[str]], bool]:
    """The test of all values that an event has of the term's field, negated if the term is; "" is no value.

    What is no address, such as the name of a service, is neither inside nor outside a network: `-ip:10.0.0.0/8` needs
    a value, and each to be an address outside.
    """
    test = value_test(term)
    if not term.negated:
        return lambda values: any(value and test(value) for value in values)
    if len(term.patterns) == len(term.one_of):
        return lambda values: not any(value and test(value) for value in values)

    def outside(values: Iterable[str]) -> bool:
        present = [value for value in values if value]
        return bool(present) and all(address_of(value) is not None and not test(value) for value in present)

    return outside


def _field(term: FieldTerm) -> TermTest:
    read, test = term.field.read, values_test(term)
    needed = "" if len(term.patterns) < len(term.one_of) else _needed(term)
    if term.field.attribute is not None or not term.field.in_record or not needed:
        return lambda view: test(read(view))
    negated = term.negated
    return lambda view: negated if view.cannot_contain(needed) else test(read(view))


def _path(term: PathTerm) -> TermTest:
    path, key, test = term.path, term.path[0], value_test(term)
    needed = _needed(term)
    return lambda view: (
        not view.cannot_contain(key)
        and not (needed and view.cannot_contain(needed))
        and any(test(value) for value in view.at(path))
    )


def _compare(term: CompareTerm, now: datetime) -> TermTest:
    path, key, test = term.path, term.path[0], compare_test(term, now)
    return lambda view: not view.cannot_contain(key) and any(map(test, view.at(path)))


def _regex(term: RegexTerm) -> TermTest:
    """Searches the record's text, and each key and value, so that anchors work."""
    regex = compile_regex(term.regex, term.ignore_case)
    anchored = any(mark in term.regex for mark in "^$\\")

    def test(view: RecordView) -> bool:
        if regex.found_in(view.raw):
            return True
        return (anchored or not view.verbatim) and any(map(regex.found_in, view.texts()))

    return test


def _list(term: ListTerm) -> TermTest:
    """True for a record with a value that matches the list. The record's text rules most of them out."""
    words = term.words
    if words is None:
        raise ValueError(f"the file {term.name} was not read")
    may_differ = words.has_networks

    def test(view: RecordView) -> bool:
        if view.verbatim and not may_differ and not words.found_in(view.folded):
            return False
        return any(map(words.matches, view.at(())))

    return test


def _word(term: WordTerm) -> TermTest:
    patterns = [[part.casefold() for part in pattern.parts if part] for pattern in term.one_of]

    def test(view: RecordView) -> bool:
        raw = view.folded
        for parts in patterns:
            if len(parts) <= 1 and all(part in raw for part in parts):
                return True
            if view.verbatim and not all(part in raw for part in parts):
                continue
            if any(in_order(parts, text.casefold()) for text in view.texts()):
                return True
        return False

    return test


def _needed(term: FieldTerm | PathTerm) -> str:
    """A text that each matching value contains; "" if there are several patterns, or letter case does not count."""
    if len(term.one_of) > 1 or term.ignore_case or not term.patterns:
        return ""
    return max(term.patterns[0].parts, key=len)
