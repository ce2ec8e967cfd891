"""The line under the panes while only the cheap part of a question was asked: what that finds, what it cannot have
found, and the key that scans the rest."""

from collections.abc import Sequence
from datetime import datetime

from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import count

GIVING_WAY = ("ends", "seen", "seen", "seen", "searched", "ends", "searched")
"""What takes its next shorter form, step by step: that more is to be scanned, and the key, stay longest."""


@dataclass(frozen=True, slots=True)
class FirstFacts:
    """What was asked first."""

    selected: Sequence[tuple[str, str]]
    """What the service selects by, as (key, value)."""
    found: int
    """Events that it has returned for that."""
    loading: bool
    """True while more of them are loaded."""
    complete: bool
    """True once all of them are here."""


def found_forms(searched: Sequence[Line], first: FirstFacts) -> tuple[Line, ...]:
    """How many events the cheap part has found, after each form of what the service selects by."""
    number = f"{'' if first.complete else '>'}{count(first.found)} found"
    return tuple((*form, (f", {number}", Role.PLAIN)) for form in searched)


def unscanned_forms(scanned: int, oldest: datetime | None, now: datetime | None) -> tuple[Line, ...]:
    """How far requests and responses were scanned: events that name a thing only there are found by that alone."""
    forms: tuple[str, ...]
    if oldest is None:
        forms = ("requests and responses not scanned", "requests not scanned")
    else:
        at = times.moment(oldest) if now is None else times.near(oldest, now)
        forms = (
            f"requests and responses: {count(scanned)} scanned, back to {at}",
            f"requests: {count(scanned)} scanned, back to {at}",
            f"requests only to {at}",
            f"requests to {at}",
        )
    return tuple(((form, Role.WARNING),) for form in forms)


def rest_forms(first: FirstFacts, takes: str) -> tuple[Line, ...]:
    """The key that scans the rest, and how long that takes; while the cheap part loads, the key that stops it."""
    if first.loading:
        loading: Line = (("loading …", Role.ACCENT),)
        stop: Line = (*loading, (", ", Role.PLAIN), ("esc", Role.STRONG), (" stop", Role.PLAIN))
        return (stop, stop, loading)
    if not first.complete:
        go_on: Line = (("stopped, ", Role.WARNING), ("/ enter", Role.STRONG), (" continue", Role.PLAIN))
        return (go_on, go_on, go_on[:2])
    scan: Line = (("M", Role.STRONG), (" scan the rest", Role.PLAIN))
    brief: Line = (("M", Role.STRONG), (" rest", Role.PLAIN))
    return ((*scan, (f", {takes}", Role.DIM)) if takes else scan, scan, brief)
