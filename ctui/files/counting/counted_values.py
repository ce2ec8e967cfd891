"""Counts the values that the newest events of a tree have, most frequent first: as `store.counting` does of a scope.

Columns are counted in C, once for each different text; other contents of records, and event IDs, are read one by one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from heapq import nsmallest
from typing import Final, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.portions import SegmentOf, portions_of
from ctui.files.counting.excluders import ConditionOf
from ctui.files.counting.facets import texts_at, texts_counted
from ctui.files.segment import Segment
from ctui.model.event.event import Event
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.terms import Term
from ctui.store.counting import CountQuery
from ctui.store.index.index_row import COLUMNS, values_in
from ctui.store.reading import Evaluated

T = TypeVar("T")
_READ: Final = 5_000
"""Records read at most: a tenth of a second."""


class Evaluate(Protocol):
    """Reads records."""

    def __call__(self, ids: Sequence[int], evaluation: Callable[[Event, str], T], /) -> Evaluated[T]:
        """As `LogFiles.evaluate`."""


def count_values(
    segment_of: SegmentOf,
    condition_of: ConditionOf,
    evaluate: Evaluate,
    query: CountQuery,
    newest: Sequence[int],
) -> list[tuple[str, int]]:
    """The requested values with their counts. `newest`: the rows that are counted, the newest of the tree."""
    if not isinstance(query.source, FieldColumn):
        counts = _in_records(evaluate, query.source, newest)
    elif query.source.name not in COLUMNS:
        counts = _in_records(evaluate, lambda event, _: (event.event_id,), newest[:_READ])
    else:
        counts = Counter()
        for number, places, _ in portions_of(newest):
            segment = segment_of(number)
            counted = places[_kept(condition_of, segment, query.without)[places]]
            _count_column(counts, segment, query.source, counted)
    wanted = ((value, count) for value, count in counts.items() if value and (query.like is None or query.like(value)))
    return nsmallest(query.most, wanted, key=lambda pair: (-pair[1], pair[0]))


def _kept(condition_of: ConditionOf, segment: Segment, without: Term | None) -> NDArray[np.bool_]:
    """The rows of a segment that are counted: all that a term does not surely match."""
    left_out = False if without is None else condition_of(segment, without).must
    return np.full(len(segment), not left_out) if isinstance(left_out, bool) else ~left_out


def _in_records(evaluate: Evaluate, values: Callable[[Event, str], Iterable[str]], ids: Sequence[int]) -> Counter[str]:
    counts, done = Counter[str](), 0
    while done < len(ids):
        evaluated = evaluate(ids[done:], lambda event, region: set(values(event, region)))
        for _, found in evaluated.results:
            counts.update(found)
        done += evaluated.scanned
    return counts


def _count_column(counts: Counter[str], segment: Segment, column: FieldColumn, places: NDArray[np.int64]) -> None:
    index_column = COLUMNS[column.name]
    texts, numbers = segment.texts(column.name), segment.numbers(column.name)[places]
    if not index_column.also:
        for text, rows in texts_counted(texts, numbers):
            for value in set(values_in(index_column, text, column.part)):
                counts[value] += rows
        return
    # A row has all values of an event, and many events have the same ones.
    also, others = COLUMNS[index_column.also], segment.texts(index_column.also)
    width = len(others)
    pairs = numbers.astype(np.int64) * width + segment.numbers(also.name)[places]
    different, rows_of = np.unique(pairs, return_counts=True)
    for text, other, rows in zip(
        texts_at(texts, different // width), texts_at(others, different % width), rows_of.tolist(), strict=True
    ):
        for value in {*values_in(index_column, text, column.part), *values_in(also, other, None)}:
            counts[value] += rows
