"""RowCounts: how many loaded rows match each of some lines, counted newest first and off the loop.

This is the one place that counts rows for a menu. Nothing is kept of a row: a counted portion leaves only its numbers.
"""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple, Protocol

from ctui.core.rows.processed_rows import Source
from ctui.core.rows.row_filter import ReadRows
from ctui.model.filter.predicate import Predicate

PORTION = 4_000
"""Rows counted between two counts that are shown: the prefilter leaves out nearly all of them."""
_FIRST_PORTION = 500
"""Rows counted before the first counts are shown."""


class TimedSource(Source, Protocol):
    """Rows whose time can be searched; an EventQuery is one."""

    def first_before(self, second: int) -> int:
        """Index of the first row that is older than an epoch second; the row count if none is."""


class RowCounts(NamedTuple):
    """How many rows match each line, among the newest rows."""

    rows: int
    """How many rows were counted."""
    matching: tuple[int, ...]
    """For each line, how many of them match."""
    complete: bool
    """True if no row is left to count."""


async def count_rows(rows: TimedSource, predicates: Sequence[Predicate], read: ReadRows) -> AsyncIterator[RowCounts]:
    """Count the rows that match each predicate; yields growing counts after each portion, the last one complete.

    Rows that come above the counted ones meanwhile are not counted. Makes no call. Raises StoreError.
    """
    matching = [0] * len(predicates)
    in_text = [place for place, predicate in enumerate(predicates) if predicate.tests]
    for place, predicate in enumerate(predicates):
        if not predicate.tests:
            matching[place] = _in_range(rows, predicate)
    counted, at, last = 0, 0, None
    yield RowCounts(0, tuple(matching), not len(rows.ids))
    while at < len(rows.ids):
        portion = list(rows.ids[at : at + (PORTION if counted else _FIRST_PORTION)])
        for place in in_text:
            matching[place] += await _count(portion, predicates[place], read)
        counted, last = counted + len(portion), portion[-1]
        # Newer rows may have moved those that are counted.
        index = at + len(portion) - 1
        if index >= len(rows.ids) or rows.ids[index] != last:
            index = index if (found := rows.index_of(last)) is None else found
        at = index + 1
        yield RowCounts(counted, tuple(matching), at >= len(rows.ids))


def _in_range(rows: TimedSource, predicate: Predicate) -> int:
    """How many rows are in the range of a predicate that has no terms: two searches."""
    newest = 0 if predicate.last is None else rows.first_before(predicate.last + 1)
    oldest = len(rows.ids) if predicate.first is None else rows.first_before(predicate.first)
    return max(0, oldest - newest)


async def _count(portion: Sequence[int], predicate: Predicate, read: ReadRows) -> int:
    found, left = 0, portion
    while left:
        evaluated = await read(left, predicate, predicate.prefilter)
        found += sum(matches for _, matches in evaluated.results)
        left = left[evaluated.scanned :]
    return found
