"""LoginWatch: goes on once a login that ran out was made again in a browser."""

from collections.abc import Callable

from ctui.core.tasks import Tasks
from ctui.model.clock import Clock
from ctui.model.login_command import LoginAgain
from ctui.threads import off_loop

SOON = 2.0
"""Seconds between two looks at the stored login, while someone is likely to be at it."""
LIKELY = 600.0
"""Seconds for which that is."""
SELDOM = 15.0
"""Seconds between two looks from then on."""


class LoginWatch:
    """Connects again when the login that is needed was stored: by a command of ctui's own, or in another terminal."""

    def __init__(
        self, clock: Clock, tasks: Tasks, needed: Callable[[], LoginAgain | None], reconnect: Callable[[], object]
    ) -> None:
        """`needed` is the login that is needed now; `reconnect` connects again, unless it is connecting."""
        self._clock = clock
        self._tasks = tasks
        self._needed = needed
        self._reconnect = reconnect
        self._watched: LoginAgain | None = None
        self._since = self._looked = 0.0
        self._looking = False

    def look(self) -> None:
        """See whether the login was made, if it is time. To be called every second or so while one is needed."""
        again, now = self._needed(), self._clock.monotonic()
        if again is not self._watched:
            self._watched, self._since, self._looked = again, now, now
        pause = SOON if now - self._since < LIKELY else SELDOM
        if again is not None and not self._looking and now - self._looked >= pause:
            self._looked, self._looking = now, True
            self._tasks.start(self._look_at(again), "look at the login")

    async def _look_at(self, again: LoginAgain) -> None:
        try:
            # A home on a network may hang.
            renewed = await off_loop(again.renewed, "ctui-login-file")
        finally:
            self._looking = False
        if renewed and self._needed() is again:
            self._reconnect()
