"""Accounts and Regions that have log files, one a line, and what is known of one of them in full."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ctui.model.log_files.tree_state import Deliveries, Hole, TreePhase, TreeState
from ctui.render.panes.files_line import instant, span_of
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.paths import path_in
from ctui.render.text.spans import clean, count, fit, width, wrap

_HOLES = ("▲", Role.WARNING)
_NONE = ("·", Role.DIM)
_LABEL = 8
_REGION_CELLS = 14
_LEAST_NAME = 12
_FILES_CELLS = 5
_NARROWEST = 2 + 12 + 1 + _REGION_CELLS + _FILES_CELLS
"""Cells in which the ID of an account, a Region and a number of files stand side by side."""
_THOUSANDS = 10_000
_WIDE = 74
"""Cells from which there are columns."""
_MOST_HOLES = 20
_MOST_REASONS = 20


def delivery_titles(cells: int) -> Line:
    """The titles of the columns; () where only few stand."""
    if cells < _WIDE:
        return ()
    titles = _columns("Account", "Region", _TITLES, cells - 2)
    return fit((("  ", Role.PLAIN), *((text, Role.LABEL) for line in titles for text, _ in line)), cells)


_TITLES = ("files", "events", "from", "to", "holes")
_VALUES = ((7, True), (10, True), (14, False), (14, False), (7, True))
"""The cells of each, and whether they stand at the right."""


def delivery_row(one: Deliveries, names: Mapping[str, str], now: datetime, cells: int) -> Line:
    """One account and Region in exactly so many cells: what the account is called, the Region, how many files; with
    room how many events, from when to when, and how many possible holes."""
    account = names.get(one.account, one.account) or "not known"
    region = one.region or "not known"
    mark = _HOLES if one.holes else _NONE
    if cells < _WIDE:
        named = _REGION_CELLS if cells >= _NARROWEST else 0
        files = fit(((_brief(one.files), Role.DIM),), _FILES_CELLS, right=True)
        room = cells - 2 - _FILES_CELLS - (named + 1 if named else 0)
        line: Line = (mark, (" ", Role.PLAIN), *fit(clean(account), room))
        if named:
            line = (*line, (" ", Role.PLAIN), *fit(clean(region), named))
        return fit((*line, *files), cells)
    values = (
        count(one.files),
        count(one.events),
        "" if one.first is None else times.near(instant(one.first), now),
        "" if one.last is None else times.near(instant(one.last), now),
        count(len(one.holes)) if one.holes else "",
    )
    columns = _columns(account, region, values, cells - 2)
    return fit((mark, (" ", Role.PLAIN), *(span for line in columns for span in line)), cells)


def _brief(number: int) -> str:
    return str(number) if number < _THOUSANDS else f"{number // 1000}k"


def _columns(account: str, region: str, values: Sequence[str], cells: int) -> list[Line]:
    """Each column in its cells: numbers at their right."""
    shown = _VALUES if cells - sum(wide for wide, _ in _VALUES) > _LEAST_NAME + _REGION_CELLS else _VALUES[:-1]
    room = min(40, cells - _REGION_CELLS - 1 - sum(wide for wide, _ in shown))
    columns = [fit(clean(account), room), fit(clean(f" {region}"), _REGION_CELLS + 1)]
    for value, (wide, right) in zip(values, shown, strict=False):
        columns.append(fit(clean(value if right else f"  {value}"), wide, right=right))
    return columns


def tree_lines(
    trees: Sequence[TreeState], chosen: Deliveries | None, names: Mapping[str, str], now: datetime, cells: int
) -> tuple[Line, ...]:
    """What is known of the account and Region that is chosen, and of the trees, wrapped."""
    parts = [_chosen_lines(chosen, names, now)] if chosen is not None else []
    parts += [_tree_lines(tree, cells) for tree in trees]
    lines = [line for part in parts for line in ((), *part)][1:]
    return tuple(part for line in lines for part in (wrap(line, max(1, cells), _LABEL) if line else ((),)))


def chosen_lines(one: Deliveries, names: Mapping[str, str], now: datetime, cells: int) -> tuple[Line, ...]:
    """What is known of one account and Region, wrapped."""
    return tuple(part for line in _chosen_lines(one, names, now) for part in wrap(line, max(1, cells), _LABEL))


def _chosen_lines(one: Deliveries, names: Mapping[str, str], now: datetime) -> list[Line]:
    account = " ".join(filter(None, (names.get(one.account), one.account))) or "account not known"
    lines: list[Line] = [clean(f"{account} {one.region or 'Region not known'}", Role.STRONG)]
    lines += _amounts(one.files, one.events, "")
    if one.first is not None and one.last is not None:
        lines += _ends(instant(one.first), instant(one.last))
    if one.holes:
        lines.append((("no file, possible holes:", Role.WARNING),))
    for hole in reversed(one.holes[-_MOST_HOLES:]):
        lines += hole_lines(hole, now)
    if len(one.holes) > _MOST_HOLES:
        lines.append(((f"and {count(len(one.holes) - _MOST_HOLES)} older ones", Role.WARNING),))
    return lines


def hole_lines(hole: Hole, now: datetime) -> list[Line]:
    """A possible hole of one account and Region: from when to when, and what may explain it."""
    start, end = times.near(instant(hole.start), now), times.near(instant(hole.end), now)
    length: Line = ((f"  {times.length(hole.end - hole.start)}", Role.DIM),)
    if hole.explained_by:
        length = (*length, (" · ", Role.DIM), *clean(f"{' or '.join(hole.explained_by)} may explain it", Role.ACCENT))
    return [(_HOLES, *clean(f" {start} to {end}")), length]


def _tree_lines(tree: TreeState, cells: int) -> list[Line]:
    lines: list[Line] = [clean(path_in(tree.path, cells), Role.STRONG)]
    if tree.error:
        lines.append(clean(tree.error, Role.ERROR))
    waiting = f", {count(tree.waiting)} to be read" if tree.waiting else ""
    looking = ", looking for more" if tree.phase is TreePhase.INDEXING and not tree.waiting else ""
    lines += _amounts(tree.files, tree.events, f"{waiting}{looking}")
    if (span := span_of(tree)) is not None:
        lines += _ends(*span)
    lines.append((("completeness unknown", Role.WARNING), (": quiet Regions deliver no files", Role.DIM)))
    if tree.unread:
        lines.append((("not read", Role.WARNING), (": ctui files check", Role.DIM)))
    for reason, number in tree.unread[:_MOST_REASONS]:
        much = fit(((count(number), Role.PLAIN),), _LABEL - 1, right=True)
        lines.append((*much, (" ", Role.PLAIN), *clean(reason)))
    return lines


def _amounts(files: int, events: int, more: str) -> list[Line]:
    return [_fact("files", f"{count(files)}{more}"), _fact("events", count(events))]


def _ends(start: datetime, end: datetime) -> list[Line]:
    return [_fact("from", f"{times.to_the_minute(start)} UTC"), _fact("to", f"{times.to_the_minute(end)} UTC")]


def deliveries_title(trees: Sequence[TreeState]) -> Line:
    """That all of them prove nothing, and what they have."""
    dash = (" ── ", Role.DIM)
    deliveries = [one for tree in trees for one in tree.deliveries]
    some = f"{count(sum(tree.files for tree in trees))} in {_scopes(len(deliveries))}"
    line: Line = (("Log files", Role.STRONG), dash, ("completeness unknown", Role.WARNING), dash, (some, Role.PLAIN))
    return (*line, dash, *_holes(deliveries)) if any(one.holes for one in deliveries) else line


def tree_summary(trees: Sequence[TreeState], cells: int) -> Line:
    """One line about the trees, where their pane is folded away."""
    deliveries = [one for tree in trees for one in tree.deliveries]
    line: Line = ((f"log files of {_scopes(len(deliveries))}", Role.DIM),)
    if any(one.holes for one in deliveries):
        line = (*line, (" · ", Role.DIM), _HOLES, (" ", Role.PLAIN), *_holes(deliveries))
    return fit(line, cells) if width(line) > cells else line


def _scopes(number: int) -> str:
    return "1 account and Region" if number == 1 else f"{count(number)} accounts and Regions"


def _holes(deliveries: Sequence[Deliveries]) -> Line:
    # The line below the events counts a stretch that several miss once.
    return ((f"possible holes in {count(sum(1 for one in deliveries if one.holes))} of them", Role.WARNING),)


def _fact(label: str, words: str) -> Line:
    return (*fit(((label, Role.LABEL),), _LABEL), *clean(words))
