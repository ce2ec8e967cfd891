"""SecretScreen: asks for one thing a login needs, such as an MFA code."""

import asyncio
from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from ctui.render.text.spans import clean_text
from ctui.ui.modal import Modal
from ctui.ui.widgets.text_input import TextInput


class SecretScreen(Modal[str | None]):
    """A prompt and a field that hides what is typed. Ends with the text, or None for esc."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss(None)", "cancel")]
    DEFAULT_CSS = """
    SecretScreen { align: center middle; }
    SecretScreen > Vertical {
        width: 64; max-width: 100%; height: auto; padding: 1 2; background: $surface; border: round $accent;
    }
    SecretScreen TextInput { margin: 1 0; }
    """

    def __init__(self, prompt: str) -> None:
        super().__init__()
        self._prompt = prompt

    def compose(self) -> ComposeResult:
        """The prompt, the field, and its keys."""
        with Vertical():
            yield Static(Content(clean_text(self._prompt)))
            yield TextInput(secret=True)
            yield Static(Content("enter send   esc cancel"))

    def on_mount(self) -> None:
        """It is about a login, whatever it stands over."""
        self.query_one(Vertical).border_title = Content("Login")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter ends the screen with what was typed, unless nothing was."""
        if event.value.strip():
            self.dismiss(event.value.strip())


async def answer_to(app: App[Any], prompt: str) -> str | None:
    """Ask this in a box; returns what was typed, or None for esc. If the wait is cancelled, the box goes.

    May be awaited in any task of the loop: one that a thread has started knows of no app.
    """
    answer: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
    box = SecretScreen(prompt)

    def answered(text: str | None) -> None:
        if not answer.done():
            answer.set_result(text)

    app.call_later(app.push_screen, box, answered)
    try:
        return await answer
    except asyncio.CancelledError:
        app.call_later(box.dismiss)
        raise
