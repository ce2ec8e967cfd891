"""Trails as the emulator keeps them: settings, times of logging, status per Region. They survive kill -9."""

import math
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from ctui.emulator.records.history_tables import PAGE_BYTES
from ctui.errors import StoreError

MAX_TRAILS = 5
"""Trails that a Region can have, including shadow trails."""


class TrailRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One trail: its settings, and whether it is logging. Times are epoch seconds."""

    account: str
    region: str
    """The home Region."""
    name: str
    bucket: str
    prefix: str | None = None
    topic: str | None = None
    """A name or an ARN, as it was sent."""
    log_group: str | None = None
    """ARN."""
    role: str | None = None
    """ARN."""
    kms_key: str | None = None
    """ARN of the key."""
    global_events: bool = True
    multi_region: bool = False
    validation: bool = False
    organization: bool = False
    recursive: bool | None = None
    """RecursiveLogging, if it was sent. Nothing follows from it: deliveries make no events here."""
    tags: dict[str, str | None] = {}
    """Tag key -> value, or None for a key without a value."""
    event_selectors: list[dict[str, Any]] | None = None
    """As GetEventSelectors returns them, or None if none were put."""
    advanced_selectors: list[dict[str, Any]] | None = None
    """As GetEventSelectors returns them. A trail has these or event selectors."""
    insight_selectors: list[dict[str, Any]] | None = None
    """As PutInsightSelectors returns them: empty if Insights were turned off, None if they were never on."""
    logging: bool = False
    started: float | None = None
    stopped: float | None = None
    created: float = 0.0
    """When CreateTrail made it. An earlier trail of the same name may have been deleted."""
    busy: bool = False
    """True if another change to it never ends, so writes get a conflict."""

    def seen_in(self, region: str) -> bool:
        """True if DescribeTrails of that Region shows it: at home, and elsewhere if it is multi-Region."""
        return self.multi_region or self.region == region


class LogFile(msgspec.Struct, frozen=True):
    """A delivered file, as digests list it. Times are epoch seconds."""

    bucket: str
    key: str
    hash: str
    """SHA-256 of its uncompressed text, in hexadecimal."""
    at: float
    """When it was delivered."""
    oldest: int | None
    newest: int | None
    """The newest time of its events, or None if it has none."""


class DeliveryStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How deliveries of one trail in one Region went. Times are epoch seconds."""

    delivery_attempt: float | None = None
    delivery_time: float | None = None
    delivery_error: str | None = None
    notification_attempt: float | None = None
    notification_time: float | None = None
    notification_error: str | None = None
    logs_time: float | None = None
    logs_error: str | None = None
    digest_time: float | None = None
    digest_error: str | None = None
    digest_since: float | None = None
    """Digests are delivered up to this time. At first, when log file validation was first on."""
    undigested: tuple[LogFile, ...] = ()
    """Delivered log files that are in no digest yet."""
    last_digest: LogFile | None = None
    delivered_row: int = 0
    """Everything due up to this history row is in the bucket."""
    logged_row: int = 0
    """Everything due up to this history row is in the log group."""


class LoggingPeriod(msgspec.Struct, frozen=True):
    """A half-open period in which a trail was logging: `region` "*" if it is multi-Region, `until` None if it goes on.

    Events have whole seconds. The seconds of StartLogging and StopLogging belong to it, and so do those calls.
    """

    region: str
    home: str
    name: str
    since: float
    until: float | None


_SCHEMA = """
CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trail(
    account TEXT NOT NULL, region TEXT NOT NULL, name TEXT NOT NULL, settings TEXT NOT NULL,
    PRIMARY KEY(account, region, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS trail_status(
    account TEXT NOT NULL, home TEXT NOT NULL, name TEXT NOT NULL, region TEXT NOT NULL, status TEXT NOT NULL,
    PRIMARY KEY(account, home, name, region)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stretch(
    account TEXT NOT NULL, home TEXT NOT NULL, name TEXT NOT NULL, region TEXT NOT NULL,
    since REAL NOT NULL, until REAL);
CREATE INDEX IF NOT EXISTS stretch_of_account ON stretch(account, region);
"""


