"""SelectsText: a screen whose panes let the mouse select text."""

from textual import on
from textual.events import TextSelected
from textual.geometry import Offset
from textual.screen import Screen
from textual.widget import Widget

from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.widgets.pane_view import PaneView


class SelectsText(FaultTolerant, Screen[None]):
    """A drag selects cells of the pane in which it begins. What was selected is kept until something else is done."""

    selected = ""
    """The text that was selected last and is still highlighted; "" if there is none."""
    _dragged: PaneView | None = None

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """The pane in which a drag began, or else what is under the mouse; and in a pane the cell and the line.

        Textual asks at each press and each movement. A message of the press would come too late: a drag may arrive
        whole, in one piece.
        """
        widget, offset = super().get_widget_and_offset_at(x, y)
        if Offset(x, y) == self._mouse_down_offset:
            self._dragged = widget if isinstance(widget, PaneView) else None
            self.selected = ""
        else:
            widget = self._dragged or widget
        return (widget, widget.place_at(x, y)) if isinstance(widget, PaneView) else (widget, offset)

    @on(TextSelected)
    def _drag_ends(self) -> None:
        self.selected = (self.get_selected_text() or "") if self.selections else ""
        if self.selected:
            self.text_selected(self.selected)

    def text_selected(self, text: str) -> None:
        """Text was selected: a screen says what can be done with it."""

    def forget_selection(self) -> None:
        """Something else is done: nothing is selected any more."""
        if self.selected:
            self.selected = ""
            self.clear_selection()
