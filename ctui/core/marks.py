"""Marks: a person marks events to find them again. The store keeps the marks; what is shown follows at once."""

from collections.abc import Callable, Collection, Sequence, Set

from ctui.core.session_state import SessionState
from ctui.core.session_store import SessionStore
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.event.event import Event
from ctui.store.marks import NOTE_LENGTH, EventMark

__all__ = ["NOTE_LENGTH", "EventMark", "Marks"]

_ENOUGH = 2
"""Marked events that are compared without asking which."""


class Marks:
    """Reads marks for the rows in sight, and writes them in the background. Nothing here blocks."""

    def __init__(
        self, tasks: Tasks, stored: SessionStore, now: Callable[[], int], failed: Callable[[CtuiError], None]
    ) -> None:
        """`now` returns the epoch second; `failed` is called with the error of a mark that could not be written."""
        self.changed: Signal[None] = Signal()
        """Other events are marked, or a note is different."""
        self._tasks = tasks
        self._stored = stored
        self._now = now
        self._failed = failed
        self._writing: dict[int, EventMark | None] = {}
        """By row id: marks that are being written; None for those that are being removed."""
        self._rows: Set[int] = frozenset()
        self._read_for: tuple[object, ...] = ()

    @property
    def rows(self) -> Set[int]:
        """The ids of all marked rows, as far as they were read: for drawing, costs nothing."""
        return self._rows

    def session_changed(self, state: SessionState) -> None:
        """Read the marks once the store may be open, and again where rows of a provisional account became another's."""
        known = (state.phase, state.account, state.assumed)
        if known != self._read_for and self._stored.store is not None:
            self._read_for = known
            self._tasks.start(self._read(), "read marks")

    def read(self) -> None:
        """Read the marks again in the background: another ctui may have made some."""
        if self._stored.store is not None:
            self._tasks.start(self._read(), "read marks")

    def of(self, ids: Sequence[int]) -> dict[int, EventMark]:
        """The marks of the rows among these that have one. Raises StoreError."""
        marks = {} if self._stored.store is None else dict(self._stored.store.marks(ids))
        for row_id in self._writing.keys() & set(ids):
            mark = self._writing[row_id]
            if mark is None:
                marks.pop(row_id, None)
            else:
                marks[row_id] = mark
        return marks

    def pair(self, row_id: int, event: Callable[[int], Event]) -> tuple[int, int] | None:
        """The rows of two events to compare while this row is selected; None if no other event is marked.

        The two that are marked, if there are just two; else the selected one and the one that was marked last of the
        others. `event` reads one; raises StoreError if the store cannot be read, and what `event` does.
        """
        marks = self.of(list(self._rows))
        latest: dict[str, int] = {}
        for row in sorted(marks, key=lambda row: (-marks[row].made, row)):
            latest.setdefault(event(row).event_id, row)
            if len(latest) > _ENOUGH:
                break
        selected = latest.pop(event(row_id).event_id, None)
        others = list(latest.values())
        if selected is None and len(others) == _ENOUGH:
            return others[0], others[1]
        return (row_id, others[0]) if others else None

    async def ids(self) -> list[int]:
        """The rows of all marked events of the Regions that are searched, newest first, each event once.

        Raises StoreError.
        """
        store = self._stored.store
        if store is None:
            return []
        keys = {key for scope in self._stored.scopes() for key in await store.marked(scope)}
        ids = [key.row_id for key in sorted(keys, key=lambda key: (-key.second, key.row_id))]
        rows: dict[str, int] = {}
        while ids:
            read = await store.evaluate(ids, lambda event, _region: event.event_id)
            for index, event_id in read.results:
                rows.setdefault(event_id, ids[index])
            ids = ids[read.scanned :]
        return list(rows.values())

    async def events(self) -> list[Event]:
        """The same events themselves. Raises StoreError."""
        return [event for _, event in await self._stored.read_events(await self.ids())]

    def toggle(self, row_id: int) -> bool:
        """Mark the event of a row, or remove its mark with its note; returns whether it is marked now.

        Raises StoreError if the store cannot be read.
        """
        marked = row_id not in self.of([row_id])
        self._write([row_id], EventMark(self._now(), "") if marked else None)
        return marked

    def mark(self, ids: Collection[int]) -> None:
        """Mark the events of these rows; marks that are there stay as they are. Raises StoreError."""
        marks = self.of(list(ids))
        self._write([row_id for row_id in ids if row_id not in marks], EventMark(self._now(), ""))

    def note(self, row_id: int, text: str) -> None:
        """Give the event of a row a mark with this note, cut to `NOTE_LENGTH`; "" removes the note, not the mark.

        Raises StoreError if the store cannot be read.
        """
        made = self.of([row_id]).get(row_id, EventMark(self._now(), "")).made
        self._write([row_id], EventMark(made, text[:NOTE_LENGTH]), noted=True)

    def _write(self, ids: Sequence[int], mark: EventMark | None, *, noted: bool = False) -> None:
        if not ids:
            return
        self._writing.update(dict.fromkeys(ids, mark))
        self._tasks.start(self._guarded(ids, mark, noted=noted), "mark")
        self._publish()

    async def _guarded(self, ids: Sequence[int], mark: EventMark | None, *, noted: bool) -> None:
        try:
            await self._tasks.guard(self._send(ids, mark, noted=noted))
        except CtuiError as error:
            self._failed(error)
        finally:
            for row_id in ids:
                # A later key may have changed it again.
                if self._writing.get(row_id, mark) is mark:
                    self._writing.pop(row_id, None)
            self._publish()

    async def _read(self) -> None:
        store = self._stored.store
        if store is None:
            return
        before = self._stored.marked, self._rows
        try:
            self._stored.marked = await store.marked_events()
        except CtuiError as error:
            self._failed(error)
        if before != (self._stored.marked, self._stored.marked.rows):
            self._publish()

    def _publish(self) -> None:
        made = {row_id for row_id, mark in self._writing.items() if mark is not None}
        self._rows = (self._stored.marked.rows | made) - (self._writing.keys() - made)
        self.changed.publish(None)

    async def _send(self, ids: Sequence[int], mark: EventMark | None, *, noted: bool) -> None:
        store = self._stored.store
        assert store is not None, "a row id comes from the store"
        if mark is None:
            await store.unmark(ids)
        else:
            await store.mark(ids, mark.made, mark.note if noted else None)
        self._stored.marked = await store.marked_events()
