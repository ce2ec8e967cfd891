"""FindBox: a box in which typing finds lines of a list, and the arrows choose one of them."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList

from ctui.render.roles import Line
from ctui.ui.boxes.list_box import ListBox
from ctui.ui.forms.parts import content
from ctui.ui.widgets.text_input import TextInput

T = TypeVar("T")
E = TypeVar("E")


class FindBox(ListBox[T], Generic[E, T]):
    """A subclass says which entries match, how each looks, and what choosing one ends the box with."""

    MOST_CELLS = 150
    MOST_LINES = 1000
    OTHER_LINES = 2

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "down", show=False, priority=True),
        Binding("up", "step(-1)", "up", show=False, priority=True),
        Binding("pagedown", "step(10)", "page down", show=False, priority=True),
        Binding("pageup", "step(-10)", "page up", show=False, priority=True),
    ]

    def __init__(self, title: str, keys: str, placeholder: str) -> None:
        super().__init__(title, keys)
        self._placeholder = placeholder
        self._found: Sequence[E] = ()

    # What a subclass says. Textual's screens have a metaclass of their own, so that no abstract class can demand it.

    def matching(self, words: Sequence[str]) -> Iterable[E]:
        """The entries that match what is typed, casefolded and cut at blanks, the best first; without words, those to
        begin with."""
        raise NotImplementedError

    def line(self, entry: E, cells: int) -> Line:
        """How it looks, in so many cells."""
        raise NotImplementedError

    def choose(self, entry: E) -> None:
        """It was chosen."""
        raise NotImplementedError

    # The box.

    def body(self) -> ComposeResult:
        """The line to type in, and what matches it."""
        yield TextInput(placeholder=self._placeholder, id="words")
        found = OptionList(id="found", markup=False)
        # Typing always finds: tab does not lead away from the line.
        found.can_focus = False
        yield found

    def opened(self) -> None:
        """Typing finds, arrows choose."""
        self.query_one(TextInput).focus()
        self._find()

    def on_resize(self) -> None:
        """Lines are as wide as the box."""
        self._find()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._find()

    def _find(self) -> None:
        self._found = tuple(self.matching(self.query_one(TextInput).value.casefold().split()))
        self.say(self._heading, self._keys if self._found else "nothing has these words · esc cancel")
        self.options.clear_options()
        cells = self.line_cells
        self.options.add_options([content((self.line(each, cells),)) for each in self._found])
        self.options.highlighted = 0 if self._found else None

    @property
    def highlighted(self) -> E | None:
        """The entry under the cursor; None if nothing matches."""
        at = self.options.highlighted
        return None if at is None else self._found[at]

    @on(Input.Submitted)
    def _sent(self, message: Input.Submitted) -> None:
        message.stop()
        if (entry := self.highlighted) is not None:
            self.choose(entry)

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        self.choose(self._found[message.option_index])
