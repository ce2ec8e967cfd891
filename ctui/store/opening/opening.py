"""Opens the file of a store: classifies it, then migrates it or sets it aside. It is never deleted."""

import os
import sqlite3
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

from ctui.errors import StoreError
from ctui.store.index.connections import Keeping
from ctui.store.opening import damage, files, schema
from ctui.store.opening.foreign_file import may_be_sqlite, refuse_foreign_file
from ctui.store.opening.open_lock import hold_open_lock
from ctui.store.opening.presence import Presence, Writer
from ctui.store.opening.progress import Progress
from ctui.store.opening.schema import FileKind
from ctui.store.opening.signs import APPLICATION_ID, FIRST_WITH_INDEX
from ctui.store.opening.temp_store import TempFolder, remove_abandoned
from ctui.store.pruning import LOG_BYTES

_PATIENCE = 10.0
"""Seconds to wait for another process that opens the store, or that writes to it when tables have to be created."""
_WRITE_BUSY_SECONDS = 0.25
"""Short, because `StoreFile` repeats the write."""
_SEARCH_BUSY_SECONDS = 30.0
_READ_BUSY_SECONDS = 0.25
"""In WAL mode a reader does not wait for writers, only briefly while the log is restarted."""
_SEARCH_CACHE_KIB = 4_096
"""Cache of the searcher: pages of the index that a line reads with every key; what is not in it comes from the system's
cache. With 16 MB, lines over 889,000 rows took the same CPU."""
_WRITE_CACHE_KIB = 8_192
"""Cache of the writer: a page of 1,000 events changes 4 MB of the indexes' pages. With SQLite's 2 MB they were written
to the log before the end of the transaction, and some of them again."""
_STEPS_BETWEEN_CHECKS = 100_000
"""Steps of SQLite between two checks whether opening was cancelled."""
_DAMAGED = "is damaged"


@dataclass(frozen=True, slots=True)
class Opened:
    """Connections to one file."""

    path: Path
    presence: Presence
    """Which files they have open: other files may replace them at the same path."""
    writer: Writer
    reader: sqlite3.Connection
    """For the event loop: its queries have to be fast."""
    searcher: sqlite3.Connection
    """For a thread that searches; its queries may be slow."""
    temp_folder: TempFolder | None
    """The private folder to remove at the end, or None if the store is not a temporary one."""
    notice: StoreError | None
    """What to show the user once, if anything: a file was set aside, or others could replace it."""
    displaced: Path | None = None
    """For a temporary store that replaced another one while ctui ran: the path of that one."""

    def close(self) -> None:
        """Close the connections and remove a temporary store."""
        self.reader.close()
        self.searcher.close()
        self.writer.close()
        if self.temp_folder is not None:
            self.temp_folder.remove()


def open_files(
    path: Path | None,
    *,
    own: bool = False,
    cancelled: Event | None = None,
    patience: float = _PATIENCE,
    progress: Progress = lambda done, total: None,
) -> Opened:
    """Open the store at `path`, or a temporary one if it is None. Blocks; raises StoreError.

    `own`: ctui chose the path, not the user. `cancelled`: once set, waiting ends with an error. `progress`
    hears how far an older store is converted.

    A file of a newer ctui or a damaged one is renamed, with a notice. If another ctui has it open, it is left alone and
    this run uses a temporary store. A file that was never ours is refused and not changed.
    """
    remove_abandoned()
    if path is None:
        return _open_temporary(None)
    # SQLite keeps the log next to the target of a link.
    path, cancelled = Path(os.path.realpath(path)), cancelled or Event()
    try:
        refuse_foreign_file(path, own=own)
        files.make_private(path, own=own)
        with hold_open_lock(path, cancelled, patience):
            # A copy that is there was left by a process that died: only the holder of the lock makes one.
            Path(f"{path}{files.COPY}").unlink(missing_ok=True)
            opened = _open_or_set_aside(path, cancelled, progress)
        if opened.notice is None and not own and files.others_may_replace(path.parent):
            return replace(opened, notice=_replaceable(path.parent))
        return opened
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            "Event store",
            f"{path} cannot be opened: {error}.",
            "Choose another file with --store PATH, or run with --no-store.",
        ) from error


