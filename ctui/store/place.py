"""Where a store lives: private files and folders, the turn to open one, and setting one aside."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_HEADER = b"SQLite format 3\x00"
SIDE_FILES = ("-wal", "-shm")
"""What SQLite keeps beside a file in WAL mode."""


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
