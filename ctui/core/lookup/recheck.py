"""Recheck: scans once more what was proven too soon after it happened, after all that a person waits for."""

import asyncio
from collections.abc import Callable

from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.merged_scans import MergedScans
from ctui.core.lookup.queue import LookupQueue, Priority
from ctui.core.lookup.scope_scan import ScopeScan
from ctui.core.tasks import Tasks, Unwanted
from ctui.errors import CtuiError, StoreError


class Recheck:
    """Goes as far back as rows are shown. They stay; events that came late join them."""

    def __init__(
        self,
        tasks: Tasks,
        queue: LookupQueue,
        scans: MergedScans,
        is_idle: Callable[[], bool],
        changed: Callable[[CtuiError | None], None],
    ) -> None:
        """`is_idle` returns True while no load is wanted; `changed` is called after each page, and with the error that
        ended the recheck, if one did."""
        self.late = 0
        """Events that were not here before."""
        self.reached: int | None = None
        """The second that the last page has come back to; None before the first."""
        self._tasks = tasks
        self._queue = queue
        self._scans = scans
        self._is_idle = is_idle
        self._changed = changed
        self._allowed = False
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """True while pages are loaded, unless it was stopped meanwhile."""
        return self._allowed and self._task is not None

    @property
    def is_open(self) -> bool:
        """True while there is something to scan once more, also where no rows are shown yet."""
        return self._scans.next_recheck(in_sight=False) is not None

    @property
    def stuck(self) -> bool:
        """True if pages that brought nothing are all that keeps it from continuing."""
        return not self.running and self._scans.next_recheck() is None and bool(self._scans.pages_without_progress)

    def allow(self) -> None:
        """From now on `go` may start it."""
        self._allowed = True

    def go(self) -> None:
        """Continue, if it may, with what there is."""
        if self._allowed and self._task is None and self._next() is not None:
            self._task = self._tasks.start(self._run(), "recheck")

    def stop(self) -> bool:
        """Load no more; True if it was running. A page that is on its way still joins the rows."""
        was_running, self._allowed = self.running, False
        return was_running

    def _next(self) -> tuple[ScopeScan, GapScan] | None:
        return self._scans.next_recheck() if self._is_idle() else None

    async def _run(self) -> None:
        failure: CtuiError | None = None
        try:
            while self._allowed and (pair := self._next()) is not None:
                await self._tasks.guard(self._step(*pair))
        except CtuiError as error:
            failure, self._allowed = error, False
        finally:
            self._task = None
            self._changed(failure)

    async def _step(self, scan: ScopeScan, gap: GapScan) -> None:
        try:
            page = await gap.next_page(
                self._queue,
                Priority.BACKFILL,
                lambda: self._allowed,
                patient=self._scans.can_wait and self._scans.one_left,
            )
        except Unwanted:
            return
        except CtuiError as error:
            if isinstance(error, StoreError) or not self._scans.refuse(scan, error):
                raise
            self._changed(None)
            return
        if page is not None:
            self.late += (await self._scans.add_page(gap, page)).events
            self.reached = (gap.scan.start or 0) if gap.done else gap.position
        self._changed(None)
