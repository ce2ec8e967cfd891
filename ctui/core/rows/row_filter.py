"""RowFilter: the rows of a feed that pass a filter. It reads what is here, in slices off the loop, and never asks."""

from array import array
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
"""Rows looked at before the first ones are shown: some milliseconds of work."""
SLICE = 4000
"""Rows looked at in one go after that, if hardly any has what is needed; fewer where many do."""
COUNTED = 100
"""Rows of which all terms are judged in one go: nobody waits for what each of them removes."""
TERMS_COUNTED = 50
"""Of a line with more terms nobody is told what each of them removes."""


class ReadRows(Protocol):
    """Reads rows somewhere off the loop, and says what a judgement makes of a portion of them."""

    def __call__(
        self, ids: Sequence[int], judgement: Callable[[Event, str], T], needs: Sequence[Clause], /
    ) -> Awaitable[Evaluated[T]]:
        """What was made of the events, those left out that lack what is needed."""


class RowFilter:
    """The rows that pass, newest first, read-only for others. `look` goes on until `behind` is False."""

    def __init__(self, source: Source, predicate: Predicate, judge: ReadRows) -> None:
        self.source = source
        self.predicate = predicate
        self._judge = judge
        self._rows = RowIndex()
        self._looked_at = ProcessedRows(source)
        self._counted = ProcessedRows(source)
        self._removed = Exclusions()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def ids(self) -> "array[int]":
        """Row ids of the events that pass, newest first."""
        return self._rows.ids

    @property
    def exclusions(self) -> Exclusions:
        """What keeps out how many rows, of those counted so far."""
        return self._removed.copy()

    @property
    def has_unfiltered_rows(self) -> bool:
        """True while there are rows that were not looked at yet."""
        return self._looked_at.open

    @property
    def has_uncounted_rows(self) -> bool:
        """True while nothing passes and it is not known yet what keeps out which rows."""
        return not self._rows and len(self.predicate.tests) <= TERMS_COUNTED and self._counted.open

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index of `ids`."""
        return self._rows.second_at(index)

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, that is older than an epoch second; the count where none is."""
        return self._rows.first_before(second, start)

    def index_of(self, row_id: int) -> int | None:
        """Where a row stands in `ids`, None where it does not."""
        index = self.source.index_of(row_id)
        return None if index is None else self._rows.index_of(row_id, self.source.second_at(index))

    async def filter_next(self) -> None:
        """Look at the next rows, the newest first. Cancelling loses nothing but this slice. Raises StoreError."""
        rows = self._looked_at.next(SLICE if len(self._looked_at) else FIRST_SLICE)
        evaluated = await self._judge(rows, self._second_if_passing, self.predicate.prefilter)
        self._rows.merge((rows[place], second) for place, second in evaluated.results if second is not None)
        self._looked_at.tick(rows[: evaluated.scanned])

    async def count_next(self) -> None:
        """Count what refuses the next rows. Cancelling loses nothing but this slice. Raises StoreError."""
        rows = self._counted.next(COUNTED)
        evaluated = await self._judge(rows, self._refusing, ())
        self._counted.tick(rows[: evaluated.scanned])
        for _, keepers in evaluated.results:
            self._removed.add(keepers)

    def _second_if_passing(self, event: Event, region: str) -> int | None:
        return second_of(event.time) if self.predicate(event, region) else None

    def _refusing(self, event: Event, region: str) -> tuple[Excluder, ...]:
        return tuple(self.predicate.excluders(event, region))
