"""Explorer: what a person is looking at: the filter line, the time range, the Regions, and where they have been.

Typing filters the rows that are here and never makes a call. The service is asked only on request: then it selects by
what it can select by, and the whole line filters every row that arrives. Each question is a view of its own; `back`
and `forward` move between views and make no call for rows that are here.
"""

from collections.abc import Callable, Collection, Container
from dataclasses import replace
from datetime import datetime

from ctui.core.explorer.history import Place
from ctui.core.explorer.holding import Holding
from ctui.core.explorer.queries import Queries
from ctui.core.explorer.same_question import row_predicate, same_question
from ctui.core.explorer.typed_line import TypedLine
from ctui.core.lookup.event_query import EventQuery, QueryPhase, QueryState
from ctui.core.lookup.load_goal import next_bound
from ctui.core.rows.row_filter import StoredRows
from ctui.core.server_clock import ServerClock
from ctui.core.session_state import SessionState
from ctui.core.tasks import Tasks
from ctui.model.clock import Clock
from ctui.model.connection import Scope
from ctui.model.empty_result.regions import regions_named
from ctui.model.event.kind import EventKind
from ctui.model.filter.editing.cursor import before_last_term
from ctui.model.filter.editing.toggle import toggle_term
from ctui.model.filter.read_lists import ReadWords, no_files
from ctui.model.filter.terms import Filter, Term
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import Timespan


