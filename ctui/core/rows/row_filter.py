"""RowFilter: the rows of a query that match a filter. It reads stored rows in slices, off the loop."""

from array import array
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from ctui.core.rows.processed_rows import ProcessedRows, Source
from ctui.core.rows.row_index import RowIndex
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.event.event import Event
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.prefilter import Clause
from ctui.model.filter.terms import Excluder
from ctui.store.columns import second_of
from ctui.store.row_scan import Evaluated

T = TypeVar("T")

FIRST_SLICE = 100
"""Rows filtered before the first matches are shown: some milliseconds of work."""
SLICE = 4000
"""Rows filtered in one go after that, if the prefilter leaves out nearly all of them; fewer if it keeps many."""
COUNTED = 100
"""Rows of which all terms are evaluated in one go. Few: what each term excludes is not urgent."""
TERMS_COUNTED = 50
"""For a line with more terms than this, what each of them excludes is not counted."""


class ReadRows(Protocol):
    """Reads rows off the loop and evaluates a portion of them."""

    def __call__(
        self, ids: Sequence[int], evaluate: Callable[[Event, str], T], prefilter: Sequence[Clause], /
    ) -> Awaitable[Evaluated[T]]:
        """The results of `evaluate`, without the events that do not match the prefilter."""


class RowFilter:
    """The rows that match, newest first, read-only for others. Call `filter_next` until no row is unfiltered."""

    def __init__(self, source: Source, predicate: Predicate, read: ReadRows) -> None:
        self.source = source
        self.predicate = predicate
        self._read = read
        self._rows = RowIndex()
        self._filtered = ProcessedRows(source)
        self._counted = ProcessedRows(source)
        self._exclusions = Exclusions()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def ids(self) -> "array[int]":
        """Row ids of the events that match, newest first."""
        return self._rows.ids

    @property
    def exclusions(self) -> Exclusions:
        """What excludes how many rows, of those counted so far."""
        return self._exclusions.copy()

    @property
    def has_unfiltered_rows(self) -> bool:
        """True while there are rows that are not filtered yet."""
        return self._filtered.open

    @property
    def has_uncounted_rows(self) -> bool:
        """True while no row matches and what excludes them is not counted yet."""
        return not self._rows and len(self.predicate.tests) <= TERMS_COUNTED and self._counted.open

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index of `ids`."""
        return self._rows.second_at(index)

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, that is older than an epoch second; the row count if none is."""
        return self._rows.first_before(second, start)

    def index_of(self, row_id: int) -> int | None:
        """The index of a row in `ids`, or None if it is not there."""
        index = self.source.index_of(row_id)
        return None if index is None else self._rows.index_of(row_id, self.source.second_at(index))

    async def filter_next(self) -> None:
        """Filter the next rows, newest first. Cancelling loses this slice only. Raises StoreError."""
        rows = self._filtered.next(SLICE if len(self._filtered) else FIRST_SLICE)
        evaluated = await self._read(rows, self._second_if_matching, self.predicate.prefilter)
        self._rows.merge((rows[index], second) for index, second in evaluated.results if second is not None)
        self._filtered.mark(rows[: evaluated.scanned])

    async def count_next(self) -> None:
        """Count what excludes the next rows. Cancelling loses this slice only. Raises StoreError."""
        rows = self._counted.next(COUNTED)
        evaluated = await self._read(rows, self._excluders, ())
        self._counted.mark(rows[: evaluated.scanned])
        # Most rows have the same few excluders, and to hash a large tree for each row would hold up keys.
        numbers = Counter(tuple(map(id, excluders)) for _, excluders in evaluated.results)
        different = {tuple(map(id, excluders)): excluders for _, excluders in evaluated.results}
        for same, number in numbers.items():
            self._exclusions.add(different[same], number)

    def _second_if_matching(self, event: Event, region: str) -> int | None:
        return second_of(event.time) if self.predicate(event, region) else None

    def _excluders(self, event: Event, region: str) -> tuple[Excluder, ...]:
        return tuple(self.predicate.excluders(event, region))
