"""Which indexes there are in the cache folder, how large they are, and removing them. The log files are not touched."""

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ctui.errors import FilesError
from ctui.files.index import tables
from ctui.files.index.container import connect_reader
from ctui.files.index.opening_index import ENDING, INDEXING, OPENING, USING, index_path, lock_of, remove_index
from ctui.store.opening.files import SIDE_FILES, size_of


class StoredIndex(NamedTuple):
    """An index in the cache folder."""

    path: Path
    """Its file."""
    tree: bytes | None
    """The real path of its tree; None if it cannot be read."""
    size: int
    """Bytes on the disk."""
    events: int
    used: float
    """When it was written last, in epoch seconds."""

    @property
    def is_of_nothing(self) -> bool:
        """True if it cannot be used any more: its tree is not there, or it is damaged or of another version."""
        return self.tree is None or not os.path.exists(self.tree)  # noqa: PTH110 - names are bytes


def indexes(folder: Path) -> list[StoredIndex]:
    """The indexes in a folder, the one that was written last first. Raises FilesError."""
    try:
        found = [_about(path) for path in folder.glob(f"*{ENDING}")] if folder.is_dir() else []
    except OSError as error:
        raise FilesError("Indexes of log files", f"{folder} cannot be read: {error}.") from error
    return sorted(found, key=lambda index: (-index.used, index.path))


def forget(tree: bytes, folder: Path) -> StoredIndex | None:
    """Remove the index of a tree, by its path; returns what was removed, or None if there was none.

    Raises FilesError if it is in use, or cannot be removed.
    """
    path = index_path(os.path.realpath(tree), folder)
    return forget_all([_about(path)])[0] if path.exists() else None


def forget_all(stored: Iterable[StoredIndex]) -> list[StoredIndex]:
    """Remove these indexes; returns them. Raises FilesError for the first one that is in use or cannot be removed."""
    removed = []
    for index in stored:
        try:
            _remove(index)
        except OSError as error:
            raise FilesError("Indexes of log files", f"{index.path} cannot be removed: {error}.") from error
        removed.append(index)
    return removed


def _about(path: Path) -> StoredIndex:
    size = sum(size_of(Path(f"{path}{side}")) for side in ("", *SIDE_FILES))
    tree, events = None, 0
    try:
        connection = connect_reader(path)
        try:
            tree = tables.tree_of(connection)
            events = sum(entry.rows - entry.gone for entry in tables.segments(connection))
        finally:
            connection.close()
    except (tables.Untrusted, sqlite3.Error):
        # It is listed all the same: it takes room.
        tree = None
    return StoredIndex(path, tree, size, events, path.stat().st_mtime)


def _remove(index: StoredIndex) -> None:
    opening, use = lock_of(index.path, OPENING), lock_of(index.path, USING)
    try:
        if not (opening.take() and use.take()):
            raise FilesError(
                "Index in use",
                f"Another ctui has the index of {os.fsdecode(index.tree or b'its tree')} open.",
                "Close it, then try again.",
            )
        remove_index(index.path)
        for suffix in (INDEXING, USING, OPENING):
            Path(f"{index.path}{suffix}").unlink(missing_ok=True)
    finally:
        use.release()
        opening.release()
