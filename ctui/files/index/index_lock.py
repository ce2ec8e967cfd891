"""A lock between processes, in a file next to an index. The kernel releases it when the process dies."""

import fcntl
import os
from pathlib import Path
from threading import Event

from ctui.store.opening.files import is_at

_POLL_SECONDS = 0.05
"""Seconds between two attempts to take a lock that another process holds."""


class IndexLock:
    """A lock file. It is taken and released by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self, *, shared: bool = False) -> bool:
        """Take the lock without waiting; False if another one has it. Raises OSError."""
        assert self._descriptor is None, "it is taken once"
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
                # A lock on a file that was removed meanwhile locks nothing.
                if is_at(descriptor, self._path):
                    self._descriptor, descriptor = descriptor, -1
                    return True
            except BlockingIOError:
                return False
            finally:
                if descriptor >= 0:
                    os.close(descriptor)

    def wait(self, seconds: float, stopped: Event) -> bool:
        """Take the lock, and wait for it so long at most; False if another one still has it, or if `stopped` is set.
        Raises OSError."""
        for _ in range(int(seconds / _POLL_SECONDS)):
            if self.take():
                return True
            if stopped.wait(_POLL_SECONDS):
                return False
        return self.take()

    def share(self) -> None:
        """Let others share a lock that is taken. Raises OSError."""
        assert self._descriptor is not None, "it is taken"
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)

    def release(self) -> None:
        """Release it if it is taken."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
