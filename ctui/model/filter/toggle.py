"""Adding and removing `is:KIND` in the text of a filter line, with the rest kept as it was typed."""

import re

from ctui.model.filter.kinds import EventKind
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.write import write_filter


def toggle_term(text: str, kind: EventKind) -> str:
    """The text without the term `is:KIND`, or with it at the end if it has none. Raises FilterError.

    The other terms keep their order and spelling, unless `is:KIND` cannot be cut out of the text.
    """
    wanted = parse_filter(text).toggled(kind)
    term = f"is:{kind}"
    without = re.sub(rf"(?<!\S){term}(?:\s+|$)", "", text).strip()
    for candidate in (f"{text.strip()} {term}".strip(), without):
        if parse_filter(candidate) == wanted:
            return candidate
    return write_filter(wanted)
