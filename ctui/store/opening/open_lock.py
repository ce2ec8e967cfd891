"""The lock for opening a store: one process at a time classifies it, migrates it or sets it aside."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from ctui.errors import StoreError
from ctui.store.opening.files import LOCK, is_at, try_lock

_WORD = b"ctui"
"""The lock file of a store begins with this, followed by the process ID of its holder."""
_POLL_SECONDS = 0.05
"""Seconds between two attempts to take a lock that another process holds."""


@contextmanager
def hold_open_lock(path: Path, cancelled: Event, patience: float) -> Iterator[None]:
    """Hold the lock for opening the store at `path`, whose folder exists. Blocks: never call it on the loop.

    Raises StoreError if another process holds it for `patience` seconds, or if `cancelled` is set, and OSError.
    """
    until = time.monotonic() + patience
    while True:
        descriptor = os.open(f"{path}{LOCK}", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
        try:
            while not try_lock(descriptor):
                if cancelled.wait(min(_POLL_SECONDS, max(0.0, until - time.monotonic()))):
                    raise StoreError("Event store", f"Opening {path} was canceled.")
                if time.monotonic() >= until:
                    raise _held(path, descriptor, patience)
            # The next process opens the file at this path: a lock on a file that was removed locks nothing.
            if is_at(descriptor, f"{path}{LOCK}"):
                os.ftruncate(descriptor, os.pwrite(descriptor, b"%s %d\n" % (_WORD, os.getpid()), 0))
                yield
                return
        finally:
            os.close(descriptor)


def was_opened_before(path: Path) -> bool:
    """True if a store was ever opened at `path`: its lock file is never removed. Raises OSError."""
    try:
        descriptor = os.open(f"{path}{LOCK}", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return False
    try:
        return os.pread(descriptor, len(_WORD), 0) == _WORD
    finally:
        os.close(descriptor)


def _held(path: Path, descriptor: int, patience: float) -> StoreError:
    word, _, holder = os.pread(descriptor, 40, 0).strip().partition(b" ")
    who = f"process {int(holder)}" if word == _WORD and holder.isdigit() else "another process"
    return StoreError(
        "Event store",
        f"{path} cannot be opened: {who} has been opening it for more than {patience:.0f} seconds.",
        "It may be migrating a large file, or be suspended. Wait for it or end it, then try again.",
    )
