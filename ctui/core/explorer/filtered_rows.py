"""FilteredRows: the rows on the screen: those of a query that match the filter line, filtered in the background."""

import asyncio
from collections.abc import Callable

from ctui.core.lookup.event_query import PAGES_WITHOUT_A_ROW, EventQuery, QueryPhase
from ctui.core.rows.row_filter import RowFilter, StoredRows
from ctui.core.tasks import Tasks, ended
from ctui.errors import CtuiError
from ctui.model.clock import Clock
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.filter.predicate import Predicate

DEBOUNCE = 0.025
"""Seconds without another key before rows are filtered."""


class FilteredRows:
    """Filters the rows of one query at a time. Rows that are here are read; the service is never asked to filter."""

    def __init__(
        self, query: EventQuery, tasks: Tasks, clock: Clock, stored: StoredRows, changed: Callable[[], None]
    ) -> None:
        """`stored` compares rows off the loop; `changed` is called when rows or counts are different."""
        self.error: CtuiError | None = None
        """Why rows could not be read to filter them; None if they could."""
        self.more_keys_wait: Callable[[], bool] = lambda: False
        """Whether more of what a person types is on its way; rows are filtered once none is."""
        self._query = query
        self._tasks = tasks
        self._clock = clock
        self._stored = stored
        self._changed = changed
        self._filter: RowFilter | None = None
        self._previous: EventQuery | RowFilter | None = None
        self._half_typed = False
        self._filtering: asyncio.Task[None] | None = None
        self._loading: asyncio.Task[None] | None = None

    @property
    def rows(self) -> EventQuery | RowFilter:
        """The rows to show."""
        # Until a new filter has found a row, those of the one before stay: rows do not blink.
        if self._previous is not None:
            return self._previous
        return self._query if self._filter is None else self._filter

    @property
    def pending(self) -> bool:
        """True while there are rows that were not compared with the line yet."""
        return self.error is None and self._filter is not None and _is_unfinished(self._filter)

    @property
    def unmatched(self) -> bool:
        """True if no row matches, and those before are shown because a term is half typed."""
        found = self._filter
        return found is not None and self._keeps_previous() and not found.has_unfiltered_rows and not len(found)

    def _keeps_previous(self) -> bool:
        """Whether rows of the line before stay where none matches."""
        return self._half_typed and self._previous is not None and len(self._previous.ids) > 0

    def finish_typing(self) -> None:
        """What is typed is complete, so that the rows of the line before may go."""
        self._half_typed = False
        if not _is_running(self._filtering):
            self._previous = None

    @property
    def excluded(self) -> Exclusions:
        """While no row matches: which terms hide how many rows."""
        return Exclusions() if self._filter is None else self._filter.exclusions

    def show(
        self,
        query: EventQuery,
        predicate: Predicate | None,
        *,
        new_question: bool = False,
        half_typed: bool = False,
    ) -> None:
        """Show the rows of a query that match; all of them if there is no predicate.

        `new_question`: the rows on the screen answer another question, so none of them stays, unless a term is
        `half_typed`: then they do until a row matches.
        """
        shown, self.error, self._query, self._half_typed = self.rows, None, query, half_typed
        _cancel(self._filtering)
        if predicate is None:
            self._filter = self._previous = None
            return
        self._filter = RowFilter(query, predicate, self._stored)
        self._previous = shown if half_typed or (isinstance(shown, RowFilter) and not new_question) else None
        delay = 0 if new_question else DEBOUNCE
        self._filtering = self._tasks.start(self._run(self._filter, delay), "filter")

    def query_changed(self) -> None:
        """The query may have more rows: filter those as well."""
        if self._filter is not None and self._filter.has_unfiltered_rows and not _is_running(self._filtering):
            self._filtering = self._tasks.start(self._run(self._filter, 0), "filter")

    def load_more(self) -> None:
        """Load until a new row matches, but not more than five pages. Does nothing while loading."""
        if self._filter is None:
            self._query.near_end()
        elif self._query.state.phase is QueryPhase.PAUSED and not _is_running(self._loading):
            self._loading = self._tasks.start(self._load_until_a_row(self._query, self._filter), "load until a row")

    def stop_loading(self) -> bool:
        """Stop what `load_more` has started; True if it was running."""
        return _cancel(self._loading)

    async def _run(self, row_filter: RowFilter, delay: float) -> None:
        while delay:
            await self._clock.sleep(delay)
            if not self.more_keys_wait():
                break
        try:
            while row_filter is self._filter and _is_unfinished(row_filter):
                if row_filter.has_unfiltered_rows:
                    await row_filter.filter_next()
                    if row_filter is self._filter:
                        self._leave_previous(row_filter)
                    if _is_unfinished(row_filter):
                        self._changed()
                else:
                    await row_filter.count_next()
        except CtuiError as error:
            self.error = error if row_filter is self._filter else self.error
        if row_filter is self._filter:
            self._leave_previous(row_filter)
        self._changed()

    def _leave_previous(self, row_filter: RowFilter) -> None:
        """The rows before go once one matches, or all were compared and what is typed is complete."""
        compared = self.error is not None or not row_filter.has_unfiltered_rows
        if len(row_filter) or (compared and not self._keeps_previous()):
            self._previous = None

    async def _load_until_a_row(self, query: EventQuery, row_filter: RowFilter) -> None:
        rows, pages = len(row_filter), query.state.pages
        while len(row_filter) == rows and (left := PAGES_WITHOUT_A_ROW - query.state.pages + pages) > 0:
            if not query.near_end(left):
                return
            await query.idle()
            await ended(self._filtering)
            if row_filter is not self._filter or query.state.phase is not QueryPhase.PAUSED:
                return


def _is_unfinished(row_filter: RowFilter) -> bool:
    """True while rows were not compared with the line, or it is not known which terms hide them all."""
    return row_filter.has_unfiltered_rows or row_filter.has_uncounted_rows


def _is_running(task: "asyncio.Task[None] | None") -> bool:
    return task is not None and not task.done()


def _cancel(task: "asyncio.Task[None] | None") -> bool:
    return task is not None and task.cancel()
