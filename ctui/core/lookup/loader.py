"""Loader: the task that works towards a query's load goal, by what the store has and by pages of the gaps.

Every scope has its own requests, which run side by side. Everything is loaded in all scopes at once; for the next row,
or the next page, the scope that lags behind is asked, and no call is made for rows that no one has asked for.
"""

import asyncio
from collections.abc import Callable

from ctui.core.lookup.estimate import LoadEstimate
from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.load_goal import FREE_ROWS, LoadGoal
from ctui.core.lookup.merged_scans import MergedScans
from ctui.core.lookup.outage import may_pass
from ctui.core.lookup.page_requests import PageRequests
from ctui.core.lookup.queue import LookupQueue
from ctui.core.lookup.scope_scan import ScopeScan
from ctui.core.tasks import Tasks, ended
from ctui.errors import BadCredentials, ConnectionProblem, CtuiError, FilesError, StoreError
from ctui.model.clock import Clock
from ctui.model.lookup.scan import Page

_GAP_PAGES = 10
"""Pages that closing a gap above rows which are shown already may cost at most, for each scope with one."""
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
        self._requests = PageRequests(tasks)
        self._waiting_for_page: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """True while there is a task."""
        return self._task is not None

    @property
    def idle(self) -> bool:
        """True if nothing is loading and nothing has failed."""
        return self._task is None and self.error is None

    @property
    def waits_only(self) -> bool:
        """True if nothing is loading but pages of some scopes, while others could go on."""
        wanted = self._goal_is_left() or any(scan not in self._requests for scan in self._first_ones())
        return len(self._requests) > 0 and not wanted and self._next_scan() is not None

    def loads(self, scan: ScopeScan) -> bool:
        """True if pages of this scan are being loaded: one is on its way, or will be without anything being asked."""
        if self._task is None:
            return False
        return scan in self._requests or self._is_first(scan) or self._goal.everything or scan is self._scans.lagging

    def start(self) -> None:
        """Work towards the goal. A task that does so already goes on where no page is on its way."""
        self.error = None
        if self._task is None:
            self._task = self._tasks.start(self._load(), "load")
        else:
            self._requests.ask_for_more()

    def stop(self) -> None:
        """End the task, unless it is storing a page: that still joins the rows, and then nothing is wanted."""
        if self._task is not None and self._waiting_for_page is self._task:
            self.cancel()
        else:
            self._requests.cancel()

    def cancel(self) -> None:
        """End the task at once."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._requests.cancel()

    async def finished(self) -> None:
        """Return when no task is left."""
        while self._task is not None and not self._task.done():
            await ended(self._task)

    def _goal_is_left(self) -> bool:
        scans = self._scans
        preview_has_gap = any(scan.preview_has_gap for scan in scans.scans)
        return self._goal.left(preview_has_gap=preview_has_gap, reached=scans.reached)

    def _wanted(self) -> bool:
        return self._goal_is_left() or len(self._first_ones()) > 0 or self._free_scan() is not None

    def _free_scan(self) -> ScopeScan | None:
        """The tree of log files that lags behind most, while their rows are shown without being asked for."""
        if not self._goal.free or len(self._scans.rows) >= FREE_ROWS:
            return None
        trees = (scan for scan in self._scans.open if scan.in_files and scan.stored_slice is not None)
        return max(trees, key=lambda scan: scan.reached, default=None)

    def _first_ones(self) -> list[ScopeScan]:
        """The scopes of which nothing is shown yet, and something is wanted: from the store, or a first page."""
        return [scan for scan in self._scans.open if self._is_first(scan)]

    def _is_first(self, scan: ScopeScan) -> bool:
        return self._goal.first_pages and scan.blank and not scan.pages

    def _next_scan(self) -> ScopeScan | None:
        """The scope that lags behind most, of those without a page on its way; None if there is none."""
        waiting = (scan for scan in self._scans.open if scan not in self._requests)
        return max(waiting, key=lambda scan: scan.reached, default=None)

    async def _load(self) -> None:
        self.estimate.begin()
        try:
            if self._goal.gap_pages is None:
                await self._tasks.guard(self._preview())
            while (self._wanted() or len(self._requests) > 0) and await self._tasks.guard(self._step()):
                pass
            self._goal.back_to = None
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
                self._requests.cancel()
                self._task = None
                self._ended()

    async def _preview(self) -> None:
        """Show at once what the store has before a gap that few pages will close, and load those."""
        goal = self._goal
        goal.gap_pages = 0
        if previews := await self._scans.show_previews():
            # The load may have been stopped meanwhile.
            goal.gap_pages = _GAP_PAGES * previews if self._wanted() else 0
            if not self._scans.blank:
                goal.until_a_row = 0
        if goal.passive and (scan := self._scans.lagging) is not None:
            await self._scans.show_stored(scan)
        self._changed()

    async def _step(self) -> bool:
        """Continue the scope that lags behind by what the store has, request pages, or wait for one; False if nothing
        is left."""
        for first in self._first_ones():
            if not await self._show_stored(first):
                self._request(first)
        if self._goal_is_left() and (scan := self._next_scan()) is not None:
            if await self._show_stored(scan):
                return True
            if self._may_request(scan):
                self._request(scan)
                return True
        if (tree := self._free_scan()) is not None:
            return await self._show_stored(tree)
        if self._requests:
            await self._take_pages()
            return True
        return self._go_on_at_the_end()

    def _go_on_at_the_end(self) -> bool:
        """True if scopes that were refused for what passes are tried again: nothing else is left."""
        scans, goal = self._scans, self._goal
        if scans.open:
            goal.end_at_bound()
        elif goal.everything and scans.retry_passing():
            return True
        elif scans.stuck:
            goal.cancel()
        return False

    async def _show_stored(self, scan: ScopeScan) -> bool:
        had_rows, had_slice = bool(self._scans.rows), scan.stored_slice is not None
        try:
            new = await self._scans.show_stored(scan)
        except FilesError as error:
            # The others go on.
            self._refuse(scan, error)
            return True
        if new is None:
            return False
        if not had_rows and had_slice and scan.stored_slice is not None:
            # The first few are shown at once, and are no reason to stop.
            self._changed()
        else:
            self._rows_came(new)
        return True

    def _may_request(self, scan: ScopeScan) -> bool:
        goal, scans = self._goal, self._scans
        if not scans.server_filter and goal.bound_is_reached(scans.scanned, len(self._requests)):
            return False
        if goal.everything or (goal.back_to is not None and scan.reached > goal.back_to):
            return True
        return not self._requests.awaited

    def _request(self, scan: ScopeScan) -> None:
        if scan not in self._requests and (gap := scan.next_gap()) is not None:
            priority, patient = self._goal.priority, self._scans.can_wait
            self._requests.add(scan, gap, lambda: gap.next_page(self._queue, priority, self._wanted, patient=patient))

    async def _take_pages(self) -> None:
        """Wait for the next pages, and add them. Raises the error of a page if no other scope goes on."""
        this = self._waiting_for_page = self._task
        try:
            arrivals = await self._requests.arrivals()
        finally:
            # After a stop and a new start, another task may be waiting by now.
            self._waiting_for_page = None if self._waiting_for_page is this else self._waiting_for_page
        for _, gap, answer in arrivals:
            if isinstance(answer, Page):
                await self._add_page(gap, answer)
        for scan, _, answer in arrivals:
            if isinstance(answer, CtuiError):
                self._refuse(scan, answer)

    async def _add_page(self, gap: GapScan, page: Page) -> None:
        new = (await self._scans.add_page(gap, page)).rows
        self.estimate.page_came(gap, self._scans.scans, self._clock.monotonic())
        self._goal.page_came(with_news=bool(new))
        self._rows_came(new)

    def _refuse(self, scan: ScopeScan, error: CtuiError) -> None:
        """Stop this scope; raises the error if it is the last one, or if it is the store's."""
        passes = len(self._scans.open) > 1 and may_pass(error)
        if isinstance(error, StoreError) or not self._scans.refuse(scan, error, passes=passes):
            raise error
        self._changed()

    def _rows_came(self, new: int) -> None:
        """One page of the goal is done; new rows fulfill "until a row"."""
        self._goal.pages = max(0, self._goal.pages - 1)
        if new:
            self._goal.until_a_row = 0
        self._changed()
