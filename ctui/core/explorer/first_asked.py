"""FirstAsked: the cheap part of a question, which the service is asked for before the rest.

Of `about:X` the service can find the events that list X as a resource, and not those that name it in the request or the
response alone. It is asked for the first ones by name. The query of the whole question shows what comes, in the midst
of what is not scanned yet: nothing is claimed of the question by that.
"""

import asyncio
from collections.abc import Callable, Sequence

from ctui.core.lookup.event_query import EventQuery, QueryPhase
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.lookup.lookup import Clause
from ctui.model.values import dataclass

_NOTHING = -1
"""How many rows were added before there was any reason to."""


@dataclass(frozen=True, slots=True)
class FirstAskedState:
    """How the cheap part of a question stands."""

    clause: Clause
    """The attributes that the service is asked for."""
    found: int
    """Events that have one of them, as far as they are loaded."""
    loading: bool
    complete: bool
    """True once all of them in range are here."""
    error: CtuiError | None
    """Why they are not."""


class FirstAsked:
    """Adds the rows of a query for a few attributes to the query of the whole question."""

    def __init__(
        self,
        query: EventQuery,
        clause: Clause,
        goal: EventQuery,
        tasks: Tasks,
        *,
        regions: tuple[str, ...],
        kept: Sequence[tuple[int, int]],
        changed: Callable[[], None],
    ) -> None:
        """`query` loads all events with an attribute of `clause`, `goal` answers the whole question. `regions` are
        searched besides the working one. `kept` are rows, as (id, epoch second), that the goal is
        to show as well. `changed` is called when the state is different."""
        self.clause = clause
        self.lookup = goal.lookup
        """The whole question."""
        self.regions = regions
        """The Regions that are asked besides the working one."""
        self._query = query
        self._goal = goal
        self._tasks = tasks
        self._kept = tuple(kept)
        self._added = _NOTHING
        self._last_added = 0
        self._adding: asyncio.Task[None] | None = None
        self._error: CtuiError | None = None
        self._changed = changed
        query.changed.subscribe(lambda _: self._query_changed())

    @property
    def state(self) -> FirstAskedState:
        """How it stands now."""
        query = self._query.state
        return FirstAskedState(
            clause=self.clause,
            found=query.loaded,
            loading=query.phase in (QueryPhase.LOADING, QueryPhase.WAITING),
            complete=query.phase is QueryPhase.COMPLETE,
            error=self._error or query.error,
        )

    def is_of(self, goal: EventQuery) -> bool:
        """True if both ask the same account: another login may have led to another one since."""
        return self._query.scope is not None and self._query.scope == goal.scope

    def serve(self, goal: EventQuery) -> None:
        """The question is answered by another query now: that shows what was found, too; a load that failed goes on."""
        if self.state.error is not None:
            self.go_on()
        if goal is not self._goal:
            self._goal, self._added = goal, _NOTHING
        self.add()

    def go_on(self) -> bool:
        """Continue where it stopped; False if it is complete."""
        if self._query.state.phase is QueryPhase.COMPLETE:
            return False
        self._error = None
        if self._query.state.phase is QueryPhase.FAILED:
            self._query.retry()
        self._query.everything()
        return True

    def stop(self) -> bool:
        """Stop a running load; True if there was one. What was found stays."""
        return self._query.stop()

    def add(self) -> None:
        """Add what was found since to the query of the question, once that has started in the same account."""
        if self._adding is not None and not self._adding.done():
            return
        if self.is_of(self._goal) and self._has_more():
            self._adding = self._tasks.start(self._add(), "add what was found first")

    def _query_changed(self) -> None:
        self.add()
        self._changed()

    def _has_more(self) -> bool:
        return self._added != len(self._query.ids)

    async def _add(self) -> None:
        try:
            while self._has_more():
                goal, ids = self._goal, self._query.ids
                # Pages come newest first. With several Regions, rows come in between.
                start = self._added if self._added > 0 and ids[self._added - 1] == self._last_added else 0
                end, last = len(ids), ids[-1] if ids else 0
                kept = self._kept if self._added == _NOTHING else ()
                await goal.add_found([*kept, *((ids[row], self._query.second_at(row)) for row in range(start, end))])
                if goal is self._goal:
                    self._added, self._last_added = end, last
        except CtuiError as error:
            self._error = error
            self._changed()
