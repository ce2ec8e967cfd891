"""The grid of accounts and Regions: a line for each Region, a column for each account, and one cell in full."""

from collections.abc import Sequence

from ctui.model.values import dataclass
from ctui.render.panes.following import lag_words
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, count, fit, width, wrap

_REGION_CELLS = 16
_LEAST_CELLS, _MOST_CELLS = 20, 30
_SIGNS = {"complete": ("●", Role.GOOD), "loading": ("…", Role.ACCENT), "paused": ("…", Role.DIM)}
_TROUBLE = ("▲", Role.WARNING)
_ABSENT = ("○", Role.DIM)


@dataclass(frozen=True, slots=True)
class CellFacts:
    """One account in one Region."""

    state: str
    """What it does: "loading", "refused: Denied", "switched off", "not looked at"."""
    trouble: bool = False
    searched: bool = False
    back_to: str = ""
    """The instant back to which it is known; "" if nothing is."""


@dataclass(frozen=True, slots=True)
class ChosenFacts:
    """The cell that is chosen, in full."""

    account: str
    region: str
    cell: CellFacts
    rows: int | None = None
    """Rows that have come from it; None if it is not searched."""
    pace: float = 0.0
    """Lookups a second."""
    lag: tuple[float, float] | None = None
    """Seconds from an event to when it is seen here, p50 and p95; None while too few were followed."""
    message: str = ""
    """What went wrong."""
    remedy: str = ""
    unreached: Sequence[tuple[str, str, str]] = ()
    """Logins whose accounts are not reached: what each is called, how far it is, and what helps."""


def scopes_title(searched: int, complete: int, not_looked_at: int, unreached: Sequence[str]) -> Line:
    """What is searched, and what is not looked at."""
    line: Line = (("Scopes", Role.STRONG), (" ── ", Role.DIM), (f"{count(searched)} searched", Role.PLAIN))
    line = (*line, (f", {count(complete)} complete", Role.PLAIN))
    if not_looked_at:
        line = (*line, (" ── ", Role.DIM), (f"{count(not_looked_at)} not looked at", Role.WARNING))
    if unreached:
        line = (*line, (" ── ", Role.DIM), *clean(f"without {', '.join(unreached)}", Role.WARNING))
    return line


def grid_titles(accounts: Sequence[str], chosen: int, cells: int) -> Line:
    """The accounts, as many as there is room for, the chosen one among them."""
    first, last, room = _columns(len(accounts), chosen, cells)
    line: Line = fit(((("‹ " if first else "") + "Region", Role.LABEL),), _REGION_CELLS)
    for number in range(first, last):
        line = (*line, *fit(clean(f" {accounts[number]}", Role.LABEL), room))
    return (*line, ("›", Role.DIM)) if last < len(accounts) else line


def grid_row(region: str, row: Sequence[CellFacts], chosen: int, cells: int, *, under_cursor: bool) -> Line:
    """A Region in each account; the chosen cell of the cursor's line stands in brackets."""
    first, last, room = _columns(len(row), chosen, cells)
    line: Line = fit(clean(region), _REGION_CELLS)
    for number in range(first, last):
        is_chosen = under_cursor and number == chosen
        left, right = ("[", "]") if is_chosen else (" ", " ")
        said = _cell(row[number])
        said = fit(said, min(width(said), room - 2))
        line = (*line, (left, Role.STRONG), *said, (right, Role.STRONG))
        line = (*line, (" " * max(0, room - 2 - width(said)), Role.PLAIN))
    return line


def chosen_lines(facts: ChosenFacts, cells: int) -> tuple[Line, ...]:
    """The chosen cell in full, wrapped."""
    cell = facts.cell
    said: Line = (
        *clean(f"{facts.account} {facts.region}", Role.STRONG),
        (": ", Role.DIM),
        *clean(cell.state, Role.WARNING if cell.trouble else Role.PLAIN),
    )
    if cell.searched:
        back = f", back to {cell.back_to}" if cell.back_to else ", nothing yet"
        events = f" · {count(facts.rows or 0)} {'event' if facts.rows == 1 else 'events'} · {facts.pace:.1f}/s"
        lag = "" if facts.lag is None else f" · {lag_words(*facts.lag)}"
        said = (*said, (f"{back}{events}{lag}", Role.PLAIN))
    lines = [said, clean(facts.message), clean(facts.remedy, Role.WARNING)]
    for label, state, remedy in facts.unreached:
        helps = f". {remedy}" if remedy else ""
        lines.append((*clean(label, Role.STRONG), (": ", Role.DIM), *clean(f"{state}{helps}", Role.WARNING)))
    return tuple(part for line in lines if line for part in wrap(line, max(1, cells)))


def _columns(accounts: int, chosen: int, cells: int) -> tuple[int, int, int]:
    """The first account with a column, the one after the last, and how many cells each column has."""
    room = max(_LEAST_CELLS, cells - _REGION_CELLS - 1)
    fitting = max(1, min(accounts, room // _LEAST_CELLS))
    first = max(0, min(chosen - fitting + 1, accounts - fitting))
    return first, min(accounts, first + fitting), min(_MOST_CELLS, room // fitting)


def _cell(cell: CellFacts) -> Line:
    sign, role = _TROUBLE if cell.trouble else _SIGNS.get(cell.state, _ABSENT)
    word = cell.state.partition(":")[0]
    back = f" {cell.back_to}" if cell.back_to and word != "complete" else ""
    return ((sign, role), *clean(f" {word}", Role.PLAIN if cell.searched else Role.DIM), *clean(back, Role.DIM))
