"""The emulator for tests of other projects: `from ctui.emulator.testing import cloudtrail` in a conftest.py.

The fixture starts an emulator in a thread, on a free port, without sample traffic and without a practical limit of
lookups. Override the fixture `cloudtrail_options` to change that.
"""

import asyncio
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ctui.emulator.options import EmulatorOptions, FaultName, InjectedFault
from ctui.emulator.records.envelope import recorded
from ctui.emulator.records.lag import available_at
from ctui.emulator.records.recorded import Origin
from ctui.emulator.server import Emulator
from ctui.emulator.world_clock import WorldClock
from ctui.model.clock import Clock

PLENTY = 100_000.0
"""Lookups per second: more than any test makes."""
START_SECONDS = 60.0
"""Seconds that a start may take before it counts as failed."""


class CloudTrail:
    """A running emulator. Methods may be called from any thread."""

    def __init__(self, emulator: Emulator, clock: Clock, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.emulator = emulator
        self.clock = clock
        self.region = "us-east-1"
        self.account = emulator.account
        key = emulator.world.accounts[0].keys[0]
        self.access_key_id = key.id
        self.secret_access_key = key.secret

    @property
    def endpoint_url(self) -> str:
        """Where it answers: http://127.0.0.1:PORT."""
        return self.emulator.url

    @property
    def calls(self) -> Counter[str]:
        """Action -> number of calls."""
        return self.emulator.calls

    @property
    def arguments(self) -> dict[str, str]:
        """Keyword arguments for `boto3.client("cloudtrail", **…)`: endpoint, Region and credentials."""
        return {
            "endpoint_url": self.endpoint_url,
            "region_name": self.region,
            "aws_access_key_id": self.access_key_id,
            "aws_secret_access_key": self.secret_access_key,
        }

    def move(self, seconds: float) -> None:
        """Move the emulator's clock forward. Raises TypeError if it runs on a clock that cannot be moved."""
        if not isinstance(self.clock, WorldClock):
            raise TypeError("this emulator runs on your own clock: move that one")
        self.clock.move(seconds)

    def add_event(self, name: str, *, region: str | None = None, late: float | None = None, **fields: Any) -> str:
        """Add an event and return its EventId. It happens now unless `eventTime` is given; `fields` go into its record.

        It becomes visible after the emulator's lag, or `late` seconds after it happened. Trails that were logging then
        deliver it; the 2015 edition shows events only where a trail was logging. `eventTime` may be a datetime.
        Raises ValueError if it is not an event.
        """
        now = self.clock.now()
        record: dict[str, Any] = {
            "eventVersion": "1.11",
            "userIdentity": {"type": "IAMUser", "accountId": self.account, "userName": "alice"},
            "eventTime": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": "ec2.amazonaws.com",
            "eventName": name,
            "awsRegion": region or self.region,
            "sourceIPAddress": "192.0.2.1",
            "userAgent": "test",
            "eventID": str(uuid.uuid4()),
            "readOnly": False,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": self.account,
            "eventCategory": "Management",
            **fields,
        }
        if isinstance(record["eventTime"], datetime):
            record["eventTime"] = f"{record['eventTime'].astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        event_id = str(record["eventID"])
        event = recorded(record, account=self.account, origin=Origin.LIVE, available=0.0)
        lag = self.emulator.options.lag
        available = available_at(event_id, event.time, lag) if late is None else event.time + late
        self.emulator.history.add([replace(event, available=available)])
        return event_id

    @property
    def folder(self) -> Path:
        """The folder of deliveries: `s3/BUCKET/…`, `sns/TOPIC`, `logs/GROUP`."""
        return self.emulator.folder

    def deliver(self) -> None:
        """Deliver now what trails have to deliver. Returns when files, notifications and status are written."""
        asyncio.run_coroutine_threadsafe(self.emulator.deliver(), self._loop).result(START_SECONDS)

    def fault(self, name: str, probability: float = 1.0) -> None:
        """Make calls fail from now on: "internal", "throttle", "unavailable" or "delay". Probability 0 ends it."""
        faults = (InjectedFault(FaultName(name), probability),) if probability else ()
        self.emulator.set_faults(faults)


@contextmanager
def running(options: EmulatorOptions, clock: Clock | None = None) -> Iterator[CloudTrail]:
    """An emulator in a thread with a loop of its own. Raises what its start raises."""
    world_clock = clock or WorldClock()
    emulator = Emulator(options, world_clock)
    started: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        ending = asyncio.Event()
        async with emulator:
            started.set_result((asyncio.get_running_loop(), ending))
            await ending.wait()

    def work() -> None:
        try:
            asyncio.run(serve())
        except Exception as error:
            if started.done():
                raise
            started.set_exception(error)

    thread = threading.Thread(target=work, name="ctui-emulator", daemon=True)
    thread.start()
    loop, ending = started.result(START_SECONDS)
    try:
        yield CloudTrail(emulator, world_clock, loop)
    finally:
        loop.call_soon_threadsafe(ending.set)
        thread.join(START_SECONDS)


@pytest.fixture
def cloudtrail_options() -> EmulatorOptions:
    """The options of the fixture `cloudtrail`. Override it in your conftest.py."""
    return EmulatorOptions(lookup_rate=PLENTY, traffic=False)


@pytest.fixture
def cloudtrail(cloudtrail_options: EmulatorOptions) -> Iterator[CloudTrail]:
    """A CloudTrail API on loopback for one test. Its clock runs with real time and can be moved."""
    with running(cloudtrail_options) as emulator:
        yield emulator
