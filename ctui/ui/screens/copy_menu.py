"""The copy menu: what can be copied of the event or trail under the cursor, each with its key."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import OptionList

from ctui.render.copies.event_copies import Copy
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, fit
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.forms.parts import content

_MOST_CELLS = 92
_AROUND = 6
"""Cells of border, padding and scroll bar."""
_LABEL_CELLS = 20


class CopyMenu(FaultTolerant, ModalScreen[Copy | None]):
    """Ends with what was chosen, by its letter or with enter; None if nothing is to be copied."""

    DEFAULT_CSS = """
    CopyMenu {
        align: center middle;
        & > Vertical {
            width: 96;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $accent;
            background: $surface;
            padding: 0 1;
        }
        & OptionList, & OptionList:focus {
            height: auto;
            max-height: 18;
            border: none;
            padding: 0;
            background: $surface;
            scrollbar-size-vertical: 1;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,y", "back", "back", show=False),
        Binding("j", "step(1)", "down", show=False),
        Binding("k", "step(-1)", "up", show=False),
    ]

    def __init__(self, title: str, copies: Sequence[Copy], *, label_cells: int = _LABEL_CELLS) -> None:
        """A letter of "" is not shown: then j and k and enter choose."""
        super().__init__()
        self._title = title
        self._copies = tuple(copies)
        self._label_cells = label_cells

    def compose(self) -> ComposeResult:
        """A line for each."""
        with Vertical() as box:
            box.border_title = Content(self._title)
            box.border_subtitle = Content("enter copy · esc cancel")
            yield OptionList(*(self._prompt(each) for each in self._copies), id="copies", markup=False)

    def on_mount(self) -> None:
        """The first one is under the cursor."""
        self.query_one(OptionList).focus()

    def on_resize(self) -> None:
        """Lines are as wide as the box."""
        copies = self.query_one(OptionList)
        for place, each in enumerate(self._copies):
            copies.replace_option_prompt_at_index(place, self._prompt(each))

    def _prompt(self, copy: Copy) -> Content:
        cells = max(20, min(_MOST_CELLS, self.app.size.width - _AROUND))
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

    def action_back(self) -> None:
        """Copy nothing."""
        self.dismiss(None)

    def action_step(self, lines: int) -> None:
        """j and k, as everywhere."""
        copies = self.query_one(OptionList)
        if lines > 0:
            copies.action_cursor_down()
        else:
            copies.action_cursor_up()
