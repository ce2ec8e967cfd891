"""The tables of a store, by version, and the check whether a file has them."""

import sqlite3
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Final

from ctui.model.event.kind import EventKind
from ctui.store.blocks.block import SPARSE
from ctui.store.index.index_row import INDEX_COLUMNS
from ctui.store.index.table_line import KIND_BITS
from ctui.store.opening.old_versions import STEPS, STEPS_IN_PLACE, UNDONE
from ctui.store.opening.signs import APPLICATION_ID, FIRST_WITH_INDEX, VERSION
from ctui.store.writing import transaction

_KEPT = (
    # The tables that version 12 had already, unchanged.
    """
    CREATE TABLE scope (
        id INTEGER PRIMARY KEY,
        origin TEXT NOT NULL,
        account TEXT NOT NULL,
        region TEXT NOT NULL,
        UNIQUE (origin, account, region)
    )
    """,
    # attribute and value are '' for claims of all events.
    """
    CREATE TABLE claim (
        scope INTEGER NOT NULL REFERENCES scope (id),
        attribute TEXT NOT NULL,
        value TEXT NOT NULL,
        kind TEXT NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        PRIMARY KEY (scope, attribute, value, kind, start),
        CHECK (start < "end")
    ) WITHOUT ROWID
    """,
    # Proven less than an hour after the seconds they cover; a claim is settled.
    """
    CREATE TABLE provisional (
        scope INTEGER NOT NULL REFERENCES scope (id),
        attribute TEXT NOT NULL,
        value TEXT NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        proven INTEGER NOT NULL,
        PRIMARY KEY (scope, attribute, value, start),
        CHECK (start < "end")
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE floor (
        scope INTEGER PRIMARY KEY REFERENCES scope (id),
        second INTEGER NOT NULL
    )
    """,
    # Only few events have a row here: those that differ from what the API specifies.
    """
    CREATE TABLE oddity (
        event INTEGER PRIMARY KEY,
        lost INTEGER NOT NULL,
        timed INTEGER NOT NULL,
        reasons TEXT NOT NULL,
        as_it_came TEXT NOT NULL
    )
    """,
    # Salted digests by which a login is found again: of its access key ID and of the settings that determine it.
    """
    CREATE TABLE login (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        origin TEXT NOT NULL,
        salt BLOB NOT NULL,
        digest BLOB NOT NULL,
        account TEXT NOT NULL
    )
    """,
    # Provisional accounts that became another name of an account. No scope is stored under such a name.
    """
    CREATE TABLE alias (
        origin TEXT NOT NULL,
        name TEXT NOT NULL,
        account TEXT NOT NULL,
        PRIMARY KEY (origin, name)
    ) WITHOUT ROWID
    """,
    # What a person put on an event (`marks.EventMark`). Such an event is never pruned.
    """
    CREATE TABLE mark (
        event INTEGER PRIMARY KEY,
        made INTEGER NOT NULL,
        note TEXT NOT NULL
    )
    """,
)
_TABLES = (
    *_KEPT,
    # A text that is not UTF-8 is stored as bytes; without a type the column keeps both apart.
    """
    CREATE TABLE word (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        field INTEGER NOT NULL,
        digest INTEGER NOT NULL,
        text NOT NULL
    )
    """,
    "CREATE INDEX word_by_digest ON word (field, digest)",
    # Digests of the values inside a list, and addresses as 16 bytes, each with the words that have it.
    """
    CREATE TABLE member (
        field INTEGER NOT NULL,
        key NOT NULL,
        word INTEGER NOT NULL,
        PRIMARY KEY (field, key, word)
    ) WITHOUT ROWID
    """,
    # The ordinals of records that are not plain, one byte each, and of those in which no text can be searched.
    """
    CREATE TABLE block (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        scope INTEGER NOT NULL REFERENCES scope (id),
        newest INTEGER NOT NULL,
        oldest INTEGER NOT NULL,
        records INTEGER NOT NULL,
        live INTEGER NOT NULL,
        size INTEGER NOT NULL,
        escaped BLOB,
        odd BLOB,
        data BLOB NOT NULL
    )
    """,
    f"""
    CREATE TABLE event (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        scope INTEGER NOT NULL REFERENCES scope (id),
        time INTEGER NOT NULL,
        kinds INTEGER NOT NULL,
        derived INTEGER NOT NULL,
        block INTEGER NOT NULL,
        ordinal INTEGER NOT NULL,
        event_id NOT NULL,
        {", ".join(f"{column.name} INTEGER" for column in INDEX_COLUMNS)},
        UNIQUE (scope, event_id)
    )
    """,
)
INDEXES: Final = (
    # With the kinds in it, a filter on them reads no row.
    "CREATE INDEX event_by_time ON event (scope, time DESC, id, kinds)",
    "CREATE INDEX event_by_block ON event (block, ordinal)",
    "CREATE INDEX event_by_derivation ON event (derived)",
    f"CREATE INDEX event_failed ON event (scope, time DESC) WHERE kinds & {KIND_BITS[EventKind.ERROR]}",
    *(
        f"CREATE INDEX event_by_{column.name} ON event (scope, {column.name}, time DESC) "
        f"WHERE {column.name} IS NOT NULL"
        for column in INDEX_COLUMNS
        if column.ordered
    ),
    "CREATE INDEX block_by_time ON block (scope, newest DESC)",
    f"CREATE INDEX block_sparse ON block (scope, newest) WHERE {SPARSE}",
)
_TRIGGERS = (
    """
    CREATE TRIGGER event_deleted AFTER DELETE ON event BEGIN
        DELETE FROM oddity WHERE event = old.id;
        UPDATE block SET live = live - 1 WHERE id = old.block;
        DELETE FROM block WHERE id = old.block AND live = 0;
    END
    """,
)


