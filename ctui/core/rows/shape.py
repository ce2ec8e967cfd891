"""Shape: what the events on the screen have, and when they happened: counted newest first and off the loop.

The counts are of all rows that match, not of those in sight, and grow as rows arrive: each row is counted once. Rows of
another line, or of another view, are counted from the beginning.
"""

import asyncio
from collections.abc import Awaitable
from typing import Final, Protocol

from ctui.core.explorer.explorer import Explorer
from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.lookup.event_query import EventQuery
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.rows.processed_rows import ProcessedRows
from ctui.core.rows.row_filter import RowFilter
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.filter.fields import AGENT, ERROR, IP, KEY, NAME, REGION, RESOURCE, SOURCE, USER
from ctui.model.filter.shape import Bucket, Facet, ShapeState
from ctui.store.index.faceting import FacetCounter, FacetCounts
from ctui.store.index.time_counts import TimeCounts, step_for
from ctui.store.search import Rows

FACET_FIELDS: Final = (USER, NAME, IP, ERROR, RESOURCE, KEY, SOURCE, REGION, AGENT)
"""The fields that are counted, in the order of the screen."""
MOST_VALUES: Final = 50
"""Values of each that are shown."""
_PORTIONS: Final = (2_000, 10_000, 50_000)
"""Rows counted at once, the first ones soon: 50,000 take some 50 ms, and other searches wait for it."""
_BEYOND: Final = 5
"""A range without a start shows a stretch before the loaded one, this many times shorter."""


class FacetSource(Protocol):
    """Counts stored rows off the loop."""

    def count_facets(self, counter: FacetCounter, rows: Rows, /) -> Awaitable[FacetCounts]:
        """Count these rows too; returns the counts of all that the counter was given."""


class Shape:
    """Counts from the start until `close`. It publishes a state with each portion and each change of the explorer."""

    def __init__(self, explorer: Explorer, source: FacetSource, tasks: Tasks, *, most_buckets: int = 60) -> None:
        """`most_buckets`: for how many parts of the range there is room."""
        self.changed: Signal[ShapeState] = Signal()
        self._explorer = explorer
        self._source = source
        self._tasks = tasks
        self._most_buckets = most_buckets
        self._leave = (
            explorer.changed.subscribe(lambda _: self._update()),
            explorer.replaced.subscribe(lambda _: self._update()),
        )
        self._task: asyncio.Task[None] | None = None
        self._restart()
        self.state = self._snapshot()
        """How things stand since the last change."""
        self._go_on()

    def close(self) -> None:
        """Count no further."""
        for leave in self._leave:
            leave()
        if self._task is not None:
            self._task.cancel()

    def make_room(self, most_buckets: int) -> None:
        """There is room for so many parts of the range."""
        if most_buckets != self._most_buckets:
            self._most_buckets = most_buckets
            self._publish()

    def _restart(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._rows: EventQuery | RowFilter = self._explorer.rows
        self._processed = ProcessedRows(self._rows)
        # Another one each time: the searcher's thread may still be counting with the one before.
        self._counter = FacetCounter([field.column for field in FACET_FIELDS if field.column], MOST_VALUES)
        self._counts = FacetCounts(0, (), TimeCounts())
        self._problem = ""

    def _update(self) -> None:
        if self._explorer.rows is not self._rows:
            self._restart()
        self._publish()
        self._go_on()

    def _go_on(self) -> None:
        if (self._task is None or self._task.done()) and not self._problem and self._processed.open:
            self._task = self._tasks.start(self._count(self._rows), "shape")

    async def _count(self, rows: EventQuery | RowFilter) -> None:
        portions = iter(_PORTIONS)
        most = next(portions)
        while rows is self._rows and self._processed.open:
            portion = self._processed.next(most)
            most = next(portions, most)
            try:
                counts = await self._source.count_facets(self._counter, portion)
            except CtuiError as error:
                self._problem = error.message
            else:
                self._processed.mark(portion.ids)
                self._counts = counts
            self._publish()
            if self._problem:
                return

    def _publish(self) -> None:
        self.state = self._snapshot()
        self.changed.publish(self.state)

    def _snapshot(self) -> ShapeState:
        asked, counts = self._explorer.state, self._counts
        facets = tuple(
            Facet(field, column.top, column.different, column.capped)
            for field, column in zip(FACET_FIELDS, counts.columns, strict=False)
        )
        return ShapeState(
            events=len(self._rows.ids),
            counted=counts.rows,
            comparing=asked.filtering,
            more=asked.query.more or asked.query.store_only,
            facets=facets or tuple(Facet(field, (), 0) for field in FACET_FIELDS),
            buckets=self._buckets(asked),
            begins_before=asked.pinned[0] is None and not self._complete(asked),
            failed=counts.failed.total,
            problem=self._problem,
        )

    def _buckets(self, asked: ExplorerState) -> tuple[Bucket, ...]:
        """The range in steps of equal length; a range without a start from the oldest loaded event on, and a stretch
        before it if there is more."""
        start, last = asked.pinned
        end, covered_from = last + 1, self._covered_from(asked)
        complete = self._complete(asked)
        if start is None:
            loaded = [second for second in (covered_from, self._oldest_row()) if second is not None]
            start = min(loaded, default=end - 1)
            if not complete:
                start -= max(1, (end - start) // _BEYOND)
        if start >= end:
            return ()
        step = step_for(end - start, self._most_buckets)
        step = max(step, self._counts.failed.step)
        failed = self._counts.failed.in_steps(step)
        buckets: list[Bucket] = []
        before = self._rows.first_before(end)
        for number in range(last // step, start // step - 1, -1):
            first, after = number * step, before
            before = self._rows.first_before(max(first, start), after)
            covered = complete or (covered_from is not None and max(first, start) >= covered_from)
            buckets.append(Bucket(max(first, start), min(first + step, end), before - after, failed[number], covered))
        return tuple(reversed(buckets))

    def _complete(self, asked: ExplorerState) -> bool:
        """True if every event of the range is loaded."""
        return asked.query.phase is QueryPhase.COMPLETE and not asked.query.store_only

    def _covered_from(self, asked: ExplorerState) -> int | None:
        """The second from which on every event of the range is loaded; None if nothing is certain."""
        query = asked.query
        if query.store_only:
            # What the store lacks it cannot tell.
            return None
        if query.phase is QueryPhase.COMPLETE:
            return asked.pinned[1] if (oldest := self._oldest_row()) is None else oldest
        return None if query.oldest is None else int(query.oldest.timestamp())

    def _oldest_row(self) -> int | None:
        return self._rows.second_at(len(self._rows.ids) - 1) if len(self._rows.ids) else None
