"""Counts what rows have in columns of segments, and which of them failed: by number in C, then once for each text."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.portions import SegmentOf, portions_of
from ctui.files.segment import Segment, Texts
from ctui.model.event.kind import EventKind
from ctui.store.index.table_line import KIND_BITS

Text = str | bytes | None
"""A text of a column as `index_row.derive` writes it."""
_ALL: Final = 3
"""All texts of a column are decoded in the time in which one of so many is looked up."""


def count_facets(segment_of: SegmentOf, columns: Sequence[str], ids: Sequence[int]) -> list[dict[Text, int]]:
    """For each column how many of these rows, each given once, have which text."""
    counts: list[dict[Text, int]] = [{} for _ in columns]
    for number, places, _ in portions_of(ids):
        segment = segment_of(number)
        for name, counted in zip(columns, counts, strict=True):
            for text, rows in texts_counted(segment.texts(name), numbers_at(segment, name, places)):
                counted[text] = counted.get(text, 0) + rows
    return counts


def failed(segment_of: SegmentOf, ids: Sequence[int]) -> "array[int]":
    """The indexes of the rows among these whose calls failed, ascending."""
    found = np.zeros(len(ids), np.bool_)
    for number, places, indexes in portions_of(ids):
        found[indexes] = segment_of(number).has_kinds(KIND_BITS[EventKind.ERROR])[places]
    return array("q", np.flatnonzero(found).tobytes())


def numbers_at(segment: Segment, column: str, places: NDArray[np.int64]) -> NDArray[Any]:
    """The numbers of the texts that rows have, each row once; in another order if these are all rows of the segment."""
    numbers = segment.numbers(column)
    return numbers if len(places) == len(segment) else numbers[places]


def texts_counted(texts: Texts, numbers: NDArray[Any]) -> Iterator[tuple[Text, int]]:
    """The texts that have one of these numbers, each with how often it is there."""
    counts = np.bincount(numbers)
    there = np.flatnonzero(counts)
    return zip(texts_at(texts, there), counts[there].tolist(), strict=True)


def texts_at(texts: Texts, numbers: NDArray[Any]) -> Iterator[Text]:
    """The texts of these numbers, in their order."""
    if len(numbers) * _ALL < len(texts):
        return map(texts.text, numbers.tolist())
    return map(texts.all().__getitem__, numbers.tolist())