class FileKind(StrEnum):
    """What a file is."""

    USABLE = "usable"
    NEWER = "newer"
    BROKEN = "broken"
    FOREIGN = "foreign"
    """An undamaged SQLite file of another program."""


def classify(connection: sqlite3.Connection) -> FileKind:
    """Whether the file can be used or migrated. Raises sqlite3.Error if it cannot be read."""
    version = _number(connection, "user_version")
    application = _number(connection, "application_id")
    shape = _shape(connection)
    if application != APPLICATION_ID:
        return FileKind.FOREIGN if shape or version or application else FileKind.USABLE
    if version > VERSION:
        return FileKind.NEWER
    return FileKind.USABLE if shape == _expected(version) else FileKind.BROKEN


def migrate(connection: sqlite3.Connection) -> None:
    """Migrate a file that is empty or has the index to `VERSION` in one transaction: other processes see the old tables
    or the new ones.

    A file that has this version is not written to, and other writers are not waited for.
    """
    if is_current(connection):
        return
    with transaction(connection):
        if has_index(connection):
            for statement in STEPS_IN_PLACE[_number(connection, "user_version") - FIRST_WITH_INDEX :]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        else:
            create_tables(connection)


def is_current(connection: sqlite3.Connection) -> bool:
    """True if the file has this program's version."""
    return _number(connection, "user_version") == VERSION


def has_index(connection: sqlite3.Connection) -> bool:
    """True if a usable file is of a version with the index: all tables that `damage` looks at are there."""
    return _number(connection, "user_version") >= FIRST_WITH_INDEX


def old_version(path: Path) -> int | None:
    """The version of a usable file that is older than this program's; None if it is not. Raises sqlite3.Error."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        version = _number(connection, "user_version")
    return version if 0 < version < VERSION else None


def create_tables(connection: sqlite3.Connection, *, indexes: bool = True) -> None:
    """Create the tables of this version in an empty file. Call it inside a transaction.

    Without `indexes`, call `create_indexes` once the rows are there: that is faster for many rows.
    """
    for statement in (*_TABLES, *_TRIGGERS):
        connection.execute(statement)
    if indexes:
        create_indexes(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def create_indexes(connection: sqlite3.Connection) -> None:
    """Create the indexes of this version. Call it inside a transaction."""
    for statement in INDEXES:
        connection.execute(statement)


def apply_steps(connection: sqlite3.Connection, start: int, end: int) -> None:
    """Migrate a file from one of the versions before the index to a later one. Call it inside a transaction."""
    for step in STEPS[start:end]:
        for statement in step:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {end}")


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    return int(connection.execute(f"PRAGMA {pragma}").fetchone()[0])


def _shape(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    rows = connection.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'")
    return {(str(name), " ".join(str(sql).split())) for name, sql in rows}


def _expected(version: int) -> set[tuple[str, str]]:
    """The schema that the same steps create: a file with another one is damaged or was changed."""
    with_steps = sqlite3.connect(":memory:", isolation_level=None)
    try:
        if version >= FIRST_WITH_INDEX:
            create_tables(with_steps)
            for statement in reversed(UNDONE[version - FIRST_WITH_INDEX :]):
                with_steps.execute(statement)
        else:
            apply_steps(with_steps, 0, version)
        return _shape(with_steps)
    finally:
        with_steps.close()
