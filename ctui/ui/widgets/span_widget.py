"""SpanWidget: a widget that puts lines of spans on the screen. Roles get their colors when a line is drawn."""

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.content import Content
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from ctui.render.roles import Line, Role
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.themes import ROLE_STYLES

_SAID_BY_STYLE = frozenset((Role.HIT, Role.FOUND, Role.VISIBLE_CONTROL))
"""Roles of a part of a word, which only its style sets apart."""
_UNDERLINED = RichStyle(underline=True)


class SpanWidget(FaultTolerant, Widget):
    """Keeps the styles of roles over each background it draws on, until the theme changes."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._role_cache: dict[tuple[Role, Style], RichStyle] = {}

    def notify_style_update(self) -> None:
        """Another theme or another state of the widget: look up the colors again."""
        super().notify_style_update()
        self._role_cache.clear()

    def role_style(self, role: Role) -> Style:
        """A role's style in the theme now."""
        return self.app.stylesheet.parse_style(ROLE_STYLES[role])

    def draw(self, line: Line, width: int, base: Style | None = None) -> Strip:
        """A strip exactly `width` cells wide: each span in its role's style over `base`, cut or filled at the right."""
        base = self.visual_style if base is None else base
        segments = [Segment(text, self._over(base, role)) for text, role in line if text]
        return Strip(segments).adjust_cell_length(max(0, width), base.rich_style)

    def draw_reversed(self, line: Line, width: int, *, bold: bool) -> Strip:
        """The same in one style, light and dark exchanged: legible with any colors and with none.

        What is found or unsafe in it is underlined.
        """
        style = self.rich_style + RichStyle(reverse=True, bold=bold)
        parts = [Segment(text, style + _UNDERLINED if role in _SAID_BY_STYLE else style) for text, role in line]
        return Strip(parts).adjust_cell_length(max(0, width), style).simplify()

    @property
    def few_colors(self) -> bool:
        """Whether tints of a color are out of reach: a terminal of 16 colors, or a theme that uses only those."""
        return self.app.current_theme.ansi or self.app.console.color_system in ("standard", "windows")

    def content(self, line: Line) -> Content:
        """The line as Content, for a border's title; its text is never parsed."""
        return Content.assemble(*((text, self.role_style(role)) for text, role in line))

    def _over(self, base: Style, role: Role) -> RichStyle:
        key = (role, base)
        known = self._role_cache.get(key)
        if known is None:
            known = self._role_cache[key] = (base + self.role_style(role)).rich_style
        return known
