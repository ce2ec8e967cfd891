"""The tables of a store, by version, and the check whether a file has them."""

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
        # Cells first, record last: a table line is read without the pages that a long record fills.
        # What is not text is stored as bytes, which a TEXT column keeps as they are.
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
        # With the category in the index, the rows of a stretch are listed without reading the events.
        "DROP INDEX event_by_time",
        "CREATE INDEX event_by_time ON event (scope, time DESC, id, category)",
    ),
    (
        # Records that are not plain (`prefilter.is_plain`) become bytes, so that SQL can search those that are text.
        """
        UPDATE event SET record = CAST(record AS BLOB) WHERE typeof(record) = 'text'
        AND (instr(record, char(92)) > 0 OR length(record) <> length(CAST(record AS BLOB)))
        """,
    ),
    (
        # Which rules made the cells (`columns.CELLS`). No row is rewritten: existing rows have 0.
        "ALTER TABLE event ADD COLUMN cells INTEGER NOT NULL DEFAULT 0",
    ),
    (
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
        # A wrong Date could make an older claim reach into the future. None can have been proven later than now, and
        # none covered the last 15 minutes.
        "DELETE FROM claim WHERE start >= CAST(strftime('%s', 'now') AS INTEGER) - 900",
        """
        UPDATE claim SET "end" = CAST(strftime('%s', 'now') AS INTEGER) - 900
        WHERE "end" > CAST(strftime('%s', 'now') AS INTEGER) - 900
        """,
        # Older claims have no time of proof, so all of them are scanned again: proven 0. Stretches that overlap become
        # one; a new one begins where no earlier one reaches.
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
        """
        CREATE TRIGGER oddity_goes_with_its_event AFTER DELETE ON event BEGIN
            DELETE FROM oddity WHERE event = old.id;
        END
        """,
    ),
    (
        # Salted digests by which a login is found again: of its access key ID and of the settings that determine it.
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
        # Provisional accounts that became another name of an account. No scope is stored under such a name.
        """
        CREATE TABLE alias (
            origin TEXT NOT NULL,
            name TEXT NOT NULL,
            account TEXT NOT NULL,
            PRIMARY KEY (origin, name)
        ) WITHOUT ROWID
        """,
    ),
    (
        # The source IP address. No row is rewritten: the cells of existing rows are of an older version.
        "ALTER TABLE event ADD COLUMN cell_ip TEXT NOT NULL DEFAULT ''",
    ),
    (
        # What a person put on an event (`marks.EventMark`). Such an event is never pruned.
        """
        CREATE TABLE mark (
            event INTEGER PRIMARY KEY,
            made INTEGER NOT NULL,
            note TEXT NOT NULL
        )
        """,
    ),
    (
        # Whether the event is notable. As with the source IP address, no row is rewritten.
        "ALTER TABLE event ADD COLUMN cell_notable INTEGER NOT NULL DEFAULT 0",
    ),
)
"""The statements that migrate version n to n + 1."""

VERSION = len(_STEPS)
"""The version this program reads and writes (PRAGMA user_version)."""


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
    """Migrate a usable file to `VERSION` in one transaction: other processes see the old tables or the new ones.

    A file that has this version is not written to, and other writers are not waited for.
    """
    if is_current(connection):
        return
    with transaction(connection):
        apply_steps(connection, _number(connection, "user_version"), VERSION)


def is_current(connection: sqlite3.Connection) -> bool:
    """True if the file has this program's version."""
    return _number(connection, "user_version") == VERSION


def apply_steps(connection: sqlite3.Connection, start: int, end: int) -> None:
    """Migrate a file from one version to a later one. Call it inside a transaction."""
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
    """The schema that the same steps create: a file with another one is damaged or was changed."""
    with_steps = sqlite3.connect(":memory:", isolation_level=None)
    try:
        apply_steps(with_steps, 0, version)
        return _shape(with_steps)
    finally:
        with_steps.close()
