"""ColumnsField: the field of a form that holds columns, which a box of its own chooses."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from ctui.render.roles import Role
from ctui.render.text.spans import clean
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.forms.parts import content


class ColumnsField(FaultTolerant, Static, can_focus=True):
    """The columns of CSV; space opens the box in which they are chosen."""

    DEFAULT_CSS = """
    ColumnsField {
        width: 1fr; height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; text-overflow: ellipsis;
    }
    ColumnsField:focus { background: $foreground 14%; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "choose", "choose", show=False)]

    class Wanted(Message):
        """Other columns are to be chosen."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__(id="chosen-columns", markup=False)
        self.columns = columns

    def on_mount(self) -> None:
        """Show which they are."""
        self.choose(self.columns)

    def choose(self, columns: tuple[str, ...]) -> None:
        """Export these from now on."""
        self.columns = columns
        self.update(content([(("space", Role.ACCENT), (" choose  ", Role.DIM), *clean(", ".join(("time", *columns))))]))

    def action_choose(self) -> None:
        """Space was pressed."""
        self.post_message(self.Wanted())

    def on_click(self) -> None:
        """A click does the same."""
        self.action_choose()
