"""Names before a colon or a comparison: fields, and paths of the record, in any letter case."""

import re
from difflib import get_close_matches
from typing import Final

from ctui.model.filter.fields import FIELDS, RECORD_KEYS, field_called
from ctui.model.filter.syntax.errors import FilterError

_NAME: Final = r"[A-Za-z_@][\w@$-]*(?:\.[\w@$-]+)*"
FIELD: Final = re.compile(rf"({_NAME}):")
"""The start of a term with a field: its name or path, and the colon."""
COMPARED: Final = re.compile(rf"({_NAME}?)(=(?![=~])|<(?!>)=?|>=?)")
"""A name and what compares it: an equals sign, or a sign of order."""
_KEYS: Final = {key.casefold(): key for key in RECORD_KEYS}
"""Keys of a record, by their lowercase names."""
_REPEATED = 60
"""Characters of a wrong word that an error repeats."""


def canonical(name: str) -> str:
    """The field or path that a name means, in the letter case of the table or of records; "" if it is not known.

    Only the first key of a path is known; what follows must be as it is recorded.
    """
    first, dot, rest = name.partition(".")
    folded = first.casefold()
    if not dot and folded in FIELDS:
        return folded
    key = _KEYS.get(folded, "")
    return f"{key}{dot}{rest}" if key else ""


def compared_name(name: str, mark: str) -> str:
    """The name in front of a mark that `COMPARED` finds; "" if the two are part of a text, as in `a=b`."""
    return canonical(name) or (name if mark != "=" and "." in name else "")


def checked_name(name: str, at: int) -> str:
    """The canonical name, or a path with a key that records may have. Raises FilterError if it is neither."""
    if known := canonical(name):
        return known
    if "." in name:
        return name
    meant = field_called(name.casefold())
    hint = f" (did you mean {meant}?)" if meant else nearest(name, (*FIELDS, *RECORD_KEYS))
    raise FilterError(f'there is no field {shortened(name)}{hint}; to search for a text with a colon, "quote it"', at)


def expands(value: str) -> bool:
    """True for a value that stands for itself and the field's suffix, such as the source ec2."""
    return "." not in value


def shortened(word: str) -> str:
    """A wrong word as an error repeats it, in quotes."""
    return repr(word if len(word) <= _REPEATED else f"{word[:_REPEATED]}…")


def nearest(word: str, known: tuple[str, ...]) -> str:
    """ " (did you mean …?)" with the known word that is nearest, or "" if none is near."""
    close = get_close_matches(word, known, 1) if len(word) <= _REPEATED else ()
    return f" (did you mean {close[0]}?)" if close else ""
