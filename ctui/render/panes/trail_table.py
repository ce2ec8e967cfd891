"""The trails as lines to print: what the list and the status in one line say, in columns."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ctui.errors import CtuiError
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.panes.trail_list import trail_mark
from ctui.render.panes.trail_status import status_parts
from ctui.render.roles import Line, Role
from ctui.render.text.spans import clean, fit, join, width

_TITLES = ("trail", "home", "status")


def trail_table(trails: Sequence[tuple[Trail, TrailStatus | None, CtuiError | None]], now: datetime) -> Iterator[Line]:
    """A line of titles, then one for each trail: its mark, name, home Region, and what its status says."""
    names = [clean(trail.name or "(unreadable)") for trail, _, _ in trails]
    homes = [clean(trail.home_region or "") for trail, _, _ in trails]
    name_cells, home_cells = (
        max(map(width, (((title, Role.PLAIN),), *column)))
        for title, column in zip(_TITLES, (names, homes), strict=False)
    )
    gap: Line = (("  ", Role.PLAIN),)
    titles = [((title, Role.DIM),) for title in _TITLES]
    yield (*gap, *fit(titles[0], name_cells), *gap, *fit(titles[1], home_cells), *gap, *titles[2])
    for name, home, (trail, status, error) in zip(names, homes, trails, strict=True):
        mark = trail_mark(trail, status, error, now)
        said = join(status_parts(status, error, now), " · ")
        yield (mark, (" ", Role.PLAIN), *fit(name, name_cells), *gap, *fit(home, home_cells), *gap, *said)
