"""Headings: which line of the event table is an event, and which a day's heading or where knowledge ends."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ctui.model.values import dataclass
from ctui.render.panes.horizon_line import HorizonWords, MissingScopes

if TYPE_CHECKING:
    from ctui.render.panes.hole_line import HoleWords

_DAY = 86_400


class DatedRows(Protocol):
    """Row ids, newest first, whose times can be asked for; an EventQuery is one."""

    @property
    def ids(self) -> Sequence[int]:
        """The ids."""

    def index_of(self, row_id: int) -> int | None:
        """The index of a row, or None if it is not among them."""

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index."""

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, older than an epoch second; the count where none is."""


class HorizonAt(NamedTuple):
    """Where the knowledge of some scopes ends."""

    second: int | None
    """The epoch second back to which they are known; None if nothing is."""
    missing: MissingScopes


class HoleAt(NamedTuple):
    """Where log files may be missing."""

    second: int
    """Its line stands before the first row that is older than this epoch second."""
    words: "HoleWords"


_MOST_HOLES = 200
"""Lines that say where log files may be missing; the newest ones."""
_MOST_HORIZONS = 3
"""Lines that say where knowledge ends; the last of them counts what ends further down."""


@dataclass(frozen=True, slots=True)
class Headings:
    """Rows (newest first) with a line before each day's first one, and one before the first row that some scopes do not
    know. Rows and lines count from 0."""

    rows: int
    starts: tuple[int, ...] = ()
    """The row below each heading."""
    heads: tuple[int, ...] = ()
    """The line of each heading."""
    labels: "tuple[date | HorizonWords | HoleWords, ...]" = ()
    """What each heading says: a day, what is missing from there on, or where files may be missing."""
    day_starts: tuple[int, ...] = ()
    """The row each day begins with."""
    dates: tuple[date, ...] = ()
    """The days, UTC, in the order of `day_starts`."""

    @classmethod
    def of(cls, rows: DatedRows, horizons: Sequence[HorizonAt] = (), holes: Sequence[HoleAt] = ()) -> "Headings":
        """Divide rows by their UTC day, where scopes end, and where files may be missing: a bisection for each."""
        count = len(rows.ids)
        days: list[tuple[int, date]] = []
        row = 0
        while row < count:
            midnight = rows.second_at(row) // _DAY * _DAY
            days.append((row, datetime.fromtimestamp(midnight, UTC).date()))
            row = rows.first_before(midnight, row)
        missing = [(rows.first_before(hole.second), hole.words) for hole in holes[:_MOST_HOLES]]
        headings: list[tuple[int, date | HorizonWords | HoleWords]] = [
            *_ends(rows, horizons),
            *((row, words) for row, words in missing if row < count),
            *days,
        ]
        # What is missing from a day on stands above the day.
        headings.sort(key=lambda heading: (heading[0], isinstance(heading[1], date)))
        starts = tuple(row for row, _ in headings)
        return cls(
            count,
            starts,
            tuple(row + number for number, row in enumerate(starts)),
            tuple(label for _, label in headings),
            tuple(row for row, _ in days),
            tuple(day for _, day in days),
        )

    @property
    def lines(self) -> int:
        """How many lines rows and headings take."""
        return self.rows + len(self.starts)

    def heading_at(self, line: int) -> "date | HorizonWords | HoleWords | None":
        """What the heading on a line says; None for a row."""
        head = bisect_right(self.heads, line) - 1
        return self.labels[head] if self.heads[head] == line else None

    def row_at(self, line: int) -> int | None:
        """The row drawn on a line, or None for a heading."""
        head = bisect_right(self.heads, line) - 1
        return None if self.heads[head] == line else line - head - 1

    def row_from(self, line: int) -> int:
        """The row drawn on a line, or on the first one below it that is no heading."""
        head = bisect_right(self.heads, line) - 1
        return self.starts[head] if self.heads[head] == line else line - head - 1

    def date_at(self, line: int) -> date:
        """The day a line belongs to."""
        return self.dates[bisect_right(self.day_starts, self.row_from(line)) - 1]

    def line_of(self, row: int) -> int:
        """The line a row is drawn on."""
        return row + bisect_right(self.starts, row)


def _ends(rows: DatedRows, horizons: Sequence[HorizonAt]) -> list[tuple[int, HorizonWords]]:
    """The rows below which something is missing, newest first, and what: in as few lines as there are places."""
    places: dict[int, list[MissingScopes]] = {}
    for second, missing in horizons:
        row = 0 if second is None else rows.first_before(second)
        if row < len(rows.ids):
            places.setdefault(row, []).append(missing)
    ordered = sorted(places.items())
    more = sum(len(one.names) for _, missing in ordered[_MOST_HORIZONS:] for one in missing)
    shown = ordered[:_MOST_HORIZONS]
    return [
        (row, HorizonWords(tuple(missing), more if number == len(shown) else 0))
        for number, (row, missing) in enumerate(shown, 1)
    ]
