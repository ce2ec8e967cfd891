"""LiveStatus: reads the status that is in sight again, once a minute."""

from collections.abc import Callable

from ctui.core.trails.changes import TrailChanges
from ctui.core.trails.trail_book import TrailBook, TrailEntry
from ctui.errors import CtuiError, ServiceError, Throttled
from ctui.model.clock import Clock

MINUTE = 60.0
"""Seconds between two calls, whichever trails they are about: each call is an event in the customer's own trails."""
LONGEST = 8 * MINUTE
"""Seconds between two calls for a trail whose calls keep failing; each failure doubles the wait up to that."""


class LiveStatus:
    """Decides when the status of the trail in sight is read again. The book does it, and keeps what came of it."""

    def __init__(self, clock: Clock, book: TrailBook, changes: TrailChanges, may_call: Callable[[], bool]) -> None:
        """`may_call`: whether there is a connection, and a login that has not run out."""
        self._clock = clock
        self._book = book
        self._changes = changes
        self._may_call = may_call
        self._called = float("-inf")
        """The monotonic second of the last call."""
        self._waits: dict[str, float] = {}
        """Seconds to wait between two calls, by the key of each trail whose last call failed."""

    def look(self, entry: TrailEntry | None) -> None:
        """This trail's status is in sight; None: no status is. To be called every few seconds: reads when it is time.

        A refused call is not repeated until the trails are refreshed. While a change of the trail is in progress,
        nothing is read: what the change has made of it is read at its end.
        """
        if entry is None or not entry.trail.name or (entry.reading is None and entry.error is None):
            return
        if _is_refusal(entry.trouble) or self._changes.in_progress(entry.trail) is not None or not self._may_call():
            return
        key, now = entry.trail.key, self._clock.monotonic()
        if entry.trouble is None:
            self._waits.pop(key, None)
        read = entry.reading.second if entry.reading is not None else self._called
        if now - max(read, self._called) < self._waits.get(key, MINUTE):
            return
        if self._book.read_again(entry):
            self._called = now
            if entry.trouble is not None:
                self._waits[key] = min(2 * self._waits.get(key, MINUTE), LONGEST)


def _is_refusal(trouble: CtuiError | None) -> bool:
    """Whether the same call would fail in the same way."""
    return isinstance(trouble, ServiceError) and not isinstance(trouble, Throttled) and trouble.status < 500
