"""Delivery as the task of a serving emulator: again and again, never two at once, never ended half-way."""

import asyncio
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest

from ctui.emulator.account.accounts import Account, Bucket, World
from ctui.emulator.account.trails import TrailRecord, TrailStore
from ctui.emulator.delivery.delivery import Delivery
from ctui.emulator.records.event_history import EventHistory
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.emulator.world_clock import WorldClock

ACCOUNT, REGION = "111111111111", "us-east-1"
WORLD = World(accounts=(Account(id=ACCOUNT, buckets=(Bucket(name="logs"),)),))


class Turns:
    """A clock that lets a sleeper through a number of times, and then tells that everybody is asleep."""

    def __init__(self, turns: int) -> None:
        self.turns = turns
        self.asleep = asyncio.Event()
        self.slept: list[float] = []
        self._clock = WorldClock()

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) > self.turns:
            self.asleep.set()
            await asyncio.Event().wait()
        await asyncio.sleep(0)


class House:
    """A folder with one logging trail and some events that are due."""

    def __init__(self, folder: Path, clock: Turns) -> None:
        self.folder = folder
        self.store = TrailStore(folder / "state.db")
        self.history = EventHistory(folder / "state.db")
        self.delivery = Delivery(folder, WORLD, self.store, self.history, clock)
        self.delivery.open()
        now = clock.now().timestamp()
        trail = TrailRecord(account=ACCOUNT, region=REGION, name="t", bucket="logs", logging=True, created=now)
        self.store.put(trail, now)
        self.history.add(
            Recorded(ACCOUNT, REGION, f"e{n}", int(now), now, "N", "s", None, "true", None, (), f'"{n}"', Origin.CALL)
            for n in range(20)
        )

    def files(self) -> list[str]:
        """Names of all files in buckets."""
        return [path.name for path in (self.folder / "s3").rglob("*") if path.is_file()]

    def close(self) -> None:
        self.store.close()
        self.history.close()


async def test_it_delivers_at_its_interval_until_cancelled(tmp_path: Path) -> None:
    clock = Turns(3)
    house = House(tmp_path, clock)
    task = asyncio.create_task(house.delivery.run(300.0))
    await clock.asleep.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert clock.slept == [300.0] * 4
    assert len(house.files()) == 1
    house.close()


async def test_a_delivery_that_breaks_ends_none_of_the_next(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock = Turns(2)
    house = House(tmp_path, clock)
    # An event that was damaged where it lay: what it does to the reader is nothing that anybody foresaw.
    database = sqlite3.connect(tmp_path / "state.db", isolation_level=None)
    database.execute("UPDATE event SET record = x'ff' WHERE event_id = 'e3'")
    task = asyncio.create_task(house.delivery.run(1.0))
    asleep = asyncio.create_task(clock.asleep.wait())
    await asyncio.wait([task, asleep], return_when=asyncio.FIRST_COMPLETED)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [record.getMessage() for record in caplog.records] == [
        "delivery was interrupted and will be tried again"
    ] * 2
    database.execute("UPDATE event SET record = '3' WHERE event_id = 'e3'")
    database.close()
    await house.delivery.tick()
    assert len(house.files()) == 1
    house.close()


async def test_no_interval_makes_it_spin(tmp_path: Path) -> None:
    clock = Turns(1)
    house = House(tmp_path, clock)
    task = asyncio.create_task(house.delivery.run(0.0))
    await clock.asleep.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert all(seconds > 0 for seconds in clock.slept)
    house.close()


async def test_two_at_once_take_turns(tmp_path: Path) -> None:
    house = House(tmp_path, Turns(0))
    await asyncio.gather(*(house.delivery.tick() for _ in range(4)))
    assert len(house.files()) == 1
    house.close()


@pytest.mark.parametrize("steps", range(0, 40, 4))
async def test_ending_it_finishes_what_is_being_written(tmp_path: Path, steps: int) -> None:
    house = House(tmp_path, Turns(1))
    task = asyncio.create_task(house.delivery.run(1.0))
    for _ in range(steps):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert house.store.meta("delivery") is None
    assert not any(name.endswith(".part") for name in house.files())
    house.close()
    clock = Turns(0)
    store, history = TrailStore(tmp_path / "state.db"), EventHistory(tmp_path / "state.db")
    again = Delivery(tmp_path, WORLD, store, history, clock)
    again.open()
    await again.tick()
    assert len(house.files()) == 1
    store.close()
    history.close()
