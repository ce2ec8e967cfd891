"""BrowseScreen: the main screen over one session, and the one place where a key becomes an action."""

from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import replace
from datetime import tzinfo
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import DescendantFocus, Key, Paste
from textual.message import Message

from ctui.config.remembered import RememberedColumns
from ctui.core.rows.value_counts import values_to_complete
from ctui.core.session import Session
from ctui.errors import CtuiError, FilesError, StoreError
from ctui.model.event.summary import Summary
from ctui.render.text.spans import count
from ctui.ui import presenter
from ctui.ui.actions.action_context import action_context_of
from ctui.ui.actions.ask_handlers import AskHandlers
from ctui.ui.actions.column_handlers import ColumnHandlers
from ctui.ui.actions.detail_handlers import DetailHandlers
from ctui.ui.actions.event_handlers import EventHandlers
from ctui.ui.actions.late_handlers import LateHandlers
from ctui.ui.actions.registry import (
    ACTIONS,
    ActionContext,
    action,
    footer_actions,
    in_pane,
    line_actions,
    on_enter,
    panes_of_keys,
    search_actions,
)
from ctui.ui.actions.screen_handlers import ScreenHandlers
from ctui.ui.actions.trail_handlers import TrailHandlers
from ctui.ui.keys.action_runs import ActionRuns
from ctui.ui.keys.shown_at_rest import ShownAtRest
from ctui.ui.messages import (
    ExplorerChanged,
    FollowChanged,
    LinesRead,
    MarksChanged,
    QueueChanged,
    RecordFactsChanged,
    RowsReplaced,
    ScopesRead,
    SessionChanged,
    ShapeChanged,
    TrailsChanged,
)
from ctui.ui.notifier import Notifier
from ctui.ui.panes import Pane, panes_named
from ctui.ui.screens.record_at_cursor import RecordAtCursor
from ctui.ui.screens.selects_text import SelectsText
from ctui.ui.screens.troubles import Troubles
from ctui.ui.session_facts import waits_for_connection
from ctui.ui.terminal.clipboard import Clipboard
from ctui.ui.tree_facts import TreeFacts
from ctui.ui.widgets.detail.search_line import SearchLine
from ctui.ui.widgets.event_table import EventTable
from ctui.ui.widgets.filter_line import FilterLine
from ctui.ui.widgets.footer import KeyBar
from ctui.ui.widgets.line_label import LineLabel
from ctui.ui.widgets.pane_area import PaneArea
from ctui.ui.widgets.pane_view import PaneView
from ctui.ui.widgets.trail_list import TrailList

if TYPE_CHECKING:
    from ctui.model.filter.questions import Question
    from ctui.ui.sources import Sources

_AGE_SECONDS = 15
"""How often "2 min ago" is drawn again, and the store's file checked."""
_ASKING = frozenset(("ask", "everything", "next-page"))
"""Actions that ask the service, at once or as soon as there is a connection."""
_LIVE_SECONDS = 5
"""How often ctui looks whether the status in sight is to be read again."""
_SILENCE_SECONDS = 1
"""How often the seconds that a call or a login has taken are drawn."""


