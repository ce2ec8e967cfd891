"""Segments made of events, as decoders make them of log files, for tests of what reads them."""

from array import array
from collections.abc import Sequence
from random import Random

from ctui.files.segment import ROWS, Place, Segment, SegmentBuilder
from ctui.model.event.event import Event
from ctui.model.event.record_view import RecordView
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import FIRST_ROW
from ctui.store.columns import second_of
from ctui.store.index.index_row import derive


class MadeSegments:
    """Segments of events, numbered from 1 on, of tree 1. The place of a record is the event's number among all."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.region = "eu-west-1"
        """The Region of events that name none."""
        self._segments: dict[int, Segment] = {}

    @property
    def numbers(self) -> list[int]:
        """The numbers of the segments."""
        return list(self._segments)

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

    def drop(self, number: int) -> None:
        """Drop a segment: its rows are gone."""
        del self._segments[number]

    def segment(self, number: int) -> Segment | None:
        """A segment by its number, or None."""
        return self._segments.get(number)

    def event(self, row_id: int) -> Event:
        """The event of a row."""
        segment = self._segments[row_id % FIRST_ROW // ROWS]
        return self.events[segment.place(row_id % ROWS).start]

    def ids(self) -> "array[int]":
        """All rows in the order of queries: newest second first, then by id."""
        rows = [
            (-int(second), FIRST_ROW + number * ROWS + place)
            for number, segment in self._segments.items()
            for place, second in enumerate(segment.seconds)
        ]
        return array("q", (row_id for _, row_id in sorted(rows)))
