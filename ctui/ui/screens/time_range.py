"""The time picker: presets, and a line to type any other range."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from ctui.model.lookup.timespan import PRESETS, Timespan, chosen_range
from ctui.render.text.ranges import range_in_full
from ctui.render.text.spans import clean_text
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.widgets.text_input import TextInput

_EXAMPLES = "2h · 13:30..14:00 · mon · yesterday · 2026-11-01T12:00Z"


class TimeRangeScreen(FaultTolerant, ModalScreen[Timespan | None]):
    """Ends with the chosen range, or None if the person went back."""

    DEFAULT_CSS = """
    TimeRangeScreen {
        align: center middle;
        & > Vertical {
            width: 56;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $accent;
            background: $surface;
            padding: 0 1;
        }
        & OptionList, & OptionList:focus {
            height: auto;
            max-height: 10;
            border: none;
            padding: 0;
            background: $surface;
            scrollbar-size-vertical: 1;
        }
        & TextInput { margin: 1 0; }
        & #reason { height: auto; min-height: 2; color: $foreground-muted; padding: 0 1; }
        & #reason.-refused { color: $text-warning; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "back", show=False),
        Binding("j", "step(1)", "down", show=False),
        Binding("k", "step(-1)", "up", show=False),
    ]

    def __init__(self, current: Timespan, now: Callable[[], datetime]) -> None:
        """`current` is marked, or is in the line if it is no preset. `now` returns the time that ranges start from."""
        super().__init__()
        self._current = current
        self._now = now

    def compose(self) -> ComposeResult:
        """Presets above, the line and its reason below."""
        usual = self._current in (span for _, span in PRESETS)
        with Vertical() as box:
            box.border_title = Content("Range")
            box.border_subtitle = Content("enter select · tab type a range · esc cancel")
            yield OptionList(*(Content(title) for title, _ in PRESETS), id="presets")
            yield TextInput("" if usual else clean_text(self._current.text), placeholder="or type a range", id="line")
            yield Static(_EXAMPLES, id="reason", markup=False)

    def on_mount(self) -> None:
        """The cursor is on the current range."""
        spans = [span for _, span in PRESETS]
        presets = self.query_one("#presets", OptionList)
        presets.highlighted = spans.index(self._current) if self._current in spans else None
        self.query_one("#presets" if self._current in spans else "#line").focus()

    @on(OptionList.OptionSelected)
    def _preset_chosen(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(PRESETS[message.option_index][1])

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        """Say at each key what is meant, or what is still missing; red only once it is sent in."""
        if not message.value.strip():
            self._explain(_EXAMPLES)
        elif isinstance(chosen := self._chosen(message.value), str):
            self._explain(chosen)
        else:
            self._explain(range_in_full(chosen, chosen.pin(self._now())))

    @on(Input.Submitted)
    def _sent(self, message: Input.Submitted) -> None:
        if isinstance(chosen := self._chosen(message.value), str):
            self._explain(chosen, refused=True)
        else:
            self.dismiss(chosen)

    def _chosen(self, text: str) -> Timespan | str:
        """The range that a text means now, or why it means none."""
        try:
            return chosen_range(text).resolved(self._now()).checked(self._now())
        except ValueError as error:
            return str(error)

    def _explain(self, words: str, *, refused: bool = False) -> None:
        line = self.query_one("#reason", Static)
        line.set_class(refused, "-refused")
        line.update(Content(clean_text(words)))

    def action_back(self) -> None:
        """Keep the range as it is."""
        self.dismiss(None)

    def action_step(self, lines: int) -> None:
        """j and k in the list; in the line they are letters."""
        presets = self.query_one("#presets", OptionList)
        if lines > 0:
            presets.action_cursor_down()
        else:
            presets.action_cursor_up()
