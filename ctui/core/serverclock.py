"""What time it is at the service: this machine's clock and what Date headers have taught about it."""

from datetime import datetime, timedelta

from ctui.model.clock import Clock

_JUMP = timedelta(seconds=5)
"""A Date this far behind what was expected means that a clock was set, not that an answer was slow."""


class ServerClock:
    """The service's clock, as far as it is known; this machine's own before the first Date header.

    A Date is cut to the second and has travelled, so each answer shows a clock that is a little late: the best of
    them counts.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead: timedelta | None = None

    @property
    def known(self) -> bool:
        """True once a Date header was heard."""
        return self._ahead is not None

    def heard(self, date: datetime | None) -> None:
        """An answer has just come in with this Date header; None where it had none."""
        if date is None:
            return
        ahead = date - self._clock.now()
        if self._ahead is None or not self._ahead - _JUMP <= ahead <= self._ahead:
            self._ahead = ahead

    def now(self) -> datetime:
        """The instant at the service, UTC."""
        return self._clock.now() + (self._ahead or timedelta(0))
