"""The gateway: one method, one call; answers become model values, failures become our errors.

Only a thread imports this module first: it loads botocore.
"""

import asyncio
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from ctui.aws.decode.answers import is_web_page, not_cloudtrail_but_a_page, read_date, read_error
from ctui.aws.decode.caller import EMPTY_ANSWER, read_identity, read_identity_error
from ctui.aws.decode.readers import READERS
from ctui.aws.errors.error_context import CredentialKind, ErrorContext
from ctui.aws.errors.no_history import may_lack_the_action, no_event_history
from ctui.aws.errors.service_errors import error_of, service_error, unreadable_error
from ctui.aws.errors.write_errors import outcome_unknown, write_error_of
from ctui.aws.transport import with_on_sent
from ctui.errors import ConnectionProblem, CtuiError
from ctui.model.connection import Connection, Identity
from ctui.model.event.event import Event
from ctui.model.lookup.lookup import Category
from ctui.model.lookup.scan import Page, Scan
from ctui.model.trail.draft import TrailDraft
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.threads import off_loop

PAGE_SIZE = 50
"""Events per call: the most that LookupEvents returns."""


Reader = Callable[[str, str, dict[str, Any], dict[str, Any]], None]
"""Called before botocore parses, with (Region, action, response dict, dict that botocore adds to its own answer)."""


class Clients:
    """aiobotocore clients, one per service and Region, each made off the loop at its first use."""

    def __init__(self, open_client: Callable[[str, str], Any], read: Reader) -> None:
        self._open_client = open_client
        self._read = read
        self._clients: dict[tuple[str, str], Any] = {}
        self._lock = threading.Lock()

    def open_now(self, service: str, region: str) -> Any:
        """The client. Making one blocks for some milliseconds, so call this off the loop."""
        with self._lock:
            key = (service, region)
            if key not in self._clients:
                # A client binds to the loop of its first call, not to the one it is made on.
                client = asyncio.run(self._open_client(service, region).__aenter__())
                client.meta.events.register(f"before-parse.{service}", partial(self._before_parse, region))
                self._clients[key] = client
            return self._clients[key]

    def _before_parse(
        self,
        region: str,
        operation_model: Any,
        response_dict: dict[str, Any],
        customized_response_dict: dict[str, Any],
        **_: object,
    ) -> None:
        self._read(region, operation_model.name, response_dict, customized_response_dict)

    async def get(self, service: str, region: str) -> Any:
        """The client, without blocking the loop."""
        client = self._clients.get((service, region))
        return client or await off_loop(lambda: self.open_now(service, region), "ctui-client")

    async def close(self) -> None:
        """Drop every client's connections."""
        clients = tuple(self._clients.values())
        self._clients.clear()
        for client in clients:
            await client.__aexit__(None, None, None)


class AwsGateway:
    """One resolved connection to a CloudTrail API (core's Gateway)."""

    def __init__(
        self, connection: Connection, open_client: Callable[[str, str], Any], patience: float, login: CredentialKind
    ) -> None:
        self._connection = connection
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

    async def identify(self) -> Identity:
        """sts:GetCallerIdentity. It goes to the connection's endpoint, unless that is a host of AWS."""
        answer = await self._call("sts", self._connection.region, "GetCallerIdentity", "get_caller_identity", {})
        identity = cast(Identity, answer["ctui"])
        self.identified(identity)
        return identity

    async def describe_trails(self, region: str) -> tuple[Trail, ...]:
        """DescribeTrails in one Region, shadow trails included."""
        describing = asyncio.ensure_future(self._call("cloudtrail", region, "DescribeTrails", "describe_trails", {}))
        self._describing.add(describing)
        describing.add_done_callback(self._describing.discard)
        return cast(tuple[Trail, ...], (await describing)["ctui"])

    async def get_trail_status(self, region: str, name: str) -> TrailStatus:
        """GetTrailStatus of a trail, by name or ARN, as seen from one Region."""
        answer = await self._call("cloudtrail", region, "GetTrailStatus", "get_trail_status", {"Name": name})
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
            answer = await self._call(
                "cloudtrail", region, "LookupEvents", "lookup_events", parameters, on_sent=on_sent
            )
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
        answer = await self._write(region, "CreateTrail", "create_trail", draft.create_parameters())
        return cast(Trail, answer["ctui"])

    async def update_trail(self, region: str, draft: TrailDraft) -> Trail:
        """UpdateTrail in the home Region, with what the draft changes."""
        answer = await self._write(region, "UpdateTrail", "update_trail", draft.update_parameters())
        return cast(Trail, answer["ctui"])

    async def delete_trail(self, region: str, name: str) -> None:
        """DeleteTrail in the home Region, by name or ARN."""
        await self._write(region, "DeleteTrail", "delete_trail", {"Name": name})

    async def start_logging(self, region: str, name: str) -> None:
        """StartLogging in the home Region, by name or ARN."""
        await self._write(region, "StartLogging", "start_logging", {"Name": name})

    async def stop_logging(self, region: str, name: str) -> None:
        """StopLogging in the home Region, by name or ARN."""
        await self._write(region, "StopLogging", "stop_logging", {"Name": name})

    async def close(self) -> None:
        """Drop connections and cancel calls in progress; those raise ConnectionProblem."""
        self._closed = True
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)
        await self._clients.close()

    async def _write(self, region: str, action: str, method: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return await self._call("cloudtrail", region, action, method, parameters, writes=True)

    async def _call(
        self,
        service: str,
        region: str,
        action: str,
        method: str,
        parameters: Mapping[str, Any],
        *,
        writes: bool = False,
        on_sent: Callable[[], None] | None = None,
    ) -> Mapping[str, Any]:
        if self._closed:
            raise _closed()
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
        sts = action == "GetCallerIdentity"
        if status >= 300 or is_web_page(body):
            error = self._answered_error(region, action, status, body, headers)
            (self._unsupported if may_lack_the_action(error) else self._answered).add(action)
            raise error
        answer["ctui"] = read_identity(body) if sts else READERS[action](body, headers)
        self._answered.add(action)
        response["body"] = EMPTY_ANSWER if sts else b"{}"

    def _answered_error(
        self, region: str, action: str, status: int, body: bytes, headers: Mapping[str, str]
    ) -> CtuiError:
        if status < 500 and is_web_page(body):
            return not_cloudtrail_but_a_page()
        context = self._error_context(region, action)
        code_and_message = read_identity_error(body) if action == "GetCallerIdentity" else read_error(body, headers)
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
