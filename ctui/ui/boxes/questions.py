"""Questions: what people ask, each with the filter line that asks it. Type to find one."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, OptionList

from ctui.model.filter.questions import Question
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, fit
from ctui.ui.boxes.list_box import ListBox
from ctui.ui.forms.parts import content
from ctui.ui.widgets.text_input import TextInput

_TITLE_CELLS = 48


class AskedQuestion(NamedTuple):
    """A question that was chosen."""

    question: Question
    edit: bool
    """True to write its line without asking it."""


class QuestionScreen(ListBox[AskedQuestion]):
    """Enter asks the question, or writes its line where it has blanks; tab only writes the line."""

    MOST_CELLS = 150

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "step(1)", "down", show=False, priority=True),
        Binding("up", "step(-1)", "up", show=False, priority=True),
        Binding("pagedown", "step(10)", "page down", show=False, priority=True),
        Binding("pageup", "step(-10)", "page up", show=False, priority=True),
        Binding("tab", "edit", "edit", show=False, priority=True),
    ]

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__("Questions", "enter ask · tab edit the line · esc cancel")
        self._questions = tuple(questions)
        self._found = self._questions

    def body(self) -> ComposeResult:
        """The line to type in, and the questions that match it."""
        yield TextInput(placeholder="type to find a question", id="words")
        yield OptionList(id="questions", markup=False)

    def opened(self) -> None:
        """Typing finds, arrows choose."""
        self.query_one("#words").focus()
        self._list()

    def on_resize(self) -> None:
        """Lines are as wide as the box."""
        self._list()

    @on(Input.Changed)
    def _typed(self, message: Input.Changed) -> None:
        words = message.value.casefold().split()
        self._found = tuple(
            each for each in self._questions if all(word in f"{each.title} {each.line}".casefold() for word in words)
        )
        self._list()

    def _list(self) -> None:
        found = self.options
        # A box of 24 lines has a border, the line to type in, and the rest for the list.
        found.styles.max_height = max(1, self.app.size.height - 4)
        found.clear_options()
        found.add_options([self._prompt(each) for each in self._found])
        found.highlighted = 0 if self._found else None

    def _prompt(self, question: Question) -> Content:
        cells = self.line_cells
        title = fit(clean(question.title), min(_TITLE_CELLS, cells // 2))
        line: Line = fit((*title, (" ", Role.PLAIN), *clean(question.line, Role.ACCENT)), cells)
        return content((line,))

    @on(Input.Submitted)
    def _sent(self, message: Input.Submitted) -> None:
        message.stop()
        self._choose(edit=False)

    @on(OptionList.OptionSelected)
    def _selected(self, message: OptionList.OptionSelected) -> None:
        self.options.highlighted = message.option_index
        self._choose(edit=False)

    def _choose(self, *, edit: bool) -> None:
        at = self.options.highlighted
        if at is not None:
            question = self._found[at]
            self.dismiss(AskedQuestion(question, edit or bool(question.blanks)))

    def action_edit(self) -> None:
        """Write the line, and leave asking to the person."""
        self._choose(edit=True)
