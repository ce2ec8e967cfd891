"""RowsAtHand: the rows that the event table has read, the columns it shows, and how wide the rows make them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from ctui.model.event.summary import Summary
from ctui.render.panes.columns import REGION, USUAL, ColumnNeeds, Columns, columns_for
from ctui.render.panes.event_lines import needs_of, value_cell
from ctui.render.roles import Line
from ctui.render.text.spans import width

ReadSummaries = Callable[[Sequence[int]], Mapping[int, Summary]]
"""Reads rows by id, quickly and on the loop; leaves out what is no longer stored."""
ReadValues = Callable[[Sequence[int], Sequence[str]], Awaitable[Mapping[int, Mapping[str, Sequence[str]]]]]
"""Reads values of rows by id and by field or path, off the loop; leaves out what is no longer stored."""
_KEPT = 2_000
"""Rows kept at hand."""


class RowsAtHand:
    """Reading rows can make columns wider; drawing finds rows and columns as they are."""

    def __init__(self, read: ReadSummaries) -> None:
        self._read = read
        self._summaries: dict[int, Summary] = {}
        self._cells: dict[int, dict[str, Line]] = {}
        self._needs = ColumnNeeds()
        self._measured: set[int] = set()
        self._chosen: tuple[str, ...] = USUAL
        self._region = ""
        self.columns: Columns = columns_for(0, {})
        """The columns that are shown, and their widths."""

    def __contains__(self, row_id: int) -> bool:
        """True if the row was read."""
        return row_id in self._summaries

    @property
    def chosen(self) -> tuple[str, ...]:
        """The columns to show, if there is room and they are not empty."""
        return self._chosen

    @property
    def paths(self) -> tuple[str, ...]:
        """The chosen columns whose values are read from the records."""
        return tuple(name for name in self._chosen if name not in USUAL)

    @property
    def one_region(self) -> str:
        """The Region of all rows that were read, if only that is searched; "" if a column has to say it."""
        return "" if REGION in self.columns.names else self._region

    def forget(self) -> None:
        """Other rows are shown: their columns are as wide as they need."""
        self._summaries.clear()
        self._cells.clear()
        self.fit()

    def read(self, ids: Sequence[int]) -> None:
        """Read these rows, unless they were, and make the columns wide enough for them."""
        if len(self._summaries) > _KEPT:
            self._summaries.clear()
            self._cells.clear()
            self._measured.clear()
        wanted = [each for each in ids if each not in self._summaries]
        for row_id, summary in (self._read(wanted) if wanted else {}).items():
            self._summaries[row_id] = summary
        for row_id in ids:
            if row_id in self._summaries and row_id not in self._measured:
                self._measure(row_id)

    def fit(self) -> None:
        """Other rows are shown: columns are as wide as those need that are measured from now on."""
        self._needs = ColumnNeeds()
        self._measured.clear()

    def is_measured(self, ids: Iterable[int]) -> bool:
        """True if the columns are wide enough for all these rows."""
        return self._measured.issuperset(ids)

    def _measure(self, row_id: int) -> None:
        if (summary := self._summaries.get(row_id)) is not None:
            self._measured.add(row_id)
            self._needs.add(needs_of(summary, self._region))
        self._needs.add({path: width(cell) for path, cell in self._cells.get(row_id, {}).items()})

    def summary(self, row_id: int) -> Summary | None:
        """A row that was read; None if it was not."""
        return self._summaries.get(row_id)

    def cells(self, row_id: int) -> Mapping[str, Line]:
        """The cells of a row's paths, as far as they were read."""
        return self._cells.get(row_id, {})

    def without_values(self, ids: Iterable[int]) -> list[int]:
        """The rows among these whose paths were not read; none if there are no paths."""
        return [each for each in ids if each not in self._cells] if self.paths else []

    def add_values(self, values: Mapping[int, Mapping[str, Sequence[str]]]) -> None:
        """The values of paths, by row and path."""
        for row_id, by_path in values.items():
            self._cells[row_id] = {path: value_cell(texts) for path, texts in by_path.items()}
            self._measure(row_id)

    def choose(self, columns: Sequence[str]) -> None:
        """Show these columns, in this order."""
        self._chosen = tuple(columns)
        self._cells.clear()

    def search(self, region: str) -> None:
        """One Region is searched, or "" for several: rows need not repeat it."""
        if region != self._region:
            self._region, self._needs = region, ColumnNeeds()
            for row_id in self._measured:
                self._measure(row_id)

    def lay_out(self, width: int) -> bool:
        """Make the columns for lines of that many cells; True if they differ from those before."""
        before, self.columns = self.columns, columns_for(width, self._needs.cells, self._chosen)
        return self.columns != before
