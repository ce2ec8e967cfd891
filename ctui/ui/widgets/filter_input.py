"""FilterInput: the input of the filter line, with keys of its own."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from ctui.ui.widgets.text_input import ScreenInput


class FilterInput(ScreenInput):
    """The line itself."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete(1)", "complete", show=False),
        Binding("shift+tab", "complete(-1)", "complete back", show=False),
        Binding("up", "recall(-1)", "older", show=False),
        Binding("down", "recall(1)", "newer", show=False),
    ]

    class Complete(Message):
        """Tab: the next completion (1) or the previous one (-1)."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class Recall(Message):
        """An older line (-1) or a newer one (1) is wanted."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    class CursorMoved(Message):
        """The cursor stands elsewhere."""

    def action_complete(self, step: int) -> None:
        """Tab and shift+tab."""
        self.post_message(self.Complete(step))

    def action_recall(self, step: int) -> None:
        """Up and down."""
        self.post_message(self.Recall(step))

    def watch_selection(self) -> None:
        """Completions depend on the cursor's position."""
        self.post_message(self.CursorMoved())