class TrailStore:
    """Trails of all accounts in `state.db`. Every method is short and commits before it returns.

    WAL with synchronous=NORMAL: a commit survives the death of the process (kill -9). A crash of the machine can lose
    the last commits, but never damages the file.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the tables in `path`. Raises StoreError."""
        # Loaded records may be real. SQLite's other files take their mode from this one.
        path.touch(mode=0o600)
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
            self._db.execute(f"PRAGMA page_size={PAGE_BYTES}")
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise StoreError("State cannot be opened", f"{path}: {error}.", "Choose another --data folder.") from error

    def check(self) -> None:
        """Read everything once. Raises ValueError or sqlite3.Error if something cannot be read."""
        for *key, settings in self._db.execute("SELECT account, region, name, settings FROM trail"):
            trail = msgspec.json.decode(settings, type=TrailRecord)
            if [trail.account, trail.region, trail.name] != key:
                raise ValueError("a trail stands under another's name")
        for (status,) in self._db.execute("SELECT status FROM trail_status"):
            msgspec.json.decode(status, type=DeliveryStatus)
        for row in self._db.execute("SELECT region, home, name, since, until FROM stretch"):
            stretch = msgspec.convert(row, type=tuple[str, str, str, float, float | None])
            if not all(math.isfinite(moment or 0.0) for moment in stretch[3:]):
                raise ValueError("a trail logged without a beginning or an end")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A transaction: all changes inside it, or none."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def meta(self, key: str) -> str | None:
        """The text kept under a key, or None if there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def remember(self, key: str, value: str) -> None:
        """Keep a text under a key."""
        self._db.execute(
            "INSERT INTO meta(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def forget(self, key: str) -> None:
        """Drop the text kept under a key, if any."""
        self._db.execute("DELETE FROM meta WHERE key = ?", (key,))

    def trails(self, account: str) -> list[TrailRecord]:
        """All trails of an account, by home Region and name."""
        rows = self._db.execute("SELECT settings FROM trail WHERE account = ? ORDER BY region, name", (account,))
        return [msgspec.json.decode(row[0], type=TrailRecord) for row in rows]

    def trail(self, account: str, region: str, name: str) -> TrailRecord | None:
        """The trail of that home Region and name, or None."""
        row = self._db.execute(
            "SELECT settings FROM trail WHERE account = ? AND region = ? AND name = ?", (account, region, name)
        ).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=TrailRecord)

    def put(self, trail: TrailRecord, now: float) -> None:
        """Keep a trail as it is now. If logging or its Regions changed, start or end its stretch."""
        with self.transaction():
            self._write(trail)
            self._follow(trail, now)

    def delete(self, trail: TrailRecord, now: float) -> None:
        """Delete a trail and its status. The times in which it was logging stay."""
        key = (trail.account, trail.region, trail.name)
        with self.transaction():
            self._end_stretch(trail, now)
            self._db.execute("DELETE FROM trail WHERE account = ? AND region = ? AND name = ?", key)
            self._db.execute("DELETE FROM trail_status WHERE account = ? AND home = ? AND name = ?", key)

    def status(self, trail: TrailRecord, region: str) -> DeliveryStatus:
        """How deliveries in one Region went; an empty status if there were none."""
        row = self._db.execute(
            "SELECT status FROM trail_status WHERE account = ? AND home = ? AND name = ? AND region = ?",
            (trail.account, trail.region, trail.name, region),
        ).fetchone()
        return DeliveryStatus() if row is None else msgspec.json.decode(row[0], type=DeliveryStatus)

    def set_status(self, trail: TrailRecord, region: str, status: DeliveryStatus) -> None:
        """Keep how deliveries in one Region went."""
        self._db.execute(
            "INSERT INTO trail_status(account, home, name, region, status) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT(account, home, name, region) DO UPDATE SET status = excluded.status",
            (trail.account, trail.region, trail.name, region, msgspec.json.encode(status).decode()),
        )

    def stretches(self, account: str, region: str, *, multi_region: bool) -> tuple[LoggingPeriod, ...]:
        """When trails were logging a Region's calls. `multi_region`: multi-Region trails of other Regions count."""
        regions = (region, "*") if multi_region else (region, region)
        rows = self._db.execute(
            "SELECT region, home, name, since, until FROM stretch"
            " WHERE account = ? AND (region = ? OR region = ? OR home = ?)",
            (account, *regions, region),
        )
        return tuple(LoggingPeriod(*row) for row in rows)

    def seed(self, mark: str, trails: Iterable[TrailRecord], now: float) -> None:
        """Make trails with their past, once: a store that has `mark` stays as it is."""
        if self.meta(mark) is not None:
            return
        with self.transaction():
            for trail in trails:
                self._write(trail)
                if trail.started is not None:
                    self._begin_stretch(trail, trail.started, trail.stopped)
            self.remember(mark, str(now))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _write(self, trail: TrailRecord) -> None:
        self._db.execute(
            "INSERT INTO trail(account, region, name, settings) VALUES (?, ?, ?, ?)"
            " ON CONFLICT(account, region, name) DO UPDATE SET settings = excluded.settings",
            (trail.account, trail.region, trail.name, msgspec.json.encode(trail).decode()),
        )

    def _begin_stretch(self, trail: TrailRecord, since: float, until: float | None = None) -> None:
        self._db.execute(
            "INSERT INTO stretch(account, home, name, region, since, until) VALUES (?, ?, ?, ?, ?, ?)",
            (trail.account, trail.region, trail.name, _reach(trail), since, until),
        )

    def _follow(self, trail: TrailRecord, now: float) -> None:
        row = self._db.execute(
            "SELECT region FROM stretch WHERE account = ? AND home = ? AND name = ? AND until IS NULL",
            (trail.account, trail.region, trail.name),
        ).fetchone()
        wanted = _reach(trail) if trail.logging else None
        if (row and row[0]) == wanted:
            return
        self._end_stretch(trail, now)
        if wanted is not None:
            self._begin_stretch(trail, math.floor(now))

    def _end_stretch(self, trail: TrailRecord, now: float) -> None:
        self._db.execute(
            "UPDATE stretch SET until = ? WHERE account = ? AND home = ? AND name = ? AND until IS NULL",
            (math.floor(now) + 1, trail.account, trail.region, trail.name),
        )


def _reach(trail: TrailRecord) -> str:
    return "*" if trail.multi_region else trail.region
