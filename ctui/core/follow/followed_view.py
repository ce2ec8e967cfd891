"""FollowedView: the question on the screen, as far as new events can be part of its answer."""

from ctui.core.explorer.queries import Queries
from ctui.core.lookup.event_query import EventQuery
from ctui.core.server_clock import ServerClock
from ctui.core.session_store import SessionStore
from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretches
from ctui.store.columns import second_of
from ctui.store.search import ROWS_AT_ONCE, Key, Rows, Search


class FollowedView:
    """Shows rows in the current query, whichever that is. What lies further back than it has come waits for it."""

    def __init__(self, queries: Queries, server_clock: ServerClock, stored: SessionStore) -> None:
        self._queries = queries
        self._server_clock = server_clock
        self._stored = stored

    @property
    def takes_new(self) -> bool:
        """True if new events can be part of the answer to the question on the screen."""
        lookup, time = self._queries.current.lookup, self._server_clock.time()
        lasts = lookup.timespan.pin(time.earliest, time.latest)[1] >= second_of(time.earliest)
        return lasts and lookup.management and not lookup.takes_no_call

    @property
    def query(self) -> EventQuery | None:
        """The query on the screen, if that is so, and it has started."""
        query = self._queries.current
        started = query.state.scan is not None and not query.state.store_only and self._queries.belongs_here(query)
        return query if started and self.takes_new else None

    async def show(self, rows: Rows) -> None:
        """Show these rows. Raises StoreError."""
        if (query := self.query) is None or query.state.scan is None:
            return
        reached, shown = query.certain_to, query.rows
        last = None if query.lookup.timespan.open_ended else query.state.scan.end
        missing = [
            key
            for key in rows.as_keys()
            if key.second >= reached and (last is None or key.second <= last) and shown.index_of(*key) is None
        ]
        if missing:
            await query.add_found(missing)

    async def show_stored(self, scope: Scope, stretches: Stretches) -> None:
        """Show what the store has of these seconds. Raises StoreError."""
        assert self._stored.store is not None, "something is followed, so the store is open"
        for stretch in stretches:
            after: Key | None = None
            while True:
                rows = await self._stored.store.find(Search(scope, stretch), after, ROWS_AT_ONCE)
                await self.show(rows)
                if len(rows.ids) < ROWS_AT_ONCE:
                    break
                after = rows.last
