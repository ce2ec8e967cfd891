"""Rows by the digest of their events' IDs: the same event of another tree, or of the API, is found by it."""

from array import array
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.portions import first_id, portions_of
from ctui.files.asking.tree_index import SegmentRange, TreeIndex
from ctui.model.lookup.interval import Stretch

_KEPT: Final = 64
"""Segments whose digests are kept in their order: a quarter of a megabyte each, or half of one."""


class Digests:
    """The digests of the rows of one tree. Used from any thread."""

    def __init__(self, index: TreeIndex, tree: int) -> None:
        """`tree`: its number."""
        self._index = index
        self._tree = tree
        self._sorted: OrderedDict[int, NDArray[np.uint16]] = OrderedDict()
        self._lock = Lock()

    def of_rows(self, ids: Sequence[int]) -> "array[int]":
        """The digest of each of these rows; 0 for a row that is not here. Raises FilesError."""
        digests = np.zeros(len(ids), np.uint64)
        rows = {entry.number: entry.rows for entry in self._index.segments()}
        for number, places, indexes in portions_of(ids):
            here = places < rows.get(number, 0)
            if here.any():
                digests[indexes[here]] = self._index.segment(number).ids[places[here]]
        return array("Q", digests.tobytes())

    def rows_with(self, digests: Sequence[int], stretch: Stretch | None = None) -> dict[int, list[int]]:
        """By digest, the rows of a stretch (of all) that have it, without digests that no row has. Raises
        FilesError."""
        wanted = np.unique(np.array(digests, np.uint64))
        found: dict[int, list[int]] = {}
        for entry in self._index.segments() if len(wanted) else ():
            if stretch is None or (entry.oldest < stretch.end and entry.newest >= stretch.start):
                for place, digest in self._rows_in(entry, wanted, stretch):
                    found.setdefault(digest, []).append(first_id(self._tree, entry.number) + place)
        return found

    def _rows_in(
        self, entry: SegmentRange, wanted: NDArray[np.uint64], stretch: Stretch | None
    ) -> Iterator[tuple[int, int]]:
        segment, alive = self._index.segment(entry.number), self._index.alive(entry)
        order = self._order(entry.number, segment.ids)
        ids = segment.ids[order]
        begins, ends = np.searchsorted(ids, wanted, "left"), np.searchsorted(ids, wanted, "right")
        for at in np.flatnonzero(ends > begins).tolist():
            for place in order[begins[at] : ends[at]].tolist():
                in_stretch = stretch is None or stretch.start <= int(segment.seconds[place]) < stretch.end
                if in_stretch and (alive is None or alive[place]):
                    yield place, int(wanted[at])

    def _order(self, number: int, ids: NDArray[np.uint64]) -> NDArray[np.uint16]:
        with self._lock:
            if (order := self._sorted.get(number)) is not None:
                self._sorted.move_to_end(number)
                return order
        order = np.argsort(ids).astype(np.uint16)
        with self._lock:
            self._sorted[number] = order
            if len(self._sorted) > _KEPT:
                self._sorted.popitem(last=False)
        return order
