"""ListBox: a box over the main screen with one list in it, and maybe a line to type in."""

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList

from ctui.ui.modal import Modal

T = TypeVar("T")
_BORDER = 4
"""Cells of border and padding."""
_BORDER_LINES = 2
_SCROLL_BAR = 2
"""Cells of the list's scroll bar and padding."""
_LEAST_CELLS = 20


class ListBox(Modal[T | None]):
    """Ends with what was chosen, or None if the person went back. A subclass says what the box holds."""

    MOST_CELLS: ClassVar[int] = 72
    """The width of the box inside its border, where the terminal has room."""
    MOST_LINES: ClassVar[int] = 18
    """Lines of the list that are in sight at most."""
    OTHER_LINES: ClassVar[int] = 0
    """Lines of what stands above and below the list: they stay in sight where the terminal is low."""

    DEFAULT_CSS = """
    ListBox {
        align: center middle;
        & > Vertical {
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $accent;
            background: $surface;
            padding: 0 1;
        }
        & OptionList, & OptionList:focus {
            height: auto;
            border: none;
            padding: 0;
            background: $surface;
            scrollbar-size-vertical: 1;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "back", show=False)]

    def __init__(self, title: str = "", keys: str = "") -> None:
        super().__init__()
        self._heading = title
        self._keys = keys

    def body(self) -> ComposeResult:
        """What the box holds, an OptionList among it. Textual's screens have a metaclass of their own, so that no
        abstract class can demand it."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The box."""
        with Vertical() as box:
            box.styles.width = self.MOST_CELLS + _BORDER
            self.say(self._heading, self._keys, box)
            yield from self.body()

    def opened(self) -> None:
        """The box stands; the focus is in the list, and may go elsewhere."""

    def on_mount(self) -> None:
        """The list has the focus."""
        self.options.focus()
        self.opened()

    def on_resize(self) -> None:
        """The list takes what room there is."""
        room = self.app.size.height - _BORDER_LINES - self.OTHER_LINES
        self.options.styles.max_height = max(1, min(self.MOST_LINES, room))

    def say(self, title: str, keys: str, box: Vertical | None = None) -> None:
        """Show a title above the list, and keys below it."""
        box = self.query_one(Vertical) if box is None else box
        box.border_title, box.border_subtitle = Content(title), Content(keys)

    @property
    def options(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    @property
    def line_cells(self) -> int:
        """Cells of a line of the list."""
        room = min(self.MOST_CELLS, self.app.size.width - _BORDER)
        return max(_LEAST_CELLS, room - _SCROLL_BAR)

    def action_back(self) -> None:
        """Choose nothing."""
        self.dismiss(None)

    def action_step(self, lines: int) -> None:
        """Move so many lines down in the list, or up, whatever has the focus; the cursor stops at its ends."""
        last = self.options.option_count - 1
        if last >= 0:
            at = self.options.highlighted
            self.options.highlighted = 0 if at is None else max(0, min(at + lines, last))
