"""Damage: how SQLite reports it, how it is found when a store is opened, and the mark for the next start."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from ctui.model.event.kind import EventKind
from ctui.store.blocks.block import SPARSE
from ctui.store.index.index_row import INDEX_COLUMNS
from ctui.store.index.table_line import KIND_BITS
from ctui.store.opening.signs import DAMAGED

T = TypeVar("T")

_CHECKED_WHOLE = 16 * 1024**2
"""Files up to this size are checked page by page when they are opened. Measured: 15 ms from memory, 0.3 s from a slow
disk; for 2 GiB it would be 1.2 s and 40 s."""
_ENDS = (
    "scope ORDER BY id",
    "event ORDER BY id",
    "event INDEXED BY event_by_time ORDER BY scope",
    "event INDEXED BY event_by_block ORDER BY block",
    "event INDEXED BY event_by_derivation ORDER BY derived",
    "event INDEXED BY sqlite_autoindex_event_1 ORDER BY scope",
    *(
        f"event INDEXED BY event_by_{column.name} WHERE {column.name} IS NOT NULL ORDER BY scope"
        for column in INDEX_COLUMNS
        if column.ordered
    ),
    f"event INDEXED BY event_failed WHERE kinds & {KIND_BITS[EventKind.ERROR]} ORDER BY scope",
    "block ORDER BY id",
    "block INDEXED BY block_by_time ORDER BY scope",
    f"block INDEXED BY block_sparse WHERE {SPARSE} ORDER BY scope",
    "word ORDER BY id",
    "word INDEXED BY word_by_digest ORDER BY field",
    "member ORDER BY field",
    "claim ORDER BY scope",
    "provisional ORDER BY scope",
    "floor ORDER BY scope",
    "login ORDER BY id",
    "alias ORDER BY origin",
    "mark ORDER BY event",
)
"""Each table and index that every version with the index has, in its own order."""


def is_damage(error: sqlite3.Error) -> bool:
    """True if the file is damaged: its pages are inconsistent, or it is no database."""
    # Errors of the Python module itself carry no code.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_sound(connection: sqlite3.Connection, *, indexed: bool) -> bool:
    """False if damage is found: anywhere in a small file, at the ends of each table of a large one.

    A large file of a version before the index is not checked here, because its migration reads all of it.

    Raises sqlite3.Error if SQLite itself finds damage or cannot read.
    """
    pages, size = (int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    if pages * size <= _CHECKED_WHOLE:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    for end in _ENDS if indexed else ():
        for direction in ("ASC", "DESC"):
            connection.execute(f"SELECT * FROM {end} {direction} LIMIT 1").fetchone()
    return True


def mark(path: Path, inode: int) -> None:
    """Mark the file, so that the next start sets it aside. Raises OSError."""
    descriptor = os.open(f"{path}{DAMAGED}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        os.write(descriptor, b"%d\n" % inode)
    finally:
        os.close(descriptor)


def is_marked(path: Path) -> bool:
    """True if the file at `path` is marked as damaged. Raises OSError."""
    try:
        return Path(f"{path}{DAMAGED}").read_bytes() == b"%d\n" % path.stat().st_ino
    except FileNotFoundError:
        return False


def unmark(path: Path) -> None:
    """Remove the mark after the file was set aside. Raises OSError."""
    Path(f"{path}{DAMAGED}").unlink(missing_ok=True)


def read(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """The result of `work`. Damaged text that is not UTF-8 is decoded with replacements. `work` may be called twice."""
    try:
        return work(connection)
    except sqlite3.OperationalError as error:
        if not str(error).startswith("Could not decode to UTF-8"):
            raise
    # It slows down every text, so it is set only once damaged text was found.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return work(connection)
