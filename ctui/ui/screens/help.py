"""Help: every key, read from the actions."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ctui.render.panes.grammar import EXAMPLE, grammar
from ctui.render.roles import Line, Role
from ctui.render.text.spans import wrap
from ctui.ui.actions.registry import ACTIONS, Action
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.themes import ROLE_STYLES

_KEY_CELLS = 11
_IN_PALETTE = ("in palette".ljust(_KEY_CELLS), Role.DIM)
_WIDTH = 71
"""Cells of a line inside border, padding and scrollbar."""


class HelpScreen(FaultTolerant, ModalScreen[None]):
    """A list of keys over the screen below; scrolls if it does not fit; esc, q, ? and f1 close it."""

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > VerticalScroll {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $accent;
            background: $surface;
            padding: 0 1;
            scrollbar-size-vertical: 1;
        }
        & > VerticalScroll > Static { width: 1fr; height: auto; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "close", show=False),
        Binding("j", "scroll('down')", "down", show=False),
        Binding("k", "scroll('up')", "up", show=False),
        Binding("ctrl+d", "scroll('page_down')", "page down", show=False),
        Binding("ctrl+u", "scroll('page_up')", "page up", show=False),
        Binding("g", "scroll('home')", "first", show=False),
        Binding("G", "scroll('end')", "last", show=False),
    ]

    def compose(self) -> ComposeResult:
        """One list, group by group."""
        with VerticalScroll() as box:
            box.border_title = Content("Keys and filters")
            box.border_subtitle = Content("esc close")
            lines = [*help_lines(ACTIONS, _WIDTH), *grammar_lines(_WIDTH)]
            yield Static(Content("\n").join(map(_content, lines)), markup=False)

    def on_mount(self) -> None:
        """Arrows and pages move the list at once."""
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, where: str) -> None:
        """Move the list by the name of its own scroll movement."""
        box = self.query_one(VerticalScroll)
        moves = {
            "down": box.scroll_down,
            "up": box.scroll_up,
            "page_down": box.scroll_page_down,
            "page_up": box.scroll_page_up,
            "home": box.scroll_home,
            "end": box.scroll_end,
        }
        moves[where](animate=False)


def help_lines(actions: Sequence[Action], width: int) -> list[Line]:
    """Every action under the heading of its group: keys, then what they do, wrapped to `width` cells."""
    lines: list[Line] = []
    groups = list(dict.fromkeys(each.group for each in actions))
    for group in groups:
        if lines:
            lines.append(((" ", Role.PLAIN),))
        lines.append(((group, Role.STRONG),))
        for each in actions:
            if each.group == group:
                keys = (each.label.ljust(_KEY_CELLS), Role.ACCENT) if each.label else _IN_PALETTE
                lines += wrap((keys, ("  ", Role.PLAIN), (each.help, Role.PLAIN)), width, _KEY_CELLS + 2)
    return lines


def grammar_lines(width: int) -> list[Line]:
    """What can be written in the filter line, wrapped to `width` cells."""
    lines: list[Line] = [((" ", Role.PLAIN),), (("Filter", Role.STRONG), (f"   {EXAMPLE}", Role.DIM))]
    for written, means in grammar():
        spans: Line = ((written.ljust(_KEY_CELLS), Role.ACCENT), ("  ", Role.PLAIN), (means, Role.PLAIN))
        lines += wrap(spans, width, _KEY_CELLS + 2)
    return lines


def _content(line: Line) -> Content:
    return Content.assemble(*((text, ROLE_STYLES[role]) for text, role in line))
