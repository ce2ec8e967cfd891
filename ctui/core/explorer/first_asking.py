"""FirstAsking: what a question shows before its range is scanned: rows that were shown, and what a few pages find."""

from collections.abc import Sequence

from ctui.core.explorer.explorer_parts import ExplorerParts
from ctui.core.explorer.first_asked import FirstAsked
from ctui.core.lookup.event_query import EventQuery, QueryPhase
from ctui.errors import StoreError
from ctui.model.filter.selection import asked_first
from ctui.model.lookup.lookup import Lookup

MOST_KEPT = 5_000
"""Rows of the view that is left that are kept, the newest ones."""


class FirstAsking(ExplorerParts):
    """The parts of an explorer, with the steps that show something of a question at once."""

    def _rows_to_keep(self, left: EventQuery, question: Lookup) -> Sequence[tuple[int, int]]:
        """Rows of the query that was left, as (id, epoch second), that the query of this question does not show yet.

        Where all events of the range are scanned, each row in that range is one of them, so that what was loaded and
        matches goes on being shown. The line filters them as it does all others.
        """
        goes_on = question.all_clauses or question.takes_no_call or self.query.state.phase is QueryPhase.COMPLETE
        # Shown rows are management events, as a rule, and none of what is asked for. Log files have them all at hand.
        if (
            left is self.query
            or self._session().files_alone
            or goes_on
            or not question.management
            or not self._queries.belongs_here(left)
            or left.shows_pruned_rows()
        ):
            return ()
        start, end = self._pin(self._server_clock.time())
        first = left.first_before(end + 1)
        rows = ((left.ids[row], left.second_at(row)) for row in range(first, min(len(left.ids), first + MOST_KEPT)))
        return [(row_id, second) for row_id, second in rows if second >= (start or 0)]

    def _own_query(self, question: Lookup) -> None:
        """Rows are added to the query: if another view shows it too, go on with one of this view alone."""
        if any(self.query is view.query for view in self._history.others()):
            self._queries.ask(question)

    def _ask_first(self, question: Lookup, left: EventQuery, *, again: bool) -> bool:
        """Show what is kept of the query that was left, and ask for what the service finds with a few pages; False if
        nothing is left of that to ask.

        `again`: the line was asked before, so that a person wants more than that.
        """
        if (first := self._first_of_line()) is not None:
            return first.go_on() or not again
        clause, takes_no_call = (
            asked_first(self._typed.line),
            question.takes_no_call or self._queries.is_known(question),
        )
        if (
            not clause
            or takes_no_call
            or not question.management
            or self._session().files_alone
            or not self._queries.confirmed
            or self.query.state.phase is QueryPhase.COMPLETE
        ):
            if kept := self._rows_to_keep(left, question):
                self._own_query(question)
                self._tasks.start(self._keep(self.query, kept), "keep rows")
            return False
        self._own_query(question)
        kept = self._rows_to_keep(left, question)
        if self._first is not None:
            self._first.stop()
        query = self._queries.separate(Lookup(question.timespan, clauses=(clause,)))
        assert query is not None, "the service can be asked, so that the store is open"
        query.everything()
        regions = self._session().added_regions
        self._first = FirstAsked(
            query, clause, self.query, self._tasks, regions=regions, kept=kept, changed=self._publish
        )
        self._first.add()
        return True

    async def _keep(self, query: EventQuery, kept: Sequence[tuple[int, int]]) -> None:
        if query.scope is not None:
            try:
                await self._tasks.guard(query.add_found(kept))
            except StoreError:
                # The query reads the same store, and reports what is wrong with it.
                return
