"""A tree of log files in memory, behind the Protocol of core: segments of events that are given, newest first."""

import asyncio
from array import array
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from threading import Event as Stopped
from typing import TypeVar

from support.fakes.cloudtrail import has

from ctui.errors import FilesError, RecordFar
from ctui.files.counting.value_totals import SortedTotals
from ctui.model.connection import files_scope
from ctui.model.event.event import Event
from ctui.model.event.kind import EventKind
from ctui.model.event.record_view import RecordView
from ctui.model.event.summarize import summarize
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.kinds import KINDS
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.sightings import FirstTimes
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import FIRST_ROW
from ctui.model.log_files.tree_state import FilePlace, TreePhase, TreeState
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import Clause
from ctui.store.counting import CountQuery
from ctui.store.index.excluding import Excluded
from ctui.store.index.found_values import FoundValues, facet_values, text_digest
from ctui.store.index.index_row import COLUMNS, INDEX_COLUMNS, derive, values_in
from ctui.store.index.matching import Matched
from ctui.store.index.table_line import StoredSummary
from ctui.store.reading import Evaluated
from ctui.store.search import Key, Rows

T = TypeVar("T")
REGION = "eu-west-1"
PORTION = 100
"""Rows that are dealt with at once."""
_SEGMENT = 1 << 16


