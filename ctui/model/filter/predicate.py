"""What a filter line means for one event. Pure, and cheap where a term can be decided without decoding the record."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import value_field
from ctui.model.filter.kinds import KINDS
from ctui.model.filter.prefilter import Clause, prefilter_of
from ctui.model.filter.regex import compile_regex
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
    """A filter, ready to be asked of events."""

    tests: tuple[tuple[Term, TermTest], ...]
    """Cheap ones first."""
    first: int | None
    """First second in range, None for all before `last`."""
    last: int | None
    """Last second in range, inclusive; None for all after `first`."""
    prefilter: tuple[Clause, ...] = ()
    """What an event must have to pass, said so plainly that a store can leave out the rest."""

    def __call__(self, event: Event, region: str) -> bool:
        """True where the event passes all of it. `region` is the Region that was asked. Never raises."""
        if not self.in_range(event):
            return False
        reading = RecordView(event, region)
        return all(test(reading) for _, test in self.tests)

    def in_range(self, event: Event) -> bool:
        """True where the event's second lies in the stretch of the line."""
        second = int(event.time.timestamp())
        return (self.first is None or second >= self.first) and (self.last is None or second <= self.last)

    def excluders(self, event: Event, region: str) -> Iterator[Excluder]:
        """All that refuses the event, each by itself: why it is not shown. None for an event that passes."""
        if not self.in_range(event):
            yield Outside.RANGE
        reading = RecordView(event, region)
        yield from (term for term, test in self.tests if not test(reading))


def compile_filter(line: Filter, now: datetime) -> Predicate:
    """The line's meaning at `now`, the server's clock, to which ages are pinned."""
    span = line.timespan
    first, last = (None, None) if span is None else span.pin(now)
    if span is not None and span.open_ended:
        last = None
    tests = sorted(((term, _test(term)) for term in line.terms), key=lambda pair: _cost(pair[0]))
    return Predicate(tuple(tests), first, last, prefilter_of(line.terms))


def field_values(field: str, event: Event, region: str) -> tuple[str, ...]:
    """The values a term of this field is held against: of a `Name`, or of a dotted path. Never raises."""
    view = RecordView(event, region)
    row = value_field(field)
    values = view.at(tuple(field.split("."))) if row is None else row.read(view)
    return tuple(value for value in values if value)


def matches(pattern: Pattern, value: str) -> bool:
    """True where the whole value is what the pattern says, case-sensitively."""
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
    return (lambda reading: not plain(reading)) if term.negated else plain


def _positive(term: Term) -> TermTest:
    if isinstance(term, FieldTerm):
        return _field(term)
    if isinstance(term, PathTerm):
        path, key = term.path, term.path[0]
        needed = _needed(term.one_of)
        return lambda reading: (
            not reading.cannot_contain(key)
            and not (needed and reading.cannot_contain(needed))
            and _any(term.one_of, reading.at(path))
        )
    if isinstance(term, KindTerm):
        kinds = [KINDS[kind].test for kind in term.one_of]
        return lambda reading: any(kind(reading) for kind in kinds)
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
    """Found in the record's text, or in a key or value of it: there an expression may be anchored."""
    regex = compile_regex(term.regex, term.ignore_case)
    anchored = any(mark in term.regex for mark in "^$\\")

    def test(reading: RecordView) -> bool:
        if regex.found_in(reading.raw):
            return True
        return (anchored or not reading.verbatim) and any(map(regex.found_in, reading.texts()))

    return test


def _word(term: WordTerm) -> TermTest:
    patterns = [[part.casefold() for part in pattern.parts if part] for pattern in term.one_of]

    def test(reading: RecordView) -> bool:
        raw = reading.raw.casefold()
        for parts in patterns:
            if len(parts) <= 1 and all(part in raw for part in parts):
                return True
            if reading.verbatim and not all(part in raw for part in parts):
                continue
            if any(_in_order(parts, text.casefold()) for text in reading.texts()):
                return True
        return False

    return test


def _any(patterns: Sequence[Pattern], values: Iterable[str]) -> bool:
    """An empty text is no value, so that `error:*` means that there is one."""
    return any(value and matches(pattern, value) for value in values for pattern in patterns)


def _needed(patterns: Sequence[Pattern]) -> str:
    """A text that each matching value holds; "" where there is none that all patterns share."""
    return max(patterns[0].parts, key=len) if len(patterns) == 1 else ""
