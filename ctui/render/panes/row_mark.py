"""The sign of a mark on a row of the event table, and of an event that came late."""

from ctui.render.roles import Line, Role

MARK = "◆"
"""Stands behind the sign of how the call ended, in the cell that is blank in other rows."""
LATE = "↓"
"""Stands there while new events are followed, for a while."""
_CELL = 1
"""The cell of a row's line in which it stands; the ones before hold one cell each."""


def with_mark(line: Line, sign: str = MARK) -> Line:
    """The line of an event that is marked, or has another sign there."""
    before, left = list(line), _CELL
    for index, (text, role) in enumerate(line):
        if left < len(text):
            parts = ((text[:left], role), (sign, Role.ACCENT), (text[left + 1 :], role))
            return (*before[:index], *(part for part in parts if part[0]), *before[index + 1 :])
        left -= len(text)
    return line
