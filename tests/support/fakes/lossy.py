"""A line to a service on loopback that can lose requests and answers, keep them waiting, or bend what is answered."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any

import aiohttp
from aiohttp import web


class Line(StrEnum):
    """What becomes of the calls of one action."""

    GOOD = "good"
    LOSES_ANSWERS = "loses answers"
    """The service does what it is asked; nobody hears of it."""
    LOSES_REQUESTS = "loses requests"
    """The service hears nothing; the connection is cut."""
    SILENT = "silent"
    """The service hears nothing, and the connection stays open."""
    CUT = "cut"
    """Half of the answer comes, then the connection is cut."""
    HALF = "half"
    """Half of the answer comes, as if it were all."""
    NULL = "null"
    """The answer is `null`."""
    WEB_PAGE = "web page"
    """A network's login page comes, with success."""
    FAILED = "failed"
    """A load balancer has no server: HTTP 503, and a page."""


_INSTEAD = {
    Line.NULL: (200, "application/x-amz-json-1.1", b"null"),
    Line.WEB_PAGE: (200, "text/html", b"<!DOCTYPE html><html><body>Accept the terms of this network</body></html>"),
    Line.FAILED: (503, "text/html", b"<html><body>503 Service Unavailable</body></html>"),
}


class LossyLine:
    """Forwards calls byte by byte; `lose` changes what becomes of an action's next calls."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._lines: dict[str, Line] = {}
        self._next: dict[str, deque[Line]] = {}
        self._bends: dict[str, Callable[[dict[str, Any]], object]] = {}
        self._waiting = asyncio.Event()
        self._held = asyncio.Semaphore(0)
        self.url = ""
        self.hang_up: Callable[[], Awaitable[None]] = _nothing
        """Stop listening: from then on connections are refused."""

    def lose(self, action: str, line: Line) -> None:
        """From now on calls of this action meet that."""
        self._lines[action] = line

    def lose_in_turn(self, action: str, lines: Iterable[Line]) -> None:
        """The next calls of this action meet these, one after the other."""
        self._next[action] = deque(lines)

    async def held(self, calls: int = 1) -> None:
        """Return when so many more calls have met a silent line."""
        for _ in range(calls):
            await self._held.acquire()

    def bend(self, action: str, change: Callable[[dict[str, Any]], object]) -> None:
        """From now on the answers to this action are what `change` makes of them."""
        self._bends[action] = change

    def mend(self) -> None:
        """All is good again; what was kept waiting is let go."""
        self._lines.clear()
        self._bends.clear()
        self._waiting.set()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        body = await request.read()
        action = request.headers.get("X-Amz-Target", "").rpartition(".")[2]
        coming = self._next.get(action)
        line = coming.popleft() if coming else self._lines.get(action, Line.GOOD)
        if line in _INSTEAD:
            status, content_type, said = _INSTEAD[line]
            return web.Response(status=status, body=said, headers={"Content-Type": content_type})
        if line is Line.SILENT:
            self._held.release()
            await self._waiting.wait()
        answer = web.Response(status=502)
        if line is not Line.LOSES_REQUESTS and line is not Line.SILENT:
            # The Host header is signed: it goes through as the client wrote it.
            async with (
                aiohttp.ClientSession() as client,
                client.post(self._target, data=body, headers=request.headers) as told,
            ):
                kept = {key: told.headers[key] for key in ("Content-Type", "Date") if key in told.headers}
                said = await told.read()
                if told.status == 200 and action in self._bends:
                    said = json.dumps(self._bends[action](json.loads(said))).encode()
                answer = web.Response(status=told.status, body=said, headers=kept)
                if line is Line.HALF:
                    return web.Response(status=told.status, body=said[: len(said) // 2], headers=kept)
                if line is Line.CUT:
                    half = web.StreamResponse(status=told.status, headers={**kept, "Content-Length": str(len(said))})
                    await half.prepare(request)
                    await half.write(said[: len(said) // 2])
        if line is not Line.GOOD and request.transport is not None:
            request.transport.abort()
        return answer


async def _nothing() -> None:
    return None


@asynccontextmanager
async def lossy_line(target: str) -> AsyncIterator[LossyLine]:
    """A line to the service at `target`, listening on a free port."""
    line = LossyLine(target)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", line.handle)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    line.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    line.hang_up = runner.cleanup
    try:
        yield line
    finally:
        line.mend()
        await runner.cleanup()
