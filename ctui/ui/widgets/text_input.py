"""TextInput: a line to type in, for forms and for the filter line; what is pasted into it is made visible."""

from collections.abc import Sequence

from textual.events import Key, Paste
from textual.message import Message
from textual.widgets import Input

from ctui.model.filter.parse import LONGEST
from ctui.render.text.spans import clean_text
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.keys.runs import edited, one_line


class TextInput(FaultTolerant, Input):
    """A line to type in. Control, bidirectional and invisible characters that are pasted are made visible.

    Keys that stand one behind the other are one edit, and so is a paste, cut at `LONGEST` characters.
    """

    DEFAULT_CSS = """
    TextInput, TextInput.-textual-compact {
        width: 1fr;
        height: 1;
        border: none;
        padding: 0 1;
        background: $panel;
        &:focus { background: $foreground 14%; border: none; }
        &:disabled { background: transparent; opacity: 1; color: $foreground; }
        & > .input--placeholder { color: $foreground 35%; }
    }
    """

    class Cut(Message):
        """So many characters had no room."""

        room = LONGEST
        """Characters that a line holds."""

        def __init__(self, characters: int) -> None:
            super().__init__()
            self.characters = characters

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        *,
        id: str | None = None,  # noqa: A002
        secret: bool = False,
    ) -> None:
        """`secret`: dots stand for what is typed."""
        super().__init__(
            value, placeholder, id=id, password=secret, compact=True, select_on_focus=False, validate_on=()
        )

    def take_run(self, keys: Sequence[Key | Paste]) -> int:
        """Apply the first keys that edit the line, as one edit; how many those were."""
        if not self.selection.is_empty:
            return 0
        edit = edited(self.value, self.cursor_position, keys, LONGEST)
        if edit.taken:
            # Textual scrolls to the cursor from the second value on; here the first may be longer than the line.
            self._initial_value = False
            self._restart_blink()
            self.value = edit.text
            self.cursor_position = edit.cursor
            self._tell_cut(edit.cut)
        return edit.taken

    def _on_paste(self, event: Paste) -> None:
        """A paste in the place of what is selected."""
        event.prevent_default()
        event.stop()
        text, cut = one_line(event.text, LONGEST)
        if text:
            self.replace(text, *sorted(self.selection))
        self._tell_cut(cut)

    def replace(self, text: str, start: int, end: int) -> None:
        """Make the text visible first: a pasted text must not send commands to the terminal."""
        visible, room = clean_text(text), max(0, LONGEST - len(self.value) + abs(end - start))
        super().replace(visible[:room], start, end)
        self._tell_cut(len(visible) - room)

    def _tell_cut(self, characters: int) -> None:
        if characters > 0:
            self.post_message(self.Cut(characters))


class ScreenInput(TextInput):
    """A line on the main screen. Keys that it does not know go on to the screen, so esc leaves and pgdn moves."""

    async def _on_key(self, event: Key) -> None:
        """Keys act in the order in which they come: letters do here, and other keys would only once they reach the app.

        That the app looks up a key's binding by a method of its own is held by a test.
        """
        if not event.is_printable and await self.app._check_bindings(event.key):
            event.stop()
            event.prevent_default()
