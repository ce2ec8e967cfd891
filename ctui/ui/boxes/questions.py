"""Questions: what people ask, each with the filter line that asks it. Type to find one."""

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from textual.binding import Binding, BindingType

from ctui.model.filter.questions import Question
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, fit
from ctui.ui.boxes.find_box import FindBox

_TITLE_CELLS = 48


class AskedQuestion(NamedTuple):
    """A question that was chosen."""

    question: Question
    edit: bool
    """True to write its line without asking it."""


class QuestionScreen(FindBox[Question, AskedQuestion]):
    """Enter asks the question, or writes its line where it has blanks; tab only writes the line."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("tab", "edit", "edit", show=False, priority=True)]

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__("Questions", "enter ask · tab edit the line · esc cancel", "type to find a question")
        self._questions = tuple(questions)

    def matching(self, words: Sequence[str]) -> Iterable[Question]:
        """Questions whose words or line contain each word."""
        return [
            each for each in self._questions if all(word in f"{each.title} {each.line}".casefold() for word in words)
        ]

    def line(self, entry: Question, cells: int) -> Line:
        """The question, and the line that asks it."""
        title = fit(clean(entry.title), min(_TITLE_CELLS, cells // 2))
        return fit((*title, (" ", Role.PLAIN), *clean(entry.line, Role.ACCENT)), cells)

    def choose(self, entry: Question) -> None:
        """Ask it, or write its line where it has blanks."""
        self.dismiss(AskedQuestion(entry, edit=bool(entry.blanks)))

    def action_edit(self) -> None:
        """Write the line, and leave asking to the person."""
        if (entry := self.highlighted) is not None:
            self.dismiss(AskedQuestion(entry, edit=True))
