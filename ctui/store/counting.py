"""Counts the values that events have, most frequent first, in the searcher's thread and in short portions.

The values of indexed columns are counted by SQLite without Python's lock, so nearly all events can be counted. Other
contents of a record have to be read event by event.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from heapq import nsmallest

from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.terms import Term
from ctui.model.values import dataclass
from ctui.store.columns import Column, unpacked_id
from ctui.store.index.conditions import plan_of
from ctui.store.index.connections import reading_of
from ctui.store.index.index_row import COLUMNS, values_in
from ctui.store.index.rows import ROW, event_of
from ctui.store.scopes import SCOPE_ID, scope_values

COUNTED_AT_ONCE = 20_000
"""Rows that SQLite counts in one portion: about 25 ms."""
READ_AT_ONCE = 250
"""Events read in one portion."""
_KEY = f"scope = {SCOPE_ID} AND time <= ? AND NOT (time = ? AND id <= ?) ORDER BY time DESC, id"
_BEFORE_ALL = (2**62, 0)


@dataclass(frozen=True, slots=True)
class CountQuery:
    """What to count."""

    source: FieldColumn | Callable[[Event, str], Iterable[str]]
    """A column, or a function of an event and the Region that it was looked up in."""
    newest: int
    """How many of each scope's newest events are counted."""
    most: int
    """How many values are returned."""
    like: Callable[[str], bool] | None = None
    """Which values are returned; None for all."""
    without: Term | None = None
    """Events that match this are not counted in a column, as far as the index decides it; None counts all."""


class ValueCounter:
    """A count in progress. Call `step` until it returns False."""

    def __init__(self, scopes: Sequence[Scope], query: CountQuery) -> None:
        self._query = query
        self._counts: Counter[str] = Counter()
        self._waiting = list(scopes)
        self._left = query.newest
        self._last = _BEFORE_ALL

    def step(self, connection: sqlite3.Connection) -> bool:
        """Count one portion; returns True while there is more."""
        if not self._waiting:
            return False
        scope = self._waiting[0]
        most = min(self._left, COUNTED_AT_ONCE if isinstance(self._query.source, FieldColumn) else READ_AT_ONCE)
        if not self._count_portion(connection, scope, most):
            self._waiting.pop(0)
            self._left, self._last = self._query.newest, _BEFORE_ALL
        return bool(self._waiting)

    def counts(self) -> list[tuple[str, int]]:
        """The requested values with their counts, most frequent first, then by name."""
        like = self._query.like
        wanted = ((value, count) for value, count in self._counts.items() if value and (like is None or like(value)))
        return nsmallest(self._query.most, wanted, key=lambda pair: (-pair[1], pair[0]))

    def _count_portion(self, connection: sqlite3.Connection, scope: Scope, most: int) -> bool:
        """Count up to `most` of a scope's next events; returns False if none are left."""
        second, row_id = self._last
        position = (*scope_values(scope), second, second, row_id)
        if isinstance(self._query.source, FieldColumn):
            counted = self._count_column(connection, self._query.source, position, most)
        else:
            counted = self._count_records(connection, self._query.source, position, scope.region, most)
        self._left -= counted
        if counted < most or not self._left:
            return False
        last = connection.execute(
            f"SELECT time, id FROM event WHERE {_KEY} LIMIT 1 OFFSET ?", (*position, counted - 1)
        ).fetchone()
        if last is None:
            # Another process has pruned some of them.
            return False
        self._last = last
        return True

    def _count_column(
        self, connection: sqlite3.Connection, column: FieldColumn, position: tuple[Column, ...], most: int
    ) -> int:
        without = self._query.without
        left_out = "0" if without is None else plan_of(connection, (without,), None, None).must
        index_column = COLUMNS.get(column.name)
        also = COLUMNS.get(index_column.also) if index_column is not None else None
        found = connection.execute(
            f"SELECT value, also, left_out, count(*) FROM (SELECT {column.name} AS value, "
            f"{also.name if also else 'NULL'} AS also, {left_out} AS left_out FROM event "
            f"WHERE {_KEY} LIMIT ?) GROUP BY 1, 2, 3",
            (*position, most),
        ).fetchall()
        rows = [(value, other, count) for value, other, is_left_out, count in found if not is_left_out]
        if index_column is None:
            self._counts.update({unpacked_id(event_id): count for event_id, _, count in rows})
        else:
            texts = reading_of(connection).texts(word for *words, _ in rows for word in words)
            for word, other, count in rows:
                # A row has all values of an event, and many events have the same ones.
                values = set(values_in(index_column, texts[word], column.part))
                if also is not None:
                    values.update(values_in(also, texts[other], None))
                for value in values:
                    self._counts[value] += count
        return sum(count for *_, count in found)

    def _count_records(
        self,
        connection: sqlite3.Connection,
        values: Callable[[Event, str], Iterable[str]],
        position: tuple[Column, ...],
        region: str,
        most: int,
    ) -> int:
        counted = 0
        for row in connection.execute(f"SELECT {ROW} FROM event WHERE {_KEY} LIMIT ?", (*position, most)):
            counted += 1
            self._counts.update(set(values(event_of(connection, row), region)))
        return counted
