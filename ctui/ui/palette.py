"""The command palette: every action that has a place there, and every theme."""

from collections.abc import Callable
from functools import partial
from typing import Protocol, runtime_checkable

from textual.command import DiscoveryHit, Hit, Hits, Provider

from ctui.actions import ACTIONS, Action, Situation


@runtime_checkable
class ActionHost(Protocol):
    """A screen that does actions: it asks each action's `why_off` itself and says the reason."""

    def perform(self, action_id: str) -> None:
        """Do the action, or say why it cannot be done now."""

    def situation(self) -> Situation:
        """What actions look at."""


class ActionProvider(Provider):
    """Finds actions by the words of their help, and themes by name; on a screen without actions, themes only."""

    async def discover(self) -> Hits:
        """All actions, in the order of help."""
        for text, run, note in self._actions():
            yield DiscoveryHit(text, run, help=note)

    async def search(self, query: str) -> Hits:
        """Actions and themes that match what is typed."""
        matcher = self.matcher(query)
        for text, run, note in (*self._actions(), *self._themes()):
            if (score := matcher.match(text)) > 0:
                yield Hit(score, matcher.highlight(text), run, help=note)

    def _actions(self) -> list[tuple[str, Callable[[], None], str]]:
        host = self.screen
        if not isinstance(host, ActionHost):
            return []
        now = host.situation()
        return [
            (each.help.rstrip("."), partial(host.perform, each.id), _note(each, now))
            for each in ACTIONS
            if each.palette
        ]

    def _themes(self) -> list[tuple[str, Callable[[], None], str]]:
        app = self.app
        return [
            (f"Theme: {name}", partial(setattr, app, "theme", name), "the one in use" if name == app.theme else "")
            for name in sorted(app.available_themes)
        ]


def _note(action: Action, now: Situation) -> str:
    why = action.why_off(now)
    return " · ".join(part for part in (action.label, f"not now: {why}" if why else "") if part)
