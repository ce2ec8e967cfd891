"""The gateway: one method, one call; answers become model values, failures become our errors.

Only a thread imports this module first: it loads botocore.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from ctui.aws.clients import Clients
from ctui.aws.decode.answers import is_web_page, no_answer, not_cloudtrail_but_a_page, read_date
from ctui.aws.decode.caller import RoleKey
from ctui.aws.decode.readers import ANSWER_READERS
from ctui.aws.errors.denials import regions_denied
from ctui.aws.errors.error_context import CredentialKind, ErrorContext
from ctui.aws.errors.no_history import may_lack_the_action, no_event_history
from ctui.aws.errors.service_errors import error_of, service_error, unreadable_error
from ctui.aws.errors.write_errors import outcome_unknown, write_error_of
from ctui.aws.transport import with_on_sent
from ctui.errors import AccessDenied, ConnectionProblem, CtuiError, EndpointUnreachable
from ctui.model.connection import Connection, Identity
from ctui.model.event.event import Event
from ctui.model.lookup.lookup import Category
from ctui.model.lookup.scan import Page, Scan
from ctui.model.region import RegionStatus
from ctui.model.trail.draft import TrailDraft
from ctui.model.trail.trail import Trail, TrailStatus

PAGE_SIZE = 50
"""Events per call: the most that LookupEvents returns."""


class AwsGateway:
    """One resolved connection to a CloudTrail API (core's Gateway)."""

    def __init__(
        self,
        connection: Connection,
        open_client: Callable[[str, str], Any],
        patience: float,
        login: CredentialKind,
        known_regions: tuple[str, ...],
    ) -> None:
        self._connection = connection
        self._known_regions = known_regions
        self._clients = Clients(open_client, self._read)
        self._patience = patience
        self.login = login
        """The kind of credentials that sign the calls."""
        self.identified: Callable[[Identity], None] = lambda identity: None
        """Called with each answer to GetCallerIdentity."""
        self._server_time: datetime | None = None
        self._calls: set[asyncio.Task[Any]] = set()
        self._describing: set[asyncio.Task[Any]] = set()
        self._answered: set[str] = set()
        """Actions that were answered as CloudTrail answers, with success or an error."""
        self._unsupported: set[str] = set()
        """Actions that were answered as servers answer actions they do not support."""
        self._closed = False

    def prepare(self) -> None:
        """Make the working Region's client now; blocks, so call it off the loop."""
        self._clients.open_now("cloudtrail", self._connection.region)

    @property
    def connection(self) -> Connection:
        """The resolved profile, Region and endpoint."""
        return self._connection

    @property
    def server_time(self) -> datetime | None:
        """The Date header of the last answer to any call, UTC, or None before the first readable one."""
        return self._server_time

    @property
    def known_regions(self) -> tuple[str, ...]:
        """The Regions of the partition that ctui's libraries know, the working one among them. It makes no call."""
        return self._known_regions

    async def identify(self) -> Identity:
        """sts:GetCallerIdentity. It goes to the connection's endpoint, unless that is a host of AWS."""
        answer = await self._call(self._connection.region, "GetCallerIdentity", "get_caller_identity", {})
        identity = cast(Identity, answer["ctui"])
        self.identified(identity)
        return identity

    async def assume_role(self, arn: str, session_name: str, policy: str) -> RoleKey:
        """sts:AssumeRole, limited to what the session policy allows, too."""
        parameters = {"RoleArn": arn, "RoleSessionName": session_name, "Policy": policy}
        answer = await self._call(self._connection.region, "AssumeRole", "assume_role", parameters)
        return cast(RoleKey, answer["ctui"])

    async def list_regions(self) -> tuple[RegionStatus, ...]:
        """The Regions by account:ListRegions, and by ec2:DescribeRegions where that is refused or out of reach.

        Raises AccessDenied, which names both, and other errors of ours.
        """
        try:
            return tuple(await self._listed("ListRegions", "list_regions", {"MaxResults": PAGE_SIZE}))
        except CtuiError as refusal:
            if not (isinstance(refusal, AccessDenied | EndpointUnreachable) or may_lack_the_action(refusal)):
                raise
            try:
                return tuple(await self._listed("DescribeRegions", "describe_regions", {"AllRegions": True}))
            except AccessDenied as error:
                raise regions_denied(refusal, error) from error

    async def account_names(self) -> Mapping[str, str]:
        """Account -> its name in the organization, by organizations:ListAccounts.

        Raises AccessDenied where this login may not list them, and other errors of ours.
        """
        return dict(await self._listed("ListAccounts", "list_accounts", {}))

    async def describe_trails(self, region: str) -> tuple[Trail, ...]:
        """DescribeTrails in one Region, shadow trails included."""
        describing = asyncio.ensure_future(self._call(region, "DescribeTrails", "describe_trails", {}))
        self._describing.add(describing)
        describing.add_done_callback(self._describing.discard)
        return cast(tuple[Trail, ...], (await describing)["ctui"])

    async def get_trail_status(self, region: str, name: str) -> TrailStatus:
        """GetTrailStatus of a trail, by name or ARN, as seen from one Region."""
        answer = await self._call(region, "GetTrailStatus", "get_trail_status", {"Name": name})
        return cast(TrailStatus, answer["ctui"])

    async def lookup_events(
        self, scan: Scan, next_token: str | None, on_sent: Callable[[], None] = lambda: None
    ) -> Page:
        """One page of LookupEvents with MaxResults 50. Raises CtuiError: Throttled, InvalidNextToken, ….

        `on_sent` is called when the request is sent, and never if no connection could be opened.
        """
        parameters: dict[str, Any] = {"EndTime": scan.end, "MaxResults": PAGE_SIZE}
        if scan.start is not None:
            parameters["StartTime"] = scan.start
        if scan.attribute is not None:
            attribute = {"AttributeKey": scan.attribute.key.value, "AttributeValue": scan.attribute.value}
            parameters["LookupAttributes"] = [attribute]
        if scan.category is not Category.MANAGEMENT:
            parameters["EventCategory"] = scan.category.value
        if next_token is not None:
            parameters["NextToken"] = next_token
        region = scan.scope.region
        try:
            answer = await self._call(region, "LookupEvents", "lookup_events", parameters, on_sent=on_sent)
        except CtuiError as error:
            if await self._lacks_lookups():
                raise no_event_history(error, self._error_context(region, "LookupEvents")) from error
            raise
        events, token = cast(tuple[tuple[Event, ...], str | None], answer["ctui"])
        if events and not any(event.timed for event in events):
            # No event of the page says when it happened. With this time they can at least be listed.
            events = tuple(replace(event, time=datetime.fromtimestamp(scan.end, UTC)) for event in events)
        return Page(events, token, read_date(answer["ResponseMetadata"]["HTTPHeaders"]))

    async def create_trail(self, region: str, draft: TrailDraft) -> Trail:
        """CreateTrail in one Region; this and the next four raise OutcomeUnknown if the change may have been made."""
        answer = await self._call(region, "CreateTrail", "create_trail", draft.create_parameters())
        return cast(Trail, answer["ctui"])

    async def update_trail(self, region: str, draft: TrailDraft) -> Trail:
        """UpdateTrail in the home Region, with what the draft changes."""
        answer = await self._call(region, "UpdateTrail", "update_trail", draft.update_parameters())
        return cast(Trail, answer["ctui"])

    async def delete_trail(self, region: str, name: str) -> None:
        """DeleteTrail in the home Region, by name or ARN."""
        await self._call(region, "DeleteTrail", "delete_trail", {"Name": name})

    async def start_logging(self, region: str, name: str) -> None:
        """StartLogging in the home Region, by name or ARN."""
        await self._call(region, "StartLogging", "start_logging", {"Name": name})

    async def stop_logging(self, region: str, name: str) -> None:
        """StopLogging in the home Region, by name or ARN."""
        await self._call(region, "StopLogging", "stop_logging", {"Name": name})

    async def close(self) -> None:
        """Drop connections and cancel calls in progress; those raise ConnectionProblem."""
        self._closed = True
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await self._clients.close()

    async def _listed(self, action: str, method: str, parameters: Mapping[str, Any]) -> list[Any]:
        """All that a call lists, page by page. Raises IncompleteAnswer if a page leads back to an earlier one."""
        listed, token, tokens = list[Any](), None, set[str]()
        while True:
            page = parameters if token is None else {**parameters, "NextToken": token}
            answer = await self._call(self._connection.region, action, method, page)
            items, token = answer["ctui"]
            listed += items
            if token is None:
                return listed
            if token in tokens:
                raise no_answer(
                    action, "a page leads back to an earlier one", answer["ResponseMetadata"]["HTTPHeaders"]
                )
            tokens.add(token)

    async def _call(
        self,
        region: str,
        action: str,
        method: str,
        parameters: Mapping[str, Any],
        *,
        on_sent: Callable[[], None] | None = None,
    ) -> Mapping[str, Any]:
        if self._closed:
            raise _closed()
        service, writes = ANSWER_READERS[action].service, ANSWER_READERS[action].changes
        context = self._error_context(region, action)
        call = asyncio.ensure_future(with_on_sent(on_sent, partial(self._make, service, region, method, parameters)))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)
        try:
            async with asyncio.timeout(self._patience):
                return await call
        except asyncio.CancelledError:
            if _cancelled_from_outside():
                raise
            raise (outcome_unknown(_closed(), context) if writes else _closed()) from None
        except Exception as error:
            raise (write_error_of if writes else error_of)(error, context) from error

    async def _lacks_lookups(self) -> bool:
        """True if the endpoint is not AWS's, supports DescribeTrails, and never answered LookupEvents.

        Waits for a DescribeTrails call in progress.
        """
        refused = "LookupEvents" in self._unsupported - self._answered
        if not refused or not self._connection.origin.startswith("http"):
            return False
        if self._describing:
            await asyncio.wait(self._describing)
        return "DescribeTrails" in self._answered

    async def _make(self, service: str, region: str, method: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        client = await self._clients.get(service, region)
        answer: Mapping[str, Any] = await getattr(client, method)(**parameters)
        return answer

    def _read(self, region: str, action: str, response: dict[str, Any], answer: dict[str, Any]) -> None:
        # We read the bytes before botocore does, because botocore turns nonsense into an empty answer.
        status: int = response["status_code"]
        headers = {str(name).lower(): str(value) for name, value in response["headers"].items()}
        self._server_time = read_date(headers) or self._server_time
        body: bytes = response["body"]
        reader = ANSWER_READERS[action]
        if status >= 300 or is_web_page(body):
            error = self._answered_error(region, action, status, body, headers)
            (self._unsupported if may_lack_the_action(error) else self._answered).add(action)
            raise error
        answer["ctui"] = reader.read(body, headers)
        self._answered.add(action)
        response["body"] = reader.blank

    def _answered_error(
        self, region: str, action: str, status: int, body: bytes, headers: Mapping[str, str]
    ) -> CtuiError:
        if status < 500 and is_web_page(body):
            return not_cloudtrail_but_a_page()
        context = self._error_context(region, action)
        code_and_message = ANSWER_READERS[action].read_error(body, headers)
        if code_and_message is None:
            return unreadable_error(status, headers.get("content-type", ""), context)
        code, message = code_and_message
        return service_error(code, status, message, context)

    def _error_context(self, region: str, action: str) -> ErrorContext:
        return ErrorContext(self._connection.profile, region, self._connection.endpoint, action, self.login)


def _cancelled_from_outside() -> bool:
    task = asyncio.current_task()
    return task is None or task.cancelling() > 0


def _closed() -> ConnectionProblem:
    return ConnectionProblem("Connection closed", "The connection was closed during the call.")
