"""The HTTP session of our clients. It reports when a request is really sent: when its connection is open.

Only a thread imports this module first: it loads aiohttp and botocore.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import TypeVar

import aiohttp
from aiobotocore.httpsession import AIOHTTPSession

T = TypeVar("T")

_on_sent: ContextVar[Callable[[], None] | None] = ContextVar("on_sent", default=None)


async def with_on_sent(on_sent: Callable[[], None] | None, call: Callable[[], Awaitable[T]]) -> T:
    """Return what `call()` returns, and call `on_sent` when its request is sent. Run it in a task of its own."""
    _on_sent.set(on_sent)
    return await call()


class TracedSession(AIOHTTPSession):  # type: ignore[misc]
    """aiobotocore's session, with a trace on each aiohttp session that it makes.

    There is no public way to those; tests/aws/test_transport.py pins the private name used here.
    """

    async def _get_session(self, proxy_url: str | None) -> aiohttp.ClientSession:
        session: aiohttp.ClientSession = await super()._get_session(proxy_url)
        if not session.trace_configs:
            session.trace_configs.append(_trace())
        return session


def _trace() -> aiohttp.TraceConfig:
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_connection_open)
    trace.on_connection_reuseconn.append(_connection_open)
    trace.freeze()
    return trace


async def _connection_open(*_: object) -> None:
    if (on_sent := _on_sent.get()) is not None:
        on_sent()
