"""Opening the store's file: judged, migrated or set aside, and never deleted."""

import os
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from ctui.errors import StoreError
from ctui.store.opening import damage, files, schema
from ctui.store.opening.foreign_file import may_be_sqlite, refuse_foreign_file
from ctui.store.opening.open_lock import hold_open_lock
from ctui.store.opening.presence import Presence, Writer
from ctui.store.opening.schema import FileKind
from ctui.store.opening.temp_store import TempFolder, remove_abandoned
from ctui.store.pruning import LOG_BYTES

_PATIENCE = 10.0
"""Seconds to wait for another process that opens the store, or writes to it while its tables must be made."""
_WRITE_BUSY_SECONDS = 0.25
"""The writer tries again as long as it makes sense."""
_SEARCH_BUSY_SECONDS = 30.0
_READ_BUSY_SECONDS = 0.25
"""A reader never waits for a writer under WAL; only for the moments in which the log is rewound."""
_SEARCH_CACHE_KIB = 65_536
"""What the searcher may keep of the file: a filter line looks at the same 20,000 rows (40 MB) with every key. Measured:
19 ms instead of 33 for a word that none of them holds."""
_STEPS_BETWEEN_CHECKS = 100_000
"""Steps of SQLite's between two looks whether somebody still waits for the store."""
_DAMAGED = "is damaged"


@dataclass(frozen=True, slots=True)
class Opened:
    """Connections to one file."""

    path: Path
    presence: Presence
    """What they have open: another file may take its place under the same name."""
    writer: Writer
    reader: sqlite3.Connection
    """For the event loop: what it reads must take no time to find."""
    searcher: sqlite3.Connection
    """For a thread that searches, however long that takes."""
    temp_folder: TempFolder | None
    """The private folder to remove at the end, where the store is for this run alone."""
    notice: StoreError | None
    """Something a person should be told once: a file was set aside, or others could replace it."""
    displaced: Path | None = None
    """Where the store stood in whose stead a passing one goes on."""

    def close(self) -> None:
        """Close the connections and remove a passing store."""
        self.reader.close()
        self.searcher.close()
        self.writer.close()
        if self.temp_folder is not None:
            self.temp_folder.remove()


def open_files(
    path: Path | None, *, own: bool = False, cancelled: Event | None = None, patience: float = _PATIENCE
) -> Opened:
    """Open the store at `path`, or one for this run alone where it is None. Blocks; raises StoreError.

    `own`: the path is ctui's own choice. `cancelled`: once set, waiting ends with an error. A file of a newer ctui or a
    damaged one is set aside under a new name, with a notice. Where another ctui has it open it stays where it is, and
    this run keeps its events in a passing store. What was never ours is refused, and not touched.
    """
    remove_abandoned()
    if path is None:
        return _open_temporary(None)
    # SQLite keeps the log beside the file that a link leads to.
    path, cancelled = Path(os.path.realpath(path)), cancelled or Event()
    try:
        refuse_foreign_file(path, own=own)
        files.make_private(path, own=own)
        with hold_open_lock(path, cancelled, patience):
            # A copy that was being made when its maker died: there is one turn.
            Path(f"{path}{files.COPY}").unlink(missing_ok=True)
            opened = _open_or_set_aside(path, cancelled)
        if opened.notice is None and not own and files.others_may_replace(path.parent):
            return replace(opened, notice=_replaceable(path.parent))
        return opened
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            "Event store",
            f"{path} cannot be opened: {error}.",
            "Name another file with --store PATH, or run with --no-store.",
        ) from error


def _open_or_set_aside(path: Path, cancelled: Event) -> Opened:
    verdict, said = _classify(path, cancelled)
    if verdict is FileKind.FOREIGN:
        raise StoreError(
            "Event store", f"{path} is a database of another program.", "Name another file with --store PATH."
        )
    if verdict is FileKind.USABLE:
        try:
            return open_connections(path, cancelled)
        except sqlite3.DatabaseError as error:
            if not damage.is_damage(error):
                raise
            verdict, said = FileKind.BROKEN, f"{_DAMAGED} ({error})"
    if files.is_in_use(path) or (verdict is FileKind.NEWER and not _is_only_user(path)):
        return _open_temporary(_in_use(path, verdict))
    aside = files.set_aside(path, verdict)
    damage.unmark(path)
    files.make_private(path)
    opened = open_connections(path, cancelled)
    return replace(
        opened,
        notice=StoreError(
            "Event store set aside",
            f"{path} {said}; it is kept as {aside.name}, and a new store was created.",
            "Nothing in it was changed.",
        ),
    )


