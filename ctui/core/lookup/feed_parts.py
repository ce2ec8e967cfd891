"""FeedParts: what a feed is made of, and how it stands by that: its phase, its state, what it has yet to load."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from ctui.core.lookup.answer_rows import AnswerRows
from ctui.core.lookup.estimate import Remaining, RestEstimate, pages_of
from ctui.core.lookup.load_goal import LoadGoal, Outstanding
from ctui.core.lookup.pages import Pages
from ctui.core.lookup.query_state import Halt, QueryPhase, QueryState, instant
from ctui.core.lookup.queue import LookupQueue
from ctui.core.lookup.recheck import Recheck
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.connection import Scope
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.scan import Page, Scan


class FeedParts(AnswerRows):
    """Rows, and how they came to be; what is done with that, `EventQuery` does. Nothing here changes anything."""

    def __init__(
        self,
        lookup: Lookup,
        tasks: Tasks,
        queue: LookupQueue,
        *,
        arriving: Callable[[Scan, Page], Awaitable[None]],
        arrived: Callable[[Page], None],
        rechecked: Callable[[CtuiError | None], None],
    ) -> None:
        """`arriving` is awaited with every page before it is stored, `arrived` hears of it afterwards, `rechecked` of
        each that was asked once more, and with an error of the failure that ended it."""
        super().__init__()
        self.lookup = lookup
        self._estimate = RestEstimate()
        self._scan: Scan | None = None
        self._asked_at: datetime | None = None
        self._task: asyncio.Task[None] | None = None
        self._error: CtuiError | None = None
        self._lost: CtuiError | None = None
        self._stored = False
        self._goal = LoadGoal()
        self._pages = Pages(queue, self._answer, arriving, arrived)
        self._recheck = Recheck(tasks, self._answer, self._pages, self._is_idle, rechecked)
        self.state = self._snapshot()
        """How things stand since the last change."""

    @property
    def regions(self) -> tuple[str, ...]:
        """The Regions that are asked; empty before it has begun."""
        return tuple(question.scope.region for question in self._answer.routes.questions)

    @property
    def scope(self) -> Scope | None:
        """Where the first of its scans goes, under the account's name once that is known; None before it has begun."""
        return None if self._scan is None else self._answer.store.named(self._scan.scope)

    @property
    def shown_to(self) -> int:
        """The second back to which rows are shown in every scope, or will be; behind the end while nothing is."""
        reached, back_to = self._answer.routes.reached, self._goal.back_to
        return reached if back_to is None else min(reached, back_to)

    @property
    def quiet(self) -> bool:
        """True where it was begun without a call and nothing has been wished since."""
        return self._goal.quiet

    @property
    def outstanding(self) -> Outstanding:
        """What is to be loaded and is not, also where an error came between; pages only where they wait for a
        connection."""
        goal = self._goal
        return Outstanding(goal.everything or goal.interrupted, goal.scan_to, goal.pages if self._unconnected else 0)

    @property
    def _unconnected(self) -> bool:
        """True before the service can be asked: nothing is here, or what the store has."""
        return not self._answer.routes or self._stored

    @property
    def _scans(self) -> bool:
        """True where the service selects by nothing, so that it gives every event of the range."""
        return not (self._answer.routes.api if self._answer.routes else self.lookup.conditions)

    @property
    def given_up(self) -> bool:
        """True where a load was stopped and nothing has been wished since."""
        return self._goal.given_up

    def _snapshot(self) -> QueryState:
        phase, answer, reached = self._phase(), self._answer, self._answer.reached
        halt = self._halt(phase)
        unasked = answer.rows_beyond
        draining = self._goal.everything and phase in (QueryPhase.LOADING, QueryPhase.WAITING)
        return QueryState(
            phase=phase,
            loaded=len(answer.rows),
            scanned=len(answer.rows) - unasked,
            unasked=unasked,
            more=not answer.routes or not answer.routes.done or self._recheck.is_open,
            pages=self._pages.taken,
            draining=draining,
            scan_to=self._goal.scan_to if draining and self._scans else None,
            halt=halt,
            pages_without_progress=answer.routes.without_progress if halt is Halt.NO_PROGRESS else 0,
            oldest=None if reached is None else instant(reached),
            newest=instant(answer.rows.second_at(0)) if answer.rows else None,
            error=self._error or self._lost or answer.routes.trouble,
            lookup=self.lookup,
            scan=self._scan,
            asked_at=self._asked_at,
            api=answer.routes.api,
            asking=not answer.routes or answer.routes.asking,
            unreadable=answer.unreadable,
            stored=self._stored,
            remaining=self._remaining(self._goal.scan_to if draining and self._scans else None),
            refused=answer.routes.refused,
            rechecking=self._recheck.running,
            rechecked_to=None if self._recheck.reached is None else instant(self._recheck.reached),
            late=self._recheck.late,
        )

    @property
    def _scanned(self) -> int:
        return len(self._answer.rows) - self._answer.rows_beyond

    def _remaining(self, scan_to: int | None) -> Remaining | None:
        pages = None if scan_to is None else pages_of(scan_to - self._scanned)
        return self._estimate.remaining(self._answer.routes, pages)

    def _phase(self) -> QueryPhase:
        if not self._answer.routes:
            return QueryPhase.WAITING
        if self._error is not None:
            return QueryPhase.FAILED
        if self._task is not None:
            return QueryPhase.LOADING
        if self._answer.routes.open or self._answer.routes.stuck:
            return QueryPhase.PAUSED
        return QueryPhase.COMPLETE if self._answer.routes.whole else QueryPhase.FAILED

    def _halt(self, phase: QueryPhase) -> Halt | None:
        if phase is QueryPhase.PAUSED:
            if not self._answer.routes.open:
                return Halt.NO_PROGRESS
            return Halt.BOUND if self._goal.at_bound else None
        return Halt.NO_PROGRESS if phase is QueryPhase.COMPLETE and self._recheck.stuck else None

    def _is_idle(self) -> bool:
        return self._task is None and self._error is None
