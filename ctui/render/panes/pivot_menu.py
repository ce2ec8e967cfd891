"""The lines of the pivot menu: the values of an event, each with its key and the number of loaded events it has."""

from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, count, fit, width

_ARN_FIELDS = 5
"""Colons in an ARN before the resource."""
_LABEL_CELLS = 11
_LONGEST_LABEL = 28
"""Cells of a path of the record, which stands in the place of a label."""


def pivot_line(letter: str, label: str, value: str, number: str, cells: int, *, possible: bool = True) -> Line:
    """One value in exactly `cells` cells. `number`: how many events, "" while that is not known.

    `possible`: False dims a line that cannot be chosen now.
    """
    label_said = clean(_short(label), Role.LABEL)
    # One cell parts it from the value.
    named = (*fit(label_said, max(_LABEL_CELLS - 1, min(width(label_said), _LONGEST_LABEL - 1))), (" ", Role.PLAIN))
    key, right = ((letter or " ", Role.ACCENT), (" ", Role.PLAIN)), ((f" {number}", Role.STRONG),)
    room = cells - width(key) - width(named) - width(right)
    said = clean(value)
    if width(said) > room and value.startswith("arn:"):
        # What an ARN ends in tells it from others.
        said = clean(value.split(":", _ARN_FIELDS)[-1])
    line: Line = (*key, *named, *fit(said, max(0, room)), *right)
    return fit(line if possible else tuple((text, Role.DIM) for text, _ in line), cells)


def _short(path: str) -> str:
    """A path that is too long for a label, by the end that tells it from others."""
    short, rest = path, path
    while width(clean(short)) >= _LONGEST_LABEL and "." in rest:
        rest = rest.partition(".")[2]
        short = f"….{rest}"
    return short


def number_text(matching: int, *, exact: bool, complete: bool) -> str:
    """How many events have a value; with > before it where more of them may, "…" while none was found yet.

    `complete`: nothing more is counted.
    """
    if not exact and not matching and not complete:
        return "…"
    return count(matching) if exact else f">{count(matching)}"


def counted_line(loaded: int, *, complete: bool, bound: int, more: bool) -> Line:
    """Of how many events the numbers are. `bound`: of how many newest ones those with > are, 0 if none has it; `more`:
    the service has more events than are loaded."""
    words = [f"of {count(loaded)} loaded events", "more exist" if more else ""]
    words.append("" if complete else "counting …")
    words.append(f"> in the newest {count(bound)}" if complete and bound else "")
    return ((", ".join(filter(None, words)), Role.DIM),)
