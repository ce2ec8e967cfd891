"""Log files in the line under the panes: from when to when there are some, what is not read, what may be missing.

It never says complete: names of files give the time of delivery, an hour has many files, and quiet Regions have none.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from ctui.model.log_files.tree_state import TreePhase, TreeState
from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import clean, count, fit, join, width

_UNKNOWN: Line = (("completeness unknown", Role.WARNING),)


@dataclass(frozen=True, slots=True)
class FilesFacts:
    """All trees of a session together."""

    files: int
    """Log files that are indexed."""
    waiting: int
    """Files that are to be read."""
    events: int
    indexing: bool
    start: datetime | None
    """The first delivery, or the first event where no name says when it was delivered; None before there is one."""
    end: datetime | None
    unread: int
    """Files, and records in files, that are not read."""
    holes: int
    """Stretches without a file: those of several accounts and Regions at the same time count once."""
    problem: str
    """Why a tree cannot be read."""


def files_facts(trees: Sequence[TreeState], holes: int = 0) -> FilesFacts:
    """What trees of log files have, at a glance. `holes`: in how many stretches of the range files may be missing."""
    spans = [span for tree in trees if (span := span_of(tree)) is not None]
    return FilesFacts(
        files=sum(tree.files for tree in trees),
        waiting=sum(tree.waiting for tree in trees),
        events=sum(tree.events for tree in trees),
        indexing=any(tree.phase is TreePhase.INDEXING for tree in trees),
        start=min((start for start, _ in spans), default=None),
        end=max((end for _, end in spans), default=None),
        unread=sum(number for tree in trees for _, number in tree.unread),
        holes=holes,
        problem=next((tree.error for tree in trees if tree.error), ""),
    )


def span_of(tree: TreeState) -> tuple[datetime, datetime] | None:
    """From when to when there are files: by their deliveries, and by their events where no name tells; None before
    there is one."""
    start = min((one.first for one in tree.deliveries if one.first is not None), default=tree.oldest)
    end = max((one.last for one in tree.deliveries if one.last is not None), default=tree.newest)
    return None if start is None or end is None else (instant(start), instant(end))


def instant(second: int) -> datetime:
    """An epoch second as an instant, UTC."""
    return datetime.fromtimestamp(second, UTC)


def files_line(facts: FilesFacts, state: Sequence[Line], now: datetime | None, cells: int) -> Line:
    """The line under the panes, where there are log files alone, in exactly so many cells. `state`: what the rows are
    doing, the longest form first."""
    forms: dict[str, Sequence[Line]] = {
        "indexing": indexing_forms(facts),
        "state": (*state, ()),
        "span": span_forms(facts, now),
        "holes": _hole_forms(facts.holes),
        "unread": _unread_forms(facts.unread),
    }
    if facts.problem:
        forms = {"problem": (clean(facts.problem, Role.ERROR),), **forms}
    return narrowed(forms, _GIVING_WAY, cells, lambda parts: join(parts.values(), " · "))


_GIVING_WAY = (
    "span", "unread", "indexing", "holes", "span", "span", "state", "indexing", "state", "state", "span",
)  # fmt: skip


def narrowed(
    forms: dict[str, Sequence[Line]], giving_way: Iterable[str], cells: int, joined: Callable[[dict[str, Line]], Line]
) -> Line:
    """Parts in exactly so many cells, of which one after the other takes its next shorter form until they fit."""
    line: Line = ()
    for step in ("", *giving_way):
        if step:
            forms[step] = forms[step][1:] or forms[step]
        line = ((" ", Role.PLAIN), *joined({name: shorter[0] for name, shorter in forms.items()}))
        if width(line) <= cells:
            break
    return fit(line, cells)


def span_forms(facts: FilesFacts, now: datetime | None) -> tuple[Line, ...]:
    """From when to when there are files, and that this says nothing of what is between, the longest form first."""
    if facts.start is None or facts.end is None:
        return ((),) if facts.indexing else (_UNKNOWN, ())
    full = f"files from {times.to_the_minute(facts.start)} to {times.to_the_minute(facts.end)} UTC"
    now = now or facts.end
    start, end = (f"{'today ' * (one.date() == now.date())}{times.near(one, now)}" for one in (facts.start, facts.end))
    near = f"files {start} to {end}"
    # Each without what it shares with the other: the day stays.
    days = f"files {times.short(facts.start, facts.end)} to {times.short(facts.end, facts.start)}"
    days = days if facts.start.date() != facts.end.date() else near
    comma: Line = ((", ", Role.PLAIN),)
    return (*((*clean(words), *comma, *_UNKNOWN) for words in (full, near, days)), _UNKNOWN, ())


def brief_forms(facts: FilesFacts, now: datetime | None) -> tuple[Line, ...]:
    """What is said of log files besides the API, the longest form first."""
    if facts.problem:
        return (clean(f"files: {facts.problem}", Role.ERROR), (("files not read", Role.ERROR),))
    span = span_forms(facts, now)
    rest = join((indexing_forms(facts)[-1], _hole_forms(facts.holes)[-1], _unread_forms(facts.unread)[-1]), ", ")
    last: Line = (("files: ", Role.PLAIN), *_UNKNOWN)
    forms = (*(join((form, rest), ", ") for form in span[:-2]), *span[:-2], join((last, rest), ", "), last)
    return (*sorted(forms, key=width, reverse=True), ())


def indexing_forms(facts: FilesFacts) -> tuple[Line, ...]:
    """How far indexing is, the longest form first; an empty one once it has ended."""
    if not facts.indexing:
        return ((),)
    if not facts.waiting:
        return ((("looking for files …", Role.ACCENT),), (("indexing …", Role.ACCENT),))
    total = count(facts.files + facts.waiting)
    forms = (
        f"indexing: {count(facts.files)} of {total} files, {count(facts.events)} events so far",
        f"indexing {count(facts.files)} of {total} files",
        f"indexing {100 * facts.files // (facts.files + facts.waiting)} %",
    )
    return tuple(((form, Role.ACCENT),) for form in forms)


def _hole_forms(holes: int) -> tuple[Line, ...]:
    if not holes:
        return ((),)
    fact: Line = ((f"{count(holes)} possible hole{'s' * (holes > 1)}", Role.WARNING),)
    return ((*fact, (", ", Role.PLAIN), ("A", Role.STRONG), (" where", Role.PLAIN)), fact)


def _unread_forms(unread: int) -> tuple[Line, ...]:
    if not unread:
        return ((),)
    fact: Line = ((f"{count(unread)} not read", Role.WARNING),)
    return ((*fact, (": ctui files check", Role.PLAIN)), fact)
