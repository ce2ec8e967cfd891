"""FilterLine: the line over the Events pane, with what is wrong or could be typed below it."""

from collections.abc import Awaitable, Callable

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.events import DescendantBlur, DescendantFocus
from textual.message import Message
from textual.widgets import Input

from ctui.model.filter.editing.completion import Completion, completions_at, field_to_complete, insert_completion
from ctui.model.filter.editing.cursor import Slot, context_at, rest_of
from ctui.model.filter.fields import FIELDS, FilterField
from ctui.model.filter.parse import FilterError
from ctui.render.panes.filter_notes import EXAMPLE, error_hint, keys_hint, offers_hint
from ctui.render.roles import Line, Role
from ctui.render.text.spans import cells, fit
from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.widgets.filter_input import FilterInput
from ctui.ui.widgets.line_label import LineLabel

Values = Callable[[str, str], Awaitable[list[tuple[str, int]]]]
"""Reads the values of a field in the events that pass another line, most frequent first, with their counts."""

_PROMPT = "/ "
_REMEMBERED = 100


class FilterLine(FaultTolerant, Vertical):
    """In sight while it is typed in, and while it holds a text."""

    DEFAULT_CSS = """
    FilterLine {
        height: auto;
        display: none;
        & > Horizontal { height: 1; background: $panel; }
        & > Horizontal > #filter-prompt { width: 3; height: 1; background: $panel; }
        & > Horizontal > FilterInput, & > Horizontal > FilterInput.-textual-compact { padding: 0; }
        & > #filter-hint, & > #filter-mark { height: 1; display: none; }
    }
    """

    class Typed(Message):
        """The line holds another text, which `pop_unsent` gives: a message may be late, the line never is."""

    class Asked(Message):
        """Enter: the service is to be asked."""

    def __init__(self, values: Values) -> None:
        """`values` reads what a term can be completed with: the values in events that pass the rest of the line."""
        super().__init__(id="filter-line")
        self._values = values
        self._input = FilterInput(placeholder=f"such as {EXAMPLE}", id="filter")
        self._prompt = LineLabel(id="filter-prompt")
        self._mark = LineLabel(id="filter-mark")
        self._hint = LineLabel(id="filter-hint")
        self._error: FilterError | None = None
        self._timespan = ""
        self._sent_text = ""
        self._open = False
        self._marked = False
        self._refused = False
        self._seen: dict[tuple[str, str], list[tuple[str, int]]] = {}
        self._offers: tuple[Completion, ...] = ()
        self._place = context_at("", 0)
        # While tab goes through the offers: what was typed, and which offer stands in its place.
        self._typed: str | None = None
        self._chosen: int | None = None
        self._history: list[str] = []
        self._at = 0

    def compose(self) -> ComposeResult:
        """The line, and one for hints; a hint that needs two has the other for its mark."""
        with Horizontal():
            yield self._prompt
            yield self._input
        yield self._mark
        yield self._hint

    def on_mount(self) -> None:
        """Draw what does not change."""
        self._prompt.show(lambda width: fit(((f" {_PROMPT}", Role.ACCENT),), width))
        # The mark stands below its character, which moves when the line is scrolled.
        self.watch(self._input, "scroll_x", self._show_hint, init=False)
        self._show_hint()

    def on_resize(self) -> None:
        """Whether a hint fits depends on the width."""
        self._show_hint()

    @property
    def text(self) -> str:
        """What is typed."""
        return self._input.value

    def pop_unsent(self) -> str | None:
        """The text if it has not been handed over yet, else None. Marks it as handed over."""
        if self._input.value == self._sent_text:
            return None
        self._sent_text = self._input.value
        return self._sent_text

    @property
    def goes_on(self) -> bool:
        """Whether the last term is being typed: the cursor is behind it, and no completion was put in its place."""
        return self._open and self._cycling is None and self._input.cursor_position == len(self._input.value)

    @property
    def is_open(self) -> bool:
        """Whether it is being typed in."""
        return self._open

    def open(self) -> None:
        """Show it and take the focus; the cursor stands at the end."""
        self._open = True
        self._arrange()
        self._input.focus()
        self._input.action_end()

    def write(self, text: str, at: int) -> None:
        """Put this text in the line, as if it were typed, with the cursor at an index."""
        self._stop_cycling()
        self._input.value = text
        self._input.cursor_position = at

    def show(self, text: str, error: FilterError | None, *, timespan: str = "") -> None:
        """Hold this text, if it holds another, and say what is wrong with it, or which range it names."""
        self._error, self._timespan, self._sent_text = error, timespan, text
        if text != self._input.value:
            with self.prevent(Input.Changed):
                self._input.value = text
            self._input.action_end()
            self._stop_cycling()
        self._show_hint()

    def complete(self) -> None:
        """Put in the next offer."""
        self._input.action_complete(1)

    def recall(self) -> None:
        """Bring back the line used before."""
        self._input.action_recall(-1)

    def remember(self, text: str) -> None:
        """The line was used: up brings it back, in this run."""
        if text.strip():
            self._history = [*[old for old in self._history if old != text], text][-_REMEMBERED:]
        self._at = len(self._history)

    # What the person does.

    @on(Input.Changed)
    def _changed(self, message: Input.Changed) -> None:
        message.stop()
        self._refused = False
        self._arrange()
        if message.value != self._cycling:
            self._stop_cycling()
            self._look()
        self.post_message(self.Typed())

    @on(Input.Submitted)
    def _submitted(self, message: Input.Submitted) -> None:
        message.stop()
        self._refused = True
        self._show_hint()
        self.post_message(self.Asked())

    @on(FilterInput.CursorMoved)
    def _cursor_moved(self, message: FilterInput.CursorMoved) -> None:
        message.stop()
        if self._open and self._typed is None:
            self._look()

    @on(FilterInput.Recall)
    def _recall(self, message: FilterInput.Recall) -> None:
        message.stop()
        at = self._at + message.step
        if 0 <= at <= len(self._history):
            self._at = at
            self._input.value = self._history[at] if at < len(self._history) else ""
            self._input.action_end()
            self._stop_cycling()

    @on(FilterInput.Complete)
    def _complete(self, message: FilterInput.Complete) -> None:
        message.stop()
        if not self._offers:
            return
        if self._typed is None or self._chosen is None:
            self._typed = self._input.value
            self._chosen = 0 if message.step > 0 else len(self._offers) - 1
        else:
            self._chosen = (self._chosen + message.step) % len(self._offers)
        offer = self._offers[self._chosen]
        self._put(*insert_completion(self._typed, self._place, offer))
        if len(self._offers) == 1 or self._place.slot is Slot.FIELD:
            # A field is followed by its values, which are offered at once.
            self._stop_cycling()
            self._look()

    def _put(self, text: str, cursor: int) -> None:
        self._cycling = text
        self._input.value = text
        self._input.cursor_position = cursor
        self._show_hint()

    _cycling: str | None = None

    def on_descendant_focus(self, _event: DescendantFocus) -> None:
        """The hints belong to typing, and the values in them to what is here now."""
        self._open = True
        self._seen.clear()
        self._look()

    def on_descendant_blur(self, _event: DescendantBlur) -> None:
        """Without the focus there are no hints, and without a text there is no line."""
        self._open = False
        self._stop_cycling()
        self._arrange()

    def _arrange(self) -> None:
        """Be in sight or not, hints too. By `display` and not by classes: those are matched with every style rule."""
        self.display = self._open or bool(self._input.value)
        self._hint.display = self._open
        self._mark.display = self._open and self._marked

    # Offers and hints.

    def _stop_cycling(self) -> None:
        self._typed = self._chosen = self._cycling = None

    def _look(self) -> None:
        """What could be typed here; values are read in the background."""
        self._place = context_at(self._input.value, self._input.cursor_position)
        field, rest = field_to_complete(self._place), rest_of(self._input.value, self._input.cursor_position)
        self._offers = completions_at(self._place, self._seen.get((field, rest), ()))
        self._show_hint()
        if field and (field, rest) not in self._seen:
            self._read_values(field, rest)

    @work(group="completion", exclusive=True)
    async def _read_values(self, field: str, rest: str) -> None:
        self._seen[field, rest] = await self._values(field, rest)
        if self._typed is None:
            self._look()

    def _show_hint(self) -> None:
        self._marked = len(self._hint_lines(self.size.width)) > 1
        self._arrange()
        self._mark.show(lambda width: self._hint_lines(width)[0])
        self._hint.show(lambda width: self._hint_lines(width)[-1])

    def _hint_lines(self, width: int) -> tuple[Line, ...]:
        """The last of them is the hint."""
        offers = [(offer.text, offer.count) for offer in self._offers]
        error = self._error
        unfinished = error is not None and self._is_unfinished(error)
        if unfinished and not offers and (field := self._field_without_value()) is not None:
            return (fit(((f" … {field.help_line}", Role.DIM),), width),)
        if error is not None and not (offers and unfinished):
            column = self._column_of(error.position)
            return error_hint(str(error), column, error.position + 1, width, unfinished=unfinished)
        if self._offers:
            return (offers_hint(offers, self._chosen, width),)
        if not self._timespan and self._starts_term():
            return (keys_hint(FIELDS, width),)
        return (fit(((f" {self._timespan}", Role.DIM),), width),)

    def _field_without_value(self) -> FilterField | None:
        """The field of which a value is missing at the cursor, if that is so."""
        place = self._place
        return FIELDS.get(place.field) if place.slot is Slot.VALUE and not place.typed else None

    def _starts_term(self) -> bool:
        """True if a term can start at the cursor, and nothing of it is typed."""
        place = self._place
        return (
            place.slot is Slot.FIELD
            and not place.typed
            and self._input.value[: place.start][-1:] in ("", " ", "(", "-")
        )

    def _column_of(self, position: int) -> int | None:
        """The cell in which a character of the text is drawn, or None if it is scrolled out of sight."""
        at = cells(self._input.value[:position]) - self._input.scroll_offset.x
        return len(_PROMPT) + 1 + at if 0 <= at < self._input.size.width else None

    def _is_unfinished(self, error: FilterError) -> bool:
        """True if more typing may put it right, at the end of the line or at the cursor, and enter was not pressed."""
        if self._refused:
            return False
        here = error.position in (self._place.start, self._place.begins)
        return error.unfinished or self._typed is not None or here
