"""Finds the stored events of a stretch of time that the service would return for a lookup."""

import json
import sqlite3
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from ctui.model.connection import Scope
from ctui.model.event.attribute import AttributeKey
from ctui.model.filter.fields import FIELDS, FieldColumn, value_field
from ctui.model.filter.predicate import Predicate
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import Clause, LookupAttribute
from ctui.store.columns import packed_id
from ctui.store.index.dictionary import words_with
from ctui.store.index.index_row import COLUMNS
from ctui.store.scopes import SCOPE_ID, scope_values

ROWS_AT_ONCE = 50_000
"""Rows returned at once: merging them takes some ten milliseconds."""
FILES_AT_ONCE = 32_768
"""Rows of log files that are handed over at once: they are found and compared faster than the loop takes them in."""

_COUNTED = 2000
"""Events counted to estimate how frequent an attribute is: 1 ms for a few attributes, 6 to 18 for 50 (measured)."""
_FOR_ATTRIBUTES = 50
"""Attributes for which so many events are counted; fewer events if there are more of them."""
ATTRIBUTE_COLUMNS: Final[dict[AttributeKey, FieldColumn]] = {
    field.attribute: field.column for field in FIELDS.values() if field.attribute and field.column
}
"""Where the values of an attribute are: in a column of the index, or in `event_id`."""
_MAY_HAVE_ANY = "id IN (SELECT event FROM oddity WHERE lost)"
"""An event that could not be read in full may have any attribute."""


class Key(NamedTuple):
    """A row in the order of queries: newest second first, then by id."""

    row_id: int
    second: int

    @property
    def order(self) -> tuple[int, int]:
        """What keys are sorted by."""
        return -self.second, self.row_id