class FakeTree:
    """What is added before it is opened is there from the start; what is added later comes while it is indexed."""

    def __init__(self, path: str, *segments: Sequence[Event], error: FilesError | None = None) -> None:
        """`error`: why it cannot be opened."""
        self.scope = files_scope(path)
        self.state = TreeState(path, TreePhase.READY)
        self.latest = 0
        self.error = error
        self.number = 0
        self.updates = 0
        self.closed = False
        self.opening: asyncio.Event | None = None
        """What opening it waits for."""
        self.broken: FilesError | None = None
        """Why its rows cannot be found."""
        self.gone: set[str] = set()
        """Event IDs whose files are gone."""
        self.far: set[str] = set()
        """Event IDs whose records are far inside a large file."""
        self.waiting = list(segments)
        """Segments that the next `update` finds."""
        self._rows: dict[int, Event] = {}
        self._changed: Callable[[], None] = lambda: None

    def add(self, events: Sequence[Event], *, phase: TreePhase = TreePhase.INDEXING) -> None:
        """A segment is here from now on."""
        self.latest += 1
        first = self.number * FIRST_ROW + self.latest * _SEGMENT
        newest_first = sorted(events, key=lambda event: -event.time.timestamp())
        self._rows.update({first + place: event for place, event in enumerate(newest_first)})
        seconds = [_second(event) for event in self._rows.values()]
        self.state = replace(
            self.state,
            phase=phase,
            files=self.latest,
            events=len(seconds),
            oldest=min(seconds, default=None),
            newest=max(seconds, default=None),
        )
        self._changed()

    def remove(self, *event_ids: str) -> None:
        """The files of these events are gone from the tree."""
        self._rows = {row: event for row, event in self._rows.items() if event.event_id not in event_ids}
        for phase in (TreePhase.INDEXING, TreePhase.READY):
            self.state = replace(self.state, phase=phase, gone=self.state.gone + 1, events=len(self._rows))
            self._changed()

    async def open(self, number: int, changed: Callable[[], None]) -> None:
        if self.opening is not None:
            await self.opening.wait()
        if self.error is not None:
            raise self.error
        self.number = number
        await self.update()
        self.updates, self._changed = 0, changed

    async def update(self) -> None:
        self.updates += 1
        while self.waiting:
            self.add(self.waiting.pop(0), phase=TreePhase.READY)

    async def close(self) -> None:
        self.closed = True

    async def find(
        self, stretch: Stretch, clause: Clause, after: Key | None, limit: int, predicate: Predicate | None = None
    ) -> Rows:
        keys = [key for key in self._keys(stretch, clause) if _passes(predicate, self._rows[key.row_id])]
        if after is not None:
            keys = [key for key in keys if (-key.second, key.row_id) > (-after.second, after.row_id)]
        await asyncio.sleep(0)
        if self.broken is not None:
            raise self.broken
        return Rows.of(keys[:limit])

    async def find_new(
        self, since: int, stretch: Stretch, clause: Clause, predicate: Predicate | None = None
    ) -> tuple[Rows, int]:
        first = self.number * FIRST_ROW + (since + 1) * _SEGMENT
        keys, latest = [key for key in self._keys(stretch, clause) if key.row_id >= first], self.latest
        keys = [key for key in keys if _passes(predicate, self._rows[key.row_id])]
        await asyncio.sleep(0)
        return Rows.of(keys), latest

    async def match(self, predicate: Predicate, rows: Rows, stopped: Stopped) -> Matched:
        await asyncio.sleep(0)
        some = rows.ids[:PORTION]
        return Matched(len(some), [index for index, row in enumerate(some) if predicate(self._rows[row], REGION)])

    async def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        await asyncio.sleep(0)
        some = ids[:PORTION]
        there = [(index, self._rows[row]) for index, row in enumerate(some) if row in self._rows]
        read = [(index, event) for index, event in there if event.event_id not in self.gone]
        return Evaluated(len(some), [(index, evaluation(event, REGION)) for index, event in read])

    async def excluders(self, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        counts = Counter(tuple(predicate.excluders(self._rows[row], REGION)) for row in ids[:PORTION])
        return Excluded(len(ids[:PORTION]), [(terms, rows) for terms, rows in counts.items() if terms])

    async def count_facets(self, columns: Sequence[FieldColumn], ids: Sequence[int]) -> list[FoundValues]:
        return [self._found(column, ids) for column in columns]

    def _found(self, column: FieldColumn, ids: Sequence[int]) -> FoundValues:
        index_column, counts = COLUMNS[column.name], Counter[str]()
        for row in ids:
            text = derive(RecordView(self._rows[row], REGION))[0][INDEX_COLUMNS.index(index_column)]
            counts.update(set(facet_values(index_column, text, column.part)))
        digests, rows = array("q", map(text_digest, counts)), array("q", counts.values())
        return FoundValues(digests, rows, lambda indexes: [list(counts)[at] for at in indexes], SortedTotals)

    async def failed(self, ids: Sequence[int]) -> Sequence[int]:
        test = KINDS[EventKind.ERROR].test
        return [index for index, row in enumerate(ids) if test(RecordView(self._rows[row], REGION))]

    async def count_values(self, query: CountQuery) -> list[tuple[str, int]]:
        counts: Counter[str] = Counter()
        for key in self._keys(Stretch(0, 1 << 40), ())[: query.newest]:
            counts.update(set(self._values(query, self._rows[key.row_id])))
        values = [(value, count) for value, count in counts.items() if query.like is None or query.like(value)]
        return sorted(values, key=lambda pair: (-pair[1], pair[0]))[: query.most]

    async def rows_of(self, event_ids: Collection[str]) -> dict[str, list[Key]]:
        found: dict[str, list[Key]] = {}
        for row, event in self._rows.items():
            if event.event_id in event_ids:
                found.setdefault(event.event_id, []).append(Key(row, _second(event)))
        return found

    def digests(self, ids: Sequence[int]) -> "array[int]":
        return array("Q", (event_digest(self._rows[row].event_id) if row in self._rows else 0 for row in ids))

    async def rows_with(self, digests: Sequence[int], stretch: Stretch) -> dict[int, list[int]]:
        wanted, found = set(digests), dict[int, list[int]]()
        for key in self._keys(stretch, ()):
            if (digest := event_digest(self._rows[key.row_id].event_id)) in wanted:
                found.setdefault(digest, []).append(key.row_id)
        return found

    def event_ids(self, ids: Sequence[int]) -> dict[int, str]:
        return {row: self._rows[row].event_id for row in ids}

    async def first_times(self, row_id: int) -> FirstTimes | None:
        return FirstTimes((), caller_is_new=True, seconds=60)

    async def other_of_insight(self, row_id: int) -> datetime | None:
        return None

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        there = [(row, self._rows[row]) for row in ids if row in self._rows]
        return [
            StoredSummary(row, replace(summarize(event, REGION), name="not read"), far=True)
            if event.event_id in self.far
            else StoredSummary(row, summarize(event, REGION))
            for row, event in there
        ]

    async def read_far(self, ids: Sequence[int]) -> None:
        await asyncio.sleep(0)
        self.far -= {self._rows[row].event_id for row in ids}

    def event(self, row_id: int) -> Event:
        event = self._rows[row_id]
        if event.event_id in self.gone:
            raise FilesError("Log file", "This file is gone.")
        if event.event_id in self.far:
            raise RecordFar("Reading the record", "It is far away.")
        return event

    def file_of(self, row_id: int) -> FilePlace | None:
        return FilePlace(f"{self.state.path}/1.json.gz")

    def second(self, row_id: int) -> int | None:
        return None if row_id not in self._rows else _second(self._rows[row_id])

    def _keys(self, stretch: Stretch, clause: Clause) -> list[Key]:
        keys = [
            Key(row, _second(event))
            for row, event in self._rows.items()
            if _second(event) in stretch and (not clause or any(has(event, attribute) for attribute in clause))
        ]
        return sorted(keys, key=lambda key: (-key.second, key.row_id))

    def _values(self, query: CountQuery, event: Event) -> Sequence[str]:
        if callable(query.source):
            return list(query.source(event, REGION))
        texts, _ = derive(RecordView(event, REGION))
        column = COLUMNS[query.source.name]
        return values_in(column, texts[INDEX_COLUMNS.index(column)], query.source.part)


def _passes(predicate: Predicate | None, event: Event) -> bool:
    return predicate is None or predicate(event, REGION)


def _second(event: Event) -> int:
    return int(event.time.timestamp())
