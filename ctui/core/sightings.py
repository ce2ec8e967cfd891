"""Sightings: whether the event whose record is read shows its user or role with something for the first time."""

from ctui.core.session_store import SessionStore
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.filter.sightings import FirstTimes


class Sightings:
    """Asks the store in the background, for one event at a time. Nothing here blocks."""

    def __init__(self, tasks: Tasks, stored: SessionStore) -> None:
        self.changed: Signal[None] = Signal()
        """Something else is known of the event that was asked for last."""
        self._tasks = tasks
        self._stored = stored
        self._wanted: int | None = None
        self._reading = False
        self._known: tuple[int, FirstTimes | None] | None = None

    def of(self, row_id: int) -> FirstTimes | None:
        """Of what the event of a row is the first sighting, as far as it was asked; None if of nothing."""
        return self._known[1] if self._known is not None and self._known[0] == row_id else None

    def ask(self, row_id: int) -> None:
        """Find out about the event of a row; `changed` is published if there is something to tell."""
        self._wanted = row_id
        if not self._reading and self._stored.store is not None:
            self._reading = True
            self._tasks.start(self._read(), "first sightings")

    async def _read(self) -> None:
        try:
            while (row_id := self._wanted) is not None and (store := self._stored.store) is not None:
                self._wanted = None
                before, times = self.of(row_id), await self._tasks.guard(store.first_times(row_id))
                self._known = row_id, times
                if times != before and self._wanted is None:
                    self.changed.publish(None)
        except CtuiError:
            # The record is shown without this, and trouble with the store is shown where rows are read.
            self._known = None
        finally:
            self._reading = False
