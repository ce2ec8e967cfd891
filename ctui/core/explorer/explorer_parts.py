"""ExplorerParts: what an explorer is made of, and what can be seen of it. Nothing here changes anything."""

from collections.abc import AsyncIterator, Callable, Container, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.explorer.filtered_rows import FilteredRows
from ctui.core.explorer.first_asked import FirstAsked
from ctui.core.explorer.history import History, Place, View
from ctui.core.explorer.queries import Queries
from ctui.core.explorer.same_question import answers, is_stale, row_predicate, same_question
from ctui.core.explorer.typed_line import TypedLine
from ctui.core.lookup.event_query import EventQuery, QueryPhase
from ctui.core.lookup.load_goal import FREE_ROWS
from ctui.core.lookup.planner import end_in_files
from ctui.core.lookup.query_state import instant
from ctui.core.rows.row_filter import RowFilter, StoredRows
from ctui.core.server_clock import ServerClock, ServiceTime
from ctui.core.session_state import SessionState
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import CtuiError
from ctui.model.clock import Clock
from ctui.model.filter.editing.cursor import EVERY_EVENT
from ctui.model.filter.own_calls import asks_for_own_calls, own_calls
from ctui.model.filter.parse import FilterError
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.read_lists import ReadWords
from ctui.model.filter.selection import asked_first
from ctui.model.filter.terms import Filter, Term, asks_for_marks, asks_for_new, negate
from ctui.model.lookup.lookup import Clause, Lookup
from ctui.model.lookup.timespan import ALL_HISTORY

if TYPE_CHECKING:
    from ctui.core.rows.row_counts import RowCounts
    from ctui.model.log_files.files_in_range import FilesInRange


