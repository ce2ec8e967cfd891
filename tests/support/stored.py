"""Events put into a store."""

from collections.abc import Sequence

from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.store.events import EventStore


async def insert(store: EventStore, scope: Scope, events: Sequence[Event]) -> list[int]:
    """Store events; returns the row id of each, new or known, in the order given."""
    return [row.row_id for row in await store.add_page(scope, events)]
