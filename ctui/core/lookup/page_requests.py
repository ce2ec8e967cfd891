"""PageRequests: the pages that a query waits for, of each of its scopes at most one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.scope_scan import ScopeScan
from ctui.core.tasks import Tasks, Unwanted
from ctui.errors import CtuiError
from ctui.model.lookup.scan import Page


class Arrival(NamedTuple):
    """How a request has ended."""

    scan: ScopeScan
    gap: GapScan
    answer: Page | CtuiError | None
    """None if there is no page: its token was refused, or it was no longer wanted."""


class PageRequests:
    """Requests run side by side, so that a scope that is slow or hangs holds no other up."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks
        self._running: dict[ScopeScan, asyncio.Task[Arrival]] = {}
        self._earlier: set[ScopeScan] = set()
        self._woken = asyncio.Event()

    def __len__(self) -> int:
        return len(self._running)

    def __contains__(self, scan: ScopeScan) -> bool:
        return scan in self._running

    @property
    def awaited(self) -> bool:
        """True if a page is on its way that was requested since a person last asked for more."""
        return any(scan not in self._earlier for scan in self._running)

    def add(self, scan: ScopeScan, gap: GapScan, page: Callable[[], Awaitable[Page | None]]) -> None:
        """Request a page of this scope, which has no request yet; `page` is called once the request runs."""

        async def arrival() -> Arrival:
            try:
                return Arrival(scan, gap, await page())
            except Unwanted:
                return Arrival(scan, gap, None)
            except CtuiError as error:
                return Arrival(scan, gap, error)

        self._earlier.discard(scan)
        self._running[scan] = self._tasks.start(arrival(), "page")

    def ask_for_more(self) -> None:
        """A person asks for more: that is not what the pages on their way were requested for."""
        self._earlier = set(self._running)
        self._woken.set()

    async def arrivals(self) -> list[Arrival]:
        """What has arrived; waits for the next one, or until a person asks for more. Raises InternalError."""
        self._woken.clear()
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            done, _ = await asyncio.wait({*self._running.values(), woken}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
        arrived = [self._running.pop(scan) for scan, task in list(self._running.items()) if task in done]
        return [task.result() for task in arrived]

    def cancel(self) -> None:
        """Drop the requests that wait; a page that has arrived is still among the next `arrivals`."""
        for scan, task in list(self._running.items()):
            if not task.done():
                task.cancel()
                del self._running[scan]
