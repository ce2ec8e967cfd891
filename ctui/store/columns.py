"""Converts events and their summaries to columns and back, without loss."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ctui.model.event.event import Event, Oddity, Resource
from ctui.model.event.summary import Summary
from ctui.model.filter.prefilter import is_plain

Column = str | bytes | int | None
"""What a column may hold."""
_NO_TIME = datetime.fromtimestamp(0, UTC)
"""Replaces the time of a damaged row."""

CELLS = 3
"""Version of the rules that make the cells of an event (`model.event.summary`). Raise it whenever a cell changes.

Cells of an older version are made again from the record when they are read, a screenful at a time: making all of them
when the file is opened would take half a minute for a million events."""
SUMMARY_COLUMNS = (
    "id, time, cell_name, cell_user, cell_role, cell_source, cell_resource, cell_more, cell_region, "
    "cell_error, cell_write, cell_root, cells, cell_ip, cell_notable"
)
EVENT_COLUMNS = "event_id, time, name, source, username, read_only, access_key_id, resources, record"
JOINED_EVENT_COLUMNS = ", ".join(f"event.{column}" for column in EVENT_COLUMNS.split(", "))
"""The same in a join with another table."""


@dataclass(frozen=True, slots=True)
class StoredSummary:
    """The line of the event table for a row of the store."""

    row_id: int
    """The event's id in this store; never given to another event."""
    summary: Summary
    current: bool = True
    """False if the summary was made by older rules."""


def packed(text: str | None) -> str | bytes | None:
    """A text as a column value. JSON escapes allow half a surrogate pair; such text is not UTF-8 and becomes bytes."""
    if text is None or text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def unpacked(column: Column) -> str | None:
    """The text of a column value made by `packed`; of a damaged one what is readable."""
    if not isinstance(column, bytes):
        return column  # type: ignore[return-value]
    try:
        return column.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return column.decode("utf-8", "replace")


def resource_pairs(column: Column) -> list[tuple[str | None, str | None]]:
    """Type and name of each resource in a column `resources`; empty if it is damaged."""
    try:
        pairs = [(kind, name) for kind, name in json.loads(column)]  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return []
    are_texts = all(part is None or isinstance(part, str) for pair in pairs for part in pair)
    return pairs if are_texts else []


def second_of(instant: datetime) -> int:
    """The epoch second of an instant."""
    return int(instant.timestamp() // 1)


def instant_of(second: int) -> datetime:
    """The instant at which an epoch second begins, UTC."""
    return datetime.fromtimestamp(second, UTC)


def _instant(column: Column) -> datetime | None:
    """The instant in a column `time`, or None if the row is damaged."""
    try:
        return instant_of(column)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def row_of(event: Event, summary: Summary) -> dict[str, Column]:
    """All columns of an event except id, scope and category, by name.

    A record is stored as text if SQL searches it as our filter does, otherwise as bytes.
    """
    return {
        "event_id": packed(event.event_id),
        "time": second_of(event.time),
        "cell_name": packed(summary.name),
        "cell_user": packed(summary.user),
        "cell_role": packed(summary.role),
        "cell_source": packed(summary.source),
        "cell_resource": packed(summary.resource),
        "cell_more": summary.more_resources,
        "cell_region": packed(summary.region),
        "cell_error": packed(summary.error),
        "cell_write": int(summary.write),
        "cell_root": int(summary.root),
        "cells": CELLS,
        "cell_ip": packed(summary.ip),
        "cell_notable": int(summary.notable),
        "name": packed(event.name),
        "source": packed(event.source),
        "username": packed(event.username),
        "read_only": packed(event.read_only),
        "access_key_id": packed(event.access_key_id),
        "resources": json.dumps([[resource.type, resource.name] for resource in event.resources]),
        "record": event.record if is_plain(event.record) else event.record.encode("utf-8", "surrogatepass"),
    }


def event_from(row: tuple[Any, ...]) -> Event:
    """The event of a row of `EVENT_COLUMNS`, as it was inserted; of a damaged row what is readable.

    What was odd about the event is read by `oddities.read_oddity`.
    """
    event_id, second, name, source, username, read_only, access_key_id, resources, record = row
    instant = _instant(second)
    damage = None if instant else Oddity((f"The store is damaged: the event's time is {second!r}",), True, timed=False)
    return Event(
        event_id=unpacked(event_id) or "",
        time=instant or _NO_TIME,
        name=unpacked(name),
        source=unpacked(source),
        username=unpacked(username),
        read_only=unpacked(read_only),
        access_key_id=unpacked(access_key_id),
        resources=tuple(Resource(kind, label) for kind, label in resource_pairs(resources)),
        record=unpacked(record) or "",
        oddity=damage,
    )


def summary_from(row: tuple[Any, ...]) -> StoredSummary:
    """The table line of a row of `SUMMARY_COLUMNS`."""
    row_id, second, name, user, role, source, resource, more, region, error, write, root, cells, ip, notable = row
    instant = _instant(second)
    return StoredSummary(
        row_id,
        Summary(
            time=instant or _NO_TIME,
            name=unpacked(name) or "",
            user=unpacked(user) or "",
            role=unpacked(role) or "",
            source=unpacked(source) or "",
            resource=unpacked(resource) or "",
            more_resources=more if isinstance(more, int) else 0,
            region=unpacked(region) or "",
            error=unpacked(error) or "",
            write=bool(write),
            root=bool(root),
            unreadable=instant is None,
            timed=instant is not None,
            notable=bool(notable),
            ip=unpacked(ip) or "",
        ),
        current=cells == CELLS,
    )
