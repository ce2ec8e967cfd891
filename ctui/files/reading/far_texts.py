"""Parts of the texts of large log files, without reading all that stands before them.

What is not compressed is read at its place. A gzip file is inflated from the nearest checkpoint on, and such are made
on the way: for each STEP of a text, and for half as many, again and again, of one that would need more than MOST.
"""

import codecs
import json
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from io import BufferedReader
from operator import attrgetter
from typing import Final, NamedTuple

from ctui.unpacking.gzip_checkpoints import Checkpoint, ResumableGzip
from ctui.unpacking.gzip_stream import MAGIC

STEP: Final = 4 << 20
"""Inflated bytes from one checkpoint to the next: 20 ms of CPU."""
MOST: Final = 128
"""Checkpoints of all files, of 40 to 56 KB each."""
_BEFORE: Final = 512 << 10
"""Bytes before a part that are kept with it: the records there are often read next."""
_MOST_KEPT: Final = 4 << 20
"""Bytes of a window that is kept."""
_AT_ONCE: Final = 1 << 20
_HEAD: Final = 1 << 10

Key = tuple[int, int, int]
"""The id of a log file with its size and the time of its last change."""


class TooFar(Exception):
    """So much has to be inflated that it takes long."""


class _Window(NamedTuple):
    key: Key
    offset: int
    data: bytes
    end: Checkpoint | None
    """Where it ends, to go on from there."""


class _Large:
    """What is known of one file."""

    def __init__(self, opened: BufferedReader, step: int) -> None:
        """`opened` at its beginning."""
        self.is_gzip = opened.peek(len(MAGIC)).startswith(MAGIC)
        first = ResumableGzip(opened, None).inflate(_HEAD) if self.is_gzip else opened.read(_HEAD)
        self.is_utf8 = json.detect_encoding(first).startswith("utf-8")
        self.before = len(codecs.BOM_UTF8) if first.startswith(codecs.BOM_UTF8) else 0
        """Bytes before those that places count from."""
        self.step = step
        self.checkpoints: list[Checkpoint] = []

    def nearest(self, offset: int) -> Checkpoint | None:
        """The last checkpoint that is not behind this; None for the beginning."""
        index = bisect_right(self.checkpoints, offset, key=attrgetter("offset"))
        return self.checkpoints[index - 1] if index else None

    def lacks(self, offset: int) -> bool:
        """True if there should be a checkpoint here."""
        nearest = self.nearest(offset)
        return offset - (0 if nearest is None else nearest.offset) >= self.step


class FarTexts:
    """Reads parts of large log files. Used from any thread."""

    def __init__(self, stopped: Callable[[], bool], step: int = STEP, most: int = MOST, before: int = _BEFORE) -> None:
        """Once `stopped`, parts end early. `before`: bytes before a part that are kept with it."""
        self.inflated = 0
        """Bytes that were inflated so far."""
        self._stopped = stopped
        self._limits = (step, most, before)
        self._files: OrderedDict[Key, _Large] = OrderedDict()
        self._window: _Window | None = None
        self._lock = threading.Lock()

    def forget(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._files.clear()
            self._window = None

    def read(self, key: Key, opened: BufferedReader, start: int, end: int, most: int | None) -> bytes | None:
        """A part of the text of a file, which is open at its beginning; what there is of one that ends before `end`.

        None if the text is in an encoding that has no such places. Raises TooFar if more than `most` bytes have to be
        inflated, and OSError and DamagedGzip.
        """
        large = self._large(key, opened)
        if not large.is_utf8:
            return None
        start, end = start + large.before, end + large.before
        if not large.is_gzip:
            opened.seek(start)
            return opened.read(end - start)
        with self._lock:
            nearest, window = large.nearest(start), self._window
        if window is not None and window.key == key:
            if window.offset <= start and end <= window.offset + len(window.data):
                return window.data[start - window.offset : end - window.offset]
            if window.end is not None and (nearest.offset if nearest else 0) <= window.end.offset <= start:
                nearest = window.end
        if most is not None and end - (nearest.offset if nearest else 0) > most:
            raise TooFar
        return self._inflated(key, large, ResumableGzip(opened, nearest), start, end)

    def _large(self, key: Key, opened: BufferedReader) -> _Large:
        with self._lock:
            large = self._files.get(key)
        if large is None:
            large = _Large(opened, self._limits[0])
        with self._lock:
            large = self._files.setdefault(key, large)
            self._files.move_to_end(key)
        return large

    def _inflated(self, key: Key, large: _Large, stream: ResumableGzip, start: int, end: int) -> bytes:
        held, offset, before = bytearray(), stream.offset, self._limits[2]
        while stream.offset < end and not self._stopped() and (data := stream.inflate(_AT_ONCE)):
            self.inflated += len(data)
            held += data
            if (unneeded := min(start - before - offset, len(held))) > _AT_ONCE:
                del held[:unneeded]
                offset += unneeded
            with self._lock:
                if large.lacks(stream.offset) and (checkpoint := stream.checkpoint()) is not None:
                    self._add(large, checkpoint)
        if len(held) <= _MOST_KEPT and stream.offset >= end:
            self._window = _Window(key, offset, bytes(held), stream.checkpoint())
        return bytes(held[max(start - offset, 0) : max(end - offset, 0)])

    def _add(self, large: _Large, checkpoint: Checkpoint) -> None:
        index = bisect_right(large.checkpoints, checkpoint.offset, key=attrgetter("offset"))
        large.checkpoints.insert(index, checkpoint)
        while sum(len(one.checkpoints) for one in self._files.values()) > self._limits[1]:
            oldest = next(iter(self._files))
            if self._files[oldest] is not large:
                del self._files[oldest]
                continue
            large.step *= 2
            del large.checkpoints[::2]
