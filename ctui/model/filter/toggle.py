"""A term put into the text of a filter line or taken out of it, the rest left as it was typed."""

import re

from ctui.model.filter.kinds import EventKind
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.write import write_filter


def toggle_term(text: str, kind: EventKind) -> str:
    """The text without `is:KIND` where that stands alone, else with it at the end. Raises FilterError.

    What else stands there keeps its order and its spelling, unless the term cannot be cut out of them.
    """
    wanted = parse_filter(text).toggled(kind)
    term = f"is:{kind}"
    without = re.sub(rf"(?<!\S){term}(?:\s+|$)", "", text).strip()
    for candidate in (f"{text.strip()} {term}".strip(), without):
        if parse_filter(candidate) == wanted:
            return candidate
    return write_filter(wanted)
