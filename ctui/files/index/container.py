"""The file of an index, open: what readers in any thread need of it, and the connection of the one who writes."""

import os
import sqlite3
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Final, TypeVar

import numpy as np
import zstandard
from numpy.typing import NDArray

from ctui.errors import FilesError
from ctui.files.index import tables
from ctui.files.index.index_lock import IndexLock
from ctui.files.index.tables import IndexedFile, SegmentEntry, Untrusted
from ctui.files.segment import Segment
from ctui.files.walking import absolute
from ctui.store.opening import damage
from ctui.store.opening.files import make_private
from ctui.store.opening.temp_store import TempFolder

T = TypeVar("T")

TEMPORARY_NAME: Final = "files.db"
"""The file of an index in a private temporary folder."""
GONE_PART: Final = "gone"
"""The part of a segment that says which of its rows are no longer those of a file."""
_READ_BUSY_SECONDS: Final = 5.0
_WRITE_BUSY_SECONDS: Final = 10.0
_KEPT: Final = 24 << 20
"""Bytes of parts that were read and are kept. All parts of a segment of real events are five megabytes, and what most
lines need of it is one and a half: this is enough for a million rows, whose resources alone are more than forty."""
_FILES_KEPT: Final = 4096
_FILES_READ: Final = 32
"""Ids of files that are read together: as a rule those around one are asked for next, and one takes a quarter of the
time of all of them."""


