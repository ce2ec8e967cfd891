"""Reading whole events in bulk for somebody's evaluation: in the searcher's thread, in portions that end soon.

Rows that cannot pass are left out by SQLite itself, which does not hold the interpreter's lock while it looks.
"""

import json
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Generic, NamedTuple, TypeVar

from ctui.model.event.event import Event
from ctui.model.filter.prefilter import AttributeCheck, Check, Clause, Comparison, RegexCheck, TextCheck
from ctui.model.filter.regex import compile_regex
from ctui.store.columns import JOINED_EVENT_COLUMNS, Column, event_from, packed
from ctui.store.search import PLAIN_COLUMNS

T = TypeVar("T")

EVALUATED_AT_ONCE = 250
"""Events handed to a evaluation in one portion: some milliseconds of work."""
_READ_BY_ID = (
    f"SELECT wanted.key, scope.region, {JOINED_EVENT_COLUMNS} FROM json_each(?) AS wanted "
    "CROSS JOIN event ON event.id = wanted.value JOIN scope ON scope.id = event.scope"
)
"""In the order of the ids: SQLite takes the left side of a cross join first."""


class Evaluated(NamedTuple, Generic[T]):
    """A portion of the rows that somebody wanted to be judged."""

    scanned: int
    """So many of the ids, from the first on."""
    results: list[tuple[int, T]]
    """Of those among them that the store holds and that have what is needed: (place among the ids, the evaluation)."""


def evaluate(
    connection: sqlite3.Connection,
    ids: Sequence[int],
    evaluation: Callable[[Event, str], T],
    needs: Sequence[Clause] = (),
) -> Evaluated[T]:
    """What `evaluation` makes of events and the Region that was asked for them, in the order of `ids`.

    Events that lack one of the `needs` are passed over. Ends once `EVALUATED_AT_ONCE` events have been judged.
    """
    conditions, values = _Conditions(connection), [json.dumps(list(ids))]
    where = " AND ".join(conditions.of(need) for need in needs) or "TRUE"
    results: list[tuple[int, T]] = []
    # A statement left open would keep its expressions from being replaced.
    with closing(connection.execute(f"{_READ_BY_ID} WHERE {where}", (*values, *conditions.values))) as cursor:
        for place, region, *columns in cursor:
            results.append((place, evaluation(event_from(tuple(columns)), region)))
            if len(results) == EVALUATED_AT_ONCE:
                return Evaluated(place + 1, results)
    return Evaluated(len(ids), results)


class _Conditions:
    """Needs as SQL. Records that are not plain stand as bytes, of which nothing is demanded (`rows.row_of`)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.values: list[Column] = []
        self._connection = connection
        self._expressions = 0

    def of(self, need: Clause) -> str:
        """One condition; its values are put behind those before."""
        return f"({' OR '.join(self._check(check) for check in need)})"

    def _check(self, check: Check) -> str:
        if isinstance(check, AttributeCheck):
            return self._said(check)
        if isinstance(check, TextCheck) and not check.text.isascii():
            return "typeof(event.record) = 'blob'"
        if isinstance(check, TextCheck):
            self.values.append(f"%{_literally(check.text)}%")
            return r"typeof(event.record) = 'blob' OR event.record LIKE ? ESCAPE '\'"
        # As bytes: a text that is damaged could not be handed over.
        return f"typeof(event.record) = 'blob' OR {self._function(check)}(CAST(event.record AS BLOB))"

    def _said(self, check: AttributeCheck) -> str:
        column = PLAIN_COLUMNS.get(check.key)
        if column is None:
            # The resources stand together, as JSON: any of them may be meant.
            self.values.append(json.dumps(check.text)[1:-1])
            return "instr(event.resources, ?) > 0"
        self.values.append(packed(check.text))
        if check.how is Comparison.IS:
            return f"event.{column} = ?"
        if check.how is Comparison.IS_NOT:
            return f"event.{column} IS NOT ?"
        if check.how is Comparison.CONTAINS:
            return f"instr(event.{column}, ?) > 0"
        return f"coalesce(instr(event.{column}, ?), 0) <> 1"

    def _function(self, check: RegexCheck) -> str:
        """The name under which SQLite can call the expression, until the next one takes it."""
        name, regex = f"found_{self._expressions}", compile_regex(check.regex, check.ignore_case)
        self._expressions += 1
        self._connection.create_function(name, 1, regex.found_in_bytes, deterministic=True)
        return name


def _literally(text: str) -> str:
    for char in "\\%_":
        text = text.replace(char, f"\\{char}")
    return text
