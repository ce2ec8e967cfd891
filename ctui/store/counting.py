"""Which values events have, most frequent first: counted in the searcher's thread, in portions that end soon.

What the service said of an event stands in columns, and SQLite counts it, without the interpreter's lock: nearly all
events can be looked at. What a record holds must be read event by event.
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
from ctui.store.search import PLAIN_COLUMNS, RESOURCE_PLACES

COUNTED_AT_ONCE = 20_000
"""Rows that SQLite counts in one portion: some 25 ms."""
READ_AT_ONCE = 250
"""Events that are read in one portion."""
_KEY = f"scope = {SCOPE_ID} AND time <= ? AND NOT (time = ? AND id <= ?) ORDER BY time DESC, id"
_BEFORE_ALL = (2**62, 0)


@dataclass(frozen=True, slots=True)
class CountQuery:
    """What to count."""

    source: AttributeKey | Callable[[Event, str], Iterable[str]]
    """What the service said; or what is made of an event and the Region that was asked for it."""
    newest: int
    """So many of each scope's newest events are looked at."""
    most: int
    """So many values are wanted."""
    like: Callable[[str], bool] | None = None
    """Which values are wanted; None: all."""


class ValueCounter:
    """A query under way. `step` goes on until it says that there is no more."""

    def __init__(self, scopes: Sequence[Scope], query: CountQuery) -> None:
        self._query = query
        self._counts: Counter[str] = Counter()
        self._waiting = list(scopes)
        self._left = query.newest
        self._last = _BEFORE_ALL

    def step(self, connection: sqlite3.Connection) -> bool:
        """Count one portion; True while there is more."""
        if not self._waiting:
            return False
        scope = self._waiting[0]
        most = min(self._left, COUNTED_AT_ONCE if isinstance(self._query.source, AttributeKey) else READ_AT_ONCE)
        if not self._portion(connection, scope, most):
            self._waiting.pop(0)
            self._left, self._last = self._query.newest, _BEFORE_ALL
        return bool(self._waiting)

    def found(self) -> list[tuple[str, int]]:
        """The values that are wanted with their counts, most frequent first, then by name."""
        like = self._query.like
        wanted = ((value, count) for value, count in self._counts.items() if value and (like is None or like(value)))
        return nsmallest(self._query.most, wanted, key=lambda pair: (-pair[1], pair[0]))

    def _portion(self, connection: sqlite3.Connection, scope: Scope, most: int) -> bool:
        """Count the next events of a scope, so many at most; False where none are left."""
        second, row_id = self._last
        place = (*scope_values(scope), second, second, row_id)
        if isinstance(self._query.source, AttributeKey):
            looked_at = self._said(connection, self._query.source, place, most)
        else:
            looked_at = self._read(connection, self._query.source, place, scope.region, most)
        self._left -= looked_at
        if looked_at < most or not self._left:
            return False
        last = connection.execute(
            f"SELECT time, id FROM event WHERE {_KEY} LIMIT 1 OFFSET ?", (*place, looked_at - 1)
        ).fetchone()
        if last is None:
            # Another process has pruned some of them since.
            return False
        self._last = last
        return True

    def _said(self, connection: sqlite3.Connection, key: AttributeKey, place: tuple[Column, ...], most: int) -> int:
        column = PLAIN_COLUMNS.get(key, "resources")
        rows = connection.execute(
            f"SELECT {column}, count(*) FROM (SELECT {column} FROM event WHERE {_KEY} LIMIT ?) GROUP BY 1",
            (*place, most),
        )
        looked_at = 0
        for told, count in rows:
            looked_at += count
            if key in PLAIN_COLUMNS:
                self._counts[unpacked(told) or ""] += count
            else:
                # The resources of an event stand together, and the same ones in many events.
                for value in {pair[RESOURCE_PLACES[key]] or "" for pair in resource_pairs(told)}:
                    self._counts[value] += count
        return looked_at

    def _read(
        self,
        connection: sqlite3.Connection,
        values: Callable[[Event, str], Iterable[str]],
        place: tuple[Column, ...],
        region: str,
        most: int,
    ) -> int:
        looked_at = 0
        for row in connection.execute(f"SELECT {EVENT_COLUMNS} FROM event WHERE {_KEY} LIMIT ?", (*place, most)):
            looked_at += 1
            self._counts.update(set(values(event_from(row), region)))
        return looked_at
