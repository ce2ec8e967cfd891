"""EventDeeds: what the keys for the events that are looked at do on the main screen."""

from collections.abc import Callable

from textual.screen import Screen

from ctui.core.feed import FeedPhase
from ctui.core.inquiry import Inquiry
from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.render.detail import copy_text
from ctui.ui.clipboard import Clipboard
from ctui.ui.screens.time_range import TimeRangeScreen
from ctui.ui.telling import Telling
from ctui.ui.widgets.pane_area import PaneArea


class EventDeeds:
    """Another range, further pages, all of it anew, and the record of one event to copy."""

    def __init__(
        self, screen: Screen[None], session: Session, inquiry: Inquiry, panes: PaneArea, clipboard: Clipboard
    ) -> None:
        self._screen = screen
        self._session = session
        self._inquiry = inquiry
        self._panes = panes
        self._clipboard = clipboard

    def all(self, telling: Callable[[], Telling]) -> dict[str, Callable[[], object]]:
        """Deeds by action id; `telling` is what tells of them, once the screen stands."""
        run = self._screen.run_worker
        return {
            "copy": lambda: run(self._copy(telling()), group="copy", exclusive=True),
            "time-range": lambda: run(self._choose_range(), group="time-range", exclusive=True),
            "refresh": lambda: self._refresh(telling()),
            "next-page": lambda: self._next_page(telling()),
            "everything": lambda: self._everything(telling()),
        }

    def _next_page(self, telling: Telling) -> None:
        feed = self._session.feed
        telling.anew()
        if feed.state.phase is FeedPhase.FAILED:
            feed.retry()
        else:
            feed.more()

    def _everything(self, telling: Telling) -> None:
        telling.anew()
        self._session.feed.everything()

    def _refresh(self, telling: Telling) -> None:
        telling.anew()
        self._panes.events.keep_place()
        self._session.refresh()

    async def _choose_range(self) -> None:
        now = self._inquiry.state.timespan
        chosen = await self._screen.app.push_screen_wait(TimeRangeScreen(now))
        if chosen is not None and chosen != now:
            self._inquiry.look_at(chosen)

    async def _copy(self, telling: Telling) -> None:
        chosen = self._panes.events.chosen
        if chosen is None:
            return
        self._panes.events.hold()
        try:
            telling.say(await self._clipboard.copy(copy_text(self._session.event(chosen).record)))
        except CtuiError as problem:
            telling.once(problem)
