"""The line above the panes where log files are all that is looked at: their paths, and what they have."""

from collections.abc import Sequence

from ctui.render.panes.header import NAME
from ctui.render.roles import Line, Role
from ctui.render.text.paths import path_in, paths_said
from ctui.render.text.spans import clean, count, fit, join, width

_LEAST_PATH = 24
"""Cells of a path that stay before what the files have is left out."""


def files_header(paths: Sequence[str], problem: str, right: Sequence[Line], cells: int) -> Line:
    """The top line where log files alone are looked at, in exactly `cells` cells: their paths, and at the right what
    they have, in shorter forms where there is no room. Of a long path the end stays."""
    trouble = clean(problem, Role.ERROR)
    left: Line = ()
    for form in right:
        end: Line = ((" ", Role.PLAIN), *form, (" ", Role.PLAIN))
        room = cells - width(end) - width(NAME) - len("files ") - (width(trouble) + 3 if trouble else 0)
        said = path_in(paths[0], room) if len(paths) == 1 else paths_said(paths)
        left = (*NAME, *join((((("files ", Role.DIM)), *clean(said, Role.ACCENT)), trouble), " · "))
        if room >= min(_LEAST_PATH, width(clean(paths[0] if paths else ""))) and width(left) + width(end) <= cells:
            return (*fit(left, cells - width(end)), *end)
    return fit(left, cells)


def files_forms(events: int, files: int) -> tuple[Line, ...]:
    """How many events and files there are, the longest form first."""
    some = f"{count(events)} event{'s' * (events != 1)}"
    forms = (f"{some} in {count(files)} file{'s' * (files != 1)}", some)
    return (*(((form, Role.DIM),) for form in forms), ())
