"""Rows of a tree by segment: which one each is in, and where, for one row or for a million."""

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ctui.files.segment import ROWS, Segment
from ctui.model.log_files.row_ids import FIRST_ROW

SegmentOf = Callable[[int], Segment]
"""The segment of a number."""
_SEGMENTS: Final = FIRST_ROW // ROWS
"""Numbers of segments are below this."""
_PLACE_BITS: Final = ROWS.bit_length() - 1
_RADIX: Final = 1 << 16
"""Among fewer numbers than this numpy sorts without comparing: a million in 10 ms."""


class Portion(NamedTuple):
    """Those of some rows that are in one segment."""

    segment: int
    places: NDArray[np.int64]
    """Where each stands in the segment."""
    indexes: NDArray[np.int64]
    """The index of each among the rows that were given, ascending."""


def first_id(tree: int, segment: int) -> int:
    """The row id of the first row of a segment; those of the others follow."""
    return tree * FIRST_ROW + segment * ROWS


def segment_and_place(row_id: int) -> tuple[int, int]:
    """The number of a row's segment, and the row's place in it."""
    return row_id // ROWS % _SEGMENTS, row_id % ROWS


def portions_of(ids: Sequence[int]) -> Iterator[Portion]:
    """These rows of one tree by segment, in any mixture of segments."""
    if not len(ids):
        return
    rows = np.frombuffer(ids, np.int64) if isinstance(ids, array) else np.array(ids, np.int64)
    # Shifts take a tenth of the time that divisions take.
    numbers, places = rows >> _PLACE_BITS & (_SEGMENTS - 1), rows & (ROWS - 1)
    lowest = int(numbers.min())
    if numbers.max() == lowest:
        yield Portion(lowest, places, np.arange(len(rows)))
        return
    compact: NDArray[Any] = numbers - lowest
    if compact.max() < _RADIX:
        compact = compact.astype(np.uint16)
    order = np.argsort(compact, kind="stable")
    ends = np.flatnonzero(np.diff(compact[order])) + 1
    for indexes in np.split(order, ends):
        yield Portion(int(numbers[indexes[0]]), places[indexes], indexes)


def text_at(segment: Segment, column: str, place: int) -> str | bytes | None:
    """The text that one row has in a column, as `index_row.derive` returned it."""
    return segment.texts(column).text(int(segment.numbers(column)[place]))
