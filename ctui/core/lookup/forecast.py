"""Forecast: what a question would ask of the service, and how many calls that takes, without asking it."""

from collections.abc import Sequence

from ctui.core.lookup.gap_scan import HISTORY_SECONDS
from ctui.core.lookup.knowledge import NOTHING_KNOWN, Knowledge, knowledge_in
from ctui.core.lookup.pacing.pace import SPACING
from ctui.core.lookup.planner import PAGE_EVENTS, ScopeQuery
from ctui.core.lookup.scope_scan import ScopeScan, plan_scans
from ctui.core.server_clock import ServiceTime
from ctui.model.lookup.interval import Stretches
from ctui.model.lookup.lookup import Category, Clause, LookupAttribute
from ctui.model.lookup.scan import Scan
from ctui.model.values import dataclass
from ctui.store.events import EventStore


@dataclass(frozen=True, slots=True)
class Forecast:
    """What it takes to answer a question in one Region, of one category of events."""

    region: str
    category: Category
    server_filter: Clause
    """What the service selects by, a scan for each attribute; () if everything is scanned."""
    scans: tuple[Scan, ...]
    """What is asked of the service, the seconds that are known and certain left out; () if no call is needed."""
    uncovered: Stretches
    """The seconds of the range of which it is not known whether every event is stored."""
    calls: int | None
    """Calls to expect, by how dense the stored events are; None if nothing says so. Each scan takes one at least."""

    def seconds(self, rate: float) -> float:
        """How long the calls take at `rate` calls a second; those of one for each scan if no more is known."""
        return (len(self.scans) if self.calls is None else self.calls) * SPACING / rate


def forecasts(store: EventStore | None, queries: Sequence[ScopeQuery], time: ServiceTime) -> list[Forecast]:
    """What a question takes in each scope of a service, by what the store knows at `time`. Raises StoreError."""
    queries = [query for query in queries if not query.scope.in_files]
    scans = plan_scans(store, queries, time) if store is not None else tuple(map(ScopeScan, queries))
    return [_forecast(store, scan, time) for scan in scans]


def _forecast(store: EventStore | None, planned: ScopeScan, time: ServiceTime) -> Forecast:
    query = planned.query
    scans = tuple(gap.scan for gap in (*planned.gaps, *planned.rechecks))
    knowledge = NOTHING_KNOWN if store is None else knowledge_in(store, query, time)
    calls: int | None = 0
    for scan in scans:
        density = None if store is None else _density(store, query, knowledge, scan.attribute)
        seconds = scan.end + 1 - max(scan.start or 0, scan.end - HISTORY_SECONDS)
        calls = None if calls is None or density is None else calls + 1 + int(seconds * density // PAGE_EVENTS)
    return Forecast(query.scope.region, query.category, planned.server_filter, scans, planned.uncovered, calls)


def _density(
    store: EventStore, query: ScopeQuery, knowledge: Knowledge, attribute: LookupAttribute | None
) -> float | None:
    """Events a second that have the attribute, in the newest stretch of which they are all stored; None without one."""
    stretches = knowledge.known(attribute).parts or knowledge.known(None).parts
    if not stretches:
        return None
    total, with_attribute, seconds = store.counts(query.scope, [attribute] if attribute else [], stretches[-1])
    return (total if attribute is None else with_attribute.get(attribute, 0)) / max(1, seconds)
