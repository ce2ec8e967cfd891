"""ActionRuns: applies keys for the panes that follow each other as one change.

Their actions open no line and no window, so none needs a turn of its own: nothing is laid out, filtered or drawn
between them.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from textual.events import Key, Paste

from ctui.ui.actions.registry import ACTIONS
from ctui.ui.panes import Pane
from ctui.ui.widgets.pane_area import STEPS, PaneArea

_AT_ONCE = frozenset((
    *STEPS, *(pane.value for pane in Pane), "next-pane", "previous-pane", "open", "back",
    "writes-only", "errors-only", "notable-only", "clear-filter", "next-page", "everything", "mark", "mark-down",
    "mark-up",
))  # fmt: skip
"""Actions that are done when they return, so that the next key need not wait: they open no line and no window."""
_RUNS = {key: each.id for each in ACTIONS if each.id in _AT_ONCE for key in each.keys}
"""The action of each key that may stand in a run."""
_TOGGLES = frozenset(("writes-only", "errors-only", "notable-only"))
"""Actions that add a term to the line, or remove it."""
_MOST_AT_ONCE = 50
"""Actions in a run, without movements and toggles: after so many, a key such as ctrl+c gets its chance."""


class ActionRuns:
    """Applies the keys of a run, and moves within the pane that has the focus."""

    def __init__(
        self,
        panes: PaneArea,
        *,
        act: Callable[[str], None],
        view: Callable[[], object],
        up_to_date: Mapping[Pane, Callable[[], None]],
        lay_out: Callable[[bool], bool],
        report_bug: Callable[[Exception], None],
    ) -> None:
        """`act` does an action by its id; `view` returns a value that is different once other rows are shown.

        `up_to_date` updates a pane that depends on another pane's cursor. `lay_out` lays out the panes if that is due,
        or if its argument is True, and returns whether it did; `report_bug` takes what an action has raised.
        """
        self._panes = panes
        self._act = act
        self._view = view
        self._up_to_date = up_to_date
        self._lay_out = lay_out
        self._report_bug = report_bug

    def take(self, keys: Sequence[Key | Paste]) -> int:
        """Apply the first keys whose actions need no turn of their own as one change; returns how many."""
        view, moves, toggles, taken, acted = self._view(), list[str](), list[str](), 0, 0
        with self._panes.together():
            for key in keys:
                name = _RUNS.get(key.key) if isinstance(key, Key) else None
                if name not in _TOGGLES:
                    acted += self._toggle(toggles)
                # Other rows, and panes in other places, are there only in the next turn.
                if name is None or acted >= _MOST_AT_ONCE or self._view() != view:
                    break
                if name not in STEPS:
                    self._try(self.move, *moves)
                    moves.clear()
                if name in _TOGGLES:
                    toggles.append(name)
                elif name not in STEPS:
                    self._try(self._act, name)
                    acted += 1
                elif self._depends_on_room(name) and (acted or self._has_other_room()):
                    break
                else:
                    moves.append(name)
                taken += 1
            self._try(self.move, *moves)
            self._toggle(toggles)
        return taken

    def move(self, *names: str) -> None:
        """Make the movements of these actions, after updating a pane that depends on another pane's cursor."""
        follow = self._up_to_date.get(self._panes.focused)
        if follow is not None:
            follow()
        self._panes.move(*names)

    def _toggle(self, names: list[str]) -> int:
        """Do the collected toggles that no other one undoes; returns how many."""
        left = lasting(names)
        names.clear()
        for name in left:
            self._try(self._act, name)
        return len(left)

    def _try(self, act: Callable[..., None], *names: str) -> None:
        # A bug in one action must not end the run.
        try:
            act(*names)
        except Exception as bug:  # noqa: BLE001 - the app reports it
            self._report_bug(bug)

    def _depends_on_room(self, name: str) -> bool:
        """Whether a movement depends on the size of the focused pane, or on its lines."""
        return bool(STEPS[name].pages) or self._panes.view(self._panes.focused).made_for_width

    def _has_other_room(self) -> bool:
        """Lay out the panes before a key acts on them; True if that changed them."""
        given = self._lay_out(self._panes.rearranged)
        self._panes.rearranged = False
        return given


def lasting(toggles: Sequence[str]) -> list[str]:
    """The toggles that have the effect of all of them: of each, the last one, or the last two of an even number.

    Two, since a term that is removed and added again is at the end of the line.
    """
    left: list[str] = []
    more = {name: 2 - count % 2 for name, count in Counter(toggles).items()}
    for name in reversed(toggles):
        if more[name]:
            more[name] -= 1
            left.append(name)
    return left[::-1]
