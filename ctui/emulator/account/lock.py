"""One emulator per data folder: a lock that ends with the process, however it ends."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ctui.emulator.account.private_file import open_private
from ctui.errors import SettingsError

LOCK = "lock"


@contextmanager
def sole_owner(folder: Path) -> Iterator[None]:
    """Lock the folder. Raises SettingsError if another emulator has locked it."""
    with open_private(folder / LOCK, "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                "Data folder in use", f"another emulator uses {folder}.", "Stop it, or choose another --data folder."
            ) from None
        yield


def sweep(parent: Path, prefix: str, sign: str) -> None:
    """Remove the folders of killed emulators: those of this user that start with `prefix` and are not locked.

    They may contain real records. `sign` is a file that exists once the folder is locked: a folder without it may be
    a starting emulator's.
    """
    for folder in parent.glob(f"{prefix}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid() or not (folder / sign).is_file():
                continue
            with (folder / LOCK).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            # Locked, or already removed.
            continue
