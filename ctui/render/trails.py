"""One line of the list of trails: whether it records and delivers, its name, its home Region."""

from ctui.errors import CtuiError
from ctui.model.trail import Trail, TrailStatus
from ctui.render.roles import Line, Role, Span
from ctui.render.text import clean, fit, width

_GAP = 2
_SHORTEST_NAME = 12


def trail_row(trail: Trail, status: TrailStatus | None, error: CtuiError | None, region: str, width: int) -> Line:
    """The line in exactly `width` cells. The home Region is dim where it is not `region`, the one worked in."""
    mark = trail_mark(status, error)
    home = clean(trail.home_region or "", Role.DIM if trail.is_shadow_in(region) else Role.PLAIN)
    room = width - 2
    home_room = min(14, _cells(home)) if room >= _SHORTEST_NAME + _GAP + 9 else 0
    name = clean(trail.name, Role.DIM if mark == ("○", Role.DIM) else Role.PLAIN)
    if not home_room:
        return fit((mark, (" ", Role.PLAIN), *name), width)
    return fit(
        (mark, (" ", Role.PLAIN), *fit(name, room - max(home_room, 14) - _GAP), (" " * _GAP, Role.PLAIN), *home), width
    )


def trail_mark(status: TrailStatus | None, error: CtuiError | None) -> Span:
    """One cell: ● records, ○ does not, ▲ cannot deliver, ✗ status unreadable, · still asked for.

    A trail that somebody stopped is a warning; one that was never started is quiet.
    """
    if error is not None:
        return ("✗", Role.ERROR)
    if status is None:
        return ("·", Role.DIM)
    if delivery_errors(status):
        return ("▲", Role.ERROR)
    if status.is_logging:
        return ("●", Role.GOOD)
    never_started = status.is_logging is False and status.stop_logging_time is None
    return ("○", Role.DIM if never_started else Role.WARNING)


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
