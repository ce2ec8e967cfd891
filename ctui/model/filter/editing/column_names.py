"""Names that a person may type for a column of the list: fields of the filter line, and paths of the record."""

from ctui.model.filter.fields import ABOUT, FIELDS, NAME, WHO, ValueField
from ctui.model.filter.syntax.names import FIELD, canonical

FIELD_COLUMNS: tuple[tuple[str, str], ...] = tuple(
    (field.name, field.help)
    for field in FIELDS.values()
    if isinstance(field, ValueField) and field not in (NAME, WHO, ABOUT)
)
"""Fields that can be a column, with what they are. The name of an event is the column `event`."""
EVENT_COLUMN = "event"


def column_called(typed: str) -> str:
    """The name of the column that a person means; "" if neither a field nor a path of a record is called so."""
    name = canonical(typed) if FIELD.fullmatch(f"{typed}:") else ""
    if typed.casefold() in (EVENT_COLUMN, NAME.name, "eventname"):
        return EVENT_COLUMN
    if name in FIELDS and name not in dict(FIELD_COLUMNS):
        return ""
    return name
