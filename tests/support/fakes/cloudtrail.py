"""The one CloudTrail in memory: paging, a sliding window, late and repeated events, refused tokens, failures, waits.

It stands behind core's Protocols, so what it holds are values and what fails are errors of ours. Where the bytes on the
wire are what is tested, `http_service` answers instead; where two programs must agree on them, the emulator does."""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from support.fakes.trail_writes import TrailWrites

from ctui.core.sources import Gateway, Resolved
from ctui.errors import (
    AccessDenied,
    CtuiError,
    EndpointUnreachable,
    ExpiredLogin,
    IncompleteAnswer,
    InvalidNextToken,
    NotCloudTrail,
    ServiceError,
    Throttled,
)
from ctui.model.clock import Clock
from ctui.model.connection import Connection, Identity, LoginTrace
from ctui.model.event.event import Event
from ctui.model.lookup.lookup import AttributeKey, Category, LookupAttribute
from ctui.model.lookup.scan import Page, Scan
from ctui.model.region import RegionStatus
from ctui.model.trail.trail import Trail, TrailStatus

ACCOUNT = "111111111111"
REGION = "eu-west-1"
LOGIN = LoginTrace(key_id="AKIAEXAMPLE", settings="of the only profile")
CONNECTION = Connection(None, REGION, endpoint="http://127.0.0.1:1", origin="http://127.0.0.1:1", login=LOGIN)


def event(event_id: str, time: datetime, **parts: str) -> Event:
    """An event with a small record; `parts` are its name, username, source, record, …"""
    given: dict[str, Any] = {
        "name": "RunInstances",
        "source": "ec2.amazonaws.com",
        "username": "alice",
        "read_only": "false",
    }
    record = parts.pop("record", f'{{"eventID":"{event_id}","awsRegion":"{REGION}"}}')
    return Event(event_id=event_id, time=time, access_key_id=None, resources=(), record=record, **{**given, **parts})


def has(event: Event, attribute: LookupAttribute) -> bool:
    """What the service says of an event, matched exactly."""
    said: dict[AttributeKey, Sequence[str | None]] = {
        AttributeKey.EVENT_ID: [event.event_id],
        AttributeKey.EVENT_NAME: [event.name],
        AttributeKey.READ_ONLY: [event.read_only],
        AttributeKey.USERNAME: [event.username],
        AttributeKey.RESOURCE_TYPE: [resource.type for resource in event.resources],
        AttributeKey.RESOURCE_NAME: [resource.name for resource in event.resources],
        AttributeKey.EVENT_SOURCE: [event.source],
        AttributeKey.ACCESS_KEY_ID: [event.access_key_id],
    }
    return attribute.value in said[attribute.key]


def throttled() -> Throttled:
    """The service's refusal of a call that came too soon."""
    return Throttled("Too many calls", "The service asks for a pause.", code="ThrottlingException", status=400)


def invalid_token() -> InvalidNextToken:
    """The service's refusal of a token."""
    return InvalidNextToken("Page", "The page token is no longer valid.", code="InvalidNextTokenException", status=400)


def denied(action: str) -> AccessDenied:
    """The service's refusal of an action."""
    return AccessDenied("Denied", f"You may not call {action}.", code="AccessDeniedException", status=400)


def internal() -> ServiceError:
    """The service's own failure."""
    return ServiceError("Failed", "The service failed.", code="InternalFailure", status=500)


def incomplete() -> IncompleteAnswer:
    """A success that does not say what was asked for."""
    return IncompleteAnswer("Incomplete answer", "Events is missing.", "m continues from here.")


def unreachable() -> EndpointUnreachable:
    """A connection that broke."""
    return EndpointUnreachable("No answer", "The connection was reset.")


def web_page() -> NotCloudTrail:
    """A network's login page, or that of a proxy."""
    return NotCloudTrail("Not a CloudTrail API", "A web page came back instead of CloudTrail's answer.")


def expired() -> ExpiredLogin:
    """A login that has run out."""
    return ExpiredLogin("Login expired", "The session token has expired.", "Log in again, then press r.")


