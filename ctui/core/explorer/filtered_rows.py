"""FilteredRows: the rows on the screen: those of a query that match the filter line, filtered in the background.

Own calls are left out first, once for each query; the line filters what is left. So a view without a line shows its
rows at once when it is returned to, and a letter filters no more than before.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator

from ctui.core.lookup.event_query import PAGES_WITHOUT_A_ROW, EventQuery, QueryPhase
from ctui.core.rows.row_filter import RowFilter, StoredRows
from ctui.core.tasks import Tasks, ended
from ctui.errors import CtuiError
from ctui.model.clock import Clock
from ctui.model.empty_result.exclusion import Exclusions
from ctui.model.filter.own_calls import with_and_without
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.terms import Term

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
        self._own: Term | None = None
        self._not_own: RowFilter | None = None
        self._own_rows: RowFilter | None = None
        self._filter: RowFilter | None = None
        self._own_matching: RowFilter | None = None
        self._previous: EventQuery | RowFilter | None = None
        self._half_typed = False
        self._kept: dict[EventQuery, tuple[Term, RowFilter, RowFilter]] = {}
        self._filtering: asyncio.Task[None] | None = None
        self._loading: asyncio.Task[None] | None = None

    @property
    def rows(self) -> EventQuery | RowFilter:
        """The rows to show."""
        # Until a new filter has found a row, those of the one before stay: rows do not blink.
        return self.matching if self._previous is None else self._previous

    @property
    def matching(self) -> EventQuery | RowFilter:
        """The rows that match, as far as they were compared; those that are shown until then may be another line's."""
        # An empty filter is one, too.
        return next(self._filters((self._filter, self._not_own)), self._query)

    @property
    def filtered_to(self) -> int:
        """The second of the newest row that was not compared with the line yet; 0 if all were."""
        return max((each.filtered_to for each in self._filters((self._not_own, self._filter))), default=0)

    @property
    def pending(self) -> bool:
        """True while there are rows that were not compared with the line yet."""
        return self.error is None and (
            any(each.has_unfiltered_rows for each in self._filters((self._not_own, self._filter)))
            or (self._filter is not None and self._filter.has_uncounted_rows)
        )

    @property
    def shows_previous(self) -> bool:
        """True if the rows are those of the line before."""
        return self._previous is not None

    @property
    def unmatched(self) -> bool:
        """True if no row matches, and those before are shown because a term is half typed."""
        return self._filter is not None and self._keeps_previous() and not (len(self._filter) or self._unfiltered())

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

    @property
    def own_hidden(self) -> int:
        """How many own calls would match, and are hidden."""
        own = self._own_rows if self._filter is None else self._own_matching
        return 0 if own is None else len(own)

    def show(
        self,
        query: EventQuery,
        predicate: Predicate | None,
        *,
        own: Term | None = None,
        new_question: bool = False,
        half_typed: bool = False,
        at_once: bool = False,
    ) -> None:
        """Show the rows of a query that match; all of them if there is no predicate.

        `own` matches the own calls: they are hidden and counted. `new_question`: the rows on the screen answer another
        question, so none of them stays, unless a term is `half_typed`: then they do until a row matches. `at_once`:
        nothing was typed, so there are no more keys to wait for.
        """
        shown, self.error, self._query, self._half_typed = self.rows, None, query, half_typed
        hides_others = own != self._own
        _cancel(self._filtering)
        self._filtering = self._previous = None
        self._hide(query, own)
        self._filter = self._own_matching = None
        if predicate is not None:
            self._filter = RowFilter(self.matching, predicate, self._stored)
            if self._own_rows is not None:
                self._own_matching = RowFilter(self._own_rows, predicate, self._stored)
        typed = self._filter is not None and (half_typed or (isinstance(shown, RowFilter) and not new_question))
        if typed or (hides_others and not new_question):
            self._previous = shown
        if self._is_unfinished():
            delay = 0 if new_question or at_once else DEBOUNCE
            self._filtering = self._tasks.start(self._run(self.matching, delay), "filter")
        else:
            self._leave_previous(self.matching)

    def keep_only(self, queries: Collection[EventQuery]) -> None:
        """Forget which own calls all other queries have."""
        self._kept = {query: kept for query, kept in self._kept.items() if query in queries}

    def query_changed(self) -> bool:
        """The query may have more rows: filter those as well. True if `changed` will be called for that."""
        if not _is_running(self._filtering):
            if not self._is_unfinished():
                return False
            self._filtering = self._tasks.start(self._run(self.matching, 0), "filter")
        return True

    def load_more(self) -> None:
        """Load until a new row matches, but not more than five pages. Does nothing while loading."""
        rows = self.matching
        if not isinstance(rows, RowFilter):
            self._query.near_end()
        elif self._query.state.phase is QueryPhase.PAUSED and not _is_running(self._loading):
            self._loading = self._tasks.start(self._load_until_a_row(self._query, rows), "load until a row")

    def stop_loading(self) -> bool:
        """Stop what `load_more` has started; True if it was running."""
        return _cancel(self._loading)

    def _hide(self, query: EventQuery, own: Term | None) -> None:
        """Leave out own calls from now on, or nothing."""
        self._own = own
        if own is None:
            self._not_own = self._own_rows = None
            return
        term, *kept = self._kept.get(query, (None,))
        if term == own:
            self._not_own, self._own_rows = kept
            return
        without, only = with_and_without(own)
        self._not_own, self._own_rows = RowFilter(query, without, self._stored), RowFilter(query, only, self._stored)
        self._kept[query] = own, self._not_own, self._own_rows

    def _filters(self, filters: Collection[RowFilter | None]) -> Iterator[RowFilter]:
        return (each for each in filters if each is not None)

    def _unfiltered(self) -> list[RowFilter]:
        """What has rows that are not filtered yet, in the order in which rows pass."""
        filters = (self._not_own, self._own_rows, self._filter, self._own_matching)
        return [each for each in self._filters(filters) if each.has_unfiltered_rows]

    def _is_unfinished(self) -> bool:
        """True while rows were not compared with the line, or it is not known which terms hide them all."""
        return bool(self._unfiltered()) or (self._filter is not None and self._filter.has_uncounted_rows)

    async def _run(self, rows: EventQuery | RowFilter, delay: float) -> None:
        while delay:
            await self._clock.sleep(delay)
            if not self.more_keys_wait():
                break
        try:
            while rows is self.matching and self._is_unfinished():
                if unfiltered := self._unfiltered():
                    await unfiltered[0].filter_next()
                    await self._pass_on(unfiltered[0], rows)
                elif self._filter is not None:
                    await self._filter.count_next()
                if rows is self.matching:
                    self._leave_previous(rows)
                if self._is_unfinished():
                    self._changed()
        except CtuiError as error:
            self.error = error if rows is self.matching else self.error
        if rows is self.matching:
            self._leave_previous(rows)
        self._changed()

    def _leave_previous(self, rows: EventQuery | RowFilter) -> None:
        """The rows before go once one matches, or all were compared and what is typed is complete."""
        compared = self.error is not None or not self._unfiltered()
        if len(rows.ids) or (compared and not self._keeps_previous()):
            self._previous = None

    async def _pass_on(self, filtered: RowFilter, rows: EventQuery | RowFilter) -> None:
        """What has passed the first filter goes through the next ones before anything is shown."""
        for each in self._unfiltered():
            if each is not filtered and rows is self.matching:
                await each.filter_next()

    async def _load_until_a_row(self, query: EventQuery, row_filter: RowFilter) -> None:
        rows, pages = len(row_filter), query.state.pages
        # Log files have no pages, and as many portions are enough.
        for _ in range(PAGES_WITHOUT_A_ROW):
            left = PAGES_WITHOUT_A_ROW - query.state.pages + pages
            if len(row_filter) != rows or left <= 0 or not query.near_end(left):
                return
            await query.idle()
            await ended(self._filtering)
            if row_filter is not self.matching or query.state.phase is not QueryPhase.PAUSED:
                return


def _is_running(task: "asyncio.Task[None] | None") -> bool:
    return task is not None and not task.done()


def _cancel(task: "asyncio.Task[None] | None") -> bool:
    return task is not None and task.cancel()
