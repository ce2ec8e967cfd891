"""The service in memory as screens meet it, and events with whole records."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from support.fakes.clock import AutoClock
from support.fakes.cloudtrail import ACCOUNT, REGION, FakeCloudTrail

from ctui.model.connection import Connection
from ctui.model.event.event import Event, Resource
from ctui.model.trail.trail import Trail, TrailStatus

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


class Service(FakeCloudTrail):
    """The service as a screen meets it: a login of a profile, answers without a date, and no change is taken."""

    def __init__(self, history: Sequence[Event] = (), trails: Sequence[tuple[Trail, TrailStatus]] = ()) -> None:
        super().__init__(AutoClock(), events=list(history), connection=Connection("prod", REGION, None, "aws"))
        self.takes_changes = False
        self.undated = {"GetCallerIdentity", "DescribeTrails", "GetTrailStatus", "LookupEvents"}
        self.keep(trails)

    def keep(self, trails: Sequence[tuple[Trail, TrailStatus]]) -> None:
        """From now on these are the account's trails."""
        self.trails = [trail for trail, _ in trails]
        self.statuses = {name: status for trail, status in trails for name in (trail.name, trail.arn) if name}
