"""Finder: answers the lookups of a trace from the store, else from the service, and counts the calls."""

from collections.abc import Callable, Sequence

from ctui.core.explorer.queries import Queries
from ctui.core.lookup.event_query import EventQuery, QueryPhase
from ctui.core.lookup.planner import PAGE_EVENTS
from ctui.core.rows.row_filter import ReadRows
from ctui.errors import CtuiError
from ctui.model.connection import Scope
from ctui.model.event.issuer import Call, call_of
from ctui.model.trace.searches import Search
from ctui.model.values import dataclass

MOST_PAGES = 5
"""Pages that one lookup of a trace costs at most."""
MOST_ROWS = 5_000
"""Events of one lookup that are read at most."""


@dataclass(frozen=True, slots=True)
class FoundCall:
    """A call and its row in the store."""

    row_id: int
    call: Call


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to one lookup of a trace."""

    calls: tuple[FoundCall, ...]
    """Newest first."""
    complete: bool
    """True if these are all events of the lookup."""
    error: CtuiError | None = None


class Finder:
    """Each lookup is a query next to the one on the screen: paced, stored and claimed as that is."""

    def __init__(self, queries: Queries, read: ReadRows, counted: Callable[[int], None]) -> None:
        """`counted` is called with the number of pages that a lookup has received, whenever there are more."""
        self._queries = queries
        self._read = read
        self._counted = counted

    @property
    def store_only(self) -> bool:
        """True if no call can be made."""
        return not self._queries.confirmed

    async def read(self, row_id: int) -> Call | None:
        """The call in a stored row; None if it is not stored any more. Raises StoreError."""
        calls = await self._calls([row_id])
        return calls[0].call if calls else None

    async def find(
        self,
        search: Search,
        wanted: Callable[[Sequence[FoundCall]], bool],
        *,
        pages: int = MOST_PAGES,
        stored: bool = False,
        scopes: Sequence[Scope] = (),
    ) -> Found:
        """The events of a lookup, until `wanted` is False for those found so far, or no more pages may be loaded.

        `stored`: only what is stored, known to be complete or not; `scopes`: in these instead of those on the screen.
        Raises StoreError.
        """
        query = self._queries.separate(search.lookup, store_only=stored, scopes=scopes)
        if query is None:
            return Found((), complete=False)
        calls: list[FoundCall] = []
        leave = query.changed.subscribe(lambda state: self._counted(state.pages))
        try:
            while True:
                await query.idle()
                calls += await self._calls(query.ids[len(calls) :] if not calls else _new_ids(query, calls))
                if not self._goes_on(query, calls, pages) or not wanted(calls):
                    break
                query.more()
            calls.sort(key=lambda one: -one.call.second)
            state = query.state
            complete = state.phase is QueryPhase.COMPLETE and not (state.store_only or state.refused)
            return Found(tuple(calls), complete, state.error)
        finally:
            leave()
            query.stop()
            self._counted(query.state.pages)

    def _goes_on(self, query: EventQuery, calls: Sequence[FoundCall], pages: int) -> bool:
        """What is stored may be read on; the service is asked for no more than so many pages, stored ones included."""
        state = query.state
        is_free = state.store_only or not state.needs_service
        most = MOST_ROWS if is_free else pages * PAGE_EVENTS
        return state.phase is QueryPhase.PAUSED and state.pages < pages and len(calls) < most

    async def _calls(self, ids: Sequence[int]) -> list[FoundCall]:
        found: list[FoundCall] = []
        rest = list(ids)[:MOST_ROWS]
        while rest:
            evaluated = await self._read.evaluate(rest, call_of)
            found += [FoundCall(rest[index], call) for index, call in evaluated.results]
            rest = rest[evaluated.scanned :]
        return found


def _new_ids(query: EventQuery, calls: Sequence[FoundCall]) -> list[int]:
    known = {one.row_id for one in calls}
    return [row_id for row_id in query.ids if row_id not in known]
