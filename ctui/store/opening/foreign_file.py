"""Recognizes files that are not a store of ours, without changing or creating any file."""

import sqlite3
import stat
from pathlib import Path

from ctui.errors import StoreError
from ctui.store.opening.files import LOG, has_log_alone, size_of
from ctui.store.opening.open_lock import was_opened_before
from ctui.store.opening.signs import APPLICATION_ID

_MAGIC = b"SQLite format 3\x00"
_HEADER_SIZE = 100
_APPLICATION_ID = slice(68, 72)
"""Application ID in the header (https://www.sqlite.org/fileformat.html#the_database_header)."""
_REMEDY = "It is left alone. Choose another file with --store PATH."


def refuse_foreign_file(path: Path, *, own: bool) -> None:
    """Raise StoreError unless `path` is free, or is a store of ours, even a damaged one. Raises OSError.

    A file with a lost header counts as ours if ctui opened a store there before, or at ctui's `own` path.
    """
    try:
        about = path.stat()
    except FileNotFoundError:
        about = None
    if about is not None and not stat.S_ISREG(about.st_mode):
        raise StoreError(
            "Event store", f"{path} cannot be opened: it is not a file.", "Choose a file with --store PATH."
        )
    ours = own or was_opened_before(path)
    if has_log_alone(path):
        if not ours:
            raise StoreError("Event store", f"{path}{LOG} is the log of a missing database.", _REMEDY)
    elif about is not None and about.st_size:
        _check_header(path, ours)


def may_be_sqlite(path: Path) -> bool:
    """True for an empty file and for one with SQLite's header. SQLite would overwrite a short file of any kind."""
    header = _header(path)
    return not header or (header.startswith(_MAGIC) and len(header) == _HEADER_SIZE)


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEADER_SIZE)


def _check_header(path: Path, ours: bool) -> None:
    header = _header(path)
    if not may_be_sqlite(path):
        if not ours:
            raise StoreError("Event store", f"{path} is not an event store of ctui.", _REMEDY)
        return
    application = int.from_bytes(header[_APPLICATION_ID], "big")
    if application == APPLICATION_ID:
        return
    try:
        used = _is_used(path)
    except sqlite3.DatabaseError as error:
        if not ours:
            raise StoreError("Event store", f"{path} is not an event store of ctui: {error}.", _REMEDY) from error
        return
    # The log may hold all contents: of ours, if ctui was killed in its first second, or of another program.
    if application or used or (size_of(Path(f"{path}{LOG}")) and not ours):
        raise StoreError("Event store", f"{path} is a database of another program.", _REMEDY)


def _is_used(path: Path) -> bool:
    """True if the file itself has tables or a version. Raises sqlite3.Error if it is damaged."""
    # Immutable: SQLite neither locks it nor creates a file next to it.
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        return bool(tables or connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()
