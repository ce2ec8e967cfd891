"""Oddities: what in an event differs from what the API specifies. Few events have one."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ctui.model.event.event import Oddity
from ctui.store.columns import packed, unpacked

_MARKS = "SELECT event, lost, timed FROM oddity WHERE event {}"


class Mark(NamedTuple):
    """What the event table shows of an oddity."""

    row_id: int
    unreadable: bool
    timed: bool


def write_oddity(connection: sqlite3.Connection, row_id: int, oddity: Oddity) -> None:
    """Store an oddity. Call it in the transaction that stores its event."""
    values = (row_id, oddity.lost, oddity.timed, json.dumps(oddity.reasons), packed(oddity.as_it_came))
    connection.execute("INSERT INTO oddity VALUES (?, ?, ?, ?, ?)", values)


def read_oddity(connection: sqlite3.Connection, row_id: int) -> Oddity | None:
    """The oddity of an event, or None if it has none."""
    row = connection.execute(
        "SELECT lost, timed, reasons, as_it_came FROM oddity WHERE event = ?", (row_id,)
    ).fetchone()
    if row is None:
        return None
    lost, timed, reasons, as_it_came = row
    return Oddity(_texts(reasons), bool(lost), bool(timed), unpacked(as_it_came) or "")


def read_marks(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Mark]:
    """The marks of the rows among these that have an oddity."""
    if not ids:
        return []
    # Very many ids are looked for, and few events are odd: those of the same stretch of ids are nearly always fewer.
    odd = _MARKS.format("BETWEEN ? AND ? LIMIT ?")
    rows = connection.execute(odd, (min(ids), max(ids), len(ids))).fetchall()
    if len(rows) == len(ids):
        wanted = _MARKS.format("IN (SELECT value FROM json_each(?))")
        rows = connection.execute(wanted, (json.dumps(list(ids)),)).fetchall()
    elif rows:
        among = set(ids)
        rows = [row for row in rows if row[0] in among]
    return [Mark(row_id, bool(lost), bool(timed)) for row_id, lost, timed in rows]


def _texts(column: object) -> tuple[str, ...]:
    """The reasons in a column; empty if it is damaged."""
    try:
        return tuple(_strings(json.loads(column)))  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return ()


def _strings(values: object) -> Iterator[str]:
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, str))
