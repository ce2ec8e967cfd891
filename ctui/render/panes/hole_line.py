"""The line between two events where log files may be missing: from when to when, of which account and Region."""

from collections.abc import Iterator, Sequence

from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, fit, width


@dataclass(frozen=True, slots=True)
class HoleWords:
    """What one line says."""

    start: str
    """The last delivery before it, in UTC."""
    end: str
    """The first one after it."""
    length: str
    """How long that is."""
    names: tuple[str, ...]
    """Accounts and Regions that deliver nothing meanwhile."""
    explained_by: tuple[str, ...] = ()
    """Calls that may explain it."""


def hole_line(words: HoleWords, cells: int) -> Line:
    """The line: ── possible hole: no file of shop us-east-1 from 14 Nov 23:50 to 16 Nov 00:05 (24 h) ───."""
    line: Line = ()
    for form in _forms(words):
        line = (("── ", Role.DIM), *form)
        if width(line) <= cells:
            break
    left = cells - width(line)
    return fit((*line, (" " + "─" * (left - 1), Role.DIM)) if left > 0 else line, cells)


def _forms(words: HoleWords) -> Iterator[Line]:
    explained = clean(f" · {'/'.join(words.explained_by)} may explain it", Role.ACCENT) if words.explained_by else ()
    brief = clean(f" · {words.explained_by[0]}?", Role.ACCENT) if words.explained_by else ()
    when = f"from {words.start} to {words.end}"
    says: Line = (("possible hole", Role.WARNING), (": no file", Role.PLAIN))
    of = clean(f" of {of_names(words.names)} ")
    counted = clean(f" of {of_names(words.names, 0)} ")
    yield (*says, *of, *clean(f"{when} UTC ({words.length})"), *explained)
    yield (*says, *of, *clean(f"{when} UTC ({words.length})"), *brief)
    yield (*says, *of, *clean(when), *brief)
    yield (*says, *counted, *clean(when), *brief)
    yield (*says, *clean(f" {when}"), *brief)
    yield (*says, *clean(f" for {words.length}"), *brief)


def of_names(names: Sequence[str], most: int = 2) -> str:
    """So many names, and the number of the others: "shop us-east-1 and 4 more"; all counted if there are many."""
    if len(names) == 1:
        return names[0]
    if len(names) > most + 1:
        return f"{len(names)} accounts and Regions"
    return ", ".join(names)
