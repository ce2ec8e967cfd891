"""Pruning: how much of the past the store keeps, and letting go of the rest without a false claim."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from ctui.store.coverage import raise_floor
from ctui.store.opening.files import LOG, size_of
from ctui.store.writing import transaction

LOG_BYTES = 4 * 1024**2
"""What the log beside the file may keep: about as much as SQLite lets it grow before it is folded into the file."""
_EVENTS_AT_ONCE = 2000
"""Events let go in one transaction, so that other writers get their turn in between."""
_SLACK = 0.9
"""A store that has grown too large is brought down to this part of its limit, not to be pruned again tomorrow."""
_PAGES_AT_ONCE = 1000
"""Free pages given back in one transaction: the log grows by no more than these."""
_READERS_MS = 250
"""How long to wait for those who still read from the log, while nobody can write, before it is left as it is."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How much to keep; None keeps all."""

    max_age: int | None = None
    """Seconds since the event."""
    max_bytes: int | None = 2 * 1024**3
    """Size on disk: of the file and the log beside it."""

    @property
    def room(self) -> int | None:
        """Bytes for what is kept, the log not counted."""
        return None if self.max_bytes is None else self.max_bytes - min(LOG_BYTES, self.max_bytes // 4)


def prune_step(connection: sqlite3.Connection, retention: Retention, now: int | None) -> int:
    """Let go of some of the oldest events that need not be kept; how many. Call it until that is 0.

    Where nothing is to be done, that takes a quick look, and waits for nobody. In one transaction: each scope that
    loses events gets a floor above them, and every claim is cut off there. `now` is the epoch second ages are counted
    from; None where no age is known.
    """
    room = retention.room
    cutoff = None if now is None or retention.max_age is None else now - retention.max_age
    if not (_too_old(connection, cutoff) or (room is not None and _used(connection) > room)):
        return 0
    with transaction(connection):
        # Another process may have been at it since.
        gone = 0
        if cutoff is not None:
            gone = _drop_before(connection, cutoff, _EVENTS_AT_ONCE)
        if not gone and room is not None and (used := _used(connection)) > room:
            gone = _drop_oldest(connection, min(_EVENTS_AT_ONCE, _share(connection, used - int(room * _SLACK))))
        return gone


def is_too_large(path: Path, retention: Retention) -> bool:
    """True where file and log take more of the disk than they should."""
    return retention.max_bytes is not None and size_of(path) + size_of(Path(f"{path}{LOG}")) > retention.max_bytes


def give_back_step(connection: sqlite3.Connection) -> bool:
    """Give some free pages back to the disk, and at last what the log takes; True while there is more to give.

    Waits for other writers, not for long for readers: where they are still at the log, it stays until the next time.
    """
    free = _number(connection, "freelist_count")
    if free:
        # It answers once for each page, without columns, which `execute` takes for the end.
        connection.executescript(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})")
        if _number(connection, "freelist_count") < free:
            return True
    patience = _number(connection, "busy_timeout")
    connection.execute(f"PRAGMA busy_timeout = {_READERS_MS}")
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {patience}")
    return False


def _too_old(connection: sqlite3.Connection, cutoff: int | None) -> bool:
    if cutoff is None:
        return False
    return connection.execute("SELECT 1 FROM event WHERE time < ? LIMIT 1", (cutoff,)).fetchone() is not None


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
    """Delete a scope's events before a second, `most` of them at a time but whole seconds; raise the floor above.

    Above the newest of them, and no higher: by a clock that is ahead, nothing would be claimed until its time has come.
    """
    older = "FROM event WHERE scope = ? AND time < ?"
    row = (
        connection.execute(f"SELECT time {older} ORDER BY time LIMIT 1 OFFSET ?", (scope_id, cutoff, most)).fetchone()
        or connection.execute(f"SELECT max(time) {older}", (scope_id, cutoff)).fetchone()
    )
    if row[0] is None:
        return 0
    second = row[0] + 1
    gone = connection.execute("DELETE FROM event WHERE scope = ? AND time < ?", (scope_id, second)).rowcount
    raise_floor(connection, scope_id, second)
    return gone


def _used(connection: sqlite3.Connection) -> int:
    free = _number(connection, "freelist_count")
    return (_number(connection, "page_count") - free) * _number(connection, "page_size")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _share(connection: sqlite3.Connection, surplus: int) -> int:
    """About how many events make up that many bytes."""
    events = int(connection.execute("SELECT count(*) FROM event").fetchone()[0])
    return max(1, events * surplus // max(1, _used(connection)))
