"""Picker: a field of a form that holds one of several values."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static

from ctui.render.roles import Role
from ctui.render.text.spans import clean_text
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.forms.parts import content

T = TypeVar("T")


class Picker(FaultTolerant, Static, Generic[T], can_focus=True):
    """Left and right go through the values."""

    DEFAULT_CSS = """
    Picker { width: 1fr; height: 1; padding: 0 1; background: $panel; }
    Picker:focus { background: $foreground 14%; text-style: bold; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,space", "turn(1)", "next", show=False),
        Binding("left", "turn(-1)", "previous", show=False),
    ]

    class Turned(Message):
        """Another one is chosen."""

    def __init__(
        self,
        values: Sequence[T],
        name: Callable[[T], str],
        chosen: T,
        *,
        id: str,  # noqa: A002
        first_number: int = 1,
    ) -> None:
        """`name` says what a value is called, each time it is drawn. `first_number` is that of the first value; 0 is
        not shown: it is none of the choices."""
        super().__init__(id=id, markup=False)
        self.chosen = chosen
        self._values = tuple(values)
        self._named = name
        self._first_number = first_number

    def on_mount(self) -> None:
        """Show what is chosen."""
        self.show_chosen()

    def action_turn(self, step: int) -> None:
        """Choose the next or the one before."""
        self.choose(self._values[(self._values.index(self.chosen) + step) % len(self._values)])
        self.post_message(self.Turned())

    def on_click(self) -> None:
        """A click chooses the next."""
        self.action_turn(1)

    def choose(self, value: T) -> None:
        """Choose this one, without a message."""
        self.chosen = value
        self.show_chosen()

    def show_chosen(self) -> None:
        """Draw what is chosen, by the name that it has now."""
        number, most = self._values.index(self.chosen) + self._first_number, len(self._values) - 1 + self._first_number
        place = f"  {number} of {most}" if number else ""
        line = (
            ("‹ ", Role.ACCENT),
            (clean_text(self._named(self.chosen)), Role.PLAIN),
            (" ›", Role.ACCENT),
            (f"{place}  ← → choose" if most > 1 else "", Role.DIM),
        )
        self.update(content([line]))
