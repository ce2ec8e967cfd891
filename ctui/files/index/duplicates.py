"""Finds rows whose event another segment has already: files that were copied twice, deliveries that overlap."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ctui.files.index.tables import SegmentEntry
from ctui.files.segment import Segment

_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_KEPT: Final = 24
"""Segments whose keys are kept, one megabyte each. Those that are indexed one after another are near in time."""


class Known:
    """The events of an index, by the digest of their IDs and their seconds."""

    def __init__(self, segment: Callable[[int], Segment], alive: "Callable[[SegmentEntry], NDArray[np.bool_] | None]"):
        """`segment` and `alive` as in `Container`."""
        self._segment = segment
        self._alive = alive
        self._sorted: OrderedDict[SegmentEntry, tuple[NDArray[np.uint64], NDArray[np.int64]]] = OrderedDict()

    def new_rows(self, rows: Segment, entries: Iterable[SegmentEntry]) -> NDArray[np.bool_]:
        """Which of these rows are in none of the segments, nor twice among themselves."""
        seconds, ids = rows.seconds, rows.ids
        keys = _keys(ids, seconds)
        new = np.zeros(len(keys), np.bool_)
        new[np.unique(keys, return_index=True)[1]] = True
        for entry in entries:
            if entry.newest < seconds[-1] or entry.oldest > seconds[0]:
                continue
            # Rows are sorted by time, newest first.
            first = int(np.searchsorted(-seconds, -entry.newest, side="left"))
            last = int(np.searchsorted(-seconds, -entry.oldest, side="right"))
            known_keys, known_seconds = self._keys_of(entry)
            if first == last or not len(known_keys):
                continue
            asked = keys[first:last]
            at = np.searchsorted(known_keys, asked)
            at[at == len(known_keys)] = 0
            # Keys are mixed of both, so that equal keys of the same second are of the same digest.
            new[first:last] &= (known_keys[at] != asked) | (known_seconds[at] != seconds[first:last])
        return new

    def forget(self) -> None:
        """Forget what was read: numbers of segments that were not kept are given to others."""
        self._sorted.clear()

    def _keys_of(self, entry: SegmentEntry) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        found = self._sorted.pop(entry, None)
        if found is None:
            segment, alive = self._segment(entry.number), self._alive(entry)
            ids, seconds = segment.ids, segment.seconds
            if alive is not None:
                ids, seconds = ids[alive], seconds[alive]
            keys = _keys(ids, seconds)
            order = np.argsort(keys)
            found = keys[order], seconds[order]
            if len(self._sorted) >= _KEPT:
                self._sorted.popitem(last=False)
        self._sorted[entry] = found
        return found


def _keys(ids: NDArray[np.uint64], seconds: NDArray[np.int64]) -> NDArray[np.uint64]:
    return ids ^ (seconds.astype(np.uint64) * _MIX)
