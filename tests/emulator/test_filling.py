"""The emulator answers before its week of traffic is there, and no answer is wrong because of that."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.wire import boto_client

from ctui.emulator import filling, traffic
from ctui.emulator.delivery.delivery import Delivery
from ctui.emulator.options import EmulatorOptions, Lag
from ctui.emulator.records.recorded import Recorded
from ctui.emulator.server import Emulator
from ctui.emulator.testing import PLENTY, running
from ctui.emulator.world_clock import WorldClock
from ctui.errors import StoreError

ACCOUNT, NOON = "111111111111", datetime(2026, 11, 20, 12, tzinfo=UTC)
OPTIONS = EmulatorOptions(lookup_rate=PLENTY)
AT_FIRST = 500
"""Events that are added before the gate."""


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until it is set, no more than the newest events are added."""
    opened = threading.Event()

    def held(*arguments: Any, **choices: Any) -> Iterator[Recorded]:
        events = traffic.past(*arguments, **choices)
        yield from islice(events, AT_FIRST)
        opened.wait(120)
        yield from events

    monkeypatch.setattr(filling, "traffic", SimpleNamespace(past=held))
    yield opened
    opened.set()


def expected(now: datetime = NOON) -> list[Recorded]:
    """The week in us-east-1, newest first."""
    week = traffic.past(OPTIONS.seed, ACCOUNT, int(now.timestamp()), Lag.NONE)
    return [event for event in week if event.region == "us-east-1"]


@pytest.mark.story
def test_pages_wait_for_what_is_not_there_and_for_nothing_else(gate: threading.Event) -> None:
    with running(OPTIONS, WorldClock(NOON, ticking=False)) as emulator, ThreadPoolExecutor(1) as pool:
        client = boto_client(emulator.endpoint_url)
        assert client.describe_trails()["trailList"]
        first = client.lookup_events(EndTime=NOON - timedelta(seconds=1))
        assert [event["EventId"] for event in first["Events"]] == [event.event_id for event in expected()[:50]]
        stop = datetime.fromtimestamp(traffic.incident_stop(OPTIONS.seed, int(NOON.timestamp())), UTC)
        only = {"AttributeKey": "EventName", "AttributeValue": "StopLogging"}
        waiting = pool.submit(client.lookup_events, LookupAttributes=[only], StartTime=stop - timedelta(hours=1))
        recent = boto_client(emulator.endpoint_url).lookup_events(StartTime=NOON - timedelta(minutes=30))
        assert recent["Events"]
        assert not waiting.done(), "what happened days ago is not added yet"
        gate.set()
        stops = waiting.result(60)["Events"]
        assert [event["EventTime"] for event in stops if "errorCode" not in event["CloudTrailEvent"]] == [stop]


@pytest.mark.story
def test_a_walk_that_began_early_sees_the_whole_week(gate: threading.Event) -> None:
    with running(OPTIONS, WorldClock(NOON, ticking=False)) as emulator:
        client = boto_client(emulator.endpoint_url)
        wanted: dict[str, Any] = {"EndTime": NOON - timedelta(seconds=1), "StartTime": NOON - timedelta(hours=30)}
        answer = client.lookup_events(**wanted)
        walked = [event["EventId"] for event in answer["Events"]]
        gate.set()
        while token := answer.get("NextToken"):
            answer = client.lookup_events(**wanted, NextToken=token)
            walked += [event["EventId"] for event in answer["Events"]]
        since = int((NOON - timedelta(hours=30)).timestamp())
        assert walked == [event.event_id for event in expected() if event.time >= since]


def test_what_cannot_be_added_is_an_error_and_never_the_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*arguments: Any, **choices: Any) -> Iterator[Recorded]:
        yield from islice(traffic.past(*arguments, **choices), AT_FIRST)
        raise StoreError("Events cannot be stored", "database or disk is full")

    monkeypatch.setattr(filling, "traffic", SimpleNamespace(past=full))
    with running(OPTIONS, WorldClock(NOON, ticking=False)) as emulator:
        client = boto_client(emulator.endpoint_url)
        assert client.lookup_events(MaxResults=5)["NextToken"]
        with pytest.raises(ClientError) as caught:
            client.lookup_events(EndTime=NOON - timedelta(days=2))
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert "the sample traffic cannot be stored" in caplog.text
    assert "disk is full" in caplog.text


PROGRAM = """
import sys
from pathlib import Path
from ctui.emulator.options import EmulatorOptions
from ctui.emulator.serve import run
sys.exit(run(EmulatorOptions(data=Path(sys.argv[1]), lookup_rate=1e5)))
"""


def begun(data: Path) -> subprocess.Popen[str]:
    """A process that has added a part of its week."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(data)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while not seeded(data) and process.poll() is None:
        pass
    return process


@pytest.mark.story
def test_kill_9_in_the_midst_of_the_filling_and_a_restart_give_the_same_week(tmp_path: Path) -> None:
    process = begun(tmp_path)
    process.kill()
    process.communicate()
    with closing(sqlite3.connect(tmp_path / "state.db")) as state:
        (start,) = state.execute("SELECT value FROM meta WHERE key = 'begun'").fetchone()
    week = list(traffic.past(1, ACCOUNT, int(start), Lag.NONE, insights=True))
    assert 0 < len(seeded(tmp_path)) < len(week), "it was killed before the week was complete"
    with running(EmulatorOptions(data=tmp_path, lookup_rate=PLENTY)) as emulator:
        oldest = next(event for event in reversed(week) if event.region == "us-east-1")
        answer = boto_client(emulator.endpoint_url).lookup_events(EndTime=datetime.fromtimestamp(oldest.time, UTC))
        # Others may have happened in the same second.
        assert answer["Events"][-1]["EventId"] == oldest.event_id
        assert seeded(tmp_path) == [event.event_id for event in week]


@pytest.mark.story
def test_a_signal_ends_it_in_the_midst_of_the_filling(tmp_path: Path) -> None:
    process = begun(tmp_path)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert 0 < len(seeded(tmp_path)) < 12_000


def seeded(data: Path) -> list[str]:
    """The ids of the seeded events that are stored, newest first."""
    try:
        with closing(sqlite3.connect(f"file:{data / 'state.db'}?mode=ro", uri=True)) as state:
            rows = state.execute("SELECT event_id FROM event WHERE origin = 'seeded' ORDER BY time DESC, row DESC")
            return [event_id for (event_id,) in rows]
    except sqlite3.OperationalError:
        return []


@pytest.mark.parametrize(("owner", "name"), [(Delivery, "open"), (Emulator, "_begin")])
async def test_nothing_is_closed_while_a_thread_uses_it(
    monkeypatch: pytest.MonkeyPatch, owner: type[Delivery] | type[Emulator], name: str
) -> None:
    """However often the start is canceled: a file that is closed under a thread ends the process."""
    emulator = Emulator(OPTIONS, WorldClock(NOON))
    entered, may_go = threading.Event(), threading.Event()
    met: list[object] = []

    def slow(_self: object, *_: object) -> None:
        entered.set()
        may_go.wait()
        met.append(emulator.store.meta("edition"))
        met.append(emulator.history.top())

    monkeypatch.setattr(owner, name, slow)

    async def serve() -> None:
        async with emulator:
            await asyncio.Event().wait()

    serving = asyncio.create_task(serve())
    await asyncio.to_thread(entered.wait)
    for turn in range(5_000):
        if turn in (0, 1):
            serving.cancel()
        # Time enough to close everything, if it does not wait.
        await asyncio.sleep(0)
    may_go.set()
    with pytest.raises(asyncio.CancelledError):
        await serving
    assert met == ["today", 0]
