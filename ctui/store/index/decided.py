"""What the columns of an index decide of a filter line, and what of it only records tell.

These rules are the same whether the columns are asked in SQL (`conditions`) or in segments of log files.
"""

from collections.abc import Sequence

from ctui.model.event.kind import EventKind
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.prefilter import AttributeCheck, Clause, prefilter_of
from ctui.model.filter.terms import AllOf, AnyOf, FieldTerm, KindTerm, Term, any_of
from ctui.model.values import dataclass
from ctui.store.index.index_row import COLUMNS, IndexColumn
from ctui.store.index.table_line import KIND_BITS

OF_NO_RECORD = (EventKind.MARKED, EventKind.NEW)
"""The kinds that are no facts of a record: sets of rows stand for them."""


@dataclass(frozen=True, slots=True)
class ColumnTest:
    """A leaf as a test of the different texts of columns."""

    columns: tuple[IndexColumn, ...]
    part: int | None
    """Which part of each pair, for a column of pairs."""
    leaf: FieldTerm
    """Its `predicate.values_test` is put to the values of each text."""
    complement: bool
    """False: a row matches if a text of it passes. True: if none does, as few values match a pattern."""


def column_test(leaf: FieldTerm) -> ColumnTest | None:
    """The test that decides a leaf; None if only records do, or the event ID."""
    column = leaf.field.column
    if column is None or column.name == "event_id":
        return None
    first = COLUMNS[column.name]
    columns = (first, COLUMNS[first.also]) if first.also else (first,)
    if leaf.negated and len(leaf.patterns) == len(leaf.one_of):
        return ColumnTest(columns, column.part, FieldTerm(leaf.field, leaf.one_of, False, leaf.ignore_case), True)
    return ColumnTest(columns, column.part, leaf, False)


def exact_texts(leaf: FieldTerm) -> list[str] | None:
    """The texts of which a matching value is one, for a leaf without wildcards; None for others. Its networks match
    other values besides."""
    named = (*leaf.patterns, *leaf.short_names)
    if leaf.negated or leaf.ignore_case or not all(pattern.exact for pattern in named):
        return None
    return [pattern.parts[0] for pattern in named if pattern.parts[0]]


def named_event_ids(leaf: FieldTerm) -> list[str] | None:
    """The event IDs that a leaf names, negated or not; None for a leaf on another field, or that has no whole IDs."""
    if leaf.field.column is None or leaf.field.column.name != "event_id" or leaf.ignore_case:
        return None
    whole = [one.parts[0] for one in leaf.one_of if isinstance(one, Pattern) and one.exact and one.parts[0]]
    return whole if len(whole) == len(leaf.one_of) else None


def kind_bits(leaf: KindTerm) -> tuple[int, Sequence[EventKind]]:
    """The bits of which a row of these kinds has one, and the kinds that have no bit."""
    bits = sum({KIND_BITS[kind] for kind in leaf.one_of if kind not in OF_NO_RECORD})
    return bits, [kind for kind in OF_NO_RECORD if kind in leaf.one_of]


def by_record(down: Term) -> Term:
    """Of alternatives, those that columns do not decide; any other term as it is. Its groups are not negated."""
    undecided = [one for one in down.terms if not is_decided(one)] if isinstance(down, AnyOf) else []
    return any_of(undecided) if undecided else down


def is_decided(term: Term) -> bool:
    """True if columns alone decide a term."""
    if isinstance(term, AnyOf | AllOf):
        return all(map(is_decided, term.terms))
    return column_test(term) is not None if isinstance(term, FieldTerm) else isinstance(term, KindTerm)


def record_clauses(term: Term) -> tuple[list[Clause], list[AttributeCheck]]:
    """What the record of an event that matches a term contains, unless a value that the service sent passes one of the
    checks."""
    clauses, sent = list[Clause](), list[AttributeCheck]()
    for clause in prefilter_of((term,)):
        attributes = [check for check in clause if isinstance(check, AttributeCheck)]
        if len(attributes) < len(clause):
            clauses.append(tuple(check for check in clause if not isinstance(check, AttributeCheck)))
            sent += attributes
    return clauses, sent
