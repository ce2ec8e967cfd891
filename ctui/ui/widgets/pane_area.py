"""PaneArea: the panes, how they share the room, and which of them has the focus."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.events import Resize
from textual.message import Message

from ctui.ui.fault_tolerant import FaultTolerant
from ctui.ui.panes import WIDE, Pane, PaneColumn, panes_in
from ctui.ui.widgets.detail.detail_pane import DetailPane
from ctui.ui.widgets.detail.search_line import SearchLine
from ctui.ui.widgets.event_table import EventTable
from ctui.ui.widgets.filter_line import FilterLine
from ctui.ui.widgets.line_label import LineLabel
from ctui.ui.widgets.pane_view import FIRST, LAST, PaneView, Step
from ctui.ui.widgets.rows_at_hand import ReadSummaries, ReadValues
from ctui.ui.widgets.text_pane import TextPane
from ctui.ui.widgets.trail_list import TrailList

if TYPE_CHECKING:
    from ctui.ui.widgets.shape_pane import ShapePane

TALL = 20
"""Lines from which Events keeps twelve of them while the record is open."""


STEPS = {
    "up": Step(-1),
    "down": Step(1),
    "first": FIRST,
    "last": LAST,
    "half-down": Step(pages=0.5),
    "half-up": Step(pages=-0.5),
    "page-down": Step(pages=1),
    "page-up": Step(pages=-1),
}
"""The movement of each action that moves within a pane, by the action's id."""


_SIDE = panes_in(PaneColumn.SIDE)


