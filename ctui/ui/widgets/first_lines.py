"""FirstLines: the lines of Events in the first frame, as the event table will draw them."""

from ctui.core.first_rows import FirstRows
from ctui.model.event.summary import Summary
from ctui.render.panes.columns import USUAL
from ctui.render.panes.event_lines import day_line, event_row, titles
from ctui.render.panes.pane_title import events_title
from ctui.render.roles import Line, Role
from ctui.render.text.spans import fit, width
from ctui.ui.widgets.rows_at_hand import RowsAtHand

_GUTTER: Line = ((" ", Role.PLAIN),)
_SCROLL_BAR = 1
"""Cells at the right that the event table keeps for it."""


class FirstLines:
    """Titles, days and events. They have no cursor: keys wait for the main screen."""

    def __init__(self, first: FirstRows) -> None:
        self.connection = first.connection
        self._cells = 0
        self._summaries = dict(enumerate(first.summaries))
        self._at_hand = RowsAtHand(lambda ids: {each: self._summaries[each] for each in ids})
        self._at_hand.choose(first.columns or USUAL)
        self._at_hand.search(filter(None, (first.connection.region,)), {})
        self._lines: list[Summary | None] = []
        """An event, or None for the heading of the day that the next one has."""
        day = None
        for summary in first.summaries:
            if summary.time.date() != day:
                day = summary.time.date()
                self._lines.append(None)
            self._lines.append(summary)

    def lay_out(self, lines: int, room: int) -> None:
        """Make the columns for so many lines of so many cells, between the borders. It comes before all else."""
        self._cells = max(0, room - len(_GUTTER) - _SCROLL_BAR)
        # As many rows as the event table measures: those in sight and a screenful more.
        self._at_hand.read(range(min(2 * max(1, lines - 1), len(self._summaries))))
        self._at_hand.lay_out(self._cells)

    def title(self, room: int) -> Line:
        """What is shown, in so many cells: the newest stored events, which the service has not confirmed yet."""
        forms = [
            events_title(timespan="all", phase="", stored=True, confirmed=False, ordered=ordered, region=region)
            for region, ordered in ((self._at_hand.one_region, True), ("", True), ("", False))
        ]
        return next((form for form in forms if width(form) <= room), fit(forms[-1], room))

    def line(self, number: int) -> Line:
        """One of the lines."""
        if number == 0:
            return _GUTTER + titles(self._at_hand.columns)
        if number > len(self._lines):
            return ()
        summary = self._lines[number - 1]
        if summary is not None:
            return _GUTTER + event_row(summary, self._at_hand.columns)
        following = self._lines[number]
        assert following is not None, "a day has an event"
        return _GUTTER + day_line(following.time.date(), self._cells)
