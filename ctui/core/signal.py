"""A signal: core publishes values, and listeners subscribe to them."""

import asyncio
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Signal(Generic[T]):
    """Each value that is published reaches every listener at once, in the order in which they subscribed."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[T], None]] = []

    def subscribe(self, listener: Callable[[T], None]) -> Callable[[], None]:
        """Call `listener` with each value from now on; returns a function that ends it."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def publish(self, value: T) -> None:
        """Pass the value to every listener; an exception of a listener reaches the publisher."""
        for listener in tuple(self._listeners):
            listener(value)


async def becomes(true: Callable[[], bool], *signals: Signal[Any]) -> None:
    """Return once `true()` holds. It is looked at again whenever one of the signals publishes."""
    published = asyncio.Event()
    leave = [signal.subscribe(lambda _: published.set()) for signal in signals]
    try:
        while not true():
            published.clear()
            await published.wait()
    finally:
        for each in leave:
            each()
