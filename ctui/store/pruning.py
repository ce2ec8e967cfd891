"""Pruning: how much history the store keeps, and deleting the rest without leaving a false claim.

A marked event is kept whatever its age and the size of the store (`marks.MOST_MARKS` bounds them). It is listed among
the marked events; the seconds around it are no longer known.
"""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from ctui.store.blocks.compaction import compact_step, is_worthwhile
from ctui.store.coverage import raise_floor
from ctui.store.index.connections import writing_of
from ctui.store.index.dictionary import delete_unused, words_of
from ctui.store.marks import NOT_MARKED
from ctui.store.opening.files import LOG, size_of
from ctui.store.writing import transaction

LOG_BYTES = 16 * 1024**2
"""Size that the log may keep: about as much as it grows before it is copied into the file. Pages of the indexes change
with each page of events: copied after SQLite's 4 MB, most of them were copied again a moment later."""
_EVENTS_AT_ONCE = 2000
"""Events deleted in one transaction, so that other writers can run in between."""
_SLACK = 0.9
"""A store that is too large is cut to this fraction of its limit, so that it is not pruned again tomorrow."""
_PAGES_AT_ONCE = 1000
"""Free pages returned to the disk in one transaction: the log grows by at most that many."""
_READERS_MS = 250
"""How long to wait for readers of the log before it is left as it is; no process can write meanwhile."""


@dataclass(frozen=True, slots=True)
class Retention:
    """How much to keep. None keeps everything."""

    max_age: int | None = None
    """Seconds since the event."""
    max_bytes: int | None = 2 * 1024**3
    """Size on disk of the file and its log."""

    @property
    def file_bytes(self) -> int | None:
        """Bytes for the file without the log."""
        return None if self.max_bytes is None else self.max_bytes - min(LOG_BYTES, self.max_bytes // 4)


def prune_step(connection: sqlite3.Connection, retention: Retention, now: int | None) -> int:
    """Delete some of the oldest events beyond the retention; returns how many. Call it until that is 0.

    If there is nothing to delete, it is cheap and does not wait for writers. In one transaction each scope that loses
    events gets a floor after them, and its claims are cut off there. `now` is the epoch second from which ages count,
    or None if no age is known.
    """
    file_bytes = retention.file_bytes
    cutoff = None if now is None or retention.max_age is None else now - retention.max_age
    if not (_too_old(connection, cutoff) or (file_bytes is not None and _used(connection) > file_bytes)):
        return 0
    with transaction(connection):
        # Another process may have pruned meanwhile.
        pruned = 0
        if cutoff is not None:
            pruned = _drop_before(connection, cutoff, _EVENTS_AT_ONCE)
        if not pruned and file_bytes is not None and (used := _used(connection)) > file_bytes:
            pruned = _drop_oldest(connection, min(_EVENTS_AT_ONCE, _share(connection, used - int(file_bytes * _SLACK))))
        while compact_step(connection):
            pass
        return pruned


def is_too_large(path: Path, retention: Retention) -> bool:
    """True if file and log together exceed the limit."""
    return retention.max_bytes is not None and size_of(path) + size_of(Path(f"{path}{LOG}")) > retention.max_bytes


def give_back_step(connection: sqlite3.Connection) -> bool:
    """Return some free pages to the disk, and the log at the end; True while there is more to return.

    Waits for other writers, but only briefly for readers: if they still use the log, it stays until the next call.
    """
    free = _number(connection, "freelist_count")
    if free:
        # It returns a row without columns for each page, which `execute` takes for the end.
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
    older = f"SELECT 1 FROM scope CROSS JOIN event ON scope = scope.id WHERE time < ? AND event.{NOT_MARKED} LIMIT 1"
    return connection.execute(older, (cutoff,)).fetchone() is not None


def _drop_before(connection: sqlite3.Connection, cutoff: int, most: int) -> int:
    pruned = 0
    for (scope_id,) in connection.execute("SELECT id FROM scope").fetchall():
        if pruned < most:
            pruned += _drop(connection, scope_id, cutoff, most - pruned)
    return pruned


def _drop_oldest(connection: sqlite3.Connection, count: int) -> int:
    """Delete the oldest events of all scopes: those before a second that has about `count` events before it."""
    of_scope = f"SELECT time FROM event WHERE scope = ? AND {NOT_MARKED} ORDER BY time LIMIT ?"
    seconds = sorted(
        second
        for (scope_id,) in connection.execute("SELECT id FROM scope").fetchall()
        for (second,) in connection.execute(of_scope, (scope_id, count + 1))
    )
    return _drop_before(connection, seconds[min(count, len(seconds) - 1)] + 1, count) if seconds else 0


def _drop(connection: sqlite3.Connection, scope_id: int, cutoff: int, most: int) -> int:
    """Delete a scope's events before a second, about `most` at a time but whole seconds; raise the floor after them.

    The floor is just after the newest of them: if a clock is ahead, a higher floor would refuse claims for a long time.
    """
    older = f"FROM event WHERE scope = ? AND time < ? AND {NOT_MARKED}"
    row = (
        connection.execute(f"SELECT time {older} ORDER BY time LIMIT 1 OFFSET ?", (scope_id, cutoff, most)).fetchone()
        or connection.execute(f"SELECT max(time) {older}", (scope_id, cutoff)).fetchone()
    )
    if row[0] is None:
        return 0
    second = row[0] + 1
    words = words_of(connection, older, (scope_id, second))
    pruned = connection.execute(f"DELETE {older}", (scope_id, second)).rowcount
    delete_unused(connection, words)
    writing_of(connection).forget()
    raise_floor(connection, scope_id, second)
    return pruned


def compaction_step(connection: sqlite3.Connection) -> bool:
    """Join some small or mostly deleted blocks in one transaction; False if there is nothing to join."""
    if not is_worthwhile(connection):
        return False
    with transaction(connection):
        return compact_step(connection)


def _used(connection: sqlite3.Connection) -> int:
    free = _number(connection, "freelist_count")
    return (_number(connection, "page_count") - free) * _number(connection, "page_size")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _share(connection: sqlite3.Connection, surplus: int) -> int:
    """About how many events take this many bytes."""
    events = int(connection.execute("SELECT count(*) FROM event").fetchone()[0])
    return max(1, events * surplus // max(1, _used(connection)))
