"""Two events compared: what differs, or everything."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from ctui.render.record.comparison import Comparison
from ctui.render.roles import Line, Role
from ctui.ui.modal import Modal
from ctui.ui.widgets.pane_area import STEPS
from ctui.ui.widgets.text_pane import TextPane

MOVES = {
    "j,down": "down",
    "k,up": "up",
    "g,home": "first",
    "G,end": "last",
    "ctrl+d": "half-down",
    "ctrl+u": "half-up",
    "pagedown": "page-down",
    "pageup": "page-up",
}
"""Movements in a pane over the whole screen, by keys."""


class ComparisonScreen(Modal[None]):
    """Over the whole screen; a shows all paths, or those that differ again."""

    DEFAULT_CSS = """
    ComparisonScreen { & > TextPane { width: 1fr; height: 1fr; background: $surface; } }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,equals_sign,enter", "dismiss", "close", show=False),
        Binding("a", "all_paths", "all paths", show=False),
        *(Binding(keys, f"move({step!r})", step, show=False) for keys, step in MOVES.items()),
    ]

    def __init__(self, comparison: Comparison) -> None:
        super().__init__()
        self._comparison = comparison
        self._all = False
        self._pane = TextPane(id="comparison")

    def compose(self) -> ComposeResult:
        """One pane of lines."""
        yield self._pane

    def on_mount(self) -> None:
        """What differs is what one looks for."""
        self._pane.focus()
        self._show()

    def _show(self) -> None:
        comparison, all_paths = self._comparison, self._all
        self._pane.set_title(_TITLE, comparison.title)
        keys = f"a {'differences only' if all_paths else 'all paths'} · esc close"
        self._pane.set_foot(((keys, Role.DIM),))
        self._pane.show(lambda width: comparison.lines(width, all_paths=all_paths))

    def action_all_paths(self) -> None:
        """All paths, or those that differ."""
        self._all = not self._all
        self._show()

    def action_move(self, step: str) -> None:
        """Scroll by the name of a movement."""
        self._pane.move(STEPS[step])


_TITLE: Line = (("Compare", Role.STRONG),)
