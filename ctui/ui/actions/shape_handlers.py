"""ShapeHandlers: counts the events on the screen while Shape is open, and narrows the line to what is chosen there."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from ctui.core.session import Session
from ctui.ui.actions.ask_handlers import AskHandlers
from ctui.ui.widgets.pane_area import PaneArea

if TYPE_CHECKING:
    # The main screen stands before the first counts.
    from ctui.core.rows.shape import Shape
    from ctui.model.filter.terms import Filter


class ShapeHandlers:
    """What is chosen filters the loaded events, and makes no call."""

    def __init__(self, session: Session, panes: PaneArea, ask: AskHandlers, *, changed: Callable[[], None]) -> None:
        """`changed` is called when there are other counts."""
        self._session = session
        self._panes = panes
        self._ask = ask
        self._changed = changed
        self._shape: Shape | None = None
        self._leave: Callable[[], None] = lambda: None

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id, of what is done in Shape."""
        panes = self._panes
        return {
            "facet": self._narrow,
            "facet-exclude": self._exclude,
            "facet-select": self._select,
            "facet-left": lambda: panes.shape.move_across(-1),
            "facet-right": lambda: panes.shape.move_across(1),
            "stretch-left": lambda: panes.shape.move_across(-1, selecting=True),
            "stretch-right": lambda: panes.shape.move_across(1, selecting=True),
        }

    def follow(self) -> None:
        """Shape was opened or closed, or has other room: count, or stop counting."""
        if not self._panes.shape_open:
            self.close()
            return
        if self._shape is None:
            self._shape = self._session.shape()
            self._leave = self._shape.changed.subscribe(lambda _: self._changed())
        self._shape.make_room(self._panes.shape.layout_now.bar_cells)
        self.show()

    def close(self) -> None:
        """Count no further."""
        self._leave()
        if self._shape is not None:
            self._shape.close()
            self._shape = None

    def show(self) -> None:
        """Draw the counts."""
        if self._shape is not None:
            self._panes.shape.show(self._shape.state, self._session.server_now())

    def _select(self) -> None:
        self._panes.shape.toggle_selected()

    def _narrow(self) -> None:
        from ctui.model.filter.editing.facets import with_values, within  # noqa: PLC0415 - as above

        pane, line = self._panes.shape, self._session.explorer.state.line
        if not pane.in_histogram:
            self._show_line(with_values(line, pane.chosen))
        elif (stretch := pane.stretch) is not None:
            self._show_line(within(line, *stretch))

    def _exclude(self) -> None:
        from ctui.model.filter.editing.facets import with_values  # noqa: PLC0415 - as above

        pane = self._panes.shape
        if not pane.in_histogram:
            self._show_line(with_values(self._session.explorer.state.line, pane.chosen, exclude=True))

    def _show_line(self, line: "Filter") -> None:
        explorer = self._session.explorer
        if line == explorer.state.line:
            return
        self._panes.shape.unselect()
        self._panes.events.keep_cursor()
        explorer.show_line(line)
        self._ask.show_asked()
