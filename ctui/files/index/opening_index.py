"""Opens the index of a tree: the one in the cache folder if it can be trusted, else a new one."""

import hashlib
import os
import sqlite3
from pathlib import Path
from threading import Event
from typing import Final, NamedTuple

from ctui.errors import FilesError
from ctui.files.index import tables
from ctui.files.index.container import TEMPORARY_NAME, Container, connect
from ctui.files.index.index_lock import IndexLock
from ctui.files.index.tables import Untrusted
from ctui.files.index.tidying import tidy
from ctui.store.opening import damage
from ctui.store.opening.files import SIDE_FILES, make_private, size_of
from ctui.store.opening.signs import DAMAGED
from ctui.store.opening.temp_store import TempFolder, remove_abandoned

ENDING: Final = ".db"
OPENING, USING, INDEXING = "-lock", "-use", "-run"
"""Suffixes of the lock files of an index: held to open it, shared while it is open, and held to index the tree."""
_PATIENCE: Final = 10.0
"""Seconds to wait for another process that opens the index."""


class OpenedIndex(NamedTuple):
    """An index, and what a person should know of it."""

    container: Container
    notices: tuple[FilesError, ...]


def index_path(root: bytes, folder: Path) -> Path:
    """Where the index of a tree is. `root`: the real path of the tree; `folder`: that of the indexes."""
    return folder / f"{hashlib.blake2b(root, digest_size=16).hexdigest()}{ENDING}"


def open_index(root: bytes, folder: Path, stopped: Event) -> OpenedIndex:
    """The index of a tree. Blocks; raises FilesError if there is no place for one, or if `stopped` is set.

    Without a cache folder that can be written, it is in a private temporary folder.
    """
    remove_abandoned()
    try:
        return _open_at(index_path(root, folder), root, stopped)
    except (OSError, sqlite3.Error) as error:
        return _open_temporary(root, f"An index cannot be kept in {folder}: {error}.")


def lock_of(path: Path, suffix: str) -> IndexLock:
    """A lock of the index at a path."""
    return IndexLock(Path(f"{path}{suffix}"))


def remove_index(path: Path) -> None:
    """Remove the file of an index and those next to it, except its locks. Raises OSError."""
    for side in (*SIDE_FILES, DAMAGED, ""):
        Path(f"{path}{side}").unlink(missing_ok=True)


def _open_at(path: Path, root: bytes, stopped: Event) -> OpenedIndex:
    make_private(path, own=True)
    opening, use = lock_of(path, OPENING), lock_of(path, USING)
    if not opening.wait(_PATIENCE, stopped):
        if stopped.is_set():
            raise FilesError("Log files", "Opening the index was canceled.")
        return _open_temporary(root, f"Another process has been opening {path} for {_PATIENCE:.0f} seconds.")
    try:
        # The file may have been removed since.
        make_private(path, own=True)
        alone = use.take()
        problem = _problem(path, root)
        if not alone:
            if problem or not use.take(shared=True):
                return _open_temporary(root, f"{path} {problem or 'is in use'}, and another ctui has it open.")
            return OpenedIndex(Container(root, path, use), ())
        notices = []
        if problem := problem or _make_ready(path, root):
            remove_index(path)
            make_private(path, own=True)
            notices.append(
                FilesError(
                    "Index made again", f"The index of {os.fsdecode(root)} {problem}.", "The files are read once more."
                )
            )
            if problem := _make_ready(path, root):
                raise OSError(f"a new index {problem}")
        use.share()
        return OpenedIndex(Container(root, path, use), tuple(notices))
    except BaseException:
        use.release()
        raise
    finally:
        opening.release()


def _problem(path: Path, root: bytes) -> str:
    """Why the file at `path` is no index of this tree that can be trusted; "" if it is one, or empty. Raises OSError
    and sqlite3.Error."""
    if not size_of(path) and not size_of(Path(f"{path}-wal")):
        return ""
    if damage.is_marked(path):
        return "was found damaged while it was in use"
    try:
        connection = connect(path)
        try:
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                tables.check(connection, root)
            elif size_of(path):
                # Killed before its tables were created, or another program's.
                raise Untrusted("was not finished")
        finally:
            connection.close()
    except Untrusted as error:
        return str(error)
    except sqlite3.Error as error:
        if tables.is_damage(error):
            return "is damaged"
        raise
    except (TypeError, ValueError):
        return "is damaged"
    return ""


def _make_ready(path: Path, root: bytes) -> str:
    """Create the tables of a new index; tidy up one that was there. No other process has it open. Returns why it
    cannot be trusted after all, or "". Raises sqlite3.Error."""
    try:
        connection = connect(path)
        try:
            if connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                tidy(connection)
            else:
                tables.create(connection, root)
        finally:
            connection.close()
    except (Untrusted, KeyError):
        return "is damaged"
    except sqlite3.Error as error:
        if tables.is_damage(error):
            return "is damaged"
        raise
    return ""


def _open_temporary(root: bytes, why: str) -> OpenedIndex:
    folder = None
    try:
        folder = TempFolder()
        path = folder.folder / TEMPORARY_NAME
        make_private(path)
        if problem := _make_ready(path, root):
            raise OSError(f"a new index {problem}")
        notice = FilesError("Temporary index", why, "The index of this run is removed at its end.")
        return OpenedIndex(Container(root, path, None, folder), (notice,))
    except (OSError, sqlite3.Error) as error:
        if folder is not None:
            folder.remove()
        raise FilesError(
            "Log files",
            f"{why} A temporary one cannot be created either: {error}.",
            "Free some disk space, or set TMPDIR to a writable folder.",
        ) from error
