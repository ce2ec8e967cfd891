"""Compare questions: whether two lookups ask the same, and whether the answer of one holds that of another."""

from collections.abc import Container
from dataclasses import replace

from ctui.core.lookup.event_query import EventQuery
from ctui.core.lookup.query_state import QueryPhase, QueryState
from ctui.core.server_clock import ServiceTime
from ctui.errors import StoreError
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.terms import Filter
from ctui.model.lookup.lateness import LAG_SECONDS, LATE_SECONDS
from ctui.model.lookup.lookup import Lookup, LookupAttribute
from ctui.model.lookup.timespan import ALL_HISTORY, Timespan

_FRESH = 60
"""Seconds during which an answer counts as current."""


def same_question(one: Lookup, other: Lookup) -> bool:
    """True if both lookups ask for the same events, in whatever order clauses and their attributes stand."""
    if one.impossible or other.impossible:
        return one.impossible is other.impossible and one.timespan == other.timespan
    same = one.timespan == other.timespan and one.marked is other.marked and _asks_alike(one, other)
    return same and one.narrowed_by == other.narrowed_by and _as_sets(one) == _as_sets(other)


def answers(lookup: Lookup, question: Lookup) -> bool:
    """True if a complete answer to `lookup` holds every event that answers `question`.

    Whatever answers the question then meets each clause of the lookup: it has an attribute of a clause that names no
    others.
    """
    if lookup.impossible or question.impossible:
        return question.impossible
    if lookup.marked is not question.marked or not _asks_alike(lookup, question):
        return False
    if not _is_narrower(question, lookup):
        return False
    same_range, asked = lookup.timespan in (question.timespan, ALL_HISTORY), _as_sets(question)
    return same_range and all(any(one <= clause for one in asked) for clause in _as_sets(lookup))


def narrowness(lookup: Lookup) -> tuple[int, int]:
    """Orders lookups that hold the same answer: the largest returns the fewest other events, as a rule."""
    return len(lookup.all_clauses), -sum(map(len, lookup.all_clauses))


def _asks_alike(one: Lookup, other: Lookup) -> bool:
    """True if both ask for the same categories of events, and the same of Insights events."""
    return (one.management, one.insights) == (other.management, other.insights)


def _is_narrower(one: Lookup, other: Lookup) -> bool:
    """True if whatever log files have for `one` they have for the other, too."""
    return one.narrowed_by >= other.narrowed_by


def _as_sets(lookup: Lookup) -> frozenset[frozenset[LookupAttribute]]:
    return frozenset(map(frozenset, lookup.all_clauses))


def is_stale(query: QueryState, time: ServiceTime, *, connected: bool) -> bool:
    """True if the service may know more by `time` than this answer holds.

    Its range has moved on, or its newest events were still arriving, or it never came from the service. `connected`:
    the service can be asked, and the account is confirmed.
    """
    if query.scan is None or query.pinned_at is None or query.phase is QueryPhase.LOADING:
        return False
    if query.lookup.takes_no_call or query.scan.scope.in_files:
        # Of log files alone, `r` looks for new ones.
        return False
    if query.store_only:
        return connected
    if isinstance(query.error, StoreError):
        # What the store pruned or could not read must be planned again.
        return True
    # An answer that seems to come from the future was dated by a clock that has been corrected since.
    if abs((time.likely - query.pinned_at).total_seconds()) <= _FRESH:
        return False
    asked, end = int(query.pinned_at.timestamp()), query.scan.end
    moved = query.lookup.timespan.pin(time.earliest, time.latest) != (query.scan.start, end)
    return moved or end > asked - LAG_SECONDS or _is_due(end, asked, int(time.earliest.timestamp()))


def _is_due(end: int, asked: int, now: int) -> bool:
    """True if the last hour before second `asked` is over and must be read once more for late events."""
    return end > asked - LATE_SECONDS and end + LATE_SECONDS < now


def row_predicate(
    line: Filter, timespan: Timespan, query: EventQuery | None, time: ServiceTime, marked: Container[str] = frozenset()
) -> Predicate | None:
    """What the rows of this query must match to be shown for the line and the time range; None if all of them do.

    Without a query it is what any event must match.

    `marked`: the event IDs of marked events.

    A query over the same time range has pinned it already. A query for a term of the line may still hold other rows:
    the planner scans everything where that is cheaper.
    """
    terms = replace(line, since=None, until=None)
    if query is not None and query.lookup.timespan == timespan:
        return compile_filter(terms, time.likely, marked) if terms.terms else None
    first, last = timespan.pin(time.earliest, time.latest)
    predicate = compile_filter(terms, time.likely, marked)
    return replace(predicate, first=first, last=None if timespan.open_ended else last)
