"""Files of the data folder, which only their owner may read."""

import os
from pathlib import Path
from typing import BinaryIO, Literal


def open_private(path: Path, mode: Literal["wb", "ab"]) -> BinaryIO:
    """Open a file for writing that only its owner may read: it may contain real events. Raises OSError."""
    return open(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600))
