"""DetailPane: one event, told in a sentence and shown as its record."""

from collections.abc import Callable

from textual import work
from textual.events import Resize
from textual.worker import get_current_worker

from ctui.render.roles import Line, Role
from ctui.ui.json_lines import json_lines
from ctui.ui.widgets.line_view import LineView

_LARGE = 16_000
"""Characters from which colouring would be felt between two keys: it goes to a thread."""


class DetailPane(LineView):
    """The head (a function from width to lines), an empty line, and a JSON text."""

    has_cursor = False

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._head: Callable[[int], tuple[Line, ...]] = _nothing
        self._text = ""
        self._lines: tuple[Line, ...] = ()
        self._made_for = -1
        self._about: int | None = None

    @property
    def about(self) -> int | None:
        """Row id of the event shown."""
        return self._about

    def show(self, about: int, head: Callable[[int], tuple[Line, ...]], text: str) -> None:
        """Show an event; `text` is its record, indented and safe to draw."""
        if about == self._about:
            return
        self._about, self._head, self._text = about, head, text
        self._make()
        self._scroll_line(0)

    def clear(self) -> None:
        """Show no event."""
        self._about, self._head, self._text = None, _nothing, ""
        self._make()

    def count(self) -> int:
        """Lines of head and record."""
        return len(self._lines)

    def line(self, number: int) -> Line:
        """One of them."""
        return self._lines[number]

    def on_resize(self, _event: Resize) -> None:
        """Another width wraps otherwise."""
        if self.line_width != self._made_for:
            self._make()

    def _make(self) -> None:
        width = self.line_width
        if width <= 0:
            return
        self._made_for = width
        head = self._head(width)
        if head:
            head = (*head, ())
        self.workers.cancel_group(self, "colour")
        if len(self._text) < _LARGE:
            self._put((*head, *json_lines(self._text, width)) if self._text else head)
        else:
            self._put((*head, (("colouring a large record …", Role.DIM),)))
            self._colour(head, self._text, width)

    def _put(self, lines: tuple[Line, ...]) -> None:
        self._lines = lines
        self.recount()
        self.refresh()

    def work_broke(self, group: str) -> None:
        """The record was to be coloured."""
        if group == "colour":
            self._put(((("This record cannot be shown; c copies it.", Role.ERROR),),))

    @work(thread=True, group="colour", exclusive=True)
    def _colour(self, head: tuple[Line, ...], text: str, width: int) -> None:
        lines = (*head, *json_lines(text, width))
        if not get_current_worker().is_cancelled:
            self.app.call_from_thread(self._put, lines)


def _nothing(_width: int) -> tuple[Line, ...]:
    return ()
