"""Segments made of events, as decoders make them of log files, for tests of what reads them."""

from array import array
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ctui.files.segment import ROWS, Place, Segment, SegmentBuilder
from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.filter.predicate import Predicate
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import FIRST_ROW
from ctui.store.columns import second_of
from ctui.store.index.index_row import derive
from ctui.store.index.matching import Matched
from ctui.store.reading import Evaluated
from ctui.store.search import Rows

T = TypeVar("T")


class SegmentAtAGlance(NamedTuple):
    """A segment as an index lists it."""

    number: int
    rows: int
    newest: int
    oldest: int


class MadeSegments:
    """Segments of events, numbered from 1 on, of tree 1. The place of a record is the event's number among all."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.region = "eu-west-1"
        """The Region of events that name none."""
        self._segments: dict[int, Segment] = {}
        self._alive: dict[int, NDArray[np.bool_]] = {}

    def add(self, events: Sequence[Event]) -> int:
        """Make a segment of at least one event; returns its number."""
        builder = SegmentBuilder()
        for number, event in enumerate(events, len(self.events)):
            texts, kinds = derive(RecordView(event, self.region))
            builder.add(second_of(event.time), event_digest(event.event_id), Place(1, number, 0), kinds, texts)
        self.events += events
        number = max(self._segments, default=0) + 1
        self._segments[number] = Segment(number, builder.parts().__getitem__)
        return number

    def scatter(self, events: Sequence[Event], random: Random, most: int = 4) -> None:
        """Make segments of events, up to so many, any event in any of them."""
        parts: list[list[Event]] = [[] for _ in range(random.randint(1, most))]
        for event in events:
            random.choice(parts).append(event)
        for part in filter(None, parts):
            self.add(part)

    def segments(self) -> list[SegmentAtAGlance]:
        """All segments, the one with the newest row first."""
        of_segments = [
            SegmentAtAGlance(number, len(one), int(one.seconds[0]), int(one.seconds[-1]))
            for number, one in self._segments.items()
        ]
        return sorted(of_segments, key=lambda one: -one.newest)

    def file(self, file: int) -> None:
        """No log file: records come from `event`."""

    def absolute(self, path: bytes) -> bytes:
        """There is no file, and no folder."""
        return path

    def alive(self, entry: SegmentAtAGlance) -> NDArray[np.bool_] | None:
        """Which rows of a segment are still there; None for all."""
        return self._alive.get(entry.number)

    def leave(self, ids: Sequence[int]) -> None:
        """Rows leave their segments, as those of a removed file do."""
        for row_id in ids:
            number, place = row_id % FIRST_ROW // ROWS, row_id % ROWS
            alive = self._alive.get(number, np.ones(len(self._segments[number]), np.bool_))
            self._alive[number] = alive & (np.arange(len(alive)) != place)

    def segment(self, number: int) -> Segment:
        """A segment by its number."""
        return self._segments[number]

    def event(self, row_id: int) -> Event:
        """The event of a row."""
        segment = self._segments[row_id % FIRST_ROW // ROWS]
        return self.events[segment.place(row_id % ROWS).start]

    def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        """As `LogFiles.evaluate`, three rows in a portion."""
        return Evaluated(
            len(ids[:3]), [(at, evaluation(self.event(row), self.region)) for at, row in enumerate(ids[:3])]
        )

    def match(self, predicate: Predicate, rows: Rows) -> Matched:
        """As `LogFiles.match`, three rows in a portion."""
        some = rows.ids[:3]
        return Matched(len(some), [at for at, row in enumerate(some) if predicate(self.event(row), self.region)])

    def ids(self) -> "array[int]":
        """All rows in the order of queries: newest second first, then by id."""
        rows = [
            (-int(second), FIRST_ROW + number * ROWS + place)
            for number, segment in self._segments.items()
            for place, second in enumerate(segment.seconds)
            if number not in self._alive or self._alive[number][place]
        ]
        return array("q", (row_id for _, row_id in sorted(rows)))
