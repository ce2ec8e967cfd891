"""Knowledge: what the store knows of a query, at one instant."""

from typing import NamedTuple

from ctui.core.lookup.planner import Counts, KnownSeconds, ScopeQuery
from ctui.core.server_clock import ServiceTime
from ctui.model.lookup.interval import Stretches
from ctui.model.lookup.lookup import AttributeKey, Category, LookupAttribute
from ctui.store.events import EventStore


class Knowledge(NamedTuple):
    """Seconds by lookup attribute, and for None of all events."""

    known: KnownSeconds
    """Every event that the service has returned for these seconds is here."""
    due: KnownSeconds
    """Known seconds to be scanned once more, since they were proven too soon after they happened."""

    def certain(self, attribute: LookupAttribute | None) -> Stretches:
        """The known seconds that need no call."""
        return self.known(attribute).subtract(self.due(attribute))


NOTHING_KNOWN = Knowledge(lambda _: Stretches(), lambda _: Stretches())


def knowledge_in(store: EventStore, query: ScopeQuery, time: ServiceTime, *, again: bool = False) -> Knowledge:
    """What the store knows of the query's scope; with `again`, all of it is to be scanned once more.

    Coverage is of management events. Of Insights events nothing is known, so that each question asks for them. Of log
    files all that there is to find is here, whatever the events that they lack.
    """
    if query.scope.in_files:
        return Knowledge(lambda _: Stretches.of(query.stretch), lambda _: Stretches())
    if query.category is Category.INSIGHT:
        return NOTHING_KNOWN
    earliest, latest = int(time.earliest.timestamp()), int(time.latest.timestamp())
    within = query.stretch

    def known(attribute: LookupAttribute | None) -> Stretches:
        if within is not None and attribute is not None and _is_here(store, query, attribute):
            return Stretches.of(within)
        return store.coverage(query.scope, attribute).known(latest)

    def due(attribute: LookupAttribute | None) -> Stretches:
        if within is None:
            return Stretches()
        return store.coverage(query.scope, attribute).due(within, earliest, latest)

    return Knowledge(known, known if again else due)


def _is_here(store: EventStore, query: ScopeQuery, attribute: LookupAttribute) -> bool:
    """True if the one event with this attribute is stored: an ID is that of one event, so nothing is left to find."""
    return attribute.key is AttributeKey.EVENT_ID and store.has_event(query.scope, attribute.value)


def counts_in(store: EventStore, query: ScopeQuery, knowledge: Knowledge) -> Counts:
    """How often the store has seen the query's attributes, if there is a choice between them."""
    attributes = list(dict.fromkeys(attribute for clause in query.clauses for attribute in clause))
    # Events loaded by an attribute alone say nothing about how many others there were.
    whole = knowledge.known(None).parts if len(attributes) > 1 else ()
    return Counts(*store.counts(query.scope, attributes, whole[-1])) if whole else Counts()
