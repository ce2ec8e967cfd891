"""One data folder, one emulator: a lock that ends with the process, however it ends."""

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
    """Hold the folder. Raises SettingsError where another emulator holds it."""
    with open_private(folder / LOCK, "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                "Data folder in use", f"another emulator uses {folder}.", "Stop it, or choose another --data folder."
            ) from None
        yield


def sweep(parent: Path, prefix: str, sign: str) -> None:
    """Remove the folders of emulators that were killed: those of this user, so named, that nobody holds.

    They may hold somebody's real records. `sign` is a file that is made when the folder is held: one without it may be
    about to be.
    """
    for folder in parent.glob(f"{prefix}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid() or not (folder / sign).is_file():
                continue
            with (folder / LOCK).open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            # Held, or gone meanwhile.
            continue
