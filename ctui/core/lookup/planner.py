"""The planner: a query and what is known of it -> the scans that are still needed.

A query is a list of clauses that all hold. A clause is a tuple of lookup attributes, of which an event has at least
one: it is what LookupEvents could select by. The service takes one attribute at most, so one clause goes to it, with a
scan for each of its attributes, and the others filter the rows here.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import field
from functools import reduce
from typing import Final, NamedTuple

from ctui.core.lookup.gap_scan import HISTORY_SECONDS
from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lookup import Category, Clause, Lookup, LookupAttribute, selectivity
from ctui.model.lookup.scan import Scan
from ctui.model.lookup.timespan import Timespan
from ctui.model.values import dataclass

KnownSeconds = Callable[[LookupAttribute | None], Stretches]
"""By attribute, and for None of all events: seconds of which every event is here."""

PAGE_EVENTS = 50
"""Events on a full page (MaxResults of LookupEvents)."""
_SCANS_AT_ONCE = 8
"""Attributes of one clause that are scanned one by one while nothing has been counted; with more, everything is."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events were seen, in all and with each attribute of a query."""

    total: int = 0
    by_attribute: Mapping[LookupAttribute, int] = field(default_factory=dict)
    seconds: int = 1
    """How much time they span."""

    def density(self, attribute: LookupAttribute | None) -> float:
        """Events a second with this attribute, and for None of all."""
        return (self.total if attribute is None else self.by_attribute.get(attribute, 0)) / self.seconds


def cheapest_clause(clauses: Sequence[Clause], counts: Counts, gaps_of: KnownSeconds) -> Clause:
    """The clause that goes to the service; () if scanning everything is cheaper, or there is no clause.

    `gaps_of` returns the seconds that are to be scanned for an attribute, and for None those of everything. The
    cheapest is the one with the fewest pages, by the counts; without counts, the most selective. What is
    known of an attribute costs nothing.
    """
    costs = [(_cost(clause, counts, gaps_of), clause) for clause in clauses if clause]
    if not costs:
        return ()
    if not counts.total:
        few = [each for each in costs if each[0].scans <= _SCANS_AT_ONCE]
        return min(few, key=lambda each: each[0].usual_order, default=(None, ()))[1]
    cost, best = min(costs, key=lambda each: (each[0].pages, each[0].usual_order))
    return best if cost.pages <= _pages(gaps_of(None), counts.density(None)) else ()


_END_OF_FILES: Final = 253_370_764_800
"""The last second of a search in log files that has no end: the beginning of the year 9999."""


class _Cost(NamedTuple):
    """What it costs to scan for the attributes of a clause of which something is not known."""

    pages: int
    """By the counts."""
    scans: int
    """Attributes that are scanned for."""
    usual_order: tuple[int, int]
    """How selective they are, without counts."""


def _cost(clause: Clause, counts: Counts, gaps_of: KnownSeconds) -> _Cost:
    gaps = {attribute: seconds for attribute in clause if (seconds := gaps_of(attribute))}
    pages = sum(_pages(seconds, counts.density(attribute)) for attribute, seconds in gaps.items())
    return _Cost(pages, len(gaps), selectivity(tuple(gaps)))


