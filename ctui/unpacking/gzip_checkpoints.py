"""A gzip file that is inflated from a checkpoint on: from a copy of the inflater as it was there.

zlib's inflater can be copied, that of isal cannot. A copy takes 40 KB, its window of the text, and 24 µs.
"""

import io
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from ctui.unpacking.gzip_stream import GzipStream

if TYPE_CHECKING:
    from zlib import _Decompress

_PORTION: Final = 16 << 10
"""Compressed bytes that are read at once: a copy holds those that are left."""


class Checkpoint(NamedTuple):
    """Where a file can be inflated from."""

    offset: int
    """Inflated bytes before it."""
    position: int
    """Bytes of the file before those that come next."""
    started: bool
    """True within a stream."""
    begins: int
    """Where in the file that stream begins."""
    given: int
    """Inflated bytes of that stream before it."""
    inflater: "_Decompress"
    """It is copied again for each use, so any thread may use it."""


class ResumableGzip(GzipStream):
    """The inflated bytes of a file from a checkpoint on."""

    def __init__(self, file: io.BufferedIOBase, at: Checkpoint | None) -> None:
        """`at`: None for the beginning."""
        super().__init__(file, (zlib.decompressobj, zlib.error), _PORTION)
        self.offset = 0
        """Inflated bytes before those that come next."""
        file.seek(0 if at is None else at.position)
        if at is not None:
            self.offset, self._started, self._stream = at.offset, at.started, at.inflater.copy()
            self._begins, self._given = at.begins, at.given

    def inflate(self, most: int) -> bytes:
        """As GzipStream.inflate."""
        data = super().inflate(most)
        self.offset += len(data)
        return data

    def checkpoint(self) -> Checkpoint | None:
        """Where it is now; None behind damage."""
        if self._damage is not None:
            return None
        position = self._file.tell() - len(self._waiting)
        inflater = cast("_Decompress", self._stream).copy()
        return Checkpoint(self.offset, position, self._started, self._begins, self._given, inflater)
