"""The lines of the pivot menu: the values of an event, each with its key and the number of loaded events it has."""

from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, count, fit, width

_ARN_FIELDS = 5
"""Colons in an ARN before the resource."""
_LABEL_CELLS = 11
_LONGEST_LABEL = 24
"""Cells of a path of the record, which stands in the place of a label."""


def pivot_line(letter: str, label: str, value: str, number: str, cells: int, *, possible: bool = True) -> Line:
    """One value in exactly `cells` cells. `number`: how many events, "" while that is not known.

    `possible`: False dims a line that cannot be chosen now.
    """
    label_said = clean(label, Role.LABEL)
    named = fit(label_said, max(_LABEL_CELLS, min(width(label_said) + 1, _LONGEST_LABEL)))
    key, right = ((letter or " ", Role.ACCENT), (" ", Role.PLAIN)), ((f" {number}", Role.STRONG),)
    room = cells - width(key) - width(named) - width(right)
    said = clean(value)
    if width(said) > room and value.startswith("arn:"):
        # What an ARN ends in tells it from others.
        said = clean(value.split(":", _ARN_FIELDS)[-1])
    line: Line = (*key, *named, *fit(said, max(0, room)), *right)
    return fit(line if possible else tuple((text, Role.DIM) for text, _ in line), cells)


def number_text(matching: int, *, complete: bool, rows: int) -> str:
    """How many events have a value, of `rows` that were counted; with > before it while more may follow."""
    if not complete and not rows and not matching:
        return "…"
    return count(matching) if complete else f">{count(matching)}"


def counted_line(rows: int, loaded: int, *, complete: bool, more: bool) -> Line:
    """Of how many events the numbers are. `more`: the service has more events than are loaded."""
    of = f"of {count(rows)} loaded events" if complete else f"of {count(rows)} of {count(loaded)} loaded events"
    return ((f"{of}{', more exist' if more else ''}", Role.DIM),)
