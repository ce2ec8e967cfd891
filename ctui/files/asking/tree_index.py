"""What is asked of the index of a tree: its segments, and the log files that their rows stand in."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ctui.files.segment import Segment


class SegmentRange(Protocol):
    """A segment at a glance."""

    @property
    def number(self) -> int:
        """Its number, never used again."""

    @property
    def rows(self) -> int:
        """How many rows it has."""

    @property
    def newest(self) -> int:
        """The epoch second of its first row."""

    @property
    def oldest(self) -> int:
        """The epoch second of its last row."""


class IndexedFile(Protocol):
    """A log file as it was when it was indexed."""

    @property
    def path(self) -> bytes:
        """Below the tree, as the system has it (`os.fsencode`); empty for a tree that is one file."""

    @property
    def member(self) -> str:
        """The name in an archive; "" for a file of its own."""

    @property
    def size(self) -> int:
        """Bytes of the file, or of the archive."""

    @property
    def mtime_ns(self) -> int:
        """When that was changed last."""

    @property
    def inflated(self) -> int:
        """Bytes of its text; 0 if that was not read to the end."""

    @property
    def plain(self) -> int:
        """1 if the places of its rows are bytes of its text; 0 if they are ordinals."""

    @property
    def region(self) -> str:
        """The Region that its path names, or ""."""


class TreeIndex(Protocol):
    """The index of one tree. Used from several threads at once. All raise FilesError."""

    def segments(self) -> Sequence[SegmentRange]:
        """All segments as they are now, the one with the newest row first."""

    def segment(self, number: int) -> Segment:
        """The segment of a number."""

    def alive(self, entry: Any) -> NDArray[np.bool_] | None:
        """Which rows of one of `segments` are still those of a file; None for all."""

    def file(self, number: int) -> IndexedFile | None:
        """The log file of an id; None if there is none."""

    def absolute(self, path: bytes) -> bytes:
        """The absolute path of a log file (`IndexedFile.path`)."""
