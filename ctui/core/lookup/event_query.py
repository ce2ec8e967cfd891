"""EventQuery: one lookup in all its scopes, and its growing answer: rows, newest first."""

from array import array
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import datetime

from ctui.core.lookup.gap_scan import PAGES_WITHOUT_PROGRESS
from ctui.core.lookup.load_goal import FREE_ROWS, LoadGoal, Outstanding
from ctui.core.lookup.loader import Loader
from ctui.core.lookup.merged_scans import MergedScans
from ctui.core.lookup.planner import scope_queries
from ctui.core.lookup.query_state import QueryPhase, QueryState, snapshot
from ctui.core.lookup.queue import LookupQueue
from ctui.core.lookup.recheck import Recheck
from ctui.core.server_clock import ServiceTime
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError, StoreError
from ctui.model.clock import Clock
from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretches
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.scan import Page, Scan
from ctui.store.events import EventStore
from ctui.store.search import Rows

__all__ = ["PAGES_WITHOUT_A_ROW", "EventQuery", "QueryPhase", "QueryState"]

PAGES_WITHOUT_A_ROW = 5
"""Pages loaded at most when the cursor nears the end and none of them shows a new row."""


class EventQuery:
    """Row ids that grow as pages arrive. Methods never block: they start a task and return."""

    def __init__(
        self,
        lookup: Lookup,
        tasks: Tasks,
        queue: LookupQueue,
        clock: Clock,
        *,
        arriving: Callable[[Scan, Page], Awaitable[None]],
        arrived: Callable[[Page], None],
        patient: bool = True,
    ) -> None:
        """`arriving` is awaited with every page before it is stored, `arrived` is called with it afterwards. `patient`:
        once something is here, go on while the service fails, in place of failing soon."""
        self.lookup = lookup
        self.changed: Signal[QueryState] = Signal()
        self._scan: Scan | None = None
        self._pinned_at: datetime | None = None
        self._again = False
        self._tasks = tasks
        self._changed_trees: set[Scope] = set()
        self.adds_rows = False
        """True while rows that have come to trees of log files join the others; the state after them says so."""
        self._queue = queue
        self._goal = LoadGoal()
        self._scans = MergedScans(arriving, arrived, patient=patient)
        self._loader = Loader(
            tasks, queue, clock, self._scans, goal=self._goal, changed=self._publish, ended=self._load_ended
        )
        self._recheck = Recheck(tasks, queue, self._scans, lambda: self._loader.idle, self._rechecked)
        self.state = self._snapshot()
        """How things stand since the last change."""

    @property
    def ids(self) -> "array[int]":
        """Row ids in the store, newest first."""
        return self._scans.rows.ids

    @property
    def rows(self) -> Rows:
        """The rows with their seconds, newest first."""
        return self._scans.rows.rows

    @property
    def row_scopes(self) -> Collection[Scope]:
        """Every scope that the rows have come from."""
        return self._scans.row_scopes

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index of `ids`."""
        return self._scans.rows.second_at(index)

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, that is older than an epoch second; the row count if none is."""
        return self._scans.rows.first_before(second, start)

    def index_of(self, row_id: int) -> int | None:
        """The index of a row in `ids`, or None if it is not there. Reads its second from the store, then searches."""
        second = self._scans.store.second(row_id) if self._scans.scans else None
        return None if second is None else self._scans.rows.index_of(row_id, second)

    @property
    def regions(self) -> tuple[str, ...]:
        """The Regions that are searched; empty before `begin`."""
        return tuple(dict.fromkeys(scan.query.scope.region for scan in self._scans.scans))

    def searches(self, scopes: Iterable[Scope]) -> bool:
        """True if each of these scopes is searched."""
        named = self._scans.store.named
        return {named(scan.query.scope) for scan in self._scans.scans}.issuperset(map(named, scopes))

    @property
    def scope(self) -> Scope | None:
        """The first scope, under the account's name once that is known; None before `begin`."""
        return None if self._scan is None else self._scans.store.named(self._scan.scope)

    @property
    def shown_to(self) -> int:
        """The second back to which rows are shown in every scope, or will be; one past the end while none are."""
        reached, back_to = self._scans.reached, self._goal.back_to
        return reached if back_to is None else min(reached, back_to)

    @property
    def certain_to(self) -> int:
        """Every row that is newer than this second is here, in all scopes that are not refused: only events that the
        service recorded late can still come between them. One past the end while nothing is known."""
        return self._scans.reached

    @property
    def failures(self) -> list[tuple[Scope, CtuiError]]:
        """Of each scope that is not continued, or that the service cannot be asked for, why."""
        return self._scans.failures(self._loader.error or self._loader.connection_error) if self._scans.scans else []

    @property
    def load_error(self) -> CtuiError | None:
        """Why the last load ended early; None if it did not, also where a scope was refused and others went on."""
        return self._loader.error

    def uncovered(self) -> list[tuple[str, Stretches]]:
        """Of each scope of the service, by name, the seconds of the range of which it is not known whether every event
        is here: of log files that is never known."""
        names = self._scans.names
        return [(names[scan.query.scope], scan.uncovered) for scan in self._scans.scans if not scan.in_files]

    @property
    def passive(self) -> bool:
        """True if it began without a call and nothing has been requested since."""
        return self._goal.passive

    @property
    def cancelled(self) -> bool:
        """True if a load was stopped and nothing has been requested since."""
        return self._goal.cancelled

    @property
    def outstanding(self) -> Outstanding:
        """What is requested and not loaded, also if an error came in between; pages only if they wait for a
        connection."""
        goal = self._goal
        return Outstanding(goal.everything or goal.interrupted, goal.scan_to, goal.pages if self._unconnected else 0)

    @property
    def _unconnected(self) -> bool:
        """True before the service can be asked: nothing is shown, or what the store has."""
        return not self._scans.scans or self._loader.store_only

    def begin(
        self,
        store: EventStore,
        scans: Sequence[Scan],
        time: ServiceTime,
        *,
        store_only: bool = False,
        passive: bool = False,
        again_to: int | None = None,
    ) -> None:
        """Answer the question of each scope, pinned at `time`, from the store as far as it knows, else by pages.

        Loads the first rows: from the store, or the first page that shows one. `store_only`: without a connection, show
        what the store has, complete or not. `passive`: make no call until more is requested. `again_to`: show all rows
        back to this second, and load them as if nothing were known.
        """
        self._scan, self._pinned_at, self._goal.passive = scans[0], time.likely, passive
        self._goal.back_to, self._again = again_to, again_to is not None
        self._goal.gap_pages = None
        self._loader.store_only, self._loader.connection_error = store_only, None
        if not passive:
            self._recheck.allow()
        # It may be showing what the store has, for the question as it was before.
        self._loader.cancel()
        try:
            questions = scope_queries(self.lookup, scans)
            self._scans.begin(store, questions, time, offline=store_only, again=self._again)
        except StoreError as error:
            # Whether to load all the same is the person's choice.
            self._loader.error = error
            self._publish()
            return
        for scope in {scan.query.scope for scan in self._scans.scans if scan.in_files and self._scans.rows}:
            # Its rows stay, and more may have come since they were found.
            self.files_changed(scope)
        # Above rows that are shown already, one page says what is new if that is not known.
        first_pages = int(self._scans.blank) if self._scans.rows else PAGES_WITHOUT_A_ROW
        self._goal.until_a_row = 0 if passive and not store_only else first_pages
        self._goal.first_pages = self._goal.until_a_row > 0
        self._load(requested=False)

    def join(self, scans: Sequence[Scan], time: ServiceTime, *, account: str | None = None) -> None:
        """Go on in these scopes too, where they are not among those of the query. What is loading goes on.

        `account` has a new login: its scopes that were refused go on too.
        """
        known = {self._scans.store.named(scan.query.scope) for scan in self._scans.scans}
        new = [scan for scan in scans if self._scans.store.named(scan.scope) not in known]
        try:
            self._scans.join(scope_queries(self.lookup, new), time)
        except StoreError as error:
            self._loader.error = error
            self._publish()
            return
        if account is not None:
            self._scans.retry_account(account)
        if not self._goal.passive and not self._goal.cancelled:
            self._goal.go_on()
            self._goal.first_pages = True
            self._loader.start()
        self._publish()

    def near_end(self, pages: int = PAGES_WITHOUT_A_ROW) -> bool:
        """The cursor nears the end: load until a new row shows, so many pages at most that show none.

        Returns False, and does nothing, unless it is paused, or waits for slow scopes alone, and pages bring something:
        to move is not to insist.
        """
        may_load = self.state.phase is QueryPhase.PAUSED or self._loader.waits_only
        if not may_load or not self._scans.open:
            return False
        self._goal.until_a_row = pages
        self._load()
        return True

    def more(self) -> None:
        """Load the next page; while one is loading, the one after it too; without a connection, once there is one.

        If only rechecks are left, continue those.
        """
        phase = self.state.phase
        if phase is QueryPhase.WAITING or (phase is QueryPhase.COMPLETE and self._loader.store_only):
            # The first page comes in any case, and is not the next one.
            self._goal.pages += 1 if self._goal.pages else 2
            self._publish()
        elif phase is QueryPhase.COMPLETE:
            self._continue_recheck(allowed_pages=1)
        else:
            self._goal.pages += 1
            self._load(allowed_pages=self._goal.pages)

    def everything(self, *, scan_to: int | None = None) -> None:
        """Load all pages in range, until they are in or `stop` is called; without a connection, once there is one.

        `scan_to`: if the service selects by nothing, load no further page once so many rows are here. What the store
        has costs no call and has no bound.
        """
        if self.state.phase is QueryPhase.COMPLETE and not self._loader.store_only:
            self._goal.everything = False
            self._continue_recheck(allowed_pages=PAGES_WITHOUT_PROGRESS)
            return
        self._goal.request_everything(scan_to)
        if self._scans.scans:
            self._load(allowed_pages=PAGES_WITHOUT_PROGRESS)
        else:
            self._publish()

    def take_over(self, outstanding: Outstanding) -> None:
        """Load what another query was to load and has not, as soon as there is a connection."""
        if outstanding.everything:
            self.everything(scan_to=outstanding.scan_to)
        if outstanding.pages:
            self._goal.pages = max(self._goal.pages, outstanding.pages)
            if self._scans.scans:
                self._load(allowed_pages=self._goal.pages)
            else:
                self._publish()

    def retry(self) -> None:
        """After a failure: continue until a row shows."""
        if self.state.phase is QueryPhase.FAILED:
            self._goal.until_a_row = max(self._goal.until_a_row, 1)
            self._load(allowed_pages=1)

    def stop(self) -> bool:
        """End a running load, or one that waits; True if there was one. A page being stored still joins the rows."""
        rechecking, waits = self._recheck.stop(), self.outstanding
        was_loading = self._loader.running or rechecking or self.state.loading_all
        was_loading = was_loading or (self._unconnected and (waits.everything or waits.pages > 0))
        self._goal.cancel(by_person=was_loading)
        self._loader.stop()
        if was_loading or self.outstanding != waits:
            self._publish()
        return was_loading

    def interrupt(self) -> None:
        """Like `stop`, but what was requested stays so."""
        if not self._scans.scans:
            return
        waits = self.outstanding
        self.stop()
        self._goal.interrupted, self._goal.scan_to, self._goal.pages = waits

    def set_connection_error(self, error: CtuiError) -> None:
        """Say why only the store's rows can be shown."""
        self._loader.connection_error = error
        self._publish()

    async def idle(self) -> None:
        """Return when nothing is loading."""
        await self._loader.finished()

    def files_changed(self, scope: Scope) -> None:
        """A tree of log files has more rows: those that belong here join, and what is on the screen stays."""
        if not self._scans.scans:
            return
        self._changed_trees.add(scope)
        if not self.adds_rows:
            self.adds_rows = True
            self._tasks.start(self._add_new(), "new rows of log files")

    async def _add_new(self) -> None:
        shown = True
        try:
            while self._changed_trees:
                scope = self._changed_trees.pop()
                async for new in self._scans.show_new(scope, FREE_ROWS):
                    if not shown:
                        self._publish()
                    shown = not new
        except CtuiError as error:
            self._loader.error = error
        # The last portion, and that it was the last.
        self.adds_rows = False
        self._publish()

    async def add_found(self, keys: Iterable[tuple[int, int]]) -> None:
        """Show rows, given as (id, epoch second), that were found in another way. Where they lie further back than
        pages have come, they are `rows_beyond`, and nothing is claimed of what lies between. Raises StoreError."""
        await self._scans.add_found(keys)
        # Pages that bring none but these rows are no reason to look for more.
        self._goal.until_a_row = min(self._goal.until_a_row, 1)
        self._publish()

    def could_skip(self, time: ServiceTime) -> bool:
        """True if the store saves some of what is to be loaded; to be read before pages of our own are there."""
        return not (self._loader.store_only or self._again) and self._scans.could_skip(time)

    def shows_pruned_rows(self) -> bool:
        """True if rows are shown that the store has pruned; False if it cannot tell, which is reported elsewhere."""
        if not self._scans.scans:
            return False
        before = self._scans.pruned_before
        try:
            shows = self._scans.shows_pruned_rows()
        except StoreError:
            return False
        if self._scans.pruned_before != before:
            self._publish()
        return shows

    def _load(self, *, requested: bool = True, allowed_pages: int = 0) -> None:
        """Work towards the goal. `allowed_pages`: a person wants more than the next row, and so many pages may bring
        nothing for it."""
        if requested:
            self._goal.renew()
            self._recheck.allow()
        if allowed_pages:
            self._queue.try_now()
            self._goal.at_bound = False
            self._scans.allow_pages(allowed_pages)
        if self._goal.everything or not self._scans.open:
            self._scans.retry_refused()
        self._loader.start()
        self._publish()

    def _continue_recheck(self, *, allowed_pages: int) -> None:
        self._scans.allow_pages(allowed_pages)
        self._recheck.allow()
        self._recheck.go()
        self._publish()

    def _load_ended(self) -> None:
        if self._loader.error is None:
            self._recheck.go()
        self._publish()

    def _rechecked(self, failure: CtuiError | None) -> None:
        self._loader.error = failure or self._loader.error
        self._publish()

    def _snapshot(self) -> QueryState:
        return snapshot(
            self.lookup,
            self._scan,
            self._pinned_at,
            scans=self._scans,
            goal=self._goal,
            loader=self._loader,
            recheck=self._recheck,
        )

    def _publish(self) -> None:
        self.state = self._snapshot()
        self.changed.publish(self.state)
