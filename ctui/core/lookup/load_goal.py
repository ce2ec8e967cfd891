"""LoadGoal: what a person wants loaded of a query, until it is fulfilled or cancelled."""

from typing import NamedTuple

from ctui.core.lookup.planner import PAGE_EVENTS
from ctui.core.lookup.queue import Priority
from ctui.model.values import dataclass

SCAN_EVENTS = 5_000
"""Events that a search may scan if the service selects by nothing: a minute at two pages a second."""
SCAN_PAGES = 200
"""Pages that it may cost, however few events they hold: twice as many as full ones would be."""

FREE_ROWS = 1_000_000
"""Rows of log files that are shown without being asked for: they cost no call, and sixteen bytes each."""


def next_bound(scanned: int) -> int:
    """How many rows are scanned before a search stops again, if so many have been scanned."""
    return (scanned // SCAN_EVENTS + 1) * SCAN_EVENTS


class Outstanding(NamedTuple):
    """What a query was to load and has not: another one, or the same with a connection, takes it over."""

    everything: bool
    """All pages in range."""
    scan_to: int | None
    """The bound of that, None if it has none."""
    pages: int
    """Pages beyond the first rows, requested before there was a connection."""


@dataclass(slots=True)
class LoadGoal:
    """Several kinds of goals, which hold at the same time."""

    until_a_row: int = 0
    """So many pages at most, until a new row shows."""
    first_pages: bool = False
    """The first page of each scope of which nothing is known."""
    pages: int = 0
    """So many pages in any case."""
    everything: bool = False
    """All pages in range, or up to `scan_to` rows."""
    scan_to: int | None = None
    """How many rows may be scanned for that if the service selects by nothing; None for no bound."""
    scan_pages: int = 0
    """How many pages that may still cost."""
    at_bound: bool = False
    """True after a load has ended at its bound, until more than the next row is requested."""
    gap_pages: int | None = None
    """So many pages at most to close the gap above rows that are shown already; None before one was looked for."""
    free: bool = True
    """What log files have, as far as `FREE_ROWS`."""
    interrupted: bool = False
    """Everything was requested when an error or a new connection came in between."""
    passive: bool = False
    """The query began without a call, and nothing has been requested since."""
    back_to: int | None = None
    """All rows back to this second."""
    cancelled: bool = False
    """A load was stopped, and nothing has been requested since."""

    @property
    def priority(self) -> Priority:
        """That of the next page: what a person waits for goes before what fills up."""
        return Priority.BACKFILL if self.everything or self.back_to is not None else Priority.USER

    def left(self, *, preview_has_gap: bool, reached: int) -> bool:
        """True while there is something to load; rows are shown back to the second `reached`."""
        if self.back_to is not None and reached > self.back_to:
            return True
        return self.everything or self.pages > 0 or self.until_a_row > 0 or (bool(self.gap_pages) and preview_has_gap)

    def cancel(self, *, by_person: bool = False) -> None:
        """Cancel all pending goals. What the store has may still be shown."""
        self.until_a_row = self.pages = 0
        self.first_pages = False
        self.back_to = None
        self.gap_pages = self.gap_pages and 0
        self.free = False
        self.everything = self.interrupted = False
        self.scan_to = None
        self.cancelled = self.cancelled or by_person

    def request_everything(self, scan_to: int | None) -> None:
        """All pages in range, up to `scan_to` rows if that is given; unless there is such a goal without a bound."""
        if not self.everything or self.scan_to is not None:
            self.everything, self.scan_to, self.scan_pages = True, scan_to, SCAN_PAGES

    def bound_is_reached(self, scanned: int, pages: int) -> bool:
        """True if everything was requested with a bound, and the next page lies beyond it, or may do so with what the
        `pages` bring that are on their way."""
        if not self.everything or self.scan_to is None:
            return False
        return scanned + pages * PAGE_EVENTS >= self.scan_to or self.scan_pages <= pages

    def end_at_bound(self) -> None:
        """Cancel all pending goals, and remember why."""
        self.cancel()
        self.at_bound = True

    def interrupt(self) -> None:
        """Load nothing for now; everything stays requested if it was."""
        self.interrupted, self.everything = self.interrupted or self.everything, False

    def go_on(self) -> None:
        """What was interrupted is wanted again."""
        self.everything, self.interrupted = self.everything or self.interrupted, False

    def renew(self) -> None:
        """A person has requested something."""
        self.passive = self.cancelled = self.interrupted = False
        self.free = True

    def page_came(self, *, with_news: bool) -> None:
        """A page was loaded; `with_news` if it showed a new row."""
        self.gap_pages = max(0, (self.gap_pages or 0) - 1)
        self.scan_pages -= 1
        if not with_news:
            self.until_a_row = max(0, self.until_a_row - 1)
