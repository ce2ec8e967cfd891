"""TraceHandlers: opens the trace of the selected event's session, and shows what was chosen in it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ctui.core.session import Session
from ctui.model.lookup.lookup import AttributeKey, Lookup, LookupAttribute
from ctui.ui.keys.shown_at_rest import ShownAtRest
from ctui.ui.widgets.pane_area import PaneArea

if TYPE_CHECKING:
    from ctui.model.trace.trace_state import IssuingEvent, Node


class TraceHandlers:
    """A chosen event is shown in a new view with its record; of chosen credentials, what they did."""

    def __init__(self, screen: ShownAtRest, session: Session, panes: PaneArea, say: Callable[[str], None]) -> None:
        """`say` notifies."""
        self._screen = screen
        self._session = session
        self._panes = panes
        self._say = say

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        return {"trace": lambda: self._screen.run_worker(self._trace(), group="trace", exclusive=True)}

    async def _trace(self) -> None:
        from ctui.ui.screens.trace import TraceScreen  # noqa: PLC0415 - the first frame needs no trace

        row_id = self._panes.events.chosen
        if row_id is None:
            return
        self._panes.events.pin_cursor()
        session = self._session
        chosen = await self._screen.app.push_screen_wait(TraceScreen(session.trace(row_id), session.server_now))
        if chosen is None:
            return
        if chosen.event is not None:
            await self._show_event(chosen.event)
        elif chosen.node is not None:
            self._show_calls(chosen.node)

    async def _show_event(self, event: "IssuingEvent") -> None:
        if event.other_account:
            self._say(f"This event is in the stored history of {event.other_account}: log in there to see its record.")
            return
        explorer = self._session.explorer
        if event.search is not None:
            # What the trace has found it by is known by now, so that no call is made.
            found_by = (event.search.attribute,)
            itself = (LookupAttribute(AttributeKey.EVENT_ID, event.event_id),)
            explorer.ask_lookup(Lookup(event.search.timespan, clauses=(found_by, itself)))
            asked = explorer.replacements
            rows = await explorer.loaded()
            if explorer.replacements != asked or event.row_id not in rows:
                return
            # The table may still be about to show the row.
            self._screen.latest.catch_up()
        self._panes.events.choose(event.row_id)
        self._screen.call_after_refresh(self._panes.show_detail)

    def _show_calls(self, node: "Node") -> None:
        if node.activity is not None:
            self._session.explorer.ask_lookup(node.activity.search.lookup)
        elif node.credentials.key:
            key = LookupAttribute(AttributeKey.ACCESS_KEY_ID, node.credentials.key)
            self._session.explorer.ask_lookup(Lookup(attribute=key))
        else:
            self._say("enter: no access key is recorded here to search for")
