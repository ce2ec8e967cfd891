"""Figures: what was measured, what stands beside it, and the limit."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

SIZES = (1_000, 10_000, 100_000, 1_000_000)
"""Numbers of events at which growth is measured."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a figure may be."""

    value: float
    of_peer: str = ""
    """The name of the peer of which it is a multiple; "" if it is in the figure's unit."""
    at_least: bool = False
    """True if more is better."""

    def text(self, unit: str) -> str:
        """As the table shows it."""
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {number(self.value)} ×" if self.of_peer else f"{sign} {number(self.value)} {unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Value:
    """One measured value, in the unit of its figure."""

    value: float
    cpu: float | None = None
    """CPU of all threads meanwhile, milliseconds; None where it says nothing."""


@dataclass(frozen=True, slots=True)
class Peer:
    """What another program needs for the same, in the same run."""

    name: str
    value: float | None = None
    """In the unit of the figure; None if it could not be measured."""
    why: str = ""
    """Why there is no value: "not installed", "failed"."""
    at: int | None = None
    """The number of events, if it was given fewer than ctui."""


@dataclass
class Figure:
    """A line of the table."""

    name: str
    unit: str
    values: dict[int, Value] = field(default_factory=dict)
    """By number of events; 0 for a figure that does not depend on it."""
    peers: list[Peer] = field(default_factory=list)
    """At the largest number of events, unless they say so."""
    limit: Limit | None = None
    at: int | None = None
    """The number of events for which the limit is meant; None for any."""
    why: str = ""
    """Why there is no value."""

    @property
    def largest(self) -> int:
        """The largest number of events that was measured; 0 if the figure does not depend on it."""
        return max(self.values, default=0)

    @property
    def value(self) -> Value | None:
        """The value at the largest number of events."""
        return self.values.get(self.largest)

    @property
    def beside(self) -> Peer | None:
        """The peer that the ratio is about: the one of the limit, or else the best."""
        known = [peer for peer in self.peers if peer.value and peer.at in (None, *self.values)]
        if self.limit is not None and self.limit.of_peer:
            return next((peer for peer in known if peer.name == self.limit.of_peer), None)
        best = max if self.limit is not None and self.limit.at_least else min
        # One that was given all events says more than one that was given some.
        alike = [peer for peer in known if peer.at is None] or known
        return best(alike, key=lambda peer: peer.value or 0.0, default=None)

    @property
    def ratio(self) -> float | None:
        """How many times the value of `beside`; None if there is none."""
        if self.beside is None or not self.beside.value:
            return None
        ours = self.values.get(self.largest if self.beside.at is None else self.beside.at)
        return None if ours is None else ours.value / self.beside.value

    @property
    def met(self) -> bool | None:
        """Whether the limit holds; None if there is no limit, no value, or none for so many events."""
        if self.limit is None or self.value is None or (self.at or self.largest) != self.largest:
            return None
        value = self.ratio if self.limit.of_peer else self.value.value
        if value is None:
            return None
        return value >= self.limit.value if self.limit.at_least else value <= self.limit.value


def number(value: float) -> str:
    """Three digits that say something."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}".removesuffix(".0")
    return f"{value:.2f}".rstrip("0").rstrip(".") if value >= 0.01 or value == 0 else f"{value:.4f}"


def power(events: int) -> str:
    """A number of events as a power of ten, if it is one."""
    exponent = len(str(events)) - 1
    return f"10{str(exponent).translate(_RAISED)}" if events == 10**exponent else f"{events:,}"


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Stopwatch:
    """Runs in which something took so long: wall time and CPU of this process, in milliseconds."""

    def __init__(self) -> None:
        self.walls: list[float] = []
        self.cpus: list[float] = []

    def begin(self) -> None:
        """A run begins."""
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def end(self) -> None:
        """It has ended."""
        self.cpus.append(1000 * (time.process_time() - self._cpu))
        self.walls.append(1000 * (time.perf_counter() - self._wall))

    @property
    def value(self) -> Value:
        """The medians, in milliseconds."""
        return Value(statistics.median(self.walls), statistics.median(self.cpus))


def enough(runs: int, seconds: float = 10.0, now: Callable[[], float] = time.monotonic) -> Iterator[int]:
    """Numbers of runs: as many as wanted, but none begins once all have taken so many seconds."""
    begun = now()
    for run in range(runs):
        if run and now() - begun > seconds:
            return
        yield run
