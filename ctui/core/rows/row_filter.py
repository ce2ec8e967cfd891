"""RowFilter: the rows of a query that match a filter. The store compares them in portions, off the loop."""

from array import array
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Protocol, TypeVar

from ctui.core.rows.processed_rows import ProcessedRows, Source
from ctui.core.rows.row_index import RowIndex
from ctui.model.connection import Scope
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.event.event import Event
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.terms import Term
from ctui.store.index.excluding import Excluded
from ctui.store.index.matching import Matched, Matcher
from ctui.store.reading import Evaluated
from ctui.store.search import FILES_AT_ONCE, Rows

T = TypeVar("T")

FIRST_ROWS = 100
"""Rows filtered before the first matches are shown: some milliseconds of work. After that the store decides."""
_HANDED = 250_000
"""Rows handed over at once at most. They are copied: of a million, each portion would copy all that is left."""
TERMS_COUNTED = 50
"""For a line with more terms than this, what each of them excludes is not counted."""


class StoredRows(Protocol):
    """Compares stored rows with a line, off the loop and in portions."""

    def match(self, matcher: Matcher, scopes: Sequence[Scope], rows: Rows, /) -> Awaitable[Matched]:
        """Which of the next rows match. `scopes`: all that the rows are of."""

    def excluders(self, predicate: Predicate, ids: Sequence[int], /) -> Awaitable[Excluded]:
        """What excludes the next of these rows."""


class ReadRows(Protocol):
    """Reads stored events off the loop and evaluates a portion of them."""

    def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T], /) -> Awaitable[Evaluated[T]]:
        """The results of `evaluation` for a portion of the rows, given an event and the Region that was searched."""


class ScopedSource(Source, Protocol):
    """Rows of several scopes."""

    @property
    def row_scopes(self) -> Collection[Scope]:
        """Every scope that the rows have come from."""


class RowFilter:
    """The rows that match, newest first, read-only for others. Call `filter_next` until no row is unfiltered."""

    def __init__(self, source: ScopedSource, predicate: Predicate, stored: StoredRows) -> None:
        self.source = source
        self.predicate = predicate
        self._stored = stored
        self._matcher = Matcher(predicate)
        self._rows = RowIndex()
        self._filtered = ProcessedRows(source)
        self._counted = ProcessedRows(source)
        self._exclusions = Exclusions()
        self._again: set[int] = set()
        """Rows that were compared, and of which the store says something else now."""

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def ids(self) -> "array[int]":
        """Row ids of the events that match, newest first."""
        return self._rows.ids

    @property
    def rows(self) -> Rows:
        """The events that match, newest first: another filter can go on from here."""
        return self._rows.rows

    @property
    def row_scopes(self) -> Collection[Scope]:
        """Every scope that the rows have come from."""
        return self.source.row_scopes

    @property
    def exclusions(self) -> Exclusions:
        """What excludes how many rows, of those counted so far."""
        return self._exclusions.copy()

    @property
    def has_unfiltered_rows(self) -> bool:
        """True while there are rows that are not filtered yet."""
        return bool(self._again) or self._filtered.open

    @property
    def filtered_to(self) -> int:
        """The second of the newest row that is not filtered yet; 0 if there is none."""
        rows = self._filtered.next(1)
        return rows.second_at(0) if rows.ids else 0

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
        return None if index is None else self._rows.index_of(row_id, self.source.rows.second_at(index))

    async def filter_next(self) -> None:
        """Filter the next rows, newest first, or some again. Cancelling loses this portion only. Raises StoreError."""
        if self._filtered.open:
            rows = self._filtered.next(self._at_once if len(self._filtered) else FIRST_ROWS)
            matched = await self._match(rows)
            self._rows.merge_rows(rows.at(matched.indexes))
            self._filtered.mark(_first(rows.ids, matched.scanned))
        else:
            places = (self.source.index_of(row_id) for row_id in self._again)
            rows = self.source.rows.at(sorted(place for place in places if place is not None))
            matched = await self._match(rows) if rows.ids else Matched(0, ())
            compared = rows.slice(0, matched.scanned)
            matching = set(matched.indexes)
            self._rows.remove(compared.at([index for index in range(matched.scanned) if index not in matching]))
            self._rows.merge_rows(rows.at(matched.indexes))
            # Those that are not here are of other queries.
            self._again.difference_update(compared.ids if rows.ids else tuple(self._again))
        self._again.update(matched.again)

    @property
    def _at_once(self) -> int:
        return FILES_AT_ONCE if any(scope.in_files for scope in self.source.row_scopes) else _HANDED

    async def _match(self, rows: Rows) -> Matched:
        matched = await self._stored.match(self._matcher, tuple(self.source.row_scopes), rows)
        self._matcher.changes = matched.changes
        return matched

    async def count_next(self) -> None:
        """Count what excludes the next rows. Cancelling loses this portion only. Raises StoreError."""
        if (only := self._only_excluder()) is not None:
            self._exclusions.add((only,), self._counted.mark_all())
            return
        rows = self._counted.next(self._at_once)
        excluded = await self._stored.excluders(self.predicate, rows.ids)
        self._counted.mark(_first(rows.ids, excluded.scanned))
        for excluders, number in excluded.counts:
            self._exclusions.add(excluders, number)

    def _only_excluder(self) -> Term | None:
        """If no row matches a line of one term, that term excludes each of them."""
        ranged = self.predicate.first is not None or self.predicate.last is not None
        if len(self.predicate.tests) != 1 or ranged or self.has_unfiltered_rows:
            return None
        return self.predicate.tests[0][0]


def _first(ids: "array[int]", count: int) -> "array[int]":
    """The first of these ids: nearly always all of them, which are not copied."""
    return ids if count == len(ids) else ids[:count]
