"""Counts what rows have in columns of segments, and which of them failed: by number in C, then once for each text.

Of values there are digests alone: those of a million rows are as many megabytes as their texts are hundreds.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.portions import SegmentOf, portions_of
from ctui.files.counting.digests_of_values import digests_of_values
from ctui.files.counting.value_totals import SortedTotals
from ctui.files.segment import ROWS, Segment, Texts
from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import FieldColumn
from ctui.store.index.found_values import FoundValues, facet_values, text_digest
from ctui.store.index.index_row import COLUMNS
from ctui.store.index.table_line import KIND_BITS

Text = str | bytes | None
"""A text of a column as `index_row.derive` writes it."""
_ALL: Final = 3
"""All texts of a column are decoded in the time in which one of so many is looked up."""


def count_facets(segment_of: SegmentOf, columns: Sequence[FieldColumn], ids: Sequence[int]) -> list[FoundValues]:
    """For each column how many of these rows, each given once, have which value."""
    of_columns: list[list[_InSegment]] = [[] for _ in columns]
    for number, places, _ in portions_of(ids):
        segment = segment_of(number)
        for column, found in zip(columns, of_columns, strict=True):
            numbers = segment.numbers_once(column.name)
            counts = np.bincount(numbers if len(places) == len(segment) else numbers[places])
            texts, there = segment.texts_once(column.name), np.flatnonzero(counts)
            digests, of_text = digests_of_values(texts, COLUMNS[column.name], column.part, there)
            found.append(_InSegment(segment, digests, of_text, counts[of_text]))
    return [_found(column, found) for column, found in zip(columns, of_columns, strict=True)]


class _InSegment(NamedTuple):
    """Values of one segment."""

    segment: Segment
    digests: NDArray[np.int64]
    of_text: NDArray[np.int64]
    """For each the number of its text, ascending."""
    rows: NDArray[np.int64]

    def values(self, column: FieldColumn, places: Iterable[int]) -> Iterator[str]:
        """Those at some places."""
        texts = self.segment.texts_once(column.name)
        for place in places:
            values = facet_values(COLUMNS[column.name], texts.text(int(self.of_text[place])), column.part)
            yield next(value for value in values if text_digest(value) == self.digests[place])


def _found(column: FieldColumn, parts: Sequence[_InSegment]) -> FoundValues:
    """The values of all segments, each once."""
    begins = np.cumsum([0, *(len(part.digests) for part in parts)])
    digests = np.concatenate([np.empty(0, np.int64), *(part.digests for part in parts)])
    order = np.argsort(digests, kind="stable")
    ordered = digests[order]
    begin = np.flatnonzero(np.diff(ordered, prepend=~ordered[:1]) != 0)
    if not len(begin):
        return FoundValues(array("q"), array("q"), lambda _: (), SortedTotals)
    # Equal ones stay in the order of their texts, so one that a text has twice stands behind itself.
    of_text = np.concatenate([part.of_text + at * ROWS * 2 for at, part in enumerate(parts)])[order]
    rows = np.concatenate([part.rows for part in parts])[order]
    again = np.flatnonzero((np.diff(ordered) == 0) & (np.diff(of_text) == 0)) + 1
    rows[again] = 0
    first, sums = order[begin], np.add.reduceat(rows, begin)
    as_found = np.argsort(first)
    first, begin, sums = first[as_found], begin[as_found], sums[as_found]

    def values_at(indexes: Sequence[int]) -> list[str]:
        at = first[np.array(indexes, np.int64)]
        part_of = np.searchsorted(begins, at, "right") - 1
        values: dict[int, str] = {}
        for number in np.unique(part_of).tolist():
            some = at[part_of == number]
            values.update(zip(some.tolist(), parts[number].values(column, some - begins[number]), strict=True))
        return [values[one] for one in at.tolist()]

    return FoundValues(_array(digests[first]), _array(sums), values_at, SortedTotals)


def _array(numbers: NDArray[np.int64]) -> "array[int]":
    return array("q", numbers.tobytes())


def failed(segment_of: SegmentOf, ids: Sequence[int]) -> "array[int]":
    """The indexes of the rows among these whose calls failed, ascending."""
    found = np.zeros(len(ids), np.bool_)
    for number, places, indexes in portions_of(ids):
        found[indexes] = segment_of(number).has_kinds(KIND_BITS[EventKind.ERROR])[places]
    return array("q", np.flatnonzero(found).tobytes())


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
