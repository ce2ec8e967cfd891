"""FramedLines: puts a pane's border around a line once, and not again when the line is drawn in another place."""

from collections.abc import Callable
from typing import Any

from textual._styles_cache import StylesCache
from textual.color import Color
from textual.css.styles import StylesBase
from textual.geometry import Size, Spacing
from textual.strip import Strip

_SCREENFULS = 2
"""Screenfuls of lines kept. Lines that a pane makes again each time would pile up, at 5 kB each."""


class FramedLines(StylesCache):
    """Keeps the strip that a line becomes between the borders, for as long as the pane keeps the line's own strip.

    A list that scrolls by a line draws all of its lines again, one place further up. They are the same strips then, and
    Textual keeps with each strip how it is cut at the edges of other widgets, and how it is written.
    """

    def __init__(self) -> None:
        super().__init__()
        self._framed: dict[int, tuple[Strip, Strip]] = {}
        self._look: object = None
        self._above = 0

    def render(
        self, styles: StylesBase, size: Size, base_background: Color, background: Color, *more: Any, **named: Any
    ) -> list[Strip]:
        """The strips of a pane. If its size, its border or a color is another one, all lines are framed again."""
        look = (size, named["content_size"], base_background, background, styles.border, named["opacity"])
        if look != self._look:
            self._look = look
            self._framed.clear()
        self._above = styles.gutter.top
        return super().render(styles, size, base_background, background, *more, **named)

    def render_line(  # noqa: PLR0917 - Textual's own parameters
        self,
        styles: StylesBase,
        y: int,
        size: Size,
        content_size: Size,
        padding: Spacing,
        base_background: Color,
        background: Color,
        render_content_line: Callable[[int], Strip],
        *more: Any,
    ) -> Strip:
        """The strip of one line of the pane: of a border, or of what is between."""
        around = (styles, y, size, content_size, padding, base_background, background)
        if not 0 <= y - self._above < content_size.height:
            return super().render_line(*around, render_content_line, *more)
        line = render_content_line(y - self._above)
        # By identity: a strip is equal to another one only if all of its text and styles are.
        known = self._framed.get(id(line))
        if known is not None and known[0] is line:
            framed = self._framed.pop(id(line))[1]
        else:
            framed = super().render_line(*around, lambda _: line, *more)
            if len(self._framed) >= _SCREENFULS * content_size.height:
                del self._framed[next(iter(self._framed))]
        # The one drawn last stands last.
        self._framed[id(line)] = (line, framed)
        return framed
