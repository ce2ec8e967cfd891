"""Wishes: what a person wants of a feed, until it is fulfilled or given up."""

from dataclasses import dataclass

from ctui.core.queue import Priority


@dataclass(slots=True)
class Wishes:
    """Of each kind, beside each other."""

    until_a_row: int = 0
    """So many pages at most, until a new row shows."""
    pages: int = 0
    """So many pages in any case."""
    everything: bool = False
    """All pages in range."""
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
        self.given_up = self.given_up or given_up

    def interrupt(self) -> None:
        """Nothing for now, but everything stays wished if it was."""
        self.interrupted, self.everything = self.interrupted or self.everything, False

    def renew(self) -> None:
        """A person has wished something."""
        self.quiet = self.given_up = self.interrupted = False

    def page_came(self, *, with_news: bool) -> None:
        """A page has been asked and is here."""
        self.closing = max(0, (self.closing or 0) - 1)
        if not with_news:
            self.until_a_row = max(0, self.until_a_row - 1)
