"""Private temporary folders for stores of one run, and the removal of those that dead processes left."""

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from ctui.store.opening.files import try_lock

TEMP_PREFIX = "ctui-store-"
"""Prefix of the folders; the next run recognizes abandoned ones by it."""
TEMP_NAME = "events.db"
_LOCK = "lock"
_UNLOCKED_SECONDS = 60.0
"""Seconds after which a folder without a lock file counts as abandoned; the file is normally made in milliseconds."""


class TempFolder:
    """A private folder of this process, locked while it lives; the kernel releases the lock when it dies."""

    def __init__(self) -> None:
        while True:
            self.folder = Path(tempfile.mkdtemp(prefix=TEMP_PREFIX))
            self._lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
            # Another run may remove the folder between the two lines above: then the file is gone, and we try again.
            if try_lock(self._lock) and os.fstat(self._lock).st_nlink:
                return
            os.close(self._lock)

    @property
    def path(self) -> Path:
        """The path of the store in it."""
        return self.folder / TEMP_NAME

    def remove(self) -> None:
        """Delete the folder with its contents, unless ours was removed and another one is at its path."""
        if _is_named(self._lock, self.folder / _LOCK):
            shutil.rmtree(self.folder, ignore_errors=True)
        os.close(self._lock)


def _is_named(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
        return False


def remove_abandoned() -> int:
    """Remove this user's temporary folders whose process is dead; returns how many."""
    removed = 0
    for folder in sorted(Path(tempfile.gettempdir()).glob(f"{TEMP_PREFIX}*")):
        try:
            removed += _remove_if_abandoned(folder)
        except OSError:
            # Another run is removing it, or it is not ours.
            continue
    return removed


def _remove_if_abandoned(folder: Path) -> bool:
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
        return False
    try:
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        if time.time() - about.st_mtime < _UNLOCKED_SECONDS:
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
