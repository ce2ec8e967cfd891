"""Reads rows by id: table lines and whole events."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ctui.model.event.event import Event
from ctui.model.event.summary import summarize
from ctui.store.columns import (
    EVENT_COLUMNS,
    JOINED_EVENT_COLUMNS,
    SUMMARY_COLUMNS,
    StoredSummary,
    event_from,
    summary_from,
)
from ctui.store.oddities import read_marks, read_oddity

_IDS_AT_ONCE = 500
_READ_WITH_REGION = (
    f"SELECT event.id, scope.region, {JOINED_EVENT_COLUMNS} FROM event JOIN scope ON scope.id = event.scope"
)


def summaries(connection: sqlite3.Connection, ids: Sequence[int]) -> list[StoredSummary]:
    """The table lines of these rows, in the order of `ids`, without ids that are not stored."""
    lines: dict[int, StoredSummary] = {}
    for some, marks in _portions(ids):
        for row in connection.execute(f"SELECT {SUMMARY_COLUMNS} FROM event WHERE id IN ({marks})", some):
            line = summary_from(row)
            lines[line.row_id] = line
    old = [line.row_id for line in lines.values() if not line.current]
    lines.update((line.row_id, line) for line in _summarized(connection, old))
    for mark in read_marks(connection, ids):
        if (odd := lines.get(mark.row_id)) is not None:
            summary = replace(odd.summary, unreadable=mark.unreadable, timed=mark.timed)
            lines[mark.row_id] = replace(odd, summary=summary)
    return [lines[row_id] for row_id in ids if row_id in lines]


def event(connection: sqlite3.Connection, row_id: int) -> Event | None:
    """The whole event of a row, or None if it is not stored."""
    row = connection.execute(f"SELECT {EVENT_COLUMNS} FROM event WHERE id = ?", (row_id,)).fetchone()
    if row is None:
        return None
    stored, oddity = event_from(row), read_oddity(connection, row_id)
    return stored if oddity is None else replace(stored, oddity=oddity)


def second(connection: sqlite3.Connection, row_id: int) -> int | None:
    """The epoch second of a row's event, or None if it is not stored."""
    row = connection.execute("SELECT time FROM event WHERE id = ?", (row_id,)).fetchone()
    return int(row[0]) if row is not None and isinstance(row[0], int) else None


def _summarized(connection: sqlite3.Connection, ids: Sequence[int]) -> Iterator[StoredSummary]:
    """The table lines of these rows, made from their records by the present rules."""
    for some, marks in _portions(ids):
        for row_id, region, *columns in connection.execute(f"{_READ_WITH_REGION} WHERE event.id IN ({marks})", some):
            stored = event_from(tuple(columns))
            yield StoredSummary(row_id, summarize(stored, region))


def _portions(ids: Sequence[int]) -> Iterator[tuple[tuple[int, ...], str]]:
    """The ids in portions that fit into one query, each with its placeholders."""
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = tuple(ids[start : start + _IDS_AT_ONCE])
        yield some, ",".join("?" * len(some))
