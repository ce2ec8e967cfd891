"""A trail's status in each Region: a table of Region, logging, last delivery and what fails there."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from ctui.errors import CtuiError
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.panes.trail_list import delivery_errors
from ctui.render.roles import Line, Role, Span
from ctui.render.text import times
from ctui.render.text.spans import clean, fit, join, plain, wrap
from ctui.render.text.spans import width as cells

Reading = tuple[str, TrailStatus | None, CtuiError | None]
"""A Region, and the trail's status there or why it could not be read; neither while it is being read."""

_ROOMY = 60
"""Cells from which the columns have their full titles, and two cells between them."""


def region_lines(
    trail: Trail,
    readings: Sequence[Reading],
    *,
    at: datetime,
    not_enabled: Sequence[str],
    unlisted: CtuiError | None,
    error: CtuiError | None,
    now: datetime,
    width: int,
) -> tuple[Line, ...]:
    """The table, in `width` cells. `at` is when it was asked for, `error` why nothing could be.

    `not_enabled`: Regions that are not read since they are not enabled; `unlisted`: why it is not known which are.
    """
    return (
        *wrap(_heading(readings, at, error), width),
        *(() if error is None else _explained(error, width)),
        *_table(trail, readings, now, width),
        *(line for note in _notes(not_enabled, unlisted) for line in wrap(note, width)),
        (),
    )


def _heading(readings: Sequence[Reading], at: datetime, error: CtuiError | None) -> Line:
    """How many of how many have answered, and when they were asked."""
    title: Line = (("In each Region", Role.STRONG),)
    asked: Line = ((f"at {at:%H:%M:%S}", Role.DIM),)
    if error is not None:
        return join((title, clean(error.title, Role.ERROR), asked), " · ")
    if not readings:
        return join((title, (("asking which there are …", Role.DIM),), asked), " · ")
    answered = sum(status is not None for _, status, _ in readings)
    failed = sum(failure is not None for _, _, failure in readings)
    counts: list[Line] = [((f"{answered} of {len(readings)} read", Role.PLAIN),)]
    if failed:
        counts.append(((f"{failed} failed", Role.ERROR),))
    if undelivered := sum(status is not None and bool(delivery_errors(status)) for _, status, _ in readings):
        counts.append(((f"{undelivered} with delivery errors", Role.ERROR),))
    if stopped := sum(status is not None and status.is_logging is False for _, status, _ in readings):
        counts.append(((f"{stopped} not logging", Role.WARNING),))
    if answered + failed < len(readings):
        counts.append((("reading …", Role.DIM),))
    return join((title, *counts, asked), " · ")


def _table(trail: Trail, readings: Sequence[Reading], now: datetime, width: int) -> Iterator[Line]:
    """The home Region first, then those where something is wrong, then the others."""
    if not readings:
        return
    roomy = width >= _ROOMY
    gap, logging, delivered = ("  ", "logging", "last delivery") if roomy else (" ", "logs", "delivered ")
    longest = max(len("Region"), *(cells(clean(region)) for region, _, _ in readings))
    titles = gap.join((f"  {'Region':{longest}}", logging, delivered, *(("error",) if roomy else ())))
    yield fit(((titles, Role.LABEL),), width)
    home = trail.home_region
    for region, status, error in sorted(readings, key=lambda each: (each[0] != home, not _is_wrong(each))):
        name = clean(region, Role.STRONG if region == home else Role.PLAIN)
        left: Line = (_mark(status, error), (" ", Role.PLAIN), *fit(name, longest), (gap, Role.PLAIN))
        if status is not None:
            said = (*fit(_logging(status), len(logging)), (gap, Role.PLAIN))
            yield from _row((*left, *said, *fit(_delivered(status, now), len(delivered))), status, width)
        elif error is not None:
            yield fit((*left, *clean(error.title, Role.ERROR)), width)
            yield from wrap((("  ", Role.PLAIN), *clean(error.message, Role.DIM)), width, 2)
        else:
            yield fit((*left, ("reading …", Role.DIM)), width)


def _is_wrong(reading: Reading) -> bool:
    _, status, error = reading
    return error is not None or (status is not None and (not status.is_logging or bool(delivery_errors(status))))


def _mark(status: TrailStatus | None, error: CtuiError | None) -> Span:
    """One cell, as in the list of trails. That nothing was delivered is no warning: a Region may have no events."""
    if error is not None:
        return ("✗", Role.ERROR)
    if status is None:
        return ("·", Role.DIM)
    if delivery_errors(status):
        return ("▲", Role.ERROR)
    return ("●", Role.GOOD) if status.is_logging else ("○", Role.WARNING)


def _row(line: Line, status: TrailStatus, width: int) -> Iterator[Line]:
    """A Region's line with what fails there at its end, or below it if there is no room."""
    failures = join(
        [((f"▲ {where} ", Role.LABEL), *clean(code, Role.ERROR)) for where, code in delivery_errors(status)], "  "
    )
    failing: Line = (("  ", Role.PLAIN), *failures)
    beside = bool(failures) and cells(line) + cells(failing) <= width
    yield fit((*line, *failing) if beside else line, width)
    if failures and not beside:
        yield from wrap(failing, width, 2)


def _logging(status: TrailStatus) -> Line:
    if status.is_logging is None:
        return (("?", Role.WARNING),)
    return (("yes", Role.GOOD),) if status.is_logging else (("no", Role.WARNING),)


def _delivered(status: TrailStatus, now: datetime) -> Line:
    if status.latest_delivery_time is None:
        return (("unreadable" if "latest_delivery_time" in status.lost else "never", Role.DIM),)
    return ((times.ago(status.latest_delivery_time, now), Role.PLAIN),)


def _explained(error: CtuiError, width: int) -> Iterator[Line]:
    yield from wrap(clean(error.message), width)
    if error.remedy:
        yield from wrap(clean(error.remedy, Role.WARNING), width)


def _notes(not_enabled: Sequence[str], unlisted: CtuiError | None) -> Iterator[Line]:
    if not_enabled:
        names = plain(join([clean(name) for name in not_enabled], ", "))
        yield ((f"Not read, since not enabled: {names}", Role.DIM),)
    if unlisted is not None:
        yield (
            ("Which Regions are enabled is not known, so those that ctui knows were asked. ", Role.WARNING),
            *clean(f"{unlisted.title}: {unlisted.message}", Role.DIM),
        )
