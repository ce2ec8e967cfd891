"""A place to listen: core tells whoever asked, without knowing who that is."""

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Signal(Generic[T]):
    """Each value published reaches every listener, at once, in the order in which they began to listen."""

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
        """Hand the value to every listener; what a listener raises goes to the publisher."""
        for listener in tuple(self._listeners):
            listener(value)
