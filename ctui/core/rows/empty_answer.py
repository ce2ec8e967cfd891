"""What is known of an answer without rows, or of what its rows lack: the evidence that reasons are made of."""

from ctui.core.explorer.explorer_state import ExplorerState
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.rows.value_counts import findings, value_counts, values_of_words
from ctui.core.session import Session
from ctui.core.trails.trail_book import TrailsPhase
from ctui.errors import CtuiError, ServiceError
from ctui.model.empty_result.evidence import AWS_HISTORY, EmptyResult
from ctui.model.empty_result.finding import Finding
from ctui.model.empty_result.narrowing import bare_words
from ctui.model.empty_result.range_edit import with_range
from ctui.model.filter.matching.case_variants import case_variants, ignoring_case, patterns_by_field
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class StoredValues:
    """Values that were read from the store for one line over so many events."""

    about: tuple[object, ...] = ()
    """What they were read for: ExplorerState.subject."""
    seen: dict[str, tuple[str, ...]] | None = None
    """Values, by field or path, that differ from those of the line only in upper and lower case."""
    findings: tuple[Finding, ...] = ()
    known: dict[str, tuple[str, ...]] | None = None
    """Values, by field, that bare words of the line are."""


async def read_values(session: Session, state: ExplorerState) -> StoredValues:
    """Values from the store that may explain more: what bare words are; for an empty answer, values that differ in
    case, and where else the line's values occur; with rows, what a term fails to hide."""
    found: dict[str, tuple[str, ...]] = {}
    for name, patterns in () if state.shown else patterns_by_field(state.line).items():
        values = [value for value, _ in await value_counts(session, name, ignoring_case(patterns))]
        found[name] = tuple(twin for pattern in patterns for twin in case_variants(pattern, values))
    line = with_range(state.line, state.timespan)
    said = await findings(session, line, session.server_now(), with_rows=state.shown > 0)
    known = await values_of_words(session, bare_words(state.line))
    return StoredValues(state.subject, found, said, known)


def empty_result(session: Session, state: ExplorerState, read: StoredValues | None) -> EmptyResult:
    """The evidence for `reasons_of`. Values that were read for another subject do not count."""
    connection = session.state.connection
    origin = connection.origin if connection is not None else "aws"
    error = state.query.error
    values = read if read is not None and read.about == state.subject else StoredValues()
    return EmptyResult(
        line=with_range(state.line, state.timespan),
        now=session.server_now(),
        regions=session.state.regions,
        complete=state.complete,
        scanned=state.query.scanned,
        pages_without_progress=state.query.pages_without_progress,
        started=not state.passive,
        error_text=_words(error) if state.query.refused or isinstance(error, ServiceError) else "",
        refusing_regions=state.query.refused,
        unreached={login.label: "" if login.error is None else login.error.title for login in session.state.unreached},
        added_regions=session.state.added_regions,
        server_filter=state.query.server_filter,
        found_first=state.first.found if state.first is not None else 0,
        asked_first=state.first.clause if state.first is not None and state.first.complete else (),
        store_only=state.query.store_only,
        can_load_more=state.query.phase in (QueryPhase.PAUSED, QueryPhase.LOADING),
        history=AWS_HISTORY if "/" not in origin else None,
        partition=origin if "/" not in origin else "aws",
        exclusions=state.exclusions,
        oldest=state.oldest_row,
        newest=state.newest_row,
        seen_values=values.seen or {},
        findings=values.findings,
        known_values={} if state.query.phase is QueryPhase.COMPLETE else values.known or {},
        loaded_at=state.query.pinned_at if state.stale else None,
        has_insights=_has_insights(session),
        own_hidden=state.own_hidden,
        read_error=state.read_error,
        files=state.files,
    )


def _has_insights(session: Session) -> dict[str, bool | None] | None:
    """Of each trail that is listed, whether Insights is on; None if they are not listed."""
    trails = session.trails.state
    if trails.phase in (TrailsPhase.WAITING, TrailsPhase.FAILED) or (
        trails.phase is TrailsPhase.LOADING and not trails.entries
    ):
        return None
    return {one.trail.name: one.trail.has_insight_selectors for one in trails.entries}


def _words(error: CtuiError | None) -> str:
    """The service's own words if it has any, else ours."""
    if error is None:
        return ""
    return (error.service_message if isinstance(error, ServiceError) else "") or error.message
