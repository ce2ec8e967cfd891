"""Files of the data folder, which only their owner may read, and which are no links."""

import errno
import logging
import os
from pathlib import Path
from typing import BinaryIO, Literal

_LOG = logging.getLogger(__name__)


def open_private(path: Path, mode: Literal["wb", "ab"]) -> BinaryIO:
    """Open a file for writing that only its owner may read: it may contain real events. Raises OSError."""
    refuse_link(path)
    return open(path, mode, opener=lambda name, flags: os.open(name, flags | os.O_NOFOLLOW, 0o600))


def refuse_link(path: Path) -> None:
    """Raises PermissionError, and logs it, if a file or folder is a symbolic link.

    What the emulator writes stays in its data folder, and it reads no state from elsewhere.
    """
    if path.is_symlink():
        _LOG.warning("%s is a symbolic link, which is not followed", path)
        raise PermissionError(errno.EACCES, "a symbolic link, which is not followed", str(path))
