"""OpeningScreen: the frame of the main screen, drawn before the main screen is imported.

It needs a small part of what the main screen imports, so it is there in half of the time. Its boxes stand where
the main screen's will: tests/ui/screens/test_opening.py holds the two together.
"""

from rich.segment import Segment
from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip

from ctui.render.panes.header import header_line
from ctui.render.text.spans import width as line_width
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.panes import WIDE, Pane, pane_heading
from ctui.ui.widgets.span_widget import SpanWidget

_SIDE_CELLS, _SIDE_PERCENT, _TRAILS_LINES = 38, 28, 5
"""The left column and its upper pane, as ctui.tcss has them."""


class OpeningScreen(FaultTolerant, Screen[None]):
    """Stands until the main screen takes its place. Keys wait for that."""

    def compose(self) -> ComposeResult:
        """One widget: laying out four panes takes longer than drawing their borders."""
        yield _Panes(id="opening")


class _Panes(SpanWidget):
    """The header and the panes, which have nothing in them yet."""

    DEFAULT_CSS = """
    _Panes { width: 1fr; height: 1fr; }
    """

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        width, height = self.size
        if y == 0:
            return self.draw(header_line(None, None, "", ((),), width), width)
        # Below the panes: the summary of Status, where that is folded away, the line about the query and the keys.
        lines = height - (3 if width >= WIDE else 4)
        if y > lines:
            return self.draw((), width)
        if width < WIDE:
            return self._border(Pane.EVENTS, y - 1, lines, width)
        side = min(_SIDE_CELLS, width * _SIDE_PERCENT // 100)
        left = (
            self._border(Pane.TRAILS, y - 1, _TRAILS_LINES, side)
            if y <= _TRAILS_LINES
            else self._border(Pane.STATUS, y - 1 - _TRAILS_LINES, lines - _TRAILS_LINES, side)
        )
        return Strip.join([left, self._border(Pane.EVENTS, y - 1, lines, width - side)])

    def _border(self, pane: Pane, line: int, lines: int, width: int) -> Strip:
        """One line of a pane's border, with the title on the first. Events will have the focus."""
        focused = pane is Pane.EVENTS
        color = self.app.stylesheet.parse_style("$accent" if focused else "$foreground 25%")
        style = (self.visual_style + color).rich_style
        corners, edge, wall = ("┏┓┗┛", "━", "┃") if focused else ("╭╮╰╯", "─", "│")
        if 0 < line < lines - 1:
            return Strip([Segment(f"{wall}{' ' * (width - 2)}{wall}", style)])
        left, right = (corners[0], corners[1]) if line == 0 else (corners[2], corners[3])
        title = pane_heading(pane) if line == 0 else ()
        room = width - 2 - line_width(title)
        if not title:
            return Strip([Segment(f"{left}{edge * room}{right}", style)])
        return Strip.join(
            [
                Strip([Segment(f"{left}{edge} ", style)]),
                self.draw(title, line_width(title)),
                Strip([Segment(f" {edge * (room - 3)}{right}", style)]),
            ]
        )
