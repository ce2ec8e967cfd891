"""The line between two events below which the events of some scopes are missing: which, why, and how far they are."""

from collections.abc import Iterator, Sequence

from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, count, fit, width


@dataclass(frozen=True, slots=True)
class MissingScopes:
    """Scopes that end at one place, for one reason."""

    names: tuple[str, ...]
    """What they are called: Regions, accounts, or logins."""
    state: str
    """What they do: "loading", "paused", "refused: Access denied"."""
    trouble: bool = False
    """True if that is not as it should be."""
    back_to: str = ""
    """The instant back to which they are known; "" if nothing is."""


@dataclass(frozen=True, slots=True)
class HorizonWords:
    """What one line says."""

    missing: tuple[MissingScopes, ...]
    more: int = 0
    """Scopes that end further down, where no line says so."""


def horizon_line(words: HorizonWords, cells: int) -> Line:
    """The line: ── below here without eu-west-1: loading, back to 14:02 ────. Without room names are counted."""
    line: Line = ()
    for named, instants in _forms(max(len(one.names) for one in words.missing)):
        line = (("── ", Role.DIM), *_said(words, named, instants=instants))
        if width(line) <= cells:
            break
    left = cells - width(line)
    return fit((*line, (" " + "─" * (left - 1), Role.DIM)) if left > 0 else line, cells)


def _forms(most: int) -> Iterator[tuple[int, bool]]:
    """How many names are said, and whether instants are."""
    yield from ((named, True) for named in sorted({most, 3, 2, 1} & set(range(1, most + 1)), reverse=True))
    yield 1, False
    yield 0, False


def _said(words: HorizonWords, named: int, *, instants: bool) -> Line:
    line: Line = (("below here without ", Role.DIM),)
    for number, one in enumerate(words.missing):
        role = Role.WARNING if one.trouble else Role.ACCENT
        back = f", back to {one.back_to}" if instants and one.back_to else ""
        line = (
            *line,
            *((("; ", Role.DIM),) if number else ()),
            *clean(_names(one.names, named), Role.PLAIN),
            *clean(f": {one.state}", role),
            *clean(back, Role.DIM),
        )
    return (*line, (f", and {count(words.more)} more further down (A)", Role.WARNING)) if words.more else line


def _names(names: Sequence[str], most: int) -> str:
    """So many names and the number of the others: "eu-west-1, eu-west-2 and 3 more"."""
    if most == 0 and len(names) > 1:
        return f"{len(names)} of them"
    shown, left = names[: max(1, most)], len(names) - max(1, most)
    return ", ".join(shown) + (f" and {left} more" if left > 0 else "")
