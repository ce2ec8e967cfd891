"""Keeps an open store going when its file is no longer at its path. No row is lost, and no row changes its id.

If the path is free, the store is written there again from the open connection. If another ctui has done that already,
its file is used. If anything else is there, it is left alone, and a temporary store is used instead.
"""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event

from ctui.errors import StoreError
from ctui.store.opening import damage, files, schema
from ctui.store.opening.foreign_file import may_be_sqlite, refuse_foreign_file
from ctui.store.opening.open_lock import hold_open_lock
from ctui.store.opening.opening import Opened, connect_reader, open_connections
from ctui.store.opening.presence import PathState
from ctui.store.opening.schema import FileKind
from ctui.store.opening.temp_store import TempFolder

_PATIENCE = 10.0
"""Seconds to wait for another process that opens the store or writes to it."""
_TRIES = 20
"""Attempts to copy the store without another process writing to it meanwhile."""
_ROWS = (
    "SELECT event.id, time, event_id, scope.origin, scope.account, scope.region "
    "FROM event JOIN scope ON scope.id = event.scope ORDER BY event.id"
)
_ALIASES = (
    "SELECT alias.origin, alias.name, region FROM alias "
    "JOIN scope ON scope.origin = alias.origin AND scope.account = alias.account"
)
_MARKS = "SELECT event_id, made, note FROM mark JOIN event ON event.id = mark.event"
_FLOORS = "SELECT origin, account, region, second FROM floor JOIN scope ON scope.id = floor.scope"


def reconnect(old: Opened) -> Opened:
    """Connections with all rows of the old ones, with a notice if the user should know. Blocks.

    Returns `old` itself if its file is at its path after all. The old connections are left open. Raises StoreError if
    not even a temporary store can be created.
    """
    if old.temp_folder is not None:
        return _temporary(old, "The temporary store was removed while ctui was using it.")
    try:
        files.make_folder(old.path)
        with hold_open_lock(old.path, Event(), _PATIENCE):
            state = old.presence.path_state()
            if state is PathState.HERE:
                return old
            if state is not PathState.TAKEN:
                _restore(old)
                return replace(open_connections(old.path, Event()), notice=_restored_notice(old.path))
            if not old.presence.is_ours(old.path):
                _release_name(old)
                if _is_continued(old):
                    return open_connections(old.path, Event())
    except (OSError, sqlite3.Error, StoreError) as error:
        reason = _reason(error)
        return _temporary(old, f"{old.path} is missing or unreachable, and cannot be written again: {reason}.")
    return _temporary(old, f"Another file is at {old.path} now. It is left alone.")


def restore_at_close(old: Opened) -> StoreError | None:
    """The last check, before the connections are closed: if the store's path is free, write the store there again.

    That includes the path of a store that a temporary one replaced. Returns a notice for the user, or None.
    """
    if old.displaced is not None:
        # If it cannot be written there, the user has been shown that already.
        with suppress(OSError, sqlite3.Error, StoreError):
            if old.displaced.parent.is_dir():
                with hold_open_lock(old.displaced, Event(), _PATIENCE):
                    _copy_to(old, old.displaced)
        return None
    try:
        if old.temp_folder is not None or old.presence.path_state() is PathState.HERE:
            return None
        files.make_folder(old.path)
        with hold_open_lock(old.path, Event(), _PATIENCE):
            state = old.presence.path_state()
            if state in (PathState.GONE, PathState.NO_LOG):
                _restore(old)
                return _restored_notice(old.path)
            if state is PathState.HERE or old.presence.is_ours(old.path):
                return None
            _release_name(old)
            return None if _is_continued(old) else _replaced_notice(old.path)
    except (OSError, sqlite3.Error, StoreError) as error:
        reason = _reason(error)
        return StoreError(
            "Event store lost", f"{old.path} is missing or unreachable, and cannot be written again: {reason}."
        )


def _release_name(old: Opened) -> None:
    """Another file is at the store's path: leave none of our files next to it, and all that was written in our own
    file, wherever that is now."""
    # SQLite would take our log for the log of that file, and apply it.
    old.presence.forget_sides()
    # The copy contains the log in any case; this only completes the file that was moved away.
    with suppress(sqlite3.Error):
        old.writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _restore(old: Opened) -> None:
    """Write the store to its path again. No other process writes to the old file from the copy to the end."""
    for _ in range(_TRIES):
        before = _version(old.writer)
        copied = _copy(old.writer, Path(f"{old.path}{files.COPY}"))
        try:
            old.writer.execute(f"PRAGMA busy_timeout = {int(_PATIENCE * 1000)}")
            old.writer.execute("BEGIN IMMEDIATE")
            try:
                if _version(old.writer) == before:
                    _put_in_place(old, copied)
                    return
            finally:
                old.writer.execute("ROLLBACK")
        finally:
            copied.unlink(missing_ok=True)
    raise StoreError("Event store", "other processes keep writing to it")


