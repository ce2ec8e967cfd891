"""One line of the list of trails: whether it records and delivers, its name, its home Region."""

from collections.abc import Iterable
from datetime import datetime

from ctui.errors import CtuiError
from ctui.model.trail.health import Level, health_of
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.roles import Line, Role, Span
from ctui.render.text.spans import clean, fit, join, width

_GAP = 2
_SHORTEST_NAME = 12
_MARKS = "●○▲✗·"
_SEVERITY = (Role.DIM, Role.GOOD, Role.WARNING, Role.ERROR)


def trail_row(
    trail: Trail, status: TrailStatus | None, error: CtuiError | None, *, now: datetime, region: str, width: int
) -> Line:
    """The line in exactly `width` cells. The home Region is dim unless it is `region`, the working one."""
    mark = trail_mark(trail, status, error, now)
    home = clean(trail.home_region or "", Role.DIM if trail.is_shadow_in(region) else Role.PLAIN)
    room = width - 2
    home_room = min(14, _cells(home)) if room >= _SHORTEST_NAME + _GAP + 9 else 0
    name = clean(trail.name or "(unreadable)", Role.DIM if mark == ("○", Role.DIM) else Role.PLAIN)
    if not home_room:
        return fit((mark, (" ", Role.PLAIN), *name), width)
    return fit(
        (mark, (" ", Role.PLAIN), *fit(name, room - max(home_room, 14) - _GAP), (" " * _GAP, Role.PLAIN), *home), width
    )


def trail_mark(trail: Trail, status: TrailStatus | None, error: CtuiError | None, now: datetime) -> Span:
    """One cell for the worst of a trail at `now`, an aware instant: ● records, ○ does not, ▲ in the color of an
    error where log files are lost and in that of a warning where something else fails or may, ✗ status unreadable,
    · still asked for.

    A trail that was stopped is a warning; one that was never started is quiet.
    """
    if error is not None:
        return ("✗", Role.ERROR)
    if status is None:
        return ("·", Role.DIM)
    worst = health_of(trail, status, now).worst.level
    if worst >= Level.WARNING:
        return ("▲", Role.ERROR if worst is Level.ERROR else Role.WARNING)
    if status.is_logging:
        return ("●", Role.GOOD)
    never_started = status.is_logging is False and status.stop_logging_time is None
    return ("○", Role.DIM if never_started else Role.WARNING)


def trail_counts(marks: Iterable[Span]) -> Line:
    """How many trails have which mark, as "trails ●1 ○2 ▲1": each in the most serious of its colors."""
    roles: dict[str, list[Role]] = {}
    for mark, role in marks:
        roles.setdefault(mark, []).append(role)
    counts = [(f"{mark}{len(found)}", max(found, key=_SEVERITY.index)) for mark in _MARKS if (found := roles.get(mark))]
    return join(((("trails", Role.DIM),), *((span,) for span in counts)), " ")


def delivery_errors(status: TrailStatus) -> tuple[tuple[str, str], ...]:
    """(where to, the service's own code) for each delivery that failed last time."""
    said = (
        ("S3", status.latest_delivery_error),
        ("SNS", status.latest_notification_error),
        ("CloudWatch", status.latest_cloud_watch_logs_delivery_error),
        ("digest", status.latest_digest_delivery_error),
    )
    return tuple((where, code) for where, code in said if code)


def _cells(line: Line) -> int:
    return width(line)
