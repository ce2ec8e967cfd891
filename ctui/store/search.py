"""Finding events of a stretch of time that the service would answer a lookup with."""

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
from ctui.model.lookup.lookup import Category, LookupAttribute
from ctui.store.columns import Column, packed, resource_pairs
from ctui.store.scopes import SCOPE_ID, scope_values

ROWS_AT_ONCE = 5000
"""Rows in one answer: some milliseconds of work for who takes them in."""

_MOST_SOUGHT = 100
"""Values that are sought among resources by SQL; of more, SQLite takes no condition that is so deep."""
_COUNTED = 2000
"""Events that are looked at to guess how frequent an attribute is: 3 ms (measured)."""
_COLUMNS = {field.attribute: field.column for field in FIELDS.values() if field.attribute and field.column}
PLAIN_COLUMNS = {key: column.name for key, column in _COLUMNS.items() if column.part is None}
"""Where the attributes stand that an event has one of."""
_MAY_HAVE_ANY = "id IN (SELECT event FROM oddity WHERE lost)"
"""Of what of an event could not be read nothing is known: it may be just what is sought."""
RESOURCE_PLACES = {key: column.part for key, column in _COLUMNS.items() if column.part is not None}
"""Where the two attributes of a resource stand in a pair of the `resources` column."""


class Key(NamedTuple):
    """A row as feeds order it: newest second first, then by id."""

    row_id: int
    second: int


@dataclass(frozen=True, slots=True)
class Search:
    """What to find. An attribute is judged on what the service said of an event, exactly and case-sensitively; an event
    of which something could not be read is found by any."""

    scope: Scope
    stretch: Stretch
    attributes: tuple[LookupAttribute, ...] = ()
    """The event has one of these, which are all of one key; empty: whatever it has."""
    category: Category = Category.MANAGEMENT


def find(
    connection: sqlite3.Connection,
    search: Search,
    after: Key | None,
    limit: int,
    given: Mapping[int, Key] = MappingProxyType({}),
) -> list[Key]:
    """Rows behind `after`, in order; fewer than `limit` only at the end.

    `given`: for these ids in the file another key is given out (`ShownIds`), and counts for the order.
    """
    condition, values = _condition(search.attributes)
    last = search.stretch.end - 1 if after is None else after.second
    beyond = 0 if after is None else after.row_id
    told = f"resources, {_MAY_HAVE_ANY}" if _places(search.attributes) else "'[]', FALSE"
    row_id = "id"
    if given:
        connection.create_function("given_id", 1, lambda stored: _given(given, stored), deterministic=True)
        row_id = "given_id(id)"
    # A statement left open would keep the function from being replaced.
    with closing(
        connection.execute(
            f"SELECT id, time, {told} FROM event WHERE scope = {SCOPE_ID} AND time <= ? AND time >= ? "
            f"AND NOT (time = ? AND {row_id} <= ?) AND category = ? AND ({condition} OR {_MAY_HAVE_ANY}) "
            f"ORDER BY time DESC, {row_id}",
            (*scope_values(search.scope), last, search.stretch.start, last, beyond, search.category.value, *values),
        )
    ) as cursor:
        found: list[Key] = []
        for stored, second, resources, may_have_any in cursor:
            if may_have_any or _has(resources, search.attributes):
                found.append(given.get(stored) or Key(stored, second))
                if len(found) == limit:
                    break
    return found


def _given(given: Mapping[int, Key], stored: int) -> int:
    return given[stored].row_id if stored in given else stored


def has_events(connection: sqlite3.Connection, scope: Scope) -> bool:
    """True where there is an event of this scope."""
    found = connection.execute(f"SELECT 1 FROM event WHERE scope = {SCOPE_ID} LIMIT 1", scope_values(scope))
    return found.fetchone() is not None


def count(
    connection: sqlite3.Connection, scope: Scope, attributes: Sequence[LookupAttribute], within: Stretch
) -> tuple[int, dict[LookupAttribute, int], int]:
    """How many of a scope's newest events in a stretch were looked at, how many of them have each attribute, and in
    how many seconds they lie. Of the stretch every event should be known, or it says nothing of how dense they are."""
    sums, values = list[str](), list[Column]()
    for attribute in attributes:
        # A name of a resource may stand as another's type: close enough to guess by.
        plain = PLAIN_COLUMNS.get(attribute.key)
        sums.append(", sum(instr(resources, ?) > 0)" if plain is None else f", sum({plain} IS ?)")
        values.append(json.dumps(attribute.value) if plain is None else packed(attribute.value))
    looked_at, oldest, *having = connection.execute(
        f"SELECT count(*), min(time){''.join(sums)} FROM (SELECT time, resources, "
        f"{', '.join(PLAIN_COLUMNS.values())} FROM event "
        f"WHERE scope = {SCOPE_ID} AND time >= ? AND time < ? ORDER BY time DESC LIMIT ?)",
        (*values, *scope_values(scope), within.start, within.end, _COUNTED),
    ).fetchone()
    counts = {attribute: number or 0 for attribute, number in zip(attributes, having, strict=True)}
    return looked_at, counts, within.end - (oldest if looked_at == _COUNTED else within.start)


def copies(connection: sqlite3.Connection, ids: Sequence[int], scopes: Sequence[Scope]) -> dict[int, list[int]]:
    """The other rows in these scopes that hold the same event as each of these; rows without any are left out."""
    found: dict[int, list[int]] = {}
    for row_id in ids:
        for scope in scopes:
            rows = connection.execute(
                "SELECT other.id FROM event AS one JOIN event AS other ON other.event_id = one.event_id "
                f"WHERE one.id = ? AND other.id <> one.id AND other.scope = {SCOPE_ID}",
                (row_id, *scope_values(scope)),
            )
            for (other,) in rows:
                found.setdefault(row_id, []).append(other)
    return found


def _condition(attributes: tuple[LookupAttribute, ...]) -> tuple[str, list[Column]]:
    """Which rows can match: those of plain columns for sure, those of resources only if `_has` agrees."""
    if not attributes:
        return "TRUE", []
    if (column := PLAIN_COLUMNS.get(attributes[0].key)) is not None:
        marks = ", ".join("?" * len(attributes))
        return f"{column} IN ({marks})", [packed(attribute.value) for attribute in attributes]
    if len(attributes) > _MOST_SOUGHT:
        return "TRUE", []
    return " OR ".join(["instr(resources, ?) > 0"] * len(attributes)), [json.dumps(one.value) for one in attributes]


def _has(resources: str, attributes: tuple[LookupAttribute, ...]) -> bool:
    wanted = _places(attributes)
    if not wanted:
        return True
    return any(pair[place] == value for pair in resource_pairs(resources) for place, value in wanted)


def _places(attributes: tuple[LookupAttribute, ...]) -> list[tuple[int, str]]:
    """Where in a resource each attribute of one stands, and its value."""
    return [(RESOURCE_PLACES[one.key], one.value) for one in attributes if one.key in RESOURCE_PLACES]
