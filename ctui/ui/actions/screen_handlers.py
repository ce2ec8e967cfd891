"""ScreenHandlers: what the keys for the main screen itself do: panes, movements, help, themes, and quitting."""

from collections.abc import Callable
from functools import partial

from textual.screen import Screen

from ctui.ui.panes import Pane
from ctui.ui.widgets.filter_input import FilterInput
from ctui.ui.widgets.pane_area import STEPS, PaneArea


class ScreenHandlers:
    """Go to a pane, move in it, open and quit; nothing here asks the service."""

    def __init__(
        self, screen: Screen[None], panes: PaneArea, *, move: Callable[[str], None], show_status: Callable[[], None]
    ) -> None:
        """`move` makes the movement of an action by its id; `show_status` draws the status pane again."""
        self._screen = screen
        self._panes = panes
        self._move = move
        self._show_status = show_status

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        return {
            **self._panes.handlers(),
            **{name: partial(self._move, name) for name in STEPS},
            "help": self._help,
            "palette": self._palette,
            "theme": self._themes,
            "every-field": self._every_field,
            "suspend": self._suspend,
            "quit": self._quit,
        }

    def _every_field(self) -> None:
        self._panes.go(Pane.STATUS)
        self._panes.every_field = not self._panes.every_field
        self._show_status()

    def _help(self) -> None:
        from ctui.ui.screens.help import HelpScreen  # noqa: PLC0415 - the first frame needs no help

        self._screen.app.push_screen(HelpScreen(at_filter=isinstance(self._screen.focused, FilterInput)))

    def _palette(self) -> None:
        self._screen.app.action_command_palette()

    def _themes(self) -> None:
        self._screen.app.search_themes()

    def _suspend(self) -> None:
        self._screen.app.action_suspend_process()

    def _quit(self) -> None:
        self._screen.app.exit()