def _open_or_set_aside(path: Path, cancelled: Event, progress: Progress) -> Opened:
    kind, problem = _classify(path, cancelled)
    if kind is FileKind.FOREIGN:
        raise StoreError(
            "Event store", f"{path} is a database of another program.", "Choose another file with --store PATH."
        )
    if kind is FileKind.USABLE:
        try:
            if (version := schema.old_version(path)) is not None:
                if files.is_in_use(path):
                    return _open_temporary(_older_in_use(path))
                if version < FIRST_WITH_INDEX and (failed := _convert(path, cancelled, progress)):
                    return _open_temporary(failed)
            return open_connections(path, cancelled)
        except sqlite3.DatabaseError as error:
            if not damage.is_damage(error):
                raise
            kind, problem = FileKind.BROKEN, f"{_DAMAGED} ({error})"
    if files.is_in_use(path) or (kind is FileKind.NEWER and not _is_only_user(path)):
        return _open_temporary(_in_use(path, kind))
    aside = files.set_aside(path, kind)
    damage.unmark(path)
    files.make_private(path)
    opened = open_connections(path, cancelled)
    return replace(
        opened,
        notice=StoreError(
            "Event store set aside",
            f"{path} {problem}; it is kept as {aside.name}, and a new store was created.",
            "Nothing in it was changed.",
        ),
    )


def _convert(path: Path, cancelled: Event, progress: Progress) -> StoreError | None:
    """Convert an older store; returns a notice if that failed, with the file as it was. Raises sqlite3.Error if the
    file is damaged, and StoreError if it is cancelled."""
    from ctui.store.opening.rebuild import rebuild  # noqa: PLC0415 - a store is converted once

    try:
        rebuild(path, cancelled, progress)
    except (OSError, sqlite3.Error) as error:
        if isinstance(error, sqlite3.Error) and damage.is_damage(error):
            raise
        return _not_converted(path, error)
    return None


def _classify(path: Path, cancelled: Event) -> tuple[FileKind, str]:
    """The kind of the file, and in words what makes it unusable. Only reads, so that its log is left alone."""
    if files.has_log_alone(path):
        return FileKind.BROKEN, "is empty, and only its log has events"
    if damage.is_marked(path):
        return FileKind.BROKEN, "was found damaged while it was in use"
    if not may_be_sqlite(path):
        return FileKind.BROKEN, _DAMAGED
    # An unfinished first transaction is rolled back by a connection that may write.
    unfinished = files.size_of(Path(f"{path}-journal")) > 0
    connection = _connect(path, cancelled) if unfinished else connect_reader(path, _PATIENCE)
    try:
        connection.set_progress_handler(cancelled.is_set, _STEPS_BETWEEN_CHECKS)
        kind = schema.classify(connection)
        indexed = schema.has_index(connection)
        if kind is FileKind.USABLE and not damage.is_sound(connection, indexed=indexed):
            kind = FileKind.BROKEN
    except sqlite3.DatabaseError as error:
        if not damage.is_damage(error):
            raise
        return FileKind.BROKEN, f"{_DAMAGED} ({error})"
    finally:
        connection.close()
    return kind, "was written by a newer ctui" if kind is FileKind.NEWER else _DAMAGED


def _in_use(path: Path, kind: FileKind) -> StoreError:
    if kind is FileKind.NEWER:
        return StoreError(
            "Event store in use",
            f"A newer ctui has {path} open, and this one cannot read its format.",
            "This run uses a temporary store. Update ctui, or choose another file with --store PATH.",
        )
    return StoreError(
        "Event store in use",
        f"{path} is damaged, and another ctui has it open.",
        "This run uses a temporary store. Once every other ctui is closed, the next start sets the file aside.",
    )


