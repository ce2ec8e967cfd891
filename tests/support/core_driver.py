"""A driver of core: a session with hands. Tests of core use it as stories use the driver of the screen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from support.fakes.cloudtrail import FakeCloudTrail, FakeConnector
from support.sessions import OpenStore, temporary_store
from support.stored import event_ids

from ctui.core.session import Session
from ctui.core.signal import Signal, becomes
from ctui.core.sources import Connector
from ctui.model.clock import Clock
from ctui.model.lookup.lookup import Lookup
from ctui.store.pruning import Retention


class CoreDriver(Session):
    """Does what a key does, waits until core has nothing left to do, and reads what a screen would show."""

    async def type(self, text: str) -> None:
        """Put this in the filter line."""
        self.explorer.type(text)
        await self.idle()

    async def ask(self, text: str | None = None) -> None:
        """Press enter in the filter line, which holds `text` then, or what it held before."""
        if text is not None:
            self.explorer.type(text)
        self.explorer.ask()
        await self.idle()

    async def load_all(self) -> None:
        """Load all pages of what is asked."""
        self.explorer.query.everything()
        await self.idle()

    async def load_more(self) -> None:
        """Load one more page."""
        self.explorer.query.more()
        await self.idle()

    async def reload(self) -> None:
        """Ask again from the newest event on."""
        self.refresh()
        await self.idle()

    async def until(self, holds: Callable[[], bool], signal: Signal[Any] | None = None) -> None:
        """Return once this holds, of the query on the screen unless the signal is another's."""
        await becomes(holds, signal or self.explorer.query.changed)

    def loaded(self) -> list[str]:
        """Event ids of what is loaded, in the order of the rows."""
        return event_ids(self, self.explorer.query.ids)


StartSession = Callable[..., Awaitable[CoreDriver]]
"""Starts a session over the test's service and waits until it is idle."""


@asynccontextmanager
async def driving_core(bugs: list[Exception], service: FakeCloudTrail) -> AsyncIterator[StartSession]:
    """Start sessions over the service, with other parts and options where they are given; all are closed at the end.

    `waits` false: a session is returned before its first step, as where something hangs that it would wait for."""
    running: list[tuple[Session, asyncio.Task[None]]] = []

    async def start(
        connector: Connector | None = None,
        *,
        open_store: OpenStore = temporary_store,
        clock: Clock | None = None,
        lookup: Lookup | None = None,
        retention: Retention | None = None,
        waits: bool = True,
        **options: Any,
    ) -> CoreDriver:
        connector, clock = connector or FakeConnector(service), clock or service.clock
        session = CoreDriver(connector, open_store, clock, lookup=lookup, retention=retention, **options)
        session.bugs.subscribe(bugs.append)
        running.append((session, asyncio.create_task(session.run())))
        if waits:
            await session.idle()
        return session

    yield start
    for session, task in running:
        await session.close()
        await task
