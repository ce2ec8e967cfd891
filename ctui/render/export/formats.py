"""The formats in which events leave ctui: what each is called, what a file's name ends with, and what makes it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from ctui.model.event.format import Format
from ctui.model.filter.fields import ID
from ctui.model.values import dataclass
from ctui.render.export.csv_format import Csv
from ctui.render.export.ids import Ids
from ctui.render.export.json_formats import JsonArray, LogFile, NdJson
from ctui.render.panes.columns import USUAL

__all__ = ["CSV_COLUMNS", "FORMATS", "Format", "FormatRow"]

CSV_COLUMNS: Final = (*USUAL, ID.name)
"""The columns of CSV if no one has chosen others."""


@dataclass(frozen=True, slots=True)
class FormatRow:
    """One format."""

    name: str
    """As an option has it."""
    title: str
    """As a person reads it."""
    ending: str
    """What the names of its files end with."""
    means: str
    """What it is, in a few words."""
    make: Callable[[Sequence[str]], Format]
    """Makes a new one; the columns are those of CSV."""
    has_columns: bool = False
    """True if columns can be chosen for it."""


FORMATS: Final[Mapping[str, FormatRow]] = {
    row.name: row
    for row in (
        FormatRow("ndjson", "NDJSON", ".ndjson", "one record a line, as the service sent it", lambda _: NdJson()),
        FormatRow("json", "JSON", ".json", "a JSON array of records", lambda _: JsonArray()),
        FormatRow("csv", "CSV", ".csv", "a table for spreadsheets, times in UTC", Csv, has_columns=True),
        FormatRow("ids", "event IDs", ".txt", "one event ID a line", lambda _: Ids()),
        FormatRow("log", "log file", ".json.gz", "a CloudTrail log file, which other tools read", lambda _: LogFile()),
    )
}
"""By name, in the order in which they are offered."""
