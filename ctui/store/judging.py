"""Reading whole events in bulk for somebody's judgement: in the searcher's thread, in portions that end soon."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from ctui.model.connection import Scope
from ctui.model.event import Event
from ctui.store.rows import EVENT_COLUMNS, event_from

T = TypeVar("T")

_IDS_AT_ONCE = 200
_COLUMNS = ", ".join(f"event.{column.strip()}" for column in EVENT_COLUMNS.split(","))
_READ = f"SELECT event.id, scope.region, {_COLUMNS} FROM event JOIN scope ON scope.id = event.scope"


def judge(
    connection: sqlite3.Connection, ids: Sequence[int], judgement: Callable[[Event, str], T]
) -> list[tuple[int, T]]:
    """What `judgement` makes of each event and the Region that was asked for it, in the order of `ids`.

    Ids the store does not hold are left out.
    """
    found: dict[int, T] = {}
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = ids[start : start + _IDS_AT_ONCE]
        marks = ",".join("?" * len(some))
        for row_id, region, *columns in connection.execute(f"{_READ} WHERE event.id IN ({marks})", tuple(some)):
            found[row_id] = judgement(event_from(tuple(columns)), region)
    return [(row_id, found[row_id]) for row_id in ids if row_id in found]


def tally(
    connection: sqlite3.Connection, scopes: Sequence[Scope], newest: int, values: Callable[[Event, str], Iterable[str]]
) -> Counter[str]:
    """How often each value occurs in the newest events of each scope, `newest` of each looked at."""
    counts: Counter[str] = Counter()
    for scope in scopes:
        for event in _newest(connection, scope, newest):
            counts.update(set(values(event, scope.region)))
    return counts


def _newest(connection: sqlite3.Connection, scope: Scope, newest: int) -> Iterator[Event]:
    rows = connection.execute(
        f"{_READ} WHERE scope.origin = ? AND scope.account = ? AND scope.region = ? ORDER BY event.time DESC LIMIT ?",
        (scope.origin, scope.account, scope.region, newest),
    )
    for _row_id, _region, *columns in rows:
        yield event_from(tuple(columns))
