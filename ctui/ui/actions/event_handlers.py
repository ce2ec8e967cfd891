"""EventHandlers: what the keys for the list of events do on the main screen."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from textual.screen import Screen

from ctui.core.explorer.explorer import Explorer
from ctui.core.session import Session
from ctui.model.event.summary import Summary
from ctui.model.lookup.timespan import Timespan, ends_around, parse_timespan
from ctui.render.text.times import clock_time
from ctui.ui.notifier import Notifier
from ctui.ui.widgets.pane_area import PaneArea

_NEAR = 1_000
"""Rows that a jump reads at once: some milliseconds."""
_PORTION = 100
"""Rows that are read in one go."""


class EventHandlers:
    """Another time range, more pages, asking again, and jumping to what stands out."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        explorer: Explorer,
        panes: PaneArea,
        *,
        read: Callable[[Sequence[int]], Mapping[int, Summary]],
    ) -> None:
        """`read` reads rows of the list by id, and leaves out those that the store does not have."""
        self._read = read
        self._screen = screen
        self._session = session
        self._explorer = explorer
        self._panes = panes

    def all(self, notifier: Callable[[], Notifier]) -> dict[str, Callable[[], object]]:
        """Handlers by action id. `notifier` returns the notifier once the screen is up."""
        run = self._screen.run_worker
        return {
            "time-range": lambda: run(self._choose_range(), group="time-range", exclusive=True),
            "ask-again": lambda: self._ask_again(notifier()),
            "refresh": lambda: self._refresh(notifier()),
            "next-page": lambda: self._next_page(notifier()),
            "everything": lambda: self._everything(notifier()),
            "previous-notable": lambda: self._jump(-1, notifier()),
            "next-notable": lambda: self._jump(1, notifier()),
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

    def _jump(self, step: int, notifier: Notifier) -> None:
        """To the next event that stands out, up or down. Near rows are read at once: each of many keys jumps."""
        row, ids = self._panes.events.row, self._explorer.rows.ids
        if row is None:
            return
        way = ids[row + 1 :] if step > 0 else ids[:row][::-1]
        if not self._choose_first(way[:_NEAR]):
            self._screen.run_worker(self._jump_far(way[_NEAR:], step, notifier), group="jump", exclusive=True)

    async def _jump_far(self, way: Sequence[int], step: int, notifier: Notifier) -> None:
        """Go on behind the near rows, in portions between which keys have their effect."""
        chosen = self._panes.events.chosen
        for start in range(0, len(way), _NEAR):
            await asyncio.sleep(0)
            if self._panes.events.chosen != chosen or self._choose_first(way[start : start + _NEAR]):
                return
        where = "above" if step < 0 else "below in the loaded events"
        notifier.toast(f"{'{' if step < 0 else '}'}: nothing notable or failed {where}", kind="off")

    def _choose_first(self, ids: Sequence[int]) -> bool:
        """Put the cursor on the first of these events that stands out; False if none does."""
        for start in range(0, len(ids), _PORTION):
            portion = ids[start : start + _PORTION]
            summaries = self._read(portion)
            for row_id in portion:
                if row_id in summaries and summaries[row_id].stands_out:
                    self._panes.events.choose(row_id)
                    return True
        return False

    async def _choose_range(self) -> None:
        from ctui.ui.boxes.time_range import TimeRangeScreen  # noqa: PLC0415 - the first frame needs no box

        now = self._explorer.state.timespan
        screen = TimeRangeScreen(now, lambda: self._session.time().earliest, self._around_chosen())
        chosen = await self._screen.app.push_screen_wait(screen)
        if chosen is not None and chosen != now:
            self._explorer.ask_range(chosen)

    def _around_chosen(self) -> list[tuple[str, Timespan]]:
        """The time around the event under the cursor, with its title; nothing without an event whose time was read."""
        from ctui.model.filter.editing.pivots import AROUND  # noqa: PLC0415 - as above

        row_id = self._panes.events.chosen
        if row_id is None or (event := self._read([row_id]).get(row_id)) is None or not event.timed:
            return []
        minutes = int(AROUND.total_seconds() // 60)
        title = f"±{minutes} minutes around {event.name} {clock_time(event.time)}"
        return [(title, parse_timespan("..".join(ends_around(event.time, AROUND))))]
