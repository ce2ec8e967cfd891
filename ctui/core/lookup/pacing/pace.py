"""Pace: when the next call may leave, by those that left and by what answers teach.

The service counts in a sliding window: no more than `rate` calls may *arrive* within any one second. So a pace counts
arrivals, not sends. How long a call takes to arrive is unknown, but its round trip is: a call whose round trip was
longer than the quickest may have arrived later by the difference, and the call that would fall into the same window
waits that much longer.

Other ctui processes of this machine may send calls to the same account and Region. What each of them sends and learns
is a `SharedPace`; a pace that adopts it counts their calls like its own.

Measured against a strict window of two a second, 2,000 events: tests/bench/alone/pace.py.
"""

from collections import deque
from collections.abc import Iterable
from math import floor

from ctui.model.lookup.shared_pace import SharedCall, SharedPace
from ctui.model.values import dataclass

SPACING = 1.005
"""Seconds between two calls on average, times the rate: the service's clock and ours need not agree to the
millisecond."""
_CLOSEST = 0.5
"""Two calls in a row are never closer than this part of the even spacing: a window's calls do not come as one burst.
At a lowered pace all are spaced evenly."""
_LATENESS_SHARE = 0.04
"""The part of the time that waiting for late arrivals may cost in the long run. A round trip is also long if the
service is slow to answer, which says nothing about arrivals; without a bound an uneven service would be called too
rarely."""
_LATENESS_SAVED = 0.5
"""Seconds of such waiting that may be saved up, and that a new pace has: the first calls are the most uneven."""
_ROUND_TRIPS = 30
"""So many of the latest round trips are compared to find the quickest."""
_UNSEEN = 0.02
"""Seconds by which the quickest of n round trips may be slower than the quickest there is, times n: on a busy machine
the first few are all slow."""
_LOWER = 0.8
"""A refusal lowers the pace to this part of what it was."""
_RECOVERY_CALLS = 4
"""Calls that pass until a lowered pace is back at its full rate: one refusal may have been chance."""
_LONGEST_RECOVERY = 512
"""The most calls that a recovery takes, however many refusals came: four minutes at two calls a second."""
_SLOWEST = 0.1
"""However many refusals come, a pace keeps this part of its rate, so that a call can find out that all is well."""
_REMEMBERED = 16
"""Calls that are remembered at least, to see who else calls."""
_OTHERS_SECONDS = 5.0
"""A process that has sent nothing for so many seconds before the newest call no longer counts as one that calls."""
_TURN = 0.05
"""A process waits longer by this part of the even spacing for each other one whose latest call is older than its own,
so that they take turns."""


@dataclass(eq=False, slots=True)
class SentCall:
    """One call, as far as its pace needs to know it. Times are monotonic seconds."""

    sent: float
    """When it was sent; if it had to open a connection, when that was open."""
    round_trip: float | None = None
    """Seconds from `sent` to its answer, also if that is a refusal; None without an answer."""
    number: int = 0
    """As in `SharedCall`; 0 for a call of a pace that no one shares."""
    rate: float = 0.0
    """As in `SharedCall`; of a call of our own, 0 until it is shared."""


@dataclass(frozen=True, slots=True)
class PaceState:
    """A pace at a glance."""

    in_force: float
    """Calls a second allowed at present."""
    calls_to_full: int = 0
    """So many calls must succeed until the pace is back at the full rate; 0 if it is."""
    uneven: bool = False
    """True if the next call waits longer because an earlier one may have arrived late."""
    others: int = 0
    """Other ctui processes of this machine that send such calls at present."""


