"""A home for one run alone: a private temporary folder, and the removal of those that dead processes left."""

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from ctui.store.opening.files import try_lock

TEMP_PREFIX = "ctui-store-"
"""Private temporary folders begin with this; the next run knows its dead siblings by it."""
TEMP_NAME = "events.db"
_LOCK = "lock"
_UNLOCKED_GRACE = 60.0
"""Seconds after which a passing folder without a lock file is taken for abandoned: one is made within milliseconds."""


class TempFolder:
    """A private folder of this process alone, locked for as long as it lives: the kernel frees it when we die."""

    def __init__(self) -> None:
        while True:
            self.folder = Path(tempfile.mkdtemp(prefix=TEMP_PREFIX))
            self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            # Another run may sweep between the two lines above; then the file we hold is gone, and we begin anew.
            if try_lock(self._lock) and os.fstat(self._lock).st_nlink:
                return
            os.close(self._lock)

    @property
    def path(self) -> Path:
        """The file for the store."""
        return self.folder / TEMP_NAME

    def remove(self) -> None:
        """Delete the folder with all that is in it; not one that has come to stand there since ours was taken away."""
        if _is_named(self._lock, self.folder / _LOCK):
            shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def _is_named(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        return False


def remove_abandoned() -> int:
    """Remove the passing folders of our own user whose process is dead; returns how many there were."""
    swept = 0
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{TEMP_PREFIX}*")):
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
        if not try_lock(lock):
            return False
        shutil.rmtree(folder)
        return True
    finally:
        os.close(lock)
