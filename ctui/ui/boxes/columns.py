"""The columns of the list: which are shown, in which order, and a line to add any path of the record."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import DescendantFocus
from textual.widgets import Input, OptionList, Static

from ctui.model.filter.editing.column_names import EVENT_COLUMN, FIELD_COLUMNS, column_called
from ctui.render.panes.columns import USUAL
from ctui.render.panes.filter_notes import offers_hint
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, clean_text, fit
from ctui.ui.boxes.list_box import ListBox
from ctui.ui.forms.parts import content
from ctui.ui.widgets.text_input import TextInput

Paths = Callable[[], Awaitable[list[tuple[str, int]]]]
"""Reads the paths of stored records, each with how many have it, most frequent first."""
_HELP = {EVENT_COLUMN: "name of the event", **dict(FIELD_COLUMNS)}
_NAME_CELLS = 40
_MOST_OFFERED = 40
_KEYS = "space show · J K move · u usual · tab add · enter apply · esc cancel"
_KEYS_IN_LINE = "tab complete · enter add · esc cancel"


class ColumnsScreen(ListBox[tuple[str, ...]]):
    """Ends with the columns to show, from left to right, or None if the person went back."""

    MOST_LINES = 16
    OTHER_LINES = 3
    DEFAULT_CSS = """
    ColumnsScreen {
        & TextInput { margin: 1 0 0 0; }
        & #reason { height: 1; padding: 0 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab,shift+tab", "other", "list or line", show=False, priority=True),
        Binding("j", "step(1)", "down", show=False),
        Binding("k", "step(-1)", "up", show=False),
        Binding("space", "turn", "show or hide", show=False),
        Binding("J,shift+down", "move(1)", "move down", show=False),
        Binding("K,shift+up", "move(-1)", "move up", show=False),
        Binding("u", "usual", "the usual columns", show=False),
    ]

    def __init__(self, chosen: Sequence[str], paths: Paths) -> None:
        """`chosen` are the columns that are shown now; `paths` offers what can be added."""
        super().__init__("Columns", _KEYS)
        self._on = list(chosen)
        self._names = _listed(chosen)
        self._paths = paths
        self._known: list[tuple[str, int]] = []
        self._wrong = ""

    def body(self) -> ComposeResult:
        """The columns, a line to add one, and what is wrong with that."""
        yield OptionList(*self._lines(), id="names", markup=False)
        yield TextInput("", "a field or path to add, such as requestParameters.bucketName", id="path")
        yield Static(id="reason", markup=False)

    def opened(self) -> None:
        """The cursor is on the first column."""
        self.options.highlighted = 0
        self._explain()
        self._read_paths()

    @work(group="paths", exclusive=True)
    async def _read_paths(self) -> None:
        self._known = await self._paths()
        self._explain(self._wrong)

    def _lines(self) -> list[Content]:
        return [content([_line(name, name in self._on)]) for name in self._names]

    def _show(self, highlighted: int) -> None:
        names = self.options
        names.clear_options()
        names.add_options(self._lines())
        names.highlighted = highlighted
        self._explain()

    def _explain(self, wrong: str = "") -> None:
        """What is wrong, else what the line can be completed with, else what is always there."""
        reason, typed, self._wrong = self.query_one("#reason", Static), self.query_one(TextInput).value, wrong
        if wrong:
            line: Line = clean(wrong, Role.WARNING)
        elif typed and (offers := self._offers(typed)):
            line = offers_hint(offers, None, max(1, reason.size.width))
        elif typed:
            line = (
                (("enter add", Role.DIM),) if column_called(typed) else (("no path of the records has this", Role.DIM),)
            )
        else:
            line = (("The time is always first. Empty columns are left out.", Role.DIM),)
        reason.update(content([line]))

    def _offers(self, typed: str) -> list[tuple[str, int]]:
        """Paths that begin with what is typed, then those that contain it."""
        word = typed.casefold()
        found = [(path, seen) for path, seen in self._known if word in path.casefold() and path != typed]
        found.sort(key=lambda offer: not offer[0].casefold().startswith(word))
        return found[:_MOST_OFFERED]

    # What the person does.

    @property
    def _row(self) -> int:
        return self.options.highlighted or 0

    @on(OptionList.OptionSelected)
    def _apply(self) -> None:
        chosen = tuple(name for name in self._names if name in self._on)
        if chosen:
            self.dismiss(chosen)
        else:
            self._explain("Show at least one column.")

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """The keys of the list, or of the line."""
        in_line = event.widget is self.query_one(TextInput)
        self.say("Columns", _KEYS_IN_LINE if in_line else _KEYS)

    @on(Input.Changed)
    def _typed(self) -> None:
        self._explain()

    @on(Input.Submitted)
    def _add(self, message: Input.Submitted) -> None:
        typed = message.value.strip()
        if not typed:
            self._apply()
            return
        name = column_called(typed)
        if not name:
            self._explain(f"{clean_text(typed)}: neither a field nor a path of a record")
            return
        if name not in self._names:
            self._names.insert(sum(each in self._on for each in self._names), name)
        if name not in self._on:
            self._on.append(name)
        self.query_one(TextInput).value = ""
        self.options.focus()
        self._show(self._names.index(name))

    def action_other(self) -> None:
        """From the list to the line; in the line complete a path, and with nothing to complete go back to the list."""
        line = self.query_one(TextInput)
        if self.focused is not line:
            line.focus()
        elif offers := self._offers(line.value) if line.value else []:
            line.value = offers[0][0]
            line.action_end()
        elif not line.value:
            self.options.focus()

    def action_turn(self) -> None:
        """Show the column under the cursor, or hide it."""
        name = self._names[self._row]
        if name in self._on:
            self._on.remove(name)
        else:
            self._on.append(name)
        self._show(self._row)

    def action_move(self, by: int) -> None:
        """Move the column under the cursor one place."""
        here, there = self._row, self._row + by
        if 0 <= there < len(self._names):
            self._names[here], self._names[there] = self._names[there], self._names[here]
            self._show(there)

    def action_usual(self) -> None:
        """Show the usual columns in their order."""
        self._on = list(USUAL)
        self._names = _listed(USUAL)
        self._show(0)


def _listed(chosen: Sequence[str]) -> list[str]:
    """The columns to choose from: those that are shown, then the others."""
    others = (*USUAL, *(name for name, _ in FIELD_COLUMNS))
    return list(dict.fromkeys((*chosen, *others)))


def _line(name: str, on: bool) -> Line:
    """Mark and word: color is never the only sign of the state."""
    box: Line = (("[", Role.DIM), ("x" if on else " ", Role.GOOD), ("] ", Role.DIM))
    means = _HELP.get(name, "path of the record")
    return (*box, *fit(clean(name, Role.PLAIN if on else Role.DIM), _NAME_CELLS), (f" {means}", Role.DIM))
