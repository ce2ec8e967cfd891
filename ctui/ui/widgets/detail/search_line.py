"""SearchLine: the line below the record in which a text is typed that is searched for in it."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.events import DescendantBlur
from textual.message import Message
from textual.widgets import Input

from ctui.render.roles import Role
from ctui.render.text.spans import fit
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.widgets.line_label import LineLabel
from ctui.ui.widgets.text_input import ScreenInput

_PROMPT = " / "


class SearchLine(FaultTolerant, Horizontal):
    """In sight while it is typed in."""

    DEFAULT_CSS = """
    SearchLine {
        height: 1;
        display: none;
        background: $panel;
        & > #search-prompt { width: 3; height: 1; background: $panel; }
        & > ScreenInput, & > ScreenInput.-textual-compact { padding: 0; }
    }
    """

    class Typed(Message):
        """The line holds another text."""

    class Left(Message):
        """Enter, or the focus went elsewhere: what was searched for stays marked."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._prompt = LineLabel(id="search-prompt")
        self._input = ScreenInput(placeholder="a text in this record", id="search")
        self._open = False

    def compose(self) -> ComposeResult:
        """The prompt and the input."""
        yield self._prompt
        yield self._input

    def on_mount(self) -> None:
        """Draw what does not change."""
        self._prompt.show(lambda width: fit(((_PROMPT, Role.ACCENT),), width))

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    @property
    def is_open(self) -> bool:
        """Whether it is being typed in."""
        return self._open

    def open(self) -> None:
        """Show it without a text, and take the focus."""
        with self.prevent(Input.Changed):
            self._input.value = ""
        self._open = self.display = True
        self._input.focus()

    def close(self) -> None:
        """Put it away; who closes it moves the focus."""
        self._open = self.display = False

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        if self._open:
            self.post_message(self.Typed())

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self.post_message(self.Left())

    def on_descendant_blur(self, _event: DescendantBlur) -> None:
        """Without the focus there is no line."""
        if self._open:
            self.close()
