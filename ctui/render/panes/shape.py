"""The lines of Shape: a histogram over the range, and below it the values of fields with their counts.

Bars of all events stand on a line, those of failed ones hang below it. What is not loaded is hatched. So neither needs
its color.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from ctui.model.event.names import AMAZON
from ctui.model.filter.fields import ValueField
from ctui.model.filter.shape import Bucket, Facet, ShapeState
from ctui.model.values import dataclass
from ctui.render.roles import Line, Role, Span
from ctui.render.text import times
from ctui.render.text.spans import clean, count, fit, width

_RISING: Final = " ▁▂▃▄▅▆▇█"
_HANGING: Final = " ▔▀█"
_HATCH: Final = "░"
_LABEL_CELLS: Final = 8
_FACET_CELLS: Final = 25
"""Cells of a facet at least."""
_LOWEST_BARS: Final = 2
_MARKS: Final = 2
"""Cells at the right that say that there are further facets."""
_NAMES: Final[Mapping[str, str]] = {"name": "event", "region": "Region", "ip": "IP"}


@dataclass(frozen=True, slots=True)
class ShapeLayout:
    """How the room of the pane is shared."""

    width: int
    height: int

    @property
    def bar_lines(self) -> int:
        """Lines of the bars of all events."""
        return _LOWEST_BARS + (self.height > 10) + (self.height > 13)

    @property
    def bar_cells(self) -> int:
        """Cells of the bars."""
        return max(1, self.width - _LABEL_CELLS)

    @property
    def chart_lines(self) -> int:
        """Lines of the histogram: bars, failed ones, and the line with the times."""
        return self.bar_lines + 2

    @property
    def value_lines(self) -> int:
        """Values of a facet in sight."""
        return max(1, self.height - self.chart_lines - 1)

    @property
    def facets(self) -> int:
        """Facets side by side."""
        return max(1, self.width // _FACET_CELLS)

    @property
    def facet_cells(self) -> int:
        """Cells of one."""
        return (self.width - _MARKS) // self.facets

    def cell_of(self, bucket: int, buckets: int) -> int:
        """The first cell of a bucket, where all buckets share the cells of the bars; one past the last: their end."""
        return bucket * self.bar_cells // max(1, buckets)

    def bucket_at(self, x: int, buckets: int) -> int | None:
        """The bucket that is drawn at a cell of a line; None if none is."""
        cell = x - _LABEL_CELLS
        if not buckets or not 0 <= cell < self.bar_cells:
            return None
        return next(each for each in range(buckets) if cell < self.cell_of(each + 1, buckets))


@dataclass(frozen=True, slots=True)
class ShapePlace:
    """Where the cursor is, and what is selected."""

    facet: int | None
    """The facet by its index; None in the histogram."""
    value: int
    """The value in it."""
    bucket: int
    anchor: int
    """The other end of the selected stretch; the bucket itself while none is."""
    first_facet: int
    """The facet at the left."""
    first_value: int
    """The value on top of the cursor's facet."""
    selected: Mapping[ValueField, Sequence[str]]
    focused: bool

    @property
    def stretch(self) -> tuple[int, int]:
        """The first and the last selected bucket."""
        return min(self.bucket, self.anchor), max(self.bucket, self.anchor)


def shape_lines(state: ShapeState, layout: ShapeLayout, place: ShapePlace, now: datetime) -> tuple[Line, ...]:
    """All lines for this room. `now` says which year and day need no words."""
    return (*_chart(state, layout, place, now), *_facets(state, layout, place))


def shape_note(state: ShapeState) -> Line:
    """Of how many events the counts are, for the pane's title."""
    if state.problem:
        return (("not counted: ", Role.WARNING), *clean(state.problem, Role.WARNING))
    events = f"{count(state.events)} event{'s' * (state.events != 1)}"
    if state.counted < state.events or state.comparing:
        return ((f"counting: {count(state.counted)} of {events}", Role.DIM),)
    return ((f"of {events}", Role.PLAIN), (", more exist" if state.more else "", Role.DIM))


def place_note(state: ShapeState, place: ShapePlace, now: datetime) -> Line:
    """What is under the cursor, and what enter does with it, for the lower border."""
    if place.facet is not None:
        chosen = sum(map(len, place.selected.values()))
        what = f"{count(chosen)} selected · " if chosen else ""
        return ((what, Role.PLAIN), ("enter add · - exclude · space select", Role.DIM))
    if not state.buckets:
        return ()
    first, last = place.stretch
    within = state.buckets[first : last + 1]
    start, end = (datetime.fromtimestamp(second, UTC) for second in (within[0].start, within[-1].end))
    events, failed = sum(each.events for each in within), sum(each.failed for each in within)
    until = times.near(end, end if start.date() == end.date() else now)
    words = f"{times.near(start, now)} to {until} · {count(events)} event{'s' * (events != 1)}"
    words += f", {count(failed)} failed" if failed else ""
    words += "" if all(each.covered for each in within) else ", not all loaded"
    return ((words, Role.PLAIN), (" · enter narrow · shift+←→ select", Role.DIM))


