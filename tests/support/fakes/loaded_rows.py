"""LoadedRows: rows and their events in memory, for what reads rows from a store in portions."""

from collections.abc import Callable

from ctui.core.rows.row_index import RowIndex
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.store.search import Rows


class LoadedRows:
    """The rows of an answer that grows by `add`. A subclass reads them as it needs, and calls `meanwhile`."""

    def __init__(self) -> None:
        self.index = RowIndex()
        self.events: dict[int, Event] = {}
        self.meanwhile: Callable[[], None] = lambda: None
        """What happens during each read."""

    def add(self, *events: Event) -> None:
        """More has arrived."""
        first = len(self.events) + 1
        self.events.update(enumerate(events, first))
        self.index.merge((first + n, int(one.time.timestamp())) for n, one in enumerate(events))

    @property
    def rows(self) -> Rows:
        """All rows, newest first."""
        return self.index.rows

    @property
    def row_scopes(self) -> tuple[Scope, ...]:
        """None: every row is asked for by its id."""
        return ()

    def index_of(self, row_id: int) -> int | None:
        """Where a row is; None if there is no such row."""
        found = self.events.get(row_id)
        return None if found is None else self.index.index_of(row_id, int(found.time.timestamp()))
