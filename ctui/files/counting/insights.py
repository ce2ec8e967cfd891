"""Finds the other of the two Insights events about one stretch: its start for its end, and its end for its start."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import numpy as np

from ctui.files.asking.portions import first_id, segment_and_place, text_at
from ctui.files.asking.tree_index import TreeIndex
from ctui.files.counting.counted_values import Evaluate
from ctui.model.event.event import Event
from ctui.model.event.insight import insight_of
from ctui.model.event.kind import EventKind
from ctui.model.event.record import decode_record
from ctui.model.event.summary import Insight
from ctui.store.columns import Column
from ctui.store.index.table_line import KIND_BITS

_ALIKE: Final = ("name", "account", "region")
"""Both events are about calls of one name, in one account and Region."""


def other_of_insight(index: TreeIndex, tree: int, evaluate: Evaluate, row_id: int) -> datetime | None:
    """The time of the event that has the start or the end of the same stretch; None if it is not in this tree, whose
    number is `tree`. The two share an ID in their records."""
    number, place = segment_and_place(row_id)
    segment = index.segment(number)
    own = next((insight for _, (insight, _) in evaluate([row_id], _read).results), None)
    if own is None or not own.shared_id:
        return None
    alike = sorted(_rows_like(index, tree, [text_at(segment, column, place) for column in _ALIKE]), reverse=True)
    ids = [row for _, row in alike if row != row_id]
    while ids:
        evaluated = evaluate(ids, _read)
        for _, (insight, time) in evaluated.results:
            if insight is not None and insight.shared_id == own.shared_id and insight.ended is not own.ended:
                return time
        ids = ids[evaluated.scanned :]
    return None


def _read(event: Event, region: str) -> tuple[Insight | None, datetime]:
    return insight_of(decode_record(event.record)), event.time


def _rows_like(index: TreeIndex, tree: int, texts: list[Column]) -> Iterator[tuple[int, int]]:
    """Second and id of each row of an Insights event that has these texts."""
    for one in index.segments():
        segment, alive = index.segment(one.number), index.alive(one)
        is_insight = segment.has_kinds(KIND_BITS[EventKind.INSIGHT])
        for place in np.flatnonzero(is_insight if alive is None else is_insight & alive).tolist():
            if [text_at(segment, column, place) for column in _ALIKE] == texts:
                yield int(segment.seconds[place]), first_id(tree, one.number) + place
