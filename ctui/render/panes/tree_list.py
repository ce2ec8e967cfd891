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
_REGION_CELLS = 15
_LEAST_NAME = 12
_FILES_CELLS = 6
_WIDE = 90
"""Cells from which all columns stand."""
_MOST_HOLES = 20
_MOST_REASONS = 20


def delivery_titles(cells: int) -> Line:
    """The titles of the columns; () where only few stand."""
    if cells < _WIDE:
        return ()
    return fit(tuple((part, Role.LABEL) for part, _ in _columns("  Account", "Region", _TITLES, cells)), cells)


_TITLES = ("files", "events", "from", "to", "holes")


def delivery_row(one: Deliveries, names: Mapping[str, str], now: datetime, cells: int) -> Line:
    """One account and Region in exactly so many cells: what the account is called, the Region, how many files; with
    room how many events, from when to when, and how many possible holes."""
    account = names.get(one.account, one.account) or "account not known"
    region = one.region or "not known"
    mark = _HOLES if one.holes else _NONE
    if cells < _WIDE:
        room = cells - 2 - _FILES_CELLS
        named = _REGION_CELLS if room >= _LEAST_NAME + _REGION_CELLS + 1 else 0
        line: Line = (mark, (" ", Role.PLAIN), *fit(clean(account), room - named - 1 if named else room))
        if named:
            line = (*line, (" ", Role.PLAIN), *fit(clean(region), named))
        return fit((*line, *fit(((f" {count(one.files)}", Role.DIM),), _FILES_CELLS, right=True)), cells)
    values = (
        count(one.files),
        count(one.events),
        "" if one.first is None else times.near(instant(one.first), now),
        "" if one.last is None else times.near(instant(one.last), now),
        count(len(one.holes)) if one.holes else "",
    )
    (_, first), *rest = _columns(account, region, values, cells - 2)
    return fit((mark, (" ", Role.PLAIN), *first, *(span for _, line in rest for span in line)), cells)


def _columns(account: str, region: str, values: Sequence[str], cells: int) -> list[tuple[str, Line]]:
    """Each column as a text and as a line of its cells."""
    room = min(40, cells - _REGION_CELLS - 1 - 8 - 11 - 2 * 14 - 7)
    shown = [(account, fit(clean(account), room)), (f" {region}", fit(clean(f" {region}"), _REGION_CELLS + 1))]
    for value, wide, right in zip(values, (8, 11, 14, 14, 7), (True, True, False, False, True), strict=True):
        text = value if right else f"  {value}"
        shown.append((text, fit(clean(text, Role.PLAIN), wide, right=right)))
    return [("".join(part for part, _ in line), line) for _, line in shown]


def tree_lines(
    trees: Sequence[TreeState], chosen: Deliveries | None, names: Mapping[str, str], cells: int
) -> tuple[Line, ...]:
    """What is known of the trees, and of the account and Region that is chosen, wrapped."""
    lines: list[Line] = []
    if chosen is not None:
        lines += [*_chosen_lines(chosen, names), ()]
    for tree in trees:
        lines += [*_tree(tree, cells), ()]
    return tuple(part for line in lines[:-1] for part in (wrap(line, max(1, cells), _LABEL) if line else ((),)))


def _chosen_lines(one: Deliveries, names: Mapping[str, str]) -> list[Line]:
    account = " ".join(filter(None, (names.get(one.account), one.account))) or "account not known"
    lines: list[Line] = [clean(f"{account} {one.region or 'Region not known'}", Role.STRONG)]
    lines.append(_fact("files", f"{count(one.files)}, {count(one.events)} events"))
    if one.first is not None and one.last is not None:
        first, last = instant(one.first), instant(one.last)
        lines.append(_fact("from", f"{times.to_the_minute(first)} to {times.to_the_minute(last)} UTC, as delivered"))
    lines += [hole_words(hole) for hole in reversed(one.holes[-_MOST_HOLES:])]
    if len(one.holes) > _MOST_HOLES:
        lines.append(((f"and {count(len(one.holes) - _MOST_HOLES)} older ones", Role.WARNING),))
    return lines


def hole_words(hole: Hole) -> Line:
    """A possible hole of one account and Region, in full."""
    start, end = instant(hole.start), instant(hole.end)
    line: Line = (
        *_HOLES_WORDS,
        *clean(f" {times.to_the_minute(start)} to {times.to_the_minute(end)} UTC"),
        (f" ({times.length(hole.end - hole.start)})", Role.DIM),
    )
    explained = f", {' or '.join(hole.explained_by)} may explain it" if hole.explained_by else ""
    return (*line, *clean(explained, Role.ACCENT))


_HOLES_WORDS: Line = (_HOLES, (" possible hole, no file", Role.WARNING))


def _tree(tree: TreeState, cells: int) -> list[Line]:
    lines: list[Line] = [clean(path_in(tree.path, cells), Role.STRONG)]
    if tree.error:
        lines.append(clean(tree.error, Role.ERROR))
    waiting = f", {count(tree.waiting)} to be read" if tree.waiting else ""
    looking = ", looking for more" if tree.phase is TreePhase.INDEXING and not tree.waiting else ""
    lines.append(_fact("files", f"{count(tree.files)}{waiting}{looking}"))
    lines.append(_fact("events", count(tree.events)))
    if (span := span_of(tree)) is not None:
        lines.append(_fact("from", f"{times.to_the_minute(span[0])} UTC"))
        lines.append(_fact("to", f"{times.to_the_minute(span[1])} UTC"))
    lines.append((("completeness unknown", Role.WARNING), (": quiet Regions deliver no files", Role.DIM)))
    if tree.unread:
        lines.append((("not read", Role.WARNING), (" · ctui files check names them", Role.DIM)))
        for reason, number in tree.unread[:_MOST_REASONS]:
            lines.append(
                (*fit(((count(number), Role.PLAIN),), _LABEL - 1, right=True), (" ", Role.PLAIN), *clean(reason))
            )
    return lines


def tree_summary(trees: Sequence[TreeState], cells: int) -> Line:
    """One line about the trees, where their pane is folded away."""
    deliveries = [one for tree in trees for one in tree.deliveries]
    holes = sum(len(one.holes) for one in deliveries)
    line: Line = clean(
        f"{count(len(deliveries))} account{'s' * (len(deliveries) != 1)} and Regions with log files", Role.DIM
    )
    if holes:
        line = (
            *line,
            (" · ", Role.DIM),
            *((_HOLES),),
            (f" {count(holes)} possible hole{'s' * (holes > 1)}", Role.WARNING),
        )
    return fit(line, cells) if width(line) > cells else line


def _fact(label: str, words: str) -> Line:
    return (*fit(((label, Role.LABEL),), _LABEL), *clean(words))
