"""What an answer without rows says: why it may be empty, and the keys that help."""

from collections.abc import Sequence

from ctui.model.empty_result.evidence import Cause, Reason
from ctui.render.roles import Line, Role
from ctui.render.text.ranges import preposition
from ctui.render.text.spans import clean, count, wrap

_SURE = (
    Cause.REFUSED, Cause.OTHER_REGION, Cause.LETTER_CASE, Cause.OTHER_FIELD, Cause.NOT_RECORDED, Cause.DATA_EVENT,
    Cause.IMPOSSIBLE,
)  # fmt: skip
"""Causes that say what is wrong; the others tell what is not known yet, or left out on purpose."""
_TIME = (Cause.LAG, Cause.HISTORY, Cause.RANGE)
"""Causes that lie in the range and the hour: another range may help, and so may waiting."""


_LONGEST_LINE = 120
"""Characters of the filter line that are repeated: the line itself is in sight."""


def reasons_lines(
    reasons: Sequence[Reason],
    keys: Sequence[str],
    *,
    line: str,
    timespan: str,
    scanned: int,
    complete: bool,
    filtering: bool,
    width: int,
    searched: bool = True,
    in_files: bool = False,
) -> tuple[Line, ...]:
    """Lines wrapped to `width` cells: the result, then each reason with the key of its suggestion.

    `line` is the filter line; `timespan` is the range, or "" if the line names one itself. `keys` go to the suggestions
    in order. If the loaded events could not be `searched`, the lines claim no match. `in_files`: log files are all that
    was searched.
    """
    if filtering:
        return (*wrap((("searching loaded events …", Role.ACCENT),), width),)
    head = _head(line, timespan, scanned, complete=complete, in_files=in_files)
    lines = list(wrap(head if searched else ((f"{_events(scanned)} loaded, not searched", Role.PLAIN),), width))
    left = list(keys)
    for reason in reasons:
        sure = reason.cause in _SURE
        mark: Line = (("▲ ", Role.WARNING),) if sure else (("· ", Role.DIM),)
        lines += ((), *wrap((*mark, *clean(reason.text, Role.PLAIN if sure else Role.DIM)), width, 2))
        if reason.action_label and left:
            lines += wrap(((f"  {left.pop(0)} ", Role.ACCENT), *clean(reason.action_label)), width, 4)
    if all(reason.cause in _TIME for reason in reasons) and "enter" not in keys:
        lines += (
            (),
            (("R", Role.ACCENT), (" search again · ", Role.PLAIN), ("t", Role.ACCENT), (" change range", Role.PLAIN)),
        )
    return tuple(lines)


def no_mark_lines(timespan: str, width: int) -> tuple[Line, ...]:
    """Lines where no event is marked, wrapped to `width` cells. `timespan`: the range, or "" for all history."""
    where = f" {preposition(timespan)}{timespan}" if timespan else ""
    what: Line = (("No event is marked", Role.PLAIN), *clean(where))
    return (*wrap(what, width), (), *wrap((("space", Role.ACCENT), (" marks the selected event", Role.PLAIN)), width))


def _head(line: str, timespan: str, scanned: int, *, complete: bool, in_files: bool) -> Line:
    """What was found, and in how much: of events that are loaded, how many; of a range without any, which."""
    so_far = "" if complete else " so far"
    if scanned:
        number = "the one event" if scanned == 1 else f"the {count(scanned)} events"
        where = "of these files" if in_files else "loaded"
        return ((f"No match in {number} {where}{so_far}", Role.PLAIN),)
    head: Line = (("No event", Role.PLAIN),)
    if line:
        cut = line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
        head = (*head, (" matches ", Role.PLAIN), *clean(cut, Role.STRONG))
    if timespan:
        words = "all history" if timespan == "all" else timespan
        head = (*head, (f" {preposition(words)}", Role.PLAIN), *clean(words, Role.STRONG))
    return (*head, (so_far, Role.PLAIN))


def _events(number: int) -> str:
    return f"{count(number)} event{'' if number == 1 else 's'}"


def incomplete_filter_lines(problem: str, line: str, width: int, *, unfinished: bool = False) -> tuple[Line, ...]:
    """Lines of an empty pane, wrapped to `width` cells, while the filter line cannot be read: why, and what filters.

    `line` is the last complete filter, or "". `unfinished`: more typing may put it right.
    """
    mark, role = (("· ", Role.DIM), Role.DIM) if unfinished else (("▲ ", Role.WARNING), Role.PLAIN)
    why: Line = (mark, ("Incomplete filter: ", role), *clean(problem, role))
    until: Line = (("· Not filtered until it is complete", Role.DIM),)
    if line:
        until = (
            ("· Still filtered by ", Role.DIM),
            *clean(line, Role.STRONG),
            (", no match", Role.DIM),
        )
    return (*wrap(why, width, 2), (), *wrap(until, width, 2))


def offers_of(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The reasons that come with an offer, in the order of their keys."""
    return tuple(reason for reason in reasons if reason.action_label)
