"""OpeningScreen: the frame of the main screen, drawn before the main screen is imported, with stored rows if there are.

It needs a small part of what the main screen imports, so it is there in half of the time. Its boxes and rows stand
where the main screen's will: tests/ui/screens/test_opening.py holds the two together.
"""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip

from ctui.render.panes.header import header_line
from ctui.render.roles import Line
from ctui.render.text.spans import width as line_width
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.panes import WIDE, Pane, files_heading, pane_heading, pane_key
from ctui.ui.widgets.span_widget import SpanWidget

if TYPE_CHECKING:
    from ctui.core.first_rows import FirstRows
    from ctui.ui.widgets.first_lines import FirstLines

_SIDE_CELLS, _SIDE_PERCENT, _TRAILS_LINES = 38, 28, 5
"""The left column and its upper pane, as ctui.tcss has them."""
_CORNERS_AND_SPACES = 6
"""Cells of the upper border that no title takes."""


class OpeningScreen(FaultTolerant, Screen[None]):
    """Stands until the main screen takes its place. Keys wait for that."""

    def __init__(self, first_rows: "asyncio.Future[FirstRows | None] | None" = None, files: Sequence[str] = ()) -> None:
        """`first_rows`: stored rows, which may come while the frame stands; None if nothing is read. `files`: the paths
        of log files, where those are all that is looked at."""
        super().__init__()
        self._first_rows = first_rows
        self._panes = _Panes(id="opening")
        self._panes.files = files

    def compose(self) -> ComposeResult:
        """One widget: laying out four panes takes longer than drawing their borders."""
        yield self._panes

    def on_mount(self) -> None:
        """Show the rows as soon as they are read."""
        if self._first_rows is not None:
            self.run_worker(self._show(self._first_rows), name="first rows")

    async def _show(self, first_rows: "asyncio.Future[FirstRows | None]") -> None:
        # A bug in the reading is reported on the main screen.
        await asyncio.wait([first_rows])
        if first_rows.cancelled() or first_rows.exception() is not None:
            return
        if (rows := first_rows.result()) is not None:
            from ctui.ui.widgets.first_lines import FirstLines  # noqa: PLC0415 - most frames have no rows

            self._panes.show(FirstLines(rows))


class _Panes(SpanWidget):
    """The header and the panes, which have nothing in them yet but the first rows."""

    DEFAULT_CSS = """
    _Panes { width: 1fr; height: 1fr; }
    """

    _rows: "FirstLines | None" = None
    files: Sequence[str] = ()
    """The paths of log files, where those are all that is looked at."""

    def show(self, rows: "FirstLines") -> None:
        """Show these rows in Events."""
        self._rows = rows
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        width, height = self.size
        if y == 0 and self.files:
            from ctui.render.panes.files_header import files_header  # noqa: PLC0415 - most frames have none

            return self.draw(files_header(self.files, "", ((),), width), width)
        if y == 0:
            connection = None if self._rows is None else self._rows.connection
            return self.draw(header_line(connection, None, "", ((),), width), width)
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
        rows = self._rows if focused else None
        if rows is not None:
            rows.lay_out(lines - 2, width - 2)
        if 0 < line < lines - 1:
            if rows is None:
                return Strip([Segment(f"{wall}{' ' * (width - 2)}{wall}", style)])
            side = Strip([Segment(wall, style)])
            return Strip.join([side, self.draw(rows.line(line - 1), width - 2), side])
        left, right = (corners[0], corners[1]) if line == 0 else (corners[2], corners[3])
        title = self._title(pane, width) if line == 0 else ()
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

    def _title(self, pane: Pane, width: int) -> Line:
        if self.files and pane is Pane.TRAILS:
            return files_heading()
        if self._rows is None or pane is not Pane.EVENTS:
            return pane_heading(pane)
        key = pane_key(pane)
        return key + self._rows.title(width - _CORNERS_AND_SPACES - line_width(key))
