"""Walk: one scan's way through its pages, over as many token chains as it takes."""

from dataclasses import replace

from ctui.model.connection import Scope
from ctui.model.scan import Page, Scan

_BARREN_CHAINS = 3
"""Chains in a row that may end with a refused token and nothing new, before we give up: a page is at most 50 events,
so a service that takes no token at all could be asked the same second for ever."""


class Walk:
    """Where a scan stands: the request that comes next, and how far back its pages have reached."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        """What was asked, pinned."""
        self.chain = scan
        """What the token is valid for: the scan, with an earlier end after a refused token."""
        self.token: str | None = None
        self.done = False
        self.oldest: int | None = None
        """The oldest epoch second seen, None before the first event."""
        self._barren = 0

    def arrived(self, page: Page, oldest: int | None, new: int) -> None:
        """The page for `chain` and `token` is in; `oldest` is its oldest second, `new` its events not seen before."""
        if oldest is not None:
            self.oldest = oldest if self.oldest is None else min(self.oldest, oldest)
        if new:
            self._barren = 0
        self.token = page.next_token
        # A page without events is not the end: only one without a token is.
        self.done = page.next_token is None

    def token_refused(self) -> bool:
        """Begin a new chain at the oldest second seen, inclusive; False where that has led nowhere before."""
        if self.token is None or self._barren >= _BARREN_CHAINS:
            self._barren = 0
            return False
        self._barren += 1
        self.token = None
        if self.oldest is not None:
            self.chain = replace(self.chain, end=min(self.chain.end, self.oldest))
        return True

    def settle(self, provisional: Scope, settled: Scope) -> None:
        """The account is known now: go on under its name, with the same token."""
        if self.scan.scope == provisional:
            self.scan = replace(self.scan, scope=settled)
            self.chain = replace(self.chain, scope=settled)
