"""SessionReads: what a session answers from its store."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from ctui.core.explorer.queries import Queries
from ctui.core.rows.row_values import row_values
from ctui.core.server_clock import ServerClock
from ctui.core.session_store import SessionStore
from ctui.core.tasks import Tasks
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.filter.predicate import Predicate
from ctui.store.counting import CountQuery
from ctui.store.index.excluding import Excluded
from ctui.store.index.matching import Matched, Matcher
from ctui.store.index.table_line import StoredSummary
from ctui.store.reading import Evaluated
from ctui.store.search import Rows

if TYPE_CHECKING:
    from ctui.core.lookup.forecast import Forecast
    from ctui.model.log_files.tree_state import FilePlace
    from ctui.store.index.faceting import FacetCounter, FacetCounts

T = TypeVar("T")


class SessionReads:
    """Reads stored rows: those that a screen needs at once on the loop, all others off it."""

    queries: Queries
    _tasks: Tasks
    _stored: SessionStore
    _server_clock: ServerClock

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """The table lines of these rows, in the order of `ids`, without those the store no longer holds."""
        return self._stored.summaries(ids)

    async def values(self, ids: Sequence[int], fields: Sequence[str]) -> dict[int, dict[str, tuple[str, ...]]]:
        """The values of fields or paths of these rows, read off the loop, without rows that are not stored."""
        return await row_values(self, ids, fields)

    async def read_far(self, ids: Sequence[int]) -> None:
        """Read the records of rows whose lines are `far`. Raises FilesError."""
        await self._stored.read_far(ids)

    def event(self, row_id: int) -> Event:
        """The whole event of a row. Raises StoreError if the store does not hold it, FilesError if its log file is gone
        or has changed."""
        return self._stored.event(row_id)

    def file_of(self, row_id: int) -> "FilePlace | None":
        """In which log file the record of a row stands; None for a row of the event store."""
        return self._stored.file_of(row_id)

    async def count_values(self, query: CountQuery) -> list[tuple[str, int]]:
        """Values of the newest events in the Regions that are searched, most frequent first. Raises StoreError."""
        return await self._tasks.guard(self._stored.count_values(query))

    def forecasts(self, region: str = "") -> "list[Forecast]":
        """What it takes to answer the explorer's question, in each Region, by what is stored: nothing is asked.

        `region` is the working one, if that is not known otherwise. Raises StoreError.
        """
        return self._stored.forecasts(self.queries.current.lookup, self._server_clock.time(), region)

    async def match(self, matcher: Matcher, scopes: Sequence[Scope], rows: Rows) -> Matched:
        """Which of the next of these stored rows match a line, off the loop. Raises StoreError."""
        return await self._tasks.guard(self._stored.match(matcher, scopes, rows))

    async def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        """What `evaluation` makes of a portion of these stored rows, off the loop. Raises StoreError."""
        return await self._tasks.guard(self._stored.evaluate(ids, evaluation))

    async def read_events(self, ids: Sequence[int]) -> list[tuple[str, Event]]:
        """Of these rows, those that are stored: the event, and the Region that was searched. Raises StoreError."""
        return await self._tasks.guard(self._stored.read_events(ids))

    async def excluders(self, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        """What excludes the next of these stored rows, off the loop. Raises StoreError."""
        return await self._tasks.guard(self._stored.excluders(predicate, ids))

    async def count_facets(self, counter: "FacetCounter", rows: Rows) -> "FacetCounts":
        """Count these rows too, off the loop; returns the counts of all that `counter` was given. Raises StoreError."""
        return await self._tasks.guard(self._stored.count_facets(counter, rows))
