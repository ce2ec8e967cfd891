"""Frame: a pane's border with what is in it at the left and its state at the right."""

from textual.content import Content
from textual.events import Blur, Focus, Resize
from textual.geometry import Region
from textual.style import Style

from ctui.render.roles import Line
from ctui.render.text.spans import width
from ctui.ui.widgets.span_widget import SpanWidget

_EDGES = {"heavy": "━", "double": "═", "thick": "▀"}
_CORNERS_AND_SPACES = 6


class Frame(SpanWidget):
    """Composes the border's title from spans: it is never parsed as markup, whatever recorded text it contains."""

    _left: Line = ()
    _shorter: tuple[Line, ...] = ()
    _right: Line = ()
    _brief: Line = ()
    _foot: Line = ()
    _redraw: Region | None = None

    def set_title(self, left: Line, right: Line = (), *, shorter: tuple[Line, ...] = (), brief: Line = ()) -> None:
        """Say what is in the pane (left) and its state (right).

        `shorter` are forms of the left part for less room, `brief` is the right part where no form fits next to it.
        """
        if (left, right, shorter, brief) != (self._left, self._right, self._shorter, self._brief):
            self._left, self._right, self._shorter, self._brief = left, right, shorter, brief
            self._compose_title()

    def _compose_title(self) -> None:
        kind, color = self.styles.border_top
        room = max(0, self.outer_size.width - _CORNERS_AND_SPACES)
        wanted = (self._left, *self._shorter)
        fits = min(map(width, wanted)) + 3 + width(self._right) <= room
        right = self.content(self._right if fits or not self._brief else self._brief)
        room_left = max(0, room - right.cell_length - 3) if self._right else room
        left = self.content(next((line for line in wanted if width(line) <= room_left), wanted[-1]))
        left = left.truncate(room_left, ellipsis=True)
        if self._right:
            edge = _EDGES.get(kind, "─") * max(1, room - left.cell_length - right.cell_length - 2)
            filler = Content.styled(edge, Style(foreground=color, bold=False))
            title = Content.assemble(left, " ", filler, " ", right)
        else:
            title = left
        self._redraw = Region(-1, -1, self.outer_size.width, 1)
        try:
            self.border_title = title
        finally:
            self._redraw = None

    def set_foot(self, line: Line) -> None:
        """Write something into the lower border, at the right."""
        if line != self._foot:
            self._foot = line
            self._compose_foot()

    def _compose_foot(self) -> None:
        self._redraw = Region(-1, self.outer_size.height - 2, self.outer_size.width, 1)
        try:
            self.border_subtitle = self.content(self._foot) if self._foot else None
        finally:
            self._redraw = None

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> "Frame":
        """A new title redraws the border's line and not the whole pane: it changes with every key."""
        if self._redraw is not None and not regions:
            regions = (self._redraw,)
        super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)
        return self

    def on_resize(self, _event: Resize) -> None:
        """The filler between the two parts grows with the pane."""
        self._compose_title()

    def on_focus(self, _event: Focus) -> None:
        """The filler has the border's color, which the focus changes."""
        self.call_after_refresh(self._compose_title)

    def on_blur(self, _event: Blur) -> None:
        """The filler has the border's color, which the focus changes."""
        self.call_after_refresh(self._compose_title)

    def notify_style_update(self) -> None:
        """Another theme: compose the title in its colors."""
        super().notify_style_update()
        if self._left:
            self.call_after_refresh(self._compose_title)
        if self._foot:
            self.call_after_refresh(self._compose_foot)
