"""The time picker: presets, the time around an event, and a line to type any other range."""

from collections.abc import Callable, Sequence
from datetime import datetime

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key, Paste
from textual.widgets import Input, OptionList, Static

from ctui.model.lookup.timespan import PRESETS, Timespan, chosen_range
from ctui.render.text.ranges import range_in_full
from ctui.render.text.spans import clean_text
from ctui.ui.boxes.list_box import ListBox
from ctui.ui.widgets.text_input import TextInput

_EXAMPLES = "2h · 13:30..14:00 · mon · yesterday · 2026-11-01T12:00Z"


class TimeRangeScreen(ListBox[Timespan]):
    """Ends with the chosen range, or None. What is typed goes into the line whatever has the focus; the vertical arrows
    lead back to the list."""

    MOST_CELLS = 56
    MOST_LINES = 11
    OTHER_LINES = 6
    DEFAULT_CSS = """
    TimeRangeScreen {
        & TextInput { margin: 1 0; }
        & #reason { height: auto; min-height: 2; color: $foreground-muted; padding: 0 1; }
        & #reason.-refused { color: $text-warning; }
    }
    """

    def __init__(
        self, current: Timespan, now: Callable[[], datetime], around: Sequence[tuple[str, Timespan]] = ()
    ) -> None:
        """`current` is marked, or is in the line if it is not in the list. `now` returns the time that ranges start
        from. `around` are further ranges for the list, with their titles."""
        super().__init__("Range", "enter select · type any other range · esc cancel")
        self._current = current
        self._now = now
        self._ranges = (*PRESETS, *around)

    def body(self) -> ComposeResult:
        """Ranges above, the line and its reason below."""
        listed = self._current in self._spans
        yield OptionList(*(Content(clean_text(title)) for title, _ in self._ranges), id="ranges")
        yield TextInput("" if listed else clean_text(self._current.text), placeholder="or type a range", id="line")
        yield Static(_EXAMPLES, id="reason", markup=False)

    def opened(self) -> None:
        """The cursor is on the current range, or the line holds it, selected: what is typed takes its place."""
        if self._current in self._spans:
            self.options.highlighted = self._spans.index(self._current)
        else:
            self.options.highlighted = None
            self._line.focus()
            self._line.action_select_all()

    @property
    def _spans(self) -> list[Timespan]:
        return [span for _, span in self._ranges]

    @property
    def _line(self) -> TextInput:
        return self.query_one("#line", TextInput)

    def on_key(self, event: Key) -> None:
        """Letters and digits in the list begin or continue the line; from the line, the arrows go to the list."""
        if self.focused is self._line:
            if event.key in ("up", "down"):
                event.stop()
                self.options.focus()
                # The line is below the list: up leads to its end, and down to its beginning.
                self.options.highlighted = len(self._ranges) - 1 if event.key == "up" else 0
        elif event.is_printable and event.character and event.character.strip():
            event.stop()
            self._line.focus()
            self._line.insert_text_at_cursor(event.character)

    def on_paste(self, event: Paste) -> None:
        """What is pasted in the list goes into the line, too. A paste in the line does not come here."""
        event.stop()
        self._line.focus()
        self._line.post_message(Paste(event.text))

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        self.dismiss(self._spans[message.option_index])

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
        if not message.value.strip():
            self._explain(_EXAMPLES, refused=True)
        elif isinstance(chosen := self._chosen(message.value), str):
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
