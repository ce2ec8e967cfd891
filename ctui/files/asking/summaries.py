"""The table lines of rows, from their columns; from their records only where the columns do not say them."""

from collections.abc import Sequence

from ctui.files.asking.portions import portions_of, text_at
from ctui.files.asking.records import Records
from ctui.files.asking.tree_index import TreeIndex
from ctui.files.segment import Segment
from ctui.model.event.summarize import summarize
from ctui.model.event.summary import Summary
from ctui.store.index.table_line import DERIVATION, LINE_COLUMNS, StoredSummary, line_of


def summaries(index: TreeIndex, records: Records, ids: Sequence[int]) -> list[StoredSummary]:
    """The lines of these rows, in their order, without those whose records are needed and cannot be read."""
    found: dict[int, Summary] = {}
    for number, places, indexes in portions_of(ids):
        segment = index.segment(number)
        for place, at in zip(places.tolist(), indexes.tolist(), strict=True):
            if (summary := _line(segment, place) or _read(records, ids[at])) is not None:
                found[at] = summary
    return [StoredSummary(ids[at], found[at]) for at in sorted(found)]


def _line(segment: Segment, place: int) -> Summary | None:
    texts = {name: text_at(segment, name, place) for name in LINE_COLUMNS}
    return line_of(int(segment.seconds[place]), int(segment.kinds[place]), DERIVATION, texts)


def _read(records: Records, row_id: int) -> Summary | None:
    return next((summary for _, summary in records.evaluate([row_id], summarize).results), None)
