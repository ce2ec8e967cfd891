"""What writes the rows of an answer: as a table for people, or in one of the formats in which events leave ctui."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from ctui.config.remembered import RememberedColumns, remembered_file
from ctui.core.session import Session
from ctui.errors import SettingsError
from ctui.model.event.format import Format, rows_by_region
from ctui.model.event.summary import Summary
from ctui.model.filter.editing.column_names import column_called
from ctui.parsing import shown
from ctui.render.export.formats import CSV_COLUMNS, FORMATS
from ctui.render.panes.columns import (
    ACCOUNT,
    MARK_CELLS,
    REGION,
    USUAL,
    ColumnNeeds,
    Columns,
    columns_for,
    usual_cells,
)
from ctui.render.panes.event_lines import day_line, event_row, needs_of, titles, value_cell
from ctui.render.roles import Line
from ctui.render.text.spans import plain, width

TABLE = "table"
"""The format for people."""
LOG = "log"
"""The format that is compressed."""
_ANY_WIDTH = 100_000
"""Cells of a line that nothing has to be cut for."""


class Writer(Protocol):
    """Makes the bytes of an answer, in three parts."""

    gone: int
    """Rows that the store had deleted before they were read."""

    def head(self) -> bytes:
        """What comes before the first row."""
        ...

    async def rows(self, ids: Sequence[int]) -> bytes:
        """The next rows. Raises StoreError."""
        ...

    def tail(self) -> bytes:
        """What comes behind the last row."""
        ...


class FormatWriter:
    """Writes whole events in a format."""

    def __init__(self, made: Format, session: Session) -> None:
        self.gone = 0
        self._format = made
        self._session = session
        self.head = made.head
        self.tail = made.tail

    async def rows(self, ids: Sequence[int]) -> bytes:
        """The next events, read off the loop. Raises StoreError."""
        events = await self._session.read_events(ids)
        self.gone += len(ids) - len(events)
        return rows_by_region(self._format, events)


class TableWriter:
    """Writes a line for each event, in the columns of the screen.

    On a terminal a line is cut to its width, a line stands between two days, and titles stand again where a row brings
    another column. Elsewhere nothing is cut, and each line says its day, so that it can be found and sorted by itself.
    """

    def __init__(self, session: Session, columns: Sequence[str], width: int | None) -> None:
        """`width`: cells of the terminal; None for a file or a pipe."""
        self.gone = 0
        self._session = session
        self._chosen = tuple(columns)
        self._paths = tuple(name for name in columns if name not in USUAL)
        self._width = width
        self._needs = ColumnNeeds()
        if width is None:
            # From the first line on, each column has its place, whichever rows come later.
            self._needs.add({name: usual_cells(name) for name in columns if name not in (ACCOUNT, REGION)})
        self._titled: tuple[str, ...] | None = None
        """The columns that the last titles name."""
        self._day: date | None = None

    def head(self) -> bytes:
        """Nothing: the titles come with the first row, which says how wide the columns are."""
        return b""

    async def rows(self, ids: Sequence[int]) -> bytes:
        """The next lines, read from the store. Raises StoreError."""
        state = self._session.state
        region = "" if state.added_regions or state.connection is None else state.connection.region
        account = state.accounts[0] if len(state.accounts) == 1 else ""
        values = await self._session.values(ids, self._paths) if self._paths else {}
        cells = {row_id: {name: value_cell(of[name]) for name in self._paths} for row_id, of in values.items()}
        stored = self._session.summaries(ids)
        self.gone += len(ids) - len(stored)
        for place, row in enumerate(stored):
            if row.far:
                await self._session.read_far([row.row_id])
                stored[place : place + 1] = self._session.summaries([row.row_id])
        for row in stored:
            needs = {name: width(cell) for name, cell in cells.get(row.row_id, {}).items()}
            self._needs.add(needs_of(row.summary, region, account) | needs)
        columns = self._columns()
        lines: list[str] = []
        if stored and self._titled != columns.names:
            self._titled = columns.names
            lines.append(self._dated(titles(columns), "day"))
        for row in stored:
            lines += self._line(row.summary, columns, cells.get(row.row_id, {}))
        return "".join(f"{line.rstrip()}\n" for line in lines).encode(errors="backslashreplace")

    def tail(self) -> bytes:
        """Nothing."""
        return b""

    def _columns(self) -> Columns:
        columns = columns_for(self._width or _ANY_WIDTH, self._needs.cells, self._chosen)
        if self._width is not None or not columns.places:
            return columns
        last = columns.places[-1]
        return replace(columns, width=last.start + last.cells)

    def _line(self, summary: Summary, columns: Columns, cells: Mapping[str, Line]) -> list[str]:
        line = event_row(summary, columns, cells)
        if self._width is None:
            return [self._dated(line, f"{summary.time:%Y-%m-%d}" if summary.timed else "????-??-??")]
        between, day = [], summary.time.date()
        if day != self._day:
            between = [plain(day_line(day, self._width))]
            self._day = day
        return [*between, plain(line)]

    def _dated(self, line: Line, day: str) -> str:
        """The line with a day before the time, where there are no lines between days."""
        text = plain(line)
        return text if self._width is not None else f"{text[:MARK_CELLS]}{day:10} {text[MARK_CELLS:]}"


def columns_of(chosen: str | None, format_name: str) -> Sequence[str]:
    """The columns that a person names, by commas, of a table or of CSV; without any, those of the screen for a table.

    Raises SettingsError for a name that is neither a field nor a path.
    """
    if chosen is not None:
        return [_column(name.strip()) for name in chosen.split(",")]
    if format_name == TABLE:
        return RememberedColumns(remembered_file()).load() or USUAL
    return CSV_COLUMNS


def _column(name: str) -> str:
    if column := column_called(name):
        return column
    raise SettingsError("Columns", f"{shown(name)} is neither a field nor a path of a record.")


def writer_for(name: str, session: Session, columns: Sequence[str], width: int | None) -> Writer:
    """The writer of the format with this name; `width` as for a table."""
    if name == TABLE:
        return TableWriter(session, columns, width)
    return FormatWriter(FORMATS[name].make(columns), session)
