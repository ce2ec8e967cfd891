"""Reads rows by id: table lines and whole events."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Generic, NamedTuple, TypeVar

from ctui.model.event.event import Event
from ctui.model.event.kind import EventKind
from ctui.model.event.record import decode_record
from ctui.store.index.rows import ROW, event_of, summaries_of
from ctui.store.index.snapshot import snapshot
from ctui.store.index.table_line import KIND_BITS, StoredSummary
from ctui.store.oddities import read_marks, read_oddity

T = TypeVar("T")

READ_BY_ID = (
    f"SELECT {ROW}, scope.region FROM json_each(?) AS wanted "
    "CROSS JOIN event ON event.id = wanted.value JOIN scope ON scope.id = event.scope"
)
"""In the order of the ids: SQLite scans the left side of a cross join first."""
_READ_WITH_INDEX = READ_BY_ID.replace("SELECT", "SELECT wanted.key,", 1)
_OTHER_INSIGHTS = (
    f"SELECT {ROW} FROM event WHERE scope = (SELECT scope FROM event WHERE id = ?) "
    f"AND name = (SELECT name FROM event WHERE id = ?) AND kinds & {KIND_BITS[EventKind.INSIGHT]} AND id <> ? "
    "ORDER BY time DESC"
)
EVALUATED_AT_ONCE = 250
"""Events evaluated in one portion: some milliseconds of work."""


class Evaluated(NamedTuple, Generic[T]):
    """The results for a portion of the rows."""

    scanned: int
    """How many of the ids were dealt with, from the first on."""
    results: list[tuple[int, T]]
    """(index among the ids, result) of each event that is stored."""


def summaries(connection: sqlite3.Connection, ids: Sequence[int]) -> list[StoredSummary]:
    """The table lines of these rows, in the order of `ids`, without ids that are not stored."""
    with snapshot(connection):
        rows = connection.execute(READ_BY_ID, (json.dumps(list(ids)),)).fetchall()
        lines = list(summaries_of(connection, rows))
        odd = {mark.row_id: mark for mark in read_marks(connection, ids)}
    if not odd:
        return lines
    return [
        replace(
            line, summary=replace(line.summary, unreadable=odd[line.row_id].unreadable, timed=odd[line.row_id].timed)
        )
        if line.row_id in odd
        else line
        for line in lines
    ]


def event(connection: sqlite3.Connection, row_id: int) -> Event | None:
    """The whole event of a row, or None if it is not stored."""
    # Compaction may move its record to another block meanwhile.
    with snapshot(connection):
        row = connection.execute(f"SELECT {ROW} FROM event WHERE id = ?", (row_id,)).fetchone()
        if row is None:
            return None
        stored, oddity = event_of(connection, row), read_oddity(connection, row_id)
    return stored if oddity is None else replace(stored, oddity=oddity)


def evaluate(connection: sqlite3.Connection, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
    """Call `evaluation` with events and the Region they were looked up in, in the order of `ids`.

    Ends after `EVALUATED_AT_ONCE` events.
    """
    results: list[tuple[int, T]] = []
    for index, *row, region in connection.execute(_READ_WITH_INDEX, (json.dumps(list(ids)),)):
        results.append((index, evaluation(event_of(connection, row), region)))
        if len(results) == EVALUATED_AT_ONCE:
            return Evaluated(index + 1, results)
    return Evaluated(len(ids), results)


def other_of_insight(connection: sqlite3.Connection, row_id: int) -> datetime | None:
    """The time of the stored event that has the start or the end of the same stretch; None if there is none.

    Both are about calls of one name, in one scope, and share an ID in their records.
    """
    from ctui.model.event.insight import insight_of  # noqa: PLC0415 - there are none of these on most screens

    with snapshot(connection):
        own = connection.execute(f"SELECT {ROW} FROM event WHERE id = ?", (row_id,)).fetchone()
        insight = None if own is None else insight_of(decode_record(event_of(connection, own).record))
        if insight is None or not insight.shared_id:
            return None
        for row in connection.execute(_OTHER_INSIGHTS, (row_id, row_id, row_id)):
            other = event_of(connection, row)
            found = insight_of(decode_record(other.record))
            if found is not None and found.shared_id == insight.shared_id and found.ended is not insight.ended:
                return other.time
    return None


def second(connection: sqlite3.Connection, row_id: int) -> int | None:
    """The epoch second of a row's event, or None if it is not stored."""
    row = connection.execute("SELECT time FROM event WHERE id = ?", (row_id,)).fetchone()
    return int(row[0]) if row is not None and isinstance(row[0], int) else None
