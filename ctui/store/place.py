"""Where a store lives: private files and folders, a passing home for one run, and what earlier runs left behind."""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSING_PREFIX = "ctui-store-"
"""Private temporary folders begin with this; the next run knows its dead siblings by it."""
PASSING_NAME = "events.db"
_LOCK = "lock"
_UNLOCKED_GRACE = 60.0
"""Seconds after which a passing folder without a lock file is taken for abandoned: one is made within milliseconds."""
_HEADER = b"SQLite format 3\x00"
SIDE_FILES = ("-wal", "-shm")
"""What SQLite keeps beside a file in WAL mode."""


class PassingHome:
    """A private folder of this process alone, locked for as long as it lives: the kernel frees it when we die."""

    def __init__(self) -> None:
        while True:
            self.folder = Path(tempfile.mkdtemp(prefix=PASSING_PREFIX))
            self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            # Another run may sweep between the two lines above; then the file we hold is gone, and we begin anew.
            if _try_lock(self._lock) and os.fstat(self._lock).st_nlink:
                return
            os.close(self._lock)

    @property
    def path(self) -> Path:
        """The file for the store."""
        return self.folder / PASSING_NAME

    def remove(self) -> None:
        """Delete the folder with all that is in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def sweep_passing() -> int:
    """Remove the passing folders of our own user whose process is dead; returns how many there were."""
    swept = 0
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{PASSING_PREFIX}*")):
        try:
            swept += _sweep(folder)
        except OSError:
            # Another run sweeps the same folder, or it is none of ours: either way it is no concern of this one.
            continue
    return swept


def _sweep(folder: Path) -> bool:
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        return False
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        if time.time() - about.st_mtime < _UNLOCKED_GRACE:
            return False
        folder.rmdir()
        return True
    try:
        if not _try_lock(lock):
            return False
        shutil.rmtree(folder)
        return True
    finally:
        os.close(lock)


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def make_private(path: Path) -> None:
    """See that the file exists with mode 0600, in a folder which, where it is new, has 0700. Raises OSError."""
    for folder in reversed([parent for parent in path.parents if not parent.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def may_be_sqlite(path: Path) -> bool:
    """True for an empty file and for one with SQLite's header; SQLite itself would write over a short stranger."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) in (b"", _HEADER)


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """One process at a time judges, migrates or sets aside a store; waits for its turn. Blocks: not for the loop."""
    descriptor = os.open(f"{path}-lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def set_aside(path: Path, why: str) -> Path:
    """Rename a store, with what stands beside it, to the first free `NAME.WHY-N.SUFFIX`; returns the new path."""
    number = 1
    while (target := path.with_name(f"{path.stem}.{why}-{number}{path.suffix}")).exists():
        number += 1
    for side in ("", *SIDE_FILES):
        source = Path(f"{path}{side}")
        if source.exists():
            source.rename(f"{target}{side}")
    return target
