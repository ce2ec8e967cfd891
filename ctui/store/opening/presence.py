"""Whether the store that is open is still the one that stands under its name: looked at before each write.

A file that was removed or moved away goes on being written through the open connection, and is gone with it. Beside
it stand a log and an index of the log: without them whoever opens the file now sees another state than we do, and
neither of us waits for the other's locks.
"""

import os
import sqlite3
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ctui.store.opening.files import LOG

_SIDES = (LOG, "-shm")


class PathState(StrEnum):
    """What stands where the open store should stand."""

    HERE = "here"
    GONE = "gone"
    """Nothing, or nothing but what lies beside the store."""
    NO_LOG = "no log"
    """The store, but not all that is being written beside it."""
    TAKEN = "taken"
    """Something else: in the place of the store, or of what lies beside it."""


class Displaced(Exception):
    """The open store is no longer the one under its name, so nothing was written. Stays inside the store."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Device and inode of what stood under each name when the store was opened."""

    path: Path
    files: tuple[tuple[int, int] | None, ...]
    """The store, its log and the index of its log."""

    @classmethod
    def of(cls, path: Path) -> "Presence":
        """As things stand now. Raises OSError."""
        return cls(path, tuple(_identity(Path(f"{path}{side}")) for side in ("", *_SIDES)))

    @property
    def inode(self) -> int:
        """Of the store itself."""
        file = self.files[0]
        assert file is not None, "it has been opened"
        return file[1]

    def path_state(self) -> PathState:
        """What stands there now: three looks at names, no file is opened. Raises OSError."""
        now = Presence.of(self.path).files
        if any(found not in (None, opened) for found, opened in zip(now, self.files, strict=True)):
            return PathState.TAKEN
        if now[0] is None:
            return PathState.GONE
        return PathState.HERE if now == self.files else PathState.NO_LOG

    def is_ours(self, path: Path) -> bool:
        """True where the same file stands under the name. Raises OSError."""
        return _identity(path) == self.files[0]

    def forget_sides(self) -> None:
        """Take away the names of our own log and its index: who has them open goes on with them. Raises OSError."""
        for side, opened in zip(_SIDES, self.files[1:], strict=True):
            beside = Path(f"{self.path}{side}")
            if opened is not None and _identity(beside) == opened:
                beside.unlink()


class Writer(sqlite3.Connection):
    """A store's writing connection: it looks whether the store still stands under its name."""

    presence: Presence | None = None
    """None until the store is open."""

    def check(self) -> None:
        """Raise Displaced where something else, or nothing, stands there, or that cannot be seen."""
        try:
            if self.presence is None or self.presence.path_state() is PathState.HERE:
                return
        except OSError as error:
            raise Displaced from error
        raise Displaced


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode; None where there is nothing. A link is another file than that to which it leads."""
    try:
        about = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return (about.st_dev, about.st_ino) if stat.S_ISREG(about.st_mode) else (about.st_dev, -about.st_ino)
