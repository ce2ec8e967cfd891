"""ExportHandlers: opens the export form, and says what has become of the file."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual.screen import Screen

from ctui.core.rows.value_counts import value_counts
from ctui.core.session import Session
from ctui.model.filter.editing.completion import PATHS
from ctui.ui.notifier import Notifier
from ctui.ui.widgets.event_table import EventTable

if TYPE_CHECKING:
    from ctui.ui.boxes.export import Exported


class ExportHandlers:
    """What is exported is chosen in the form; the list stays as it is."""

    def __init__(
        self, screen: Screen[None], session: Session, table: EventTable, *, notifier: Callable[[], Notifier]
    ) -> None:
        """`notifier` returns the notifier once the screen is up."""
        self._screen = screen
        self._session = session
        self._table = table
        self._notifier = notifier

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""
        return {"export": lambda: self._screen.run_worker(self._choose(), group="export", exclusive=True)}

    async def _choose(self) -> None:
        from ctui.ui.boxes.export import ExportScreen  # noqa: PLC0415 - the first frame needs no form

        form = ExportScreen(self._session, self._table.chosen_columns, partial(value_counts, self._session, PATHS))
        if (exported := await self._screen.app.push_screen_wait(form)) is not None:
            self._tell(exported)

    def _tell(self, exported: "Exported") -> None:
        from ctui.core.exporting.export import ExportPhase  # noqa: PLC0415
        from ctui.render.panes.export import canceled_text, done_text  # noqa: PLC0415

        state = exported.state
        if state.phase is ExportPhase.DONE:
            said = done_text(
                state.path.name,
                exported.form.title,
                state.written,
                state.size,
                gone=state.gone,
                partial=exported.partial,
            )
        else:
            said = canceled_text("" if state.left is None else str(state.left))
        self._notifier().toast(said, kind="export")