class ExplorerParts:
    """The line, the query, its filtered rows and the history; `Explorer` acts on them."""

    def __init__(
        self,
        queries: Queries,
        tasks: Tasks,
        clock: Clock,
        server_clock: ServerClock,
        stored: StoredRows,
        *,
        session: Callable[[], SessionState],
        marked: Callable[[], Container[str]],
        read_words: ReadWords,
    ) -> None:
        """`stored` compares stored rows off the loop; `session` returns the session's state now, `marked` the event IDs
        of marked events; `read_words` reads the files that a line names."""
        self.changed: Signal[None] = Signal()
        """Rows, state or question are different."""
        self.replaced: Signal[None] = Signal()
        """The rows are those of another query or another view."""
        self.replacements = 0
        """How many times `replaced` was published."""
        self.place: Callable[[], Place | None] = lambda: None
        """Where the cursor is now; None while the screen shows other rows than these."""
        self.returned_to: Place | None = None
        """Where the cursor was in the view that `back` or `forward` has led to; None in a new view."""
        self._own_shown = False
        self._queries = queries
        self._server_clock = server_clock
        self._session = session
        self._marked = marked
        self._tasks = tasks
        self._stored = stored
        self._first: FirstAsked | None = None
        self._read_words = read_words
        self._typed = TypedLine.of_lookup(queries.current.lookup, read_words)
        self._requested: Filter | None = self._typed.line
        self._pinned = self._pin(server_clock.time())
        self._state: ExplorerState | None = None
        self._history = History(View(self._typed, session().added_regions, queries.current))
        self._filtered = FilteredRows(queries.current, tasks, clock, stored, self._publish)

    # What can be seen.

    @property
    def text(self) -> str:
        """The line as it was typed."""
        return self._typed.text

    @property
    def error(self) -> FilterError | None:
        """Why the typed line cannot be read; the one before goes on filtering meanwhile."""
        return self._typed.error

    @property
    def read_error(self) -> CtuiError | None:
        """Why rows could not be read to filter them."""
        return self._filtered.error

    @property
    def rows(self) -> EventQuery | RowFilter:
        """The rows to show: their ids and times."""
        return self._filtered.rows

    @property
    def matching(self) -> EventQuery | RowFilter:
        """The rows that match, as far as they were compared. Unlike `rows`, never those of the line before."""
        return self._filtered.matching

    @property
    def certain_to(self) -> int:
        """Every row newer than this second that matches is in `matching`: see EventQuery.certain_to."""
        return max(self.query.certain_to, self._filtered.filtered_to)

    @property
    def query(self) -> EventQuery:
        """The query that loads the rows. A screen reads `state`, and acts through the explorer."""
        return self._queries.current

    @property
    def state(self) -> ExplorerState:
        """The question at a glance: one value, made once after each change. To read it again costs nothing."""
        if self._state is None:
            self._state = self._snapshot()
        return self._state

    def count_loaded(self, lines: Sequence[Filter]) -> "AsyncIterator[RowCounts]":
        """How many loaded events match each of these lines, whatever the line on the screen hides: see `count_rows`.

        Own calls are not counted while they are hidden.
        """
        from ctui.core.rows.row_counts import count_rows  # noqa: PLC0415 - nothing is counted before the first menu

        now, marked = self._server_clock.time().likely, self._marked()
        hidden = self.own_calls_hidden()
        shown = () if hidden is None else (negate(hidden),)
        lines = [line.with_terms((*line.terms, *shown)) for line in lines]
        return count_rows(self.query, [compile_filter(line, now, marked) for line in lines], self._stored)

    def passes(self, text: str) -> Predicate | None:
        """Whether an event passes another line in the range that is shown; None if all do, or if it cannot be read."""
        time = self._server_clock.time()
        other = self._typed.typed(text, time.earliest)
        everything = other.range == ALL_HISTORY and text.strip() in ("", EVERY_EVENT)
        if other.error is not None or everything:
            return None
        # What is new only the store knows, which is not asked for each event: values of others are offered, too.
        line = replace(other.line, terms=tuple(term for term in other.line.terms if not asks_for_new(term)))
        return row_predicate(line, other.range, None, time, self._marked())

    def session_changed(self) -> None:
        """The connection, the account or the Regions are different."""
        self._state = None

    def update_age(self, time: ServiceTime) -> None:
        """Time has passed, which alone can make an answer stale."""
        if self._is_stale(time) is not self.state.stale:
            self._state = None

    def _is_refused(self, typed: TypedLine) -> bool:
        """True if the range that a line names has no second any more; then it is reported, and AWS is not asked."""
        if typed.error is None or typed.error is self._typed.error:
            return False
        self._typed = replace(self._typed, text=typed.text, error=typed.error)
        self._publish()
        return True

    def _publish(self) -> None:
        self._state = None
        self.changed.publish(None)

    def _snapshot(self) -> ExplorerState:
        query, first, session = self.query.state, self._first_of_line(), self._session()
        pinned = self._pinned if query.scan is None or not self._is_in_range() else (query.scan.start, query.scan.end)
        return ExplorerState(
            query=query,
            line=self._typed.line,
            timespan=self._typed.range,
            pinned=pinned,
            shown=len(self.rows.ids),
            filtering=self._filtered.pending,
            unmatched=self._filtered.unmatched,
            exclusions=self._filtered.excluded,
            own_hidden=self._filtered.own_hidden,
            own_shown=self._own_shown,
            client_filter=self.filtered_here(query.server_filter),
            answered=self._is_answered(),
            covered=answers(query.lookup, self._question()),
            impossible=self._question().impossible,
            stale=self._is_stale(self._server_clock.time()),
            read_error="" if self.read_error is None else self.read_error.message,
            passive=self.query.passive,
            outstanding=self.query.outstanding,
            newest_row=self._time_of(0),
            oldest_row=self._time_of(-1),
            first=None if first is None else first.state,
            behind=self._history.behind,
            ahead=self._history.ahead,
            unreached=tuple(login.label for login in session.unreached),
            listing_regions=session.listing_regions,
            files=_files(session, pinned[0], end_in_files(self._typed.range, pinned[1])),
        )

    def filtered_here(self, selected: Clause) -> tuple[Term, ...]:
        """The terms of the line that only ctui filters by, if the service selects by these attributes."""
        return self._typed.filtered_here(self.query.lookup, selected)

    def own_calls_hidden(self) -> Term | None:
        """The term of the own calls, which are hidden; None if none is, or if it is not known who we are."""
        identity = self._session().identity
        if identity is None or self._own_shown or asks_for_own_calls(self._typed.line):
            return None
        return own_calls(identity.arn, *(login.arn for login in self._session().logins if login.arn))

    def _pin(self, time: ServiceTime) -> tuple[int | None, int]:
        """The first and last second of the range at this time."""
        return self._typed.range.pin(time.earliest, time.latest)

    def _is_in_range(self) -> bool:
        """True if the query has pinned the range that is meant."""
        return self.query.lookup.timespan == self._typed.range

    def _time_of(self, index: int) -> datetime | None:
        """When the loaded event at an index happened; None if there are none."""
        rows = len(self.query.ids)
        return instant(self.query.second_at(index % rows)) if rows else None

    def _question(self) -> Lookup:
        """What is asked for the line. What only log files may have is not impossible where they are searched, and of
        very large trees no row is asked for that the line excludes."""
        question, session = self._typed.lookup(), self._session()
        if not session.trees:
            return question
        if question.only_in_files:
            question = replace(question, impossible=False, management=session.files_alone)
        if sum(tree.events for tree in session.trees) <= FREE_ROWS:
            return question
        # Which events are marked, and what is new, may be another thing later.
        terms = (term for term in self._typed.line.terms if not (asks_for_new(term) or asks_for_marks(term)))
        return replace(question, narrowed_by=frozenset(terms))

    def _first_of_line(self) -> FirstAsked | None:
        """The cheap part of the line that is shown, if that was asked before the rest."""
        first = self._first
        if first is None or not first.is_of(self.query) or first.clause != asked_first(self._typed.line):
            return None
        return first

    def _is_answered(self) -> bool:
        """True if the query asks exactly this, or is the complete answer to a wider question, or nothing can match."""
        query, question = self.query, self._question()
        if question.impossible or same_question(question, query.lookup):
            return True
        complete = query.state.phase is QueryPhase.COMPLETE and query.lookup.timespan == question.timespan
        return complete and answers(query.lookup, question)

    def _is_stale(self, time: ServiceTime) -> bool:
        return is_stale(self.query.state, time, connected=self._queries.confirmed)

    def _view(self) -> View:
        """The current view as it looks now."""
        place = self.place() or self._history.current.place
        return View(self._typed, self._session().added_regions, self.query, place, self._first)


def _files(session: SessionState, first: int | None, last: int) -> "FilesInRange | None":
    """What can be said of log files for a range; None if none are searched."""
    if not session.trees:
        return None
    from ctui.model.log_files.files_in_range import files_in_range  # noqa: PLC0415 - most sessions have none

    return files_in_range(session.trees, first, last, alone=session.files_alone)
