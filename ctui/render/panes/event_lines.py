"""One line of the event table: when, what, who, where from, on what, and how it ended."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from ctui.model.event.summary import Summary
from ctui.render.panes.columns import (
    ACCOUNT,
    ERROR,
    EVENT,
    IP,
    MARK_CELLS,
    REGION,
    RESOURCE,
    ROLE,
    SOURCE,
    TIME_CELLS,
    TIME_TITLE,
    USER,
    Columns,
    title_of,
)
from ctui.render.roles import Line, Role, Span
from ctui.render.text import times
from ctui.render.text.names import service, short_error, short_name
from ctui.render.text.spans import clean, fit, plain, width

_STUMP = 4
"""Cells below which what is left of a cut text says nothing."""
_LONGEST = 300
"""Characters of a value that a line can show."""
_LONGEST_NAME = 60
"""Cells of an event's name in a message; the longest of the service's own have fewer."""
_SERVICE_ROLE = "AWSServiceRoleFor"
"""What the names of service-linked roles begin with (IAM user guide, service-linked roles)."""
_NO_TIME = "??:??:??"
"""In the list, of an event whose time could not be read."""
_DENIED = ("denied", "unauthorized", "forbidden", "notauthorized", "failedauthentication", "failure")
_ABSENT = ("nosuch", "notfound", "notexist")


def titles(columns: Columns) -> Line:
    """The heading of the table."""
    spans: list[Span] = [(" " * MARK_CELLS, Role.LABEL), *fit(((TIME_TITLE, Role.LABEL),), TIME_CELLS)]
    return _placed(spans, columns, {name: clean(title_of(name), Role.LABEL) for name in columns.names})


def event_row(summary: Summary, columns: Columns, values: Mapping[str, Line] | None = None) -> Line:
    """The line of one event, as wide as the columns. Each cell is in its column, and is cut if it does not fit.

    `values` has the cells of columns that are paths; they are blank without.
    """
    cells = {
        place.name: _CELLS[place.name](summary, place.cells)
        if place.name in _CELLS
        else (values or {}).get(place.name, ())
        for place in columns.places
    }
    spans: list[Span] = [
        mark(summary),
        (" " * (MARK_CELLS - 1), Role.PLAIN),
        (times.clock_time(summary.time), Role.TIME) if summary.timed else (_NO_TIME, Role.WARNING),
    ]
    return _placed(spans, columns, cells)


def needs_of(summary: Summary, region: str = "", account: str = "") -> dict[str, int]:
    """How many cells an event needs of each column, 0 where it has nothing to show.

    `region` and `account` are the ones that are searched, "" for several: rows of those need not say it.
    """
    needs = {name: width(cell(summary, _LONGEST)) for name, cell in _CELLS.items()}
    for name, one, said in ((REGION, region, summary.region), (ACCOUNT, account, summary.account)):
        if one:
            needs[name] = 0 if said in ("", one) else max(needs[name], len(one))
    needs[ROLE], needs[USER] = (
        needs[USER],
        (0 if summary.insight or summary.aggregate else width(_who(summary))) or needs[USER],
    )
    return needs


def value_cell(values: Sequence[str]) -> Line:
    """The cell of a path: the first value, and how many there are besides."""
    if not values:
        return ()
    more = ((f" +{len(values) - 1}", Role.DIM),) if len(values) > 1 else ()
    return (*_text(values[0]), *more)


def _region_text(summary: Summary, room: int) -> Line:
    """Where it happened, and in how many other accounts or Regions it was found, which stays where there is no room."""
    more: Line = ((f" +{summary.more_scopes}", Role.DIM),) if summary.more_scopes else ()
    name = _text(summary.region, Role.DIM)
    return (*fit(name, min(width(name), max(0, room - width(more)))), *more)


def _text(text: str, role: Role = Role.PLAIN) -> Line:
    return clean(text[:_LONGEST], role)


def _placed(spans: list[Span], columns: Columns, cells: Mapping[str, Line]) -> Line:
    """The first cells of a line, and each other one in its column."""
    at = MARK_CELLS + TIME_CELLS
    for place in columns.places:
        cell = cells[place.name]
        if cell:
            spans += [(" " * (place.start - at), Role.PLAIN), *fit(cell, place.cells)]
            at = place.start + place.cells
    spans.append((" " * (columns.width - at), Role.PLAIN))
    line = tuple(span for span in spans if span[0])
    return line if columns.width >= MARK_CELLS + TIME_CELLS else fit(line, columns.width)


def day_line(day: date, width: int) -> Line:
    """The line between two days: ── Saturday 21 November 2026 ────."""
    text = times.day(day)
    line = (("── ", Role.DIM), (text, Role.LABEL), (" " + "─" * max(0, width - len(text) - 4), Role.DIM))
    return fit(line, width)


def mark(summary: Summary) -> Span:
    """One cell: ? for an event that could not be read in full, ✗ for a refused or failed call, ! for one worth a look,
    else a blank."""
    if summary.unreadable:
        return ("?", Role.WARNING)
    if summary.error:
        return ("✗", _error_role(summary.error))
    if summary.notable:
        return ("!", Role.WARNING)
    return (" ", Role.PLAIN)


def event_name(summary: Summary) -> str:
    """An event's name in the list, or in brackets why it has none."""
    return summary.name or ("(unreadable)" if summary.unreadable else "(no name)")


