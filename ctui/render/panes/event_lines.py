"""One line of the event table: when, what, who, where from, on what. And how its columns share a width."""

from datetime import date

from ctui.model.event.summary import Summary
from ctui.model.values import dataclass
from ctui.render.roles import Line, Role, Span
from ctui.render.text import times
from ctui.render.text.names import service, short_error, short_name
from ctui.render.text.spans import clean, fit, width

_ROOMY = 130
"""From this width on, columns stand two blanks apart."""
_STUMP = 4
"""Cells below which what is left of a cut text says nothing."""
_NO_TIME = "??:??:??"
"""In the list, of an event whose time could not be read."""
_BASE = {"event": 26, "user": 20, "error": 12}
_GROWTH = (
    ("source", 10), ("event", 28), ("user", 26), ("region", 9), ("resource", 11), ("event", 30), ("user", 30),
    ("error", 16), ("resource", 18), ("region", 14), ("error", 22), ("source", 16), ("resource", 36), ("error", 30),
    ("event", 40),
)  # fmt: skip
"""How width beyond the base is shared, step by step: a column that is not there yet comes only with its whole width."""
_ORDER = ("event", "user", "source", "resource", "region", "error")
_VITAL = ("event", "user", "error")
_USEFUL = ("region", "resource", "source")
"""The others, what is missed most first."""

NOTABLE = frozenset([
    # silences the record of what is done
    "StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors", "DeleteFlowLogs", "DeleteDetector",
    "StopConfigurationRecorder", "DeleteConfigurationRecorder", "LeaveOrganization",
    # opens a way in that stays
    "CreateUser", "CreateAccessKey", "CreateLoginProfile", "UpdateLoginProfile", "AttachUserPolicy", "PutUserPolicy",
    "DeactivateMFADevice", "UpdateAssumeRolePolicy",
    # takes keys away from data
    "ScheduleKeyDeletion", "DisableKey",
])  # fmt: skip
"""Calls worth a look, whatever identity made them; a write by root is one too."""

_DENIED = ("denied", "unauthorized", "forbidden", "notauthorized", "failedauthentication", "failure")
_ABSENT = ("nosuch", "notfound", "notexist")


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 for a column that is not shown."""

    mark: int = 2
    time: int = 8
    event: int = 26
    user: int = 20
    source: int = 0
    resource: int = 0
    region: int = 0
    error: int = 16
    gap: int = 1
    """Blanks before each column but the first two."""

    @property
    def width(self) -> int:
        """Cells of a whole line."""
        shown = [size for size in self.named if size]
        return self.mark + self.time + sum(shown) + self.gap * len(shown)

    @property
    def named(self) -> tuple[int, ...]:
        """Widths of event, user, source, resource, region and error."""
        return (self.event, self.user, self.source, self.resource, self.region, self.error)


def columns_for(width: int) -> Columns:
    """Columns for a line of that many cells. Time, event, user and error are always among them.

    At 75 cells (a terminal of 80) they have 28, 22 and 12; source, Region and resource come as there is room.
    """
    gap = 2 if width >= _ROOMY else 1
    room = max(0, width - 10)
    sizes = dict(_BASE)
    left = room - sum(sizes.values()) - gap * len(sizes)
    if left < 0:
        room = max(3, room - gap * len(sizes))
        sizes["event"] = max(1, room * 26 // 58)
        sizes["user"] = max(1, room * 20 // 58)
        sizes["error"] = max(1, room - sizes["event"] - sizes["user"])
        return Columns(gap=gap, **sizes)
    for name, most in _GROWTH:
        there = sizes.get(name, 0)
        more = most - there if there else most + gap
        if more <= left or there:
            more = max(0, min(more, left))
            sizes[name] = there + more if there else most
            left -= more
    sizes["resource" if "resource" in sizes else "error"] += left
    return Columns(gap=gap, **sizes)


def titles(columns: Columns) -> Line:
    """The heading of the table."""
    spans: list[Span] = [(" " * columns.mark, Role.LABEL), *fit((("time UTC", Role.LABEL),), columns.time)]
    for name, size in zip(_ORDER, columns.named, strict=True):
        if size:
            spans += [(" " * columns.gap, Role.LABEL), *fit(((name, Role.LABEL),), size)]
    return tuple(spans)


def event_row(summary: Summary, columns: Columns) -> Line:
    """The line of one event, as wide as the columns.

    Cells begin where their column does. A name or an event longer than its column takes what is blank behind it, or
    pushes the next cells of this line to the right, which end where they would; a long error begins earlier. So time,
    event, user and error are cut only if they do not fit into the line at all.
    """
    who = _who(summary)
    texts = {
        "event": clean(event_name(summary), Role.EVENT if summary.write else Role.PLAIN),
        "user": who or user_text(summary, columns.width),
        "source": clean(service(summary.source), Role.DIM),
        "resource": resource_text(summary),
        "region": clean(summary.region, Role.DIM),
        "error": clean(short_error(summary.error), _error_role(summary.error)),
    }
    spans: list[Span] = [
        mark(summary),
        (" " * (columns.mark - 1), Role.PLAIN),
        (times.clock_time(summary.time), Role.TIME) if summary.timed else (_NO_TIME, Role.WARNING),
    ]
    at = columns.mark + columns.time
    for name, start, end in _places(columns, {name: width(text) for name, text in texts.items()}):
        text = user_text(summary, end - start) if name == "user" else texts[name]
        cell = fit(text, min(end - start, width(text)))
        if cell:
            spans += [(" " * (start - at), Role.PLAIN), *cell]
            at = start + width(cell)
    spans.append((" " * (columns.width - at), Role.PLAIN))
    return tuple(span for span in spans if span[0])


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
    if summary.name in NOTABLE or (summary.root and summary.write):
        return ("!", Role.WARNING)
    return (" ", Role.PLAIN)


def event_name(summary: Summary) -> str:
    """An event's name in the list, or in brackets why it has none."""
    return summary.name or ("(unreadable)" if summary.unreadable else "(no name)")


