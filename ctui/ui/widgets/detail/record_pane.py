"""RecordPane: the lines of one event, laid out for the pane's width, a large record portion by portion."""

from asyncio import sleep
from collections.abc import Iterator
from itertools import islice

from textual import work
from textual.events import Resize

from ctui.errors import CtuiError
from ctui.model.event.record_tree import Path
from ctui.model.filter.hits import Hits
from ctui.render.panes.pane_title import detail_title
from ctui.render.record.detail import DetailRow, EventDetail, MarkedLines
from ctui.render.roles import Line, Role
from ctui.render.text.marks import marking_of
from ctui.render.text.spans import clean, wrap
from ctui.ui.panes import Pane, pane_key
from ctui.ui.widgets.detail.found_places import FoundPlaces
from ctui.ui.widgets.detail.packed_rows import PackedRows
from ctui.ui.widgets.pane_view import LAST, PaneView, Step

FIRST_LINES = 200
"""Lines that are made before the pane is drawn: more than a screen holds, within a few milliseconds."""
_AT_ONCE = 40
"""Lines made in one go after that, in about a millisecond: a key takes twenty rounds of the loop, each with one go."""

_Subject = EventDetail | CtuiError | None
"""An event, why one cannot be shown, or nothing."""


class RecordPane(PaneView):
    """The head, an empty line, and the record. Title and lines are made of one value, the lines for one width.

    While it is hidden there is no width: then the lines are made as it comes back. Which paths are folded, and whether
    the record is a tree or JSON, stays from one event to the next.
    """

    made_for_width = True

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._subject: _Subject = None
        self._row_id: int | None = None
        self._rows = PackedRows()
        self._folded: set[Path] = set()
        self._as_json = False
        self._laid_out = True
        self._stay_at_end = False
        self._made: tuple[_Subject, int, bool] = (None, 0, False)
        self._hits = Hits()
        self._found: FoundPlaces | None = None
        self._marked = MarkedLines()
        self.set_reactive(RecordPane.cursor, 0)

    # What it shows.

    @property
    def about(self) -> int | None:
        """Row id of its event, also if that cannot be shown."""
        return self._row_id

    @property
    def shown(self) -> EventDetail | None:
        """The event it shows, or None if there is none or it cannot be shown."""
        return self._subject if isinstance(self._subject, EventDetail) else None

    def show_problem(self, row_id: int, problem: CtuiError) -> None:
        """Say in the place of an event why it cannot be shown."""
        self._put_subject(problem, row_id)

    def clear(self) -> None:
        """Show no event."""
        self._put_subject(None, None)

    def highlight(self, hits: Hits) -> None:
        """Mark what the filter line looks for."""
        if hits != self._hits:
            self._hits = hits
            self._mark()

    def _mark(self) -> None:
        found = None if self._found is None else self._found.pattern
        self._marked = MarkedLines(self.shown, self._folded, self.line_width, marking_of(self._hits, found))
        self.refresh()

    # What PaneView asks.

    def count(self) -> int:
        """Lines of head and record."""
        return len(self._rows)

    def line(self, number: int) -> Line:
        """One of them."""
        return self._marked.line(self._rows[number])

    def choosable(self, number: int) -> bool:
        """The cursor skips the empty line below the head."""
        return not self._rows.is_empty(number)

    @property
    def _row(self) -> DetailRow | None:
        """The row under the cursor."""
        return None if self.cursor is None or self.cursor >= len(self._rows) else self._rows[self.cursor]

    # Laying out.

    def recount(self) -> None:
        """Without a line the cursor waits at the first: the next record is read from there."""
        super().recount()
        if self.cursor is None:
            self.cursor = 0

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
        self.cursor = 0
        self._make()
        self._scroll_line(0)

    def move(self, *steps: Step) -> None:
        """Move, and stay at the end of a record that is still being laid out."""
        self._stay_at_end = bool(steps) and steps[-1].to_end and steps[-1].lines > 0
        super().move(*steps)

    def _make(self) -> None:
        made = (self._subject, self.line_width, self._as_json)
        if made == self._made:
            return
        self._made = made
        subject, width, as_json = made
        if width <= 0 or subject is None:
            self._lay_out_from(0, iter(()))
        elif isinstance(subject, CtuiError):
            words = (DetailRow(part) for line in _words_of(subject) for part in wrap(line, width))
            self._lay_out_from(0, words)
        else:
            self._lay_out_from(0, subject.rows(width, as_json=as_json, folded=self._folded))
        self._record_laid_out_anew()

    def _record_laid_out_anew(self) -> None:
        """Another event, another width or another form: what depends on the lines begins again."""

    def _rows_added(self) -> None:
        """Further lines of a large record have been made."""

    def _lay_out_from(self, number: int, rest: Iterator[DetailRow]) -> None:
        """Put the rest in the place of the lines from this number on, a large record portion by portion."""
        self.workers.cancel_group(self, "record")
        self._stay_at_end = False
        if number:
            self._rows.cut(number)
        else:
            self._rows = PackedRows()
        self._laid_out = self._rows.add(islice(rest, FIRST_LINES)) < FIRST_LINES
        self._mark()
        self.recount()
        if not self._laid_out:
            self._lay_out(rest)

    def work_broke(self, group: str) -> None:
        """Laying out the record failed: say so in its place."""
        if group == "record":
            self._lay_out_from(0, iter((DetailRow((("This record cannot be shown. c copy", Role.ERROR),)),)))

    @work(group="record", exclusive=True)
    async def _lay_out(self, rest: Iterator[DetailRow]) -> None:
        """Make the other lines of a large record, a portion at a time. Another event, or another width, ends it."""
        counted = len(self._rows)
        while added := self._rows.add(islice(rest, _AT_ONCE)):
            # A new height lays out the screen, so it is not given for every portion.
            if len(self._rows) >= 2 * counted or added < _AT_ONCE:
                counted = len(self._rows)
                self._recount_below()
            self._rows_added()
            await sleep(0)
        self._laid_out = True
        self._recount_below()
        self._rows_added()

    def _recount_below(self) -> None:
        at_end = self.first_in_sight + self.page >= self.virtual_size.height
        self.recount()
        if at_end and self._stay_at_end:
            super().move(LAST)


def _words_of(problem: CtuiError) -> tuple[Line, ...]:
    words = (clean(problem.title, Role.ERROR), clean(problem.message), clean(problem.remedy, Role.WARNING))
    return tuple(line for line in words if line)
