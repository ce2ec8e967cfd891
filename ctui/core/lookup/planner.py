"""The planner: a query and what is known of it -> the scans that are still needed.

A query is a list of terms that all hold. A term is a tuple of lookup attributes, of which an event has one: it is
what LookupEvents could select by. The service takes one attribute at most, so one term goes to it, and the others
filter the rows here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ctui.core.lookup.gap_scan import HISTORY_SECONDS
from ctui.model.connection import Scope
from ctui.model.event.attribute import AttributeKey
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lookup import Lookup, LookupAttribute
from ctui.model.lookup.scan import Scan

Term = tuple[LookupAttribute, ...]
KnownSeconds = Callable[[LookupAttribute | None], Stretches]
"""By attribute, and for None of all events: seconds of which every event is here."""

PAGE_EVENTS = 50
"""Events on a full page (MaxResults of LookupEvents)."""
SELECTIVE_FIRST = (
    AttributeKey.EVENT_ID,
    AttributeKey.ACCESS_KEY_ID,
    AttributeKey.RESOURCE_NAME,
    AttributeKey.USERNAME,
    AttributeKey.EVENT_NAME,
    AttributeKey.RESOURCE_TYPE,
    AttributeKey.EVENT_SOURCE,
    AttributeKey.READ_ONLY,
)
"""Attributes by how few events one value has, as a rule: the order while nothing has been counted."""
_VALUES_AT_ONCE = 8
"""Values of one term that are scanned one by one while nothing has been counted; with more, everything is scanned."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events were seen, in all and with each attribute of a query."""

    total: float = 0
    by_attribute: Mapping[LookupAttribute, float] | None = None
    seconds: int = 0
    """How much time they span; 0 if unknown."""

    def expected_in(self, seconds: int) -> "Counts":
        """About how many to expect in so many seconds, at the same density; these counts if the density is unknown."""
        if not self.seconds or not seconds or self.by_attribute is None:
            return self
        factor = seconds / self.seconds
        by_attribute = {attribute: count * factor for attribute, count in self.by_attribute.items()}
        return Counts(self.total * factor, by_attribute, seconds)


def cheapest_term(terms: Sequence[Term], counts: Counts) -> Term:
    """The term that goes to the service; () if scanning everything is cheaper, or no term can be selected by.

    The cheapest in pages, by the counts; without counts, the first of `SELECTIVE_FIRST`.
    """
    possible = [term for term in terms if term]
    if not possible:
        return ()
    if counts.total == 0 or counts.by_attribute is None:
        few_values = [term for term in possible if len(term) <= _VALUES_AT_ONCE]
        return min(few_values, key=_usual_order, default=())
    by_attribute = counts.by_attribute

    def pages(term: Term) -> int:
        return sum(_pages(by_attribute.get(attribute, 0)) for attribute in term)

    best = min(possible, key=lambda term: (pages(term), _usual_order(term)))
    return best if pages(best) <= _pages(counts.total) else ()


def _usual_order(term: Term) -> tuple[int, int]:
    return SELECTIVE_FIRST.index(term[0].key), len(term)


def _pages(events: float) -> int:
    return 1 + int(events // PAGE_EVENTS)


def known(terms: Sequence[Term], seconds_of: KnownSeconds) -> Stretches:
    """Seconds of which every event that matches the terms is here.

    These are the seconds known without any attribute and, for each term, those known for all of its values.
    """
    seconds = seconds_of(None)
    for term in filter(None, terms):
        of_all_values = seconds_of(term[0])
        for attribute in term[1:]:
            of_all_values = of_all_values.intersect(seconds_of(attribute))
        seconds = seconds.union(of_all_values)
    return seconds


@dataclass(frozen=True, slots=True)
class ScopeQuery:
    """A lookup, pinned for one scope."""

    scope: Scope
    start: int | None
    """First second, inclusive; None: as far back as history goes."""
    end: int
    """Last second, inclusive."""
    terms: tuple[Term, ...] = ()

    @property
    def stretch(self) -> Stretch | None:
        """All its seconds, or None if it ends before it starts."""
        return Stretch.between(self.start or 0, self.end + 1)


def scope_queries(lookup: Lookup, scans: Sequence[Scan]) -> list[ScopeQuery]:
    """The lookup as it was pinned for each scope."""
    return [ScopeQuery(scan.scope, scan.start, scan.end, lookup.conditions) for scan in scans]


def server_filter_for(query: ScopeQuery, seconds_of: KnownSeconds, counts: Counts) -> Term:
    """The term that goes to the service, by how many events to expect in the seconds that are not known yet."""
    whole = query.stretch
    if whole is None:
        return cheapest_term(query.terms, counts)
    oldest = max(whole.start, whole.end - HISTORY_SECONDS)
    gaps = Stretches.of(Stretch.between(oldest, whole.end)).subtract(known(query.terms, seconds_of))
    return cheapest_term(query.terms, counts.expected_in(gaps.seconds))


def plan_gaps(query: ScopeQuery, seconds_of: KnownSeconds, term: Term) -> tuple[Scan, ...]:
    """The scans that fill the gaps, newest first; none if all is known.

    `term` goes to the service: each of its values has scans of its own, with the gaps of that value. If it is empty,
    everything is scanned.
    """
    whole = query.stretch
    if whole is None:
        # Send it all the same: the service has the right words for it.
        attribute = (term or (None,))[0]
        return (Scan(query.scope, query.start, query.end, attribute),)
    gaps = Stretches.of(whole).subtract(known(query.terms, seconds_of))
    return _scans(query, term, lambda attribute: gaps.subtract(seconds_of(attribute)))


def plan_rechecks(query: ScopeQuery, seconds_of: KnownSeconds, certain: KnownSeconds, term: Term) -> tuple[Scan, ...]:
    """The scans over what is known but not `certain`, newest first."""
    whole = query.stretch
    if whole is None:
        return ()
    here = known(query.terms, seconds_of)
    uncertain = Stretches.of(whole).subtract(known(query.terms, certain))

    def seconds(attribute: LookupAttribute | None) -> Stretches:
        return uncertain.subtract(certain(attribute)).intersect(here.union(seconds_of(attribute)))

    return _scans(query, term, seconds)


def _scans(query: ScopeQuery, term: Term, seconds: KnownSeconds) -> tuple[Scan, ...]:
    scans = [
        Scan(query.scope, _start(query, part), part.end - 1, attribute)
        for attribute in term or (None,)
        for part in seconds(attribute)
    ]
    return tuple(sorted(scans, key=lambda scan: -scan.end))


def _start(query: ScopeQuery, gap: Stretch) -> int | None:
    """A gap at the very beginning starts as the query does, perhaps without a bound."""
    return query.start if gap.start == (query.start or 0) else gap.start
