"""Event history on disk: tables, connections, and the rows of an event."""

import hashlib
import sqlite3
from functools import lru_cache
from pathlib import Path

import msgspec

from ctui.emulator.records.recorded import Origin, Recorded
from ctui.errors import StoreError
from ctui.model.event.event import Resource
from ctui.model.lookup.lookup import AttributeKey, Category

SCHEMA = "2"
_EARLIER = "1"
"""The same tables with one more kind of attribute row: EventId, by which events are now found by their identity."""

_TABLES = """
CREATE TABLE IF NOT EXISTS history_meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS event(
  row INTEGER PRIMARY KEY AUTOINCREMENT,
  identity BLOB NOT NULL UNIQUE,
  account TEXT NOT NULL, region TEXT NOT NULL, event_id TEXT, time INTEGER NOT NULL, available REAL NOT NULL,
  name TEXT, source TEXT, username TEXT, read_only TEXT, access_key_id TEXT,
  resources TEXT NOT NULL, origin TEXT NOT NULL, category TEXT NOT NULL, record TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS attribute(
  key INTEGER NOT NULL, shelf INTEGER NOT NULL, time INTEGER NOT NULL, row INTEGER NOT NULL, available REAL NOT NULL,
  PRIMARY KEY (key, shelf, time, row)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS event_to_deliver ON event(account, region) WHERE origin IN ('live', 'call');
"""

PAGE_BYTES = 16384
"""Of a new file. Records are about 1.2 KB: with SQLite's 4 KiB the file was half as large again, and took longer."""
_MOST_LOG = 32 << 20
"""Bytes of the log after which it is written to the file."""

DELIVERED = "origin IN ('live', 'call')"
"""What trails deliver: not the seeded past and loaded events, which others delivered, if at all."""

COLUMNS = (
    "row, account, region, event_id, time, available, name, source, username, read_only, access_key_id, "
    "resources, origin, category, record"
)

INSERT_EVENT = (
    "INSERT OR FAIL INTO event(row, identity, account, region, event_id, time, available, name, source, username, "
    "read_only, access_key_id, resources, origin, category, record) VALUES {rows} ON CONFLICT (identity) DO NOTHING"
)
"""A known event stays as it is.

FAIL: an error ends the whole transaction anyway, so SQLite need not copy each page before a statement changes it. That
halves what is written.
"""

_WAITING = """
CREATE TEMP TABLE waiting(
  keys TEXT NOT NULL, shelf INTEGER NOT NULL, time INTEGER NOT NULL, row INTEGER NOT NULL, available REAL NOT NULL
)
"""
"""What finds the events of a transaction, a row for each, until their attributes are inserted together."""

INSERT_WAITING = "INSERT INTO temp.waiting(keys, shelf, time, row, available) VALUES {rows}"

INSERT_ATTRIBUTES = (
    "INSERT OR FAIL INTO attribute(key, shelf, time, row, available) "
    "SELECT each.value, shelf, time, row, available FROM temp.waiting, json_each(waiting.keys) AS each "
    "WHERE TRUE ORDER BY 1, 2, 3, 4 ON CONFLICT DO NOTHING"
)
"""The table is in that order: to insert so takes half of the time, and each of its pages is written once. SQLite makes
the rows, while other threads work.

A resource may be named more than once, and a past that is added again from its start has the rows that are there.
"""

EVENT_ID = AttributeKey.EVENT_ID.value
EVERYTHING = ("", "")
"""The attribute that every event has."""

EventRow = tuple[
    int,
    str,
    str,
    str | None,
    int,
    float,
    str | None,
    str | None,
    str | None,
    str | None,
    str | None,
    str,
    str,
    str,
    str,
]


@lru_cache(maxsize=64)
def insert_rows(insert: str, columns: int, rows: int) -> str:
    """INSERT_EVENT or INSERT_WAITING for so many rows."""
    row = f"({', '.join('?' * columns)})"
    return insert.format(rows=", ".join([row] * rows))


def connect(path: Path, *, read_only: bool, lasts: bool = True) -> sqlite3.Connection:
    """A connection in autocommit mode, for any thread that has its owner's lock. Raises StoreError.

    `lasts`: the file may be opened again after the process.
    """
    try:
        if not read_only:
            path.touch(mode=0o600, exist_ok=True)
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA busy_timeout = 5000")
        # Cache in KiB.
        connection.execute("PRAGMA cache_size = -24576")
        if read_only:
            connection.execute("PRAGMA query_only = 1")
        else:
            connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
            connection.execute("PRAGMA journal_mode = WAL")
            # A killed process loses nothing this way. Only a crash of the machine can lose the last commits.
            # What does not outlive the process need not wait for the disk.
            connection.execute(f"PRAGMA synchronous = {'NORMAL' if lasts else 'OFF'}")
            (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
            connection.execute(f"PRAGMA wal_autocheckpoint = {_MOST_LOG // page_bytes}")
            connection.execute("PRAGMA temp_store = MEMORY")
            connection.executescript(_TABLES)
            connection.execute(_WAITING)
            connection.execute("INSERT INTO history_meta VALUES ('schema', ?) ON CONFLICT DO NOTHING", (SCHEMA,))
            (schema,) = connection.execute("SELECT value FROM history_meta WHERE name = 'schema'").fetchone()
            if schema == _EARLIER:
                connection.execute("UPDATE history_meta SET value = ? WHERE name = 'schema'", (SCHEMA,))
            elif schema != SCHEMA:
                connection.close()
                raise StoreError(
                    "Event history cannot be opened",
                    f"{path} was written by another version.",
                    "Choose another --data folder.",
                )
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            "Event history cannot be opened", f"{path}: {error}.", "Choose another --data folder."
        ) from error
    return connection


@lru_cache(maxsize=16384)
def attribute_key(account: str, region: str, key: str, value: str) -> int:
    """64 bits for one value of one attribute in one account and Region, as SQLite's signed integer.

    Two values share a number once in 10**19 pairs. A page is checked against the events' own values anyway.
    """
    text = f"{account}\0{region}\0{key}\0{value}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big", signed=True)


def shelf(*, writes: bool, loaded: bool, category: Category) -> int:
    """Events of an attribute value are on four shelves for each category. A query reads only its own."""
    return int(writes) | int(loaded) << 1 | (4 if category is Category.INSIGHT else 0)


def identity_of(account: str, region: str, identity: str) -> bytes:
    """16 bytes that identify an event, by its EventId or the hash of its record, among all accounts and Regions."""
    text = f"{account}\0{region}\0{identity}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).digest()


def event_of(row: EventRow) -> Recorded:
    """The event in a row of COLUMNS."""
    resources = msgspec.json.decode(row[11], type=list[tuple[str | None, str | None]])
    return Recorded(
        account=row[1],
        region=row[2],
        event_id=row[3],
        time=row[4],
        available=row[5],
        name=row[6],
        source=row[7],
        username=row[8],
        read_only=row[9],
        access_key_id=row[10],
        resources=tuple(Resource(type_, name) for type_, name in resources),
        origin=Origin(row[12]),
        category=Category(row[13]),
        record=row[14],
    )
