"""Recheck: the walks over what is known already, behind the rows and after all that a person waits for."""

import asyncio
from collections.abc import Awaitable, Callable

from ctui.core.queue import Unwanted
from ctui.core.route import Route, position
from ctui.core.tasks import Tasks
from ctui.core.walk import Walk
from ctui.errors import CtuiError

Next = Callable[[], tuple[Route, Walk] | None]


class Recheck:
    """Walks once more what was proven too soon, as far as its rows are shown. They stay; late events join them."""

    def __init__(
        self,
        tasks: Tasks,
        next_walk: Next,
        ask: Callable[[Route, Walk], Awaitable[int]],
        changed: Callable[[CtuiError | None], None],
    ) -> None:
        """`next_walk` gives what to go on with, None for nothing now; `ask` takes its next page and tells how many
        events were not here before; `changed` hears of each page, and with an error of the failure that ended it."""
        self.late = 0
        """Events that were not here before."""
        self.reached: int | None = None
        """The second that the last page has come back to; None before the first."""
        self._tasks = tasks
        self._next_walk = next_walk
        self._ask = ask
        self._changed = changed
        self._wanted = False
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        """True while pages are asked for, unless it was stopped meanwhile."""
        return self._wanted and self._task is not None

    def allow(self) -> None:
        """From now on it may run: when `go` is called."""
        self._wanted = True

    def go(self) -> None:
        """Go on, if it may, with what there is."""
        if self._wanted and self._task is None and self._next_walk() is not None:
            self._task = self._tasks.start(self._run(), "recheck")

    def stop(self) -> bool:
        """Ask for nothing more; True if it was running. A page that is on its way still joins the rows."""
        was_running, self._wanted = self.running, False
        return was_running

    def wanted(self) -> bool:
        """Whether the next page is still to be asked for."""
        return self._wanted

    async def _run(self) -> None:
        failure: CtuiError | None = None
        try:
            while self._wanted and (found := self._next_walk()) is not None:
                await self._tasks.guard(self._step(*found))
        except CtuiError as error:
            failure, self._wanted = error, False
        finally:
            self._task = None
            self._changed(failure)

    async def _step(self, route: Route, walk: Walk) -> None:
        try:
            self.late += await self._ask(route, walk)
        except Unwanted:
            return
        self.reached = (walk.scan.start or 0) if walk.done else position(walk)
        self._changed(None)
