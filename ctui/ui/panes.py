"""PANES: the one table of panes. Title, key, place and what enter does are read here by screen, registry and help."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean

WIDE = 120
"""Columns from which Trails and Status have their own column; below, they slide in on demand."""


class Pane(StrEnum):
    """The panes by id; the value is also the id of the widget and of the action that goes there."""

    TRAILS = "trails"
    STATUS = "status"
    SHAPE = "shape"
    EVENTS = "events"
    DETAIL = "detail"


class PaneColumn(StrEnum):
    """Where a pane lies and when it folds away; the value is the id of its column in the style sheet."""

    SIDE = "side"
    """In the left column. Below 120 columns it slides in over the events, as long as it is wanted."""
    ABOVE = "above"
    """In the right column over the events, once it is opened."""
    MAIN = "main"
    """In the right column, in sight unless the record takes all the room."""
    BELOW = "below"
    """In the right column under the events, once it is opened."""


@dataclass(frozen=True, slots=True)
class PaneRow:
    """What there is to know of one pane."""

    pane: Pane
    key: str
    """The key that goes there."""
    title: str
    """What its border says, before what is in it."""
    name: str
    """What the palette calls it."""
    help: str
    """One sentence: what the key does."""
    place: PaneColumn
    on_enter: str
    """Id of the action that enter does there."""
    edits_trails: bool = False
    """Whether the keys that change a trail work there."""

    @property
    def in_footer(self) -> bool:
        """Whether the footer adds enter for this pane; the action that opens the record is in the footer already."""
        return self.on_enter != "open"


PANES: tuple[PaneRow, ...] = (
    PaneRow(
        Pane.TRAILS, "1", "Trails", "trails", "Go to the list of trails.",
        PaneColumn.SIDE, on_enter="status", edits_trails=True,
    ),
    PaneRow(
        Pane.STATUS, "2", "Status", "status", "Go to the status of the selected trail; also enter in Trails.",
        PaneColumn.SIDE, on_enter="every-field", edits_trails=True,
    ),
    PaneRow(
        Pane.SHAPE, "h", "Shape", "shape", "Show when events happened and what they share, or hide it again.",
        PaneColumn.ABOVE, on_enter="facet",
    ),
    PaneRow(Pane.EVENTS, "3", "Events", "events", "Go to the list of events.", PaneColumn.MAIN, on_enter="open"),
    PaneRow(
        Pane.DETAIL, "4", "Detail", "event record", "Go to the selected event's record.",
        PaneColumn.BELOW, on_enter="value",
    ),
)  # fmt: skip
"""Every pane, in the order of keys, of tab, and from top to bottom in its column."""

_ROWS: Mapping[Pane, PaneRow] = {row.pane: row for row in PANES}


def pane_row(pane: Pane) -> PaneRow:
    """The row of a pane."""
    return _ROWS[pane]


def panes_in(*places: PaneColumn) -> tuple[Pane, ...]:
    """The panes of these places, in the order of their keys."""
    return tuple(row.pane for row in PANES if row.place in places)


def editing_panes() -> tuple[Pane, ...]:
    """The panes in which the keys that change a trail work."""
    return tuple(row.pane for row in PANES if row.edits_trails)


def panes_named(panes: Sequence[Pane]) -> str:
    """Panes by title and key, as a sentence lists them: `Trails (1) and Status (2)`."""
    names = [f"{pane_row(pane).title} ({pane_row(pane).key})" for pane in panes]
    return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def pane_key(pane: Pane) -> Line:
    """The beginning of a pane's title: its key."""
    return ((f"{pane_row(pane).key} ", Role.DIM),)


def pane_heading(pane: Pane, content: str = "") -> Line:
    """The left part of a pane's title: its key, its name, and what is in it."""
    line: Line = (*pane_key(pane), (pane_row(pane).title, Role.STRONG))
    return (*line, (" ── ", Role.DIM), *clean(content)) if content else line


def files_heading() -> Line:
    """The left part of the title of Trails, where log files are all that is looked at."""
    return (*pane_key(Pane.TRAILS), ("Log files", Role.STRONG))
