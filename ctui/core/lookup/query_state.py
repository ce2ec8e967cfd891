"""How a query stands: one frozen value, made from the query's parts when something has changed."""

from datetime import UTC, datetime
from enum import StrEnum

from ctui.core.lookup.estimate import Remaining, pages_of
from ctui.core.lookup.load_goal import LoadGoal
from ctui.core.lookup.loader import Loader
from ctui.core.lookup.merged_scans import MergedScans
from ctui.core.lookup.recheck import Recheck
from ctui.core.lookup.scope_state import Horizon, ScopeState, horizons, scope_states
from ctui.errors import CtuiError
from ctui.model.lookup.lookup import Clause, Lookup
from ctui.model.lookup.scan import Scan
from ctui.model.values import dataclass


class QueryPhase(StrEnum):
    """What a query is doing."""

    WAITING = "waiting"
    """For a connection."""
    LOADING = "loading"
    PAUSED = "paused"
    """More may follow on request."""
    COMPLETE = "complete"
    """All pages of the range are loaded."""
    FAILED = "failed"
    """What has arrived is kept; `retry` continues."""


class Halt(StrEnum):
    """Why a load has ended before its goal, and waits for a person."""

    BOUND = "bound"
    """It has scanned as many events as it may."""
    NO_PROGRESS = "no progress"
    """The service went on returning pages without a new event."""


@dataclass(frozen=True, slots=True)
class QueryState:
    """A query at a glance: replaced whenever something happens, so that reading it computes nothing."""

    phase: QueryPhase
    loaded: int
    """Rows: the length of the query's `ids`."""
    scanned: int
    """Events received from the service, repeated ones counted once."""
    more: bool
    """True if the service has more pages, or may have."""
    pages: int
    """Pages received."""
    loading_all: bool
    """True while everything in range is being loaded, or everything up to `scan_to`."""
    oldest: datetime | None
    """How far back pages have reached, UTC."""
    error: CtuiError | None
    """Why the query failed, why rows come from the store alone, or why one of its scopes is not continued."""
    lookup: Lookup
    scan: Scan | None
    """The lookup as it was pinned in the first scope; None before it starts."""
    pinned_at: datetime | None = None
    """When that was, by the service's clock."""
    server_filter: Clause = ()
    """What the service selects by, a scan for each attribute; () if everything is scanned, or no call is needed."""
    needs_service: bool = True
    """False if all was known from the start, so that no call is made."""
    remaining: Remaining | None = None
    """What is left to load of the range, or up to `scan_to`; None while that is unknown."""
    refused: tuple[str, ...] = ()
    """Scopes that are not continued because of `error`, while others are, by name (`scope_names`)."""
    rechecking: bool = False
    """True while what is shown is being scanned once more."""
    rechecked_to: datetime | None = None
    """How far back that has come, UTC; None before its first page."""
    late: int = 0
    """Events that it has found and that were not here before."""
    unreadable: int = 0
    """Events among the rows that could not be read, or not in full."""
    rows_beyond: int = 0
    """Stored rows that lie further back than pages have reached: events in between may be missing."""
    scan_to: int | None = None
    """While everything is loaded: how many events are scanned before it stops; None if it goes on to the end."""
    halt: Halt | None = None
    """Why nothing goes on by itself before the end; None if something does, or more was requested since."""
    pages_without_progress: int = 0
    """How many pages in a row brought nothing, if that is why; else 0."""
    scopes: tuple[ScopeState, ...] = ()
    """Its scopes, once there is a connection."""
    horizons: tuple[Horizon, ...] = ()
    """Where the knowledge of some scopes ends, while that of others goes further back."""
    store_only: bool = False
    """True if rows come from the store alone, since there is no connection."""


def instant(second: int) -> datetime:
    """An epoch second as an instant, UTC."""
    return datetime.fromtimestamp(second, UTC)


def snapshot(
    lookup: Lookup,
    scan: Scan | None,
    pinned_at: datetime | None,
    *,
    scans: MergedScans,
    goal: LoadGoal,
    loader: Loader,
    recheck: Recheck,
) -> QueryState:
    """How a query stands now."""
    phase, complete_to = _phase(scans, loader), scans.complete_to
    halt = _halt(phase, scans, goal, recheck)
    loading_all = goal.everything and phase in (QueryPhase.LOADING, QueryPhase.WAITING)
    selects = scans.server_filter if scans.scans else lookup.all_clauses
    scan_to = goal.scan_to if loading_all and not selects else None
    scopes = scope_states(scans, loader)
    return QueryState(
        phase=phase,
        loaded=len(scans.rows),
        scanned=scans.scanned,
        rows_beyond=scans.rows_beyond,
        more=not scans.scans or not scans.done or recheck.is_open,
        pages=scans.pages,
        loading_all=loading_all,
        scan_to=scan_to,
        halt=halt,
        pages_without_progress=scans.pages_without_progress if halt is Halt.NO_PROGRESS else 0,
        oldest=None if complete_to is None else instant(complete_to),
        error=loader.error or loader.connection_error or scans.trouble,
        lookup=lookup,
        scan=scan,
        pinned_at=pinned_at,
        server_filter=scans.server_filter,
        needs_service=not scans.scans or scans.needs_service,
        unreadable=scans.unreadable,
        store_only=loader.store_only,
        remaining=loader.estimate.remaining(
            scans.scans, None if scan_to is None else pages_of(scan_to - scans.scanned)
        ),
        refused=scans.refused,
        rechecking=recheck.running,
        rechecked_to=None if recheck.reached is None else instant(recheck.reached),
        late=recheck.late,
        scopes=scopes,
        horizons=horizons(scopes),
    )


def _phase(scans: MergedScans, loader: Loader) -> QueryPhase:
    if not scans.scans:
        return QueryPhase.WAITING
    if loader.error is not None:
        return QueryPhase.FAILED
    if loader.running:
        return QueryPhase.LOADING
    if scans.open or scans.stuck:
        return QueryPhase.PAUSED
    return QueryPhase.COMPLETE if scans.done and scans.pruned_before is None else QueryPhase.FAILED


def _halt(phase: QueryPhase, scans: MergedScans, goal: LoadGoal, recheck: Recheck) -> Halt | None:
    if phase is QueryPhase.PAUSED:
        if not scans.open:
            return Halt.NO_PROGRESS
        return Halt.BOUND if goal.at_bound else None
    return Halt.NO_PROGRESS if phase is QueryPhase.COMPLETE and recheck.stuck else None
