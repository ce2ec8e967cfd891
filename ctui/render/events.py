"""One line of the event table: when, what, who, where from, on what. And how its columns share a width."""

from dataclasses import dataclass
from datetime import date

from ctui.model.summary import Summary
from ctui.render import times
from ctui.render.roles import Line, Role, Span
from ctui.render.text import clean, fit, width

_ROOMY = 96
"""From this width on, columns stand two blanks apart."""
_SHORTEST = 6
"""What a column keeps that gives room to event, user or error in its line."""
_LEAST_ROLE = 6
"""Cells below which a role behind a name would be a stump."""
_BASE = {"event": 26, "user": 20, "error": 12}
_OPTIONAL = (("source", 11), ("resource", 14), ("region", 9))
_GROWTH = (
    ("error", 16), ("user", 22), ("resource", 18), ("region", 14), ("event", 30), ("error", 22), ("user", 30),
    ("source", 16), ("resource", 36), ("error", 30), ("event", 40),
)  # fmt: skip
"""How width beyond the base is shared, column by column up to these widths."""
_ORDER = ("event", "user", "source", "resource", "region", "error")

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
"""Calls worth a look whoever made them; a write by root is worth one too."""

_DENIED = ("denied", "unauthorized", "forbidden", "notauthorized", "failedauthentication", "failure")
_ABSENT = ("nosuch", "notfound", "notexist")


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 where a column is not shown."""

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

    At 76 cells (a terminal of 80) they have 26, 20 and 16; source, resource and Region come as there is room.
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
    for name, size in _OPTIONAL:
        if left < size + gap:
            break
        sizes[name] = size
        left -= size + gap
    for name, most in _GROWTH:
        if name in sizes and left > 0:
            more = min(left, max(0, most - sizes[name]))
            sizes[name] += more
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
    """The line of one event, as wide as the columns. A long event, user or error takes room its line does not need."""
    cells = {
        "event": clean(summary.name or "(no name)", Role.EVENT if summary.write else Role.PLAIN),
        "user": user_text(summary),
        "source": clean(service(summary.source), Role.DIM),
        "resource": resource_text(summary),
        "region": clean(summary.region, Role.DIM),
        "error": clean(short_error(summary.error), _error_role(summary.error)),
    }
    shown = [(name, size) for name, size in zip(_ORDER, columns.named, strict=True) if size]  # event and user first
    wanted = [width(cells[name]) for name, _ in shown]
    # What a line may not lose: the whole name, the person without the role, the error.
    vital = {"event": width(cells["event"]), "user": width(_who(summary)), "error": width(cells["error"])}
    needed = [vital.get(name, 0) for name, _ in shown]
    sizes = _flow([size for _, size in shown], wanted, needed)
    if sizes[1] < min(wanted[1], vital["user"] + _LEAST_ROLE):
        cells["user"] = _who(summary) or cells["user"]
    spans: list[Span] = [mark(summary), (" " * (columns.mark - 1), Role.PLAIN)]
    spans.append((times.clock_time(summary.time), Role.TIME))
    for (name, _), size in zip(shown, sizes, strict=True):
        spans += [(" " * columns.gap, Role.PLAIN), *fit(cells[name], size)]
    return tuple(spans)


def day_line(day: date, width: int) -> Line:
    """The line between two days: ── Saturday 21 November 2026 ────."""
    text = times.day(day)
    line = (("── ", Role.DIM), (text, Role.LABEL), (" " + "─" * max(0, width - len(text) - 4), Role.DIM))
    return fit(line, width)


def mark(summary: Summary) -> Span:
    """One cell: ✗ for a refused or failed call, ! for one worth a look, else a blank."""
    if summary.error:
        return ("✗", _error_role(summary.error))
    if summary.name in NOTABLE or (summary.root and summary.write):
        return ("!", Role.WARNING)
    return (" ", Role.PLAIN)


def user_text(summary: Summary) -> Line:
    """Who: the person or session, then the role behind it in brackets; services are dim."""
    who = _who(summary)
    if not who:
        return clean(summary.role, Role.USER) if summary.role else (("—", Role.DIM),)
    return (*who, (" (", Role.DIM), *clean(summary.role, Role.DIM), (")", Role.DIM)) if summary.role else who


def resource_text(summary: Summary) -> Line:
    """On what: the first resource's name, and how many there are besides."""
    name = clean(summary.resource, Role.PLAIN)
    return (*name, (f" +{summary.more_resources}", Role.DIM)) if name and summary.more_resources else name


def service(source: str) -> str:
    """A service's host name without the part all of them share."""
    for noise in (".amazonaws.com", ".amazonaws.com.cn"):
        if source.endswith(noise):
            return source.removesuffix(noise)
    return source


def short_error(code: str) -> str:
    """An error code without the words that say only that it is one."""
    return code.removeprefix("Client.").removesuffix("Exception") or code


def _who(summary: Summary) -> Line:
    name = service(summary.user)
    return clean(name, Role.DIM if name != summary.user else Role.WARNING if summary.root else Role.USER)


def _error_role(code: str) -> Role:
    lower = code.lower()
    if any(word in lower for word in _DENIED):
        return Role.ERROR
    # "There is no such thing" is an answer as often as a failure.
    return Role.DIM if any(word in lower for word in _ABSENT) else Role.WARNING


def _flow(sizes: list[int], wanted: list[int], needed: list[int]) -> list[int]:
    """Widths for one line: what overflows takes first the blanks of the nearest cells, then what others can spare."""
    sizes = list(sizes)
    for goal, give_up in ((wanted, False), (needed, True)):
        for index, need in enumerate(needed):
            if not need:
                continue
            for donor in sorted(range(len(sizes)), key=lambda other: (abs(other - index), -other)):
                lack = goal[index] - sizes[index]
                if lack <= 0:
                    break
                if donor == index:
                    continue
                keeps = (needed[donor] or min(wanted[donor], _SHORTEST)) if give_up else wanted[donor]
                spare = min(lack, max(0, sizes[donor] - keeps))
                sizes[donor] -= spare
                sizes[index] += spare
    return sizes
