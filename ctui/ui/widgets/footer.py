"""KeyBar: the keys that matter in the focused pane, as many as fit."""

from collections.abc import Sequence

from textual.events import Click
from textual.message import Message

from ctui.actions import Action
from ctui.render.roles import Line, Role
from ctui.render.text import width as line_width
from ctui.ui.widgets.line_label import LineLabel

_GAP = "   "


class KeyBar(LineLabel):
    """The footer. A click on a key does what the key does."""

    class Pressed(Message):
        """A key of the bar was clicked."""

        def __init__(self, action_id: str) -> None:
            super().__init__()
            self.action_id = action_id

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._actions: Sequence[Action] = ()

    def offer(self, actions: Sequence[Action]) -> None:
        """Show these actions, in this order."""
        if actions != self._actions:
            self._actions = actions
            self.show(self._line)

    def _places(self, width: int) -> list[tuple[int, int, Action]]:
        places: list[tuple[int, int, Action]] = []
        at = 1
        for action in self._actions:
            size = line_width(_item(action))
            if at + size > width:
                break
            places.append((at, at + size, action))
            at += size + len(_GAP)
        return places

    def _line(self, width: int) -> Line:
        line: Line = ((" ", Role.PLAIN),)
        for n, (_, _, action) in enumerate(self._places(width)):
            line += (*(((_GAP, Role.PLAIN),) if n else ()), *_item(action))
        return line

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer."""
        for first, end, action in self._places(self.size.width):
            if first <= event.x < end:
                self.post_message(self.Pressed(action.id))


def _item(action: Action) -> Line:
    return ((action.label, Role.ACCENT), (" ", Role.PLAIN), (action.title, Role.DIM))