class PaneArea(FaultTolerant, Container):
    """Trails and Status at the left; Shape, Events and the record at the right; a summary line while Status hides."""

    class DetailWanted(Message):
        """The record has been opened: it wants an event."""

    class ShapeToggled(Message):
        """Shape was opened or closed, or has another room."""

    def __init__(
        self,
        summaries: ReadSummaries,
        values: ReadValues,
        line: FilterLine,
        *,
        id: str,  # noqa: A002
    ) -> None:
        """`summaries` and `values` read the event table's rows by id; `line` stands over the table."""
        super().__init__(id=id)
        self.line = line
        self.trails = TrailList(id=Pane.TRAILS.value)
        self.status = TextPane(id=Pane.STATUS.value)
        self.events = EventTable(summaries, values, id=Pane.EVENTS.value)
        self.detail = DetailPane(id=Pane.DETAIL.value)
        self.search = SearchLine(id="search-line")
        self._views: dict[Pane, PaneView] = {
            Pane.TRAILS: self.trails,
            Pane.STATUS: self.status,
            Pane.EVENTS: self.events,
            Pane.DETAIL: self.detail,
        }
        self.summary = LineLabel(id="status-summary")
        self.every_field = False
        """Whether Status shows the retired fields one by one."""
        self.rearranged = False
        """Whether panes were opened or closed since the last layout; the code that lays out clears it."""
        self._record_open = False
        self._side_open = False
        self._shape: ShapePane | None = None
        self._shape_open = False
        self._zoomed: tuple[Pane, ...] = ()
        """The panes that have all the room; the record with the events if it was opened below them."""
        self._goal: Pane | None = None
        self._together = False

    def compose(self) -> ComposeResult:
        """The panes in the order of their keys."""
        # Known before the first layout, so that it need not be done again.
        self.set_class(self.app.size.width < WIDE, "-narrow")
        with Horizontal(id="columns"):
            with Vertical(id=PaneColumn.SIDE.value):
                yield from map(self.view, _SIDE)
            with Vertical(id=PaneColumn.MAIN.value):
                yield self.line
                yield from map(self.view, panes_in(PaneColumn.MAIN, PaneColumn.BELOW))
                yield self.search
        yield self.summary

    def on_resize(self, event: Resize) -> None:
        """Side by side if there is room."""
        was_narrow, here = self.narrow, self.focused
        self.set_class(event.size.width < WIDE, "-narrow")
        self.set_class(event.size.height < TALL, "-short")
        if self.narrow and not was_narrow and here in _SIDE:
            # What the hands are on stays in sight.
            self.go(here)
        if not self.narrow:
            self._side_open = False
            if was_narrow and self._zoomed == (Pane.DETAIL,):
                self._zoomed = ()
        self._arrange()

    @property
    def narrow(self) -> bool:
        """Whether Events has the width for itself."""
        return self.has_class("-narrow")

    @property
    def detail_open(self) -> bool:
        """Whether the record is in sight."""
        return self._in_sight(Pane.DETAIL)

    @property
    def status_in_sight(self) -> bool:
        """Whether Trails, Status or the summary line shows the selected trail's status."""
        return self.narrow or any(map(self._in_sight, _SIDE))

    @property
    def shape(self) -> "ShapePane":
        """The pane of Shape, which is made when it is opened first."""
        assert self._shape is not None, "its keys are off before it is opened"
        return self._shape

    @property
    def shape_open(self) -> bool:
        """Whether Shape was opened; it counts meanwhile, though another pane may be zoomed."""
        return self._shape_open

    @property
    def focused(self) -> Pane:
        """The pane that has the focus, or is to have it behind the changes under way; Events while none has."""
        if self._goal is None and self.search.is_open:
            return Pane.DETAIL
        return self._goal or next((pane for pane, view in self._views.items() if view.has_focus), Pane.EVENTS)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """What the actions that move between panes do, by the action's id."""
        return {
            **{pane.value: partial(self.go, pane) for pane in Pane},
            "next-pane": partial(self.go_on, 1),
            "previous-pane": partial(self.go_on, -1),
            "open": self.toggle_detail,
            "zoom": self.toggle_zoom,
        }

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is opened, closed or gone to meanwhile takes its room, and gets the focus, at the end and at once."""
        self._together = True
        try:
            yield
        finally:
            self._together = False
            self._arrange()

    def move(self, *names: str) -> None:
        """Make the movements of these actions in the pane that has the focus."""
        self.view(self.focused).move(*map(STEPS.__getitem__, names))

    def view(self, pane: Pane) -> PaneView:
        """The widget of a pane."""
        return self._views[pane]

    def go(self, pane: Pane) -> None:
        """Give a pane the focus, and show it if it is hidden; what is zoomed gives way."""
        if self.narrow:
            self._side_open = pane in _SIDE
        if pane is Pane.DETAIL and not self.detail_open:
            self._open_record()
        elif self._zoomed and pane not in self._zoomed:
            self._zoomed = ()
        if pane is Pane.SHAPE and not self._shape_open:
            self._open_shape()
        self._goal = pane
        self._arrange()

    def toggle_zoom(self) -> None:
        """Give the pane that has the focus all the room, or the others theirs again."""
        here = self.focused
        self._zoomed = () if self._zoomed else (here,)
        self._goal = here
        self._arrange()

    def toggle_shape(self) -> None:
        """Open Shape and go there, or close it."""
        if self._in_sight(Pane.SHAPE):
            self.close_shape()
        else:
            self.go(Pane.SHAPE)

    def close_shape(self) -> None:
        """Close it; Events has the focus if it had."""
        if self.focused is Pane.SHAPE:
            self._goal = Pane.EVENTS
        self._shape_open = False
        self._zoomed = tuple(pane for pane in self._zoomed if pane is not Pane.SHAPE)
        self.post_message(self.ShapeToggled())
        self._arrange()

    def make_room_for_line(self) -> None:
        """The filter line is wanted: whatever covers it goes."""
        self.go(Pane.EVENTS)

    def go_on(self, step: int) -> None:
        """Give the focus to the next pane in sight (1) or the one before (-1); one that is zoomed alone gives way."""
        if len(self._zoomed) == 1:
            self._zoomed = ()
        panes = [pane for pane in Pane if self._in_sight(pane)]
        here = panes.index(self.focused) if self.focused in panes else 0
        self.go(panes[(here + step) % len(panes)])

    def toggle_detail(self) -> None:
        """Open the record or close it; on a narrow screen it takes everything in between."""
        if not self.detail_open:
            self._open_record()
        elif self.narrow and self._zoomed != (Pane.DETAIL,):
            self._zoomed = (Pane.DETAIL,)
            self._goal = Pane.DETAIL
        else:
            self.close_detail()
        self._arrange()

    def show_detail(self) -> None:
        """Open the record if it is closed; Events gets the focus."""
        if not self.detail_open:
            self._open_record()
        self.go(Pane.EVENTS)

    def close_detail(self) -> None:
        """Close the record; Events has the focus again."""
        self._record_open = False
        self._zoomed = (Pane.EVENTS,) if Pane.EVENTS in self._zoomed else ()
        if self.focused is Pane.DETAIL:
            self._goal = Pane.EVENTS
        self._arrange()

    def step_back(self) -> bool:
        """Undo the last opening: the slid-in panes, a zoom, the record, Shape. Returns False if nothing is open.

        Events that were given all the room keep it.
        """
        if self._zoomed and Pane.EVENTS not in self._zoomed:
            self._zoomed = ()
            self.go(Pane.EVENTS)
        elif self._side_open:
            self.go(Pane.EVENTS)
        elif self.detail_open and self.focused is not Pane.SHAPE:
            self.close_detail()
        elif self._shape_open:
            self.close_shape()
        else:
            return False
        return True

    def _in_sight(self, pane: Pane) -> bool:
        if self._zoomed:
            return pane in self._zoomed
        if pane in _SIDE:
            return self._side_open or not self.narrow
        return pane is Pane.EVENTS or (self._shape_open if pane is Pane.SHAPE else self._record_open)

    def _open_shape(self) -> None:
        self._shape_open = True
        if self._shape is None:
            from ctui.ui.widgets.shape_pane import ShapePane  # noqa: PLC0415 - the first frame needs no counts

            shape = self._shape = ShapePane(lambda: self.post_message(self.ShapeToggled()), id=Pane.SHAPE.value)
            self._views[Pane.SHAPE] = shape
            self.query_one(f"#{PaneColumn.MAIN}").mount(shape, before=self.events)
        if self.narrow:
            # There is no room for three panes.
            self._record_open = False
        self.post_message(self.ShapeToggled())

    def _open_record(self) -> None:
        self._record_open = True
        if self.narrow and self._shape_open:
            self.close_shape()
        if self._zoomed:
            self._zoomed = (Pane.EVENTS, Pane.DETAIL) if Pane.EVENTS in self._zoomed else ()
        self.events.pin_cursor()
        self.post_message(self.DetailWanted())

    def _arrange(self) -> None:
        """Give each pane the room it has now, and the focus to the one that was chosen."""
        if self._together:
            return
        hidden = {f"-no-{pane}": not self._in_sight(pane) for pane in Pane}
        # On a narrow screen Trails and Status lie over the events, which stay where they are.
        side = any(self._in_sight(pane) for pane in _SIDE)
        before = self.classes
        self.update_classes({**hidden, "-no-side": not side, "-zoomed": len(self._zoomed) == 1})
        self.rearranged = self.rearranged or self.classes != before
        goal, self._goal = self._goal, None
        if goal is not None:
            self.view(goal).focus()
