"""Latest: what shows a state is put off while keys wait, and pages that come fast are shown ten times a second."""

from asyncio import get_running_loop
from collections.abc import Callable

PACE_SECONDS = 0.1
"""Between two times that what was loaded is shown: pages of many Regions come faster than anybody reads."""
_LONG_AGO = float("-inf")


class Latest:
    """Calls functions that draw a state. Of the states that were put off, only the newest is shown."""

    def __init__(self, keys_wait: Callable[[], bool], later: Callable[[float, Callable[[], None]], object]) -> None:
        """`keys_wait`: whether more keys have come than have had their effect. `later` calls after so many seconds."""
        self._keys_wait = keys_wait
        self._later = later
        self._put_off: dict[Callable[[], None], None] = {}
        self._shown_at: dict[Callable[[], None], float] = {}
        self._due = False

    def show(self, state: Callable[[], None]) -> None:
        """Call it, now or as soon as no key waits."""
        if self._keys_wait():
            self._put_off[state] = None
        else:
            state()

    def show_paced(self, state: Callable[[], None]) -> None:
        """The same for what comes by itself: called `PACE_SECONDS` after the last time, or earlier after a key."""
        now = get_running_loop().time()
        if now - self._shown_at.get(state, _LONG_AGO) >= PACE_SECONDS:
            self._shown_at[state] = now
            self.show(state)
            return
        self._put_off[state] = None
        if not self._due:
            self._due = True
            self._later(PACE_SECONDS, self._show_due)

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
        self._show_put_off()

    def _show_due(self) -> None:
        self._due = False
        if not self._keys_wait():
            self._shown_at.update(dict.fromkeys(self._put_off, get_running_loop().time()))
            self._show_put_off()

    def _show_put_off(self) -> None:
        put_off, self._put_off = self._put_off, {}
        for state in put_off:
            state()
