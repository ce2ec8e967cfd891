"""RowCounts: how many loaded rows match each of some lines, counted newest first and off the loop.

This is the one place that counts rows for a menu. Nothing is kept of a row: a counted portion leaves only its numbers.
Lines that the index decides are counted first, over all rows. What only records tell takes about 15 s of CPU a million
rows and line, so it is counted in the newest ones, and the number then says that there may be more.
"""

from collections.abc import AsyncIterator, Sequence
from typing import NamedTuple, Protocol

from ctui.core.rows.row_filter import ScopedSource, StoredRows
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.terms import FieldTerm, KindTerm, leaves_of
from ctui.store.index.matching import Matcher

MOST_BY_RECORD = 20_000
"""Rows whose records are read to count what no index decides."""
_PORTION = 2_000
"""Rows whose records are read between two counts that are shown."""
_FIRST_PORTION = 500
"""Rows whose records are read before the first counts of them are shown."""


class TimedSource(ScopedSource, Protocol):
    """Rows whose time can be searched; an EventQuery is one."""

    def first_before(self, second: int) -> int:
        """Index of the first row that is older than an epoch second; the row count if none is."""


class RowCounts(NamedTuple):
    """How many rows match each line, as far as they are counted."""

    rows: int
    """How many rows there are."""
    matching: tuple[int, ...]
    """For each line, how many rows are known to match."""
    exact: tuple[bool, ...]
    """For each line, True once every row was compared; where it is False, more may match."""
    complete: bool
    """True if no line is counted further."""


async def count_rows(
    rows: TimedSource, predicates: Sequence[Predicate], stored: StoredRows
) -> AsyncIterator[RowCounts]:
    """Count the rows that match each predicate; yields growing counts, the last one complete.

    Rows that come meanwhile are not counted. Makes no call. Raises StoreError.
    """
    loaded, scopes = rows.rows.slice(0, len(rows.rows.ids)), tuple(rows.row_scopes)
    total, matching, compared = len(loaded.ids), [0] * len(predicates), [0] * len(predicates)
    matchers = {place: Matcher(predicate) for place, predicate in enumerate(predicates) if predicate.tests}
    for place, predicate in enumerate(predicates):
        if place not in matchers:
            matching[place], compared[place] = _in_range(rows, predicate), total
    by_record = {place: matcher for place, matcher in matchers.items() if not _by_index(predicates[place])}

    def counts(*, complete: bool) -> RowCounts:
        return RowCounts(total, tuple(matching), tuple(count == total for count in compared), complete)

    async def compare(place: int, end: int) -> None:
        matched = await stored.match(matchers[place], scopes, loaded.slice(compared[place], end))
        matching[place] += len(matched.indexes)
        compared[place] += matched.scanned

    yield counts(complete=not total)
    for place in matchers:
        while place not in by_record and compared[place] < total:
            await compare(place, total)
            yield counts(complete=False)
    end, most = 0, min(total, MOST_BY_RECORD) if by_record else 0
    while end < most:
        end = min(most, end + (_PORTION if end else _FIRST_PORTION))
        for place in by_record:
            while compared[place] < end:
                await compare(place, end)
        yield counts(complete=False)
    if total:
        yield counts(complete=True)


def _by_index(predicate: Predicate) -> bool:
    """True if the store's index has what each term compares."""
    leaves = (leaf for term, _ in predicate.tests for leaf in leaves_of(term))
    return all(
        isinstance(leaf, KindTerm) or (isinstance(leaf, FieldTerm) and leaf.field.column is not None) for leaf in leaves
    )


def _in_range(rows: TimedSource, predicate: Predicate) -> int:
    """How many rows are in the range of a predicate that has no terms: two searches."""
    newest = 0 if predicate.last is None else rows.first_before(predicate.last + 1)
    oldest = len(rows.rows.ids) if predicate.first is None else rows.first_before(predicate.first)
    return max(0, oldest - newest)
