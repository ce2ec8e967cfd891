"""What of an event came otherwise than the API says: kept beside the few events of which there is something to keep."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ctui.model.event.event import Oddity
from ctui.store.columns import packed, unpacked


class Mark(NamedTuple):
    """What a line of the event table shows of an oddity."""

    row_id: int
    unreadable: bool
    timed: bool


def write_oddity(connection: sqlite3.Connection, row_id: int, oddity: Oddity) -> None:
    """Keep it beside its event. Call it in the transaction that stores the event."""
    values = (row_id, oddity.lost, oddity.timed, json.dumps(oddity.reasons), packed(oddity.as_it_came))
    connection.execute("INSERT INTO oddity VALUES (?, ?, ?, ?, ?)", values)


def read_oddity(connection: sqlite3.Connection, row_id: int) -> Oddity | None:
    """What there is to say of one event; None where it came as the API says."""
    found = connection.execute(
        "SELECT lost, timed, reasons, as_it_came FROM oddity WHERE event = ?", (row_id,)
    ).fetchone()
    if found is None:
        return None
    lost, timed, reasons, as_it_came = found
    return Oddity(_texts(reasons), bool(lost), bool(timed), unpacked(as_it_came) or "")


def read_marks(connection: sqlite3.Connection, ids: Sequence[int]) -> list[Mark]:
    """Those of these rows that came otherwise than the API says."""
    found = connection.execute(
        "SELECT event, lost, timed FROM oddity WHERE event IN (SELECT value FROM json_each(?))",
        (json.dumps(list(ids)),),
    )
    return [Mark(row_id, bool(lost), bool(timed)) for row_id, lost, timed in found]


def _texts(column: object) -> tuple[str, ...]:
    """The reasons in a column; of a damaged one none."""
    try:
        return tuple(_strings(json.loads(column)))  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return ()


def _strings(values: object) -> Iterator[str]:
    if isinstance(values, list):
        yield from (value for value in values if isinstance(value, str))
