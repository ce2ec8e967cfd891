"""Opening the store's file: judged, migrated or set aside, and never deleted."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from ctui.errors import StoreError
from ctui.store import place, schema
from ctui.store.passing import PassingHome, sweep_passing

_BUSY_SECONDS = 30.0
_READ_BUSY_SECONDS = 0.25
"""A reader never waits for a writer under WAL; only for the moments in which the log is rewound."""
_SEARCH_CACHE_KIB = 65_536
"""What the searcher may keep of the file: a filter line looks at the same 20,000 rows (40 MB) with every key. Measured:
19 ms instead of 33 for a word that none of them holds."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Connections to one file."""

    path: Path
    writer: sqlite3.Connection
    reader: sqlite3.Connection
    """For the event loop: what it reads must take no time to find."""
    searcher: sqlite3.Connection
    """For a thread that searches, however long that takes."""
    passing: PassingHome | None
    """The private folder to remove at the end, where the store is for this run alone."""
    notice: StoreError | None
    """Something a person should be told once: a file was set aside."""

    def shut(self) -> None:
        """Close both connections and remove a passing store."""
        self.reader.close()
        self.searcher.close()
        self.writer.close()
        if self.passing is not None:
            self.passing.remove()


def open_files(path: Path | None) -> Opened:
    """Open the store at `path`, or one for this run alone where it is None. Blocks; raises StoreError.

    A file of a newer ctui or a broken one is set aside under a new name, with a notice. Where the newer ctui is still
    running its file stays where it is, and this run keeps its events in a passing store.
    """
    sweep_passing()
    if path is None:
        return _passing(None)
    try:
        place.make_private(path)
        with place.opening(path):
            return _settled(path)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            "Event store",
            f"{path} cannot be opened: {error}.",
            "Name another file with --store PATH, or run with --no-store.",
        ) from error


def _settled(path: Path) -> Opened:
    notice = None
    writer = _connect(path)
    try:
        verdict = schema.judge(writer) if place.may_be_sqlite(path) else schema.Verdict.BROKEN
        if verdict is schema.Verdict.FOREIGN:
            raise StoreError(
                "Event store", f"{path} is a database of another program.", "Name another file with --store PATH."
            )
        if verdict is schema.Verdict.NEWER and not _nobody_else(writer):
            writer.close()
            return _passing(
                StoreError(
                    "Event store in use",
                    f"A newer ctui has {path} open, and this one cannot read its format.",
                    "This run keeps its events to itself; update ctui, or name another file with --store PATH.",
                )
            )
        if verdict in (schema.Verdict.NEWER, schema.Verdict.BROKEN):
            writer.close()
            aside = place.set_aside(path, verdict)
            said = "was written by a newer ctui" if verdict is schema.Verdict.NEWER else "is damaged"
            notice = StoreError(
                "Event store set aside",
                f"{path} {said}; it is kept as {aside.name}, and a new store was begun.",
                "Nothing in it was changed.",
            )
            place.make_private(path)
            writer = _connect(path)
        return _ready(path, writer, None, notice)
    except BaseException:
        writer.close()
        raise


def _passing(notice: StoreError | None) -> Opened:
    home = None
    try:
        home = PassingHome()
        place.make_private(home.path)
        return _ready(home.path, _connect(home.path), home, notice)
    except (OSError, sqlite3.Error) as error:
        if home is not None:
            home.remove()
        raise StoreError(
            "Event store",
            f"No temporary store can be made: {error}.",
            "Free some space, or point TMPDIR at a folder that can be written.",
        ) from error


def _connect(path: Path) -> sqlite3.Connection:
    # Made here, used in the writer's thread: only one of them at a time.
    return sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)


def _ready(path: Path, writer: sqlite3.Connection, passing: PassingHome | None, notice: StoreError | None) -> Opened:
    # Only a file without tables takes this up: later it lets pruning give pages back.
    writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
    mode = writer.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise StoreError(
            "Event store",
            f"{path} lies on a file system without shared memory, which write-ahead logging needs.",
            "Name a file on a local disk with --store PATH, or run with --no-store.",
        )
    # A kill loses nothing that was committed; a power cut may lose the last pages, which are then asked again.
    writer.execute("PRAGMA synchronous = NORMAL")
    writer.execute("PRAGMA foreign_keys = ON")
    schema.migrate(writer)
    searcher = _reading(path, _BUSY_SECONDS)
    searcher.execute(f"PRAGMA cache_size = {-_SEARCH_CACHE_KIB}")
    return Opened(path, writer, _reading(path, _READ_BUSY_SECONDS), searcher, passing, notice)


def _reading(path: Path, patience: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
    )
    # Reading once now attaches it to the log here, not on the loop.
    connection.execute("SELECT count(*) FROM scope").fetchone()
    return connection


def _nobody_else(writer: sqlite3.Connection) -> bool:
    """True where no other process has the file open; its log is then folded into it."""
    try:
        writer.execute("PRAGMA busy_timeout = 0")
        return str(writer.execute("PRAGMA journal_mode = DELETE").fetchone()[0]) == "delete"
    except sqlite3.OperationalError:
        return False
