"""Adding and removing `is:KIND` in the text of a filter line, with the rest kept as it was typed."""

import re
from collections.abc import Iterator

from ctui.model.event.kind import EventKind
from ctui.model.filter.parse import FilterError, parse_filter
from ctui.model.filter.terms import Filter
from ctui.model.filter.write import write_filter


def toggle_term(text: str, kind: EventKind) -> str:
    """The text without the term `is:KIND`, or with it at the end if it has none. Raises FilterError.

    The other terms keep their order and spelling, unless `is:KIND` cannot be cut out of the text. Alternatives get
    parentheses, since the term holds for all of them, and lose them again.
    """
    wanted = parse_filter(text).toggled(kind)
    for candidate in _candidates(text.strip(), f"is:{kind}"):
        if _reads_as(candidate, wanted):
            return candidate
    return write_filter(wanted)


def _candidates(text: str, term: str) -> Iterator[str]:
    yield f"{text} {term}".strip()
    yield f"({text}) {term}"
    cuts = [rf"(?<!\S){cut}(?:\s+|$)" for cut in (term, rf"AND\s+{term}", rf"{term}\s+AND")]
    for cut in cuts:
        everywhere = re.sub(cut, "", text)
        for without in (everywhere, *(text[: place.start()] + text[place.end() :] for place in re.finditer(cut, text))):
            left = without.strip()
            if left.startswith("(") and left.endswith(")"):
                yield left[1:-1].strip()
            yield left


def _reads_as(text: str, line: Filter) -> bool:
    try:
        return parse_filter(text) == line
    except FilterError:
        return False