@dataclass
class FakeCloudTrail(TrailWrites):
    """Implements Gateway, and the Connector to itself where nothing is known of a connection before it stands.

    What it holds and how it behaves are plain attributes, to be changed at any time.
    """

    clock: Clock
    events: list[Event] = field(default_factory=list)
    """What happened in the connection's Region, in any order."""
    insights: list[Event] = field(default_factory=list)
    """Insights events of the connection's Region, which are asked for by their category."""
    elsewhere: dict[str, list[Event]] = field(default_factory=dict)
    """What happened in other Regions."""
    available: dict[str, datetime] = field(default_factory=dict)
    """When an event can be looked up, by EventId; from the beginning of time where it is not named."""
    page_size: int = 50
    window: int | None = None
    """Lookups allowed within any second; None for no limit."""
    latency: float = 0.0
    opening: float = 0.0
    """Seconds that the first lookup takes to open its connection."""
    ways: "deque[float]" = field(default_factory=deque)
    """Seconds until each of the next lookups arrives at the service, in order; none once they run out."""
    skew: timedelta = timedelta(0)
    """How far the server's clock is ahead of ours."""
    undated: set[str] = field(default_factory=set)
    """Actions whose answers have no Date header."""
    failures: "deque[CtuiError | None]" = field(default_factory=deque)
    """What the next lookups meet, in order; None lets one through."""
    takes_changes: bool = True
    """False: every change of a trail is refused."""
    fail: dict[str, CtuiError] = field(default_factory=dict)
    """What methods of the gateway, or "connect", fail with as long as they stand here."""
    refusing: dict[str, CtuiError] = field(default_factory=dict)
    """Regions that answer each lookup with an error."""
    hanging: dict[str, asyncio.Event] = field(default_factory=dict)
    """Regions that answer no lookup, and methods of the gateway that answer nothing, until the event is set."""
    on_page: Callable[[], None] = lambda: None
    """Called with each page that is sent."""
    repeats: bool = False
    """True: each page but the first begins with the last event of the one before."""
    identity: Callable[[], Awaitable[Identity]] | CtuiError | None = None
    """What GetCallerIdentity does; None answers ACCOUNT at once."""
    describe_error: CtuiError | None = None
    connection: Connection = CONNECTION
    known_regions: tuple[str, ...] = (REGION,)
    regions: tuple[RegionStatus, ...] = (RegionStatus(REGION, enabled=True),)
    """What ListRegions answers."""
    names: dict[str, str] = field(default_factory=dict)
    """What ListAccounts answers: account -> name."""
    calls: "Counter[str]" = field(default_factory=Counter)
    refused: int = 0
    asked: list[tuple[Scan, str | None]] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)
    """The monotonic second of each lookup."""
    status_sends: list[float] = field(default_factory=list)
    closed: bool = False
    server_time: datetime | None = None
    _chains: dict[str, tuple[Scan | None, list[Event]]] = field(default_factory=dict)
    _recent: "deque[float]" = field(default_factory=deque)
    _answers_left: int | None = None
    _lookups_answered: asyncio.Event = field(default_factory=asyncio.Event)
    _connections_made: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.release()
        self.release_connection()

    @property
    def lookups(self) -> int:
        """How many lookups were asked."""
        return self.calls["LookupEvents"]

    def hold(self, after: int = 0) -> None:
        """Answer so many lookups from now on, those that were held back first, and then none."""
        self._answers_left = after
        if after:
            self._lookups_answered.set()
        else:
            self._lookups_answered.clear()

    def release(self) -> None:
        """Answer the lookups that were held back, and all after them."""
        self._answers_left = None
        self._lookups_answered.set()

    def hold_connection(self) -> None:
        """Let no connection be made from now on."""
        self._connections_made.clear()

    def release_connection(self) -> None:
        """Make the connections that were held back, and all after them."""
        self._connections_made.set()

    async def connect(self, _resolved: Resolved) -> Gateway:
        """The Connector's one method."""
        await self._connections_made.wait()
        await self._meet("connect")
        return self

    async def identify(self) -> Identity:
        """GetCallerIdentity."""
        self.calls["GetCallerIdentity"] += 1
        await self._meet("identify")
        if isinstance(self.identity, CtuiError):
            raise self.identity
        answer = Identity(ACCOUNT, f"arn:aws:iam::{ACCOUNT}:user/alice")
        if self.identity is not None:
            answer = await self.identity()
        self._date("GetCallerIdentity")
        return answer

    async def list_regions(self) -> tuple[RegionStatus, ...]:
        """ListRegions."""
        self.calls["ListRegions"] += 1
        await self._meet("list_regions")
        return self.regions

    async def account_names(self) -> Mapping[str, str]:
        """ListAccounts."""
        self.calls["ListAccounts"] += 1
        await self._meet("account_names")
        return self.names

    async def describe_trails(self, region: str) -> tuple[Trail, ...]:
        """DescribeTrails."""
        self.calls["DescribeTrails"] += 1
        await self._meet("describe_trails")
        if self.describe_error is not None:
            raise self.describe_error
        self._date("DescribeTrails")
        return tuple(self.trails)

    async def get_trail_status(self, region: str, name: str) -> TrailStatus:
        """GetTrailStatus; a trail that is not named in `statuses` is unknown."""
        self.calls["GetTrailStatus"] += 1
        await self._meet("get_trail_status")
        self.status_sends.append(self.clock.monotonic())
        answer = self.statuses.get(name, denied(f"GetTrailStatus on {name}"))
        if isinstance(answer, CtuiError):
            raise answer
        self._date("GetTrailStatus")
        return answer

    async def lookup_events(
        self, scan: Scan, next_token: str | None, on_sent: Callable[[], None] = lambda: None
    ) -> Page:
        """LookupEvents."""
        self.calls["LookupEvents"] += 1
        self.asked.append((scan, next_token))
        self.sends.append(self.clock.monotonic())
        if self.opening and self.calls["LookupEvents"] == 1:
            await self.clock.sleep(self.opening)
        on_sent()
        await self._may_be_answered()
        if (answers := self.hanging.get(scan.scope.region)) is not None:
            await answers.wait()
        await self._meet("lookup_events")
        if self.ways:
            await self.clock.sleep(self.ways.popleft())
        if self._too_soon(self.clock.monotonic()):
            self.refused += 1
            raise throttled()
        if self.latency:
            await self.clock.sleep(self.latency)
        failure = self.failures.popleft() if self.failures else None
        if failure is not None:
            raise failure
        if scan.scope.region in self.refusing:
            raise self.refusing[scan.scope.region]
        return self._page(scan, next_token)

    def second(self) -> float:
        """By the fake clock."""
        return self.clock.monotonic()

    async def before_write(self) -> None:
        """As slow as lookups are, and refused where the account takes no changes."""
        if not self.takes_changes:
            raise AccessDenied(
                "Access denied", "This service is for looking.", code="AccessDeniedException", status=400
            )
        if self.latency:
            await self.clock.sleep(self.latency)

    async def close(self) -> None:
        """Nothing to drop."""
        self.closed = True

    async def _may_be_answered(self) -> None:
        # Several that were held back wake together, and one of them may take the last answer.
        while not self._lookups_answered.is_set():
            await self._lookups_answered.wait()
        if self._answers_left is not None:
            self.hold(self._answers_left - 1)

    async def _meet(self, method: str) -> None:
        """Wait and fail as this method does."""
        if (answers := self.hanging.get(method)) is not None:
            await answers.wait()
        if method in self.fail:
            raise self.fail[method]

    def expire_tokens(self) -> None:
        """From now on no token that was handed out is valid."""
        self._chains = {token: (None, []) for token in self._chains}

    def _too_soon(self, now: float) -> bool:
        while self._recent and self._recent[0] <= now - 1.0:
            self._recent.popleft()
        if self.window is not None and len(self._recent) >= self.window:
            return True
        self._recent.append(now)
        return False

    def _date(self, action: str) -> datetime | None:
        if action in self.undated:
            return None
        self.server_time = (self.clock.now() + self.skew).replace(microsecond=0)
        return self.server_time

    def _page(self, scan: Scan, token: str | None) -> Page:
        if token is None:
            rest = self._matching(scan)
        else:
            bound, rest = self._chains.get(token, (None, []))
            # The account is no parameter of the call.
            if bound is None or replace(bound, scope=scan.scope) != scan:
                raise invalid_token()
        size = self.page_size
        page, left = rest[:size], rest[size - 1 if self.repeats and size > 1 else size :]
        following = None
        if len(rest) > size:
            following = f"token-{len(self._chains)}"
            self._chains[following] = (scan, left)
        self.on_page()
        return Page(tuple(page), following, self._date("LookupEvents"))

    def _matching(self, scan: Scan) -> list[Event]:
        now = self.clock.now() + self.skew
        there = self.elsewhere.get(scan.scope.region, [])
        here = self.insights if scan.category is Category.INSIGHT else self.events
        begin = float("-inf") if scan.start is None else scan.start
        found = [
            event
            for event in (here if scan.scope.region == self.connection.region else there)
            if begin <= event.time.timestamp() <= scan.end
            and (scan.attribute is None or has(event, scan.attribute))
            and self.available.get(event.event_id, datetime.min.replace(tzinfo=UTC)) <= now
        ]
        return sorted(found, key=lambda event: event.time, reverse=True)


class FakeConnector:
    """Hands out one gateway; raises what stands in `failures` first, before any key is known."""

    def __init__(
        self,
        gateway: Gateway,
        failures: Sequence[CtuiError] = (),
        *,
        resolved: Connection | None = CONNECTION,
        login: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`resolved` is what settings tell of the connection, None for nothing; `login` is waited for."""
        self.gateway = gateway
        self.failures = deque(failures)
        self.connected = 0
        self._resolved = resolved
        self._login = login

    def lead_to(self, resolved: Connection, login: Callable[[], Awaitable[None]] | None = None) -> None:
        """From now on the settings tell of this connection, and the login waits for that."""
        self._resolved, self._login = resolved, login

    async def connect(self, resolved: Resolved) -> Gateway:
        """The gateway, or the next failure."""
        if self._resolved is not None:
            resolved(replace(self._resolved, login=replace(self._resolved.login, key_id=None)))
        if self._login is not None:
            await self._login()
        if self.failures:
            raise self.failures.popleft()
        if self._resolved is not None:
            resolved(self._resolved)
        self.connected += 1
        return self.gateway
