"""Counts the values that events have, most frequent first, in the searcher's thread and in short portions.

What the service sent with an event is in columns: SQLite counts those without Python's lock, so nearly all events can
be counted. The contents of a record have to be read event by event.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from ctui.model.connection import Scope
from ctui.model.event.attribute import AttributeKey
from ctui.model.event.event import Event
from ctui.store.columns import EVENT_COLUMNS, Column, event_from, resource_pairs, unpacked
from ctui.store.scopes import SCOPE_ID, scope_values
from ctui.store.search import PLAIN_COLUMNS, RESOURCE_INDEX

COUNTED_AT_ONCE = 20_000
"""Rows that SQLite counts in one portion: about 25 ms."""
READ_AT_ONCE = 250
"""Events read in one portion."""
_KEY = f"scope = {SCOPE_ID} AND time <= ? AND NOT (time = ? AND id <= ?) ORDER BY time DESC, id"
_BEFORE_ALL = (2**62, 0)


@dataclass(frozen=True, slots=True)
class CountQuery:
    """What to count."""

    source: AttributeKey | Callable[[Event, str], Iterable[str]]
    """An attribute, or a function of an event and the Region that it was looked up in."""
    newest: int
    """How many of each scope's newest events are counted."""
    most: int
    """How many values are returned."""
    like: Callable[[str], bool] | None = None
    """Which values are returned; None for all."""


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
        most = min(self._left, COUNTED_AT_ONCE if isinstance(self._query.source, AttributeKey) else READ_AT_ONCE)
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
        if isinstance(self._query.source, AttributeKey):
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
        self, connection: sqlite3.Connection, key: AttributeKey, position: tuple[Column, ...], most: int
    ) -> int:
        column = PLAIN_COLUMNS.get(key, "resources")
        rows = connection.execute(
            f"SELECT {column}, count(*) FROM (SELECT {column} FROM event WHERE {_KEY} LIMIT ?) GROUP BY 1",
            (*position, most),
        )
        counted = 0
        for value, count in rows:
            counted += count
            if key in PLAIN_COLUMNS:
                self._counts[unpacked(value) or ""] += count
            else:
                # A row has all resources of an event, and many events have the same ones.
                for part in {pair[RESOURCE_INDEX[key]] or "" for pair in resource_pairs(value)}:
                    self._counts[part] += count
        return counted

    def _count_records(
        self,
        connection: sqlite3.Connection,
        values: Callable[[Event, str], Iterable[str]],
        position: tuple[Column, ...],
        region: str,
        most: int,
    ) -> int:
        counted = 0
        for row in connection.execute(f"SELECT {EVENT_COLUMNS} FROM event WHERE {_KEY} LIMIT ?", (*position, most)):
            counted += 1
            self._counts.update(set(values(event_from(row), region)))
        return counted
