"""The trace of a session over the main screen: it grows while lookups are answered, and esc ends it."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from ctui.model.trace.trace_state import TraceState
from ctui.render.panes.trace import TraceLine
from ctui.ui.messages import TraceChanged
from ctui.ui.modal import Modal
from ctui.ui.widgets.pane_view import FIRST, LAST, PaneView, Step
from ctui.ui.widgets.trace_tree import TraceTree

if TYPE_CHECKING:
    from ctui.core.trace.trace import Trace

_STEPS = {
    "down": Step(1),
    "up": Step(-1),
    "page-down": Step(pages=1),
    "page-up": Step(pages=-1),
    "half-down": Step(pages=0.5),
    "half-up": Step(pages=-0.5),
    "first": FIRST,
    "last": LAST,
}


class TraceScreen(Modal[TraceLine | None]):
    """Ends with the line that enter was pressed on, or None. The trace ends with it."""

    DEFAULT_CSS = """
    TraceScreen {
        align: center middle;
        & > TraceTree { width: 100%; height: 100%; background: $surface; max-width: 132; max-height: 40; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,a", "close", "close", show=False),
        Binding("enter", "choose", "show", show=False),
        Binding("j,down", "move('down')", "down", show=False),
        Binding("k,up", "move('up')", "up", show=False),
        Binding("ctrl+d", "move('half-down')", "half a page down", show=False),
        Binding("ctrl+u", "move('half-up')", "half a page up", show=False),
        Binding("pagedown", "move('page-down')", "page down", show=False),
        Binding("pageup", "move('page-up')", "page up", show=False),
        Binding("g,home", "move('first')", "first", show=False),
        Binding("G,end", "move('last')", "last", show=False),
    ]

    def __init__(self, trace: "Trace", now: Callable[[], datetime]) -> None:
        """`now` returns the time at the service."""
        super().__init__()
        self._trace = trace
        self._now = now
        self._tree = TraceTree(id="trace")
        self._leave = trace.changed.subscribe(self._trace_changed)

    def compose(self) -> ComposeResult:
        """The tree alone."""
        yield self._tree

    def on_mount(self) -> None:
        """Draw what is known already."""
        self._tree.focus()
        self._show()

    def on_unmount(self) -> None:
        """However it was closed: nothing more is looked up."""
        self._leave()
        self._trace.cancel()

    def _trace_changed(self, _state: TraceState) -> None:
        self.post_message(TraceChanged())

    def on_trace_changed(self, _message: TraceChanged) -> None:
        """Draw the state as it is now; a burst of changes is drawn once."""
        self._show()

    def _show(self) -> None:
        self._tree.show(self._trace.state, self._now())

    def on_pane_view_chosen(self, _message: PaneView.Chosen) -> None:
        """A line was clicked."""
        self._tree.keep_cursor()

    def action_move(self, where: str) -> None:
        """Move the cursor; from then on it stays on its line while the tree grows."""
        self._tree.keep_cursor()
        self._tree.move(_STEPS[where])

    def action_choose(self) -> None:
        """Show what the line is about."""
        if self._tree.chosen is not None:
            self.dismiss(self._tree.chosen)

    def action_close(self) -> None:
        """Back to where it was opened."""
        self.dismiss(None)
