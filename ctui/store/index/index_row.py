"""The columns of the index: what of an event a filter line can name, as ids of texts in the dictionary.

The columns up to `resources` hold what the service sent around the record, unchanged. The others are derived from the
record by the model's rules.
"""

import json
import sqlite3
from collections.abc import Callable
from enum import Enum, auto
from functools import lru_cache
from typing import Any, Final

from ctui.model.event.event import Resource
from ctui.model.event.record_view import RecordView
from ctui.model.filter.kinds import KINDS
from ctui.model.values import dataclass
from ctui.store.columns import Column, packed, packed_item, packed_list, resource_pairs, unpacked
from ctui.store.index.table_line import DERIVATION, KIND_BITS, UNNAMED, texts_in

OLDER_ROWS: Final = "event INDEXED BY event_by_derivation WHERE derived < ?"
"""SQL for the rows of older rules, with DERIVATION as its value."""


def has_older_rows(connection: sqlite3.Connection) -> bool:
    """True if there are rows of older rules. Cheap, and waits for no other process."""
    return connection.execute(f"SELECT 1 FROM {OLDER_ROWS} LIMIT 1", (DERIVATION,)).fetchone() is not None


class Form(Enum):
    """How the values of a column stand in the dictionary."""

    TEXT = auto()
    """One text; a row without it has NULL."""
    TEXTS = auto()
    """A JSON list of texts; NULL for none."""
    PAIRS = auto()
    """A JSON list of pairs (type, name) of texts or null; NULL for none."""


Value = str | tuple[str, ...] | tuple[Resource, ...] | None


@dataclass(frozen=True, slots=True)
class IndexColumn:
    """A column of the event table whose values are in the dictionary."""

    name: str
    number: int
    """Under which the dictionary has its texts; never another column's."""
    form: Form
    read: Callable[[RecordView], Value]
    """The value of an event. "" and () are stored as such for what the service sent, and as NULL if they are
    derived."""
    sent: bool = False
    """True if the service sends it, so that "" and None differ."""
    ordered: bool = True
    """True if an index lists its rows by time: a value is found without reading others."""
    also: str = ""
    """The name of a column whose value is one of this column's values too, whether it stands here or not."""


def _text_at(view: RecordView, key: str) -> str:
    value = view.head.get(key)
    return value if isinstance(value, str) else ""


def _caller(view: RecordView) -> tuple[str, ...]:
    caller = view.who.caller
    return (caller.user, caller.role) if caller.user or caller.role else ()


def _who(view: RecordView) -> tuple[str, ...]:
    """Every name of who acted, without the access key: a session has another one each time, and nothing else new.

    A key that comes first, or is none of AWS's, may be all that says who acted (`sightings.principal_of`).
    """
    names, key = view.names(), view.event.access_key_id
    return _without(names, key) if key and names[0] != key and key.startswith(("AKIA", "ASIA")) else names


@lru_cache(maxsize=1024)
def _without(names: tuple[str, ...], key: str) -> tuple[str, ...]:
    return tuple(name for name in names if name != key)


@lru_cache(maxsize=1024)
def _listed(values: tuple[str, ...] | tuple[Resource, ...]) -> str:
    """The values as a JSON list. Most events have the ones of another event."""
    return json.dumps(
        [packed_list((one.type, one.name)) if isinstance(one, Resource) else packed_item(one) for one in values]
    )


def _encoder(column: IndexColumn) -> Callable[[Any], str | bytes | None]:
    """What makes the text for the dictionary of a column's value."""
    if column.sent:
        return packed
    if column.form is Form.TEXT:
        return lambda value: packed(value) if value else None
    return lambda values: _listed(values) if values else None


INDEX_COLUMNS: Final = (
    IndexColumn("name", 1, Form.TEXT, lambda view: view.event.name, sent=True),
    IndexColumn("source", 2, Form.TEXT, lambda view: view.event.source, sent=True),
    IndexColumn("username", 3, Form.TEXT, lambda view: view.event.username, sent=True),
    IndexColumn("read_only", 4, Form.TEXT, lambda view: view.event.read_only, sent=True, ordered=False),
    IndexColumn("access_key_id", 5, Form.TEXT, lambda view: view.event.access_key_id, sent=True),
    IndexColumn("resources", 6, Form.PAIRS, lambda view: view.event.resources),
    IndexColumn("caller", 7, Form.TEXTS, _caller, ordered=False),
    IndexColumn("role", 8, Form.TEXT, lambda view: view.role()),
    IndexColumn("session", 9, Form.TEXTS, lambda view: view.sessions()),
    IndexColumn("who", 10, Form.TEXTS, _who, also="access_key_id"),
    IndexColumn("error", 11, Form.TEXTS, lambda view: view.errors()),
    IndexColumn("ip", 12, Form.TEXT, lambda view: _text_at(view, "sourceIPAddress")),
    IndexColumn("agent", 13, Form.TEXT, lambda view: _text_at(view, "userAgent")),
    IndexColumn("mfa", 14, Form.TEXT, lambda view: view.mfa().value, ordered=False),
    IndexColumn("account", 15, Form.TEXT, lambda view: view.account(), ordered=False),
    IndexColumn("region", 16, Form.TEXT, lambda view: _text_at(view, "awsRegion") or view.region, ordered=False),
)
"""In the order of the table."""
COLUMN_NAMES: Final = ", ".join(column.name for column in INDEX_COLUMNS)
COLUMNS: Final = {column.name: column for column in INDEX_COLUMNS}
"""By name."""
_READERS: Final = tuple((column.read, _encoder(column)) for column in INDEX_COLUMNS)
_TESTS: Final = tuple((bit, KINDS[kind].test) for kind, bit in KIND_BITS.items())


def derive(view: RecordView) -> tuple[list[str | bytes | None], int]:
    """The texts of an event's columns as the dictionary has them, in their order, and the bits of its kinds."""
    texts = [encode(read(view)) for read, encode in _READERS]
    bits = 0 if view.event.name and view.event.source else UNNAMED
    for bit, test in _TESTS:
        if test(view):
            bits |= bit
    return texts, bits


def values_in(column: IndexColumn, stored: Column, part: int | None) -> tuple[str, ...]:
    """The values that a text of the dictionary stands for, without empty ones: of a list all of them, of pairs one
    part each. Empty if the text is damaged."""
    if column.form is Form.TEXT:
        value = unpacked(stored)
        return (value,) if value else ()
    if column.form is Form.PAIRS:
        return tuple(value for pair in resource_pairs(stored) if (value := pair[part or 0]))
    return tuple(value for value in texts_in(stored) if value)
