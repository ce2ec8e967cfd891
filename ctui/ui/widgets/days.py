"""Days: which line of the event table is a day's heading and which an event, found by bisection."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Protocol

from ctui.model.values import dataclass

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


@dataclass(frozen=True, slots=True)
class Days:
    """Rows (newest first) with a heading line before each day's first one. Rows and lines count from 0."""

    rows: int
    starts: tuple[int, ...] = ()
    """The row each day begins with."""
    dates: tuple[date, ...] = ()
    """The days, UTC, in the order of `starts`."""
    heads: tuple[int, ...] = ()
    """The line of each day's heading."""

    @classmethod
    def of(cls, rows: DatedRows) -> "Days":
        """Divide rows by their UTC day. Costs a bisection for each day."""
        count = len(rows.ids)
        starts: list[int] = []
        dates: list[date] = []
        row = 0
        while row < count:
            midnight = rows.second_at(row) // _DAY * _DAY
            starts.append(row)
            dates.append(datetime.fromtimestamp(midnight, UTC).date())
            row = rows.first_before(midnight, row)
        return cls(count, tuple(starts), tuple(dates), tuple(row + n for n, row in enumerate(starts)))

    @property
    def lines(self) -> int:
        """How many lines rows and headings take."""
        return self.rows + len(self.starts)

    def row_at(self, line: int) -> int | None:
        """The row drawn on a line, or None for a day's heading."""
        head = bisect_right(self.heads, line) - 1
        return None if self.heads[head] == line else line - head - 1

    def date_at(self, line: int) -> date:
        """The day a line belongs to."""
        return self.dates[bisect_right(self.heads, line) - 1]

    def line_of(self, row: int) -> int:
        """The line a row is drawn on."""
        return row + bisect_right(self.starts, row)
