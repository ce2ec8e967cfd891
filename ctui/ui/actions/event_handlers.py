"""EventHandlers: what the keys for the list of events do on the main screen."""

from collections.abc import Callable

from textual.screen import Screen

from ctui.core.explorer.explorer import Explorer
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.render.panes.detail import EventDetail
from ctui.ui.clipboard import Clipboard
from ctui.ui.notifier import Notifier
from ctui.ui.widgets.pane_area import PaneArea


class EventHandlers:
    """Another time range, more pages, asking again, and copying a record."""

    def __init__(
        self, screen: Screen[None], session: Session, explorer: Explorer, panes: PaneArea, clipboard: Clipboard
    ) -> None:
        self._screen = screen
        self._session = session
        self._explorer = explorer
        self._panes = panes
        self._clipboard = clipboard

    def all(
        self, notifier: Callable[[], Notifier], selected: Callable[[], EventDetail | None]
    ) -> dict[str, Callable[[], object]]:
        """Handlers by action id. `notifier` returns the notifier once the screen is up; `selected` returns the event
        that keys act on now, and raises StoreError."""
        run = self._screen.run_worker
        return {
            "copy": lambda: self._copy(notifier(), selected),
            "time-range": lambda: run(self._choose_range(), group="time-range", exclusive=True),
            "ask-again": lambda: self._ask_again(notifier()),
            "refresh": lambda: self._refresh(notifier()),
            "next-page": lambda: self._next_page(notifier()),
            "everything": lambda: self._everything(notifier()),
        }

    def _next_page(self, notifier: Notifier) -> None:
        notifier.forget_errors()
        self._explorer.more()

    def _everything(self, notifier: Notifier) -> None:
        notifier.forget_errors()
        self._explorer.everything()

    def _refresh(self, notifier: Notifier) -> None:
        notifier.forget_errors()
        self._panes.events.keep_cursor()
        self._session.refresh()

    def _ask_again(self, notifier: Notifier) -> None:
        notifier.forget_errors()
        self._panes.events.keep_cursor()
        self._session.ask_again()

    async def _choose_range(self) -> None:
        from ctui.ui.screens.time_range import TimeRangeScreen  # noqa: PLC0415 - the first frame needs no box

        now = self._explorer.state.timespan
        chosen = await self._screen.app.push_screen_wait(TimeRangeScreen(now, lambda: self._session.time().earliest))
        if chosen is not None and chosen != now:
            self._explorer.ask_range(chosen)

    def _copy(self, notifier: Notifier, selected: Callable[[], EventDetail | None]) -> None:
        try:
            detail = selected()
        except CtuiError as problem:
            notifier.report_once(problem)
            return
        if detail is not None:
            self._panes.events.pin_cursor()
            self._screen.run_worker(self._send_copy(detail, notifier), group="copy", exclusive=True)

    async def _send_copy(self, detail: EventDetail, notifier: Notifier) -> None:
        try:
            notifier.toast(await self._clipboard.copy(detail.copied))
        except CtuiError as problem:
            notifier.report_once(problem)
