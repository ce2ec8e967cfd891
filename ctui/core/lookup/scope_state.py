"""ScopeState: how one scope of a query stands. Horizon: where some scopes end and others go on."""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from ctui.core.lookup.loader import Loader
from ctui.core.lookup.merged_scans import MergedScans
from ctui.core.lookup.scope_scan import ScopeScan
from ctui.errors import CtuiError
from ctui.model.connection import Scope
from ctui.model.values import dataclass


class ScopePhase(StrEnum):
    """What is being done about a scope."""

    REFUSED = "refused"
    """It is not continued, because of an error."""
    LOADING = "loading"
    PAUSED = "paused"
    """More may follow on request."""
    COMPLETE = "complete"
    """All of the range is here."""


_WORST_FIRST = tuple(ScopePhase)


@dataclass(frozen=True, slots=True)
class ScopeState:
    """A scope at a glance."""

    scope: Scope
    phase: ScopePhase
    reached: int | None
    """The epoch second back to which every event of it is shown; None while nothing is."""
    rows: int
    """Rows that have come from it first: an event of two scopes counts once."""
    error: CtuiError | None = None
    """Why it is refused."""


@dataclass(frozen=True, slots=True)
class Horizon:
    """Scopes that are known back to one second, while others are known further."""

    second: int | None
    """As `ScopeState.reached`."""
    scopes: tuple[Scope, ...]
    phase: ScopePhase
    error: CtuiError | None


def scope_states(scans: MergedScans, loader: Loader) -> tuple[ScopeState, ...]:
    """The scopes of a query in its order; () if rows come from the store alone."""
    if loader.store_only:
        return ()
    by_scope: dict[Scope, list[ScopeScan]] = {}
    for scan in scans.scans:
        by_scope.setdefault(scans.store.named(scan.query.scope), []).append(scan)
    rows: Counter[Scope] = Counter()
    for scope, number in scans.rows_of.items():
        rows[scans.store.named(scope)] += number
    return tuple(_state(scope, of_scope, scans, loader, rows[scope]) for scope, of_scope in by_scope.items())


def horizons(states: Sequence[ScopeState]) -> tuple[Horizon, ...]:
    """Where scopes end that are behind others, the newest second first; those without any are the first."""
    if len(states) < 2:
        return ()
    furthest = min((state.reached for state in states if state.reached is not None), default=0)
    ends: dict[tuple[int | None, ScopePhase, str], list[ScopeState]] = {}
    for state in states:
        if state.phase is not ScopePhase.COMPLETE and (state.reached is None or state.reached > furthest):
            title = "" if state.error is None else state.error.title
            ends.setdefault((state.reached, state.phase, title), []).append(state)
    found = [
        Horizon(first.reached, tuple(each.scope for each in (first, *others)), first.phase, first.error)
        for first, *others in ends.values()
    ]
    return tuple(sorted(found, key=lambda horizon: (horizon.second is not None, -(horizon.second or 0))))


def _state(scope: Scope, of_scope: Sequence[ScopeScan], scans: MergedScans, loader: Loader, rows: int) -> ScopeState:
    phase = min((_phase(scan, scans, loader) for scan in of_scope), key=_WORST_FIRST.index)
    # Its categories have scans of their own.
    reached = max(scan.reached for scan in of_scope)
    known = all(scan.reached <= scan.query.end for scan in of_scope)
    error = next((error for scan in of_scope if (error := scans.refusal(scan)) is not None), None)
    return ScopeState(scope, phase, reached if known else None, rows, error)


def _phase(scan: ScopeScan, scans: MergedScans, loader: Loader) -> ScopePhase:
    if scans.refusal(scan) is not None:
        return ScopePhase.REFUSED
    if scan.done:
        return ScopePhase.COMPLETE
    return ScopePhase.LOADING if loader.loads(scan) else ScopePhase.PAUSED
