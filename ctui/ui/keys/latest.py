"""Latest: while keys wait, what would show a state is put off, and then only the newest state is shown."""

from collections.abc import Callable


class Latest:
    """Calls functions that draw a state: at once, or once no key waits, and then each only once."""

    def __init__(self, keys_wait: Callable[[], bool]) -> None:
        """`keys_wait`: whether more keys have come than have had their effect."""
        self._keys_wait = keys_wait
        self._put_off: dict[Callable[[], None], None] = {}

    def show(self, state: Callable[[], None]) -> None:
        """Call it, now or as soon as no key waits."""
        if self._keys_wait():
            self._put_off[state] = None
        else:
            state()

    def at_once(self, state: Callable[[], None]) -> None:
        """Call it now if it was put off: what a key does depends on it."""
        if state in self._put_off:
            del self._put_off[state]
            state()

    def catch_up(self) -> None:
        """No key waits any more: call what was put off, in the order of the first requests."""
        put_off, self._put_off = self._put_off, {}
        for state in put_off:
            state()