class Pace:
    """At most `rate` arrivals in any second, lowered after refusals.

    Processes that share it and have different rates send no more together than the quickest of them alone, and each no
    more than its own rate: a slow one has its turns next to a quick one.

    A refusal lowers the pace by a factor, and each call that succeeds raises it by a step, so that it is back within a
    few calls. If the next refusal comes before as many calls have succeeded at the full rate, the recovery takes twice
    as many calls: a service that allows less than the full rate, or that others call too, is soon called at just the
    pace it allows.
    """

    def __init__(self, rate: float, sender: int = 0) -> None:
        """`rate` in calls a second; raises ValueError unless it is above zero. `sender` is the number of this process,
        as in `SharedCall`."""
        if not rate > 0:
            raise ValueError(f"a rate must be above zero, not {rate}")
        self.rate = rate
        self._sender = sender
        self._pace = rate
        self._calls_to_full = 0
        self._recovery = _RECOVERY_CALLS
        self._passed_at_full = 0
        self._cut_at = float("-inf")
        self._full = rate
        """The highest rate of the processes that call at present: the full rate of all together."""
        self._own_latest: SentCall | None = None
        self._calls: deque[SentCall] = deque(maxlen=self._most_calls)
        self._round_trips: deque[float] = deque(maxlen=_ROUND_TRIPS)
        self._lateness_left = _LATENESS_SAVED
        self._before_us = 0
        """Other processes whose turn comes before ours: their latest call is older."""
        self._newcomer, self._newcomer_since = 0, float("-inf")
        self.is_unknown = False
        """True if other processes call at present, and know of no call of this one: see `wait`."""
        self.state = PaceState(rate)
        """How things stand since the last call, answer or refusal."""

    def ready_at(self) -> float:
        """The earliest moment at which the next call may leave; it may lie in the past."""
        if not self._calls:
            return float("-inf")
        closest = 1.0 if self._calls_to_full else _CLOSEST
        spacing = SPACING / min(self._full, self._pace)
        ready = self._calls[-1].sent + closest * spacing
        if (first := self._first_of_window()) is not None:
            ready = max(ready, first.sent + self._waits_for() + self._window)
        if self._full > self.rate and self._own_latest is not None:
            ready = max(ready, self._own_latest.sent + SPACING / self.rate)
        return ready + self._before_us * _TURN * spacing

    def send(self, call: SentCall) -> None:
        """A call leaves; it counts whatever becomes of it."""
        waited = self._waits_for()
        if waited and (first := self._first_of_window()) is not None:
            # What had passed by itself since then was not waited for.
            waited = max(0.0, waited - (call.sent - first.sent - waited - self._window))
        earned = _LATENESS_SHARE / self._pace
        self._lateness_left = min(_LATENESS_SAVED, self._lateness_left - waited + earned)
        self._calls.append(call)
        self._own_latest = call
        if self._newcomer == self._sender:
            self._newcomer = 0
        self._renew_state()

    def wait(self, now: float) -> None:
        """Let the other processes know that this one waits for a call, so that the next turn is its own. One at a time
        can be known so."""
        if self.is_unknown:
            self._newcomer, self._newcomer_since = self._sender, now
            self._renew_state()

    def passed(self, call: SentCall) -> None:
        """The call was let through and answered."""
        self._answered(call)
        if not self._calls_to_full:
            self._passed_at_full += 1
            if self._passed_at_full >= self._recovery:
                self._recovery = _RECOVERY_CALLS
        elif call.sent > self._cut_at:
            self._pace += max(0.0, self._full - self._pace) / self._calls_to_full
            self._calls_to_full -= 1
        self._renew_state()

    def refused(self, call: SentCall, now: float) -> None:
        """The call was throttled. Those that had left before the pace was lowered lower it no further."""
        self._answered(call)
        if call.sent <= self._cut_at:
            self._renew_state()
            return
        if self._cut_at > float("-inf") and self._passed_at_full < self._recovery:
            self._recovery = min(_LONGEST_RECOVERY, 2 * self._recovery)
        self._passed_at_full = 0
        self._cut_at = now
        self._pace = max(self._full * _SLOWEST, min(self._full, self._pace) * _LOWER)
        self._calls_to_full = self._recovery
        self._renew_state()

    def merge(self, other: "Pace") -> None:
        """Take up another pace that is for the same calls: the sends of both count, and what either has learned of
        refusals holds."""
        self._keep_latest((*self._calls, *other._calls))
        self._round_trips.extend(other._round_trips)
        self._lateness_left = min(self._lateness_left, other._lateness_left)
        self._cut_at = max(self._cut_at, other._cut_at)
        self._recovery = max(self._recovery, other._recovery)
        self._passed_at_full = min(self._passed_at_full, other._passed_at_full)
        if other._pace < self._pace:
            self._pace, self._calls_to_full = other._pace, other._calls_to_full
        self._own_latest = max(filter(None, (self._own_latest, other._own_latest)), key=_sent, default=None)
        self._renew_state()

    def share(self) -> SharedPace:
        """What other processes are to know of this pace."""
        return SharedPace(
            calls=tuple(
                SharedCall(call.number, call.sent, call.round_trip, call.rate or self.rate) for call in self._calls
            ),
            in_force=self._pace,
            calls_to_full=self._calls_to_full,
            recovery=self._recovery,
            passed_at_full=self._passed_at_full,
            cut_at=self._cut_at,
            lateness_left=self._lateness_left,
            newcomer=self._newcomer,
            newcomer_since=self._newcomer_since,
        )

    def adopt(self, shared: SharedPace) -> None:
        """Go on from what some process has shared last: its calls count too, and what it has learned is what holds."""
        calls = {call.number: call for call in self._calls}
        for one in shared.calls:
            # Of our own calls we know more than what was shared last.
            if one.sender != self._sender or one.number not in calls:
                calls[one.number] = SentCall(one.sent, one.round_trip, one.number, one.rate)
        self._keep_latest(calls.values())
        self._calls_to_full, self._pace = shared.calls_to_full, shared.in_force
        self._recovery, self._passed_at_full = shared.recovery, shared.passed_at_full
        self._cut_at, self._lateness_left = shared.cut_at, shared.lateness_left
        self._newcomer, self._newcomer_since = shared.newcomer, shared.newcomer_since
        self._renew_state()

    def _keep_latest(self, calls: Iterable[SentCall]) -> None:
        self._calls = deque(sorted(calls, key=_sent), self._calls.maxlen)

    def _renew_state(self) -> None:
        since = max(map(_sent, self._calls), default=0.0) - _OTHERS_SECONDS
        latest = {_sender(call): call for call in self._calls if call.sent > since}
        ours = latest.pop(self._sender, None)
        known = self._newcomer if self._newcomer_since > since else 0
        self.is_unknown = bool(latest) and ours is None and not known
        self._before_us = 0 if ours is None else sum(call.sent < ours.sent for call in latest.values())
        # Who has called lately is no newcomer, and counts by its call.
        self._before_us += known not in (0, self._sender, *latest)
        self._full = max([self.rate, *(call.rate for call in latest.values())])
        if not self._calls_to_full:
            self._pace = self._full
        if self._calls.maxlen != self._most_calls:
            self._calls = deque(self._calls, self._most_calls)
        uneven = self._waits_for() > _LATENESS_SHARE * self._window
        self.state = PaceState(min(self.rate, self._pace), self._calls_to_full, uneven, len(latest))

    @property
    def _in_a_window(self) -> int:
        """As many calls as a whole second has, rounded down, or one."""
        return max(1, floor(self._full))

    @property
    def _window(self) -> float:
        """Seconds within which so many calls may arrive."""
        return self._in_a_window * SPACING / self._full

    @property
    def _most_calls(self) -> int:
        return max(self._in_a_window, _REMEMBERED)

    def _answered(self, call: SentCall) -> None:
        if call.round_trip is not None:
            self._round_trips.append(call.round_trip)

    def _first_of_window(self) -> SentCall | None:
        """The call that must have left the window when the next one arrives; None if there were too few."""
        return self._calls[-self._in_a_window] if len(self._calls) >= self._in_a_window else None

    def _waits_for(self) -> float:
        """Seconds by which that call may have arrived later than the quickest call would have. While it has no answer,
        it may be as late as the latest of those before."""
        first = self._first_of_window()
        if first is None or not self._round_trips:
            return 0.0
        took = max(self._round_trips) if first.round_trip is None else first.round_trip
        quickest = max(0.0, min(self._round_trips) - _UNSEEN / len(self._round_trips))
        return max(0.0, min(self._lateness_left, took - quickest))


def _sender(call: SentCall) -> int:
    return call.number >> 32


def _sent(call: SentCall) -> float:
    return call.sent