def _put_in_place(old: Opened, copied: Path) -> None:
    """Put the copy at the store's path. Raises FileExistsError if another file is there by now."""
    if old.presence.is_ours(old.path):
        # The file is there, but without its log: a process that opens it now would miss the last writes.
        copied.replace(old.path)
        old.presence.forget_sides()
    else:
        # SQLite would apply our log to the new file.
        old.presence.forget_sides()
        os.link(copied, old.path)
    _sync(old.path.parent)


def _copy_to(old: Opened, path: Path) -> None:
    """Copy a temporary store to a path if that is free. Raises FileExistsError if a file appears there meanwhile."""
    if any(os.path.lexists(f"{path}{side}") for side in ("", *files.SIDE_FILES)):
        return
    copied = _copy(old.writer, Path(f"{path}{files.COPY}"))
    try:
        os.link(copied, path)
        _sync(path.parent)
    finally:
        copied.unlink(missing_ok=True)


def _temporary(old: Opened, why: str) -> Opened:
    folder = None
    try:
        folder = TempFolder()
        _copy(old.writer, folder.path)
        opened = open_connections(folder.path, Event())
    except (OSError, sqlite3.Error, StoreError) as error:
        if folder is not None:
            folder.remove()
        reason = _reason(error)
        raise StoreError(
            "Event store",
            f"{why} A temporary store cannot be created: {reason}.",
            "Nothing was written. Free some disk space, or set TMPDIR to a writable folder, then try again.",
        ) from error
    displaced = old.displaced or (old.path if old.temp_folder is None else None)
    return replace(opened, temp_folder=folder, displaced=displaced, notice=_moved_notice(why, displaced))


def _copy(source: sqlite3.Connection, path: Path) -> Path:
    """Write a private copy of all that was committed, synced to disk and closed; returns its path."""
    # A copy that is there was left by a process that died: only the holder of the lock makes one.
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))

    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        # It is used only once it is complete, so one sync at the end is enough.
        made.execute("PRAGMA synchronous = OFF")
        source.backup(made)
    _sync(path)
    return path


def _is_continued(old: Opened) -> bool:
    """True if the file at the path continues the old one: another ctui has written it there again. Raises OSError.

    Every id stands for the same event in both, no id is used again, no event is missing that was not pruned, and no
    mark is missing.

    It must not be our own file: in one process SQLite would mix up two logs of the same file.
    """
    if old.path.is_symlink():
        return False
    try:
        refuse_foreign_file(old.path, own=False)
        if not may_be_sqlite(old.path):
            return False
        with closing(connect_reader(old.path, _PATIENCE)) as other:
            if schema.classify(other) is not FileKind.USABLE or not schema.is_current(other):
                return False
            return damage.is_sound(other, indexed=True) and _continues(old.writer, other)
    except (StoreError, sqlite3.Error):
        # It is not ours, or cannot be read: use a temporary store.
        return False


def _continues(mine: sqlite3.Connection, other: sqlite3.Connection) -> bool:
    if _highest_id(other) < _highest_id(mine):
        return False
    floors = {tuple(scope): second for *scope, second in other.execute(_FLOORS)}
    # A provisional account of ours may have become another name of its account there.
    other_names = {tuple(name) for name in other.execute(_ALIASES)}
    theirs = other.execute(_ROWS)
    their_row = theirs.fetchone()
    for row in mine.execute(_ROWS):
        while their_row is not None and their_row[0] < row[0]:
            their_row = theirs.fetchone()
        if their_row is not None and their_row[0] == row[0]:
            was_folded = row[3:] in other_names and (*their_row[:4], their_row[5]) == (*row[:4], row[5])
            if their_row != row and not was_folded:
                return False
        elif row[1] >= floors.get(row[3:], 0) and row[3:] not in other_names:
            return False
    # Row ids may have been folded there, so marks are compared by their events.
    return set(mine.execute(_MARKS)) <= set(other.execute(_MARKS))


def _highest_id(connection: sqlite3.Connection) -> int:
    """The highest row id that was ever used for an event."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    return 0 if row is None else int(row[0])


def _version(connection: sqlite3.Connection) -> int:
    """A number that changes whenever another connection has written."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _reason(error: Exception) -> str:
    """The words of an error inside a sentence."""
    return (error.message if isinstance(error, StoreError) else str(error)).rstrip(".")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _restored_notice(path: Path) -> StoreError:
    return StoreError(
        "Event store written again",
        f"{path} was removed or moved while ctui was using it. It has been written again, with all its events.",
        "To delete it, close every ctui first.",
    )


def _replaced_notice(path: Path) -> StoreError:
    return StoreError(
        "Event store replaced",
        f"Another file is at {path} now. It is left alone. What ctui stored is in the previous file, if that was moved "
        "and not removed.",
    )


def _moved_notice(why: str, displaced: Path | None) -> StoreError:
    return StoreError(
        "Event store moved",
        f"{why} This run continues in a temporary store, with all events.",
        f"It is deleted at the end, or written to {displaced} if that path is free then." if displaced else "",
    )