def _older_in_use(path: Path) -> StoreError:
    return StoreError(
        "Event store in use",
        f"An older ctui has {path} open, and this one has to convert it.",
        "This run uses a temporary store. Once every other ctui is closed, the next start converts it.",
    )


def _not_converted(path: Path, error: Exception) -> StoreError:
    needed = max(1, round(files.size_of(path) / 1_000_000))
    return StoreError(
        "Event store not converted",
        f"{path} was written by an older ctui and could not be converted: {error}. Nothing in it was changed.",
        f"This run uses a temporary store. Make sure that {path.parent} has {needed:,} MB of free disk space and that "
        "no other program has the file open; the next start converts it.",
    )


def _replaceable(folder: Path) -> StoreError:
    return StoreError(
        "Event store",
        f"Other users can write to {folder}, and could replace the events stored there.",
        "Choose a file in a folder of your own with --store PATH, or run chmod go-w on that one.",
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
            f"A temporary store cannot be created: {error}.",
            "Free some disk space, or set TMPDIR to a writable folder.",
        ) from error


def _connect(path: Path, cancelled: Event) -> Writer:
    # Created in this thread and used in the writer's, never at the same time.
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False, factory=Writer)
    connection.set_progress_handler(cancelled.is_set, _STEPS_BETWEEN_CHECKS)
    return connection


def open_connections(path: Path, cancelled: Event) -> Opened:
    """Connect to a file that is empty or ours, and migrate it. Raises OSError, sqlite3.Error and StoreError."""
    with ExitStack() as failing:
        writer = _connect(path, cancelled)
        failing.callback(writer.close)
        # A kill loses nothing that was committed. A power cut may lose the last pages; they are looked up again.
        writer.execute("PRAGMA synchronous = NORMAL")
        if files.size_of(path) == 0:
            # It lets pruning return pages to the disk, and has no effect once there are tables.
            writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
            # It is written to the file itself, while everything after it may be in the log only.
            writer.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        mode = writer.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise StoreError(
                "Event store",
                f"{path} is on a file system without shared memory, which write-ahead logging needs.",
                "Choose a file on a local disk with --store PATH, or run with --no-store.",
            )
        # A log that grew in one large transaction shrinks when it is next restarted.
        writer.execute(f"PRAGMA journal_size_limit = {LOG_BYTES}")
        (page_bytes,) = writer.execute("PRAGMA page_size").fetchone()
        writer.execute(f"PRAGMA wal_autocheckpoint = {LOG_BYTES // page_bytes}")
        writer.execute(f"PRAGMA cache_size = {-_WRITE_CACHE_KIB}")
        writer.execute("PRAGMA foreign_keys = ON")
        schema.migrate(writer)
        searcher = connect_reader(path, _SEARCH_BUSY_SECONDS)
        failing.callback(searcher.close)
        searcher.execute(f"PRAGMA cache_size = {-_SEARCH_CACHE_KIB}")
        reader = connect_reader(path, _READ_BUSY_SECONDS)
        failing.callback(reader.close)
        for connection in (searcher, reader):
            # The first read attaches to the log, which is slow: do it here, not on the loop.
            connection.execute("SELECT count(*) FROM scope").fetchone()
        writer.set_progress_handler(None, 0)
        writer.execute(f"PRAGMA busy_timeout = {int(_WRITE_BUSY_SECONDS * 1000)}")
        writer.presence = Presence.of(path)
        opened = Opened(path, writer.presence, writer, reader, searcher, None, None)
        failing.pop_all()
        return opened


def connect_reader(path: Path, patience: float) -> sqlite3.Connection:
    """A connection that only reads, and waits `patience` seconds for a lock. Raises sqlite3.Error."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode=ro",
        uri=True,
        timeout=patience,
        isolation_level=None,
        check_same_thread=False,
        factory=Keeping,
    )


def _is_only_user(path: Path) -> bool:
    """True if no other process has the file open; then its log has been copied into it."""
    writer = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        return str(writer.execute("PRAGMA journal_mode = DELETE").fetchone()[0]) == "delete"
    except sqlite3.OperationalError:
        return False
    finally:
        writer.close()
