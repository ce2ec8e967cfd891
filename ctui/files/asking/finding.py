"""Finds the rows of a stretch of time, newest first, portion by portion: segments may overlap, and are merged."""

from array import array
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.masks import both
from ctui.files.asking.masks_of_texts import Mask
from ctui.files.asking.portions import first_id
from ctui.files.asking.tree_index import SegmentRange, TreeIndex
from ctui.files.segment import Segment
from ctui.model.lookup.interval import Stretch
from ctui.store.search import Key, Rows

MaskOf = Callable[[Segment], Mask]
"""Which rows of a segment are wanted."""


class _Run(NamedTuple):
    """Some rows of one segment, in the order of queries."""

    negated: NDArray[np.int64]
    """Minus the epoch second of each."""
    ids: NDArray[np.int64]

    def count_after(self, second: int) -> int:
        """How many of them are newer than a second."""
        return int(np.searchsorted(self.negated, -second, "left"))

    def first(self, count: int) -> "_Run":
        return _Run(self.negated[:count], self.ids[:count])


_NO_ROWS: Final = _Run(np.array([], np.int64), np.array([], np.int64))


class Wanted(NamedTuple):
    """Which rows are to be found."""

    of: TreeIndex
    tree: int
    """The number of the tree."""
    stretch: Stretch
    mask_of: MaskOf


def find_rows(wanted: Wanted, after: Key | None, limit: int) -> Rows:
    """The rows that are wanted, after a row; fewer than `limit` only at the end."""
    waiting = sorted(_within(wanted.of.segments(), wanted.stretch), key=lambda one: -one.newest)
    runs = list[_Run]()
    found = 0
    for one in waiting:
        if after is not None and one.oldest > after.second:
            continue
        if found >= limit and sum(run.count_after(one.newest) for run in runs) >= limit:
            # What follows is older than enough rows.
            break
        run = _run(wanted, one, after)
        if len(run.ids):
            runs.append(run.first(limit))
            found += len(runs[-1].ids)
    return _merged(runs, limit)


def find_rows_since(wanted: Wanted, since: int) -> tuple[Rows, int]:
    """The rows of segments after number `since` that are wanted, and the number of the last segment there is."""
    segments = wanted.of.segments()
    newer = (one for one in _within(segments, wanted.stretch) if one.number > since)
    runs = [_run(wanted, one, None) for one in newer]
    return _merged(runs, None), max((one.number for one in segments), default=since)


def _within(segments: Iterable[SegmentRange], stretch: Stretch) -> Iterator[SegmentRange]:
    return (one for one in segments if one.oldest < stretch.end and one.newest >= stretch.start)


def _run(wanted: Wanted, entry: SegmentRange, after: Key | None) -> _Run:
    segment, alive = wanted.of.segment(entry.number), wanted.of.alive(entry)
    mask = both(wanted.mask_of(segment), True if alive is None else alive)
    if mask is False:
        return _NO_ROWS
    negated, first = -segment.seconds, first_id(wanted.tree, segment.number)
    begin = int(np.searchsorted(negated, -wanted.stretch.end, "right"))
    end = int(np.searchsorted(negated, -wanted.stretch.start, "right"))
    if after is not None:
        begin = max(begin, _behind(negated, first, after))
    if begin >= end:
        return _NO_ROWS
    if mask is True:
        return _Run(negated[begin:end], np.arange(first + begin, first + end, dtype=np.int64))
    places = np.flatnonzero(mask[begin:end]) + begin
    return _Run(negated[places], places + first)


def _behind(negated: NDArray[np.int64], first: int, after: Key) -> int:
    """The place of the first row of a segment that comes after a row."""
    begin, end = np.searchsorted(negated, -after.second, "left"), np.searchsorted(negated, -after.second, "right")
    return int(np.clip(after.row_id - first + 1, begin, end))


def _merged(runs: list[_Run], limit: int | None) -> Rows:
    """The first rows of all runs together."""
    if limit is not None:
        runs = _cut(runs, limit)
    runs = [run for run in runs if len(run.ids)]
    if not runs:
        return Rows(array("q"), array("q"))
    if len(runs) > 1:
        # Ids ascend from run to run, so a stable sort by time leaves those of one second in their order.
        runs.sort(key=lambda run: int(run.ids[0]))
        negated, ids = np.concatenate([run.negated for run in runs]), np.concatenate([run.ids for run in runs])
        order = np.argsort(negated, kind="stable")
        runs = [_Run(negated[order], ids[order])]
    merged = runs[0] if limit is None else runs[0].first(limit)
    return Rows(array("q", merged.ids.tobytes()), array("q", merged.negated.tobytes()))


def _cut(runs: list[_Run], limit: int) -> list[_Run]:
    """The runs without rows that are older than the first `limit` of all."""
    if len(runs) < 2 or sum(len(run.ids) for run in runs) <= limit:
        return runs
    newest, oldest = max(-int(run.negated[0]) for run in runs), min(-int(run.negated[-1]) for run in runs)
    # The greatest second of which enough rows are no older.
    while oldest < newest:
        middle = (oldest + newest + 1) // 2
        if sum(run.count_after(middle - 1) for run in runs) >= limit:
            oldest = middle
        else:
            newest = middle - 1
    return [run.first(count) for run in runs if (count := run.count_after(oldest - 1))]