def _classify(path: Path, cancelled: Event) -> tuple[FileKind, str]:
    """What the file is, and in words what makes it unusable. Only read, so that its log stays as it is."""
    if files.has_log_alone(path):
        return FileKind.BROKEN, "is empty, and only the log beside it holds events"
    if damage.is_marked(path):
        return FileKind.BROKEN, "was found damaged while it was in use"
    if not may_be_sqlite(path):
        return FileKind.BROKEN, _DAMAGED
    # What a first second left unfinished is rolled back by who may write.
    unfinished = files.size_of(Path(f"{path}-journal")) > 0
    connection = _connect(path, cancelled) if unfinished else connect_reader(path, _PATIENCE)
    try:
        connection.set_progress_handler(cancelled.is_set, _STEPS_BETWEEN_CHECKS)
        verdict = schema.classify(connection)
        current = schema.is_current(connection)
        if verdict is FileKind.USABLE and not damage.is_sound(connection, current=current):
            verdict = FileKind.BROKEN
    except sqlite3.DatabaseError as error:
        if not damage.is_damage(error):
            raise
        return FileKind.BROKEN, f"{_DAMAGED} ({error})"
    finally:
        connection.close()
    return verdict, "was written by a newer ctui" if verdict is FileKind.NEWER else _DAMAGED


def _in_use(path: Path, verdict: FileKind) -> StoreError:
    if verdict is FileKind.NEWER:
        return StoreError(
            "Event store in use",
            f"A newer ctui has {path} open, and this one cannot read its format.",
            "This run keeps its events to itself; update ctui, or name another file with --store PATH.",
        )
    return StoreError(
        "Event store in use",
        f"{path} is damaged, and another ctui has it open.",
        "This run keeps its events to itself; once all others have ended, the next start sets the file aside.",
    )


def _replaceable(folder: Path) -> StoreError:
    return StoreError(
        "Event store",
        f"Others may write to {folder}, and could put another file in the place of the events kept there.",
        "Name a file in a folder of your own with --store PATH, or take that right away: chmod go-w.",
    )


def _open_temporary(notice: StoreError | None) -> Opened:
    folder = None
    try:
        folder = TempFolder()
        files.make_private(folder.path)
        return replace(open_connections(folder.path, Event()), temp_folder=folder, notice=notice)
    except (OSError, sqlite3.Error) as error:
        if folder is not None:
            folder.remove()
        raise StoreError(
            "Event store",
            f"No temporary store can be made: {error}.",
            "Free some space, or point TMPDIR at a folder that can be written.",
        ) from error


def _connect(path: Path, cancelled: Event) -> Writer:
    # Made here, used in the writer's thread: only one of them at a time.
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False, factory=Writer)
    connection.set_progress_handler(cancelled.is_set, _STEPS_BETWEEN_CHECKS)
    return connection


def open_connections(path: Path, cancelled: Event) -> Opened:
    """Connections to a file that is empty or of ours, migrated. Raises OSError, sqlite3.Error and StoreError."""
    with ExitStack() as failing:
        writer = _connect(path, cancelled)
        failing.callback(writer.close)
        # A kill loses nothing that was committed; a power cut may lose the last pages, which are then asked again.
        writer.execute("PRAGMA synchronous = NORMAL")
        if files.size_of(path) == 0:
            # A file that has tables would not take this up: it lets pruning give pages back.
            writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
            # From now on the file itself says whose it is, while all else still stands in the log.
            writer.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        mode = writer.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise StoreError(
                "Event store",
                f"{path} lies on a file system without shared memory, which write-ahead logging needs.",
                "Name a file on a local disk with --store PATH, or run with --no-store.",
            )
        # A log that one large transaction has blown up shrinks again when it is next begun anew.
        writer.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
        writer.execute("PRAGMA foreign_keys = ON")
        schema.migrate(writer)
        searcher = connect_reader(path, _SEARCH_BUSY_SECONDS)
        failing.callback(searcher.close)
        searcher.execute(f"PRAGMA cache_size = {-_SEARCH_CACHE_KIB}")
        reader = connect_reader(path, _READ_BUSY_SECONDS)
        failing.callback(reader.close)
        for connection in (searcher, reader):
            # Reading once now attaches it to the log here, not on the loop.
            connection.execute("SELECT count(*) FROM scope").fetchone()
        writer.set_progress_handler(None, 0)
        writer.execute(f"PRAGMA busy_timeout = {int(_WRITE_BUSY_SECONDS * 1000)}")
        writer.presence = Presence.of(path)
        opened = Opened(path, writer.presence, writer, reader, searcher, None, None)
        failing.pop_all()
        return opened


def connect_reader(path: Path, patience: float) -> sqlite3.Connection:
    """A connection that only reads, and waits so many seconds for a lock. Raises sqlite3.Error."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode=ro", uri=True, timeout=patience, isolation_level=None, check_same_thread=False
    )


def _is_only_user(path: Path) -> bool:
    """True where nobody else has the file open; its log is then folded into it."""
    writer = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        return str(writer.execute("PRAGMA journal_mode = DELETE").fetchone()[0]) == "delete"
    except sqlite3.OperationalError:
        return False
    finally:
        writer.close()
