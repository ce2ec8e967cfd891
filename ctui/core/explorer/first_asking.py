"""FirstAsking: asks for the cheap part of a question before the rest, if it has one."""

from ctui.core.explorer.explorer_parts import ExplorerParts
from ctui.core.explorer.first_asked import MOST_KEPT, FirstAsked
from ctui.core.lookup.event_query import QueryPhase
from ctui.model.filter.selection import asked_first
from ctui.model.lookup.lookup import Lookup


class FirstAsking(ExplorerParts):
    """The parts of an explorer, with the one step that asks first what costs a few pages."""

    def _ask_first(self, question: Lookup, *, again: bool) -> bool:
        """Ask for what the service finds of the line with a few pages; False if nothing is left of that to ask.

        `again`: the line was asked before, so that a person wants more than that.
        """
        if (first := self._first_of_line()) is not None:
            return first.go_on() or not again
        clause = asked_first(self._typed.line)
        if not clause or not self._queries.confirmed or question.takes_no_call or self._queries.is_known(question):
            return False
        if self.query.state.phase is QueryPhase.COMPLETE:
            return False
        rows = self.rows
        kept = [(row_id, rows.second_at(row)) for row, row_id in enumerate(rows.ids[:MOST_KEPT])]
        if any(self.query is view.query for view in self._history.others()):
            # Another view shows these rows, and is not to show those of this question among them.
            self._queries.ask(question)
        query = self._queries.ask_beside(Lookup(question.timespan, clauses=(clause,)))
        regions = self._session().added_regions
        self._first = FirstAsked(
            query, clause, self.query, self._tasks, regions=regions, kept=kept, changed=self._publish
        )
        self._first.add()
        return True
