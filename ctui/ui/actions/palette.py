"""The command palette: every action that has a place there, and every theme."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from ctui.model.filter.questions import Question
from ctui.render.roles import Role
from ctui.render.text.spans import clean_text
from ctui.ui.actions.registry import ACTIONS, Action, ActionContext
from ctui.ui.themes import ROLE_STYLES


@runtime_checkable
class ActionHost(Protocol):
    """A screen that does actions: it asks each action's `disabled_reason` itself and says the reason."""

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


@dataclass(frozen=True)
class _Found:
    """A line of the palette: its words, what it does, what stands dim behind it, and what below it."""

    text: str
    run: Callable[[], None]
    aside: str = ""
    note: str | None = None

    def shown(self, text: Content) -> Content:
        """The words, highlighted or not, and the key behind them."""
        return Content.assemble(text, "  ", (self.aside, ROLE_STYLES[Role.DIM])) if self.aside else text


class ActionProvider(Provider):
    """Finds actions by the words of their help, and themes by name; on a screen without actions, themes only."""

    async def discover(self) -> Hits:
        """All actions, in the order of help."""
        for each in self._actions():
            yield DiscoveryHit(each.shown(Content(each.text)), each.run, each.text, each.note)

    async def search(self, query: str) -> Hits:
        """Actions and themes that match what is typed."""
        matcher = self.matcher(query)
        for each in (*self._actions(), *self._questions(), *self._themes()):
            if (score := matcher.match(each.text)) > 0:
                yield Hit(score, each.shown(matcher.highlight(each.text)), each.run, each.text, each.note)

    def _actions(self) -> list[_Found]:
        host = self.screen
        if not isinstance(host, ActionHost):
            return []
        now = host.action_context()
        return [
            _Found(each.help.rstrip("."), partial(host.perform, each.id), each.label, _disabled_reason(each, now))
            for each in ACTIONS
            if each.palette
        ]

    def _questions(self) -> list[_Found]:
        host = self.screen
        if not isinstance(host, QuestionHost):
            return []
        return [
            _Found(each.title, partial(host.ask_question, each), note=clean_text(each.line)) for each in host.questions
        ]

    def _themes(self) -> list[_Found]:
        app = self.app
        return [
            _Found(f"Theme: {name}", partial(setattr, app, "theme", name), "in use" if name == app.theme else "")
            for name in sorted(app.available_themes)
        ]


def _disabled_reason(action: Action, now: ActionContext) -> str | None:
    why = action.disabled_reason(now)
    return f"disabled: {why}" if why else None
