"""MarkHandlers: what the keys for marks do: mark events, write notes, compare two events."""

from collections.abc import Callable
from functools import partial

from textual.screen import Screen

from ctui.core.session import Session
from ctui.errors import CtuiError
from ctui.render.panes.event_lines import event_name
from ctui.render.text import times
from ctui.ui.notifier import Notifier
from ctui.ui.widgets.pane_area import PaneArea


class MarkHandlers:
    """Marks of the events in the list; an error of the store is reported once."""

    def __init__(
        self,
        screen: Screen[None],
        session: Session,
        panes: PaneArea,
        say: Callable[[str], None],
        *,
        notifier: Callable[[], Notifier],
    ) -> None:
        """`say` notifies; `notifier` returns the notifier once the screen is up."""
        self._screen = screen
        self._session = session
        self._panes = panes
        self._say = say
        self._notifier = notifier

    def all(self) -> dict[str, Callable[[], object]]:
        """Handlers by action id."""

        def guarded(act: Callable[[int], object]) -> Callable[[], None]:
            return lambda: self._guarded(act)

        return {
            "mark": guarded(self._session.marks.toggle),
            "mark-down": guarded(partial(self._mark_on, "down")),
            "mark-up": guarded(partial(self._mark_on, "up")),
            "note": guarded(self._note),
            "compare": guarded(self._compare),
        }

    def _guarded(self, act: Callable[[int], object]) -> None:
        chosen = self._panes.events.chosen
        assert chosen is not None, "the action is off while no event is selected"
        self._panes.events.pin_cursor()
        try:
            act(chosen)
        except CtuiError as problem:
            self._notifier().report_once(problem)

    def _mark_on(self, step: str, row_id: int) -> None:
        """Mark the event under the cursor and the next one, and go there."""
        self._panes.move(step)
        reached = self._panes.events.chosen
        self._session.marks.mark((row_id,) if reached is None else (row_id, reached))

    def _note(self, row_id: int) -> None:
        self._screen.run_worker(self._write_note(row_id), group="note", exclusive=True)

    async def _write_note(self, row_id: int) -> None:
        from ctui.ui.boxes.note import NoteScreen  # noqa: PLC0415 - the first frame needs no box

        marks = self._session.marks
        mark = marks.of([row_id]).get(row_id)
        (line,) = self._session.summaries([row_id])
        summary = line.summary
        words = f"{times.clock_time(summary.time)}  {event_name(summary)}  {summary.user or summary.role}"
        note = await self._screen.app.push_screen_wait(NoteScreen(words, mark.note if mark else ""))
        if note is not None and (mark is None or note != mark.note):
            marks.note(row_id, note)

    def _compare(self, row_id: int) -> None:
        from ctui.render.record.comparison import Comparison  # noqa: PLC0415 - the first frame needs no comparison
        from ctui.ui.screens.comparison import ComparisonScreen  # noqa: PLC0415

        pair = self._session.marks.pair(row_id, self._session.event)
        if pair is None:
            self._say("=: mark an event (space), then select another one")
            return
        one, other = ((self._session.event(row), self._session.summaries([row])[0].summary) for row in pair)
        self._screen.app.push_screen(ComparisonScreen(Comparison.of(one, other)))
