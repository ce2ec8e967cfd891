"""Loading: the steps of an explorer that load more of what is asked already, and stop that."""

from collections.abc import Sequence

from ctui.core.explorer.first_asking import FirstAsking
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.session_state import SessionPhase


class Loading(FirstAsking):
    """The parts of an explorer, with the steps that load more."""

    def near_end(self, *, filling: bool = False) -> None:
        """The cursor nears the end: load until a row matches, but not more than five pages. Nothing while loading.

        `filling`: nothing has moved, there is only room for more rows. That is no reason to load for a line that was
        only typed, or in a view that was returned to.
        """
        if self.state.impossible or self.state.first is not None:
            # Of what was asked first, all is here or comes: to scan the rest is for a person to choose.
            return
        if not filling or (self._typed.line == self._requested and self.query.state.halt is None):
            self._filtered.load_more()

    def more(self) -> None:
        """Load the next page, or try again after a failure."""
        if self.query.state.phase is QueryPhase.FAILED and self._session().phase is SessionPhase.READY:
            self.query.retry()
        else:
            self.query.more()

    def everything(self) -> None:
        """Load every page in range; `stop` ends it."""
        self.query.everything()

    def stop(self) -> bool:
        """Stop a running load; True if there was one."""
        loading = self._filtered.stop_loading()
        loading = (self._first is not None and self._first.stop()) or loading
        return self.query.stop() or loading

    async def loaded(self) -> Sequence[int]:
        """Wait until nothing is loading, and return the row ids; () if that failed or another question was asked."""
        query = self.query
        await query.idle()
        return () if query is not self.query or query.state.error is not None else query.ids