def _pages(gaps: Stretches, density: float) -> int:
    """Pages that these gaps are expected to take, at so many events a second: at least one for each gap."""
    return sum(1 + int(gap.seconds * density // PAGE_EVENTS) for gap in gaps)


def known(clauses: Sequence[Clause], seconds_of: KnownSeconds) -> Stretches:
    """Seconds of which every event that meets all clauses is here.

    These are the seconds known without any attribute and, for each clause, those known for all of its attributes.
    """
    seconds = seconds_of(None)
    for clause in filter(None, clauses):
        seconds = seconds.union(reduce(Stretches.intersect, map(seconds_of, clause)))
    return seconds


@dataclass(frozen=True, slots=True)
class ScopeQuery:
    """A lookup, pinned for one scope and one category of events."""

    scope: Scope
    start: int | None
    """First second, inclusive; None: as far back as history goes."""
    end: int
    """Last second, inclusive."""
    clauses: tuple[Clause, ...] = ()
    impossible: bool = False
    """True if no event can match: there is nothing to know, and nothing to scan."""
    marked: bool = False
    """True for marked events alone: the store has all of them, and nothing is scanned."""
    category: Category = Category.MANAGEMENT
    narrowed_by: frozenset[Hashable] = frozenset()
    """As `Lookup.narrowed_by`."""

    @property
    def stretch(self) -> Stretch | None:
        """All its seconds, or None if it ends before it starts."""
        return Stretch.between(self.start or 0, self.end + 1)


def end_in_files(timespan: Timespan, last: int) -> int:
    """The last second of a range in log files, whose last second elsewhere is this one."""
    return _END_OF_FILES if timespan.end is None else last


def scope_queries(lookup: Lookup, scans: Sequence[Scan]) -> list[ScopeQuery]:
    """The lookup as it was pinned for each scope, in each category that it asks for. Log files are searched once, for
    events of all categories; without an end also for those after now, as this machine's clock may be behind."""
    asked = [
        ScopeQuery(scan.scope, scan.start, scan.end, clauses, lookup.impossible, lookup.marked, category)
        for category, clauses in lookup.by_category
        for scan in scans
        if not scan.scope.in_files
    ]
    # What a service selects Insights events by is nothing that holds of others.
    clauses = lookup.all_clauses if lookup.management and lookup.insights is None else ()
    return asked + [
        ScopeQuery(
            scan.scope,
            scan.start,
            end_in_files(lookup.timespan, scan.end),
            clauses,
            lookup.impossible,
            lookup.marked,
            narrowed_by=lookup.narrowed_by,
        )
        for scan in scans
        if scan.scope.in_files
    ]


def server_filter_for(query: ScopeQuery, seconds_of: KnownSeconds, counts: Counts) -> Clause:
    """The clause that goes to the service, by how many events to expect in the seconds that are not known yet."""
    whole = query.stretch
    if whole is None:
        return cheapest_clause(query.clauses, counts, lambda _: Stretches.of(Stretch(query.end, query.end + 1)))
    oldest = max(whole.start, whole.end - HISTORY_SECONDS)
    gaps = Stretches.of(Stretch.between(oldest, whole.end)).subtract(known(query.clauses, seconds_of))
    return cheapest_clause(query.clauses, counts, lambda attribute: gaps.subtract(seconds_of(attribute)))


def plan_gaps(query: ScopeQuery, seconds_of: KnownSeconds, clause: Clause) -> tuple[Scan, ...]:
    """The scans that fill the gaps, newest first; none if all is known.

    `clause` goes to the service: each of its attributes has scans of its own, with the gaps of that attribute. If it is
    empty, everything is scanned.
    """
    whole = query.stretch
    if whole is None:
        # Send it all the same: the service has the right words for it.
        attribute = (clause or (None,))[0]
        return (Scan(query.scope, query.start, query.end, attribute, query.category),)
    gaps = Stretches.of(whole).subtract(known(query.clauses, seconds_of))
    return _scans(query, clause, lambda attribute: gaps.subtract(seconds_of(attribute)))


def plan_rechecks(
    query: ScopeQuery, seconds_of: KnownSeconds, certain: KnownSeconds, clause: Clause
) -> tuple[Scan, ...]:
    """The scans over what is known but not `certain`, newest first."""
    whole = query.stretch
    if whole is None:
        return ()
    here = known(query.clauses, seconds_of)
    uncertain = Stretches.of(whole).subtract(known(query.clauses, certain))

    def seconds(attribute: LookupAttribute | None) -> Stretches:
        return uncertain.subtract(certain(attribute)).intersect(here.union(seconds_of(attribute)))

    return _scans(query, clause, seconds)


def _scans(query: ScopeQuery, clause: Clause, seconds: KnownSeconds) -> tuple[Scan, ...]:
    scans = [
        Scan(query.scope, _start(query, part), part.end - 1, attribute, query.category)
        for attribute in clause or (None,)
        for part in seconds(attribute)
    ]
    return tuple(sorted(scans, key=lambda scan: -scan.end))


def _start(query: ScopeQuery, gap: Stretch) -> int | None:
    """A gap at the very beginning starts as the query does, perhaps without a bound."""
    return query.start if gap.start == (query.start or 0) else gap.start
