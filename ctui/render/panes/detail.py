"""The head of the detail pane, and the record below it."""

from collections.abc import Iterator
from datetime import datetime, tzinfo

from ctui.model.event.event import Event
from ctui.model.event.summary import Summary
from ctui.model.values import dataclass
from ctui.render.panes.pane_title import detail_title
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.notable import notable_text
from ctui.render.text.record_text import copy_text, decoded, record_lines
from ctui.render.text.sentence import sentence
from ctui.render.text.spans import clean, fit, wrap
from ctui.render.text.spans import width as cells_of

__all__ = ["EventDetail", "detail_head", "sentence"]

_LABEL = 9
_NO_TIME: Line = (("unreadable", Role.WARNING), (" · listed at ", Role.DIM))


@dataclass(frozen=True, slots=True)
class EventDetail:
    """One event as its pane shows it. Title, sentence, JSON and what is copied are all made of this one value."""

    row_id: int
    event: Event
    summary: Summary
    zone: tzinfo | None
    """The person's time zone; None for the machine's."""

    @property
    def title(self) -> Line:
        """What the pane's border says of it."""
        return detail_title(self.summary)

    def head(self, width: int) -> tuple[Line, ...]:
        """The sentence and the facts above the record, wrapped to `width` cells."""
        return detail_head(self.event, self.summary, self.zone, width)

    def record(self, width: int) -> Iterator[Line]:
        """The record's lines, indented, colored and safe to draw in `width` cells, each made when it is asked for."""
        return record_lines(self.event.body, width)

    @property
    def copied(self) -> str:
        """The record as it is copied: indented, pure ASCII."""
        return copy_text(self.event.body)


def detail_head(event: Event, summary: Summary, zone: tzinfo | None, width: int) -> tuple[Line, ...]:
    """The sentence, the instant in UTC and in `zone` (the machine's own when None), the error, the id; wrapped."""
    record = decoded(event.record)
    lines = list(wrap(sentence(event, summary), width))
    when = _when(event.time, zone)
    facts: list[tuple[str, Line]] = [("When", when if event.timed else (*_NO_TIME, *when))]
    if event.oddity is not None:
        label, role = ("Unread", Role.WARNING) if event.oddity.lost else ("Odd", Role.PLAIN)
        facts += [(label if not place else "", clean(why, role)) for place, why in enumerate(event.oddity.reasons)]
    if summary.error:
        message = record.get("errorMessage")
        said = clean(": " + message) if isinstance(message, str) and message else ()
        facts.append(("Error", (*clean(summary.error, Role.ERROR), *said)))
    if summary.notable:
        facts.append(("Notable", notable_text(record, summary)))
    if len(event.resources) > 1:
        names = [clean(resource.name or resource.type or "") for resource in event.resources]
        on: list[tuple[str, Role]] = []
        for name in filter(None, names):
            on += [(", ", Role.DIM), *name] if on else name
        facts.append(("On", tuple(on)))
    if isinstance(agent := record.get("userAgent"), str) and agent:
        # In one line: agents can be of any length, and the record below holds all of it.
        room = max(1, width - _LABEL)
        agent_line = clean(agent, Role.DIM)
        facts.append(("Agent", fit(agent_line, room) if cells_of(agent_line) > room else agent_line))
    facts.append(("Event ID", clean(event.event_id, Role.DIM)))
    for label, value in facts:
        for index, line in enumerate(wrap(value, max(1, width - _LABEL))):
            lines.append((*fit(((label if not index else "", Role.LABEL),), min(_LABEL, max(0, width - 1))), *line))
    return tuple(lines)


def _when(instant: datetime, zone: tzinfo | None) -> Line:
    return (
        (times.instant_utc(instant), Role.TIME),
        (" · ", Role.DIM),
        (times.instant_local(instant, zone), Role.PLAIN),
        (" local", Role.DIM),
    )
