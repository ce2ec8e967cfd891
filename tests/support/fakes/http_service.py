"""A loopback HTTP service that answers what a test tells it to, and options of a connection to it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from ctui.aws.login.connect_options import ConnectOptions

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class HttpService:
    """What was asked, and what is answered."""

    url: str = ""
    asked: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)
    """(action, parameters, headers) of each call."""
    answer: Answer | None = None

    def says(self, value: object, status: int = 200, **headers: str) -> None:
        """Answer every call with this value as JSON in the service's protocol."""
        self.says_bytes(json.dumps(value).encode(), "application/x-amz-json-1.1", status, **headers)

    def says_each(self, answers: Mapping[str, Callable[[], web.StreamResponse]]) -> None:
        """Answer calls of each of these actions with what its function returns."""

        async def answer(_: web.Request) -> web.StreamResponse:
            return answers[self.asked[-1][0]]()

        self.answer = answer

    def says_bytes(self, body: bytes, content_type: str, status: int = 200, **headers: str) -> None:
        """Answer every call with these bytes."""

        async def answer(_: web.Request) -> web.StreamResponse:
            return web.Response(body=body, status=status, headers={"Content-Type": content_type, **headers})

        self.answer = answer


@asynccontextmanager
async def http_service() -> AsyncIterator[HttpService]:
    """A service that is listening on a free port of loopback."""
    service = HttpService()

    async def handle(request: web.Request) -> web.StreamResponse:
        body = await request.read()
        # CloudTrail names the action in a header, STS and EC2 in a form, Account Management in the path.
        target = request.headers.get("X-Amz-Target", "").rpartition(".")[2] or request.path.strip("/")
        parameters = json.loads(body or b"{}") if target else dict(parse_qsl(body.decode()))
        action = target[:1].upper() + target[1:] or parameters.get("Action", "")
        service.asked.append((action, parameters, dict(request.headers)))
        assert service.answer is not None
        return await service.answer(request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield service
    await runner.cleanup()


def isolated_options(url: str, **more: Any) -> ConnectOptions:
    """Options of a connection that no setting of this machine touches."""
    values = {"profile": "test", "region": "eu-west-1", "access_key": "demo", "secret_key": "demo"} | more
    return ConnectOptions(endpoint_url=url, isolated=True, **values)
