"""FilterInput: the input of the filter line, with keys of its own."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Key
from textual.message import Message

from ctui.ui.widgets.text_input import TextInput


class FilterInput(TextInput):
    """The line itself. Keys that it does not know go on to the screen, so esc leaves and pgdn moves the list."""

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

    async def _on_key(self, event: Key) -> None:
        """Keys act in the order in which they come: letters do here, and other keys would only once they reach the app.

        That the app looks up a key's binding by a method of its own is held by a test.
        """
        if not event.is_printable and await self.app._check_bindings(event.key):
            event.stop()
            event.prevent_default()

    def action_complete(self, step: int) -> None:
        """Tab and shift+tab."""
        self.post_message(self.Complete(step))

    def action_recall(self, step: int) -> None:
        """Up and down."""
        self.post_message(self.Recall(step))

    def watch_selection(self) -> None:
        """Completions depend on the cursor's position."""
        self.post_message(self.CursorMoved())
