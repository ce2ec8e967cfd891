"""What the palette lists: every action that has a place there, questions, and themes."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol, runtime_checkable

from textual.screen import Screen

from ctui.model.filter.questions import Question
from ctui.ui.actions.registry import ACTIONS, ActionContext
from ctui.ui.boxes.palette import PaletteEntry


@runtime_checkable
class ActionHost(Protocol):
    """A screen that does actions: it asks each action's `why_off` itself and says the reason."""

    def perform(self, action_id: str) -> None:
        """Do the action, or say why it cannot be done now."""

    def action_context(self) -> ActionContext:
        """What actions look at."""


@runtime_checkable
class QuestionHost(Protocol):
    """A screen that asks questions by name."""

    @property
    def questions(self) -> Sequence[Question]:
        """What can be asked by name."""

    def ask_question(self, question: Question) -> None:
        """Ask it, or write its line where it has blanks."""


def entries_of(screen: Screen[Any]) -> list[PaletteEntry]:
    """What can be done on this screen, in the order of help; questions only once they are typed."""
    entries: list[PaletteEntry] = []
    if isinstance(screen, ActionHost):
        now = screen.action_context()
        entries += [
            PaletteEntry(
                each.title, each.group, each.label, each.help, partial(screen.perform, each.id),
                off=each.why_off(now) or "",
            )
            for each in ACTIONS
            if each.palette
        ]  # fmt: skip
    if isinstance(screen, QuestionHost):
        entries += [
            PaletteEntry(
                "question", "Ask", "", f"{each.title}  {each.line}", partial(screen.ask_question, each), listed=False
            )
            for each in screen.questions
        ]
    return entries


def theme_entries(
    themes: Sequence[str], in_use: str, use: Callable[[str], None], *, listed: bool
) -> list[PaletteEntry]:
    """Themes by name; `listed` if they are there before anything is typed."""
    return [
        PaletteEntry(
            "theme", "Program", "", f"{name}, in use" if name == in_use else name, partial(use, name), listed=listed
        )
        for name in sorted(themes)
    ]
