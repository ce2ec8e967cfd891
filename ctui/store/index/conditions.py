"""A filter line as SQL over the index: what surely matches, what may match, and what only records can tell.

Every term on a field is evaluated by the predicate's own test, once for each different value that the field has had
instead of once for each event: the dictionary lists them. The result is a set of words, and SQL finds the events that
have one. So an indexed term is exact, whatever its wildcards, lists, networks and negation mean.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from ctui.model.event.kind import EventKind
from ctui.model.filter.matching.addresses import AddressRange
from ctui.model.filter.predicate import values_test
from ctui.model.filter.prefilter import AttributeCheck, Clause
from ctui.model.filter.terms import AllOf, AnyOf, FieldTerm, KindTerm, Leaf, Term, pushed_down
from ctui.model.values import dataclass
from ctui.store.index.connections import first_seen_of, word_sets_of
from ctui.store.index.decided import (
    ColumnTest,
    by_record,
    column_test,
    exact_texts,
    kind_bits,
    named_event_ids,
    record_clauses,
)
from ctui.store.index.dictionary import words_between, words_with
from ctui.store.index.first_seen import FIRST_ROWS
from ctui.store.index.index_row import COLUMNS, IndexColumn, values_in
from ctui.store.index.table_line import DERIVATION, KIND_BITS
from ctui.store.index.word_sets import Words
from ctui.store.search import ATTRIBUTE_COLUMNS, condition_for

TRUE: Final = "TRUE"
FALSE: Final = "FALSE"
_FAILED: Final = f"event.kinds & {KIND_BITS[EventKind.ERROR]}"
_OF_STORE: Final = {EventKind.MARKED: "SELECT event FROM mark", EventKind.NEW: FIRST_ROWS}
"""SQL for the rows of the kinds that are no facts of a record."""
_FEW: Final = 200
"""So many words of an indexed column may drive a search; with more, the rows are read in their order instead."""


@dataclass(frozen=True, slots=True)
class Condition:
    """SQL for one term, about a row of `event`."""

    may: str
    """True for each event that matches the term; perhaps for others."""
    must: str
    """True for events that match the term only; perhaps not for all of them."""

    @property
    def exact(self) -> bool:
        """True if SQL alone decides the term."""
        return self.may == self.must


@dataclass(frozen=True, slots=True)
class RecordTerm:
    """A top-level term that SQL does not decide, with what the records of matching events contain."""

    unless: str
    """SQL for events of which the clauses say nothing: they match by the index, or by what the service sent."""
    clauses: tuple[Clause, ...]
    """What the record of each other event that matches contains, in one of its `prefilter.spellings`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A filter line as SQL, for the values that the dictionary has now."""

    may: str
    must: str
    record_terms: tuple[RecordTerm, ...]
    """The terms that SQL does not decide."""
    drivers: tuple[tuple[str, str], ...]
    """(index, condition) of terms by which SQL finds rows without reading others."""

    @property
    def exact(self) -> bool:
        """True if SQL alone decides the line."""
        return not self.record_terms

    @property
    def impossible(self) -> bool:
        """True if no stored event matches, since no event has one of the values."""
        return self.may == FALSE


def plan_of(connection: sqlite3.Connection, terms: Sequence[Term], first: int | None, last: int | None) -> Plan:
    """The plan of a line whose terms must all match, within epoch seconds `first` to `last`."""
    conditions = [(term, condition_of(connection, term)) for term in terms]
    may = _all(condition.may for _, condition in conditions)
    must = _all(condition.must for _, condition in conditions)
    if _has_old_rows(connection):
        # Rows of other rules say nothing: their records decide, about alternatives that the index has, too.
        may, must = _any((f"event.derived <> {DERIVATION}", may)), _all((f"event.derived = {DERIVATION}", must))
        record_terms = [
            _record_term(connection, pushed_down(term), _all((f"event.derived = {DERIVATION}", one.must)))
            for term, one in conditions
        ]
        drivers: list[tuple[str, str]] = []
    else:
        record_terms = [
            _record_term(connection, by_record(pushed_down(term)), one.must)
            for term, one in conditions
            if not one.exact
        ]
        drivers = [driver for _, one in conditions if one.exact and (driver := _driver(one.may)) is not None]
    within = in_range(first, last)
    return Plan(_all((may, within)), _all((must, within)), tuple(record_terms), tuple(drivers))


def in_range(first: int | None, last: int | None) -> str:
    """SQL for events within epoch seconds `first` to `last`."""
    return _all(
        (
            TRUE if first is None else f"event.time >= {first}",
            TRUE if last is None else f"event.time <= {last}",
        )
    )


def condition_of(connection: sqlite3.Connection, term: Term) -> Condition:
    """SQL for a term, by the values that the dictionary has now. It has no parameters, and matches rows derived by
    `DERIVATION` only."""
    return _condition(connection, pushed_down(term))


def _condition(connection: sqlite3.Connection, term: Term) -> Condition:
    if isinstance(term, AnyOf | AllOf):
        parts = [_condition(connection, one) for one in term.terms]
        join = _any if isinstance(term, AnyOf) else _all
        return Condition(join(part.may for part in parts), join(part.must for part in parts))
    sql = _leaf(connection, term)
    return Condition(TRUE, FALSE) if sql is None else Condition(sql, sql)


def _leaf(connection: sqlite3.Connection, leaf: Leaf) -> str | None:
    """SQL for a leaf, or None if only the record tells."""
    if isinstance(leaf, KindTerm):
        return _kinds(connection, leaf)
    if not isinstance(leaf, FieldTerm):
        return None
    if (test := column_test(leaf)) is None:
        return _event_id(connection, leaf)
    words = [(one.name, _matching(connection, one, test)) for one in test.columns]
    return _all(_not_in(*one) for one in words) if test.complement else _any(_in(*one) for one in words)


def _kinds(connection: sqlite3.Connection, leaf: KindTerm) -> str:
    """SQL for kinds of events: bits of a row, and what the store alone knows of it."""
    bits, others = kind_bits(leaf)
    parts = [] if not bits else [f"event.kinds & {bits} = 0" if leaf.negated else f"event.kinds & {bits}"]
    if EventKind.NEW in others:
        first_seen_of(connection).update()
    parts += (f"event.id {'NOT IN' if leaf.negated else 'IN'} ({_OF_STORE[kind]})" for kind in others)
    return _all(parts) if leaf.negated else _any(parts)


def _event_id(connection: sqlite3.Connection, leaf: FieldTerm) -> str | None:
    if leaf.field.column is None or not (event_ids := named_event_ids(leaf)):
        return None
    found = condition_for(connection, leaf.field.column, event_ids)
    return f"NOT {found}" if leaf.negated else found


def _matching(connection: sqlite3.Connection, column: IndexColumn, test: ColumnTest) -> Words:
    """The words of a column whose values pass a test."""
    part, leaf = test.part, test.leaf
    if (texts := exact_texts(leaf)) is not None:
        exact = words_with(connection, column, part, texts)
        ranges = [one for one in leaf.one_of if isinstance(one, AddressRange)]
        if not ranges:
            return exact
        if column.name == "ip":
            between = (word for one in ranges for word in words_between(connection, one.first, one.last))
            return list(dict.fromkeys((*exact, *between)))
    passes = values_test(leaf)
    return word_sets_of(connection).words(
        (column.name, part, leaf), lambda text: passes(values_in(column, text, part)), column
    )


def _in(column: str, words: Words) -> str:
    name = f"event.{column}"
    if isinstance(words, str):
        return f"{name} IN ({words})"
    if not words:
        return FALSE
    return f"{name} = {words[0]}" if len(words) == 1 else f"{name} IN ({','.join(map(str, sorted(words)))})"


def _not_in(column: str, words: Words) -> str:
    return f"(event.{column} IS NULL OR NOT {_in(column, words)})" if words else TRUE


def _driver(sql: str) -> tuple[str, str] | None:
    """The index by which a condition finds its rows, with the condition; None if there is none, or too many words."""
    if sql == _FAILED:
        return "event_failed", sql
    name, _, rest = sql.removeprefix("event.").partition(" ")
    if (column := COLUMNS.get(name)) is None or not column.ordered or not rest.startswith(("= ", "IN (")):
        return None
    return (f"event_by_{name}", sql) if rest.count(",") < _FEW and "SELECT" not in rest else None


def _record_term(connection: sqlite3.Connection, term: Term, must: str) -> RecordTerm:
    """What the records of events contain that match a term but are not in `must`."""
    clauses, sent = record_clauses(term)
    return RecordTerm(_any((must, *(_sent(connection, check) for check in sent))), tuple(clauses))


def _sent(connection: sqlite3.Connection, check: AttributeCheck) -> str:
    """SQL for events of which a value that the service sent is, or contains, a text."""
    column = ATTRIBUTE_COLUMNS[check.key]
    if column.name == "event_id":
        return TRUE
    index_column = COLUMNS[column.name]
    if check.whole:
        return _in(column.name, words_with(connection, index_column, column.part, [check.text]))
    words = word_sets_of(connection).words(
        (column.name, column.part, check),
        lambda stored: any(check.text in value for value in values_in(index_column, stored, column.part)),
        index_column,
    )
    return _in(column.name, words)


def _has_old_rows(connection: sqlite3.Connection) -> bool:
    row = connection.execute(
        f"SELECT EXISTS (SELECT 1 FROM event WHERE derived < {DERIVATION}) "
        f"OR EXISTS (SELECT 1 FROM event WHERE derived > {DERIVATION})"
    ).fetchone()
    return bool(row[0])


def _all(parts: Iterable[str]) -> str:
    kept = [part for part in parts if part != TRUE]
    if FALSE in kept:
        return FALSE
    return f"({' AND '.join(kept)})" if len(kept) > 1 else kept[0] if kept else TRUE


def _any(parts: Iterable[str]) -> str:
    kept = [part for part in parts if part != FALSE]
    if TRUE in kept:
        return TRUE
    return f"({' OR '.join(kept)})" if len(kept) > 1 else kept[0] if kept else FALSE
