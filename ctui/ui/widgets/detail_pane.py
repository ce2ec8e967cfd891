"""DetailPane: one event, as a sentence and as its record."""

from textual import work
from textual.events import Resize
from textual.worker import get_current_worker

from ctui.errors import CtuiError
from ctui.render.panes.detail import EventDetail
from ctui.render.panes.pane_title import detail_title
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, wrap
from ctui.ui.panes import Pane, pane_key
from ctui.ui.widgets.json_lines import json_lines
from ctui.ui.widgets.pane_view import PaneView

_LARGE = 16_000
"""Characters from which coloring is slow enough to feel: it runs in a thread."""

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
        self._lines: tuple[Line, ...] = ()
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

    def _make(self) -> None:
        made = (self._subject, self.line_width)
        if made == self._made:
            return
        self._made = made
        subject, width = made
        self.workers.cancel_group(self, "color")
        if width <= 0 or subject is None:
            self._put(())
        elif isinstance(subject, CtuiError):
            self._put(tuple(part for line in _words_of(subject) for part in wrap(line, width)))
        else:
            head, text = (*subject.head(width), ()), subject.json
            if len(text) < _LARGE:
                self._put((*head, *json_lines(text, width)))
            else:
                self._put((*head, (("formatting a large record …", Role.DIM),)))
                self._color(head, text, made)

    def _put(self, lines: tuple[Line, ...]) -> None:
        self._lines = lines
        self.recount()
        self.refresh()

    def work_broke(self, group: str) -> None:
        """Coloring failed: say so in place of the record."""
        if group == "color":
            self._put(((("This record cannot be shown. c copy", Role.ERROR),),))

    @work(thread=True, group="color", exclusive=True)
    def _color(self, head: tuple[Line, ...], text: str, made: tuple[_Subject, int]) -> None:
        lines = (*head, *json_lines(text, made[1]))
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._put_colored, lines, made)

    def _put_colored(self, lines: tuple[Line, ...], made: tuple[_Subject, int]) -> None:
        # Another event, or another width, may have come while the thread was at work.
        if made == self._made:
            self._put(lines)


def _words_of(problem: CtuiError) -> tuple[Line, ...]:
    words = (clean(problem.title, Role.ERROR), clean(problem.message), clean(problem.remedy, Role.WARNING))
    return tuple(line for line in words if line)
