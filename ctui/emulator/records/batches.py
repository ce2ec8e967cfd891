"""Batches of events, ready to be stored: values for rows of the tables. Any thread can make them."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from ctui.emulator.records.history_tables import EVERYTHING, attribute_key, identity_of, shelf
from ctui.emulator.records.recorded import VALUE_KEYS, Origin, Recorded, Values
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Batch:
    """Events to be stored at once."""

    events: Sequence[Recorded]
    rows: Sequence[int]
    """The row of each event, if it is new."""
    identities: list[bytes]
    values: list[tuple[object, ...]]
    """Of rows for INSERT_EVENT."""
    waiting: list[tuple[object, ...]]
    """Of rows for INSERT_WAITING, one for each event."""
    ends: bool
    """Whether its transaction ends with it."""


class Batches:
    """Makes batches that follow each other."""

    def __init__(self, first: int, transaction: int = 0) -> None:
        """`first` is the row of the first event, `transaction` how many events share a transaction at least."""
        self._next = first
        self._transaction = transaction
        self._events = 0
        """Of the transaction, up to now."""

    def batch(self, events: Sequence[Recorded], rows: Sequence[int] = ()) -> Batch:
        """The batch of these events. They get the next rows, unless `rows` are given."""
        rows = rows or range(self._next, self._next + len(events))
        self._next += len(events)
        identities = [identity_of(event.account, event.region, event.identity) for event in events]
        values = [_event_values(*each) for each in zip(rows, identities, events, strict=True)]
        waiting = [_waiting_values(*each) for each in zip(rows, events, strict=True)]
        self._events += len(events)
        ends = self._events >= self._transaction
        if ends:
            self._events = 0
        return Batch(events, rows, identities, values, waiting, ends)

    def last(self) -> Batch:
        """A batch without events, which ends a transaction."""
        self._events = 0
        return Batch((), (), [], [], [], ends=True)


def _waiting_values(row: int, event: Recorded) -> tuple[object, ...]:
    keys = _keys_of(event.account, event.region, event.values)
    if event.resources:
        named = (attribute_key(event.account, event.region, *named) for named in event.resource_attributes())
        keys = f"{keys[:-1]},{','.join(map(str, named))}]"
    where = shelf(writes=event.writes, loaded=event.origin is Origin.LOADED, category=event.category)
    return (keys, where, event.time, row, event.available)


@lru_cache(maxsize=16384)
def _keys_of(account: str, region: str, values: Values) -> str:
    """The numbers of EVERYTHING and of an event's values, as a JSON list."""
    said = [(key, value) for key, value in zip(VALUE_KEYS, values, strict=True) if value is not None]
    keys = [attribute_key(account, region, key, value) for key, value in (EVERYTHING, *said)]
    return f"[{','.join(map(str, keys))}]"


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