class Container:
    """An open index. Its methods may be called from any thread, also after `close`: then they raise FilesError."""

    def __init__(self, root: bytes, path: Path, use: IndexLock | None, temporary: TempFolder | None = None) -> None:
        """`root`: the real path of the tree; `use`: the lock that says that the index is in use."""
        self.root = root
        self.path = path
        self.temporary = temporary
        """The private folder of an index that is removed at the end."""
        self._use = use
        self._free: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._closed = False
        self._version = 0
        """Counts `refresh`: what was read before it is not kept after it."""
        self._entries: list[SegmentEntry] | None = None
        self._segments: OrderedDict[int, Segment] = OrderedDict()
        self._sizes: dict[int, int] = {}
        """Bytes of what was read of each of them."""
        self._size = 0
        self._alive: dict[tuple[int, int], NDArray[np.bool_]] = {}
        self._files: OrderedDict[int, IndexedFile | None] = OrderedDict()

    def segments(self) -> list[SegmentEntry]:
        """All segments, newest first. Raises FilesError."""
        entries, version = self._entries, self._version
        if entries is None:
            entries = self.read(tables.segments)
            self._keep(version, lambda: setattr(self, "_entries", entries))
        return entries

    def segment(self, number: int) -> Segment:
        """A segment; its parts are read when they are needed. Raises nothing, but its methods raise FilesError."""
        with self._lock:
            segment = self._segments.get(number)
            if segment is None:
                segment = self._segments[number] = Segment(
                    number, lambda name: self._part(number, name), lambda name: self._part(number, name, keep=False)
                )
                self._sizes[number] = 0
            else:
                self._segments.move_to_end(number)
        return segment

    def alive(self, entry: SegmentEntry) -> NDArray[np.bool_] | None:
        """Which rows of a segment are still those of a file; None for all. Raises FilesError."""
        if not entry.gone:
            return None
        key, version = (entry.number, entry.gone), self._version
        alive = self._alive.get(key)
        if alive is None:
            alive = unpacked_rows(self._part(entry.number, GONE_PART), entry.rows)
            kept = alive
            self._keep(version, lambda: self._alive.__setitem__(key, kept))
        return alive

    @property
    def latest(self) -> int:
        """The number of the segment that was written last; 0 if there is none. Raises FilesError."""
        return max((entry.number for entry in self.segments()), default=0)

    def file(self, number: int) -> IndexedFile | None:
        """The log file with an id, as it is in the index; None if there is none. Raises FilesError."""
        version = self._version
        with self._lock:
            if number in self._files:
                self._files.move_to_end(number)
                return self._files[number]
        first = number - number % _FILES_READ
        read = self.read(lambda connection: tables.files_from(connection, first, _FILES_READ))
        found: dict[int, IndexedFile | None] = {number: None, **{one.id: one for one in read}}
        self._keep(version, lambda: self._files.update(found))
        with self._lock:
            while len(self._files) > _FILES_KEPT:
                self._files.popitem(last=False)
        return found[number]

    def absolute(self, path: bytes) -> bytes:
        """The absolute path of a log file (`IndexedFile.path`)."""
        return absolute(self.root, path)

    def refresh(self) -> None:
        """Forget what another thread or process may have changed: which segments there are, and of which files."""
        with self._lock:
            self._version += 1
            self._entries = None
            self._alive.clear()
            self._files.clear()

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The result of `work` with a connection that reads. Raises FilesError."""
        try:
            with self._connection() as connection:
                return work(connection)
        except (Untrusted, sqlite3.Error) as error:
            raise self.failure(error) from error

    def writer(self) -> sqlite3.Connection:
        """A connection that writes; who asks closes it. Raises sqlite3.Error."""
        return connect(self.path)

    def failure(self, error: Untrusted | sqlite3.Error) -> FilesError:
        """What to say of an error of the index. A damaged one is made again at the next start."""
        if isinstance(error, Untrusted) or tables.is_damage(error):
            self._mark()
            return FilesError(
                "Index damaged",
                f"The index of {os.fsdecode(self.root)} is damaged. The log files are not affected.",
                "Start ctui again: the index is then made again.",
            )
        return FilesError(
            "Index of log files",
            f"The index of {os.fsdecode(self.root)} cannot be used: {error}.",
            f"Make sure that {self.path.parent} has free disk space, and start ctui again.",
        )

    def move(self) -> None:
        """Copy the index into a private temporary folder, and go on there: its own disk is full. Segments keep their
        numbers. No one writes meanwhile. Raises OSError and sqlite3.Error."""
        folder = TempFolder()
        try:
            path = folder.folder / TEMPORARY_NAME
            make_private(path)
            copy = connect(path)
            try:
                with self._connection() as connection:
                    connection.backup(copy)
                copy.execute("PRAGMA journal_mode = WAL")
            finally:
                copy.close()
        except BaseException:
            folder.remove()
            raise
        with self._lock:
            self.path, self.temporary = path, folder
            free, self._free = self._free, []
        for connection in free:
            connection.close()

    def close(self) -> None:
        """Close it. A read that runs ends first, in its own thread."""
        with self._lock:
            self._closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()
        if self._use is not None:
            self._use.release()
        if self.temporary is not None:
            self.temporary.remove()

    def _keep(self, version: int, keep: Callable[[], None]) -> None:
        with self._lock:
            if version == self._version:
                keep()

    def _part(self, number: int, name: str, *, keep: bool = True) -> bytes:
        try:
            data = self.read(lambda connection: tables.part(connection, number, name))
        except KeyError as error:
            raise self.failure(Untrusted(f"has no part {name}")) from error
        with self._lock:
            # Who still uses a segment that is left out here keeps it meanwhile.
            if keep and number in self._sizes:
                size = zstandard.frame_content_size(data)
                self._sizes[number] += size
                self._size += size
            while self._size > _KEPT and len(self._segments) > 1:
                oldest, _ = self._segments.popitem(last=False)
                self._size -= self._sizes.pop(oldest)
        return data

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            if self._closed:
                raise FilesError("Log files", f"{os.fsdecode(self.root)} is no longer open.")
            free, path = self._free.pop() if self._free else None, self.path
        connection = free or connect_reader(path)
        try:
            yield connection
        finally:
            with self._lock:
                keep = not self._closed and path == self.path
                if keep:
                    self._free.append(connection)
            if not keep:
                connection.close()

    def _mark(self) -> None:
        try:
            damage.mark(self.path, self.path.stat().st_ino)
        except OSError:
            # It is only the next start that would know sooner.
            return


def connect(path: Path) -> sqlite3.Connection:
    """A connection that writes. Raises sqlite3.Error."""
    connection = sqlite3.connect(path, timeout=_WRITE_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    # A kill loses nothing that was committed, and an index that lost its last pages in a power cut is made again.
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that reads. Raises sqlite3.Error."""
    return sqlite3.connect(
        f"{path.as_uri()}?mode=ro",
        uri=True,
        timeout=_READ_BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


def packed_rows(alive: NDArray[np.bool_]) -> bytes:
    """The part GONE_PART for rows."""
    return zstandard.compress(np.packbits(alive).tobytes())


def unpacked_rows(data: bytes, rows: int) -> NDArray[np.bool_]:
    """What `packed_rows` was given."""
    bits: NDArray[Any] = np.unpackbits(np.frombuffer(zstandard.decompress(data), np.uint8), count=rows)
    return bits.astype(np.bool_)
