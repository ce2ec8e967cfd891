"""RecordAtCursor: shows the record of the event under the cursor, and says which event keys act on."""

from collections.abc import Callable
from datetime import tzinfo

from ctui.core.explorer.explorer import Explorer
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.session import Session
from ctui.errors import CtuiError, FilesError, RecordFar, StoreError
from ctui.model.filter.hits import Hits, hits_of
from ctui.model.filter.terms import Filter, asks_for_new
from ctui.render.record.detail import EventDetail
from ctui.ui import presenter
from ctui.ui.widgets.pane_area import PaneArea


class RecordAtCursor:
    """Reads the record of the selected row into its pane if that is open and shows another one."""

    def __init__(
        self,
        session: Session,
        explorer: Explorer,
        panes: PaneArea,
        zone: tzinfo | None,
        unread: Callable[[CtuiError], None],
    ) -> None:
        """`zone` is the person's time zone, None for the machine's; `unread` gets the error if a record is not read."""
        self._session = session
        self._explorer = explorer
        self._panes = panes
        self._zone = zone
        self._unread = unread
        self._marked: tuple[int, Filter] | None = None
        self._awaited = False
        """True if the pane says that a record is being read."""

    def follow(self, *, keep_place: bool = False) -> None:
        """Show the record of the event under the cursor; with `keep_place`, at the value that is read now."""
        chosen, detail = self._panes.events.chosen, self._panes.detail
        if not self._panes.detail_open:
            return
        if chosen is None:
            state = self._explorer.state
            # Rows that are about to come may hold its event, as after r: until then it stays what it is about.
            if not state.filtering and state.query.phase not in (QueryPhase.WAITING, QueryPhase.LOADING):
                detail.clear()
                self._panes.close_detail()
        elif chosen != detail.about or detail.shown is None:
            try:
                detail.show(presenter.detail(self._session, chosen, self._zone), keep_place=keep_place)
            except (FilesError, StoreError) as problem:
                detail.show_problem(chosen, problem)
                self._awaited = isinstance(problem, RecordFar)
                if not self._awaited:
                    self._unread(problem)
        if detail.shown is not None and any(map(asks_for_new, self._explorer.state.line.terms)):
            # Asked again each time: older events may have come, which make it less new.
            self._session.sightings.ask(detail.shown.row_id)
        if detail.shown is not None and detail.shown.summary.insight is not None:
            self._session.insight_pairs.ask(detail.shown.row_id)
        if detail.shown is not None and self._session.state.several:
            self._session.scopes_of_record.ask(detail.shown.row_id)
        self._highlight()

    def _highlight(self) -> None:
        """Mark what the filter line looks for in the record that is shown."""
        shown, line = self._panes.detail.shown, self._explorer.state.line
        marked = None if shown is None else (shown.row_id, line)
        if marked == self._marked:
            return
        self._marked = marked
        now = self._session.server_now()
        self._panes.detail.highlight(Hits() if shown is None else hits_of(line, shown.event, shown.summary.region, now))

    def facts_changed(self) -> None:
        """What the store says of the event is different, as a mark or a note: the record that is shown says so. Or it
        was far away, and is there now."""
        shown = self._panes.detail.shown
        if shown is None and self._awaited:
            self.follow()
        if not self._panes.detail_open or shown is None:
            return
        try:
            detail = presenter.detail(self._session, shown.row_id, self._zone)
        except (FilesError, StoreError) as problem:
            self._unread(problem)
            return
        if detail.of_store != shown.of_store:
            self._panes.detail.show(detail, keep_place=True)

    def selected(self) -> EventDetail | None:
        """The event that keys act on: the one in the record's pane if that is open. Raises StoreError, FilesError."""
        self.follow()
        chosen, detail = self._panes.events.chosen, self._panes.detail
        if self._panes.detail_open and detail.shown is not None:
            return detail.shown
        return None if chosen is None else presenter.detail(self._session, chosen, self._zone)
