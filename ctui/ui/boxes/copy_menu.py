"""The copy menu: what can be copied of the event or trail under the cursor, each with its key."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Key
from textual.widgets import OptionList

from ctui.render.copies.event_copies import Copy
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, fit
from ctui.ui.boxes.list_box import ListBox
from ctui.ui.forms.parts import content

_LABEL_CELLS = 20


class CopyMenu(ListBox[Copy]):
    """Ends with what was chosen, by its letter or with enter; None if nothing is to be copied."""

    MOST_CELLS = 92

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "back", "back", show=False),
        Binding("j", "step(1)", "down", show=False),
        Binding("k", "step(-1)", "up", show=False),
    ]

    def __init__(self, title: str, copies: Sequence[Copy], *, label_cells: int = _LABEL_CELLS) -> None:
        """A letter of "" is not shown: then j and k and enter choose."""
        super().__init__(title, "enter copy · esc cancel")
        self._copies = tuple(copies)
        self._label_cells = label_cells

    def body(self) -> ComposeResult:
        """A line for each; the first one is under the cursor."""
        yield OptionList(*(self._prompt(each) for each in self._copies), id="copies", markup=False)

    def on_resize(self) -> None:
        """Lines are as wide as the box."""
        for place, each in enumerate(self._copies):
            self.options.replace_option_prompt_at_index(place, self._prompt(each))

    def _prompt(self, copy: Copy) -> Content:
        cells = self.line_cells
        key: Line = ((f"{copy.letter} ", Role.ACCENT),) if copy.letter else ()
        label = fit(clean(copy.label, Role.LABEL), min(self._label_cells, cells // 2))
        line = fit((*key, *label, (" ", Role.PLAIN), *clean(copy.shown)), cells)
        return content((line,))

    def on_key(self, event: Key) -> None:
        """A letter chooses what it stands for."""
        for copy in self._copies:
            if copy.letter and event.character == copy.letter:
                event.stop()
                self.dismiss(copy)
                return

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(self._copies[message.option_index])
