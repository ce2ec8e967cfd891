"""Damage: how SQLite tells of it, what finds it at opening, and the mark that lasts until the next start."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

MARK = "-damaged"
"""Beside a store that was found damaged while it was open. Holds the file's inode: another file there is not meant."""
_CHECKED_WHOLE = 16 * 1024**2
"""Bytes of a file that is checked page by page at each opening. Measured: 15 ms where it was read before, 0.3 s off a
slow disk; for 2 GiB it would be 1.2 s and 40 s."""
_ENDS = (
    "scope ORDER BY id",
    "event ORDER BY id",
    "event INDEXED BY event_by_age ORDER BY time",
    "event INDEXED BY event_by_time ORDER BY scope",
    "event INDEXED BY sqlite_autoindex_event_1 ORDER BY scope",
    "claim ORDER BY scope",
    "provisional ORDER BY scope",
    "floor ORDER BY scope",
    "login ORDER BY id",
    "alias ORDER BY origin",
)
"""Each table and index of the present version, in its own order."""


def is_damage(error: sqlite3.Error) -> bool:
    """True where the file itself is at fault: its pages do not fit together, or it is no database at all."""
    # Errors of the Python module itself carry no code.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_sound(connection: sqlite3.Connection, *, current: bool) -> bool:
    """False where damage is found: in all of a small file, at the ends of each table of a large one.

    Of a large file that is not `current`, of this program's version, nothing is looked at: migrating it reads it all.

    Raises sqlite3.Error where SQLite itself finds it, or cannot read for other reasons.
    """
    pages, size = (int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    if pages * size <= _CHECKED_WHOLE:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    for end in _ENDS if current else ():
        for direction in ("ASC", "DESC"):
            connection.execute(f"SELECT * FROM {end} {direction} LIMIT 1").fetchone()
    return True


def mark(path: Path, inode: int) -> None:
    """Have the next start set this file aside. Raises OSError."""
    descriptor = os.open(f"{path}{MARK}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    try:
        os.write(descriptor, b"%d\n" % inode)
    finally:
        os.close(descriptor)


def is_marked(path: Path) -> bool:
    """True where the file at `path` is one that was found damaged. Raises OSError."""
    try:
        return Path(f"{path}{MARK}").read_bytes() == b"%d\n" % path.stat().st_ino
    except FileNotFoundError:
        return False


def unmark(path: Path) -> None:
    """Forget about damage: the file is out of the way. Raises OSError."""
    Path(f"{path}{MARK}").unlink(missing_ok=True)


def read(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
    """What `work` reads; text that is no UTF-8 any more is shown as far as it goes. `work` may be called twice."""
    try:
        return work(connection)
    except sqlite3.OperationalError as error:
        if not str(error).startswith("Could not decode to UTF-8"):
            raise
    # Slower for every text it reads, so only from the first damaged one on.
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    return work(connection)
