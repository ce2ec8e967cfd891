"""Converts texts, times and event IDs to column values and back, without loss."""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

Column = str | bytes | int | None
"""What a column may hold."""
NO_TIME: Final = datetime.fromtimestamp(0, UTC)
"""Replaces the time of a damaged row."""
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AS_JSON = "json:"
"""Begins an event ID that is stored as a JSON string."""


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
        return column if isinstance(column, str) else None
    try:
        return column.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return column.decode("utf-8", "replace")


def packed_id(event_id: str) -> str | bytes:
    """An event ID as a column value: 16 bytes for a UUID in its usual form, else its text, as JSON if that is needed
    to keep two IDs apart."""
    if len(event_id) == 36 and _UUID.fullmatch(event_id):
        return bytes.fromhex(event_id.replace("-", ""))
    column = packed(event_id)
    if isinstance(column, str) and not column.startswith(_AS_JSON):
        return column
    return _AS_JSON + json.dumps(event_id)


def unpacked_id(column: Column) -> str:
    """The event ID of a column value made by `packed_id`; "" for a damaged one."""
    if isinstance(column, bytes):
        digits = column.hex()
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    if not isinstance(column, str):
        return ""
    if not column.startswith(_AS_JSON):
        return column
    try:
        event_id = json.loads(column.removeprefix(_AS_JSON))
    except ValueError:
        return ""
    return event_id if isinstance(event_id, str) else ""


def packed_list(texts: Iterable[str | None]) -> list[str | list[int] | None]:
    """Texts as they stand in a JSON list. Half a surrogate pair would become whole next to the other half, so a text
    with one is a list of its characters' numbers."""
    return [None if text is None else packed_item(text) for text in texts]


def packed_item(text: str) -> str | list[int]:
    """One of such texts."""
    return text if isinstance(packed(text), str) else [ord(char) for char in text]


def unpacked_item(item: object) -> str | None:
    """The text of an item of such a list. Raises TypeError or ValueError for anything else."""
    if item is None or isinstance(item, str):
        return item
    if not isinstance(item, list):
        raise TypeError(item)
    return "".join(map(chr, item))


def resource_pairs(column: Column) -> list[tuple[str | None, str | None]]:
    """Type and name of each resource in a column `resources`; empty if there are none or it is damaged."""
    if column is None:
        return []
    try:
        return [(unpacked_item(kind), unpacked_item(name)) for kind, name in json.loads(column)]  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        return []


def second_of(instant: datetime) -> int:
    """The epoch second of an instant."""
    return int(instant.timestamp() // 1)


def instant_of(second: int) -> datetime:
    """The instant at which an epoch second begins, UTC."""
    return datetime.fromtimestamp(second, UTC)


def instant_or_none(column: Column) -> datetime | None:
    """The instant in a column `time`, or None if the row is damaged."""
    try:
        return instant_of(column)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return None
