"""Table lines of rows, from their columns; from the record only where columns do not say it."""

from collections.abc import Sequence
from dataclasses import replace

from ctui.errors import RecordFar
from ctui.files.asking.portions import segment_and_place
from ctui.files.asking.tree_index import TreeIndex
from ctui.files.reading.records import Records
from ctui.files.reading.records_text import FileGone
from ctui.files.segment import Segment
from ctui.model.event.summarize import summarize
from ctui.model.event.summary import Summary
from ctui.store.index.table_line import BY_RECORD, DERIVATION, LINE_COLUMNS, StoredSummary, line_of


def summaries(index: TreeIndex, records: Records, ids: Sequence[int]) -> list[StoredSummary]:
    """The table lines of these rows, in the order of `ids`. Raises FilesError."""
    lines = []
    for row_id in ids:
        number, row = segment_and_place(row_id)
        segment = index.segment(number)
        line, far = _line(segment, row, 0), False
        if line is None:
            try:
                line = _by_record(segment, row, records)
            except RecordFar:
                line, far = _by_columns(segment, row), True
        lines.append(StoredSummary(row_id, line, far))
    return lines


def _line(segment: Segment, row: int, but: int) -> Summary | None:
    """The line as columns say it; as if the event had none of the kinds `but`."""
    texts = {name: segment.texts(name).text(int(segment.numbers(name)[row])) for name in LINE_COLUMNS}
    return line_of(int(segment.seconds[row]), int(segment.kinds[row]) & ~but, DERIVATION, texts)


def _by_record(segment: Segment, row: int, records: Records) -> Summary:
    place = segment.place(row)
    try:
        record = records.texts.record(place, 0)
        return summarize(records.event_at(segment, row, place, record), records.region(place, record))
    except FileGone:
        return replace(_by_columns(segment, row), unreadable=True)


def _by_columns(segment: Segment, row: int) -> Summary:
    line = _line(segment, row, BY_RECORD)
    assert line is not None, "columns say what they have"
    return line
