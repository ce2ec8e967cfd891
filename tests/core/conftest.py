"""Fixtures of core's tests: clocks, an ideal service, and sessions that are closed at the end."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from support.core_driver import StartSession, driving_core
from support.fakes.clock import AutoClock, FakeClock
from support.fakes.cloudtrail import FakeCloudTrail
from support.sessions import OpenStore

from ctui.model.connection import Connection
from ctui.store.events import EventStore


@pytest.fixture
def fake_clock() -> FakeClock:
    """A clock that stands still."""
    return FakeClock()


@pytest.fixture
def clock() -> AutoClock:
    """A clock that jumps over every sleep."""
    return AutoClock()


@pytest.fixture
def service(clock: AutoClock) -> FakeCloudTrail:
    """An empty service, without limits."""
    return FakeCloudTrail(clock)


@pytest.fixture
async def store() -> AsyncIterator[EventStore]:
    """A passing store."""
    opened = await EventStore.open(None)
    yield opened
    await opened.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a store lies that outlives its session."""
    return tmp_path / "home" / "events.db"


@pytest.fixture
def lasting(path: Path) -> OpenStore:
    """Opens a store that outlives its session."""

    async def open_store(connection: Connection | None) -> EventStore:
        return await EventStore.open(path)

    return open_store


@pytest.fixture
def faults() -> Iterator[list[Exception]]:
    """What no part of core had foreseen; a test that brings such a thing about clears it."""
    told: list[Exception] = []
    yield told
    if told:
        raise told[0]


@pytest.fixture
async def start(service: FakeCloudTrail, faults: list[Exception]) -> AsyncIterator[StartSession]:
    """Starts sessions over the service and waits until each is idle; they are closed at the end."""
    async with driving_core(faults, service) as begin:
        yield begin
