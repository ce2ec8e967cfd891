"""What each version of the tables of a store has changed: before the index, as they were written then, and since."""

STEPS = (
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
"""The statements that make version n + 1 of version n, up to the last one before the index."""

STEPS_IN_PLACE = (
    # It was the index that grew most, since events arrive newest first, and pruning alone used it.
    "DROP INDEX event_by_age",
)
"""The statements that make version n + 1 of version n from the first with the index on: in the file itself."""
UNDONE = ("CREATE INDEX event_by_age ON event (time)",)
"""What takes each of these steps back: it tells the tables of the version before."""
