"""The time at the service: this machine's clock, corrected by Date headers."""

from datetime import datetime, timedelta
from typing import NamedTuple

from ctui.core.signal import Signal
from ctui.model.clock import Clock

TOLERANCE = timedelta(minutes=5)
"""How far the service's clock and ours can be apart: a signature older than that is refused (FACTS, SigV4). A Date
header farther off was not written by the service's clock, since our call was taken."""
_JUMP = timedelta(seconds=5)
"""A Date this far behind what was expected means that a clock was set, not that an answer was slow."""


class ServiceTime(NamedTuple):
    """One instant by two clocks."""

    likely: datetime
    """For ages and dates on the screen: the service's clock, or ours if the two are too far apart."""
    earliest: datetime
    """By the clock that is behind: claims end here."""
    latest: datetime
    """By the clock that is ahead, or may be: questions end here."""


class ServerClock:
    """The service's clock, as far as it is known; this machine's own before the first Date header.

    A Date is cut to the second and takes time to arrive, so each answer shows a clock that is a little late: the
    least late one counts.
    """

    def __init__(self, clock: Clock) -> None:
        self.differs: Signal[timedelta | None] = Signal()
        """How far the service's clock is ahead of ours by a new Date header, or None if within `TOLERANCE`."""
        self.first_update: Signal[ServiceTime] = Signal()
        """Published with the first Date header: before it, only this machine's clock is known, and may be wrong."""
        self.checked: ServiceTime | None = None
        """The instant of the last Date header, by it and by our clock then. It stands still: a clock that is set later
        does not change it. None before the first."""
        self._clock = clock
        self._ahead: timedelta | None = None

    def update(self, date: datetime | None) -> None:
        """An answer has just arrived with this Date header; None if it had none."""
        if date is None:
            return
        ours, first = self._clock.now(), self.checked is None
        ahead = date - ours
        if self._ahead is None or not self._ahead - _JUMP <= ahead <= self._ahead:
            self._ahead = ahead
        likely = date if abs(ahead) <= TOLERANCE else ours
        self.checked = ServiceTime(likely, min(ours, date), max(ours, date))
        self.differs.publish(None if abs(self._ahead) <= TOLERANCE else self._ahead)
        if first:
            self.first_update.publish(self.checked)

    def time(self) -> ServiceTime:
        """The instant at the service by either clock, UTC. Before the first Date header it may be ahead of ours, by no
        more than lets a signature pass."""
        ours = self._clock.now()
        if self._ahead is None:
            return ServiceTime(ours, ours, ours + TOLERANCE)
        theirs = ours + self._ahead
        likely = theirs if abs(theirs - ours) <= TOLERANCE else ours
        return ServiceTime(likely, min(ours, theirs), max(ours, theirs))

    def now(self) -> datetime:
        """The likely instant at the service, UTC."""
        return self.time().likely
