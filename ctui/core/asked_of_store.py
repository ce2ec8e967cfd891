"""AskedOfStore: one more fact about the event whose record is read, or of those in sight, which takes a search."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ctui.core.session_store import SessionStore
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.store.events import EventStore

K = TypeVar("K")
"""A row of the store, or several."""
T = TypeVar("T")


class AskedOfStore(Generic[K, T]):
    """Asks the store in the background, one question at a time. Nothing here blocks."""

    def __init__(
        self, tasks: Tasks, stored: SessionStore, read: Callable[[EventStore, K], Awaitable[T | None]]
    ) -> None:
        """`read` returns the fact about what it is asked for, None if there is none. It may raise CtuiError."""
        self.changed: Signal[None] = Signal()
        """Something else is known of what was asked for last."""
        self._tasks = tasks
        self._stored = stored
        self._read_fact = read
        self._wanted: K | None = None
        self._reading = False
        self._known: tuple[K, T | None] | None = None

    @property
    def last(self) -> T | None:
        """The fact that was learned last, whatever it is about; None if there is none."""
        return None if self._known is None else self._known[1]

    def of(self, wanted: K) -> T | None:
        """The fact about this, as far as it was asked; None if there is none."""
        return self._known[1] if self._known is not None and self._known[0] == wanted else None

    def ask(self, wanted: K) -> None:
        """Find out about this; `changed` is published if there is something to tell."""
        self._wanted = wanted
        if not self._reading and self._stored.store is not None:
            self._reading = True
            self._tasks.start(self._read(), "facts of the record")

    async def _read(self) -> None:
        try:
            while (wanted := self._wanted) is not None and (store := self._stored.store) is not None:
                self._wanted = None
                before, fact = self.of(wanted), await self._tasks.guard(self._read_fact(store, wanted))
                self._known = wanted, fact
                if fact != before and self._wanted is None:
                    self.changed.publish(None)
        except CtuiError:
            # The record is shown without this, and trouble with the store is shown where rows are read.
            self._known = None
        finally:
            self._reading = False
