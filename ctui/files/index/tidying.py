"""Tidies up an index before its rows are shown: rows of files that have left, and many small segments.

Row ids change by it, so no other process may have the index open.
"""

import sqlite3
from collections.abc import Iterator
from functools import partial
from typing import Final

from ctui.files.index import tables
from ctui.files.index.container import GONE_PART, unpacked_rows
from ctui.files.index.joining import Chosen, joined
from ctui.files.index.tables import FileState, SegmentEntry
from ctui.files.segment import ROWS, Segment

_SMALL: Final = ROWS // 4
"""Rows of a segment that is joined with others, when there are many such."""
_MANY: Final = 40
"""Small segments that may stay: opening and asking takes each some hundredths of a millisecond."""
_MOST: Final = 16
"""Segments with rows that are gone which are written again at one opening: a second at most."""


def tidy(connection: sqlite3.Connection) -> None:
    """Tidy up. It may end anywhere: each step is a transaction. Raises Untrusted and sqlite3.Error."""
    segments = tables.segments(connection)
    untidy = sorted((segment for segment in segments if segment.gone), key=lambda segment: -segment.gone)[:_MOST]
    small = [segment for segment in segments if segment.rows - segment.gone < _SMALL]
    if len(small) > _MANY:
        untidy += [segment for segment in small if segment not in untidy]
    for group in _groups(sorted(untidy, key=lambda segment: (-segment.newest, segment.number))):
        _join(connection, group)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM file WHERE state = ?", (FileState.GONE,))
    connection.execute("COMMIT")


def _groups(segments: list[SegmentEntry]) -> Iterator[list[SegmentEntry]]:
    """Neighbors whose rows fit into one segment."""
    group: list[SegmentEntry] = []
    rows = 0
    for segment in segments:
        left = segment.rows - segment.gone
        if group and rows + left > ROWS:
            yield group
            group, rows = [], 0
        group.append(segment)
        rows += left
    if group:
        yield group


def _join(connection: sqlite3.Connection, group: list[SegmentEntry]) -> None:
    chosen: list[Chosen] = []
    for entry in group:
        segment = Segment(entry.number, partial(tables.part, connection, entry.number))
        alive = unpacked_rows(tables.part(connection, entry.number, GONE_PART), entry.rows) if entry.gone else None
        chosen.append((segment, alive))
    rows = sum(entry.rows - entry.gone for entry in group)
    parts = joined(chosen) if rows else {}
    connection.execute("BEGIN IMMEDIATE")
    try:
        if rows:
            seconds = Segment(0, parts.__getitem__).seconds
            tables.add_segment(connection, rows, int(seconds[0]), int(seconds[-1]), parts)
        for entry in group:
            tables.drop_segment(connection, entry.number)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
