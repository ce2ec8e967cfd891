"""Loader: the task that works towards a query's load goal, by what the store has and by pages of the gaps."""

import asyncio
from collections.abc import Callable

from ctui.core.lookup.estimate import LoadEstimate
from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.load_goal import LoadGoal
from ctui.core.lookup.merged_scans import MergedScans
from ctui.core.lookup.outage import may_pass
from ctui.core.lookup.queue import LookupQueue
from ctui.core.tasks import Tasks, Unwanted, ended
from ctui.errors import BadCredentials, ConnectionProblem, CtuiError, StoreError
from ctui.model.clock import Clock

_GAP_PAGES = 10
"""Pages that closing a gap above rows which are shown already may cost at most."""
_NO_CONNECTION = (ConnectionProblem, BadCredentials)
"""Errors after which no call is answered."""


class Loader:
    """At most one task at a time. It ends when nothing of the goal is left, or with an error."""

    def __init__(
        self,
        tasks: Tasks,
        queue: LookupQueue,
        clock: Clock,
        scans: MergedScans,
        *,
        goal: LoadGoal,
        changed: Callable[[], None],
        ended: Callable[[], None],
    ) -> None:
        """`changed` is called after each step that shows something, `ended` when a load is over."""
        self.error: CtuiError | None = None
        """Why the last load failed."""
        self.store_only: bool = False
        """True if rows come from the store alone, since there is no connection."""
        self.connection_error: CtuiError | None = None
        """Why that is so, if it is known."""
        self.estimate = LoadEstimate()
        self._tasks = tasks
        self._queue = queue
        self._clock = clock
        self._scans = scans
        self._goal = goal
        self._changed = changed
        self._ended = ended
        self._task: asyncio.Task[None] | None = None
        self._waiting_for_page: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """True while there is a task."""
        return self._task is not None

    @property
    def idle(self) -> bool:
        """True if nothing is loading and nothing has failed."""
        return self._task is None and self.error is None

    def start(self) -> None:
        """Work towards the goal, unless a task does already."""
        self.error = None
        if self._task is None:
            self._task = self._tasks.start(self._load(), "load")

    def stop(self) -> None:
        """End the task, unless it is storing a page: that still joins the rows, and then nothing is wanted."""
        if self._task is not None and self._waiting_for_page is self._task:
            self.cancel()

    def cancel(self) -> None:
        """End the task at once."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def finished(self) -> None:
        """Return when no task is left."""
        while self._task is not None and not self._task.done():
            await ended(self._task)

    def _wanted(self) -> bool:
        scans = self._scans
        preview_has_gap = any(scan.preview_has_gap for scan in scans.scans)
        return self._goal.left(preview_has_gap=preview_has_gap, reached=scans.reached)

    async def _load(self) -> None:
        self.estimate.begin()
        try:
            if self._goal.gap_pages is None:
                await self._tasks.guard(self._preview())
            while self._wanted() and await self._tasks.guard(self._step()):
                pass
            self._goal.back_to = None
        except Unwanted:
            self._goal.cancel()
        except CtuiError as error:
            # Going on is wanted page by page, or for everything again.
            self.error = error
            self._goal.interrupt()
            # If no call is answered and no row is shown, what the store has is better than nothing.
            if not self.store_only and isinstance(error, _NO_CONNECTION) and await self._scans.fall_back():
                self.error, self.connection_error, self.store_only = None, error, True
        finally:
            # After a stop, another task may have started.
            if self._task is asyncio.current_task():
                self._task = None
                self._ended()

    async def _preview(self) -> None:
        """Show at once what the store has before a gap that few pages will close, and load those."""
        goal = self._goal
        goal.gap_pages = 0
        if await self._scans.show_previews():
            # The load may have been stopped meanwhile.
            goal.gap_pages = _GAP_PAGES if self._wanted() else 0
            if not self._scans.blank:
                goal.until_a_row = 0
        if goal.passive:
            await self._scans.show_stored()
        self._changed()

    async def _step(self) -> bool:
        """Continue the scope that lags behind: by what the store has, else by a page; False if nothing is left."""
        scans, goal = self._scans, self._goal
        scan = scans.lagging
        if scan is None:
            if goal.everything and scans.retry_passing():
                return True
            if scans.stuck:
                goal.cancel()
            return False
        had_rows = bool(scans.rows)
        if (new := await scans.show_stored()) is not None:
            if not had_rows and scan.stored_slice is not None:
                # The first few are shown at once, and are no reason to stop.
                self._changed()
            else:
                self._rows_came(new)
        elif (gap := scan.next_gap()) is not None:
            if not scans.server_filter and goal.bound_is_reached(scans.scanned):
                goal.end_at_bound()
                return False
            others_go_on = len(scans.open) > 1
            try:
                await self._load_page(gap)
            except CtuiError as error:
                passes = others_go_on and may_pass(error)
                if isinstance(error, StoreError) or not scans.refuse(scan, error, passes=passes):
                    raise
                self._changed()
        return True

    async def _load_page(self, gap: GapScan) -> None:
        this = self._waiting_for_page = self._task
        try:
            page = await gap.next_page(self._queue, self._goal.priority, self._wanted, patient=self._scans.can_wait)
        finally:
            # After a stop and a new start, another task may be waiting by now.
            self._waiting_for_page = None if self._waiting_for_page is this else self._waiting_for_page
        if page is not None:
            new = (await self._scans.add_page(gap, page)).rows
            self.estimate.page_came(gap, self._scans.scans, self._clock.monotonic())
            self._goal.page_came(with_news=bool(new))
            self._rows_came(new)

    def _rows_came(self, new: int) -> None:
        """One page of the goal is done; new rows fulfill "until a row", unless a scope is still blank."""
        self._goal.pages = max(0, self._goal.pages - 1)
        if new and not self._scans.blank:
            self._goal.until_a_row = 0
        self._changed()
