"""Checks before each write that the open store is still the file at its path.

A file that was removed or moved can still be written through the open connection, but is lost when that closes. The
same goes for the log next to it and the index of the log: without them a process that opens the file now sees another
state than we do, and neither waits for the locks of the other.
"""

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ctui.store.index.connections import Keeping
from ctui.store.opening.files import LOG

_SIDES = (LOG, "-shm")


class PathState(StrEnum):
    """What is at the path of the open store."""

    HERE = "here"
    GONE = "gone"
    """Nothing, or at most the files next to the store."""
    NO_LOG = "no log"
    """The store, but its log or the index of the log is missing."""
    TAKEN = "taken"
    """Another file: instead of the store, or of a file next to it."""


class Displaced(Exception):
    """The open store is no longer the file at its path, so nothing was written. It is not raised outside the store."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Device and inode of the store's files when it was opened."""

    path: Path
    files: tuple[tuple[int, int] | None, ...]
    """The store, its log and the index of its log."""

    @classmethod
    def of(cls, path: Path) -> "Presence":
        """The files as they are now. Raises OSError."""
        return cls(path, tuple(_identity(Path(f"{path}{side}")) for side in ("", *_SIDES)))

    @property
    def inode(self) -> int:
        """The inode of the store itself."""
        file = self.files[0]
        assert file is not None, "it has been opened"
        return file[1]

    def path_state(self) -> PathState:
        """What is at the path now. Reads three directory entries, opens no file. Raises OSError."""
        now = Presence.of(self.path).files
        if any(present not in (None, opened) for present, opened in zip(now, self.files, strict=True)):
            return PathState.TAKEN
        if now[0] is None:
            return PathState.GONE
        return PathState.HERE if now == self.files else PathState.NO_LOG

    def is_ours(self, path: Path) -> bool:
        """True if the same file is at this path. Raises OSError."""
        return _identity(path) == self.files[0]

    def forget_sides(self) -> None:
        """Unlink our own log and its index; connections that have them open keep them. Raises OSError."""
        for side, opened in zip(_SIDES, self.files[1:], strict=True):
            beside = Path(f"{self.path}{side}")
            if opened is not None and _identity(beside) == opened:
                beside.unlink()


class Writer(Keeping):
    """The writing connection of a store: it checks that the store is still at its path."""

    presence: Presence | None = None
    """None until the store is open."""

    def check(self) -> None:
        """Raise Displaced if nothing or another file is there, or if that cannot be read."""
        try:
            if self.presence is None or self.presence.path_state() is PathState.HERE:
                return
        except OSError as error:
            raise Displaced from error
        raise Displaced


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode, or None if nothing is there. A link differs from its target."""
    try:
        about = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return (about.st_dev, about.st_ino) if stat.S_ISREG(about.st_mode) else (about.st_dev, -about.st_ino)
