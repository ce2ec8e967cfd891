"""Recheck: the walks over what is known already, behind the rows and after all that a person waits for."""

import asyncio
from collections.abc import Callable

from ctui.core.lookup.answer import Answer
from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.pages import Pages
from ctui.core.lookup.queue import Priority
from ctui.core.lookup.scope_scan import ScopeScan, position
from ctui.core.tasks import Tasks, Unwanted
from ctui.errors import CtuiError, StoreError


class Recheck:
    """Walks once more what was proven too soon, as far as its rows are shown. They stay; late events join them."""

    def __init__(
        self,
        tasks: Tasks,
        answer: Answer,
        pages: Pages,
        is_idle: Callable[[], bool],
        changed: Callable[[CtuiError | None], None],
    ) -> None:
        """`is_idle` is True while nobody waits for anything else; `changed` hears of each page, and with an error of
        the failure that ended it."""
        self.late = 0
        """Events that were not here before."""
        self.reached: int | None = None
        """The second that the last page has come back to; None before the first."""
        self._tasks = tasks
        self._answer = answer
        self._pages = pages
        self._is_idle = is_idle
        self._changed = changed
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """True while pages are asked for, unless it was stopped meanwhile."""
        return self._wanted and self._task is not None

    @property
    def is_open(self) -> bool:
        """True while there is something to walk once more, also where no rows are shown yet."""
        return self._answer.routes.next_recheck(in_sight=False) is not None

    @property
    def stuck(self) -> bool:
        """True where it would go on with what is shown, but for pages that brought nothing."""
        routes = self._answer.routes
        return not self.running and routes.next_recheck() is None and bool(routes.without_progress)

    def allow(self) -> None:
        """From now on it may run: when `go` is called."""
        self._wanted = True

    def go(self) -> None:
        """Go on, if it may, with what there is."""
        if self._wanted and self._task is None and self._next() is not None:
            self._task = self._tasks.start(self._run(), "recheck")

    def stop(self) -> bool:
        """Ask for nothing more; True if it was running. A page that is on its way still joins the rows."""
        was_running, self._wanted = self.running, False
        return was_running

    def _next(self) -> tuple[ScopeScan, GapScan] | None:
        return self._answer.routes.next_recheck() if self._is_idle() else None

    async def _run(self) -> None:
        failure: CtuiError | None = None
        try:
            while self._wanted and (found := self._next()) is not None:
                await self._tasks.guard(self._step(*found))
        except CtuiError as error:
            failure, self._wanted = error, False
        finally:
            self._task = None
            self._changed(failure)

    async def _step(self, route: ScopeScan, walk: GapScan) -> None:
        try:
            page = await self._pages.ask(walk, Priority.BACKFILL, lambda: self._wanted)
        except Unwanted:
            return
        except CtuiError as error:
            if isinstance(error, StoreError) or not self._answer.routes.refuse(route, error):
                raise
            self._changed(None)
            return
        if page is not None:
            self.late += (await self._pages.take(walk, page)).events
            self.reached = (walk.scan.start or 0) if walk.done else position(walk)
        self._changed(None)
