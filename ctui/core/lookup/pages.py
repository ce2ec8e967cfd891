"""Pages: asking for the next page of a walk, and taking it into the answer."""

from collections.abc import Awaitable, Callable

from ctui.core.lookup.answer import Answer, Taken
from ctui.core.lookup.gap_scan import GapScan
from ctui.core.lookup.queue import LookupQueue, Priority
from ctui.errors import EndpointUnreachable, InvalidNextToken
from ctui.model.lookup.scan import Page, Scan


class Pages:
    """The pages of one feed, whichever of its walks they belong to."""

    def __init__(
        self,
        queue: LookupQueue,
        answer: Answer,
        arriving: Callable[[Scan, Page], Awaitable[None]],
        arrived: Callable[[Page], None],
    ) -> None:
        """`arriving` is awaited with every page before it is stored, `arrived` hears of it afterwards."""
        self.taken = 0
        """How many have been stored."""
        self._queue = queue
        self._answer = answer
        self._arriving = arriving
        self._arrived = arrived

    async def ask(self, walk: GapScan, priority: Priority, wanted: Callable[[], bool]) -> Page | None:
        """The next page of a walk; None where its token was refused and a new chain is to be begun.

        Raises what `LookupQueue.page` raises.
        """
        try:
            return await self._queue.page(walk.chain, walk.token, priority, wanted)
        except InvalidNextToken:
            if not walk.token_refused():
                raise
            return None
        except EndpointUnreachable:
            walk.begin_anew()
            raise

    async def take(self, walk: GapScan, page: Page) -> Taken:
        """Store a page and show its events. Raises StoreError."""
        await self._arriving(walk.scan, page)
        taken = await self._answer.take(walk, page)
        self.taken += 1
        self._arrived(page)
        return taken
