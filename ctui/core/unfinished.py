"""Unfinished: the load of everything that is under way, remembered next to the store, so that the next start offers it.

What was loaded is known by the store's coverage. What is remembered is that a person wanted all of it.
"""

from ctui.core.explorer.explorer import Explorer
from ctui.core.lookup.event_query import EventQuery
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.session_state import SessionStatus
from ctui.core.session_store import SessionStore
from ctui.core.tasks import Tasks
from ctui.store.unfinished import digest_of

_UNDER_WAY = (QueryPhase.LOADING, QueryPhase.WAITING, QueryPhase.FAILED)


class Unfinished:
    """Follows the query on the screen. One load is remembered, the last one."""

    def __init__(self, explorer: Explorer, stored: SessionStore, tasks: Tasks, status: SessionStatus) -> None:
        """`status` hears if the file cannot be written."""
        self._status = status
        self._explorer = explorer
        self._stored = stored
        self._tasks = tasks
        self._remembered = ""
        """What is in the file, or will be."""
        self._ours = False
        self._writing = False
        self._leave = [signal.subscribe(lambda _: self._look()) for signal in (explorer.changed, explorer.replaced)]

    @property
    def is_offered(self) -> bool:
        """True if everything of the question on the screen was being loaded when ctui ended, and nothing is loaded."""
        query = self._explorer.query
        paused = query.state.phase is QueryPhase.PAUSED and not query.state.store_only
        return bool(self._remembered) and not self._ours and paused and _digest(query) == self._remembered

    async def read(self) -> None:
        """Read what was remembered last. Raises StoreError."""
        if self._stored.store is not None and not self._ours:
            self._remembered = await self._stored.store.read_unfinished()

    def close(self) -> None:
        """Follow no longer: what is under way now stays remembered."""
        for leave in self._leave:
            leave()

    def _look(self) -> None:
        query = self._explorer.query
        wanted = query.outstanding
        if wanted.everything and wanted.scan_to is None and query.state.phase in _UNDER_WAY:
            if (digest := _digest(query)) and (digest != self._remembered or not self._ours):
                self._remember(digest)
        elif self._ours or (self._remembered and self._is_complete(query)):
            self._remember("")

    def _is_complete(self, query: EventQuery) -> bool:
        state = query.state
        return state.phase is QueryPhase.COMPLETE and not state.store_only and _digest(query) == self._remembered

    def _remember(self, digest: str) -> None:
        self._remembered, self._ours = digest, bool(digest)
        if not self._writing and self._stored.store is not None:
            self._writing = True
            self._tasks.start(self._status.report(self._write), "remember the load")

    async def _write(self) -> None:
        written = None
        try:
            while self._stored.store is not None and written != self._remembered:
                written = self._remembered
                await self._stored.store.write_unfinished(written)
        finally:
            self._writing = False


def _digest(query: EventQuery) -> str:
    """That of the question, its account and its Regions; "" while these are not known."""
    if (scope := query.scope) is None or scope.provisional:
        return ""
    clauses = sorted(sorted(f"{one.key}={one.value!r}" for one in clause) for clause in query.lookup.all_clauses)
    return digest_of(repr((scope.origin, scope.account, sorted(query.regions), query.lookup.timespan.text, clauses)))
