"""Rebuilds a store of a version before the index as one of this version: in a file next to it, renamed at the end.

Until then the old file is not changed, so whatever ends the rebuilding leaves it as it was. Row ids stay. Everything
else about an event is derived again from its record, since older versions have other rules.
"""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event as Flag
from typing import Any, Final

from ctui.errors import StoreError
from ctui.store.blocks.block import RECORDS
from ctui.store.columns import NO_TIME, instant_or_none, unpacked
from ctui.store.index.connections import Keeping, writing_of
from ctui.store.index.rows import NewRow, insert_rows, new_row, sent_event
from ctui.store.opening import files, schema
from ctui.store.opening.old_versions import STEPS
from ctui.store.opening.progress import Progress

_EVENTS_AT_ONCE: Final = 10 * RECORDS
"""About 30 ms, and ten whole blocks."""
_EVENTS: Final = (
    "SELECT event.id, region, event_id, time, name, source, username, read_only, access_key_id, resources, record "
    "FROM event JOIN scope ON scope.id = event.scope WHERE scope = ? ORDER BY time DESC, event.id"
)
_NO_SECOND: Final = -(2**62)
"""Stands for a time that is no number. It is no instant, so it is reported as damaged."""
_PATIENCE: Final = 5.0
"""Seconds to wait for a lock that another program has on the old file."""
_STEPS_BETWEEN_CHECKS: Final = 100_000
"""Steps of SQLite between two checks whether the rebuilding was cancelled: creating an index takes seconds."""
_SMALL_TABLES: Final = ("scope", "claim", "provisional", "floor", "oddity", "login", "alias", "mark")


def rebuild(path: Path, cancelled: Flag, progress: Progress) -> None:
    """Replace the store at `path`, which no other process has open, by one of this version with the same rows.

    The caller holds the lock for opening it. Raises sqlite3.Error and OSError, and StoreError if it is cancelled; then
    the old file has what it had, and nothing is left next to it.
    """
    beside = Path(f"{path}{files.COPY}")
    beside.unlink(missing_ok=True)
    try:
        os.close(os.open(beside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
        _write(beside, path, cancelled, progress)
        _sync(beside)
        _fold_log(path)
        beside.replace(path)
        _sync(path.parent)
    except sqlite3.OperationalError as error:
        if cancelled.is_set():
            raise _canceled() from error
        raise
    finally:
        beside.unlink(missing_ok=True)


def _write(beside: Path, path: Path, cancelled: Flag, progress: Progress) -> None:
    with (
        closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as old,
        closing(sqlite3.connect(beside, isolation_level=None, factory=Keeping)) as new,
    ):
        old.text_factory = lambda data: data.decode("utf-8", "replace")
        # It is used only once it is complete, so one sync at the end is enough.
        new.execute("PRAGMA synchronous = OFF")
        new.execute("PRAGMA auto_vacuum = INCREMENTAL")
        new.execute("PRAGMA journal_mode = OFF")
        new.set_progress_handler(cancelled.is_set, _STEPS_BETWEEN_CHECKS)
        version = _data_version(old)
        new.execute("BEGIN")
        schema.create_tables(new, indexes=False)
        _copy_small_tables(old, new)
        _copy_events(old, new, cancelled, progress)
        schema.create_indexes(new)
        new.execute("COMMIT")
        # No ctui does: each takes the lock for opening first.
        if _data_version(old) != version:
            raise OSError("another program has written to it meanwhile")


def _data_version(connection: sqlite3.Connection) -> int:
    """A number that changes whenever another connection has written."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _canceled() -> StoreError:
    return StoreError("Event store", "Converting the event store was canceled.")


def _copy_small_tables(old: sqlite3.Connection, new: sqlite3.Connection) -> None:
    """Copy all but the events, with what later versions changed about them."""
    version = int(old.execute("PRAGMA user_version").fetchone()[0])
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as upgraded:
        schema.apply_steps(upgraded, 0, version)
        for table in _SMALL_TABLES:
            if _has(old, table):
                _copy_rows(old, upgraded, table)
        schema.apply_steps(upgraded, version, len(STEPS))
        for table in _SMALL_TABLES:
            _copy_rows(upgraded, new, table)


def _has(connection: sqlite3.Connection, table: str) -> bool:
    row = connection.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone()
    return row is not None


def _copy_rows(source: sqlite3.Connection, target: sqlite3.Connection, table: str) -> None:
    rows = source.execute(f"SELECT * FROM {table}")
    marks = ", ".join("?" * len(rows.description))
    target.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _copy_events(old: sqlite3.Connection, new: sqlite3.Connection, cancelled: Flag, progress: Progress) -> None:
    (total,) = old.execute("SELECT count(*) FROM event").fetchone()
    done = 0
    words = writing_of(new)
    for (scope_row,) in old.execute("SELECT id FROM scope").fetchall():
        rows = old.execute(_EVENTS, (scope_row,))
        while some := rows.fetchmany(_EVENTS_AT_ONCE):
            words.begin()
            insert_rows(new, scope_row, [_new_row(row) for row in some], [row[0] for row in some])
            done += len(some)
            progress(done, total)
            if cancelled.is_set():
                raise _canceled()
    # No id is used again, also not that of an event that was pruned.
    highest = old.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    if highest is not None:
        new.execute("DELETE FROM sqlite_sequence WHERE name = 'event'")
        new.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('event', ?)", highest)


def _new_row(row: Sequence[Any]) -> NewRow:
    """The row of an event as it is written today. A time that is damaged stays unreadable, so that no range has it."""
    _, region, event_id, second, *sent, record = row
    instant = instant_or_none(second)
    event = sent_event(unpacked(event_id) or "", instant or NO_TIME, sent, unpacked(record) or "")
    derived = new_row(event, region)
    if instant is not None:
        return derived
    return derived._replace(second=second if isinstance(second, int) else _NO_SECOND)


def _fold_log(path: Path) -> None:
    """Copy the old file's log into it: SQLite would apply a log that is left to the new file."""
    with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as last:
        last.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        last.execute("PRAGMA journal_mode = DELETE").fetchall()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
