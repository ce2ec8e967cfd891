"""What is asked of the rows of one tree: the answers of `asking`, from the index and the log files."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Event as Stopped
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.digests import Digests
from ctui.files.asking.finding import Wanted, find_rows, find_rows_since
from ctui.files.asking.masks import Condition, Line, Masks, RowsOfKinds, any_mask, both
from ctui.files.asking.masks_of_texts import Mask
from ctui.files.asking.matching import Matching
from ctui.files.asking.matching_files import THREADS
from ctui.files.asking.portions import segment_and_place
from ctui.files.asking.summaries import summaries
from ctui.files.asking.tree_index import TreeIndex
from ctui.files.counting import counted_values, excluders, facets, insights
from ctui.files.counting.first_sightings import FirstSightings
from ctui.files.reading.records import Records
from ctui.files.segment import Segment
from ctui.model.event.event import Event
from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.sightings import FirstTimes
from ctui.model.filter.terms import Term, asks_for_new
from ctui.model.log_files.event_digest import event_digest
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import Clause
from ctui.store.counting import CountQuery
from ctui.store.index.excluding import Excluded
from ctui.store.index.found_values import FoundValues
from ctui.store.index.matching import Matched
from ctui.store.index.table_line import StoredSummary
from ctui.store.reading import Evaluated
from ctui.store.search import ATTRIBUTE_COLUMNS, Key, Rows

T = TypeVar("T")

_ALWAYS: Final = Stretch(-(1 << 62), 1 << 62)
_INFLATED_AT_ONCE: Final = 8 << 20
"""Bytes of a large file that are inflated for a record while a key waits: some 30 ms."""
_SEARCH_ALL: Final = 50_000
"""In a tree of so many rows, all records are searched for what excludes them: half a second."""
_LINES: Final = 4
"""Lines that ask for what is new, of which it is known what they were told."""


class TreeAnswers:
    """The answers of one tree. All methods raise FilesError. Those that search are used from one thread at a time, and
    those that read some rows from any."""

    def __init__(self, index: TreeIndex, tree: int, ending: Stopped) -> None:
        """`tree`: its number. Once `ending` is set, what takes long ends soon, and its results mean nothing."""
        self._index = index
        self._ending = ending
        self._tree = tree
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="ctui-files-search")
        self._masks = Masks(tree)
        self._records = Records(index, ending.is_set)
        self._matching = Matching(index, self._masks, self._records, self._threads)
        self._first = FirstSightings(index, tree)
        self._digests = Digests(index, tree)
        self._told: OrderedDict[tuple[Term, ...], int] = OrderedDict()
        """How many changes of what is new were told to those who ask with these terms."""

    def close(self) -> None:
        """End the threads; a search that runs ends within a file."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def forget(self) -> None:
        """Know nothing of the log files themselves: they may have changed."""
        self._matching.forget()

    @property
    def not_searched(self) -> int:
        """How many files had rows to compare by their records, and could not be read."""
        return len(self._matching.unreadable)

    def find(
        self, stretch: Stretch, clause: Clause, after: Key | None, limit: int, predicate: Predicate | None = None
    ) -> Rows:
        """As `LogFiles.find`."""
        return find_rows(self._wanted(stretch, clause, predicate), after, limit)

    def find_new(
        self, since: int, stretch: Stretch, clause: Clause, predicate: Predicate | None = None
    ) -> tuple[Rows, int]:
        """As `LogFiles.find_new`."""
        return find_rows_since(self._wanted(stretch, clause, predicate), since)

    def match(self, predicate: Predicate, rows: Rows, stopped: Stopped) -> Matched:
        """As `LogFiles.match`."""
        terms = predicate.terms
        again: Sequence[int] = ()
        told = 0
        if asks := any(map(asks_for_new, terms)):
            self._first.update(lambda: stopped.is_set() or self._ending.is_set())
            predicate = replace(predicate, new=self._first)
            told = len(self._first.changes)
            again = self._first.changes[self._told.get(terms, told) :]
        matched = Matched(0, ())
        if rows.ids:
            matched = self._matching.match(predicate, rows, self._rows_of_kinds(predicate), stopped)
        if asks and not stopped.is_set():
            # What a stopped search returns is thrown away.
            self._told[terms] = told
            self._told.move_to_end(terms)
            if len(self._told) > _LINES:
                self._told.popitem(last=False)
        return matched._replace(again=again)

    def excluders(self, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        """As `LogFiles.excluders`."""
        if any(map(asks_for_new, predicate.terms)):
            self._first.update(self._ending.is_set)
            predicate = replace(predicate, new=self._first)
        kinds = self._rows_of_kinds(predicate)
        match = partial(self._matching.match, kinds=kinds, stopped=Stopped())
        condition = partial(self._masks.of_term, rows_of_kinds=kinds)
        search_all = sum(entry.rows for entry in self._index.segments()) <= _SEARCH_ALL
        return excluders.count_excluders(self._index.segment, condition, match, predicate, ids, search_all=search_all)

    def count_facets(self, columns: Sequence[FieldColumn], ids: Sequence[int]) -> list[FoundValues]:
        """As `LogFiles.count_facets`."""
        return facets.count_facets(self._index.segment, columns, ids)

    def failed(self, ids: Sequence[int]) -> Sequence[int]:
        """As `LogFiles.failed`."""
        return facets.failed(self._index.segment, ids)

    def count_values(self, query: CountQuery) -> list[tuple[str, int]]:
        """As `LogFiles.count_values`."""
        newest = find_rows(self._wanted(_ALWAYS, ()), None, query.newest).ids
        return counted_values.count_values(self._index.segment, self._condition, self.evaluate, query, newest)

    def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        """As `LogFiles.evaluate`."""
        return self._records.evaluate(ids, evaluation)

    def rows_of(self, event_ids: Collection[str]) -> dict[str, list[Key]]:
        """As `LogFiles.rows_of`."""
        found = self._digests.rows_with([event_digest(event_id) for event_id in event_ids])
        rows = [row for rows in found.values() for row in rows]
        keys: dict[str, list[Key]] = {}
        for row, event_id in self._records.event_ids(rows).items():
            second = self.second(row)
            if event_id in event_ids and second is not None:
                keys.setdefault(event_id, []).append(Key(row, second))
        return keys

    def digests(self, ids: Sequence[int]) -> "array[int]":
        """As `LogFiles.digests`."""
        return self._digests.of_rows(ids)

    def rows_with(self, digests: Sequence[int], stretch: Stretch) -> dict[int, list[int]]:
        """As `LogFiles.rows_with`."""
        return self._digests.rows_with(digests, stretch)

    def event_ids(self, ids: Sequence[int]) -> dict[int, str]:
        """As `LogFiles.event_ids`."""
        return self._records.event_ids(ids)

    def first_times(self, row_id: int) -> FirstTimes | None:
        """As `LogFiles.first_times`."""
        self._first.update(self._ending.is_set)
        return self._first.of(row_id)

    def other_of_insight(self, row_id: int) -> datetime | None:
        """As `LogFiles.other_of_insight`."""
        return insights.other_of_insight(self._index, self._tree, self.evaluate, row_id)

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """As `LogFiles.summaries`."""
        return summaries(self._index, self._records, ids)

    def event(self, row_id: int) -> Event:
        """As `LogFiles.event`."""
        return self._records.event(row_id, _INFLATED_AT_ONCE)

    def read_far(self, ids: Sequence[int]) -> None:
        """As `LogFiles.read_far`."""
        self._records.read_far(ids)

    def second(self, row_id: int) -> int | None:
        """As `LogFiles.second`."""
        number, place = segment_and_place(row_id)
        rows = next((entry.rows for entry in self._index.segments() if entry.number == number), 0)
        return int(self._index.segment(number).seconds[place]) if place < rows else None

    def file_number(self, row_id: int) -> int | None:
        """The id of the log file of a row; None if the index has no such row."""
        number, place = segment_and_place(row_id)
        return None if self.second(row_id) is None else int(self._index.segment(number).files[place])

    def _wanted(self, stretch: Stretch, clause: Clause, predicate: Predicate | None = None) -> Wanted:
        line = Line(predicate.terms) if predicate is not None else None
        return Wanted(self._index, self._tree, stretch, partial(self._mask_of, clause, line))

    def _mask_of(self, clause: Clause, line: Line | None, segment: Segment) -> Mask:
        """The rows that have one of the attributes, all if there are none, and that may match a line."""
        may = True if line is None else self._masks.of_line(segment, line, None).may
        return both(self._having(clause, segment), may)

    def _having(self, clause: Clause, segment: Segment) -> Mask:
        masks: list[Mask] = []
        for attribute in clause:
            column = ATTRIBUTE_COLUMNS[attribute.key]
            if column.name == "event_id":
                masks.append(segment.ids == np.uint64(event_digest(attribute.value)))
            else:
                masks.append(self._masks.of_values(segment, column, (attribute.value,)))
        return any_mask(masks) if clause else True

    def _condition(self, segment: Segment, term: Term) -> Condition:
        return self._masks.of_term(segment, term, None)

    def _rows_of_kinds(self, predicate: Predicate) -> RowsOfKinds:
        kinds: dict[EventKind, NDArray[np.int64]] = {}
        if not Line(predicate.terms).asks_for_rows:
            return kinds
        if predicate.new is self._first:
            kinds[EventKind.NEW] = self._first.rows
        if isinstance(predicate.marked, Collection) and predicate.marked:
            found = self._digests.rows_with([event_digest(event_id) for event_id in predicate.marked])
            kinds[EventKind.MARKED] = np.array(sorted(row for rows in found.values() for row in rows), np.int64)
        return kinds
