"""Events put into a store, and found there."""

from collections.abc import Sequence

from ctui.core.session import Session
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.store.events import EventStore


async def insert(store: EventStore, scope: Scope, events: Sequence[Event]) -> list[int]:
    """Store events; returns the row id of each, new or known, in the order given."""
    return [row.row_id for row in await store.add_page(scope, events)]


def event_ids(store: EventStore | Session, ids: Sequence[int]) -> list[str]:
    """The EventId of each row, in the order given; every one of them can be listed and opened."""
    assert [line.row_id for line in store.summaries(ids)] == list(ids)
    return [store.event(row_id).event_id for row_id in ids]
