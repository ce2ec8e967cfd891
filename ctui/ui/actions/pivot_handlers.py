"""PivotHandlers: from a value of an event to the events that share it, through the pivot menu."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from textual.screen import Screen

from ctui.core.explorer.explorer import Explorer
from ctui.errors import CtuiError
from ctui.model.lookup.timespan import ALL_HISTORY
from ctui.render.record.detail import EventDetail
from ctui.ui.actions.ask_handlers import AskHandlers
from ctui.ui.notifier import Notifier
from ctui.ui.widgets.pane_area import PaneArea

if TYPE_CHECKING:
    # The main screen stands before the first menu.
    from ctui.model.filter.editing.pivots import Pivot, PivotHow

_MOMENT_SECONDS = 3600
"""The longest range that a new question leaves."""


class PivotHandlers:
    """Opens the menu over an event, or over one value of its record, and does what was chosen."""

    def __init__(
        self,
        screen: Screen[None],
        explorer: Explorer,
        panes: PaneArea,
        ask: AskHandlers,
        *,
        notifier: Callable[[], Notifier],
        selected: Callable[[], EventDetail | None],
        region: Callable[[], str],
    ) -> None:
        """`notifier` returns the notifier once the screen is up; `selected` returns the event that keys act on now, and
        raises StoreError; `region` is the one that is searched, for records that name none."""
        self._screen = screen
        self._explorer = explorer
        self._panes = panes
        self._ask = ask
        self._notifier = notifier
        self._selected = selected
        self._region = region

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        return {"pivot": self.open}

    def open(self) -> None:
        """The menu of the values of the event that keys act on."""
        from ctui.model.filter.editing.pivots import LETTERS, pivots_of  # noqa: PLC0415 - as above

        if (detail := self._event()) is not None:
            self._offer(pivots_of(detail.event, self._region()), LETTERS)

    def open_value(self, path: str, value: str) -> None:
        """The menu of what one value of that event's record can be asked as; `path` is its dotted path."""
        from ctui.model.filter.editing.pivots import pivots_at  # noqa: PLC0415 - as above

        if (detail := self._event()) is not None:
            self._offer(pivots_at(detail.event, self._region(), path, value))

    def _event(self) -> EventDetail | None:
        try:
            return self._selected()
        except CtuiError as problem:
            self._notifier().report_once(problem)
            return None

    def _offer(self, pivots: "Sequence[Pivot]", absent: Mapping[str, str] = MappingProxyType({})) -> None:
        if pivots:
            # The menu is about this event, whatever arrives meanwhile.
            self._panes.events.pin_cursor()
            self._screen.run_worker(self._choose(pivots, absent), group="pivot", exclusive=True)

    async def _choose(self, pivots: "Sequence[Pivot]", absent: Mapping[str, str]) -> None:
        from ctui.ui.boxes.pivot import PivotScreen  # noqa: PLC0415 - the first frame needs no menu

        counts = partial(self._explorer.count_loaded, [pivot.line for pivot in pivots])
        chosen = await self._screen.app.push_screen_wait(PivotScreen(pivots, counts, self._loaded, absent))
        if chosen is not None:
            self.go(chosen.pivot, chosen.how)

    def _loaded(self) -> tuple[int, bool]:
        query = self._explorer.state.query
        return query.loaded, query.more

    def go(self, pivot: "Pivot", how: "PivotHow") -> None:
        """Make a view of the line with this pivot; the cursor stays on its event where that is shown.

        What is excluded needs no call. All else is asked for: where all of it is known, that makes none either.
        """
        from ctui.model.filter.editing.pivots import PivotHow, pivoted  # noqa: PLC0415 - as above

        line = pivoted(self._explorer.state.line, pivot, how)
        self._panes.events.keep_cursor()
        if how is PivotHow.EXCLUDE:
            self._explorer.show_line(line)
        elif how is PivotHow.REPLACE and pivot.term is not None and self._looks_at_a_moment():
            self._explorer.ask_line(replace(line, since=None, until=None), ALL_HISTORY)
        else:
            self._explorer.ask_line(line)
        self._ask.show_asked()

    def _looks_at_a_moment(self) -> bool:
        """True if the range is short and fixed, as around an event: what else has the value lies mostly outside of it.

        To add a value stays in the range.
        """
        state = self._explorer.state
        start, end = state.pinned
        return start is not None and not state.timespan.open_ended and end - start <= _MOMENT_SECONDS
