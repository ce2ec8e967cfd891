"""TextPane: lines made for the pane's width, to be read and scrolled; no cursor."""

from collections.abc import Callable

from textual.events import Resize

from ctui.render.roles import Line
from ctui.ui.widgets.pane_view import PaneView


class TextPane(PaneView):
    """Holds a function from width to lines, and calls it again when the width changes."""

    has_cursor = False
    made_for_width = True

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._build: Callable[[int], tuple[Line, ...]] = _nothing
        self._lines: tuple[Line, ...] = ()
        self._made_for = -1
        self._about = ""

    def show(self, build: Callable[[int], tuple[Line, ...]], *, about: str = "") -> None:
        """Draw what `build` makes of a width in cells, from the top if `about` has changed."""
        self._build = build
        self._made_for = -1
        self._make()
        if about != self._about:
            self._about = about
            self._scroll_line(0)

    def count(self) -> int:
        """Lines made for the width now."""
        return len(self._lines)

    def line(self, number: int) -> Line:
        """One of them."""
        return self._lines[number]

    def on_resize(self, _event: Resize) -> None:
        """Another width makes other lines."""
        self._make()

    def _make(self) -> None:
        width = self.line_width
        if width > 0 and width != self._made_for:
            self._made_for = width
            self._lines = self._build(width)
            self.recount()
            self.refresh()


def _nothing(_width: int) -> tuple[Line, ...]:
    return ()
