"""Types and stores of sessions in tests."""

from collections.abc import Awaitable, Callable

from ctui.model.connection import Connection
from ctui.store.events import EventStore

OpenStore = Callable[[Connection | None], Awaitable[EventStore]]
"""Opens the store of a connection, which is None until one is made."""


async def temporary_store(_connection: Connection | None) -> EventStore:
    """A store for one run."""
    return await EventStore.open(None)
