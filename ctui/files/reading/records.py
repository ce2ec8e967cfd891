"""Events of rows: their records are read from the log files, at the places that the index knows."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from ctui.files.asking.portions import segment_and_place
from ctui.files.asking.tree_index import TreeIndex
from ctui.files.event_of_record import event_of, region_of
from ctui.files.reading.records_text import FileGone, FileTexts
from ctui.files.segment import Place, Segment
from ctui.model.event.event import Event
from ctui.model.log_files.event_digest import event_digest
from ctui.store.reading import EVALUATED_AT_ONCE, Evaluated

T = TypeVar("T")


class Records:
    """The records of the rows of one tree. Used from any thread."""

    def __init__(self, index: TreeIndex, stopped: Callable[[], bool] = lambda: False) -> None:
        """Once `stopped`, reading ends soon, with an error."""
        self._index = index
        self.texts = FileTexts(index, stopped)

    def event(self, row_id: int, most: int | None = None) -> Event:
        """The event of a row. Raises FileGone if its log file has changed since it was indexed, or is gone, and
        RecordFar if more than `most` bytes have to be inflated for it."""
        number, row = segment_and_place(row_id)
        segment = self._index.segment(number)
        place = segment.place(row)
        return self.event_at(segment, row, place, self.texts.record(place, most))

    def event_at(self, segment: Segment, row: int, place: Place, record: str) -> Event:
        """The event of a row whose record was read. Raises FileGone if it is the record of another event."""
        event = event_of(record, int(segment.seconds[row]))
        if event_digest(event.event_id) != int(segment.ids[row]):
            raise self.texts.changed(place.file)
        return event

    def read_far(self, ids: Sequence[int]) -> None:
        """Read the records of some rows, however far they are, so that `event` has them then."""
        for place in sorted(self._index.segment(number).place(row) for number, row in map(segment_and_place, ids)):
            self.texts.read_far(place)

    def region(self, place: Place, record: str) -> str:
        """The Region of an event that was read."""
        return region_of(record, self.texts.indexed(place.file).region)

    def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        """Call `evaluation` with events and their Regions, in the order of `ids`, without rows whose records cannot be
        read. Ends after some hundred events."""
        some = ids[:EVALUATED_AT_ONCE]
        found = {index: evaluation(event, region) for index, event, region in self._events(some)}
        return Evaluated(len(some), sorted(found.items()))

    def event_ids(self, ids: Sequence[int]) -> dict[int, str]:
        """The event ID of each of these rows, without those whose records cannot be read."""
        return {ids[index]: event.event_id for index, event, _ in self._events(ids)}

    def _events(self, ids: Sequence[int]) -> Iterator[tuple[int, Event, str]]:
        """(index among the ids, event, Region), file by file: each is inflated once."""
        rows = []
        for index, row_id in enumerate(ids):
            number, row = segment_and_place(row_id)
            segment = self._index.segment(number)
            rows.append((segment.place(row), index, segment, row))
        for place, index, segment, row in sorted(rows, key=lambda one: one[0]):
            try:
                record = self.texts.record(place)
                yield index, self.event_at(segment, row, place, record), self.region(place, record)
            except FileGone:
                # It is said where the event itself is asked for.
                continue
