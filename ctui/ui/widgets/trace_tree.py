"""TraceTree: the tree of a trace with a cursor, which stays on what it is about while the tree grows."""

from collections.abc import Hashable
from datetime import UTC, datetime

from textual.events import Resize

from ctui.model.trace.trace_state import TraceState
from ctui.render.panes.trace import TraceLine, trace_lines, trace_progress, trace_title
from ctui.render.roles import Line, Role
from ctui.ui.widgets.pane_view import PaneView

_FOOT: Line = (("enter", Role.ACCENT), (" show · ", Role.DIM), ("esc", Role.ACCENT), (" close", Role.DIM))


class TraceTree(PaneView):
    """Draws the lines of a state; the cursor begins on the credentials that are traced."""

    def __init__(self, *, id: str) -> None:  # noqa: A002
        super().__init__(id=id)
        self._state = TraceState()
        self._now = datetime.min.replace(tzinfo=UTC)
        self._lines: tuple[TraceLine, ...] = ()
        self._moved = False

    def show(self, state: TraceState, now: datetime) -> None:
        """Draw this state; `now` is the time at the service."""
        self._state, self._now = state, now
        self.set_title(trace_title(state), trace_progress(state))
        self.set_foot(_FOOT)
        self._make()

    @property
    def chosen(self) -> TraceLine | None:
        """The line under the cursor."""
        return None if self.cursor is None or self.cursor >= len(self._lines) else self._lines[self.cursor]

    def keep_cursor(self) -> None:
        """The person has moved: from now on the cursor stays on what it is about."""
        self._moved = True

    def count(self) -> int:
        """Lines made for the width now."""
        return len(self._lines)

    def line(self, number: int) -> Line:
        """One of them."""
        return self._lines[number].line

    def placeholder(self) -> tuple[Line, ...]:
        """While the event is being read."""
        return ((("reading the event", Role.DIM),),)

    def on_resize(self, _event: Resize) -> None:
        """Another width makes other lines."""
        self._make()

    def _make(self) -> None:
        if self.line_width <= 0:
            return
        before = _identity(self.chosen) if self._moved else None
        self._lines = trace_lines(self._state, self._now, self.line_width)
        self.recount()
        self.refresh()
        at = [number for number, line in enumerate(self._lines) if before is not None and _identity(line) == before]
        traced = [number for number, line in enumerate(self._lines) if line.is_traced]
        self.cursor = next(iter(at or traced), 0 if self._lines else None)


def _identity(line: TraceLine | None) -> Hashable:
    """What a line is about, however the tree has grown."""
    if line is None:
        return None
    return (
        "" if line.event is None else line.event.event_id,
        None
        if line.node is None
        else (line.node.credentials.key, line.node.credentials.name, line.node.credentials.role),
        line.part,
    )
