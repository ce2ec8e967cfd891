"""The HTTP session of our clients: it tells when a request really leaves, which is when its connection stands.

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
    """What `call()` gives; `on_sent` is called when a request of it leaves. To be run in a task of its own."""
    _on_sent.set(on_sent)
    return await call()


class TracedSession(AIOHTTPSession):  # type: ignore[misc]
    """aiobotocore's session, traced. It offers no public way to the sessions of aiohttp that it makes: the private name
    used here is held by tests/aws/test_transport.py."""

    async def _get_session(self, proxy_url: str | None) -> aiohttp.ClientSession:
        session: aiohttp.ClientSession = await super()._get_session(proxy_url)
        if not session.trace_configs:
            session.trace_configs.append(_trace())
        return session


def _trace() -> aiohttp.TraceConfig:
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_connection_stands)
    trace.on_connection_reuseconn.append(_connection_stands)
    trace.freeze()
    return trace


async def _connection_stands(*_: object) -> None:
    if (on_sent := _on_sent.get()) is not None:
        on_sent()
