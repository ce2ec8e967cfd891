"""Files of a store: private modes, the files next to it, and setting a store aside."""

import fcntl
import grp
import os
import pwd
import stat
from pathlib import Path

LOG = "-wal"
LOCK = "-lock"
COPY = "-restoring"
"""Suffix of a copy of the store while it is being written."""
SIDE_FILES = (LOG, "-shm", "-journal")
"""Files that SQLite may keep next to a store. They move with it, or SQLite would apply them to the next file there."""
_SHARED_FIRST, _SHARED_SIZE = 0x40000002, 510
"""A process locks one of these bytes for reading while it has a database in WAL mode open
(https://www.sqlite.org/src/file/src/os.h, SHARED_FIRST)."""


def make_private(path: Path, *, own: bool = False) -> None:
    """Create the file if needed, and make it and the files next to it readable by us alone: 0600, a new folder 0700.

    `own`: the folder is ctui's own, and is made 0700 even if it exists. Raises OSError.
    """
    make_folder(path)
    if own and stat.S_IMODE(path.parent.stat().st_mode) != 0o700:
        path.parent.chmod(0o700)
    descriptor = _private(path, os.O_CREAT)
    owner = os.fstat(descriptor).st_uid
    os.close(descriptor)
    for side in (*SIDE_FILES, LOCK):
        side_file = Path(f"{path}{side}")
        try:
            descriptor = _private(side_file)
        except FileNotFoundError:
            continue
        about = os.fstat(descriptor)
        os.close(descriptor)
        # The owner of a log can write to it whatever its mode, and SQLite trusts it.
        if about.st_uid not in (os.getuid(), owner):
            raise PermissionError(f"{side_file} belongs to another user")


def make_folder(path: Path) -> None:
    """Create the folder of a file if needed, with mode 0700. Raises OSError."""
    for folder in reversed([parent for parent in path.parents if not parent.exists()]):
        folder.mkdir(mode=0o700, exist_ok=True)


def _private(path: Path, flags: int = 0) -> int:
    """A descriptor of a file with mode 0600."""
    descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | flags, 0o600)
    try:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) != 0o600:
            os.fchmod(descriptor, 0o600)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def others_may_replace(folder: Path) -> bool:
    """True if another user could replace one of our files there. Raises OSError."""
    about = folder.stat()
    if about.st_uid not in (0, os.getuid()):
        return True
    # In a sticky folder, such as /tmp, only the owner of a file may rename or remove it.
    if about.st_mode & stat.S_ISVTX:
        return False
    by_group = about.st_mode & stat.S_IWGRP and not _is_private_group(about.st_gid)
    return bool(about.st_mode & stat.S_IWOTH or by_group)


def _is_private_group(group: int) -> bool:
    """True for a user's own group, which by convention has the user's name."""
    try:
        return grp.getgrgid(group).gr_name == pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return False


def has_log_alone(path: Path) -> bool:
    """True if there is a log, but its file is empty or missing: SQLite would delete the log."""
    return size_of(path) == 0 and size_of(Path(f"{path}{LOG}")) > 0


def size_of(path: Path) -> int:
    """Bytes in a file; 0 if it does not exist."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def is_in_use(path: Path) -> bool:
    """True if another process has the store open, even a damaged one. This process must not. Raises OSError.

    A file in use must not be renamed: the last process to close it deletes the log at the old path, by then another's.
    """
    descriptor = os.open(path, os.O_RDWR)
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, _SHARED_SIZE, _SHARED_FIRST)
    except (BlockingIOError, PermissionError):
        return True
    finally:
        os.close(descriptor)
    return False


def set_aside(path: Path, why: str) -> Path:
    """Rename a store and the files next to it to the first free `NAME.WHY-N.SUFFIX`; returns the new path."""
    sides, number = ("", *SIDE_FILES), 1
    while any(Path(f"{_aside(path, why, number)}{side}").exists() for side in sides):
        number += 1
    target = _aside(path, why, number)
    for side in sides:
        source = Path(f"{path}{side}")
        if source.exists():
            source.rename(f"{target}{side}")
    return target


def _aside(path: Path, why: str, number: int) -> Path:
    return path.with_name(f"{path.stem}.{why}-{number}{path.suffix}")


def is_at(descriptor: int, path: str | Path) -> bool:
    """True if an open file is the one at this path: a lock on a file that was removed locks nothing. Raises OSError."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False


def try_lock(descriptor: int) -> bool:
    """Take an exclusive lock without waiting; False if another process has it. The kernel releases it when we die.
    Raises OSError."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
