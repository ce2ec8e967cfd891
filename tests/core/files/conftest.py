"""Sessions over trees of log files in memory."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from support.core_driver import CoreDriver, StartSession
from support.fakes.cloudtrail import event
from support.fakes.log_files import FakeTree

from ctui.core.files.no_service import FilesConnector
from ctui.core.files.store_with_files import StoreWithFiles
from ctui.model.connection import Connection
from ctui.model.event.event import Event

NEWEST = datetime(2026, 10, 30, 12, 0, tzinfo=UTC)

StartFiles = Callable[..., Awaitable[CoreDriver]]
"""Starts a session over trees alone."""


def events(*names: str, start: int = 0, step: int = 60, **parts: str) -> list[Event]:
    """An event a minute, the newest first, whose IDs are these names; `start`: minutes before `NEWEST`."""
    return [
        event(name, NEWEST - timedelta(minutes=start, seconds=step * place), **parts)
        for place, name in enumerate(names)
    ]


async def store_with_files(_connection: Connection | None) -> StoreWithFiles:
    """A store for one run."""
    return await StoreWithFiles.open(None)


@pytest.fixture
def start_files(start: StartSession) -> StartFiles:
    """Starts a session over these trees alone."""

    async def begin(*trees: FakeTree, **options: object) -> CoreDriver:
        given = {"open_store": store_with_files, **options}
        return await start(FilesConnector(trees[0].scope), trees=trees, files_alone=True, **given)

    return begin