class BrowseScreen(SelectsText, ShownAtRest):
    """Trails, status, events and the record. It draws the states of core and keeps no copy of them."""

    AUTO_FOCUS = f"#{Pane.EVENTS}"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(",".join(each.keys), f"do({each.id!r})", each.title, id=each.id, show=False)
        for each in ACTIONS
        if each.keys
    ]

    def __init__(
        self,
        session: Session,
        clipboard: Clipboard,
        zone: tzinfo | None,
        *,
        columns: RememberedColumns | None,
        questions: "Sequence[Question]",
        keys_wait: Callable[[], bool],
        sources: "Sources | None" = None,
    ) -> None:
        """`zone` is the person's own time zone; None takes the machine's. `columns` remembers those of the list, if
        they are. `questions` are the person's own. `keys_wait`: whether more keys have come. `sources` opens others."""
        super().__init__(keys_wait)
        self._session = session
        self._sources = sources
        self._header = LineLabel(id="header")
        self._explorer = session.explorer
        self._files = TreeFacts(session)
        self._explorer.filter_after(keys_wait)
        self._line = FilterLine(partial(values_to_complete, session))
        self._panes = PaneArea(self._read, self._read_values, self._line, id="panes")
        self._explorer.place = lambda: self._panes.events.place_in(self._explorer.rows)
        self._feed_line = LineLabel(id="feed-line")
        self._keys = KeyBar(id="keys")
        self._listening: list[Callable[[], None]] = []
        self._ask_handlers = AskHandlers(
            self, session, self._explorer, self._panes, self._line, values_read=self._values_read, say=self._say_off
        )
        self._ask_handlers.own_questions = tuple(questions)
        self._trail_handlers = TrailHandlers(self, session, clipboard, self._panes)
        event_handlers = EventHandlers(self, session, self._explorer, self._panes, read=self._read)
        self._panes.events.marked = lambda: session.marks.rows
        self._panes.events.scopes_of = self._scopes_of
        self._record = RecordAtCursor(session, self._explorer, self._panes, zone, self._store_trouble)
        self._runs = ActionRuns(
            self._panes,
            act=self.action_do,
            view=lambda: session.explorer.replacements,
            up_to_date={Pane.DETAIL: self._record.follow, Pane.STATUS: lambda: self.latest.at_once(self._show_status)},
            lay_out=lambda anyway: self.lay_out(anyway=anyway),
            report_bug=self._report_bug,
        )
        self._detail_handlers = DetailHandlers(
            self._panes,
            self._record,
            self._pivot_on,
            say=self._say_off,
        )
        self._late = LateHandlers(
            self,
            session,
            self._panes,
            self._ask_handlers,
            clipboard,
            notifier=lambda: self._notifier,
            selected=self._record.selected,
            say=self._say_off,
            shape_changed=lambda: self._post(ShapeChanged()),
            sources=sources,
        )
        self._columns = ColumnHandlers(self, session, self._panes.events, columns, notifier=lambda: self._notifier)
        self._handlers: dict[str, Callable[[], object]] = {
            **ScreenHandlers(self, self._panes, move=self._runs.move, show_status=self._show_status).all(),
            "back": self._back,
            **event_handlers.all(lambda: self._notifier),
            **self._late.all(),
            **self._detail_handlers.all(),
            **self._ask_handlers.all(),
            "previous-view": self._previous_view,
            **self._columns.all(),
            "shape": self._panes.toggle_shape,
            **self._trail_handlers.all(),
        }

    def compose(self) -> ComposeResult:
        """Header, panes, a line about the query, the keys."""
        yield self._header
        yield self._panes
        yield self._feed_line
        yield self._keys

    def on_mount(self) -> None:
        """Subscribe to core, and draw its states."""
        session = self._session
        self._notifier = Notifier(self.app)
        self._troubles = Troubles(session, self._notifier)
        self._listening = [
            session.changed.subscribe(lambda _: self._post(SessionChanged())),
            session.trails.changed.subscribe(lambda _: self._post(TrailsChanged())),
            session.queue.changed.subscribe(lambda _: self._post(QueueChanged())),
            session.marks.changed.subscribe(lambda _: self._post(MarksChanged())),
            session.sightings.changed.subscribe(lambda _: self._post(RecordFactsChanged())),
            session.insight_pairs.changed.subscribe(lambda _: self._post(RecordFactsChanged())),
            session.scopes_of_record.changed.subscribe(lambda _: self._post(RecordFactsChanged())),
            session.far_record.changed.subscribe(lambda _: self._post(RecordFactsChanged())),
            session.far_lines.changed.subscribe(lambda _: self._post(LinesRead())),
            session.scopes_in_sight.changed.subscribe(lambda _: self._post(ScopesRead())),
            self._explorer.changed.subscribe(lambda _: self._post(ExplorerChanged())),
            self._explorer.replaced.subscribe(lambda _: self._post(RowsReplaced())),
        ]
        self.set_interval(_AGE_SECONDS, self._trails_changed)
        self.set_interval(_AGE_SECONDS, self._show_progress)
        self.set_interval(_AGE_SECONDS, session.look_after_store)
        self.set_interval(_LIVE_SECONDS, self._read_status_in_sight)
        self.set_interval(_SILENCE_SECONDS, self._show_silence)
        self._panes.go(Pane.EVENTS)
        self._columns.restore()
        self._session_changed()

    def on_unmount(self) -> None:
        """Unsubscribe."""
        for leave in self._listening:
            leave()
        if self._panes.shape_open:
            self._late.shape.close()

    def _post(self, fact: Message) -> None:
        self.post_message(fact)

    def _read(self, ids: Sequence[int]) -> Mapping[int, Summary]:
        """Rows for the table while it is drawn; none if the store cannot be read."""
        try:
            return presenter.summaries(self._session, ids)
        except (FilesError, StoreError) as problem:
            self._store_trouble(problem)
            return {}

    async def _read_values(
        self, ids: Sequence[int], fields: Sequence[str]
    ) -> Mapping[int, Mapping[str, Sequence[str]]]:
        """Values for columns that are read from the record; none if the store cannot be read."""
        try:
            return await self._session.values(ids, fields)
        except (FilesError, StoreError) as problem:
            self._store_trouble(problem)
            return {}

    def _store_trouble(self, problem: CtuiError) -> None:
        self._troubles.of_store(problem)

    # Core has changed.

    @on(SessionChanged)
    def _session_changed(self) -> None:
        self._troubles.of_session()
        self._trails_changed()
        self.latest.show(self._show_same_rows)

    @on(TrailsChanged)
    def _trails_changed(self) -> None:
        self._troubles.of_trails()
        if self._files.alone:
            presenter.deliveries(self._panes.trails, self._session, self._files)
        else:
            presenter.trails(self._panes.trails, self._session, rows=self._explorer.state.query.loaded > 0)
        self._show_status()

    @on(RowsReplaced)
    def _rows_replaced(self) -> None:
        self._show_rows(reset=True)

    @on(ExplorerChanged)
    def _explorer_changed(self) -> None:
        self.latest.show_paced(self._show_same_rows)

    def _pivot_on(self, path: str, text: str) -> None:
        self._late.pivots.open_value(path, text)

    @on(PaneArea.ShapeToggled)
    def _shape_toggled(self) -> None:
        self._late.shape.follow()

    @on(ShapeChanged)
    def _shape_changed(self) -> None:
        self.latest.show_paced(self._late.shape.show)

    @on(FollowChanged)
    def _follow_changed(self) -> None:
        self.latest.show_paced(self._show_following)

    def _show_following(self) -> None:
        state = self._session.following
        self._panes.events.follow(frozenset() if state is None else state.late, on=state is not None)
        self._show_position()
        self._show_progress()

    @on(MarksChanged)
    def _marks_changed(self) -> None:
        self.latest.show(self._show_marks)

    @on(RecordFactsChanged)
    def _record_facts_changed(self) -> None:
        self.latest.show(self._record.facts_changed)

    @on(LinesRead)
    def _lines_read(self) -> None:
        self.latest.show(self._panes.events.read_again)

    @on(ScopesRead)
    def _scopes_read(self) -> None:
        self.latest.show(self._show_scopes)

    def _scopes_of(self, rows: tuple[int, ...]) -> Mapping[int, Sized]:
        """In which scopes the events of these rows are, as far as that is known; more is asked of the store."""
        if not self._session.state.several:
            return {}
        self._session.scopes_in_sight.ask(rows)
        return self._session.scopes_in_sight.of(rows) or {}

    def _show_scopes(self) -> None:
        self._panes.events.add_scopes(self._session.scopes_in_sight.last or {})

    def _show_marks(self) -> None:
        self._panes.events.marks_changed()
        self._record.facts_changed()

    def _show_same_rows(self) -> None:
        self._show_rows(reset=False)

    @on(QueueChanged)
    def _queue_changed(self) -> None:
        self.latest.show_paced(self._show_progress)

    def _show_progress(self) -> None:
        """Header and foot both show how long a load takes: they are drawn together, so that they agree."""
        explaining = self._ask_handlers.explaining
        if explaining.look_again():
            self._panes.events.explain_again()
        self._troubles.of_outage(self._session.queue.state.outage)
        session, state, files = self._session, explaining.state, self._files
        self._header.show(presenter.header(session, state, files))
        presenter.missing(self._panes.events, session, state, files)
        self._feed_line.show(presenter.query_status(session, state, files, self._ask_handlers.offered()))

    def _show_silence(self) -> None:
        if self._session.login_needed is not None:
            self._session.login_watch.look()
        if self._session.state.waiting_since is not None:
            self._session_changed()
        elif self._session.queue.state.in_flight or self._session.queue.state.outage is not None:
            self._show_progress()

    def _show_rows(self, *, reset: bool) -> None:
        self._troubles.of_query(self._explorer.state.query)
        try:
            asked, explain = self._ask_handlers.explaining.state, self._ask_handlers.explain
            events, typing = self._panes.events, self._line.is_open
            presenter.events(
                events, self._session, self._explorer, asked, explain, files=self._files, reset=reset, typing=typing
            )
        except (FilesError, StoreError) as problem:
            self._store_trouble(problem)
        self._troubles.of_rows(self._explorer.read_error)
        self._show_progress()
        self._ask_handlers.follow_line()
        self._ask_handlers.explaining.look_for_values()
        self._offer_keys()
        self._record.follow()

    def _values_read(self) -> None:
        """Values that were read explain more."""
        self._show_progress()
        self._panes.events.explain_again()

    # The person has moved.

    @on(PaneView.Moved, "#events")
    def _events_moved(self) -> None:
        self.latest.show(self._show_cursor)

    def _show_cursor(self) -> None:
        self._show_position()
        self._record.follow()

    def _show_position(self) -> None:
        asked, readable = self._ask_handlers.explaining.state, self._explorer.error is None
        presenter.events_position(self._panes.events, self._session, asked, readable=readable)

    @on(SearchLine.Typed)
    def _search_typed(self) -> None:
        self.latest.show(self._detail_handlers.show_search)

    @on(SearchLine.Left)
    def _search_left(self) -> None:
        self._detail_handlers.show_search()
        self._detail_handlers.leave_search()

    @on(PaneView.Chosen)
    def _line_clicked(self, message: PaneView.Chosen) -> None:
        """A double click does what enter does, but closes nothing."""
        pane = Pane(message.view.id or "")
        if message.clicks == 2 and not (pane is Pane.EVENTS and self._panes.detail_open):
            self.perform(on_enter(pane))

    @on(EventTable.TitlesClicked)
    def _titles_clicked(self) -> None:
        self.perform("columns")

    @on(EventTable.NearEnd)
    def _near_end(self, message: EventTable.NearEnd) -> None:
        self._explorer.near_end(filling=message.filling)

    # The person asks.

    @on(FilterLine.Typed)
    def _line_typed(self) -> None:
        self.latest.show(self._ask_handlers.show_line)

    @on(FilterLine.Asked)
    def _line_asked(self) -> None:
        self.perform("ask")

    @on(TrailList.Selected)
    def _trail_selected(self) -> None:
        self.latest.show(self._show_status)

    def _show_status(self) -> None:
        panes, entry = self._panes, self._panes.trails.chosen
        if self._files.alone:
            presenter.tree_status(panes.status, panes.summary, panes.trails.delivery, self._session, self._files)
            return
        presenter.status(
            panes.status,
            panes.summary,
            entry,
            self._session,
            retired=panes.every_field,
            regions=self._trail_handlers.regions_of(entry),
        )

    def _read_status_in_sight(self) -> None:
        panes, live = self._panes, self._session.live_status
        live.look(panes.trails.chosen if self.app.screen is self and panes.status_in_sight else None)

    @on(PaneArea.DetailWanted)
    def _detail_wanted(self) -> None:
        self._record.follow()

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """The footer shows the keys of the pane that has the focus."""
        self.latest.show(self._show_focus)

    def _show_focus(self) -> None:
        if not self._line.is_open:
            self._explorer.finish_typing()
        self._offer_keys()
        self._show_progress()
        # Which keys use its suggestions depends on whether the line is being typed in.
        self._panes.events.explain_again()

    def _offer_keys(self) -> None:
        readable = self._explorer.error is None
        if self._panes.search.is_open:
            self._keys.offer(search_actions())
        else:
            self._keys.offer(
                line_actions(readable)
                if self._line.is_open
                else footer_actions(self._panes.focused, files_alone=self._files.alone)
            )

    @on(KeyBar.Pressed)
    def _key_clicked(self, message: KeyBar.Pressed) -> None:
        self.perform(message.action_id)

    # From a key to an action.

    def take_run(self, keys: Sequence[Key | Paste]) -> int:
        """Apply the first keys whose actions need no turn of their own as one change; returns how many."""
        taken = self._runs.take(keys) if isinstance(self.focused, PaneView) else 0
        if taken:
            self.forget_selection()
        return taken

    def _report_bug(self, bug: Exception) -> None:
        self.app._handle_exception(bug)

    def action_do(self, action_id: str) -> None:
        """Every key is bound to this."""
        wanted = in_pane(action_id, self._panes.focused)
        if wanted.panes and self._panes.focused not in wanted.panes:
            self._say_off(f"{wanted.label or wanted.title}: only in {panes_named(panes_of_keys(action_id))}, or ctrl+p")
        else:
            self.perform(on_enter(self._panes.focused) if wanted.id == "open" else wanted.id)

    def perform(self, action_id: str) -> None:
        """Do an action, or say why it is off."""
        wanted = action(action_id)
        self._ask_handlers.flush_typed()
        if self.selected and action_id == "copy":
            self.action_copy_text()
            return
        self.forget_selection()
        reason = None if wanted.always_on else wanted.why_off(self.action_context())
        if reason is None:
            self._handlers[action_id]()
            reason = waits_for_connection(self._session) if action_id in _ASKING else None
        if reason is not None:
            self._say_off(f"{wanted.label or wanted.title}: {reason}")

    def text_selected(self, text: str) -> None:
        """A drag has selected text."""
        lines = text.count("\n") + 1
        self._notifier.toast(f"{count(lines)} line{'s' * (lines > 1)} selected · c copy", kind="selection")

    def action_copy_text(self) -> None:
        """Copy what is selected; Textual has ctrl+c for it, and c does it while something is selected."""
        if not self.selected:
            raise SkipAction
        self._late.copies.copy_text(self.selected, "Selection")
        self.forget_selection()

    def _say_off(self, text: str) -> None:
        self._notifier.toast(text, kind="off")

    @property
    def questions(self) -> "tuple[Question, ...]":
        """What can be asked by name."""
        return self._ask_handlers.questions

    def ask_question(self, question: "Question") -> None:
        """Ask it, or write its line where it has blanks."""
        self._ask_handlers.ask_question(question)

    def action_context(self) -> ActionContext:
        """What an action may look at for its `disabled_reason`."""
        context = action_context_of(self._session, self._explorer.state, self._panes)
        if self._sources is not None:
            context = replace(context, opens_sources=True, sources_behind=self._sources.behind)
        return self._ask_handlers.extend_context(context)

    def _previous_view(self) -> None:
        """To the previous view; from the first one to the source below."""
        if self._explorer.state.behind or self._sources is None:
            self._ask_handlers.previous_view()
        else:
            self._handlers["close-source"]()

    def _back(self) -> None:
        """One thing at a time: the filter line, a search in the record, a start under way, a running load, what was
        opened, the question."""
        if self._panes.focused is Pane.SHAPE and self._panes.shape.unselect():
            return
        if self._ask_handlers.leave_line() or self._detail_handlers.cancel_search():
            return
        if self._trail_handlers.cancel_start():
            return
        if self._explorer.stop():
            self._panes.events.stop_filling()
            if waits_for_connection(self._session):
                self._say_off("esc: canceled, nothing loads once connected")
        elif not self._panes.step_back():
            self._ask_handlers.step_back()
