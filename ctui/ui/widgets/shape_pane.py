"""ShapePane: a histogram and facets above the events, with one cursor that moves through both."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from textual.events import Click, MouseDown, MouseMove, MouseUp, Resize

from ctui.model.filter.fields import ValueField
from ctui.model.filter.shape import Facet, ShapeState
from ctui.render.panes.shape import ShapeLayout, ShapePlace, place_note, shape_lines, shape_note
from ctui.render.roles import Line
from ctui.ui.panes import Pane, pane_heading
from ctui.ui.widgets.pane_view import PaneView, Step


class ShapePane(PaneView):
    """Its lines are made when the counts or the place of the cursor are different, not while it is drawn."""

    has_cursor = False
    made_for_width = True
    ALLOW_SELECT = False

    def __init__(self, room_changed: Callable[[], object], *, id: str) -> None:  # noqa: A002
        """`room_changed` is called when there is room for another number of buckets."""
        super().__init__(id=id)
        self._room_changed = room_changed
        self._state = ShapeState()
        self._now = datetime.min.replace(tzinfo=UTC)
        self._lines: tuple[Line, ...] = ()
        self._picked: dict[ValueField, tuple[str, ...]] = {}
        self._place = ShapePlace(
            facet=0, value=0, bucket=0, anchor=0, first_facet=0, first_value=0, selected={}, focused=False
        )

    @property
    def layout_now(self) -> ShapeLayout:
        """How the room is shared."""
        return ShapeLayout(self.line_width, self.scrollable_content_region.height)

    def show(self, state: ShapeState, now: datetime) -> None:
        """Draw these counts; the cursor stays on its value and on its time, if they are still there."""
        before, self._state, self._now = self._state, state, now
        place = self._place
        if place.facet is not None and (value := _value_at(before, place)) is not None:
            values = [each.value for each in state.facets[place.facet].values]
            place = replace(place, value=values.index(value) if value in values else place.value)
        if before.buckets and state.buckets:
            start, anchor = (before.buckets[min(each, len(before.buckets) - 1)].start for each in _ends(place))
            place = replace(place, bucket=_bucket_of(state, start), anchor=_bucket_of(state, anchor))
        elif state.buckets:
            place = replace(place, bucket=len(state.buckets) - 1, anchor=len(state.buckets) - 1)
        self._go(place)

    # What can be chosen.

    @property
    def in_histogram(self) -> bool:
        """Whether the cursor is in the histogram."""
        return self._place.facet is None

    @property
    def chosen(self) -> Mapping[ValueField, Sequence[str]]:
        """The selected values, or else the one under the cursor; empty if there is none."""
        if self._picked:
            return self._picked
        facet, value = self._facet, _value_at(self._state, self._place)
        return {} if facet is None or value is None else {facet.field: (value,)}

    @property
    def stretch(self) -> tuple[int, int] | None:
        """The selected seconds, from the first up to but not including the last; None without a histogram."""
        if not self._state.buckets:
            return None
        first, last = self._place.stretch
        return self._state.buckets[first].start, self._state.buckets[last].end

    def toggle_selected(self) -> None:
        """Select the value under the cursor, or no longer, and go to the next one."""
        facet, value = self._facet, _value_at(self._state, self._place)
        if facet is None or value is None:
            return
        picked = self._picked.get(facet.field, ())
        kept = tuple(each for each in picked if each != value) if value in picked else (*picked, value)
        self._picked = {**self._picked, facet.field: kept}
        if not kept:
            del self._picked[facet.field]
        self.move(Step(1))

    def unselect(self) -> bool:
        """Select nothing; False if nothing was selected."""
        was = bool(self._picked) or self._place.anchor != self._place.bucket
        self._picked = {}
        self._go(replace(self._place, anchor=self._place.bucket))
        return was

    # Moving.

    def move(self, *steps: Step) -> None:
        """Up and down in a facet, and from its first value to the histogram."""
        if not steps:
            return
        place = self._place
        for step in steps:
            lines = step.lines or int(step.pages * self.layout_now.value_lines) or (1 if step.pages > 0 else -1)
            last = max(0, len(self._values(place)) - 1)
            if place.facet is None:
                place = replace(place, facet=self._column_below(place), value=0) if lines > 0 else place
            elif lines < 0 and place.value == 0 and not step.to_end:
                place = replace(place, facet=None, first_value=0)
            elif step.to_end:
                place = replace(place, value=0 if lines < 0 else last)
            else:
                place = replace(place, value=max(0, min(place.value + lines, last)))
        self._go(place)

    def move_across(self, by: int, *, selecting: bool = False) -> None:
        """To the next facet or bucket (1), or the one before (-1); `selecting`: the stretch grows or shrinks."""
        place = self._place
        if selecting or place.facet is None:
            bucket = max(0, min(place.bucket + by, len(self._state.buckets) - 1))
            self._go(replace(place, facet=None, bucket=bucket, anchor=place.anchor if selecting else bucket))
        else:
            facet = max(0, min(place.facet + by, len(self._state.facets) - 1))
            last = max(0, len(self._state.facets[facet].values) - 1) if self._state.facets else 0
            value = min(place.value - place.first_value, last)
            self._go(replace(place, facet=facet, value=value, first_value=0))

    def on_mouse_down(self, event: MouseDown) -> None:
        """Put the cursor there; in the histogram a drag selects a stretch."""
        event.stop()
        offset = event.get_content_offset(self)
        if offset is None:
            return
        layout, x, y = self.layout_now, offset.x - 1, offset.y
        place = self._place
        if y < layout.chart_lines:
            bucket = layout.bucket_at(x, len(self._state.buckets))
            if bucket is not None:
                self.capture_mouse()
                self._go(replace(place, facet=None, bucket=bucket, anchor=place.anchor if event.shift else bucket))
            return
        facet = min(place.first_facet + x // max(1, layout.facet_cells), len(self._state.facets) - 1)
        first = place.first_value if facet == place.facet else 0
        value = max(0, y - layout.chart_lines - 1 + first)
        if facet >= 0 and value < len(self._state.facets[facet].values):
            self._go(replace(place, facet=facet, value=value, first_value=first))

    def on_mouse_move(self, event: MouseMove) -> None:
        """A drag goes on."""
        if self.app.mouse_captured is self:
            x = event.x - self.gutter.left - 1
            bucket = self.layout_now.bucket_at(x, len(self._state.buckets))
            if bucket is not None and bucket != self._place.bucket:
                self._go(replace(self._place, bucket=bucket))

    def on_mouse_up(self, _event: MouseUp) -> None:
        """It ends."""
        self.release_mouse()

    def on_click(self, event: Click) -> None:
        """A double click on a value or a bar does what enter does."""
        if event.chain == 2:
            self.post_message(self.Chosen(self, event.chain))

    # Drawing.

    def count(self) -> int:
        """Lines made for the room now."""
        return len(self._lines)

    def line(self, number: int) -> Line:
        """One of them."""
        return self._lines[number]

    def on_resize(self, event: Resize) -> None:
        """Another room makes other lines, and perhaps another number of buckets."""
        super().on_resize(event)
        self._room_changed()
        self._go(self._place)

    def on_focus(self, _event: object) -> None:
        """The cursor looks different with the focus."""
        self._go(self._place)

    def on_blur(self, _event: object) -> None:
        """The cursor looks different without the focus."""
        self._go(self._place)

    @property
    def _facet(self) -> Facet | None:
        place, facets = self._place, self._state.facets
        return None if place.facet is None or place.facet >= len(facets) else facets[place.facet]

    def _values(self, place: ShapePlace) -> Sequence[object]:
        return () if place.facet is None or not self._state.facets else self._state.facets[place.facet].values

    def _column_below(self, place: ShapePlace) -> int:
        """The facet under the bucket of the cursor."""
        layout, buckets = self.layout_now, len(self._state.buckets)
        share = place.bucket / buckets if buckets else 0
        return place.first_facet + min(int(share * layout.facets), layout.facets - 1)

    def _go(self, place: ShapePlace) -> None:
        """Put the cursor there, and make the lines."""
        layout, facets = self.layout_now, len(self._state.facets)
        if place.facet is not None:
            first = max(min(place.first_facet, place.facet), place.facet - layout.facets + 1)
            value = max(0, min(place.value, len(self._values(place)) - 1))
            first_value = max(min(place.first_value, value), value - layout.value_lines + 1)
            place = replace(place, first_facet=first, value=value, first_value=first_value)
        place = replace(place, first_facet=max(0, min(place.first_facet, facets - layout.facets)))
        self._place = replace(place, selected=self._picked, focused=self.has_focus)
        self._make()

    def _make(self) -> None:
        layout = self.layout_now
        self.set_title(pane_heading(Pane.SHAPE), shape_note(self._state))
        self.set_foot(place_note(self._state, self._place, self._now) if self.has_focus else ())
        if layout.width > 0:
            self._lines = shape_lines(self._state, layout, self._place, self._now)
            self.recount()
            self.refresh()


def _ends(place: ShapePlace) -> tuple[int, int]:
    return place.bucket, place.anchor


def _value_at(state: ShapeState, place: ShapePlace) -> str | None:
    if place.facet is None or place.facet >= len(state.facets):
        return None
    values = state.facets[place.facet].values
    return values[place.value].value if place.value < len(values) else None


def _bucket_of(state: ShapeState, second: int) -> int:
    """The bucket with a second, or the nearest to it."""
    return next((number for number, bucket in enumerate(state.buckets) if second < bucket.end), len(state.buckets) - 1)
