"""Help: every key, read from the actions, and what the filter line can take."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from ctui.render.help.changed_keys import CHANGED_KEYS
from ctui.render.help.grammar import FORMS, QUESTIONS, field_rows, selecting_fields
from ctui.render.help.legend import EVENT_MARKS, TRAIL_MARKS, WORDS
from ctui.render.roles import Line, Role
from ctui.render.text.spans import fit, wrap
from ctui.render.text.spans import width as cells_of
from ctui.ui.actions.registry import ACTIONS, Action
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.forms.parts import content

_KEY_CELLS = 11
_FORM_CELLS = 22
_FIELD_CELLS = 9
_IN_PALETTE = ("in palette".ljust(_KEY_CELLS), Role.DIM)
_WIDTH = 75
"""Cells of a line at most."""
_NARROWEST = 30
_AROUND = 5
"""Cells of border, padding and scrollbar."""
_WIDE = 160
"""Columns of a terminal in which keys and filter stand next to each other."""


class HelpScreen(FaultTolerant, ModalScreen[None]):
    """Keys and the filter line's grammar over the screen below; scrolls if it does not fit.

    esc, q, ? and f1 close it, / goes to the filter.
    """

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > VerticalScroll {
            width: 80;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $accent;
            background: $surface;
            padding: 0 1;
            scrollbar-size-vertical: 1;
        }
        & Static { width: 1fr; height: auto; }
        &.-wide > VerticalScroll { width: 158; layout: horizontal; }
        &.-wide #help-keys { width: 77; }
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
        Binding("slash", "go_to_filter", "filter", show=False),
    ]

    def __init__(self, *, at_filter: bool = False) -> None:
        """`at_filter`: it opens at the filter line's grammar."""
        super().__init__()
        self._at_filter = at_filter
        self._keys = Static(id="help-keys", markup=False)
        self._filter = Static(id="help-filter", markup=False)

    def compose(self) -> ComposeResult:
        """Keys group by group, then the filter: below them, or next to them where there is room."""
        with VerticalScroll() as box:
            box.border_title = Content("Keys and filters")
            box.border_subtitle = Content("/ filter · esc close")
            yield self._keys
            yield self._filter

    def on_mount(self) -> None:
        """Arrows and pages move the list at once."""
        self.query_one(VerticalScroll).focus()
        if self._at_filter:
            self.call_after_refresh(self.action_go_to_filter)

    def on_resize(self) -> None:
        """Two columns where there is room for them, and lines that are broken here and not by the widget."""
        self.set_class(self.size.width >= _WIDE, "-wide")
        width = max(_NARROWEST, min(_WIDTH, self.size.width - _AROUND))
        self._keys.update(content([*help_lines(ACTIONS, width), *legend_lines(width), *changed_lines(width)]))
        self._filter.update(content([*grammar_lines(width), *question_lines(width)]))

    def action_go_to_filter(self) -> None:
        """Show the filter line's grammar."""
        self.query_one(VerticalScroll).scroll_to_widget(self._filter, animate=False, top=True)

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


def legend_lines(width: int) -> list[Line]:
    """What marks and colors mean, wrapped to `width` cells."""
    lines: list[Line] = []
    for heading, rows in (("Marks of events", EVENT_MARKS), ("Marks of trails", TRAIL_MARKS), ("Words", WORDS)):
        lines += [((" ", Role.PLAIN),), ((heading, Role.STRONG),)]
        for shown, means in rows:
            row = (*fit(shown, _KEY_CELLS + 2), (means, Role.PLAIN))
            lines += wrap(row, width, _KEY_CELLS + 2)
    return lines


def changed_lines(width: int) -> list[Line]:
    """Keys that did something else before, under the heading of their pane, wrapped to `width` cells."""
    lines: list[Line] = [((" ", Role.PLAIN),), (("Changed keys", Role.STRONG), ("  before → now", Role.DIM))]
    pane = ""
    for each in CHANGED_KEYS:
        if each.pane != pane:
            pane = each.pane
            lines.append(((pane, Role.STRONG),))
        lines += wrap(_row(each.keys, f"{each.before} → {each.now}", _KEY_CELLS), width, _KEY_CELLS + 2)
    return lines


def grammar_lines(width: int) -> list[Line]:
    """What can be written in the filter line, wrapped to `width` cells: at most one screen of 80 by 24."""
    *names, kinds = selecting_fields()
    selecting = f"  AWS searches by exact {', '.join(names)} and {kinds}; all else is filtered here"
    lines: list[Line] = [*wrap((("Filter", Role.STRONG), (selecting, Role.DIM)), width, len("Filter  "))]
    for written, means in FORMS:
        lines += wrap(_row(written, means, _FORM_CELLS), width, _FORM_CELLS + 2)
    column = (width - 1) // 2
    rows = [_row(name, means, _FIELD_CELLS) for name, means in field_rows()]
    for row in rows:
        if cells_of(row) > column:
            lines += wrap(row, width, _FIELD_CELLS + 2)
    short = [row for row in rows if cells_of(row) <= column]
    half = -(-len(short) // 2)
    lines += [(*fit(left, column + 1), *right) for left, right in zip_longest(short[:half], short[half:], fillvalue=())]
    return lines


def question_lines(width: int) -> list[Line]:
    """What people ask and the line for it, wrapped to `width` cells: at most one screen of 80 by 24."""
    lines: list[Line] = [((" ", Role.PLAIN),), (("Examples", Role.STRONG), ("  Q has more", Role.DIM))]
    for question, line in QUESTIONS:
        lines += wrap(((question, Role.PLAIN),), width)
        lines += wrap((("  ", Role.PLAIN), (line, Role.ACCENT)), width, 2)
    return lines


def _row(written: str, means: str, indent: int) -> Line:
    return (written.ljust(indent), Role.ACCENT), ("  ", Role.PLAIN), (means, Role.PLAIN)
