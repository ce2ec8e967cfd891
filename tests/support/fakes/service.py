"""A CloudTrail service in memory, for screens: it answers from lists, and fails where it is told to."""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from ctui.core.sources import Gateway
from ctui.errors import AccessDenied, CtuiError
from ctui.model.connection import Connection, Identity
from ctui.model.event.event import Event, Resource
from ctui.model.lookup.scan import Page, Scan
from ctui.model.trail.draft import TrailDraft
from ctui.model.trail.trail import Trail, TrailStatus

ACCOUNT = "111111111111"
REGION = "eu-west-1"
PAGE = 50


def event(
    number: int,
    time: datetime,
    *,
    name: str = "DescribeInstances",
    source: str = "ec2.amazonaws.com",
    user: str = "alice",
    error: str | None = None,
    resource: str | None = None,
    record: dict[str, object] | None = None,
) -> Event:
    """An event with a record that agrees with it; `record` adds to the record or replaces parts of it."""
    body: dict[str, object] = {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "userName": user, "accountId": ACCOUNT},
        "eventTime": f"{time:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": source,
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": "203.0.113.9",
        "userAgent": "aws-cli/2.17.0",
        "requestParameters": None,
        "eventID": f"event-{number}",
        "recipientAccountId": ACCOUNT,
    }
    if error:
        body["errorCode"] = error
    body.update(record or {})
    resources = (Resource(None, resource),) if resource else ()
    return Event(f"event-{number}", time, name, source, user, "true", None, resources, json.dumps(body))


def events(count: int, newest: datetime, step: timedelta = timedelta(minutes=10)) -> list[Event]:
    """So many events, newest first, numbered from 0."""
    return [event(number, newest - number * step, user=f"user-{number}") for number in range(count)]


class Service:
    """Holds what the service knows; `fail` makes an action fail, `hold` keeps its answers back until `release`."""

    def __init__(self, history: Sequence[Event] = (), trails: Sequence[tuple[Trail, TrailStatus]] = ()) -> None:
        self.history = sorted(history, key=lambda each: each.time, reverse=True)
        self.trails = list(trails)
        self.fail: dict[str, CtuiError] = {}
        self.elsewhere: dict[str, list[Event] | CtuiError] = {}
        """What another Region than `REGION` tells, or with what it refuses; those not named tell what REGION does."""
        self.lookups = 0
        self._gate, self._door = asyncio.Event(), asyncio.Event()
        self._gate.set()
        self._door.set()

    def hold(self) -> None:
        """Answer no lookup from now on."""
        self._gate.clear()

    def release(self) -> None:
        """Answer what was held back, and everything after it."""
        self._gate.set()

    def hold_connection(self) -> None:
        """Let nobody connect from now on."""
        self._door.clear()

    def release_connection(self) -> None:
        """Let those connect that wait for it, and everybody after them."""
        self._door.set()

    async def connect(self, resolved: Callable[[Connection], None]) -> Gateway:
        """The Connector's one method; nothing is known before."""
        await self._door.wait()
        self.check("connect")
        return _Gateway(self)

    def check(self, action: str) -> None:
        """Raise what the action was told to fail with."""
        if action in self.fail:
            raise self.fail[action]

    async def opened(self) -> None:
        """Return when lookups are answered."""
        await self._gate.wait()


class _Gateway:
    def __init__(self, service: Service) -> None:
        self._service = service

    @property
    def connection(self) -> Connection:
        return Connection("prod", REGION, None, "aws")

    @property
    def server_time(self) -> datetime | None:
        return None

    async def identify(self) -> Identity:
        self._service.check("identify")
        return Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/alice")

    async def describe_trails(self, region: str) -> tuple[Trail, ...]:
        self._service.check("describe_trails")
        return tuple(trail for trail, _ in self._service.trails)

    async def get_trail_status(self, region: str, name: str) -> TrailStatus:
        self._service.check("get_trail_status")
        return next(status for trail, status in self._service.trails if name in (trail.name, trail.arn))

    async def lookup_events(
        self, scan: Scan, next_token: str | None, on_sent: Callable[[], None] = lambda: None
    ) -> Page:
        on_sent()
        self._service.lookups += 1
        await self._service.opened()
        self._service.check("lookup_events")
        start = datetime.fromtimestamp(scan.start, UTC) if scan.start is not None else datetime.min.replace(tzinfo=UTC)
        end = datetime.fromtimestamp(scan.end, UTC)
        told = self._service.elsewhere.get(scan.scope.region, self._service.history)
        if isinstance(told, CtuiError):
            raise told
        found = [each for each in told if start <= each.time <= end]
        first = int(next_token or 0)
        last = first + PAGE
        return Page(tuple(found[first:last]), str(last) if last < len(found) else None, None)

    async def create_trail(self, region: str, draft: TrailDraft) -> Trail:
        raise self._takes_no_changes()

    async def update_trail(self, region: str, draft: TrailDraft) -> Trail:
        raise self._takes_no_changes()

    async def delete_trail(self, region: str, name: str) -> None:
        raise self._takes_no_changes()

    async def start_logging(self, region: str, name: str) -> None:
        raise self._takes_no_changes()

    async def stop_logging(self, region: str, name: str) -> None:
        raise self._takes_no_changes()

    def _takes_no_changes(self) -> CtuiError:
        return AccessDenied("Access denied", "This service is for looking.", code="AccessDeniedException", status=400)

    async def close(self) -> None:
        return None
