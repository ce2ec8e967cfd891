"""CSV (RFC 4180) that is safe to open in a spreadsheet: UTF-8, a line of titles, times in UTC with Z.

What a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV injection"): at the beginning of a
cell, and behind what separates cells where commas do not, as in half of Europe.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC
from typing import Final

from ctui.model.event.event import Event
from ctui.model.event.identity import caller_of
from ctui.model.event.outcome import failure_of
from ctui.model.event.record_view import RecordView
from ctui.model.filter.predicate import values_of
from ctui.render.panes.columns import ERROR, EVENT, USER
from ctui.render.text.safe import stand_in

TIME: Final = "time"
"""The title of the first column, which is always there."""
BETWEEN: Final = "; "
"""Stands between the values of a cell that has several."""
_BLANK: Final = r" \x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
"""What spreadsheets may skip at the beginning of a cell; tabs and line breaks, which OWASP names, are not in it."""
_BEGIN: Final = r"[=+@\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20-]"
"""What a formula begins with, also small or as wide as a Chinese character."""
_FORMULA: Final = re.compile(rf"^(?=[\t\r\n]|[\t\r\n{_BLANK}]*{_BEGIN})|[;\t\r\n](?=[{_BLANK}]*{_BEGIN})")
"""Where an apostrophe goes. No character is looked at more than a few times, however many blanks there are."""
_NOT_CSV: Final = re.compile("[\0\ud800-\udfff]")
"""At a NUL readers end the cell or refuse the file; half a surrogate pair is no UTF-8."""


class Csv:
    """A table: the time, then the columns that were chosen. Cells are not shortened as the list shortens them."""

    def __init__(self, columns: Sequence[str]) -> None:
        """`columns` are called as on the screen: usual columns, fields of the filter line, and paths of a record."""
        self._columns = tuple(columns)

    def head(self) -> bytes:
        """The line of titles."""
        return csv_lines([(TIME, *self._columns)])

    def rows(self, events: Sequence[Event], region: str = "") -> bytes:
        """A line for each event. The time of an event whose time could not be read is empty."""
        return csv_lines(_cells(event, RecordView(event, region), self._columns) for event in events)

    def tail(self) -> bytes:
        """Nothing."""
        return b""


def _cells(event: Event, view: RecordView, columns: Sequence[str]) -> list[str]:
    time = f"{event.time.astimezone(UTC).replace(tzinfo=None).isoformat()}Z" if event.timed else ""
    return [time, *(_OWN[name](view) if name in _OWN else BETWEEN.join(values_of(view, name)) for name in columns)]


_OWN: Final[Mapping[str, Callable[[RecordView], str]]] = {
    EVENT: lambda view: view.call()[1],
    USER: lambda view: caller_of(view.record, view.event.username).user,
    ERROR: lambda view: failure_of(view.record),
}
"""Columns that say something else than the field of their name, as in the list."""


def csv_lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows of cells as lines, each cell made safe."""
    written = io.StringIO(newline="")
    csv.writer(written).writerows([_safe(cell) for cell in row] for row in rows)
    return written.getvalue().encode()


def _safe(cell: str) -> str:
    shown = _NOT_CSV.sub(lambda found: stand_in(found[0]), cell)
    return _FORMULA.sub(r"\g<0>'", shown)
