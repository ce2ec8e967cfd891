"""Scan: one pinned walk through the pages of one scope, and the pages it meets."""

from dataclasses import dataclass
from datetime import datetime

from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.lookup.lookup import Category, Lookup, LookupAttribute


@dataclass(frozen=True, slots=True)
class Scan:
    """Fixed parameters of a chain of LookupEvents calls: a NextToken is valid only with the same ones."""

    scope: Scope
    start: int | None
    """First second in range, epoch, inclusive; None leaves StartTime out: as far back as history goes."""
    end: int
    """Last second in range, epoch, inclusive."""
    attribute: LookupAttribute | None = None
    category: Category = Category.MANAGEMENT

    @classmethod
    def pin(cls, lookup: Lookup, scope: Scope, now: datetime, latest: datetime | None = None) -> "Scan":
        """Fix a lookup's stretch at whole seconds, as `Timespan.pin` does by one or two clocks."""
        start, end = lookup.timespan.pin(now, latest)
        return cls(scope, start, end, lookup.attribute, lookup.category)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of LookupEvents, newest event first."""

    events: tuple[Event, ...]
    next_token: str | None
    """None on the last page."""
    server_time: datetime | None
    """The answer's Date header, UTC; None where the header was absent or unreadable."""
    received: datetime | None = None
    """When the answer came by our own clock, UTC; None before the queue has taken it."""
