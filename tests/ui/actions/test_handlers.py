"""Every action has a handler and every handler an action: no key does nothing, and none is an error."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from support.driver import Driver
from support.fakes.service import Service

from ctui.ui.actions.registry import ACTIONS
from ctui.ui.screens.browse import BrowseScreen

Open = Callable[..., AbstractAsyncContextManager[Driver]]


async def test_actions_and_handlers_are_the_same(open_app: Open) -> None:
    async with open_app(Service()) as ctui:
        screen = ctui.app.screen
        assert isinstance(screen, BrowseScreen)
        ids, handled = {action.id for action in ACTIONS}, set(screen._handlers)
        assert ids - handled == set(), "add a handler to `all()` of the action's group, in ui/actions/*_handlers.py"
        assert handled - ids == set(), "add an Action to ui/actions/registry.py, or drop the handler"
