"""Finds the stored events of a stretch of time that the service would return for a lookup."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from ctui.model.connection import Scope
from ctui.model.filter.fields import FIELDS
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import Clause, LookupAttribute
from ctui.store.columns import Column, packed, resource_pairs
from ctui.store.scopes import SCOPE_ID, scope_values

ROWS_AT_ONCE = 5000
"""Rows returned at once: merging them takes some milliseconds."""

_MOST_SOUGHT = 100
"""Values that SQL looks for in resources; SQLite refuses a condition that is nested deeper."""
_COUNTED = 2000
"""Events counted to estimate how frequent an attribute is: 1 ms for a few attributes, 6 to 18 for 50 (measured)."""
_FOR_ATTRIBUTES = 50
"""Attributes for which so many events are counted; fewer events if there are more of them."""
_COLUMNS = {field.attribute: field.column for field in FIELDS.values() if field.attribute and field.column}
PLAIN_COLUMNS = {key: column.name for key, column in _COLUMNS.items() if column.part is None}
"""The columns of attributes of which an event has one value."""
_MAY_HAVE_ANY = "id IN (SELECT event FROM oddity WHERE lost)"
"""An event that could not be read in full may have any attribute."""
RESOURCE_INDEX = {key: column.part for key, column in _COLUMNS.items() if column.part is not None}
"""Index of each attribute of a resource in a pair of the `resources` column."""


class Key(NamedTuple):
    """A row in the order of queries: newest second first, then by id."""

    row_id: int
    second: int


@dataclass(frozen=True, slots=True)
class Search:
    """What to find. An attribute is compared with what the service sent, exactly and case-sensitively. An event that
    could not be read in full matches any."""

    scope: Scope
    stretch: Stretch
    attributes: Clause = ()
    """The event has at least one of these, of one key or of several. Empty: any event."""
    marked: bool = False
    """Marked events alone (`EventStore.find`)."""


def find(
    connection: sqlite3.Connection,
    search: Search,
    after: Key | None,
    limit: int,
    given: Mapping[int, Key] = MappingProxyType({}),
) -> list[Key]:
    """Rows after `after`, in order; fewer than `limit` only at the end.

    `given`: the other keys that are returned for these ids in the file (`ShownIds`). They determine the order.
    """
    plain, plain_values = _plain_condition(search.attributes)
    in_resources, sought = _resource_condition(search.attributes)
    last = search.stretch.end - 1 if after is None else after.second
    last_id = 0 if after is None else after.row_id
    wanted = _resource_values(search.attributes)
    columns = f"resources, {plain} OR {_MAY_HAVE_ANY}" if wanted else "'[]', TRUE"
    row_id = "id"
    if given:
        connection.create_function("given_id", 1, lambda stored: _given(given, stored), deterministic=True)
        row_id = "given_id(id)"
    # The function cannot be replaced while a statement is open.
    with closing(
        connection.execute(
            f"SELECT id, time, {columns} FROM event WHERE scope = {SCOPE_ID} AND time <= ? AND time >= ? "
            f"AND NOT (time = ? AND {row_id} <= ?) AND ({plain} OR {in_resources} OR {_MAY_HAVE_ANY}) "
            f"ORDER BY time DESC, {row_id}",
            (
                *(plain_values if wanted else ()),
                *scope_values(search.scope),
                *(last, search.stretch.start, last, last_id),
                *plain_values,
                *sought,
            ),
        )
    ) as cursor:
        keys: list[Key] = []
        for stored, second, resources, matches in cursor:
            if matches or any(pair[index] == value for pair in resource_pairs(resources) for index, value in wanted):
                keys.append(given.get(stored) or Key(stored, second))
                if len(keys) == limit:
                    break
    return keys


def _given(given: Mapping[int, Key], stored: int) -> int:
    return given[stored].row_id if stored in given else stored


def has_events(connection: sqlite3.Connection, scope: Scope) -> bool:
    """True if there is an event of this scope."""
    row = connection.execute(f"SELECT 1 FROM event WHERE scope = {SCOPE_ID} LIMIT 1", scope_values(scope))
    return row.fetchone() is not None


def count(
    connection: sqlite3.Connection, scope: Scope, attributes: Sequence[LookupAttribute], within: Stretch
) -> tuple[int, dict[LookupAttribute, int], int]:
    """Count a scope's newest events in a stretch: how many, how many with each attribute, and over how many seconds.

    All events of the stretch should be known, otherwise the counts say nothing about their density.
    """
    sums, values = list[str](), list[Column]()
    most = _COUNTED * _FOR_ATTRIBUTES // max(_FOR_ATTRIBUTES, len(attributes))
    for attribute in attributes:
        # The name of one resource may be the type of another: good enough for an estimate.
        plain = PLAIN_COLUMNS.get(attribute.key)
        sums.append(", sum(instr(resources, ?) > 0)" if plain is None else f", sum({plain} IS ?)")
        values.append(json.dumps(attribute.value) if plain is None else packed(attribute.value))
    counted, oldest, *having = connection.execute(
        f"SELECT count(*), min(time){''.join(sums)} FROM (SELECT time, resources, "
        f"{', '.join(PLAIN_COLUMNS.values())} FROM event "
        f"WHERE scope = {SCOPE_ID} AND time >= ? AND time < ? ORDER BY time DESC LIMIT ?)",
        (*values, *scope_values(scope), within.start, within.end, most),
    ).fetchone()
    counts = {attribute: number or 0 for attribute, number in zip(attributes, having, strict=True)}
    return counted, counts, within.end - (oldest if counted == most else within.start)


def copies(connection: sqlite3.Connection, ids: Sequence[int], scopes: Sequence[Scope]) -> dict[int, list[int]]:
    """The other rows in these scopes that hold the same event as each of these; rows without copies are left out."""
    copies_of: dict[int, list[int]] = {}
    for row_id in ids:
        for scope in scopes:
            rows = connection.execute(
                "SELECT other.id FROM event AS ours JOIN event AS other ON other.event_id = ours.event_id "
                f"WHERE ours.id = ? AND other.id <> ours.id AND other.scope = {SCOPE_ID}",
                (row_id, *scope_values(scope)),
            )
            for (other,) in rows:
                copies_of.setdefault(row_id, []).append(other)
    return copies_of


def _plain_condition(attributes: Clause) -> tuple[str, list[Column]]:
    """SQL for the rows that match by a plain column: all of them if there are no attributes."""
    if not attributes:
        return "TRUE", []
    values: dict[str, list[Column]] = {}
    for attribute in attributes:
        if (column := PLAIN_COLUMNS.get(attribute.key)) is not None:
            values.setdefault(column, []).append(packed(attribute.value))
    conditions = [f"{column} IN ({', '.join('?' * len(of_column))})" for column, of_column in values.items()]
    return f"({' OR '.join(conditions) or 'FALSE'})", [value for of_column in values.values() for value in of_column]


def _resource_condition(attributes: Clause) -> tuple[str, list[Column]]:
    """SQL for the rows that may match by a resource; the pairs of the column decide."""
    values = [value for _, value in _resource_values(attributes)]
    if len(values) > _MOST_SOUGHT:
        return "TRUE", []
    return " OR ".join(["instr(resources, ?) > 0"] * len(values)) or "FALSE", [json.dumps(value) for value in values]


def _resource_values(attributes: Clause) -> list[tuple[int, str]]:
    """Index and value of each attribute of a resource."""
    return [
        (RESOURCE_INDEX[attribute.key], attribute.value) for attribute in attributes if attribute.key in RESOURCE_INDEX
    ]
