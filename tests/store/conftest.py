"""Fixtures of the store's tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ctui.store.events import EventStore


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder that does not exist yet."""
    return tmp_path / "home" / "events.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[EventStore]:
    """A new store at `path`."""
    opened = await EventStore.open(path)
    yield opened
    await opened.close()
