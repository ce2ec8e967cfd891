"""LoadGoal: what a person wants of a feed, until it is fulfilled or given up."""

from dataclasses import dataclass
from typing import NamedTuple

from ctui.core.lookup.queue import Priority

SCAN_EVENTS = 5_000
"""Events that asking may cost where the service selects by nothing: a minute at two pages a second."""
SCAN_PAGES = 200
"""Pages that it may cost, however few events they hold: twice as many as full ones would be."""


def next_bound(scanned: int) -> int:
    """How many rows are scanned before asking stops again, where so many have been."""
    return (scanned // SCAN_EVENTS + 1) * SCAN_EVENTS


class Outstanding(NamedTuple):
    """What a feed was to load and has not: another one, or the same with a connection, takes it over."""

    everything: bool
    """All pages in range."""
    scan_to: int | None
    """The bound of that, None where it has none."""
    pages: int
    """Pages beyond the first rows, asked for before there was a connection."""


@dataclass(slots=True)
class LoadGoal:
    """Of each kind, beside each other."""

    until_a_row: int = 0
    """So many pages at most, until a new row shows."""
    pages: int = 0
    """So many pages in any case."""
    everything: bool = False
    """All pages in range; where `scan_to` says so, only up to there."""
    scan_to: int | None = None
    """How many rows may be scanned for it where the service selects by nothing; None: however many there are."""
    scan_pages: int = 0
    """How many pages that may still cost."""
    at_bound: bool = False
    """True where the last load ended at its bound, until more than the next row is wished."""
    closing: int | None = None
    """So many pages at most to close the gap before rows that are shown already; None: nobody has looked for one."""
    interrupted: bool = False
    """Everything was wished when something else came between."""
    quiet: bool = False
    """The question was begun without a call, and nothing has been wished since."""
    back_to: int | None = None
    """All rows back to this second."""
    given_up: bool = False
    """A load was stopped, and nothing has been wished since."""

    @property
    def priority(self) -> Priority:
        """That of the next page: what a person waits for goes before what fills up."""
        return Priority.BACKFILL if self.everything or self.back_to is not None else Priority.USER

    def left(self, *, gap_is_open: bool, reached: int) -> bool:
        """True while there is something to be done; rows are shown back to the second `reached`."""
        if self.back_to is not None and reached > self.back_to:
            return True
        return self.everything or self.pages > 0 or self.until_a_row > 0 or (bool(self.closing) and gap_is_open)

    def drop(self, *, given_up: bool = False) -> None:
        """Wish nothing any more. What the store has may still be shown."""
        self.until_a_row = self.pages = 0
        self.back_to = None
        self.closing = self.closing and 0
        self.everything = self.interrupted = False
        self.scan_to = None
        self.given_up = self.given_up or given_up

    def want_everything(self, scan_to: int | None) -> None:
        """All pages in range, up to `scan_to` rows if that is given; unless there is such a wish without a bound."""
        if not self.everything or self.scan_to is not None:
            self.everything, self.scan_to, self.scan_pages = True, scan_to, SCAN_PAGES

    def bound_is_reached(self, scanned: int) -> bool:
        """True where everything was wished with a bound, and the next page lies beyond it."""
        return self.everything and self.scan_to is not None and (scanned >= self.scan_to or self.scan_pages <= 0)

    def end_at_bound(self) -> None:
        """Wish nothing any more, and remember why."""
        self.drop()
        self.at_bound = True

    def interrupt(self) -> None:
        """Nothing for now, but everything stays wished if it was."""
        self.interrupted, self.everything = self.interrupted or self.everything, False

    def renew(self) -> None:
        """A person has wished something."""
        self.quiet = self.given_up = self.interrupted = False

    def page_came(self, *, with_news: bool) -> None:
        """A page has been asked and is here."""
        self.closing = max(0, (self.closing or 0) - 1)
        self.scan_pages -= 1
        if not with_news:
            self.until_a_row = max(0, self.until_a_row - 1)
