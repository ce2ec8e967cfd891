"""The emulator's HTTP front end: connections and requests within limits, and every answer in the API's own form."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

from ctui.emulator.api import Api
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.options import FaultName
from ctui.emulator.wire.hosts import host_of, is_loopback
from ctui.emulator.wire.reply import Reply
from ctui.emulator.wire.signature import SignedRequest
from ctui.model.clock import Clock

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a client may use. Seconds are real time, whatever the world clock says."""

    body_bytes: int = 1024 * 1024
    line_bytes: int = 8192
    """The request line, and each header."""
    headers: int = 64
    connections: int = 256
    """One more, and the one that has waited longest for its client is dropped."""
    idle_seconds: float = 60.0
    """How long a connection may take to send the headers of a request."""
    body_seconds: float = 20.0
    """From the headers of a request to the end of its body."""
    answer_seconds: float = 20.0
    """How long the client may take to receive the answer."""


class Front(web.Server):
    """The HTTP server: passes requests to the API and writes its replies."""

    def __init__(self, api: Api, clock: Clock, limits: Limits, *, any_host: bool) -> None:
        super().__init__(self._handle)
        self.limits = limits
        self._api = api
        self._clock = clock
        self._any_host = any_host
        self._waiting: dict[_Connection, None] = {}
        """Connections without a complete request, the one that waits longest first."""
        self._answering: set[_Connection] = set()

    def waits(self, connection: "_Connection") -> None:
        """The connection now waits for its client. If there are too many, the one that waits longest is dropped.

        So clients that connect and send nothing, or half a request, cannot keep others out.
        """
        self._answering.discard(connection)
        self._waiting[connection] = None
        while len(self._waiting) + len(self._answering) > self.limits.connections:
            oldest = next(iter(self._waiting))
            del self._waiting[oldest]
            oldest.force_close()

    def answers(self, connection: "_Connection") -> None:
        """The connection now has a complete request, which is answered whatever others do."""
        if connection in self._waiting:
            del self._waiting[connection]
            self._answering.add(connection)

    def lost(self, connection: "_Connection") -> None:
        """The connection has ended."""
        self._waiting.pop(connection, None)
        self._answering.discard(connection)

    def __call__(self) -> RequestHandler:
        """A handler for one connection."""
        return _Connection(self, self._loop)

    def refused(self, condition: Condition, **fields: object) -> web.Response:
        """The answer to something that is not an API request. The connection ends with it."""
        response = self._response(self._api.refuse(Refusal(condition, **fields)))
        response.force_close()
        return response

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        if not self._any_host and not all(is_loopback(host_of(name)) for name in _hosts(request)):
            return self.refused(Condition.HOST_REFUSED)
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                body = await self._body(request)
        except TimeoutError:
            return self.refused(Condition.TIMED_OUT)
        except (web.RequestPayloadError, HttpProcessingError):
            return self.refused(Condition.HTTP_MALFORMED)
        if body is None:
            return self.refused(Condition.TOO_LARGE, limit=self.limits.body_bytes)
        if isinstance(request.protocol, _Connection):
            self.answers(request.protocol)
        path, _, query = _target(request).partition("?")
        signed = SignedRequest(request.method, path, query, _headers(request), body)
        reply = await self._api.answer(signed, request.remote or LOOPBACK)
        if reply.damage is FaultName.RESET and request.transport is not None:
            request.transport.abort()
        return self._response(reply)

    async def _body(self, request: web.BaseRequest) -> bytes | None:
        """The request's body, or None if it is too large."""
        if (request.content_length or 0) > self.limits.body_bytes:
            return None
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            # The writer counts these bytes, and would take them for the start of the answer.
            request.writer.output_size = 0
        body = bytearray()
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > self.limits.body_bytes:
                return None
        return bytes(body)

    def _response(self, reply: Reply) -> web.Response:
        headers = {
            "Content-Type": reply.content_type,
            "Date": format_datetime(self._clock.now().astimezone(UTC), usegmt=True),
            "x-amzn-RequestId": reply.request_id,
        }
        if reply.error is not None:
            headers["x-amzn-errortype"] = reply.error
        return web.Response(status=reply.status, body=reply.body, headers=headers)


class _Connection(RequestHandler):
    """One connection. aiohttp closes it if no complete headers come within `idle_seconds`."""

    __slots__ = ("_front",)

    def __init__(self, front: Front, loop: asyncio.AbstractEventLoop) -> None:
        limits = front.limits
        super().__init__(
            front,
            loop=loop,
            auto_decompress=False,
            keepalive_timeout=limits.idle_seconds,
            max_line_size=limits.line_bytes,
            max_field_size=limits.line_bytes,
            max_headers=limits.headers,
            lingering_time=1.0,
        )
        self._front = front

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accept the connection."""
        super().connection_made(transport)
        self._front.waits(self)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the connection."""
        super().connection_lost(exc)
        self._front.lost(self)

    def eof_received(self) -> bool:  # type: ignore[override]  # asyncio expects a bool, aiohttp returns none
        """True keeps the connection open until the client, which sends nothing more, has its answer."""
        super().eof_received()
        idle = self._waiter is not None and not self._waiter.done()
        if not idle:
            self.close()
        return not idle

    def handle_error(self, request: web.BaseRequest, *_: Any, **__: Any) -> web.StreamResponse:
        """Answer malformed HTTP in the API's form. It is not logged: it is the client's error."""
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was under way")
        return self._front.refused(Condition.HTTP_MALFORMED)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Write the answer, and abort the connection if the client does not receive it in time."""
        try:
            async with asyncio.timeout(self._front.limits.answer_seconds):
                finished = await super().finish_response(request, resp, start_time)
                if self.transport is not None:
                    self._front.waits(self)
                return finished
        except TimeoutError:
            if isinstance(self.transport, asyncio.Transport):
                # Closing would wait until the client has received the buffer, which it does not do.
                self.transport.abort()
            self.force_close()
            return resp, True


def _headers(request: web.BaseRequest) -> dict[str, str]:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]},{value}" if key in headers else value
    return headers


def _hosts(request: web.BaseRequest) -> Iterator[str]:
    """The hosts that a request names: its Host header, and its target if that is a URL, as sent to a proxy."""
    yield request.headers.get("Host", "")
    parts = _absolute(request)
    if parts is not None:
        yield parts.netloc


def _target(request: web.BaseRequest) -> str:
    """Path and query exactly as they came, without the host that a request to a proxy has before them."""
    parts = _absolute(request)
    if parts is None:
        return request.raw_path
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _absolute(request: web.BaseRequest) -> SplitResult | None:
    """The parts of a target that is a URL, or None if it is a path."""
    raw = request.raw_path
    if raw.startswith("/"):
        return None
    try:
        return urlsplit(raw)
    except ValueError:
        return SplitResult("", raw, "/", "", "")
