"""Rows of the index: made of events, written, and read as events and table lines."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from ctui.model.event.event import Event, Oddity, Resource
from ctui.model.event.record_view import RecordView
from ctui.model.event.summarize import summarize
from ctui.store.blocks.block import Entry, NotReadable, write_blocks
from ctui.store.columns import (
    NO_TIME,
    Column,
    instant_or_none,
    packed_id,
    resource_pairs,
    second_of,
    unpacked,
    unpacked_id,
)
from ctui.store.index.connections import reading_of, records_of, writing_of
from ctui.store.index.index_row import COLUMN_NAMES, INDEX_COLUMNS, derive
from ctui.store.index.table_line import DERIVATION, LINE_COLUMNS, StoredSummary, line_of

_OWN = ("id", "time", "kinds", "derived", "block", "ordinal", "event_id")
ROW: Final = ", ".join(f"event.{name}" for name in (*_OWN, *(column.name for column in INDEX_COLUMNS)))
"""The columns that make an event or a table line, in this order."""
_WORDS = len(_OWN)
_INSERT = (
    f"INSERT INTO event (id, scope, time, kinds, derived, block, ordinal, event_id, {COLUMN_NAMES}) "
    f"VALUES ({', '.join('?' * (8 + len(INDEX_COLUMNS)))})"
)
_AT = {column.name: _WORDS + number for number, column in enumerate(INDEX_COLUMNS)}


class NewRow(NamedTuple):
    """What is written for an event."""

    event: Event
    second: int
    stored_id: str | bytes
    texts: Sequence[str | bytes | None]
    """In the order of `INDEX_COLUMNS`."""
    kinds: int


def new_row(event: Event, region: str) -> NewRow:
    """The row of an event that was looked up in a Region."""
    texts, kinds = derive(RecordView(event, region))
    return NewRow(event, second_of(event.time), packed_id(event.event_id), texts, kinds)


def insert_rows(connection: sqlite3.Connection, scope_row: int, rows: Sequence[NewRow], ids: Sequence[int]) -> None:
    """Write rows under these ids, their texts and their records. Call it inside a transaction.

    None of the ids and none of the events may be there.
    """
    addresses = write_blocks(connection, scope_row, [Entry(row.second, row.event.record) for row in rows])
    words = writing_of(connection).ids([row.texts for row in rows])
    connection.executemany(
        _INSERT,
        [
            (row_id, scope_row, row.second, row.kinds, DERIVATION, *address, row.stored_id, *of_row)
            for row_id, row, address, of_row in zip(ids, rows, addresses, words, strict=True)
        ],
    )


def event_of(connection: sqlite3.Connection, row: Sequence[Any]) -> Event:
    """The event of a row (`ROW`), as it was stored; of a damaged row what is readable.

    What was odd about the event is read by `oddities.read_oddity`.
    """
    _, second, _, _, block, ordinal, event_id, *words = row
    texts = reading_of(connection).texts(words[:6])
    instant, reasons = instant_or_none(second), []
    try:
        record = records_of(connection).read(block, ordinal)
    except NotReadable:
        record = ""
        reasons.append("The store is damaged: the event's record cannot be read")
    if instant is None:
        reasons.append(f"The store is damaged: the event's time is {second!r}")
    oddity = Oddity(tuple(reasons), True, timed=instant is not None) if reasons else None
    sent = (texts[word] for word in words[:6])
    return sent_event(unpacked_id(event_id), instant or NO_TIME, sent, record, oddity)


def sent_event(
    event_id: str, time: datetime, sent: Iterable[Column], record: str, oddity: Oddity | None = None
) -> Event:
    """An event of what the service sent: name, source, username, readOnly, access key and resources, as columns have
    them."""
    name, source, username, read_only, key, resources = sent
    return Event(
        event_id=event_id,
        time=time,
        name=unpacked(name),
        source=unpacked(source),
        username=unpacked(username),
        read_only=unpacked(read_only),
        access_key_id=unpacked(key),
        resources=tuple(Resource(kind, label) for kind, label in resource_pairs(resources)),
        record=record,
        oddity=oddity,
    )


def summaries_of(connection: sqlite3.Connection, rows: Sequence[Sequence[Any]]) -> Iterable[StoredSummary]:
    """The table lines of rows (`ROW`, followed by the Region that was looked up).

    Lines that the columns do not say (see `line_of`) are made from their records.
    """
    texts = reading_of(connection).texts({word for row in rows for word in row[_WORDS:-1]})
    for row in rows:
        row_id, second, kinds, derived = row[:4]
        line = line_of(second, kinds, derived, {name: texts[row[_AT[name]]] for name in LINE_COLUMNS})
        yield StoredSummary(row_id, summarize(event_of(connection, row[:-1]), row[-1]) if line is None else line)