def event_in_words(summary: Summary) -> str:
    """An event as a message names it: "StopLogging 14:01:12", the time in UTC; safe to draw."""
    name = plain(fit(clean(event_name(summary)), _LONGEST_NAME)).rstrip()
    return f"{name} {times.clock_time(summary.time)}" if summary.timed else name


def user_text(summary: Summary, room: int) -> Line:
    """Who: the person or session, then the role behind it in brackets, cut or left out to fit; services are dim."""
    if summary.insight is not None:
        from ctui.render.text.insights import rise  # noqa: PLC0415 - as below

        return rise(summary.insight)
    if summary.aggregate is not None:
        from ctui.render.text.aggregates import callers  # noqa: PLC0415 - as below

        return callers(summary.aggregate)
    who = _who(summary)
    if not who:
        return _text(summary.role, Role.USER) if summary.role else (("—", Role.DIM),)
    role = _text(_behind(summary), Role.DIM)
    left = room - width(who) - len(" ()")
    if not role or left < min(_STUMP, width(role)):
        return who
    return (*who, (" (", Role.DIM), *fit(role, min(left, width(role))), (")", Role.DIM))


def resource_text(summary: Summary, room: int) -> Line:
    """On what: the first resource's name, and how many there are besides. Without the room, a path's last part."""
    short = short_name(summary.resource)
    name = _text(short)
    more: Line = ((f" +{summary.more_resources}", Role.DIM),) if name and summary.more_resources else ()
    left = room - width(more)
    if width(name) > left:
        _, slash, last = short.rpartition("/")
        tail = _text(f"…/{last}")
        name = tail if slash and last and width(tail) <= left else fit(name, left)
    return (*name, *more)


def _event_text(summary: Summary, _room: int) -> Line:
    if summary.insight is not None:
        from ctui.render.text.insights import counted  # noqa: PLC0415 - there are none of these on most screens

        return counted(event_name(summary), summary.insight)
    if summary.aggregate is not None:
        from ctui.render.text.aggregates import calls  # noqa: PLC0415 - as above

        return calls(summary)
    return _text(event_name(summary), Role.EVENT if summary.write else Role.PLAIN)


def _ip_text(summary: Summary, _room: int) -> Line:
    address = service(summary.ip)
    return _text(address, Role.DIM if address != summary.ip or " " in address else Role.PLAIN)


def _who(summary: Summary) -> Line:
    name = service(summary.user)
    return _text(name, Role.DIM if name != summary.user else Role.WARNING if summary.root else Role.USER)


def _behind(summary: Summary) -> str:
    """The role to say besides the person or session: "" if it has the same name, short for one of a service."""
    if summary.role == summary.user:
        return ""
    return "service role" if summary.role.startswith(_SERVICE_ROLE) else summary.role


def _error_role(code: str) -> Role:
    lower = code.lower()
    if any(word in lower for word in _DENIED):
        return Role.ERROR
    # "There is no such thing" is an answer as often as a failure.
    return Role.DIM if any(word in lower for word in _ABSENT) else Role.WARNING


_CELLS: Mapping[str, Callable[[Summary, int], Line]] = {
    EVENT: _event_text,
    USER: user_text,
    IP: _ip_text,
    SOURCE: lambda summary, _: _text(service(summary.source), Role.DIM),
    RESOURCE: resource_text,
    ACCOUNT: lambda summary, _: _text(summary.account, Role.DIM),
    REGION: _region_text,
    ERROR: lambda summary, _: _text(short_error(summary.error), _error_role(summary.error)),
}
"""What a row shows in each of the usual columns, shortened for so many cells where it can be."""
