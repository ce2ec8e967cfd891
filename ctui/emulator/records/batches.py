"""Batches of events, ready to be stored: values for rows of the tables. Any thread can make them."""

from collections.abc import Collection, Container, Sequence
from functools import lru_cache
from itertools import chain

import msgspec

from ctui.emulator.records.history_tables import EVERYTHING, attribute_key, identity_of, shelf
from ctui.emulator.records.recorded import VALUE_KEYS, Origin, Recorded, Values
from ctui.model.values import dataclass


class AttributeRows:
    """Rows for INSERT_ATTRIBUTE: one for each attribute value that finds an event, but for its EventId."""

    def __init__(self) -> None:
        self._by_key: dict[int, list[tuple[int, int, int, int, float]]] = {}

    def add(self, event: Recorded, row: int) -> None:
        """Add those of an event."""
        account, region = event.account, event.region
        keys: Collection[int] = _keys_of(account, region, event.values)
        if event.resources:
            # A resource may be named more than once.
            named = [attribute_key(account, region, key, value) for key, value in event.resource_attributes()]
            keys = {*keys, *named}
        where = shelf(writes=event.writes, loaded=event.origin is Origin.LOADED, category=event.category)
        second, available = event.time, event.available
        by_key = self._by_key
        for key in keys:
            if (rows := by_key.get(key)) is None:
                by_key[key] = [(key, where, second, row, available)]
            else:
                rows.append((key, where, second, row, available))

    def without(self, rows: Container[int]) -> list[tuple[int, int, int, int, float]]:
        """All but those of some rows of events, in the order of keys.

        The table is in that order: to insert so takes half of the time, and each of its pages is written once.
        """
        in_order = chain.from_iterable(self._by_key[key] for key in sorted(self._by_key))
        return [each for each in in_order if each[3] not in rows] if rows else list(in_order)


@dataclass(frozen=True, slots=True)
class Batch:
    """Events to be stored at once."""

    events: Sequence[Recorded]
    rows: Sequence[int]
    """The row of each event, if it is new."""
    identities: list[bytes]
    values: list[tuple[object, ...]]
    """Of rows for INSERT_EVENT."""
    attributes: AttributeRows | None
    """Of these events, and of those in batches before that had none. They end a transaction."""


class Batches:
    """Makes batches that follow each other."""

    def __init__(self, first: int, transaction: int = 0) -> None:
        """`first` is the row of the first event, `transaction` how many events share a transaction at least."""
        self._next = first
        self._transaction = transaction
        self._waiting = 0
        self._attributes = AttributeRows()

    def batch(self, events: Sequence[Recorded], rows: Sequence[int] = ()) -> Batch:
        """The batch of these events. They get the next rows, unless `rows` are given."""
        rows = rows or range(self._next, self._next + len(events))
        self._next += len(events)
        identities = [identity_of(event.account, event.region, event.identity) for event in events]
        values = [_event_values(*each) for each in zip(rows, identities, events, strict=True)]
        for event, row in zip(events, rows, strict=True):
            self._attributes.add(event, row)
        self._waiting += len(events)
        return Batch(events, rows, identities, values, self._taken() if self._waiting >= self._transaction else None)

    def last(self) -> Batch:
        """A batch without events, for attributes that have waited."""
        return Batch((), (), [], [], self._taken())

    def _taken(self) -> AttributeRows:
        taken, self._attributes, self._waiting = self._attributes, AttributeRows(), 0
        return taken


@lru_cache(maxsize=16384)
def _keys_of(account: str, region: str, values: Values) -> tuple[int, ...]:
    """The numbers of EVERYTHING and of an event's values."""
    said = [(key, value) for key, value in zip(VALUE_KEYS, values, strict=True) if value is not None]
    return tuple(attribute_key(account, region, key, value) for key, value in (EVERYTHING, *said))


def _event_values(row: int, identity: bytes, event: Recorded) -> tuple[object, ...]:
    resources = [(resource.type, resource.name) for resource in event.resources]
    return (
        row,
        identity,
        event.account,
        event.region,
        event.event_id,
        event.time,
        event.available,
        event.name,
        event.source,
        event.username,
        event.read_only,
        event.access_key_id,
        msgspec.json.encode(resources).decode() if resources else "[]",
        event.origin.value,
        event.category.value,
        event.record,
    )
