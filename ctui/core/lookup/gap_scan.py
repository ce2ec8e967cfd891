"""GapScan: the pages of one gap, over as many token chains as it takes, and what each page proves.

What is claimed, and when. Two clocks tell an instant, the service's Date header and ours; either may be wrong, so a
claim ends at the earlier of both and begins by the later. A chain of pages proves what could be looked up when its
first answer came, T0: events reach the service late, so nothing younger than a quarter of an hour then is claimed. What
is less than an hour old at T0 is claimed as *provisional*: it is shown without a gap and not loaded again until the
hour has passed and the question is put again. Then it is scanned once more (`core.lookup.recheck`), and what this
later chain proves is *settled*: it is never loaded again, unless a person says so (`R`), which loads as if nothing
were claimed. Besides what is complete, the last page claims that the service has been searched to the end of its
history; the same rule holds for that.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from ctui.core.lookup.queue import LookupQueue, Priority
from ctui.errors import EndpointUnreachable, InvalidNextToken
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lateness import LAG_SECONDS
from ctui.model.lookup.lookup import Category
from ctui.model.lookup.scan import Page, Scan
from ctui.store.columns import instant_of, second_of
from ctui.store.coverage import Claim

HISTORY_SECONDS = 90 * 86400
"""How far back LookupEvents returns everything that happened (API reference, LookupEvents)."""
_FRUITLESS_CHAINS = 3
"""Chains in a row that may end with a refused token and nothing new, before we give up: a page is at most 50 events,
so a service that takes no token at all could be asked for the same second for ever."""
PAGES_WITHOUT_PROGRESS = 20
"""Pages in a row that may bring no new event and reach no older second. Empty pages with a token are legal for a while
(API reference, LookupEvents: go on until there is no token); a service may return them for ever."""


class GapScan:
    """Where the scan of a gap stands: the request that comes next, and how far back its pages have reached."""

    def __init__(self, scan: Scan, history: int = HISTORY_SECONDS) -> None:
        self.scan = scan
        """The gap and what the service selects by, pinned."""
        self.chain = scan
        """What the token is valid for: the scan, with an earlier end after a refused token."""
        self.token: str | None = None
        """The token of the next page; None for the first of a chain."""
        self.done = False
        """True after the last page."""
        self.oldest: int | None = None
        """The oldest epoch second seen, None before the first event."""
        self.events = 0
        """Events received so far, repeated ones included."""
        self._history = history
        self._chain_started: int | None = None
        self._in_order = True
        self._last: int | None = None
        self._resume_at = scan.end
        self._fruitless_chains = 0
        self._uncertain = Stretches()
        self._uncertain_below: int | None = None
        self.without_progress = 0
        """How many of the latest pages in a row brought nothing."""
        self._most_without_progress = PAGES_WITHOUT_PROGRESS
        self._tokens: set[int] = set()

    @property
    def stuck(self) -> bool:
        """True if too many of the latest pages brought nothing: it continues only when a person says so."""
        return not self.done and self.without_progress >= self._most_without_progress

    @property
    def position(self) -> int:
        """How far back it has come: an epoch second."""
        return self.scan.end if self.oldest is None else self.oldest

    @property
    def reached(self) -> Stretch | None:
        """The seconds that pages have covered so far, the oldest of them perhaps in part."""
        if self.done:
            return Stretch.between(self.scan.start or 0, self.scan.end + 1)
        return None if self.oldest is None else Stretch.between(self._resume_at, self.scan.end + 1)

    def allow_pages(self, pages: int) -> None:
        """A person wants more all the same: so many further pages may bring nothing."""
        self._most_without_progress = max(self._most_without_progress, self.without_progress + pages)

    async def next_page(
        self, queue: LookupQueue, priority: Priority, wanted: Callable[[], bool], *, patient: bool
    ) -> Page | None:
        """Request the next page; None if its token was refused and a new chain begins instead.

        `patient` as in `LookupQueue.page`. Raises what `LookupQueue.page` raises.
        """
        try:
            return await queue.page(self.chain, self.token, priority, wanted, patient=patient)
        except InvalidNextToken:
            if not self.token_refused():
                raise
            return None
        except EndpointUnreachable:
            self.restart_chain()
            raise

    def claim(self, page: Page) -> Claim | None:
        """What is known once this page for `chain` and `token` is stored; None if it proves nothing.

        A page with a token whose oldest event lies in second q: [q + 1, min(E + 1, T0 - 900)), since more events of
        that second may follow. The last page: from S. No second before T - history is complete, T the page's own
        instant by the later clock. T0 is that of the chain's first answer by the earlier clock, so nothing that was
        still on its way then is counted in.
        An answer without a Date gets no claims, and no answer for Insights events does: claims are of management
        events. Left out are seconds in which an event may lie
        whose time cannot be read (`_with_uncertain`).
        """
        started = _earlier(page) if self.token is None else self._chain_started
        now = _later(page)
        if started is None or now is None or self.scan.category is Category.INSIGHT:
            return None
        if not self._continues(page):
            return None
        end = min(self.chain.end + 1, started - LAG_SECONDS)
        start = self.chain.start or 0
        kept = max(start, now - self._history)
        if page.next_token is None:
            complete = Stretch.between(kept, end)
            whole = Stretch.between(start, end)
            return Claim(self.chain.attribute, complete, whole, started, self._with_uncertain(page)[0])
        if (oldest := _oldest(page)) is None:
            return None
        complete = Stretch.between(max(kept, oldest + 1), end)
        return Claim(self.chain.attribute, complete, None, started, self._with_uncertain(page)[0])

    def dated(self, page: Page) -> Page:
        """The page; if none of its events has a time that can be read, they get that of the oldest event before."""
        if self.oldest is None or not page.events or any(event.timed for event in page.events):
            return page
        instant = instant_of(self.oldest)
        return replace(page, events=tuple(replace(event, time=instant) for event in page.events))

    def arrived(self, page: Page, new: int) -> None:
        """The page for `chain` and `token` is stored; `new` of its events had not been seen before."""
        self._in_order = self._continues(page)
        self._uncertain, self._uncertain_below = self._with_uncertain(page)
        if self.token is None:
            self._chain_started, self._last = _earlier(page), None
            self._tokens.clear()
        else:
            self._tokens.add(hash(self.token))
        before = self.oldest
        self.events += len(page.events)
        if (oldest := _oldest(page)) is not None:
            self._last = oldest
            self.oldest = self._last if self.oldest is None else min(self.oldest, self._last)
            if self._in_order:
                self._resume_at = min(self._resume_at, self._last)
        progress = bool(new) or self.oldest != before
        if progress:
            self._fruitless_chains = 0
        self.token = page.next_token
        # A page without events is not the end: only one without a token is.
        self.done = page.next_token is None
        self.without_progress = 0 if progress else self.without_progress + 1
        if progress:
            self._most_without_progress = PAGES_WITHOUT_PROGRESS

    def token_refused(self) -> bool:
        """Begin a new chain at the oldest second seen, inclusive; False if that has led nowhere before.

        After pages out of time order it begins at the last second that was in order: what lies between may be missing.
        """
        if self.token is None or self._fruitless_chains >= _FRUITLESS_CHAINS:
            self._fruitless_chains = 0
            return False
        self._fruitless_chains += 1
        self.restart_chain()
        return True

    def restart_chain(self) -> None:
        """Continue in a new chain, with a T0 of its own: its pages begin at the second from which more may be
        missing."""
        if self.token is not None:
            self.token = None
            self.chain = replace(self.chain, end=self._resume_at)

    def _continues(self, page: Page) -> bool:
        """True if the page continues in order, in range and with a new token, as all of its chain have before.

        A token that comes again leads back to pages that were received, or nowhere: what lies behind it may be missing.
        """
        if self.token is not None and (page.next_token == self.token or hash(page.next_token) in self._tokens):
            return False
        seconds = _seconds(page)
        if any(not (self.chain.start or 0) <= second <= self.chain.end for second in seconds):
            return False
        if self.token is not None:
            if not self._in_order:
                return False
            if self._last is not None:
                seconds.insert(0, self._last)
        return all(newer >= older for newer, older in pairwise(seconds))

    def _with_uncertain(self, page: Page) -> tuple[Stretches, int | None]:
        """Seconds in which events may lie whose time cannot be read, those of this page included.

        Such an event lies anywhere between its two neighbors on the page, both their seconds included. If there are
        several on a page, all that lies between them is left out too: loading that again costs no more calls than
        there were pages. The second value is the second below which such an event lies if the next event with a time is
        still to come, on a later page; None as a rule.
        """
        below = self._uncertain_below
        newer = self.chain.end if self.token is None or self._last is None else self._last
        parts: list[Stretch] = []
        for event in page.events:
            if not event.timed:
                below = newer if below is None else below
                continue
            newer = second_of(event.time)
            if below is not None:
                parts.append(Stretch(min(newer, below), max(newer, below) + 1))
                below = None
        if below is not None and page.next_token is None:
            parts.append(Stretch(min(self.chain.start or 0, below), below + 1))
        if parts:
            parts = [Stretch(min(part.start for part in parts), max(part.end for part in parts))]
        return self._uncertain.union(Stretches.of(*parts)), below


def _seconds(page: Page) -> list[int]:
    """The epoch seconds of the page's events, in the order given, as far as they can be read."""
    return [second_of(event.time) for event in page.events if event.timed]


def _oldest(page: Page) -> int | None:
    return min(_seconds(page), default=None)


def _instants(page: Page) -> list[int]:
    """The answer's epoch second by the service's clock and by ours; empty if either is missing."""
    if page.server_time is None or page.received is None:
        return []
    return [second_of(page.server_time), second_of(page.received)]


def _earlier(page: Page) -> int | None:
    return min(_instants(page), default=None)


def _later(page: Page) -> int | None:
    return max(_instants(page), default=None)
