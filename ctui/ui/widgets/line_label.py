"""LineLabel: one line of spans, made for the width there is."""

from collections.abc import Callable

from textual.strip import Strip

from ctui.render.roles import Line
from ctui.render.text.spans import plain
from ctui.ui.widgets.span_widget import SpanWidget


class LineLabel(SpanWidget):
    """A line as wide as its place, made by a function from width to spans, so that it fits after a resize too."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._build: Callable[[int], Line] = _nothing

    def show(self, build: Callable[[int], Line]) -> None:
        """Draw what `build` makes of a width in cells."""
        self._build = build
        self.refresh()

    @property
    def text(self) -> str:
        """What can be read on it."""
        return plain(self._build(self.size.width))

    def render_line(self, y: int) -> Strip:
        """The one line."""
        return self.draw(self._build(self.size.width) if y == 0 else (), self.size.width)


def _nothing(_width: int) -> Line:
    return ()
