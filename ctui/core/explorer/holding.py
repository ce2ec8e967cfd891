"""Holding: which query holds what a typed line asks for, so that it is shown without a call."""

from ctui.core.explorer.loading import Loading
from ctui.core.explorer.same_question import answers, narrowness, same_question
from ctui.core.lookup.event_query import EventQuery
from ctui.core.lookup.query_state import QueryPhase
from ctui.model.lookup.lookup import Lookup


class Holding(Loading):
    """The parts of an explorer, with the choice of the query that is shown for a line."""

    def _widen(self) -> bool:
        """If the line asks for more than the query holds, show a query that holds it, or what the store has of it.

        So too if the store holds the complete answer. Makes no call; False if the query stays.
        """
        question, query = self._question(), self.query
        held, complete = answers(query.lookup, question), query.state.phase is QueryPhase.COMPLETE
        if held and (complete or question.impossible or same_question(query.lookup, question)):
            return False
        known = self._queries.is_known(question)
        if held and not known:
            return False
        earlier = self._earlier(question)
        if earlier is not None and known and earlier.state.phase is not QueryPhase.COMPLETE:
            earlier = None
        if earlier is not None:
            self._queries.resume(earlier)
            return True
        if query.state.phase is QueryPhase.WAITING:
            return False
        self._queries.ask(question, passive=True)
        return True

    def _earlier(self, question: Lookup) -> EventQuery | None:
        """The query of a view that holds the whole answer, in the same Regions, with as few other rows as possible."""
        within = self._typed.line.timespan is not None
        stored, regions = self.query.state.store_only, self.query.regions
        fitting = [
            query
            for query in self._history.queries()
            if answers(query.lookup, question)
            and query.regions == regions
            and query.state.store_only is stored
            and (within or query.lookup.timespan == question.timespan)
            and self._queries.can_resume(query)
        ]
        return max(fitting, key=lambda query: narrowness(query.lookup), default=None)
