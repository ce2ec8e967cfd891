"""Latest: what shows a state is put off while keys wait, and pages that come fast are shown ten times a second."""

import time
from collections.abc import Callable

PACE_SECONDS = 0.1
"""Between two times that what was loaded is shown: pages of many Regions come faster than anybody reads."""
_LONG_AGO = float("-inf")


class Latest:
    """Calls functions that draw a state. Of the states that were put off, only the newest is shown."""

    def __init__(
        self,
        keys_wait: Callable[[], bool],
        later: Callable[[float, Callable[[], None]], object],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`keys_wait`: whether more keys have come than have had their effect. `later` calls after so many seconds;
        `now`: seconds of a clock that never goes back."""
        self._keys_wait = keys_wait
        self._later = later
        self._now = now
        self._put_off: dict[Callable[[], None], None] = {}
        self._shown_at: dict[Callable[[], None], float] = {}
        self._due: object = None
        """Names the call that will show all that is put off by then; None if nothing was put off for the pace."""

    def show(self, state: Callable[[], None]) -> None:
        """Call it, now or as soon as no key waits."""
        if self._keys_wait():
            self._put_off[state] = None
        else:
            state()

    def show_paced(self, state: Callable[[], None]) -> None:
        """The same for what comes by itself: called `PACE_SECONDS` after the last time, or earlier after a key.

        All that comes meanwhile is shown together, since each time that something is drawn costs about the same.
        """
        left = self._shown_at.get(state, _LONG_AGO) + PACE_SECONDS - self._now()
        if self._due is None and left <= 0:
            self._shown_at[state] = self._now()
            self.show(state)
            return
        self._put_off[state] = None
        if self._due is None:
            due = self._due = object()
            self._later(left, lambda: self._show_due(due))

    def at_once(self, state: Callable[[], None]) -> None:
        """Call it now if it was put off: what a key does depends on it."""
        if state in self._put_off:
            del self._put_off[state]
            state()

    def catch_up(self) -> None:
        """No key waits any more: call what was put off, in the order of the first requests.

        What a key has led to is shown as soon as it comes.
        """
        self._shown_at.clear()
        self._due = None
        self._show_put_off()

    def _show_due(self, due: object) -> None:
        if due is not self._due:
            # A key has shown it before.
            return
        self._due = None
        if not self._keys_wait():
            self._shown_at.update(dict.fromkeys(self._put_off, self._now()))
            self._show_put_off()

    def _show_put_off(self) -> None:
        put_off, self._put_off = self._put_off, {}
        for state in put_off:
            state()
