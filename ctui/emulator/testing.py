"""The emulator for tests of other projects: `from ctui.emulator.testing import cloudtrail` in a conftest.py.

The fixture starts an emulator in a thread, on a free port, without trails, sample traffic or a practical limit of
lookups. Override the fixture `cloudtrail_options` to change that.
"""

import asyncio
import threading
import uuid
import warnings
from collections import Counter
from collections.abc import Coroutine, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal

import pytest

from ctui.emulator.account.accounts import Account, Bucket, IamRole, KmsKey, LogGroup, Resource, Topic
from ctui.emulator.built_in_uses import built_in_uses
from ctui.emulator.options import EmulatorOptions, FaultName, InjectedFault
from ctui.emulator.records.envelope import recorded
from ctui.emulator.records.lag import available_at
from ctui.emulator.records.recorded import Origin
from ctui.emulator.server import Emulator
from ctui.emulator.world_clock import WorldClock
from ctui.errors import SettingsError
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
        self.added: set[str] = set()
        """Names of buckets and ARNs of everything else that was added."""
        self._numbers = count(1)

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

    def add_bucket(
        self,
        name: str | None = None,
        *,
        policy: Literal["good", "bad"] = "good",
        writes: Literal["accept", "refuse"] = "accept",
    ) -> str:
        """Add an S3 bucket and return its name. One of the same name is replaced, as with all of these methods.

        A trail cannot be set to a bucket with a bad `policy`. One that refuses `writes` gets no files. Raises
        ValueError for a name that S3 does not allow, or that another account's bucket has.
        """
        bucket = Bucket(name=name or self._new_name("bucket"), policy=policy, writes=writes)
        self._add(bucket, bucket.name)
        return bucket.name

    def add_topic(
        self,
        name: str | None = None,
        *,
        region: str | None = None,
        policy: Literal["good", "bad"] = "good",
        writes: Literal["accept", "refuse"] = "accept",
    ) -> str:
        """Add an SNS topic and return its ARN. `policy` and `writes` as for a bucket. Raises ValueError."""
        topic = Topic(name=name or self._new_name("topic"), region=region or self.region, policy=policy, writes=writes)
        return self._add(topic, self._account().arn("sns", topic.region, topic.name))

    def add_log_group(
        self, name: str | None = None, *, region: str | None = None, writes: Literal["accept", "refuse"] = "accept"
    ) -> str:
        """Add a group of CloudWatch Logs and return its ARN, as a trail names it: with `:*`. Raises ValueError."""
        group = LogGroup(name=name or self._new_name("log-group"), region=region or self.region, writes=writes)
        return self._add(group, self._account().log_group_arn(group.region, group.name))

    def add_role(self, name: str | None = None, *, trust: Literal["good", "bad"] = "good") -> str:
        """Add an IAM role for delivery to CloudWatch Logs and return its ARN. Raises ValueError.

        CloudTrail cannot assume a role with bad `trust`.
        """
        role = IamRole(name=name or self._new_name("role"), trust=trust)
        return self._add(role, self._account().arn("iam", "", f"role/{role.name}"))

    def add_key(
        self,
        alias: str | None = None,
        *,
        region: str | None = None,
        enabled: bool = True,
        policy: Literal["good", "bad"] = "good",
    ) -> str:
        """Add a KMS key, perhaps with an alias such as "alias/logs", and return its ARN. Raises ValueError.

        CloudTrail cannot use one that is not enabled, or that has a bad `policy`.
        """
        key = KmsKey(id=str(uuid.uuid4()), region=region or self.region, alias=alias, enabled=enabled, policy=policy)
        return self._add(key, self._account().arn("kms", key.region, f"key/{key.id}"))

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

    def _account(self) -> Account:
        return self.emulator.world.accounts[0]

    def _new_name(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers)}"

    def _add(self, resource: Resource, name: str) -> str:
        """Add it, and return its name or ARN."""
        try:
            self._wait_for(self.emulator.add(resource))
        except SettingsError as error:
            raise ValueError(error.message) from None
        self.added.add(name)
        return name

    def _wait_for(self, work: Coroutine[Any, Any, None]) -> None:
        """Do it on the emulator's loop, and wait for it."""
        asyncio.run_coroutine_threadsafe(work, self._loop).result(START_SECONDS)

    @property
    def folder(self) -> Path:
        """The folder of deliveries: `s3/BUCKET/…`, `sns/TOPIC`, `logs/GROUP`."""
        return self.emulator.folder

    def deliver(self) -> None:
        """Deliver now what trails have to deliver. Returns when files, notifications and status are written."""
        self._wait_for(self.emulator.deliver())

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
    return EmulatorOptions(lookup_rate=PLENTY, traffic=False, trails=False)


@pytest.fixture
def cloudtrail(cloudtrail_options: EmulatorOptions) -> Iterator[CloudTrail]:
    """A CloudTrail API on loopback for one test. Its clock runs with real time and can be moved.

    The account has no trails. A test that needs what the account of `ctui emulator` has is warned at its end.
    """
    with running(cloudtrail_options) as emulator:
        yield emulator
        if not cloudtrail_options.trails and cloudtrail_options.account is None:
            for use in built_in_uses(emulator.emulator, emulator.added):
                warnings.warn(use, DeprecationWarning, stacklevel=1)
