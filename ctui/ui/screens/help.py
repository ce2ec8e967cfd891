"""Help: every key, read from the actions and grouped by task, marks and colors, and what the filter line can take."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from ctui.render.help.sections import (
    KEY_CELLS,
    changed_lines,
    grammar_lines,
    has_words,
    legend_lines,
    question_lines,
    section,
)
from ctui.render.roles import Line, Role
from ctui.render.text.spans import plain
from ctui.ui.actions.registry import ACTIONS, Action
from ctui.ui.forms.parts import content
from ctui.ui.modal import Modal
from ctui.ui.panes import pane_row
from ctui.ui.widgets.text_input import TextInput

_IN_PALETTE = ("in palette".ljust(KEY_CELLS), Role.DIM)
_TASKS = {
    "Ask": "Ask for events",
    "Narrow": "Narrow down what is loaded",
    "Follow": "Follow a lead",
    "Read": "Read events and records",
    "Keep": "Keep, compare, take away",
}
"""Headings of groups whose name alone says too little."""
_WIDTH = 75
"""Cells of a line at most."""
_NARROWEST = 30
_AROUND = 5
"""Cells of border, padding and scrollbar."""
_WIDE = 160
"""Columns of a terminal in which keys and filter stand next to each other."""


class HelpScreen(Modal[None]):
    """Keys and the filter line's grammar over the screen below; scrolls if it does not fit.

    esc, q, ? and f1 close it; / searches, and esc in the line forgets the search; f goes to the filter.
    """

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > Vertical {
            width: 80;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $accent;
            background: $surface;
            padding: 0 1;
        }
        & VerticalScroll { height: auto; max-height: 100%; scrollbar-size-vertical: 1; }
        & Static { width: 1fr; height: auto; }
        & TextInput { display: none; }
        &.-searching TextInput { display: block; }
        &.-wide > Vertical { width: 158; }
        &.-wide VerticalScroll { layout: horizontal; }
        &.-wide #help-keys { width: 77; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", show=False),
        Binding("q,question_mark,f1", "dismiss", "close", show=False),
        Binding("j", "scroll('down')", "down", show=False),
        Binding("k", "scroll('up')", "up", show=False),
        Binding("ctrl+d", "scroll('page_down')", "page down", show=False),
        Binding("ctrl+u", "scroll('page_up')", "page up", show=False),
        Binding("g", "scroll('home')", "first", show=False),
        Binding("G", "scroll('end')", "last", show=False),
        Binding("slash", "search", "search", show=False),
        Binding("f", "go_to_filter", "filter", show=False),
    ]

    def __init__(self, *, at_filter: bool = False) -> None:
        """`at_filter`: it opens at the filter line's grammar."""
        super().__init__()
        self._at_filter = at_filter
        self._keys = Static(id="help-keys", markup=False)
        self._filter = Static(id="help-filter", markup=False)

    def compose(self) -> ComposeResult:
        """Keys group by group, then the filter: below them, or next to them where there is room."""
        with Vertical() as box:
            box.border_title = Content("Keys and filters")
            box.border_subtitle = Content("/ search · f filter · esc close")
            yield TextInput(placeholder="words to look for", id="words")
            with VerticalScroll():
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
        self._show()

    def _show(self) -> None:
        width = max(_NARROWEST, min(_WIDTH, self.size.width - _AROUND))
        words = self.query_one(TextInput).value.casefold().split()
        keys = [*help_lines(ACTIONS, width, words), *legend_lines(width, words), *changed_lines(width, words)]
        grammar = [*grammar_lines(width, words), *question_lines(width, words)]
        if words and not keys and not grammar:
            keys = [(), (("nothing has these words", Role.WARNING),)]
        # The blank line before a heading is for the second one.
        self._keys.update(content(keys[1:]))
        self._filter.update(content(grammar))

    def action_search(self) -> None:
        """Type words; what has them stays."""
        self.add_class("-searching")
        self.query_one(TextInput).focus()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._show()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    @on(Input.Submitted)
    def _found(self) -> None:
        self.query_one(VerticalScroll).focus()

    def action_back(self) -> None:
        """Forget the search, then close."""
        if not self.has_class("-searching"):
            self.dismiss(None)
            return
        self.remove_class("-searching")
        self.query_one(TextInput).value = ""
        self.query_one(VerticalScroll).focus()

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


def help_lines(actions: Sequence[Action], width: int, words: Sequence[str] = ()) -> list[Line]:
    """Every action under the heading of its task: keys, then what they do, wrapped to `width` cells; with `words` those
    that have them, also in the word that footer and palette call the action by."""
    lines: list[Line] = []
    for group in dict.fromkeys(each.group for each in actions):
        task = _TASKS.get(group, group)
        rows = [(each, _action_row(each)) for each in actions if each.group == group]
        found = [row for each, row in rows if has_words(f"{plain(row)} {each.title} {task}", words)]
        lines += section(((task, Role.STRONG),), found, width, KEY_CELLS + 2)
    return lines


def _action_row(action: Action) -> Line:
    keys = (action.label.ljust(KEY_CELLS), Role.ACCENT) if action.label else _IN_PALETTE
    return (keys, ("  ", Role.PLAIN), (_sentence(action), Role.PLAIN))


def _sentence(action: Action) -> str:
    """What it does, and in which pane, if it is one."""
    if len(action.panes) != 1:
        return action.help
    return f"In {pane_row(action.panes[0]).title}: {action.help[0].lower()}{action.help[1:]}"
