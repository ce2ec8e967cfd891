"""One data folder, one emulator: a lock that ends with the process, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ctui.emulator.objects import open_private
from ctui.errors import SettingsError


@contextmanager
def sole_owner(folder: Path) -> Iterator[None]:
    """Hold the folder. Raises SettingsError where another emulator holds it."""
    with open_private(folder / "lock", "ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SettingsError(
                "Data folder in use", f"another emulator works in {folder}.", "End it, or choose another --data."
            ) from None
        yield
