"""CertainRows: the rows that match, for one who writes them down as they come and cannot take one back.

Rows come newest first, each once, as soon as none can come between them. An event that the service recorded late, or
that an odd page brought, comes when it is found: none is lost for the order.
"""

import asyncio
from array import array
from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence

from ctui.core.lookup.query_state import QueryPhase
from ctui.core.rows.processed_rows import ProcessedRows
from ctui.core.session import Session, SessionPhase
from ctui.model.filter.terms import asks_for_new

_PORTION = 500
"""Rows that are passed on at once."""


class CertainRows:
    """The rows of a session's explorer, whose question was asked before."""

    def __init__(self, session: Session) -> None:
        self.late = 0
        """How many rows came after older ones."""
        self._session = session
        self._explorer = session.explorer
        self._source = self._explorer.matching
        self._passed = ProcessedRows(self._source)
        self._passed_before: set[int] = set()
        """Rows of sources before this one: the account was learned, and what is stored of it is read again."""
        self._oldest: int | None = None

    async def portions(self) -> AsyncIterator[Sequence[int]]:
        """Ids of the next rows; () after each change that brings none. Ends when nothing more comes by itself."""
        changed = asyncio.Event()
        signals = (self._explorer.changed, self._explorer.replaced, self._session.changed)
        leave = [signal.subscribe(lambda _: changed.set()) for signal in signals]
        try:
            while True:
                changed.clear()
                over = self.over
                while rows := self._next(all_of_them=over):
                    yield rows
                if over and not changed.is_set():
                    return
                yield ()
                await changed.wait()
        finally:
            for each in leave:
                each()

    @property
    def over(self) -> bool:
        """True once nothing more comes by itself: all is here, or the load has stopped or failed."""
        query, state = self._explorer.query.state, self._session.state
        if state.phase is not SessionPhase.READY:
            return state.phase is not SessionPhase.CONNECTING
        if not self._is_confirmed:
            return query.error is not None and not self._session.awaits_scopes
        loading = query.phase in (QueryPhase.WAITING, QueryPhase.LOADING) or query.rechecking
        return not (loading or self._explorer.state.filtering or self._more_in_files)

    @property
    def _more_in_files(self) -> bool:
        """True while log files are read, whose rows may belong anywhere, or are put among the others."""
        files = self._explorer.state.files
        return files is not None and (files.indexing or self._explorer.query.adds_rows)

    @property
    def _is_confirmed(self) -> bool:
        """True if the rows are certainly of the account of this login, and no other account or Region may join it."""
        known = self._session.state.assumed is None and not self._explorer.query.state.store_only
        return known and not self._session.awaits_scopes

    def _next(self, *, all_of_them: bool) -> "array[int]":
        """The next rows that are certain; all that are here if nothing more comes."""
        fresh = array("q")
        while not fresh and self._is_confirmed:
            if self._source is not self._explorer.matching:
                self._passed_before.update(self._passed.ids)
                self._source = self._explorer.matching
                self._passed = ProcessedRows(self._source)
            rows = self._passed.next(_PORTION)
            if not all_of_them:
                # What is new depends on what older pages say.
                certain = not (any(map(asks_for_new, self._explorer.state.line.terms)) or self._more_in_files)
                newer = bisect_left(rows.negated, -self._explorer.certain_to)
                rows = rows.slice(0, newer if certain else 0)
            if not rows.ids:
                break
            self._passed.mark(rows.ids)
            for row_id, second in rows.as_keys():
                if row_id not in self._passed_before:
                    fresh.append(row_id)
                    self.late += self._oldest is not None and second > self._oldest
                    self._oldest = second if self._oldest is None else min(second, self._oldest)
        return fresh
