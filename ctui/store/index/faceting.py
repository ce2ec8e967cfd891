"""Counts what rows have in columns of the index, and which of them failed, in the searcher's thread and in portions.

SQLite looks the rows up by their ids and returns each column as one list, without Python's lock; a list of ids of texts
is counted in C. Over a million rows that takes a third of the CPU of a GROUP BY for each column.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Final, NamedTuple

from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.shape import ValueCount
from ctui.store.columns import Column
from ctui.store.index.connections import reading_of
from ctui.store.index.dictionary import Reading
from ctui.store.index.found_values import FoundValues, ValueTotals, facet_values
from ctui.store.index.index_row import COLUMNS, Form, values_in
from ctui.store.index.table_line import KIND_BITS
from ctui.store.index.time_counts import TimeCounts
from ctui.store.search import Rows

MOST_DIFFERENT: Final = 100_000
"""Different values counted in a column: about 10 MB. The counts of those stay exact; further values are not listed."""


class ColumnCounts(NamedTuple):
    """The values of one column."""

    top: tuple[ValueCount, ...]
    """The most frequent ones, then by name."""
    different: int
    """How many different values there are."""
    capped: bool
    """True if there are more than `different`."""


class FacetCounts(NamedTuple):
    """What was counted so far."""

    rows: int
    """How many rows were counted; one that is no longer stored has no value."""
    columns: tuple[ColumnCounts, ...]
    failed: TimeCounts
    """When the failed ones of them happened."""


class FacetCounter:
    """Counts portions of rows, each row once. It is used by the searcher's thread alone."""

    def __init__(self, columns: Sequence[FieldColumn], most: int) -> None:
        """`most`: how many values of each column are returned."""
        self.columns = tuple(columns)
        self._counts = [_ColumnCounter(column, most) for column in columns]
        self._failed = TimeCounts()
        self._rows = 0
        self._select = (
            "SELECT "
            + ", ".join(f"json_group_array(event.{column.name})" for column in columns)
            + f", json_group_array(wanted.key) FILTER (WHERE event.kinds & {KIND_BITS[EventKind.ERROR]}) "
            "FROM json_each(?) AS wanted CROSS JOIN event ON event.id = wanted.value"
        )

    def add(self, connection: sqlite3.Connection, rows: Rows) -> FacetCounts:
        """Count these rows, which were not counted before; returns the counts of all so far."""
        *columns, failed = connection.execute(self._select, (json.dumps(rows.ids.tolist()),)).fetchone()
        reading = reading_of(connection)
        for counter, words in zip(self._counts, columns, strict=True):
            counter.add(json.loads(words), reading)
        return self._added(rows, json.loads(failed), reading)

    def add_found(
        self, connection: sqlite3.Connection, rows: Rows, found: Sequence[FoundValues], failed: Sequence[int]
    ) -> FacetCounts:
        """Add rows that the store does not have and that were counted elsewhere, as `LogFiles.count_facets` does.

        `found`: what is in each of `columns`; `failed`: the indexes of those that failed.
        """
        reading = reading_of(connection)
        for counter, values in zip(self._counts, found, strict=True):
            counter.add_found(values, reading)
        return self._added(rows, failed, reading)

    def _added(self, rows: Rows, failed: Sequence[int], reading: Reading) -> FacetCounts:
        # Rows that were folded are listed at another second than the file has.
        self._failed.add(map(rows.second_at, failed))
        self._rows += len(rows.ids)
        return FacetCounts(self._rows, tuple(counter.counts(reading) for counter in self._counts), self._failed.copy())


class _ColumnCounter:
    """Counts one column: by the ids of its texts where each is one value, else by the values in them.

    Once there are rows of log files too, whose texts have no ids and fill memory, values are summed up by digests.
    """

    def __init__(self, column: FieldColumn, most: int) -> None:
        self.name = column.name
        self._column = COLUMNS[column.name]
        self._part = column.part
        self._most = most
        self._by_word = self._column.form is Form.TEXT
        self._counts: Counter[int | str] = Counter()
        self._capped = False
        self._totals: ValueTotals | None = None

    def add(self, words: list[int | None], reading: Reading) -> None:
        counted: Counter[int] = Counter()
        # Counted in C; None stands for no value.
        for word, rows in Counter(words).items():
            if word is not None:
                counted[word] = rows
        if self._by_word:
            self._add((word, rows) for word, rows in counted.items())
            return
        texts = reading.texts(counted)
        self._add_values((texts[word], rows) for word, rows in counted.items())

    def add_found(self, found: FoundValues, reading: Reading) -> None:
        if self._totals is None:
            words = [key for key in self._counts if isinstance(key, int)]
            texts = reading.texts(words)
            counted = Counter({key: rows for key, rows in self._counts.items() if isinstance(key, str)})
            for word in words:
                for value in self._values_of(texts[word]):
                    counted[value] += self._counts[word]
            self._counts.clear()
            self._by_word = False
            self._totals = found.totals(self._most)
            self._totals.add_counted(counted)
        self._totals.add(found)

    def counts(self, reading: Reading) -> ColumnCounts:
        if self._totals is not None:
            listed = sorted(self._totals.top(), key=lambda one: (-one.events, one.value))
            return ColumnCounts(tuple(listed), len(self._totals), self._capped or self._totals.capped)
        # One more, since an empty text is no value. Between equal counts the value that was stored first wins.
        top = nsmallest(self._most + 1, self._counts.items(), key=_frequency)
        named = [ValueCount(value, rows) for key, rows in top for value in self._values(key, reading)]
        named.sort(key=lambda one: (-one.events, one.value))
        return ColumnCounts(tuple(named[: self._most]), len(self._counts), self._capped)

    def _values(self, key: int | str, reading: Reading) -> tuple[str, ...]:
        if isinstance(key, str):
            return (key,)
        return values_in(self._column, reading.texts([key])[key], None)

    def _add_values(self, counted: Iterable[tuple[Column, int]]) -> None:
        pairs = ((value, rows) for text, rows in counted for value in self._values_of(text))
        if self._totals is None:
            self._add(pairs)
            return
        values: Counter[str] = Counter()
        for value, rows in pairs:
            values[value] += rows
        self._totals.add_counted(values)

    def _values_of(self, text: Column) -> Iterable[str]:
        return dict.fromkeys(facet_values(self._column, text, self._part))

    def _add(self, pairs: Iterable[tuple[int | str, int]]) -> None:
        counts = self._counts
        for value, rows in pairs:
            if value in counts or len(counts) < MOST_DIFFERENT:
                counts[value] += rows
            else:
                self._capped = True


def _frequency(pair: tuple[int | str, int]) -> tuple[int, int | str]:
    return -pair[1], pair[0]
