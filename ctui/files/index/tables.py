"""The tables of an index, and what tells an index that can be trusted from any other file.

An index is a cache: what is not certainly as it was written is removed and made again. SQLite does not notice a byte
that changed in a value, so each row has a checksum of its values.
"""

import itertools
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from ctui.store.columns import Column
from ctui.store.index.table_line import DERIVATION

APPLICATION: Final = 0x63747866
"""Marks a SQLite file as an index: "ctxf" in ASCII."""
FORMAT: Final = 2
"""The version of the tables and of the parts of segments. Raise it whenever one of them changes."""
PAGE_BYTES: Final = 16_384
"""Parts of segments have some ten thousand bytes, and are read as a whole."""

_FILE_COLUMNS: Final = (
    "id, path, member, size, mtime_ns, account, region, delivery, state, records, rows, data_events, oldest, newest, "
    "plain, sha256, inflated, reasons"
)
_TABLES: Final = (
    "CREATE TABLE about (path BLOB NOT NULL, derivation INTEGER NOT NULL, checksum INTEGER NOT NULL)",
    """
    CREATE TABLE file (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL,
        member TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        delivery INTEGER,
        state INTEGER NOT NULL,
        records INTEGER NOT NULL,
        rows INTEGER NOT NULL,
        data_events INTEGER NOT NULL,
        oldest INTEGER,
        newest INTEGER,
        plain INTEGER NOT NULL,
        sha256 BLOB NOT NULL,
        inflated INTEGER NOT NULL,
        reasons TEXT NOT NULL,
        checksum INTEGER NOT NULL
    )
    """,
    # AUTOINCREMENT: a number is never given to another segment, since row ids are made of it.
    """
    CREATE TABLE segment (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        rows INTEGER NOT NULL,
        newest INTEGER NOT NULL,
        oldest INTEGER NOT NULL,
        gone INTEGER NOT NULL,
        checksum INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE part (
        id INTEGER PRIMARY KEY,
        segment INTEGER NOT NULL REFERENCES segment (number),
        name TEXT NOT NULL,
        checksum INTEGER NOT NULL,
        data BLOB NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX part_by_segment ON part (segment, name)",
    # Why how many files of the tree are left out: by their names, or as folders that cannot be read.
    "CREATE TABLE left_out (reason TEXT PRIMARY KEY, files INTEGER NOT NULL)",
)


class FileState:
    """How a log file stands in the index: a number, as the table has it."""

    WAITING: Final = 0
    """It is to be read."""
    INDEXED: Final = 1
    """It was read, as far as it can be."""
    AGAIN: Final = 2
    """It was read, and is to be read again: rows of it were left out because another file, that has left, had them."""
    LISTED: Final = 3
    """An archive some of whose members are not read; the others are log files by themselves."""
    GONE: Final = 4
    """It was removed or has changed since. Rows of it may still be on the screen."""


class IndexedFile(NamedTuple):
    """A log file as the index knows it."""

    id: int
    path: bytes
    """Below the tree, as the system has it; empty for a tree that is one file."""
    member: str
    """Its name in an archive; "" for a file of its own."""
    size: int
    """Bytes of the file; of the archive for a member."""
    mtime_ns: int
    account: str
    region: str
    delivery: int | None
    """Epoch second of the delivery that the name says."""
    state: int
    records: int = 0
    rows: int = 0
    """Fewer than `records` if other files have the same events."""
    data_events: int = 0
    oldest: int | None = None
    """Epoch second of its oldest row."""
    newest: int | None = None
    plain: int = 1
    """1 if the places of its rows are bytes of its text; 0 if they are ordinals."""
    sha256: bytes = b""
    inflated: int = 0
    reasons: str = "{}"
    """Why how many records, or the file itself, are not read: a JSON object."""


class SegmentEntry(NamedTuple):
    """A segment as readers choose it."""

    number: int
    rows: int
    newest: int
    """The epoch second of its first row."""
    oldest: int
    """The epoch second of its last row."""
    gone: int
    """How many of its rows are no longer those of a file."""


class Untrusted(Exception):
    """An index is not certainly as this program wrote it; says in words why. It is not raised outside this folder."""


_ELSEWHERE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
    }
)
"""Errors that lie in the disk, the memory or another process."""


def is_damage(error: sqlite3.Error) -> bool:
    """True if an error can only lie in the file: it is not as this program wrote it."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # Of the Python module itself: a text that is not UTF-8, or a connection that was closed.
        return isinstance(error, sqlite3.OperationalError)
    return code & 0xFF not in _ELSEWHERE


def is_full(error: BaseException | None) -> bool:
    """True if there is no room for what was to be written."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL


def checksum(values: Iterable[Column]) -> int:
    """The checksum of the values of a row, without the checksum itself."""
    return zlib.crc32(repr(tuple(values)).encode("utf-8", "surrogatepass"))


def part_checksum(segment: int, name: str, data: bytes) -> int:
    """The checksum of a part, of the right segment and name."""
    return zlib.crc32(data, zlib.crc32(f"{segment} {name}".encode()))


def create(connection: sqlite3.Connection, tree: bytes) -> None:
    """Create the tables in an empty file. Raises sqlite3.Error."""
    connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for table in _TABLES:
            connection.execute(table)
        about = (tree, DERIVATION)
        connection.execute("INSERT INTO about VALUES (?, ?, ?)", (*about, checksum(about)))
        connection.execute(f"PRAGMA user_version = {FORMAT}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def check(connection: sqlite3.Connection, tree: bytes) -> None:
    """Raise Untrusted unless this is an index of the tree by the rules of this program, with the rows that it says.

    Parts of segments are checked when they are read. Raises sqlite3.Error.
    """
    if _pragma(connection, "application_id") != APPLICATION:
        raise Untrusted("is a file of another program")
    if _pragma(connection, "user_version") != FORMAT:
        raise Untrusted("was made by another version of ctui")
    statements = connection.execute("SELECT sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    if {sql for (sql,) in statements} != {table.strip() for table in _TABLES}:
        raise Untrusted("is damaged")
    about = connection.execute("SELECT * FROM about").fetchall()
    if len(about) != 1 or checksum(about[0][:-1]) != about[0][-1]:
        raise Untrusted("is damaged")
    if about[0][1] != DERIVATION:
        raise Untrusted("was made by another version of ctui")
    if about[0][0] != tree:
        raise Untrusted("is of another folder")
    rows = sum(segment.rows - segment.gone for segment in segments(connection))
    if rows != sum(file.rows for file in files(connection) if file.state != FileState.GONE):
        raise Untrusted("is damaged")


def tree_of(connection: sqlite3.Connection) -> bytes:
    """The real path of the tree that an index is of. Raises Untrusted and sqlite3.Error."""
    if _pragma(connection, "application_id") != APPLICATION:
        raise Untrusted("is a file of another program")
    about = connection.execute("SELECT * FROM about").fetchall()
    if len(about) != 1 or checksum(about[0][:-1]) != about[0][-1]:
        raise Untrusted("is damaged")
    tree: bytes = about[0][0]
    return tree


def segments(connection: sqlite3.Connection) -> list[SegmentEntry]:
    """All segments, newest first. Raises Untrusted and sqlite3.Error."""
    found = connection.execute("SELECT * FROM segment ORDER BY newest DESC, number").fetchall()
    return [SegmentEntry(*_sound(row)) for row in found]


def files(connection: sqlite3.Connection) -> list[IndexedFile]:
    """All log files, in the order of their ids. Raises Untrusted and sqlite3.Error."""
    found = connection.execute(f"SELECT {_FILE_COLUMNS}, checksum FROM file ORDER BY id").fetchall()
    return [IndexedFile(*_sound(row)) for row in found]


def files_from(connection: sqlite3.Connection, number: int, ids: int) -> list[IndexedFile]:
    """The log files whose ids are `number` or among those after it, of so many ids. Raises Untrusted and
    sqlite3.Error."""
    query = f"SELECT {_FILE_COLUMNS}, checksum FROM file WHERE id >= ? AND id < ?"
    return [IndexedFile(*_sound(row)) for row in connection.execute(query, (number, number + ids))]


def part(connection: sqlite3.Connection, segment: int, name: str) -> bytes:
    """A part of a segment. Raises KeyError if there is none, Untrusted and sqlite3.Error."""
    row = connection.execute(
        "SELECT checksum, data FROM part WHERE segment = ? AND name = ?", (segment, name)
    ).fetchone()
    if row is None:
        raise KeyError(name)
    expected, data = row
    if not isinstance(data, bytes) or part_checksum(segment, name, data) != expected:
        raise Untrusted("is damaged")
    return data


def put_files(connection: sqlite3.Connection, entries: Iterable[IndexedFile]) -> list[IndexedFile]:
    """Write log files, or write them again; returns them with their ids. The id 0 is of one that has none yet. Raises
    sqlite3.Error."""
    found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'file'").fetchone()
    # A checksum is over the id, too, so that is given here. Ids of files that were removed are not used again.
    ids = itertools.count((int(found[0]) if found else 0) + 1)
    written = [entry if entry.id else entry._replace(id=next(ids)) for entry in entries]
    marks = ", ".join("?" * (len(IndexedFile._fields) + 1))
    connection.executemany(
        f"INSERT OR REPLACE INTO file ({_FILE_COLUMNS}, checksum) VALUES ({marks})",
        ((*entry, checksum(entry)) for entry in written),
    )
    return written


def put_left_out(connection: sqlite3.Connection, reasons: Mapping[str, int]) -> None:
    """Write why how many files are left out. Raises sqlite3.Error."""
    connection.execute("DELETE FROM left_out")
    connection.executemany("INSERT INTO left_out VALUES (?, ?)", reasons.items())


def add_segment(connection: sqlite3.Connection, rows: int, newest: int, oldest: int, parts: dict[str, bytes]) -> int:
    """Write a segment; returns its number. Raises sqlite3.Error."""
    cursor = connection.execute(
        "INSERT INTO segment (rows, newest, oldest, gone, checksum) VALUES (?, ?, ?, 0, 0)", (rows, newest, oldest)
    )
    number = cursor.lastrowid
    assert number is not None, "it was inserted"
    _sum_segment(connection, SegmentEntry(number, rows, newest, oldest, 0))
    for name, data in parts.items():
        put_part(connection, number, name, data)
    return number


def set_gone(connection: sqlite3.Connection, entry: SegmentEntry, gone: int) -> None:
    """Write how many rows of a segment are gone. Raises sqlite3.Error."""
    connection.execute("UPDATE segment SET gone = ? WHERE number = ?", (gone, entry.number))
    _sum_segment(connection, entry._replace(gone=gone))


def put_part(connection: sqlite3.Connection, segment: int, name: str, data: bytes) -> None:
    """Write a part of a segment, or write it again. Raises sqlite3.Error."""
    connection.execute(
        "INSERT OR REPLACE INTO part (segment, name, checksum, data) VALUES (?, ?, ?, ?)",
        (segment, name, part_checksum(segment, name, data), data),
    )


def drop_segment(connection: sqlite3.Connection, number: int) -> None:
    """Remove a segment. Raises sqlite3.Error."""
    connection.execute("DELETE FROM part WHERE segment = ?", (number,))
    connection.execute("DELETE FROM segment WHERE number = ?", (number,))


def _sum_segment(connection: sqlite3.Connection, entry: SegmentEntry) -> None:
    connection.execute("UPDATE segment SET checksum = ? WHERE number = ?", (checksum(entry), entry.number))


def _sound(row: tuple[Any, ...]) -> tuple[Any, ...]:
    *values, expected = row
    if checksum(values) != expected:
        raise Untrusted("is damaged")
    return tuple(values)


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
