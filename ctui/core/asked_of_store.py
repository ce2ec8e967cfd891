"""AskedOfStore: one more fact about the event whose record is read, which takes a search of the store."""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ctui.core.session_store import SessionStore
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.store.events import EventStore

T = TypeVar("T")


class AskedOfStore(Generic[T]):
    """Asks the store in the background, for one event at a time. Nothing here blocks."""

    def __init__(
        self, tasks: Tasks, stored: SessionStore, read: Callable[[EventStore, int], Awaitable[T | None]]
    ) -> None:
        """`read` returns the fact about a row of the store, None if there is none. It may raise CtuiError."""
        self.changed: Signal[None] = Signal()
        """Something else is known of the event that was asked for last."""
        self._tasks = tasks
        self._stored = stored
        self._read_fact = read
        self._wanted: int | None = None
        self._reading = False
        self._known: tuple[int, T | None] | None = None

    def of(self, row_id: int) -> T | None:
        """The fact about the event of a row, as far as it was asked; None if there is none."""
        return self._known[1] if self._known is not None and self._known[0] == row_id else None

    def ask(self, row_id: int) -> None:
        """Find out about the event of a row; `changed` is published if there is something to tell."""
        self._wanted = row_id
        if not self._reading and self._stored.store is not None:
            self._reading = True
            self._tasks.start(self._read(), "facts of the record")

    async def _read(self) -> None:
        try:
            while (row_id := self._wanted) is not None and (store := self._stored.store) is not None:
                self._wanted = None
                before, fact = self.of(row_id), await self._tasks.guard(self._read_fact(store, row_id))
                self._known = row_id, fact
                if fact != before and self._wanted is None:
                    self.changed.publish(None)
        except CtuiError:
            # The record is shown without this, and trouble with the store is shown where rows are read.
            self._known = None
        finally:
            self._reading = False
