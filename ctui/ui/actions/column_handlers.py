"""ColumnHandlers: which columns the list of events has, from one start of ctui to the next."""

import threading
from collections.abc import Callable
from functools import partial

from textual.screen import Screen

from ctui.config.remembered import RememberedColumns
from ctui.core.rows.value_counts import value_counts
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.model.filter.editing.completion import PATHS
from ctui.render.panes.columns import USUAL
from ctui.ui.notifier import Notifier
from ctui.ui.widgets.event_table import EventTable


class ColumnHandlers:
    """Opens the box for columns, shows what was chosen, and remembers it."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        table: EventTable,
        remembered: RememberedColumns | None,
        *,
        notifier: Callable[[], Notifier],
    ) -> None:
        """Without `remembered` nothing is remembered; `notifier` returns the notifier once the screen is up."""
        self._screen = screen
        self._session = session
        self._table = table
        self._remembered = remembered
        self._notifier = notifier

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        return {"columns": lambda: self._screen.run_worker(self._choose(), group="columns", exclusive=True)}

    def restore(self) -> None:
        """Show the columns that were chosen before; the usual ones if none are remembered or can be read."""
        if self._remembered is None:
            return
        try:
            names = self._remembered.load()
        except CtuiError as problem:
            self._notifier().report(problem, "warning")
            return
        if not names:
            return
        from ctui.model.filter.editing.column_names import column_called  # noqa: PLC0415 - most starts remember none

        if known := tuple(dict.fromkeys(filter(None, map(column_called, names)))):
            self._table.choose_columns(known)

    async def _choose(self) -> None:
        from ctui.ui.boxes.columns import ColumnsScreen  # noqa: PLC0415 - the first frame needs no box

        shown = self._table.chosen_columns
        chosen = await self._screen.app.push_screen_wait(
            ColumnsScreen(shown, partial(value_counts, self._session, PATHS))
        )
        if chosen is None or chosen == shown:
            return
        self._table.choose_columns(chosen)
        if self._remembered is not None:
            # A folder on a network may hang, and that must not keep ctui from ending.
            columns = () if chosen == USUAL else chosen
            threading.Thread(
                target=self._save, args=(self._remembered, columns), name="remember columns", daemon=True
            ).start()

    def _save(self, remembered: RememberedColumns, columns: tuple[str, ...]) -> None:
        try:
            remembered.save(columns)
        except CtuiError as problem:
            self._screen.app.call_later(self._notifier().report, problem, "warning")