class Rows(NamedTuple):
    """Rows in the order of queries, sixteen bytes each."""

    ids: "array[int]"
    negated: "array[int]"
    """Minus the epoch second of each, so that it ascends as bisect needs it."""

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index."""
        return -self.negated[index]

    @property
    def last(self) -> Key:
        """The last row. There must be one."""
        return Key(self.ids[-1], -self.negated[-1])

    def as_keys(self) -> Iterator[Key]:
        """The rows one by one."""
        return (Key(row_id, -negated) for row_id, negated in zip(*self, strict=True))

    def slice(self, start: int, end: int) -> "Rows":
        """The rows from one index to another."""
        return Rows(self.ids[start:end], self.negated[start:end])

    def at(self, indexes: Sequence[int]) -> "Rows":
        """The rows at these indexes."""
        return Rows(array("q", map(self.ids.__getitem__, indexes)), array("q", map(self.negated.__getitem__, indexes)))

    def index_of(self, row_id: int, second: int) -> int | None:
        """The index of a row, or None if it is not there; a binary search."""
        index = self.insertion_index(row_id, second)
        is_there = index < len(self.ids) and self.ids[index] == row_id and self.negated[index] == -second
        return index if is_there else None

    def insertion_index(self, row_id: int, second: int) -> int:
        """Where a row belongs."""
        first = bisect_left(self.negated, -second)
        last = bisect_right(self.negated, -second, first)
        return bisect_left(self.ids, row_id, first, last)

    @classmethod
    def of(cls, keys: Sequence[tuple[int, int]]) -> "Rows":
        """Rows given one by one, as (id, epoch second)."""
        return cls(array("q", (row_id for row_id, _ in keys)), array("q", (-second for _, second in keys)))


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
    predicate: Predicate | None = None
    """Rows of log files that surely do not match this are left out, others may be."""


def column_of(field: str) -> FieldColumn | None:
    """The column that has all values of a field, or None if they must be read in records."""
    row = value_field(field)
    if row is None:
        return None
    return ATTRIBUTE_COLUMNS[row.offers] if row.offers else row.column


def find(
    connection: sqlite3.Connection,
    search: Search,
    after: Key | None,
    limit: int,
    given: Mapping[int, Key] = MappingProxyType({}),
) -> Rows:
    """Rows after `after`, in order; fewer than `limit` only at the end.

    `given`: the other keys that are returned for these ids in the file (`ShownIds`). They determine the order.
    """
    last = search.stretch.end - 1 if after is None else after.second
    last_id = 0 if after is None else after.row_id
    row_id = "id"
    if given:
        connection.create_function("given_id", 1, lambda stored: _given(given, stored), deterministic=True)
        row_id = "given_id(id)"
    selects = [
        f"SELECT {row_id} AS shown, time FROM event WHERE scope = (SELECT id FROM asked) AND {condition} "
        f"AND time <= ? AND time >= ? AND NOT (time = ? AND {row_id} <= ?)"
        for condition in _conditions(connection, search.attributes)
    ]
    within = (last, search.stretch.start, last, last_id)
    # Aggregated in SQL: a million tuples would hold Python's lock for half a second. The function `given_id` cannot be
    # replaced while a statement is open.
    with closing(
        connection.execute(
            f"WITH asked AS MATERIALIZED (SELECT {SCOPE_ID} AS id) "
            "SELECT json_group_array(shown), json_group_array(-time) FROM "
            f"({' UNION '.join(selects)} ORDER BY time DESC, shown LIMIT ?)",
            (*scope_values(search.scope), *within * len(selects), limit),
        )
    ) as cursor:
        ids, negated = cursor.fetchone()
    rows = Rows(array("q", json.loads(ids)), array("q", json.loads(negated)))
    if not given:
        return rows
    shown = {key.row_id: key for key in given.values()}
    return Rows.of([shown.get(row_id) or (row_id, -second) for row_id, second in zip(*rows, strict=True)])


def _given(given: Mapping[int, Key], stored: int) -> int:
    return given[stored].row_id if stored in given else stored


def _conditions(connection: sqlite3.Connection, attributes: Clause) -> list[str]:
    """SQL conditions, one of which an event meets exactly if it has one of the attributes: each uses one index."""
    if not attributes:
        return ["TRUE"]
    values: dict[FieldColumn, list[str]] = {}
    for attribute in attributes:
        values.setdefault(ATTRIBUTE_COLUMNS[attribute.key], []).append(attribute.value)
    conditions = [condition_for(connection, column, of_column) for column, of_column in values.items()]
    return [*conditions, _MAY_HAVE_ANY]


def condition_for(connection: sqlite3.Connection, column: FieldColumn, values: Sequence[str]) -> str:
    """An SQL condition without parameters, for events that have exactly one of these values."""
    if column.name == "event_id":
        return f"event.event_id IN ({', '.join(map(_literal, map(packed_id, values)))})"
    words = words_with(connection, COLUMNS[column.name], column.part, values)
    if len(words) == 1:
        return f"event.{column.name} = {words[0]}"
    return f"event.{column.name} IN ({', '.join(map(str, words))})"


def _literal(stored_id: str | bytes) -> str:
    if isinstance(stored_id, bytes):
        return f"x'{stored_id.hex()}'"
    return "CAST(x'" + stored_id.encode("utf-8", "surrogatepass").hex() + "' AS TEXT)"


def has_event(connection: sqlite3.Connection, scope: Scope, event_id: str) -> bool:
    """True if the event with this ID is stored in this scope, where it is the only one."""
    row = connection.execute(
        f"SELECT 1 FROM event WHERE scope = {SCOPE_ID} AND event_id = ?", (*scope_values(scope), packed_id(event_id))
    )
    return row.fetchone() is not None


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
    most = _COUNTED * _FOR_ATTRIBUTES // max(_FOR_ATTRIBUTES, len(attributes))
    sums = "".join(
        f", sum({condition_for(connection, ATTRIBUTE_COLUMNS[attribute.key], [attribute.value])})"
        for attribute in attributes
    )
    counted, oldest, *having = connection.execute(
        f"SELECT count(*), min(time){sums} FROM (SELECT event.* FROM event "
        f"WHERE scope = {SCOPE_ID} AND time >= ? AND time < ? ORDER BY time DESC LIMIT ?) AS event",
        (*scope_values(scope), within.start, within.end, most),
    ).fetchone()
    counts = {attribute: number or 0 for attribute, number in zip(attributes, having, strict=True)}
    return counted, counts, within.end - (oldest if counted == most else within.start)


def copies(connection: sqlite3.Connection, ids: Sequence[int], scopes: Sequence[Scope]) -> dict[int, list[int]]:
    """The other rows in these scopes that hold the same event as each of these; rows without copies are left out."""
    copies_of: dict[int, list[int]] = {}
    for scope in scopes:
        for row_id, other in _in_scope(connection, ids, scope):
            if other != row_id:
                copies_of.setdefault(row_id, []).append(other)
    return copies_of


def scopes_holding(
    connection: sqlite3.Connection, ids: Sequence[int], scopes: Sequence[Scope], least: int = 2
) -> dict[int, list[Scope]]:
    """Which of these scopes hold the event of each of these rows, in their order; only of events in `least` of them."""
    found: dict[int, list[Scope]] = {}
    for scope in scopes:
        for row_id, _ in _in_scope(connection, ids, scope):
            found.setdefault(row_id, []).append(scope)
    return {row_id: holding for row_id, holding in found.items() if len(holding) >= least}


def _in_scope(connection: sqlite3.Connection, ids: Sequence[int], scope: Scope) -> Iterable[tuple[int, int]]:
    """(row, the row of its event in this scope), for those of these rows whose event is in the scope."""
    return connection.execute(
        "SELECT ours.id, other.id FROM json_each(?) AS wanted CROSS JOIN event AS ours ON ours.id = wanted.value "
        f"JOIN event AS other ON other.scope = {SCOPE_ID} AND other.event_id = ours.event_id",
        (json.dumps(list(ids)), *scope_values(scope)),
    )
