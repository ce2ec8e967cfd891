"""A real connector over a fake clock: while a call is under way, time stands still."""

import inspect
from collections.abc import Callable
from typing import Any, cast

from support.fakes.clock import AutoClock

from ctui.core.sources import Connector


class _Waited:
    """Hands everything on; the clock is held during whatever is awaited."""

    def __init__(self, inner: object, clock: AutoClock) -> None:
        self._inner = inner
        self._clock = clock

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        return self._waiting(value) if inspect.iscoroutinefunction(value) else value

    def _waiting(self, method: Callable[..., Any]) -> Callable[..., Any]:
        async def call(*arguments: Any, **options: Any) -> Any:
            with self._clock.held():
                return await method(*arguments, **options)

        return call


class _WaitedConnector(_Waited):
    """The same for what connects, and for the gateways that it hands out."""

    async def connect(self, *arguments: Any) -> Any:
        """A gateway during whose calls the clock is held."""
        with self._clock.held():
            gateway = await cast(Connector, self._inner).connect(*arguments)
        return _Waited(gateway, self._clock)


def waited(connector: Connector, clock: object) -> Connector:
    """The connector, and its calls held against the clock where that one jumps."""
    return cast(Connector, _WaitedConnector(connector, clock)) if isinstance(clock, AutoClock) else connector
