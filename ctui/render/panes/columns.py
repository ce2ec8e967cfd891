"""Columns of the event table: which are shown and how wide, from what the rows need and the width that is there.

All rows on the screen share them, so that the eye can follow a column straight down.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from ctui.model.values import dataclass

TIME_TITLE: Final = "time UTC"
"""The title of the first column, which is always there."""
MARK_CELLS = 2
TIME_CELLS = len(TIME_TITLE)

EVENT: Final = "event"
USER: Final = "user"
IP: Final = "ip"
SOURCE: Final = "source"
RESOURCE: Final = "resource"
ACCOUNT: Final = "account"
REGION: Final = "region"
ERROR: Final = "error"
ROLE: Final = "user and role"
"""Not a column: what a user's cell needs to hold the role behind the person too."""

USUAL: tuple[str, ...] = (EVENT, USER, IP, SOURCE, RESOURCE, ACCOUNT, REGION, ERROR)
"""The columns until a person chooses others, as a sentence has them: what, who, where from, on what, how it ended."""

_ROOMY = 130
"""From this width on, columns stand two blanks apart."""
_CROWDED = 80
"""Below this width a column comes only where event and user keep the room they usually need."""


@dataclass(frozen=True, slots=True)
class _Room:
    """How many cells a column is given if its rows need them."""

    least: int
    """With less it is left out; below `_CROWDED` with less than `usual`."""
    usual: int
    most: int
    """Before error and resource share what is left."""


_ROOMS: Mapping[str, _Room] = {
    EVENT: _Room(18, 26, 40),
    USER: _Room(13, 19, 40),
    IP: _Room(15, 15, 15),
    SOURCE: _Room(8, 10, 16),
    RESOURCE: _Room(10, 14, 16),
    ACCOUNT: _Room(12, 12, 16),
    REGION: _Room(9, 9, 14),
    ERROR: _Room(12, 12, 22),
}
_ANY_PATH = _Room(8, 12, 24)
"""For the values of a path."""
_LEAVE = (RESOURCE, IP, ERROR, REGION, ACCOUNT)
"""What is left out first where there is no room; then paths from the right, then user."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one column is, in cells."""

    name: str
    start: int
    cells: int


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are shown, from left to right, behind mark and time."""

    places: tuple[Place, ...]
    width: int
    """Cells of a whole line."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that are shown."""
        return tuple(place.name for place in self.places)


class ColumnNeeds:
    """How many cells the rows that were looked at need of each column. Needs only grow, so that columns keep still."""

    def __init__(self) -> None:
        self.cells: dict[str, int] = {}

    def add(self, needs: Mapping[str, int]) -> None:
        """One more row: the cells it needs of each column; 0 where it has nothing to show."""
        for name, cells in needs.items():
            if cells > self.cells.get(name, 0):
                self.cells[name] = cells


def title_of(name: str) -> str:
    """A column's title: its name, of a path the last part."""
    return name.rsplit(".", 1)[-1]


def usual_cells(name: str) -> int:
    """How many cells a column usually needs."""
    return _room(name).usual


def columns_for(width: int, needs: Mapping[str, int], chosen: Sequence[str] = USUAL) -> Columns:
    """The chosen columns that have something to show and fit into a line of that many cells.

    Event and user are there even if they have to be cut. A service's name comes only where nothing else is cut.
    """
    gap = 2 if width >= _ROOMY else 1
    room = max(0, width - MARK_CELLS - TIME_CELLS)
    wanted = {
        name: max(needs.get(name, 0), len(title_of(name)))
        for name in chosen
        if needs.get(name) or name in (EVENT, USER)
    }
    sizes = _least(wanted, room, gap, crowded=width < _CROWDED)
    left = room - sum(sizes.values()) - gap * len(sizes)
    # A Region that is cut may be one of several.
    left = _grow(sizes, {name: min(wanted[name], _room(name).most) for name in (REGION,) if name in sizes}, left)
    left = _grow(sizes, {name: min(wanted[name], _room(name).usual) for name in (EVENT, USER) if name in sizes}, left)
    left = _grow(sizes, {name: min(wanted[name], _room(name).most) for name in sizes}, left)
    if USER in sizes:
        left = _grow(sizes, {USER: max(wanted[USER], needs.get(ROLE, 0))}, left)
    left = _grow(sizes, wanted, left)
    if SOURCE in wanted and wanted[SOURCE] + gap <= left:
        sizes[SOURCE] = wanted[SOURCE]
    places: list[Place] = []
    at = MARK_CELLS + TIME_CELLS
    for name in chosen:
        if name in sizes:
            places.append(Place(name, at + gap, sizes[name]))
            at += gap + sizes[name]
    return Columns(tuple(places), width)


def _room(name: str) -> _Room:
    return _ROOMS.get(name, _ANY_PATH)


def _least(wanted: Mapping[str, int], room: int, gap: int, *, crowded: bool) -> dict[str, int]:
    """The columns for which there is room, with the cells they need at the least."""
    sizes = {
        name: min(cells, _room(name).usual if crowded else _room(name).least)
        for name, cells in wanted.items()
        if name != SOURCE
    }
    usual = sum(min(cells, _room(name).usual) for name, cells in wanted.items() if name != SOURCE)
    if usual + gap * len(sizes) > room and ACCOUNT not in sizes:
        # The first that gives way, so that no name is cut for it. Among rows of several accounts it says where to look.
        sizes.pop(REGION, None)
    paths = [name for name in reversed(sizes) if name not in _ROOMS]
    for name in (*_LEAVE, *paths):
        if sum(sizes.values()) + gap * len(sizes) <= room:
            return sizes
        sizes.pop(name, None)
    excess = sum(sizes.values()) + gap * len(sizes) - room
    for name in (USER, EVENT):
        if excess > 0 and name in sizes:
            cut = min(excess, sizes[name] - 1)
            sizes[name] -= cut
            excess -= cut
    for name in (USER, EVENT):
        if excess > 0 and name in sizes:
            excess -= sizes.pop(name) + gap
    return sizes


def _grow(sizes: dict[str, int], goals: Mapping[str, int], left: int) -> int:
    """Give each column what it lacks of its goal, the same to all while it lasts; returns what is left."""
    while left > 0 and (growing := [name for name, goal in goals.items() if name in sizes and sizes[name] < goal]):
        each = max(1, left // len(growing))
        for name in growing:
            more = min(each, goals[name] - sizes[name], left)
            sizes[name] += more
            left -= more
    return left
