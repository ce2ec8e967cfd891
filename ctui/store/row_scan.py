"""Reads whole events in bulk and evaluates them, in the searcher's thread and in short portions.

SQLite itself excludes rows that cannot match, without holding Python's lock.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Generic, NamedTuple, TypeVar

from ctui.model.event.event import Event
from ctui.model.filter.matching.regex import compile_regex
from ctui.model.filter.prefilter import AttributeCheck, AttributeComparison, Check, Clause, RegexCheck, TextCheck
from ctui.store.columns import JOINED_EVENT_COLUMNS, Column, event_from, packed
from ctui.store.search import PLAIN_COLUMNS

T = TypeVar("T")

EVALUATED_AT_ONCE = 250
"""Events evaluated in one portion: some milliseconds of work."""
_READ_BY_ID = (
    f"SELECT wanted.key, scope.region, {JOINED_EVENT_COLUMNS} FROM json_each(?) AS wanted "
    "CROSS JOIN event ON event.id = wanted.value JOIN scope ON scope.id = event.scope"
)
"""In the order of the ids: SQLite scans the left side of a cross join first."""


class Evaluated(NamedTuple, Generic[T]):
    """The results for a portion of the rows."""

    scanned: int
    """How many of the ids were dealt with, from the first on."""
    results: list[tuple[int, T]]
    """(index among the ids, result) of each event that is stored and that the prefilter does not exclude."""


def evaluate(
    connection: sqlite3.Connection,
    ids: Sequence[int],
    evaluation: Callable[[Event, str], T],
    prefilter: Sequence[Clause] = (),
) -> Evaluated[T]:
    """Call `evaluation` with events and the Region they were looked up in, in the order of `ids`.

    Skips events that lack one of the `prefilter` clauses. Ends after `EVALUATED_AT_ONCE` events.
    """
    conditions, values = _Conditions(connection), [json.dumps(list(ids))]
    where = " AND ".join(conditions.of(clause) for clause in prefilter) or "TRUE"
    results: list[tuple[int, T]] = []
    # The functions cannot be replaced while a statement is open.
    with closing(connection.execute(f"{_READ_BY_ID} WHERE {where}", (*values, *conditions.values))) as cursor:
        for index, region, *columns in cursor:
            results.append((index, evaluation(event_from(tuple(columns)), region)))
            if len(results) == EVALUATED_AT_ONCE:
                return Evaluated(index + 1, results)
    return Evaluated(len(ids), results)


class _Conditions:
    """Clauses of a prefilter as SQL. They exclude no record that is stored as bytes (`columns.row_of`)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.values: list[Column] = []
        self._connection = connection
        self._expressions = 0

    def of(self, clause: Clause) -> str:
        """One condition. Its values are appended to `values`."""
        return f"({' OR '.join(self._check(check) for check in clause)})"

    def _check(self, check: Check) -> str:
        if isinstance(check, AttributeCheck):
            return self._attribute(check)
        if isinstance(check, TextCheck) and not check.text.isascii():
            return "typeof(event.record) = 'blob'"
        if isinstance(check, TextCheck):
            self.values.append(f"%{_escape_like(check.text)}%")
            return r"typeof(event.record) = 'blob' OR event.record LIKE ? ESCAPE '\'"
        # As bytes, because SQLite cannot pass damaged text to Python.
        return f"typeof(event.record) = 'blob' OR {self._function(check)}(CAST(event.record AS BLOB))"

    def _attribute(self, check: AttributeCheck) -> str:
        column = PLAIN_COLUMNS.get(check.key)
        if column is None:
            # The column holds all resources as JSON; the text may be in any of them.
            self.values.append(json.dumps(check.text)[1:-1])
            return "instr(event.resources, ?) > 0"
        self.values.append(packed(check.text))
        if check.how is AttributeComparison.IS:
            return f"event.{column} = ?"
        if check.how is AttributeComparison.IS_NOT:
            return f"event.{column} IS NOT ?"
        if check.how is AttributeComparison.CONTAINS:
            return f"instr(event.{column}, ?) > 0"
        return f"coalesce(instr(event.{column}, ?), 0) <> 1"

    def _function(self, check: RegexCheck) -> str:
        """Register the expression as an SQL function of this statement; returns its name."""
        name, regex = f"matches_{self._expressions}", compile_regex(check.regex, check.ignore_case)
        self._expressions += 1
        self._connection.create_function(name, 1, regex.found_in_bytes, deterministic=True)
        return name


def _escape_like(text: str) -> str:
    for char in "\\%_":
        text = text.replace(char, f"\\{char}")
    return text
