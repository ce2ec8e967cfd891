"""SharedPace: what ctui processes on one machine tell each other about the pace of one account and Region."""

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class SharedCall:
    """One call of any of these processes. Times are monotonic seconds, which all processes of a machine share."""

    number: int
    """Unlike that of any other call: the sender's own number times 2**32, plus its count of calls."""
    sent: float
    """When it was sent; if it had to open a connection, when that was open."""
    round_trip: float | None
    """Seconds from `sent` to its answer; None without an answer."""
    rate: float
    """Calls a second that its sender sends at most."""

    @property
    def sender(self) -> int:
        """The process that sent it."""
        return self.number >> 32


@dataclass(frozen=True, slots=True)
class SharedPace:
    """The latest calls, and what their answers have taught."""

    calls: tuple[SharedCall, ...]
    """In the order in which they were sent."""
    in_force: float
    """Calls a second allowed to all processes together at present; counts only while `calls_to_full` is above 0, since
    full rates may differ."""
    calls_to_full: int
    """So many calls must succeed until the pace is back at the full rate."""
    recovery: int
    """So many calls the next recovery takes at least."""
    passed_at_full: int
    """Calls that have succeeded at the full rate since the last recovery."""
    cut_at: float
    """When a refusal last lowered the pace; minus infinity if none did."""
    lateness_left: float
    """Seconds of waiting for late arrivals that may still be spent."""
    newcomer: int
    """The process that waits for its turn and has sent nothing lately; 0 if none does."""
    newcomer_since: float
    """When it began to wait."""
