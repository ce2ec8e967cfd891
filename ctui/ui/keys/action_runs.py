"""ActionRuns: keys for the panes that stand one behind the other are applied as one change.

Their actions open no line and no box, so none of them needs a turn: no layout, no evaluation and no drawing comes
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
    "writes-only", "errors-only", "clear-filter", "next-page", "everything",
))  # fmt: skip
"""Actions that have had their effect as they return, so that the next key need not wait: they open no line, no box."""
_RUNS = {key: each.id for each in ACTIONS if each.id in _AT_ONCE for key in each.keys}
"""The action of each key that may stand in a run."""
_TOGGLES = frozenset(("writes-only", "errors-only"))
"""Actions that put a term into the line, or take it out again."""
_MOST_AT_ONCE = 50
"""Actions in a run, movements and toggles apart: behind so many a key such as ctrl+c has its chance."""


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
        faulted: Callable[[Exception], None],
    ) -> None:
        """`act` does the action of that id, `view` says which rows are shown: another value for others.

        `up_to_date` brings a pane that is about another one's cursor to where that is. `lay_out` gives the panes their
        room where that is outstanding, or anyway, and says whether it has; `faulted` takes what an action has raised.
        """
        self._panes = panes
        self._act = act
        self._view = view
        self._up_to_date = up_to_date
        self._lay_out = lay_out
        self._faulted = faulted

    def take(self, keys: Sequence[Key | Paste]) -> int:
        """Apply the first keys whose actions need no turn, as one change; how many those were."""
        view, moves, toggles, taken, acted = self._view(), list[str](), list[str](), 0, 0
        with self._panes.together():
            for key in keys:
                name = _RUNS.get(key.key) if isinstance(key, Key) else None
                if name not in _TOGGLES:
                    acted += self._toggle(toggles)
                # Rows of another question, and panes in other places, are not there before the next turn.
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
        """Make the movements of these actions; a pane that is about another one's cursor follows that first."""
        follow = self._up_to_date.get(self._panes.focused)
        if follow is not None:
            follow()
        self._panes.move(*names)

    def _toggle(self, names: list[str]) -> int:
        """Do the toggles that have gathered, as far as others do not undo them; how many those were."""
        left = lasting(names)
        names.clear()
        for name in left:
            self._try(self._act, name)
        return len(left)

    def _try(self, act: Callable[..., None], *names: str) -> None:
        # As with one key, whose fault ends nothing.
        try:
            act(*names)
        except Exception as fault:  # noqa: BLE001 - the app tells it
            self._faulted(fault)

    def _depends_on_room(self, name: str) -> bool:
        """Whether a movement leads elsewhere where the pane that has the focus is larger or holds other lines."""
        return bool(STEPS[name].pages) or not self._panes.view(self._panes.focused).has_cursor

    def _has_other_room(self) -> bool:
        """Give the panes their room before a key acts on them; True where they had another."""
        given = self._lay_out(self._panes.rearranged)
        self._panes.rearranged = False
        return given


def lasting(toggles: Sequence[str]) -> list[str]:
    """The toggles that lead where all of them do: of each, the last one, or the last two of an even number.

    Two, since a term that is taken out and put in again stands at the end of the line.
    """
    left: list[str] = []
    more = {name: 2 - count % 2 for name, count in Counter(toggles).items()}
    for name in reversed(toggles):
        if more[name]:
            more[name] -= 1
            left.append(name)
    return left[::-1]
