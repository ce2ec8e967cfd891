"""EventQuery: the growing answer to one lookup."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from ctui.core.lookup.feed_parts import FeedParts
from ctui.core.lookup.gap_scan import PAGES_WITHOUT_PROGRESS, GapScan
from ctui.core.lookup.load_goal import Outstanding
from ctui.core.lookup.planner import questions_of
from ctui.core.lookup.query_state import QueryPhase, QueryState
from ctui.core.lookup.queue import LookupQueue, Unwanted
from ctui.core.server_clock import ServiceTime
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import BadCredentials, ConnectionProblem, CtuiError, StoreError
from ctui.model.clock import Clock
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.scan import Page, Scan
from ctui.store.events import EventStore

__all__ = ["PAGES_WITHOUT_A_ROW", "EventQuery", "QueryPhase", "QueryState"]

PAGES_WITHOUT_A_ROW = 5
"""How many pages the cursor's nearing the end may cost while none of them shows a new row."""
_GAP_PAGES = 10
"""Pages that closing a gap before rows which are shown already may cost at most."""
_NO_CONNECTION = (ConnectionProblem, BadCredentials)
"""Errors after which nobody answers."""


class EventQuery(FeedParts):
    """Row ids, newest first, that grow as pages arrive. Its methods never block; they start a task and return."""

    def __init__(
        self,
        lookup: Lookup,
        tasks: Tasks,
        queue: LookupQueue,
        clock: Clock,
        *,
        arriving: Callable[[Scan, Page], Awaitable[None]],
        arrived: Callable[[Page], None],
    ) -> None:
        """`arriving` is awaited with every page before it is stored, `arrived` hears of it afterwards."""
        super().__init__(lookup, tasks, queue, arriving=arriving, arrived=arrived, rechecked=self._rechecked)
        self.changed: Signal[QueryState] = Signal()
        self._tasks = tasks
        self._clock = clock
        self._asking: asyncio.Task[None] | None = None
        self._again = False

    def begin(
        self,
        store: EventStore,
        scans: Sequence[Scan],
        time: ServiceTime,
        *,
        stored: bool = False,
        quiet: bool = False,
        again_to: int | None = None,
    ) -> None:
        """Answer the question of each scope, pinned at `time`, from the store as far as it knows, else by pages.

        Loads the first rows: from the store, or the first page that shows one. `stored`: without a connection, show
        what the store has, whether that is all or not. `quiet`: make no call until more is wished. `again_to`: show all
        back to this second, and ask for it as if nothing of it were known.
        """
        self._scan, self._asked_at, self._stored, self._goal.quiet = scans[0], time.likely, stored, quiet
        self._goal.back_to, self._again = again_to, again_to is not None
        if not quiet:
            self._recheck.allow()
        self._lost = self._goal.closing = None
        if self._task is not None:
            # It was showing what the store has, for the question as it stood before.
            self._task.cancel()
            self._task = None
        try:
            questions = questions_of(self.lookup, scans)
            self._answer.begin(store, questions, time, offline=stored, again=self._again)
        except StoreError as error:
            # Going on all the same is the person's choice.
            self._error = error
            self._publish()
            return
        # Above rows that are shown already, one page says what is new where that is not known.
        wished = int(self._answer.routes.blank) if self._answer.rows else PAGES_WITHOUT_A_ROW
        self._goal.until_a_row = 0 if quiet and not stored else wished
        self._go(wished=False)

    def near_end(self, pages: int = PAGES_WITHOUT_A_ROW) -> bool:
        """The cursor nears the end: load until a new row shows, so many pages at most that show none.

        False, and nothing, unless paused, and where pages bring nothing any more: to move is not to insist.
        """
        if self._phase() is not QueryPhase.PAUSED or not self._answer.routes.open:
            return False
        self._goal.until_a_row = pages
        self._go()
        return True

    def more(self) -> None:
        """Load the next page; while one is loading, the one after it too; without a connection, once there is one.

        Where only what is shown is still to be asked for once more, go on with that.
        """
        phase = self._phase()
        if phase is QueryPhase.WAITING or (phase is QueryPhase.COMPLETE and self._stored):
            # The first page, which comes by itself, is not the next one.
            self._goal.pages += 1 if self._goal.pages else 2
            self._publish()
        elif phase is QueryPhase.COMPLETE:
            self._ask_once_more(insisting=1)
        else:
            self._goal.pages += 1
            self._go(insisting=self._goal.pages)

    def everything(self, *, scan_to: int | None = None) -> None:
        """Load all pages in range, until they are in or `stop` is called; without a connection, once there is one.

        `scan_to`: where the service selects by nothing, ask for no further page once so many rows are here. What the
        store holds costs no call and has no bound.
        """
        if self._phase() is QueryPhase.COMPLETE and not self._stored:
            self._goal.everything = False
            self._ask_once_more(insisting=PAGES_WITHOUT_PROGRESS)
            return
        self._goal.want_everything(scan_to)
        if self._answer.routes:
            self._go(insisting=PAGES_WITHOUT_PROGRESS)
        else:
            self._publish()

    def take_over(self, outstanding: Outstanding) -> None:
        """Load what another feed was to load and has not, as soon as there is a connection."""
        if outstanding.everything:
            self.everything(scan_to=outstanding.scan_to)
        if outstanding.pages:
            self._goal.pages = max(self._goal.pages, outstanding.pages)
            if self._answer.routes:
                self._go(insisting=self._goal.pages)

    def retry(self) -> None:
        """After a failure: go on from where it stands, until a row shows."""
        if self._phase() is QueryPhase.FAILED:
            self._goal.until_a_row = max(self._goal.until_a_row, 1)
            self._go(insisting=1)

    def stop(self) -> bool:
        """End a running load, or one that waits; True if there was one. A page being stored still joins the rows."""
        rechecking, waits = self._recheck.stop(), self.outstanding
        going = self._task is not None or rechecking or self.state.draining
        going = going or (self._unconnected and (waits.everything or waits.pages > 0))
        self._goal.drop(given_up=going)
        if self._task is not None and self._asking is self._task:
            self._task.cancel()
            self._task = None
        if going:
            self._publish()
        return going

    def interrupt(self) -> None:
        """Like `stop`, but what is wished stays so."""
        if not self._answer.routes:
            return
        waits = self.outstanding
        self.stop()
        self._goal.interrupted, self._goal.scan_to, self._goal.pages = waits

    def lose(self, error: CtuiError) -> None:
        """Say why no more than the store's rows can be shown."""
        self._lost = error
        self._publish()

    async def idle(self) -> None:
        """Return when nothing is loading."""
        while self._task is not None and not self._task.done():
            await asyncio.wait([self._task])

    def could_skip(self, time: ServiceTime) -> bool:
        """True where the store spares some of what is to be walked; to be read before pages of our own are there."""
        return not (self._stored or self._again) and self._answer.could_skip(time)

    def shows_what_is_gone(self) -> bool:
        """True where rows stand here that the store has let go of; False where it cannot tell, which others say."""
        if not self._answer.begun:
            return False
        gone_before = self._answer.routes.gone
        try:
            shows = self._answer.shows_what_is_gone()
        except StoreError:
            return False
        if self._answer.routes.gone != gone_before:
            self._publish()
        return shows

    def _wanted(self) -> bool:
        routes = self._answer.routes
        return self._goal.left(gap_is_open=any(route.gap_is_open for route in routes), reached=routes.reached)

    def _go(self, *, wished: bool = True, insisting: int = 0) -> None:
        """Do what is wished. `insisting`: more than the next row is, and so many pages may bring nothing for it."""
        if wished:
            self._goal.renew()
            self._recheck.allow()
        if insisting:
            self._goal.at_bound = False
            self._answer.routes.go_on(insisting)
        self._error = None
        if self._goal.everything or not self._answer.routes.open:
            self._answer.routes.forgive()
        if self._task is None:
            self._task = self._tasks.start(self._load(), "feed")
        self._publish()

    def _ask_once_more(self, *, insisting: int) -> None:
        self._answer.routes.go_on(insisting)
        self._recheck.allow()
        self._recheck.go()
        self._publish()

    async def _load(self) -> None:
        self._estimate.begin()
        try:
            if self._goal.closing is None:
                await self._tasks.guard(self._preview())
            while self._wanted() and await self._tasks.guard(self._step()):
                pass
            self._goal.back_to = None
        except Unwanted:
            self._goal.drop()
        except CtuiError as error:
            # Going on is asked for page by page, or for everything again.
            self._error = error
            self._goal.interrupt()
            # Where nothing can be asked and nothing is here, what the store has is better than nothing.
            if not self._stored and isinstance(error, _NO_CONNECTION) and await self._answer.fall_back():
                self._error, self._lost, self._stored = None, error, True
        finally:
            if self._task is asyncio.current_task():
                self._task = None
                if self._error is None:
                    self._recheck.go()
                self._publish()

    async def _preview(self) -> None:
        """Show at once what the store has, where few pages will close the gap before it, and let them; or none."""
        self._goal.closing = 0
        if await self._answer.preview():
            # It may have been stopped meanwhile.
            self._goal.closing = _GAP_PAGES if self._wanted() else 0
            if not self._answer.routes.blank:
                self._goal.until_a_row = 0
        if self._goal.quiet:
            await self._answer.show_held()
        self._publish()

    async def _step(self) -> bool:
        """Bring on the scope that lags behind: by what the store holds, else by a page; False where nothing is left."""
        routes = self._answer.routes
        route = routes.lagging
        if route is None:
            if routes.stuck:
                self._goal.drop()
            return False
        begun = bool(self._answer.rows)
        if (new := await self._answer.show_held()) is not None:
            if not begun and route.held() is not None:
                # The first few are shown at once, and no reason to stop.
                self._publish()
            else:
                self._served(new)
        elif (walk := route.next_walk()) is not None:
            if self._scans and self._goal.bound_is_reached(self._scanned):
                self._goal.end_at_bound()
                return False
            try:
                await self._ask(walk)
            except CtuiError as error:
                if isinstance(error, StoreError) or not routes.refuse(route, error):
                    raise
                self._publish()
        return True

    async def _ask(self, walk: GapScan) -> None:
        this = self._asking = self._task
        try:
            page = await self._pages.ask(walk, self._goal.priority, self._wanted)
        finally:
            # After stop and go again, another task may be asking by now.
            self._asking = None if self._asking is this else self._asking
        if page is not None:
            new = (await self._pages.take(walk, page)).rows
            self._estimate.page_came(self._answer.routes, self._clock.monotonic())
            self._goal.page_came(with_news=bool(new))
            self._served(new)

    def _rechecked(self, failure: CtuiError | None) -> None:
        self._error = failure or self._error
        self._publish()

    def _served(self, new: int) -> None:
        """Something has come: it fulfils a wish for the next page, and rows one for rows, if no scope is blank yet."""
        self._goal.pages = max(0, self._goal.pages - 1)
        if new and not self._answer.routes.blank:
            self._goal.until_a_row = 0
        self._publish()

    def _publish(self) -> None:
        self.state = self._snapshot()
        self.changed.publish(self.state)
