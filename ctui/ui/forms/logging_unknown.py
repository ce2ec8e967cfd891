"""LoggingUnknownScreen: if it is unknown whether a trail is logging, the person chooses to start or stop it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from ctui.core.trails.verification import Verb
from ctui.errors import CtuiError
from ctui.model.trail.trail import Trail
from ctui.render.roles import Role
from ctui.render.text.spans import clean_text
from ctui.ui.forms.parts import Box, FormFooter, Lines, key_line, line
from ctui.ui.modal import Modal


class LoggingUnknownScreen(Modal[Verb | None]):
    """Ends with START or STOP, or None if the person went back.

    Starting is what enter does: on a trail that logs it changes nothing. Stopping is asked about once more.
    """

    DEFAULT_CSS = """
    LoggingUnknownScreen {
        align: center middle;
        & > Box { width: 92; }
        & #body { padding: 0 1; }
        & #foot { padding: 1 1 0 1; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose('StartLogging')", "start", show=False),
        Binding("s", "choose('StopLogging')", "stop", show=False),
        Binding("escape", "dismiss(None)", "back", show=False),
    ]

    def __init__(self, trail: Trail, error: CtuiError | None) -> None:
        """`error` is why the status could not be read; or None if it came without an answer."""
        super().__init__()
        self._trail = trail
        self._error = error

    def compose(self) -> ComposeResult:
        """Why it is not known, what each choice means, and the keys."""
        why = f"{self._error.title}. {self._error.message}" if self._error else "AWS did not say."
        with Box() as box:
            box.border_title = Content(clean_text(f"Start or stop logging: {self._trail.name}"))
            with VerticalScroll(id="body", can_focus=False):
                yield Lines(
                    line("▲ It is unknown whether this trail is logging.", Role.WARNING),
                    line(why),
                    (),
                    line("Starting a trail that is already logging changes nothing. Stopping asks again."),
                )
            yield FormFooter(key_line("enter start logging", "s stop logging", "esc cancel"), id="foot")

    def on_resize(self) -> None:
        """The body keeps to what the foot leaves."""
        self.query_one(Box).fit()

    def action_choose(self, verb: str) -> None:
        """Enter or s."""
        self.dismiss(Verb(verb))