def _chart(state: ShapeState, layout: ShapeLayout, place: ShapePlace, now: datetime) -> Iterator[Line]:
    buckets, lines = state.buckets, layout.bar_lines
    starts = [layout.cell_of(number, len(buckets)) for number in range(len(buckets) + 1)]
    cells = [end - start for start, end in pairwise(starts)]
    first, last = place.stretch if place.facet is None else (-1, -1)
    most = max((each.events for each in buckets), default=0)
    for line in range(lines):
        label = count(most) if not line and most else ""
        bars = [
            _bar(bucket, most, lines, line, cells=cells[number], chosen=first <= number <= last)
            for number, bucket in enumerate(buckets)
        ]
        yield fit((*_label(label, Role.DIM), *bars), layout.width)
    hanging = [(_hanging(bucket.failed, most) * cells[number], Role.ERROR) for number, bucket in enumerate(buckets)]
    yield fit((*_label(f"✗ {count(state.failed)}" if state.failed else "", Role.ERROR), *hanging), layout.width)
    yield fit((*_label("", Role.DIM), *_axis(state, starts, first, last, now)), layout.width)


def _label(text: str, role: Role) -> Line:
    return (*fit(((text, role),), _LABEL_CELLS - 1, right=True), (" ", Role.PLAIN))


def _hanging(failed: int, most: int) -> str:
    """What hangs below the line, in the scale of the bars above."""
    return _HANGING[max(1, round(failed * (len(_HANGING) - 1) / most))] if failed and most else _HANGING[0]


def _height(bucket: Bucket, most: int, lines: int, line: int) -> int:
    """How much of a line, counted from the top, a bar fills: from 0 to 8."""
    steps = len(_RISING) - 1
    full = max(1, round(bucket.events * lines * steps / most)) if bucket.events else 0
    return max(0, min(steps, full - (lines - 1 - line) * steps))


def _bar(bucket: Bucket, most: int, lines: int, line: int, *, cells: int, chosen: bool) -> Span:
    height = _height(bucket, most, lines, line)
    if not height:
        return (" " if bucket.covered else _HATCH) * cells, Role.DIM
    return _RISING[height] * cells, Role.ACCENT if chosen else Role.USER


def _axis(state: ShapeState, starts: Sequence[int], first: int, last: int, now: datetime) -> Line:
    """The line below: the selected stretch, and the times of both ends."""
    buckets = state.buckets
    if not buckets:
        return ()
    room = starts[-1]
    ends = [times.near(datetime.fromtimestamp(each, UTC), now) for each in (buckets[0].start, buckets[-1].end)]
    ends[0] = "earlier" if state.begins_before else ends[0]
    text = list("─" * room)
    if sum(map(len, ends)) + 4 <= room:
        text[: len(ends[0]) + 1] = [*ends[0], " "]
        text[room - len(ends[1]) - 1 :] = [" ", *ends[1]]
    roles = [Role.DIM] * room
    if first >= 0:
        for cell in range(starts[first], starts[last + 1]):
            text[cell], roles[cell] = "━" if text[cell] == "─" else text[cell], Role.ACCENT
    return tuple(zip(text, roles, strict=True))


def _facets(state: ShapeState, layout: ShapeLayout, place: ShapePlace) -> Iterator[Line]:
    shown = state.facets[place.first_facet : place.first_facet + layout.facets]
    left, right = place.first_facet > 0, place.first_facet + layout.facets < len(state.facets)
    columns = [
        [
            _head(facet, place.first_facet + number == place.facet, layout.facet_cells),
            *_values(facet, number, layout, place),
        ]
        for number, facet in enumerate(shown)
    ]
    for line in range(layout.value_lines + 1):
        row: list[Span] = [span for column in columns for span in (column[line] if line < len(column) else ())]
        more = ("‹" if left else " ") + ("›" if right else " ")
        marks = (more if not line else "", Role.ACCENT)
        yield fit((*fit(tuple(row), layout.width - _MARKS), marks), layout.width)


def _head(facet: Facet, chosen: bool, cells: int) -> Line:
    more = ">" if facet.capped else ""
    name = (_NAMES.get(facet.field.name, facet.field.name), Role.STRONG if chosen else Role.LABEL)
    mark = ("▌" if chosen and not facet.values else " ", Role.ACCENT)
    return fit((mark, (" ", Role.DIM), name, (f" {more}{count(facet.different)}", Role.DIM)), cells)


def _values(facet: Facet, number: int, layout: ShapeLayout, place: ShapePlace) -> Iterator[Line]:
    here = place.first_facet + number == place.facet
    first = place.first_value if here else 0
    selected = place.selected.get(facet.field, ())
    for row, (value, events) in enumerate(facet.values[first : first + layout.value_lines], first):
        at_cursor = here and row == place.value
        number_said: Line = ((f" {count(events)} ", Role.STRONG),)
        mark = ("▌" if at_cursor else " ", Role.ACCENT if place.focused else Role.DIM)
        picked = ("●" if value in selected else " ", Role.ACCENT)
        said = clean(_short(value), Role.ACCENT if at_cursor and place.focused else Role.PLAIN)
        room = layout.facet_cells - 2 - width(number_said)
        yield fit((mark, picked, *fit(said, room), *number_said), layout.facet_cells)


def _short(value: str) -> str:
    """Without what all services end in, in a source and where an address stands."""
    return value.removesuffix(AMAZON) or value
