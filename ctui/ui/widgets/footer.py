"""KeyBar: the keys that matter in the focused pane, as many as fit."""

from collections.abc import Sequence

from textual.events import Click
from textual.message import Message

from ctui.render.roles import Line, Role
from ctui.render.text.spans import width as line_width
from ctui.ui.actions.registry import Action
from ctui.ui.widgets.line_label import LineLabel

_GAP = 3
_SMALL_GAP = 2
_KEPT = ("help", "back")


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
        """(first cell, end, action) of each key that fits; from the middle of the list some stay away if they must."""
        actions = list(self._actions)
        gap = _GAP if _room(actions, _GAP) <= width else _SMALL_GAP
        while _room(actions, gap) > width and len(actions) > 1:
            # The first ones matter most, and the last one and esc are the way out; help tells what is not here.
            del actions[next((n for n in range(len(actions) - 2, 0, -1) if actions[n].id not in _KEPT), -2)]
        places: list[tuple[int, int, Action]] = []
        at = 1
        for action in actions:
            end = at + line_width(_item(action))
            places.append((at, end, action))
            at = end + gap
        return places

    def _line(self, width: int) -> Line:
        line: Line = ()
        at = 0
        for first, end, action in self._places(width):
            line += ((" " * (first - at), Role.PLAIN), *_item(action))
            at = end
        return line

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer."""
        for first, end, action in self._places(self.size.width):
            if first <= event.x < end:
                self.post_message(self.Pressed(action.id))


def _item(action: Action) -> Line:
    return ((action.label.split()[0], Role.ACCENT), (" ", Role.PLAIN), (action.title, Role.DIM))


def _room(actions: Sequence[Action], gap: int) -> int:
    return 1 + sum(line_width(_item(action)) for action in actions) + gap * (len(actions) - 1)
