"""Which feeds answer a question, or more than it, and those of earlier ones: they show their rows again uncalled."""

from dataclasses import replace

from ctui.core.lookup.event_query import EventQuery, QueryPhase
from ctui.core.server_clock import ServiceTime
from ctui.core.session import Session, SessionPhase
from ctui.errors import StoreError
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.terms import Filter
from ctui.model.lookup.lateness import LAG_SECONDS, LATE_SECONDS
from ctui.model.lookup.lookup import Lookup
from ctui.model.lookup.timespan import ALL_HISTORY, Timespan

_KEPT = 4
_FRESH = 60
"""Seconds for which an answer is taken to be the one of now."""


def alike(one: Lookup, other: Lookup) -> bool:
    """True where both ask the same."""
    return (one.timespan, one.category) == (other.timespan, other.category) and set(one.conditions) == set(
        other.conditions
    )


def covers(lookup: Lookup, question: Lookup) -> bool:
    """True where whatever answers the question answers the lookup too."""
    return (
        lookup.timespan in (question.timespan, ALL_HISTORY)
        and lookup.category is question.category
        and set(lookup.conditions) <= set(question.conditions)
    )


def is_old(feed: EventQuery, session: Session) -> bool:
    """True where asking anew may tell more: its range has moved, or had not settled, or nobody answered."""
    state, time = feed.state, session.time()
    if state.scan is None or state.asked_at is None or state.phase is QueryPhase.LOADING:
        return False
    if state.stored:
        return session.state.phase is SessionPhase.READY and session.state.assumed is None
    if isinstance(state.error, StoreError):
        # What the store let go of, or could not tell, is to be planned again.
        return True
    # One that seems to lie ahead was asked by a clock that has been set since.
    if abs((time.likely - state.asked_at).total_seconds()) <= _FRESH:
        return False
    # Ages move on; and what had not settled when it was asked may have become more.
    asked, end = int(state.asked_at.timestamp()), state.scan.end
    moved = feed.lookup.timespan.pin(time.earliest, time.latest) != (state.scan.start, end)
    return moved or end > asked - LAG_SECONDS or _is_due(end, asked, int(time.earliest.timestamp()))


def _is_due(end: int, asked: int, now: int) -> bool:
    """True where the last hour before second `asked` has passed and is to be walked once more."""
    return end > asked - LATE_SECONDS and end + LATE_SECONDS < now


def left_to_judge(line: Filter, timespan: Timespan, feed: EventQuery, time: ServiceTime) -> Predicate | None:
    """What is to be asked of the feed's rows, so that those of the line in this stretch remain; None for nothing.

    A feed that asks for just this stretch has pinned it once and for all. One that asks for a term of the line may
    hold other rows all the same, where scanning everything was cheaper.
    """
    terms = replace(line, since=None, until=None)
    if feed.lookup.timespan == timespan:
        return compile_filter(terms, time.likely) if terms.terms else None
    first, last = timespan.pin(time.earliest, time.latest)
    return replace(compile_filter(terms, time.likely), first=first, last=None if timespan.open_ended else last)


class EarlierFeeds:
    """The latest feed of each of the last few questions, of one account."""

    def __init__(self) -> None:
        self._feeds: list[EventQuery] = []
        self._account: str | None = None

    def keep(self, feed: EventQuery, account: str | None) -> None:
        """Remember a feed; those of another account are forgotten."""
        if account != self._account:
            self._feeds.clear()
            self._account = account
        if feed.state.stored and feed.scope is not None and feed.scope.account != account:
            return
        others = [one for one in self._feeds if not alike(one.lookup, feed.lookup) or one.regions != feed.regions]
        self._feeds = [*others[-(_KEPT - 1) :], feed]

    def covering(self, question: Lookup, regions: tuple[str, ...], *, stored: bool, within: bool) -> EventQuery | None:
        """The feed of these Regions that holds all that answers the question, with as little beside it as possible.

        `stored`: one that shows the store alone, or else one that asks the service. `within`: it may reach over more
        time than the question.
        """
        feeds = [
            feed
            for feed in self._feeds
            if covers(feed.lookup, question)
            and feed.regions == regions
            and feed.state.stored is stored
            and (within or feed.lookup.timespan == question.timespan)
        ]
        return max(feeds, key=lambda feed: len(feed.lookup.conditions), default=None)