def user_text(summary: Summary, room: int) -> Line:
    """Who: the person or session, then the role behind it in brackets, cut or left out to fit; services are dim."""
    who = _who(summary)
    if not who:
        return clean(summary.role, Role.USER) if summary.role else (("—", Role.DIM),)
    role = clean(summary.role, Role.DIM)
    left = room - width(who) - len(" ()")
    if not role or left < min(_STUMP, width(role)):
        return who
    return (*who, (" (", Role.DIM), *fit(role, min(left, width(role))), (")", Role.DIM))


def resource_text(summary: Summary) -> Line:
    """On what: the first resource's name, and how many there are besides."""
    name = clean(short_name(summary.resource), Role.PLAIN)
    return (*name, (f" +{summary.more_resources}", Role.DIM)) if name and summary.more_resources else name


def _who(summary: Summary) -> Line:
    name = service(summary.user)
    return clean(name, Role.DIM if name != summary.user else Role.WARNING if summary.root else Role.USER)


def _error_role(code: str) -> Role:
    lower = code.lower()
    if any(word in lower for word in _DENIED):
        return Role.ERROR
    # "There is no such thing" is an answer as often as a failure.
    return Role.DIM if any(word in lower for word in _ABSENT) else Role.WARNING


def _places(columns: Columns, cells: dict[str, int]) -> list[tuple[str, int, int]]:
    """(column, first cell, cell behind the last) of one line, from the cells its texts would take."""
    grid: list[tuple[str, int, int]] = []
    at = columns.mark + columns.time
    for name, size in zip(_ORDER, columns.named, strict=True):
        if size:
            grid.append((name, at + columns.gap, at + columns.gap + size))
            at += columns.gap + size
    needs = _needs(columns, cells)
    # From the right: where a cell begins at the latest so that what is vital fits, and where it ends in a usual line.
    begins, ends, bounds = [0] * len(grid), [0] * len(grid), [0] * len(grid)
    bound = end = columns.width
    for index in reversed(range(len(grid))):
        name, start, _ = grid[index]
        need = needs.get(name, 0)
        bounds[index], ends[index] = bound, end
        begins[index] = min(start, bound - need)
        if need:
            bound -= need + columns.gap
        if cells[name]:
            end = begins[index] - columns.gap
    places: list[tuple[str, int, int]] = []
    at = columns.mark + columns.time + columns.gap
    for index, (name, _, _) in enumerate(grid):
        begin = max(begins[index], at)
        stop = min(bounds[index], max(ends[index], begin + needs.get(name, 0)))
        if cells[name] and stop - begin >= min(_STUMP, cells[name]):
            places.append((name, begin, stop))
            at = begin + min(cells[name], stop - begin) + columns.gap
    return places


def _needs(columns: Columns, cells: dict[str, int]) -> dict[str, int]:
    """Cells that are held for each column in one line.

    Event, user and error first; if a line cannot hold them, the later ones are cut down to their column. Then, as
    long as all fit, what the others show of theirs: a long error takes blanks from the user's column before a Region.
    """
    needs = {name: cells[name] for name in _VITAL}
    asked = sum(needs.values()) + columns.gap * sum(1 for need in needs.values() if need)
    excess = asked - (columns.width - columns.mark - columns.time)
    for name in reversed(_VITAL):
        given = max(0, min(excess, needs[name] - getattr(columns, name)))
        needs[name] -= given
        excess -= given
    left = -excess if excess < 0 else 0
    for name in _USEFUL:
        need = min(cells[name], getattr(columns, name))
        if 0 < need <= left - columns.gap:
            needs[name] = need
            left -= need + columns.gap
    return needs
