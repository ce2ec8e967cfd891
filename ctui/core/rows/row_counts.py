"""RowCounts: how many loaded rows match each of some lines, counted newest first and off the loop.

This is the one place that counts rows for a menu. Nothing is kept of a row: a counted portion leaves only its numbers.
"""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple, Protocol

from ctui.core.rows.row_filter import ScopedSource, StoredRows
from ctui.model.connection import Scope
from ctui.model.filter.predicate import Predicate
from ctui.store.index.matching import Matcher
from ctui.store.search import Rows

PORTION = 100_000
"""Rows counted between two counts that are shown: the index counts them within some ten milliseconds."""
_FIRST_PORTION = 500
"""Rows counted before the first counts are shown."""


class TimedSource(ScopedSource, Protocol):
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


async def count_rows(
    rows: TimedSource, predicates: Sequence[Predicate], stored: StoredRows
) -> AsyncIterator[RowCounts]:
    """Count the rows that match each predicate; yields growing counts after each portion, the last one complete.

    Rows that come above the counted ones meanwhile are not counted. Makes no call. Raises StoreError.
    """
    matching = [0] * len(predicates)
    in_text = [place for place, predicate in enumerate(predicates) if predicate.tests]
    for place, predicate in enumerate(predicates):
        if not predicate.tests:
            matching[place] = _in_range(rows, predicate)
    matchers = {place: Matcher(predicates[place]) for place in in_text}
    scopes, loaded, counted = tuple(rows.row_scopes), rows.rows.slice(0, len(rows.rows.ids)), 0
    yield RowCounts(0, tuple(matching), not loaded.ids)
    while counted < len(loaded.ids):
        portion = loaded.slice(counted, counted + (PORTION if counted else _FIRST_PORTION))
        for place, matcher in matchers.items():
            matching[place] += await _count(portion, matcher, scopes, stored)
        counted += len(portion.ids)
        yield RowCounts(counted, tuple(matching), counted == len(loaded.ids))


def _in_range(rows: TimedSource, predicate: Predicate) -> int:
    """How many rows are in the range of a predicate that has no terms: two searches."""
    newest = 0 if predicate.last is None else rows.first_before(predicate.last + 1)
    oldest = len(rows.rows.ids) if predicate.first is None else rows.first_before(predicate.first)
    return max(0, oldest - newest)


async def _count(portion: Rows, matcher: Matcher, scopes: Sequence[Scope], stored: StoredRows) -> int:
    found, left = 0, portion
    while left.ids:
        matched = await stored.match(matcher, scopes, left)
        found += len(matched.indexes)
        left = left.slice(matched.scanned, len(left.ids))
    return found
