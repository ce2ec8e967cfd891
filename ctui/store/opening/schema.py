"""The store's tables, by version, and whether a file holds them."""

import sqlite3
from enum import StrEnum

from ctui.store.writing import transaction

APPLICATION_ID = 0x63747569
"""Marks a SQLite file as ours: "ctui" in ASCII."""

_STEPS = (
    (
        """
        CREATE TABLE scope (
            id INTEGER PRIMARY KEY,
            origin TEXT NOT NULL,
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            UNIQUE (origin, account, region)
        )
        """,
        # The cells come first and the record last: a line of the table is read without the pages a long record fills.
        # What must not be taken for text is kept as bytes, which a TEXT column leaves as they are.
        """
        CREATE TABLE event (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            scope INTEGER NOT NULL REFERENCES scope (id),
            category TEXT NOT NULL,
            event_id TEXT NOT NULL,
            time INTEGER NOT NULL,
            cell_name TEXT NOT NULL,
            cell_user TEXT NOT NULL,
            cell_role TEXT NOT NULL,
            cell_source TEXT NOT NULL,
            cell_resource TEXT NOT NULL,
            cell_more INTEGER NOT NULL,
            cell_region TEXT NOT NULL,
            cell_error TEXT NOT NULL,
            cell_write INTEGER NOT NULL,
            cell_root INTEGER NOT NULL,
            name TEXT,
            source TEXT,
            username TEXT,
            read_only TEXT,
            access_key_id TEXT,
            resources TEXT NOT NULL,
            record TEXT NOT NULL,
            UNIQUE (scope, event_id)
        )
        """,
        "CREATE INDEX event_by_time ON event (scope, time DESC, id)",
    ),
    (
        # attribute and value are '' for what holds whatever an event is.
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
        """
        CREATE TABLE floor (
            scope INTEGER PRIMARY KEY REFERENCES scope (id),
            second INTEGER NOT NULL
        )
        """,
        "CREATE INDEX event_by_age ON event (time)",
    ),
    (
        """
        CREATE TABLE login (
            profile TEXT NOT NULL,
            origin TEXT NOT NULL,
            region TEXT NOT NULL,
            account TEXT NOT NULL,
            PRIMARY KEY (profile, origin, region)
        ) WITHOUT ROWID
        """,
    ),
    (
        # With the category at hand, all rows of a stretch are listed without a look at the events themselves.
        "DROP INDEX event_by_time",
        "CREATE INDEX event_by_time ON event (scope, time DESC, id, category)",
    ),
    (
        # Records that are not plain (`model.needs`) stand as bytes: those that are text can be searched by SQL.
        """
        UPDATE event SET record = CAST(record AS BLOB) WHERE typeof(record) = 'text'
        AND (instr(record, char(92)) > 0 OR length(record) <> length(CAST(record AS BLOB)))
        """,
    ),
    (
        # Which rules made the cells (`rows.CELLS`). No row is written for it: rows of before have the 0.
        "ALTER TABLE event ADD COLUMN cells INTEGER NOT NULL DEFAULT 0",
    ),
    (
        # Unlike a claim, which is settled, these were proven less than an hour after they happened.
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
        # A wrong Date could make an earlier claim reach into the future: none can have been proven later than now, and
        # none claimed the last quarter of an hour.
        "DELETE FROM claim WHERE start >= CAST(strftime('%s', 'now') AS INTEGER) - 900",
        """
        UPDATE claim SET "end" = CAST(strftime('%s', 'now') AS INTEGER) - 900
        WHERE "end" > CAST(strftime('%s', 'now') AS INTEGER) - 900
        """,
        # When earlier claims were proven was not written down, so all of them are walked once more: proven 0. Stretches
        # that overlap become one: a new one begins where none before reaches.
        """
        INSERT INTO provisional
        SELECT scope, attribute, value, min(start), max("end"), 0 FROM (
            SELECT *, sum(apart) OVER (PARTITION BY scope, attribute, value ORDER BY start, "end") AS number FROM (
                SELECT *, start > coalesce(max("end") OVER (
                    PARTITION BY scope, attribute, value ORDER BY start, "end"
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ), -1) AS apart FROM claim
            )
        ) GROUP BY scope, attribute, value, number
        """,
        "DELETE FROM claim",
    ),
    (
        # Few events have a row here: those of which something came otherwise than the API says.
        """
        CREATE TABLE oddity (
            event INTEGER PRIMARY KEY,
            lost INTEGER NOT NULL,
            timed INTEGER NOT NULL,
            reasons TEXT NOT NULL,
            as_it_came TEXT NOT NULL
        )
        """,
        """
        CREATE TRIGGER oddity_goes_with_its_event AFTER DELETE ON event BEGIN
            DELETE FROM oddity WHERE event = old.id;
        END
        """,
    ),
    (
        # By what a login is known again: salted digests, of its access key id and of the settings that decide it.
        "DROP TABLE login",
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
    ),
    (
        # Provisional accounts that turned out to be another name of an account. No scope has such a name.
        """
        CREATE TABLE alias (
            origin TEXT NOT NULL,
            name TEXT NOT NULL,
            account TEXT NOT NULL,
            PRIMARY KEY (origin, name)
        ) WITHOUT ROWID
        """,
    ),
)
"""Statements that lead from version n to n + 1."""

VERSION = len(_STEPS)
"""The version this program reads and writes (PRAGMA user_version)."""


class FileKind(StrEnum):
    """What a file turned out to be."""

    USABLE = "usable"
    NEWER = "newer"
    BROKEN = "broken"
    FOREIGN = "foreign"
    """A sound SQLite file of another program."""


def classify(connection: sqlite3.Connection) -> FileKind:
    """Whether the file can be used or migrated; raises sqlite3.Error where it cannot be read."""
    version = _number(connection, "user_version")
    application = _number(connection, "application_id")
    found = _shape(connection)
    if application != APPLICATION_ID:
        return FileKind.FOREIGN if found or version or application else FileKind.USABLE
    if version > VERSION:
        return FileKind.NEWER
    return FileKind.USABLE if found == _expected(version) else FileKind.BROKEN


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a usable file to `VERSION`, in one transaction; other processes see the old tables or the new ones.

    A file of this version is not written to, and waits for nobody who writes.
    """
    if is_current(connection):
        return
    with transaction(connection):
        apply_steps(connection, _number(connection, "user_version"), VERSION)


def is_current(connection: sqlite3.Connection) -> bool:
    """True where the file has this program's version already."""
    return _number(connection, "user_version") == VERSION


def apply_steps(connection: sqlite3.Connection, start: int, end: int) -> None:
    """Lead a file from one version to a later one; the caller has begun the transaction."""
    for step in _STEPS[start:end]:
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
    """What the same steps make of an empty file: anything else has been tampered with or torn."""
    with_steps = sqlite3.connect(":memory:", isolation_level=None)
    try:
        apply_steps(with_steps, 0, version)
        return _shape(with_steps)
    finally:
        with_steps.close()
