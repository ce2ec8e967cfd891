"""The note of a marked event: one line to type."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ctui.core.marks import NOTE_LENGTH
from ctui.render.text.spans import clean_text
from ctui.ui.modal import Modal
from ctui.ui.widgets.text_input import TextInput


class NoteScreen(Modal[str | None]):
    """Ends with the note, "" for none, or None if the person went back."""

    DEFAULT_CSS = """
    NoteScreen {
        align: center middle;
        & > Vertical {
            width: 76;
            max-width: 100%;
            height: auto;
            border: round $accent;
            background: $surface;
            padding: 0 1;
        }
        & Static { height: 1; color: $foreground-muted; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "back", show=False)]

    def __init__(self, event: str, note: str) -> None:
        """`event`: what is marked, in a few words. `note`: the one that is there, "" for none."""
        super().__init__()
        self._event = event
        self._note = note

    def compose(self) -> ComposeResult:
        """The event, and the line below it."""
        with Vertical() as box:
            box.border_title = Content("Note")
            box.border_subtitle = Content("enter save · esc cancel")
            yield Static(Content(clean_text(self._event)), markup=False)
            yield TextInput(clean_text(self._note), placeholder="why this event matters")

    @on(Input.Submitted)
    def _sent(self, message: Input.Submitted) -> None:
        note = message.value.strip()
        if len(note) > NOTE_LENGTH:
            too_long = f"{NOTE_LENGTH} characters at most, these are {len(note)}"
            self.query_one(Vertical).border_subtitle = Content(too_long)
        else:
            self.dismiss(note)

    def action_back(self) -> None:
        """Leave the note as it is."""
        self.dismiss(None)
