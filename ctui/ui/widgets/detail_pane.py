"""DetailPane: one event, as a sentence and as its record."""

from asyncio import sleep
from collections.abc import Iterator
from itertools import chain, islice

from textual import work
from textual.events import Resize

from ctui.errors import CtuiError
from ctui.render.panes.detail import EventDetail
from ctui.render.panes.pane_title import detail_title
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, wrap
from ctui.ui.panes import Pane, pane_key
from ctui.ui.widgets.pane_view import LAST, PaneView, Step

FIRST_LINES = 200
"""Lines that are made before the pane is drawn: more than a screen holds, within a few milliseconds."""
_AT_ONCE = 200
"""Lines made in one go after that, so that a key does not wait for the rest of a large record."""

_Subject = EventDetail | CtuiError | None
"""An event, why one cannot be shown, or nothing."""


class DetailPane(PaneView):
    """The head, an empty line, and a JSON text. Title and lines are made of one value, the lines for one width.

    While it is hidden there is no width: then the lines are made as it comes back.
    """

    has_cursor = False

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._subject: _Subject = None
        self._row_id: int | None = None
        self._lines: list[Line] = []
        self._stay_at_end = False
        self._made: tuple[_Subject, int] = (None, 0)

    @property
    def about(self) -> int | None:
        """Row id of its event, also if that cannot be shown."""
        return self._row_id

    @property
    def shown(self) -> EventDetail | None:
        """The event it shows, or None if there is none or it cannot be shown."""
        return self._subject if isinstance(self._subject, EventDetail) else None

    def show(self, detail: EventDetail) -> None:
        """Show an event, from the top."""
        self._put_subject(detail, detail.row_id)

    def show_problem(self, row_id: int, problem: CtuiError) -> None:
        """Say in the place of an event why it cannot be shown."""
        self._put_subject(problem, row_id)

    def clear(self) -> None:
        """Show no event."""
        self._put_subject(None, None)

    def count(self) -> int:
        """Lines of head and record."""
        return len(self._lines)

    def line(self, number: int) -> Line:
        """One of them."""
        return self._lines[number]

    def on_resize(self, _event: Resize) -> None:
        """Another width wraps otherwise; so does the first one after the pane was hidden."""
        self._make()

    def _put_subject(self, subject: _Subject, row_id: int | None) -> None:
        self._row_id = row_id
        if subject == self._subject:
            return
        self._subject = subject
        title = subject.title if isinstance(subject, EventDetail) else detail_title(None)
        self.set_title((*pane_key(Pane.DETAIL), *title))
        self._make()
        self._scroll_line(0)

    def move(self, *steps: Step) -> None:
        """Move, and stay at the end of a record that is still being laid out."""
        self._stay_at_end = bool(steps) and steps[-1].to_end and steps[-1].lines > 0
        super().move(*steps)

    def _make(self) -> None:
        made = (self._subject, self.line_width)
        if made == self._made:
            return
        self._made = made
        subject, width = made
        self.workers.cancel_group(self, "record")
        self._stay_at_end = False
        if width <= 0 or subject is None:
            self._put([])
        elif isinstance(subject, CtuiError):
            self._put([part for line in _words_of(subject) for part in wrap(line, width)])
        else:
            lines = chain(subject.head(width), ((),), subject.record(width))
            self._put(list(islice(lines, FIRST_LINES)))
            if len(self._lines) == FIRST_LINES:
                self._lay_out(lines)

    def _put(self, lines: list[Line]) -> None:
        self._lines = lines
        self.recount()
        self.refresh()

    def work_broke(self, group: str) -> None:
        """Laying out the record failed: say so in its place."""
        if group == "record":
            self._put([(("This record cannot be shown. c copy", Role.ERROR),)])

    @work(group="record", exclusive=True)
    async def _lay_out(self, rest: Iterator[Line]) -> None:
        """Make the other lines of a large record, a portion at a time. Another event, or another width, ends it."""
        counted = len(self._lines)
        while portion := list(islice(rest, _AT_ONCE)):
            self._lines += portion
            # A new height lays out the screen, so it is not given for every portion.
            if len(self._lines) >= 2 * counted or len(portion) < _AT_ONCE:
                counted = len(self._lines)
                self._recount_below()
            await sleep(0)
        self._recount_below()

    def _recount_below(self) -> None:
        at_end = self.first_in_sight + self.page >= self.virtual_size.height
        self.recount()
        if at_end and self._stay_at_end:
            super().move(LAST)


def _words_of(problem: CtuiError) -> tuple[Line, ...]:
    words = (clean(problem.title, Role.ERROR), clean(problem.message), clean(problem.remedy, Role.WARNING))
    return tuple(line for line in words if line)
