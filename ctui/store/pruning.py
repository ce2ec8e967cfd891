"""Pruning: how much of the past the store keeps, and letting go of the rest without a false claim."""

import sqlite3
from dataclasses import dataclass

from ctui.store.coverage import raise_floor
from ctui.store.writing import transaction

_EVENTS_AT_ONCE = 2000
"""Events let go in one transaction, so that other writers get their turn in between."""
_SLACK = 0.9
"""A store that has grown too large is brought down to this part of its limit, not to be pruned again tomorrow."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How much to keep; None keeps all."""

    max_age: int | None = None
    """Seconds since the event."""
    max_bytes: int | None = 2 * 1024**3
    """Size of the file, free pages not counted."""


def prune_step(connection: sqlite3.Connection, retention: Retention, now: int) -> int:
    """Let go of some of the oldest events that need not be kept; how many. Call it until that is 0.

    In one transaction: each scope that loses events gets a floor above them, and every claim is cut off there. `now`
    is the epoch second ages are counted from.
    """
    with transaction(connection):
        gone = 0
        if retention.max_age is not None:
            gone = _drop_before(connection, now - retention.max_age, _EVENTS_AT_ONCE)
        if not gone and retention.max_bytes is not None and _used(connection) > retention.max_bytes:
            goal = _used(connection) - int(retention.max_bytes * _SLACK)
            gone = _drop_oldest(connection, min(_EVENTS_AT_ONCE, _share(connection, goal)))
    if not gone:
        # It answers once for each page, without columns, which `execute` takes for the end.
        connection.executescript("PRAGMA incremental_vacuum")
    return gone


def _drop_before(connection: sqlite3.Connection, cutoff: int, most: int) -> int:
    gone = 0
    for (scope_id,) in connection.execute("SELECT id FROM scope").fetchall():
        if gone < most:
            gone += _drop(connection, scope_id, cutoff, most - gone)
    return gone


def _drop_oldest(connection: sqlite3.Connection, count: int) -> int:
    """The oldest events of all scopes, by the second before which `count` of them lie."""
    row = connection.execute("SELECT time FROM event ORDER BY time LIMIT 1 OFFSET ?", (count,)).fetchone()
    if row is None:
        row = connection.execute("SELECT max(time) FROM event").fetchone()
    return 0 if row[0] is None else _drop_before(connection, row[0] + 1, count)


def _drop(connection: sqlite3.Connection, scope_id: int, cutoff: int, most: int) -> int:
    """Delete a scope's events before a second, `most` of them at a time but whole seconds; raise the floor above."""
    row = connection.execute(
        "SELECT time FROM event WHERE scope = ? AND time < ? ORDER BY time LIMIT 1 OFFSET ?", (scope_id, cutoff, most)
    ).fetchone()
    second = cutoff if row is None else min(cutoff, row[0] + 1)
    gone = connection.execute("DELETE FROM event WHERE scope = ? AND time < ?", (scope_id, second)).rowcount
    if gone:
        raise_floor(connection, scope_id, second)
    return gone


def _used(connection: sqlite3.Connection) -> int:
    pages, free, size = (
        int(connection.execute(f"PRAGMA {name}").fetchone()[0])
        for name in ("page_count", "freelist_count", "page_size")
    )
    return (pages - free) * size


def _share(connection: sqlite3.Connection, surplus: int) -> int:
    """About how many events make up that many bytes."""
    events = int(connection.execute("SELECT count(*) FROM event").fetchone()[0])
    return max(1, events * surplus // max(1, _used(connection)))
