"""Going on when the store that is open no longer stands under its name: no row is lost, and none changes its id.

Where the name is free, the store is written there again, from the open connection. Where another ctui has done that
already, its file is taken. Where anything else stands there, it is left alone, and a temporary store goes on.
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
"""Copies that are made until nobody has written meanwhile."""
_ROWS = (
    "SELECT event.id, time, event_id, origin, account, region FROM event JOIN scope ON scope.id = event.scope "
    "ORDER BY event.id"
)
_ALIASES = (
    "SELECT alias.origin, alias.name, region FROM alias "
    "JOIN scope ON scope.origin = alias.origin AND scope.account = alias.account"
)
_FLOORS = "SELECT origin, account, region, second FROM floor JOIN scope ON scope.id = floor.scope"


def reconnect(old: Opened) -> Opened:
    """Connections that hold all that the old ones do, with a notice where a person should know; `old` itself where it
    stands in its place after all. Blocks. The old ones are left open.

    Raises StoreError where not even a temporary store can be made.
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
        words = error.message if isinstance(error, StoreError) else str(error)
        return _temporary(old, f"{old.path} is gone or out of reach, and cannot be written again: {words}.")
    return _temporary(old, f"Another file stands at {old.path} now, and is left as it is.")


def restore_at_close(old: Opened) -> StoreError | None:
    """The last look, before the connections are closed: where the store's name is free, it is written there again.

    So too for a temporary store that went on for one. Returns what a person should know and was not told yet.
    """
    if old.displaced is not None:
        # Where it cannot be written there, that was told when it was noticed.
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
        words = error.message if isinstance(error, StoreError) else str(error)
        return StoreError(
            "Event store lost", f"{old.path} is gone or out of reach, and cannot be written again: {words}."
        )


def _release_name(old: Opened) -> None:
    """Another file has the store's name: leave nothing of ours beside it, and all that was written in our own file,
    wherever that is now."""
    # SQLite would take our log for that of the file that stands there, and write it into it.
    old.presence.forget_sides()
    # What the log holds is taken along in any case; the file that was moved away is only better for it.
    with suppress(sqlite3.Error):
        old.writer.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()


def _restore(old: Opened) -> None:
    """Write the store under its name again. Nobody else writes to the old one from the copy to the end of it."""
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
    raise StoreError("Event store", "others go on writing to it.")


def _put_in_place(old: Opened, copied: Path) -> None:
    """Give the copy the store's name. Raises FileExistsError where something has come to stand there."""
    if old.presence.is_ours(old.path):
        # The file itself stands there, without its log: who opens it now would see less than was written.
        copied.replace(old.path)
        old.presence.forget_sides()
    else:
        # SQLite would take what lies beside the name for the new file's.
        old.presence.forget_sides()
        os.link(copied, old.path)
    _sync(old.path.parent)


def _copy_to(old: Opened, path: Path) -> None:
    """Write what a temporary store holds under a name that is free. Raises FileExistsError where it is not."""
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
        words = error.message if isinstance(error, StoreError) else str(error)
        raise StoreError(
            "Event store",
            f"{why} No temporary store can be made: {words}.",
            "Nothing was written. Free some space, or point TMPDIR at a folder that can be written, then try again.",
        ) from error
    displaced = old.displaced or (old.path if old.temp_folder is None else None)
    return replace(opened, temp_folder=folder, displaced=displaced, notice=_moved_notice(why, displaced))


def _copy(source: sqlite3.Connection, path: Path) -> Path:
    """A private copy of all that was committed, on the disk and closed."""
    # Whoever began one before has died: there is one turn.
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))

    with closing(sqlite3.connect(path, isolation_level=None)) as made:
        # It counts once it is whole, so one flush at the end will do.
        made.execute("PRAGMA synchronous = OFF")
        source.backup(made)
    _sync(path)
    return path


def _is_continued(old: Opened) -> bool:
    """True where the file under the name goes on from all that was written to the old one: another ctui has brought it
    back. No id stands for another event there, none that was given is given again, and no event is missing that was not
    let go. Raises OSError.

    It must be another file than ours: in one process SQLite would take two logs of the same file for one.
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
            return damage.is_sound(other, current=True) and _continues(old.writer, other)
    except (StoreError, sqlite3.Error):
        # It is none of ours, or cannot be read: either way we keep to ourselves.
        return False


def _continues(mine: sqlite3.Connection, other: sqlite3.Connection) -> bool:
    if _highest_id(other) < _highest_id(mine):
        return False
    floors = {tuple(scope): second for *scope, second in other.execute(_FLOORS)}
    # What went by a provisional account here may have been folded into its account there.
    other_names = {tuple(name) for name in other.execute(_ALIASES)}
    theirs = other.execute(_ROWS)
    found = theirs.fetchone()
    for row in mine.execute(_ROWS):
        while found is not None and found[0] < row[0]:
            found = theirs.fetchone()
        if found is not None and found[0] == row[0]:
            if found != row and not (found[:4] == row[:4] and found[5] == row[5] and row[3:] in other_names):
                return False
        elif row[1] >= floors.get(row[3:], 0) and row[3:] not in other_names:
            return False
    return True


def _highest_id(connection: sqlite3.Connection) -> int:
    """The highest id an event was ever given."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'event'").fetchone()
    return 0 if row is None else int(row[0])


def _version(connection: sqlite3.Connection) -> int:
    """Another number whenever somebody else has written."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _restored_notice(path: Path) -> StoreError:
    return StoreError(
        "Event store written again",
        f"{path} was removed or moved away while ctui was using it. It stands there again, with all that was in it.",
        "To be rid of it, remove it when no ctui is running.",
    )


def _replaced_notice(path: Path) -> StoreError:
    return StoreError(
        "Event store replaced",
        f"Another file stands at {path} now, and is left as it is. What ctui had stored is in the file that stood "
        "there before, if that was moved and not removed.",
    )


def _moved_notice(why: str, displaced: Path | None) -> StoreError:
    return StoreError(
        "Event store moved",
        f"{why} This run goes on in a temporary store, with every event that was in the one before.",
        f"It is forgotten at the end, or written to {displaced} if nothing stands there by then." if displaced else "",
    )
