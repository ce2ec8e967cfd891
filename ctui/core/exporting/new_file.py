"""NewFile: a file that takes its name only once it is whole, whatever happens before."""

import contextlib
import os
import secrets
import threading
from collections.abc import Iterator

from ctui.core.exporting.destination import refused
from ctui.errors import ExportError
from ctui.model.destination import Destination

PREFIX, ENDING = ".ctui-export-", ".part"
"""Around random letters, these name the file until it is whole."""


class NewFile:
    """Written next to its place, for its owner alone. All methods may block, so call them off the loop; each raises
    ExportError, and all but `discard` do so once it has its name or was discarded."""

    def __init__(self, destination: Destination) -> None:
        self._path = destination.path
        self.temporary = self._path.with_name(f"{PREFIX}{secrets.token_hex(6)}{ENDING}")
        """Its name until it is whole."""
        self._descriptor: int | None = None
        self._over = False
        # A step that was given up may still run in its thread.
        self._turn = threading.Lock()

    def open(self) -> None:
        """Make the temporary file, which only its owner can read."""
        with self._step():
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            self._descriptor = os.open(self.temporary, flags, 0o600)

    def write(self, data: bytes) -> None:
        """Add to it."""
        with self._step():
            left = memoryview(data)
            while left:
                left = left[os.write(self._opened, left) :]

    def sync(self) -> None:
        """Return once the disk has it."""
        with self._step():
            os.fsync(self._opened)

    def take_name(self, *, replace: bool) -> None:
        """Give it its name. Unless `replace`, raises ExportError if that has been taken meanwhile."""
        with self._step():
            self._close()
            if replace:
                self.temporary.replace(self._path)
            else:
                self._take_free_name()
            self._over = True

    def _take_free_name(self) -> None:
        try:
            os.link(self.temporary, self._path)
        except FileExistsError:
            raise ExportError("Export", f"{self._path} has been made meanwhile, so nothing is written.") from None
        except OSError:
            # A file system without links. The name is taken by an empty file first, so that nothing is overwritten.
            os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
            self.temporary.replace(self._path)
        else:
            self.temporary.unlink()

    def discard(self) -> None:
        """Remove what was written, unless it has its name."""
        with self._turn:
            if not self._over:
                self._over = True
                try:
                    self._close()
                    self.temporary.unlink(missing_ok=True)
                except OSError as error:
                    raise refused(error, self.temporary) from error

    @property
    def _opened(self) -> int:
        assert self._descriptor is not None, "it is opened first"
        return self._descriptor

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    @contextlib.contextmanager
    def _step(self) -> Iterator[None]:
        with self._turn:
            if self._over:
                raise ExportError("Export", "Nothing is written any more.")
            try:
                yield
            except OSError as error:
                raise refused(error, self._path) from error
