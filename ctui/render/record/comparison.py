"""Two events side by side: the paths at which their records differ, or all of them."""

from collections.abc import Iterator, Sequence

from ctui.model.event.compare import ComparedPath, compare_records
from ctui.model.event.event import Event
from ctui.model.event.summary import Summary
from ctui.model.values import dataclass
from ctui.render.panes.event_lines import event_name
from ctui.render.roles import Line, Role, Span
from ctui.render.text import times
from ctui.render.text.record_text import decoded
from ctui.render.text.spans import clean, count, fit, wrap
from ctui.render.text.spans import width as cells_of

_SIDE_BY_SIDE = 110
"""Cells from which the two values stand next to each other; below, one under the other."""
_MOST_LINES = 5_000
"""Lines at most."""
_LONGEST = 2_000
"""Characters of a value at most."""
_GAP = 2
_NUMBER = 3
"""Cells of the number before a value."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two events, the older one first, and what stands at each path of their records."""

    events: tuple[tuple[Event, Summary], tuple[Event, Summary]]
    paths: tuple[ComparedPath, ...]

    @classmethod
    def of(cls, one: tuple[Event, Summary], other: tuple[Event, Summary]) -> "Comparison":
        """Compare two events."""
        first, second = sorted((one, other), key=lambda pair: pair[0].time)
        compared = compare_records(decoded(first[0].record), decoded(second[0].record))
        return cls((first, second), tuple(compared))

    @property
    def title(self) -> Line:
        """How many paths differ, of how many."""
        differ = sum(path.differs for path in self.paths)
        return ((f"{count(differ)} of {count(len(self.paths))} paths differ", Role.DIM),)

    def lines(self, width: int, *, all_paths: bool) -> tuple[Line, ...]:
        """The two events, then the paths that differ, or all, wrapped to `width` cells."""
        lines = [fit(self._head(number), width) for number in (0, 1)]
        lines.append(((" ", Role.PLAIN),))
        shown = [path for path in self.paths if all_paths or path.differs]
        if not shown:
            none = "the records are the same" if self.paths else "neither record could be read as JSON"
            return (*lines, ((none, Role.DIM),))
        for line in _side_by_side(shown, width) if width >= _SIDE_BY_SIDE else _stacked(shown, width):
            if len(lines) == _MOST_LINES:
                lines.append((("… only the first paths are shown", Role.DIM),))
                break
            lines.append(line)
        return tuple(lines)

    def _head(self, number: int) -> Line:
        event, summary = self.events[number]
        name = clean(event_name(summary), Role.EVENT if summary.write else Role.PLAIN)
        who = clean(summary.user or summary.role, Role.USER)
        when = times.instant_utc(event.time) if event.timed else "unreadable time"
        return (
            (f"{number + 1}  ", Role.ACCENT),
            (when, Role.TIME),
            ("  ", Role.PLAIN),
            *name,
            ("  ", Role.PLAIN),
            *who,
        )


def _side_by_side(paths: Sequence[ComparedPath], width: int) -> Iterator[Line]:
    name = min(max(cells_of(clean(path.path)) for path in paths), width * 2 // 5)
    column = (width - name - 2 * _GAP) // 2
    yield (" " * (name + _GAP), Role.PLAIN), *fit((("1", Role.ACCENT),), column + _GAP), ("2", Role.ACCENT)
    for path in paths:
        parts = [
            wrap(clean(path.path, _name_role(path)), name),
            wrap(_value(path.left, path), column),
            wrap(_value(path.right, path), column),
        ]
        for number in range(max(map(len, parts))):
            spans: list[Span] = []
            for cells, part in zip((name, column, column), parts, strict=True):
                spans += (*(fit(part[number], cells) if number < len(part) else ((" " * cells, Role.PLAIN),)),)
                spans.append((" " * _GAP, Role.PLAIN))
            yield tuple(spans[:-1])


def _stacked(paths: Sequence[ComparedPath], width: int) -> Iterator[Line]:
    for path in paths:
        yield from wrap(clean(path.path, _name_role(path)), width)
        for number, value in (("1", path.left), ("2", path.right)) if path.differs else (("=", path.left),):
            yield from wrap(((f" {number} ".ljust(_NUMBER), Role.DIM), *_value(value, path)), width, _NUMBER)


def _value(value: str | None, path: ComparedPath) -> Line:
    if value is None:
        return (("—", Role.DIM),)
    cut = f"{value[:_LONGEST]}…" if len(value) > _LONGEST else value
    return clean(cut, Role.PLAIN if path.differs else Role.DIM) or (('""', Role.DIM),)


def _name_role(path: ComparedPath) -> Role:
    return Role.LABEL if path.differs else Role.DIM
