"""The running emulator as tests use it: add what they need, move its clock, make it fail."""

import asyncio
import os
import uuid
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, Literal

from ctui.emulator.account.accounts import Account, Bucket, IamRole, KmsKey, LogGroup, Resource, Topic
from ctui.emulator.options import FaultName, InjectedFault
from ctui.emulator.records.envelope import recorded
from ctui.emulator.records.lag import available_at
from ctui.emulator.records.recorded import Origin
from ctui.emulator.server import Emulator
from ctui.emulator.world_clock import WorldClock
from ctui.errors import SettingsError
from ctui.model.clock import Clock

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
        self._faults = emulator.options.faults

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
        return self.arguments_of(self.account)

    @property
    def accounts(self) -> tuple[str, ...]:
        """The IDs of all accounts, in the order of the account file."""
        return tuple(account.id for account in self.emulator.world.accounts)

    @property
    def regions(self) -> tuple[str, ...]:
        """The enabled Regions of an account file that lists them; none for the built-in account."""
        account = self._account()
        return tuple(region for region in account.regions if account.is_enabled(region))

    def arguments_of(self, account: str, region: str | None = None) -> dict[str, str]:
        """Keyword arguments as `arguments` has them, for the first key of an account."""
        key = self.emulator.world.account(account).keys[0]
        return {
            "endpoint_url": self.endpoint_url,
            "region_name": region or self.region,
            "aws_access_key_id": key.id,
            "aws_secret_access_key": key.secret,
        }

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables with which AWS's own tools find the profiles of the organization, and no others.

        Raises TypeError for accounts without a portal: there is no such file for them.
        """
        if self.emulator.settings_file is None:
            raise TypeError("only an organization has profiles: EmulatorOptions(organization=True)")
        return {"AWS_CONFIG_FILE": str(self.emulator.settings_file), "AWS_SHARED_CREDENTIALS_FILE": os.devnull}

    def expire_credentials(self) -> None:
        """From now on, all temporary credentials that were issued until now are expired."""
        self.emulator.keyring.expire_keys()

    def expire_sign_ins(self) -> None:
        """From now on, the tokens of all sign-ins to the portal are expired."""
        self.emulator.keyring.expire_sign_ins()

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

    def add_event(
        self,
        name: str,
        *,
        account: str | None = None,
        region: str | None = None,
        late: float | None = None,
        **fields: Any,
    ) -> str:
        """Add an event and return its EventId. It happens now unless `eventTime` is given; `fields` go into its record.

        It becomes visible after the emulator's lag, or `late` seconds after it happened. Trails that were logging then
        deliver it; the 2015 edition shows events only where a trail was logging. `eventTime` may be a datetime.
        Raises ValueError if it is not an event.
        """
        now, account = self.clock.now(), account or self.account
        record: dict[str, Any] = {
            "eventVersion": "1.11",
            "userIdentity": {"type": "IAMUser", "accountId": account, "userName": "alice"},
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
            "recipientAccountId": account,
            "eventCategory": "Management",
            **fields,
        }
        if isinstance(record["eventTime"], datetime):
            record["eventTime"] = f"{record['eventTime'].astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        event_id = str(record["eventID"])
        event = recorded(record, account=account, origin=Origin.LIVE, available=0.0)
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

    def fault(
        self, name: str, probability: float = 1.0, *, account: str | None = None, region: str | None = None
    ) -> None:
        """Make calls fail from now on: "internal", "throttle", "hang" and so on, see `FaultName`.

        It replaces the faults that were set before. With an account or a Region it strikes there alone, next to the
        faults of other places. Probability 0 ends it.
        """
        fault = InjectedFault(FaultName(name), probability, account, region)
        if account is not None or region is not None:
            self._faults = tuple(one for one in self._faults if (one.account, one.region) != (account, region))
        else:
            self._faults = ()
        self._faults = (*self._faults, *((fault,) if probability else ()))
        self.emulator.set_faults(self._faults)
