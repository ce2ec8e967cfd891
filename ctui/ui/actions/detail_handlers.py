"""DetailHandlers: what the keys of the Detail pane do: fold, pivot, turn to JSON, and go on to the next event."""

from collections.abc import Callable
from functools import partial

from ctui.ui.panes import Pane
from ctui.ui.screens.record_at_cursor import RecordAtCursor
from ctui.ui.widgets.pane_area import PaneArea
from ctui.ui.widgets.pane_view import Step


class DetailHandlers:
    """Acts on the value under the cursor of the record, and on which event is read."""

    def __init__(
        self,
        panes: PaneArea,
        record: RecordAtCursor,
        pivot: Callable[[str, str], None],
        *,
        say: Callable[[str], None],
    ) -> None:
        """`pivot` opens the menu of a value, by its dotted path, "" for none, and its text; `say` notifies."""
        self._panes = panes
        self._record = record
        self._pivot = pivot
        self._say = say

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        detail = self._panes.detail
        return {
            "value": self._value,
            "fold": detail.fold,
            "unfold": detail.unfold,
            "json": detail.turn,
            "find": self._open_search,
            "find-next": partial(self._find, 1),
            "find-previous": partial(self._find, -1),
            "next-event": partial(self._go_on, 1),
            "previous-event": partial(self._go_on, -1),
        }

    def _value(self) -> None:
        detail = self._panes.detail
        if detail.toggle_fold():
            return
        value = detail.value
        if value is None or not value.single or value.text in ("", "null"):
            self._say("enter: no value under the cursor")
        else:
            # The filter knows no path into a text.
            self._pivot("" if value.inside else ".".join(value.path), value.text)

    # Searching.

    def _open_search(self) -> None:
        self._panes.go(Pane.DETAIL)
        self._panes.detail.begin_search()
        self._panes.search.open()

    def show_search(self) -> None:
        """What is searched for has changed: go to the first place with it."""
        if self._panes.search.is_open:
            self._panes.detail.search(self._panes.search.text)

    def leave_search(self) -> None:
        """Put the line away; what was searched for stays marked."""
        self._panes.search.close()
        self._panes.go(Pane.DETAIL)

    def cancel_search(self) -> bool:
        """Search for nothing, and go back to where the search began; False if nothing is searched for."""
        if not self._panes.search.is_open and not (self._panes.focused is Pane.DETAIL and self._panes.detail.searched):
            return False
        was_open = self._panes.search.is_open
        self._panes.detail.search("", stay=not was_open)
        if was_open:
            self.leave_search()
        return True

    def _find(self, step: int) -> None:
        detail = self._panes.detail
        if not detail.searched:
            self._say(f"{'n' if step > 0 else 'N'}: nothing is searched for; / search")
        elif not detail.find(step):
            self._say(f"{'n' if step > 0 else 'N'}: not found")

    # Other events.

    def _go_on(self, step: int) -> None:
        events = self._panes.events
        before = events.chosen
        events.move(Step(step))
        if events.chosen == before:
            self._say("J: this is the last event loaded" if step > 0 else "K: this is the first event")
        else:
            self._record.follow(keep_place=True)
