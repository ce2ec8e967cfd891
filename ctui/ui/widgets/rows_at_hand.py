"""RowsAtHand: the rows that the event table has read, the columns it shows, and how wide the rows make them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence, Sized
from dataclasses import replace

from ctui.model.event.summary import Summary
from ctui.render.panes.columns import ACCOUNT, REGION, USUAL, ColumnNeeds, Columns, columns_for
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
        self._searched: frozenset[str] = frozenset()
        self._names: Mapping[str, str] = {}
        self._seen: dict[str, set[str]] = {ACCOUNT: set(), REGION: set()}
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
        """The Region of all rows that were read, or the only one that is searched; "" if they differ, or if a column
        says it."""
        regions = self._regions
        return next(iter(regions)) if len(regions) == 1 and REGION not in self.columns.names else ""

    @property
    def _regions(self) -> set[str]:
        return self._seen[REGION] | self._searched - {""}

    def forget(self) -> None:
        """Other rows are shown: their columns are as wide as they need."""
        self._summaries.clear()
        self._cells.clear()
        self.fit()

    def reread(self) -> None:
        """Lines say something else now, at the same widths or wider."""
        self._summaries.clear()
        self._measured.clear()

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
        for values in self._seen.values():
            values.clear()

    def is_measured(self, ids: Iterable[int]) -> bool:
        """True if the columns are wide enough for all these rows."""
        return self._measured.issuperset(ids)

    def _measure(self, row_id: int) -> None:
        if (summary := self.summary(row_id)) is not None:
            self._measured.add(row_id)
            self._needs.add(needs_of(summary))
            self._seen[ACCOUNT] |= {summary.account} - {""}
            # An event of several Regions makes the column one to show.
            self._seen[REGION] |= {summary.region, f"+{summary.more_scopes}"} - {"", "+0"}
        self._needs.add({path: width(cell) for path, cell in self._cells.get(row_id, {}).items()})

    def summary(self, row_id: int) -> Summary | None:
        """A row that was read, its account by its name if it has one; None if it was not."""
        summary = self._summaries.get(row_id)
        if summary is None or summary.account not in self._names:
            return summary
        return replace(summary, account=self._names[summary.account])

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

    def add_scopes(self, scopes: Mapping[int, Sized]) -> bool:
        """In which scopes the events of these rows were found; True if a row looks different for it."""
        changed = False
        for row_id, found in scopes.items():
            summary = self._summaries.get(row_id)
            if summary is not None and summary.more_scopes != len(found) - 1:
                self._summaries[row_id] = replace(summary, more_scopes=len(found) - 1)
                self._measure(row_id)
                changed = True
        return changed

    def choose(self, columns: Sequence[str]) -> None:
        """Show these columns, in this order."""
        self._chosen = tuple(columns)
        self._cells.clear()

    def search(self, regions: Iterable[str], names: Mapping[str, str]) -> bool:
        """Rows are of one of these Regions, whatever was read of them; `names` are those of accounts. True if rows
        look different."""
        self._searched = frozenset(regions)
        if names == self._names:
            return False
        self._names = names
        measured = list(self._measured)
        self.fit()
        for row_id in measured:
            self._measure(row_id)
        return True

    def lay_out(self, width: int) -> bool:
        """Make the columns for lines of that many cells; True if they differ from those before."""
        # What is the same in all rows is not repeated in each.
        same = {name: 0 for name, varies in self._varying.items() if not varies}
        before, self.columns = self.columns, columns_for(width, {**self._needs.cells, **same}, self._chosen)
        return self.columns != before

    @property
    def _varying(self) -> dict[str, bool]:
        return {ACCOUNT: len(self._seen[ACCOUNT]) > 1, REGION: len(self._regions) > 1}
