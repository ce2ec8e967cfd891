"""What core needs from outside: a gateway to the service, and a way to open one."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ctui.model.connection import Connection, Identity
from ctui.model.lookup.scan import Page, Scan
from ctui.model.trail.draft import TrailDraft
from ctui.model.trail.trail import Trail, TrailStatus

if TYPE_CHECKING:
    from ctui.model.region import RegionStatus


class Gateway(Protocol):
    """One resolved connection to a CloudTrail API. Every method raises our errors only, and makes exactly one call,
    except those that say otherwise."""

    @property
    def connection(self) -> Connection:
        """Profile, Region and endpoint that were resolved."""

    @property
    def server_time(self) -> datetime | None:
        """The Date header of the last answer to any call, UTC; None before the first readable one."""

    @property
    def known_regions(self) -> tuple[str, ...]:
        """The Regions of the partition that are known without a call, the working one among them.

        Some of them may not be enabled, and newer ones are missing. For an isolated connection the working one alone.
        """

    async def identify(self) -> Identity:
        """sts:GetCallerIdentity, at the connection's endpoint if it has one."""

    async def list_regions(self) -> "tuple[RegionStatus, ...]":
        """account:ListRegions, or ec2:DescribeRegions of all Regions where that is refused; a call a page.

        Raises AccessDenied where both are.
        """

    async def account_names(self) -> Mapping[str, str]:
        """Account -> name, by organizations:ListAccounts, a call a page. Raises AccessDenied where not allowed."""

    async def describe_trails(self, region: str) -> tuple[Trail, ...]:
        """DescribeTrails in one Region, shadow trails included."""

    async def get_trail_status(self, region: str, name: str) -> TrailStatus:
        """GetTrailStatus of a trail, by name or ARN, as seen from one Region."""

    async def lookup_events(
        self, scan: Scan, next_token: str | None, on_sent: Callable[[], None] = lambda: None
    ) -> Page:
        """One page of LookupEvents with MaxResults 50; raises Throttled, IncompleteAnswer, … as they come.

        `on_sent` is called when the connection is open and the request is sent; never if none could be opened.
        """

    async def create_trail(self, region: str, draft: TrailDraft) -> Trail:
        """CreateTrail in one Region; this and the next four raise OutcomeUnknown if the change may have been made."""

    async def update_trail(self, region: str, draft: TrailDraft) -> Trail:
        """UpdateTrail in the home Region, with what the draft changes."""

    async def delete_trail(self, region: str, name: str) -> None:
        """DeleteTrail in the home Region, by name or ARN."""

    async def start_logging(self, region: str, name: str) -> None:
        """StartLogging in the home Region, by name or ARN."""

    async def stop_logging(self, region: str, name: str) -> None:
        """StopLogging in the home Region, by name or ARN."""

    async def close(self) -> None:
        """Drop connections; calls under way are cancelled."""


Resolved = Callable[[Connection], Awaitable[object] | None]
"""Hears what is known of a connection. If it returns something, that ends when what is stored of it is shown."""


class Connector(Protocol):
    """Opens a gateway; may take seconds (imports, logins) and never blocks the loop."""

    async def connect(self, resolved: Resolved) -> Gateway:
        """Resolve profile, Region and credentials; raises ConnectionProblem with what to do.

        `resolved` is called on the loop with what is known of the connection: before the login, which may take long,
        and again once the access key id is known.
        """
