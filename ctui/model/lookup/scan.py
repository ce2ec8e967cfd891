"""Scan: one walk through the pages of one scope with fixed parameters, and the pages."""

from datetime import datetime

from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.lookup.lookup import Category, Lookup, LookupAttribute
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Scan:
    """The parameters of a chain of LookupEvents calls. A NextToken is valid only with the same parameters."""

    scope: Scope
    start: int | None
    """First second in range, epoch, inclusive; None omits StartTime, which means all of history."""
    end: int
    """Last second in range, epoch, inclusive."""
    attribute: LookupAttribute | None = None
    category: Category = Category.MANAGEMENT

    @classmethod
    def pin(cls, lookup: Lookup, scope: Scope, now: datetime, latest: datetime | None = None) -> "Scan":
        """The scan of a lookup, its range fixed to whole seconds by one or two clocks, as in `Timespan.pin`."""
        start, end = lookup.timespan.pin(now, latest)
        return cls(scope, start, end, lookup.attribute)


@dataclass(frozen=True, slots=True)
class Page:
    """One response of LookupEvents, newest event first."""

    events: tuple[Event, ...]
    next_token: str | None
    """None on the last page."""
    server_time: datetime | None
    """The response's Date header, UTC, or None if it is absent or unreadable."""
    received: datetime | None = None
    """When the response arrived by our own clock, UTC, or None before the queue has set it."""