class Explorer(Holding):
    """The one owner of the question on the screen. Nothing here blocks."""

    def __init__(
        self,
        queries: Queries,
        tasks: Tasks,
        clock: Clock,
        server_clock: ServerClock,
        stored: StoredRows,
        *,
        session: Callable[[], SessionState],
        marked: Callable[[], Container[str]] = frozenset,
        read_marks: Callable[[], None] = lambda: None,
        read_words: ReadWords = no_files,
    ) -> None:
        """`stored` compares stored rows off the loop; `session` returns the session's state now, `marked` the event IDs
        of marked events as they were read last, `read_marks` reads them again; `read_words` reads the files that a line
        names."""
        super().__init__(
            queries, tasks, clock, server_clock, stored, session=session, marked=marked, read_words=read_words
        )
        self._read_marks = read_marks
        self._returning: Place | None = None
        self._filtered_text = self._text_of_rows = self._typed.text
        self._hidden: Term | None = None
        self._leave_query = queries.current.changed.subscribe(self._query_changed)
        queries.replaced.subscribe(self._query_replaced)

    def filter_after(self, more_keys_wait: Callable[[], bool]) -> None:
        """From now on, filter rows for a typed line only once `more_keys_wait` returns False."""
        self._filtered.more_keys_wait = more_keys_wait

    # Type: no call is made.

    def type(self, text: str, *, typing: bool = False) -> None:
        """The line is now this: filter what is here by it, if it can be read.

        `typing`: more may follow. Until `finish_typing` the last term may be half typed: its value is the start of
        one, and where no row matches it, those that were here stay.
        """
        if self.text == self._history.current.typed.text:
            # Typing moves the cursor: `back` returns to where it was before.
            self._history.update(self._view())
        self._set(self._typed.typed(text, self._now(), typing=typing))
        self._publish()

    def finish_typing(self) -> None:
        """The last term is complete: from now on it is taken as it stands."""
        if self._typed.half_typed:
            self.type(self.text)

    def toggle_own_calls(self) -> None:
        """Show the reads that ctui made by itself, or hide them again."""
        self._own_shown = not self._own_shown
        self._filter_rows(at_once=True)
        self._publish()

    def session_changed(self) -> None:
        """The connection, the account or the Regions are different: perhaps it is known now which calls are our own."""
        super().session_changed()
        if self.own_calls_hidden() != self._hidden:
            self._filter_rows(at_once=True)

    def toggle(self, kind: EventKind) -> None:
        """Add `is:KIND` to the line, or remove it; nothing if the line cannot be read."""
        if self.error is None:
            self.type(toggle_term(self.text, kind))

    # Ask: each question is a view of its own, unless it is the one that is asked already.

    def ask(self) -> None:
        """Ask the service for everything that matches the line and is not here yet; `stop` ends it."""
        self.finish_typing()
        typed = self._typed.at(self._now())
        if self._is_refused(typed):
            return
        self._typed, asked, left = typed, self._history.current.typed, self.query
        if not self._typed.means(asked):
            # The view that is left keeps the line it had before typing.
            self._push()
        self._ask(left)

    def ask_all(self, text: str, *, own_calls: bool = False, scan_to: int | None = None) -> bool:
        """Ask the service for all that this line asks for, without the bound that a question on the screen has; False
        if the line cannot be read, and `error` says why. Before there is a connection, it begins with that.

        The Regions that the line names are searched besides the working one. `own_calls`: they are not hidden.
        `scan_to`: if the service selects by nothing, it ends once so many events are here.
        """
        self.type(text)
        if self._typed.error is None:
            if regions := regions_named(self._typed.line):
                self._search((*self._session().added_regions, *regions))
            self.ask()
        if self._typed.error is not None:
            return False
        if own_calls is not self._own_shown:
            self.toggle_own_calls()
        self.query.everything(scan_to=scan_to)
        return True

    def ask_line(self, line: Filter, timespan: Timespan | None = None, *, region: str = "") -> None:
        """Ask for another line, in this time range and in a further Region if they are given."""
        typed = self._written(line, timespan)
        if self._is_refused(typed):
            return
        if not region and typed.means(self._typed):
            self.ask()
            return
        left = self.query
        self._leave()
        if region:
            self._queries.search(self._queries.regions_with(region))
            self._typed = typed
            self._queries.ask(self._question())
        else:
            self._set(typed)
        self._ask(left)

    def show_line(self, line: Filter, timespan: Timespan | None = None) -> None:
        """Filter what is here by another line. Makes no call."""
        typed = self._written(line, timespan)
        if not self._is_refused(typed):
            self._leave()
            self._set(typed)
            self._update_view()

    def ask_lookup(self, lookup: Lookup, *, region: str = "") -> None:
        """Ask for this lookup, in a further Region too if one is given."""
        self._leave()
        self._typed = TypedLine.of_lookup(lookup, self._read_words)
        self._requested = self._typed.line
        if region:
            self._queries.search(self._queries.regions_with(region))
        self._queries.ask(lookup)
        self._update_view()

    def ask_range(self, timespan: Timespan) -> None:
        """Ask for this time range; if the line names one, that is removed from it."""
        self._leave()
        self._typed = self._typed.in_range(timespan, self._now())
        self._requested = self._typed.line
        self._queries.ask(self._question())
        self._update_view()

    def search_only(self, *regions: str) -> None:
        """Search these Regions and no others besides the working one."""
        self.update_age(self._server_clock.time())
        requested = self.state.asked
        self._leave()
        self._search(regions)
        self._update_view()
        if requested:
            self._ask(self.query)

    def search_also(self, *regions: str) -> None:
        """Search these Regions too."""
        self._leave()
        self._search(self._queries.regions_with(*regions))
        self._update_view()

    def search_scopes(self, wanted: Collection[Scope]) -> None:
        """Search these accounts in these Regions, and no others. What is known of them costs no call."""
        self._queries.search_scopes(wanted)
        self._history.update(replace(self._history.current, regions=self._session().added_regions))

    def add_region(self, region: str) -> None:
        """Search a further Region without a view of its own: the question did not come from a person."""
        self._search(self._queries.regions_with(region))
        self._history.update(replace(self._history.current, regions=self._session().added_regions))

    def join_regions(self, *regions: str) -> None:
        """Search these Regions too, in every view: a person has asked for them, and they are known only now."""
        self._queries.search((*self._session().added_regions, *regions))
        self._queries.scopes_joined()
        self._history.add_regions(regions)

    def marks_changed(self) -> None:
        """Other events are marked than before: filter what is here again if the line asks for marks."""
        if self._typed.line.asks_for_marks:
            self._filter_rows()
            self._publish()

    # Go back and forward: no call is made for rows that are here, and a load of the view that is left stops.

    def back(self) -> bool:
        """Return to the previous view: its line, time range, Regions, rows and cursor. False if there is none."""
        return self._go(-1)

    def forward(self) -> bool:
        """Return to the view that `back` has left. False if there is none."""
        return self._go(1)

    def _go(self, by: int) -> bool:
        if (view := self._history.step(by, self._view())) is None:
            return False
        self.stop()
        self._typed, self._requested = view.typed, None
        self._queries.search(view.regions)
        self._returning, self._first = view.place, view.first
        if view.query is self.query and not view.query.shows_pruned_rows():
            self._show_new_rows()
        elif self._queries.can_resume(view.query):
            self._queries.resume(view.query)
        else:
            self._queries.ask(self._question(), passive=True)
        self._returning = None
        return True

    def _push(self) -> None:
        """What follows is a new view."""
        self._history.push(replace(self._view(), place=None))
        self.returned_to = None

    def _leave(self) -> None:
        """What follows is a new view; the one that is left stays as it looks now."""
        self._history.update(self._view())
        self._push()

    def _update_view(self) -> None:
        """The current view is asked as it stands."""
        self._history.update(replace(self._view(), place=self._history.current.place))
        self._publish()

    # How it is done.

    def _now(self) -> datetime:
        """The time at which what is typed or asked is meant: by the clock from which ranges start."""
        return self._server_clock.time().earliest

    def _written(self, line: Filter, timespan: Timespan | None) -> TypedLine:
        return TypedLine.written(line, timespan or self._typed.timespan, self._now(), self._read_words)

    def _ask(self, left: EventQuery) -> None:
        """Ask for the line; `left` is the query whose rows were shown before."""
        again, self._requested = self._requested == self._typed.line, self._typed.line
        # A question that is asked again goes on from where it stopped.
        question = self._question()
        scanned = self.query.state.scanned if same_question(question, self.query.lookup) else 0
        if self.read_error is not None:
            self._filter_rows()
        fresh = self._is_answered() and not (self.query.passive or self._is_stale(self._server_clock.time()))
        # Another ctui may have marked events since: to read the marks again costs no call.
        if not fresh or question.marked or question.impossible is not self.query.lookup.impossible:
            self._queries.ask(question)
        elif self.query.state.phase is QueryPhase.FAILED:
            self.query.retry()
        if self._typed.line.terms and not self._ask_first(question, left, again=again):
            self.query.everything(scan_to=next_bound(scanned))
        self._update_view()

    def _search(self, regions: tuple[str, ...]) -> None:
        self._queries.search(regions)
        self._queries.ask(self.query.lookup)

    def _set(self, typed: TypedLine) -> None:
        """Put another line in place; no call is made."""
        before, self._typed = self._typed, typed
        changed = (typed.line, typed.range) != (before.line, before.range)
        if (changed or self.read_error is not None) and not self._widen():
            self._filter_rows()
        elif not changed and before.half_typed and not typed.half_typed:
            self._filtered.finish_typing()

    def _filter_rows(self, *, new_question: bool = False, at_once: bool = False) -> None:
        """Filter what is here by the line as it is now.

        `new_question`: rows on the screen answer another question; `at_once`: nothing was typed.
        """
        if self._typed.line.asks_for_marks:
            # Another ctui may have made some.
            self._read_marks()
        time = self._server_clock.time()
        self._pinned = self._pin(time)
        self._hidden = self.own_calls_hidden()
        predicate = row_predicate(self._typed.line, self._typed.range, self.query, time, self._marked())
        self._filtered.keep_only({self.query, *self._history.queries()})
        self._filtered.show(
            self.query,
            predicate,
            own=self._hidden,
            new_question=new_question,
            half_typed=self._goes_on_from_rows(),
            at_once=at_once,
        )

    def _goes_on_from_rows(self) -> bool:
        """True if the rows on the screen match all that is typed but its last term, which is being typed."""
        text = self._typed.text
        if not self._filtered.shows_previous:
            self._text_of_rows = self._filtered_text
        self._filtered_text, shown = text, self._text_of_rows
        return self._typed.half_typed and before_last_term(text) in (before_last_term(shown), shown.rstrip())

    def _query_changed(self, _state: QueryState) -> None:
        if self._first is not None:
            self._first.add()
        self._state = None
        # While rows are filtered, the same is shown with them: a page is one change and not two.
        if not self._filtered.query_changed():
            self.changed.publish(None)

    def _query_replaced(self, query: EventQuery) -> None:
        self._leave_query()
        self._leave_query = query.changed.subscribe(self._query_changed)
        first, view = self._first, self._history.current
        asked_here = first is not None and first.regions == self._session().added_regions
        if first is not None and asked_here and same_question(query.lookup, first.lookup):
            first.serve(query)
        elif first is not None:
            first.stop()
            self._first = None
        if same_question(query.lookup, view.query.lookup):
            # The view's own question was asked again, or started again after a login.
            self._history.update(replace(view, query=query))
        self._show_new_rows()

    def _show_new_rows(self) -> None:
        self.replacements += 1
        self.returned_to = self._returning
        self._filter_rows(new_question=True)
        self._state = None
        self.replaced.publish(None)
