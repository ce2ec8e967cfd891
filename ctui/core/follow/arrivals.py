"""Arrivals: which of the events that were followed came late, and how late events come at all."""

from collections import deque
from collections.abc import Collection
from typing import NamedTuple

from ctui.model.connection import Scope

MARKED_SECONDS = 120.0
"""So long an event that came late carries its mark."""
_MOST_MARKS = 2_000
"""Marks at most; the oldest go first."""
_LAGS = 500
"""So many of the latest events say how late they come."""
_ENOUGH = 20
"""From so many on a percentile says something."""


class Lag(NamedTuple):
    """Seconds from an event to when it was first seen here: at most so long it took to become available."""

    p50: float
    p95: float


class Arrivals:
    """Bounded, however long events are followed. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._marks: dict[int, float] = {}
        self._lags: deque[float] = deque(maxlen=_LAGS)
        self._lags_in: dict[Scope, deque[float]] = {}

    def came(self, lag: float, scope: Scope) -> None:
        """An event of this scope was first seen so many seconds after it happened."""
        for lags in (self._lags, self._lags_in.setdefault(scope, deque(maxlen=_LAGS))):
            lags.append(max(0.0, lag))

    def mark(self, row_id: int, now: float) -> None:
        """This row has joined the list below newer ones."""
        self._marks[row_id] = now
        if len(self._marks) > _MOST_MARKS:
            del self._marks[next(iter(self._marks))]

    def late(self, now: float) -> frozenset[int]:
        """The rows that carry a mark; those whose time is over are forgotten."""
        self._marks = {row_id: at for row_id, at in self._marks.items() if now - at < MARKED_SECONDS}
        return frozenset(self._marks)

    @property
    def lag(self) -> Lag | None:
        """How late half of the latest events came at most, and 19 of 20; None while there were too few."""
        return _lag(self._lags)

    def lag_in(self, scope: Scope) -> Lag | None:
        """The same of the events of one scope."""
        return _lag(self._lags_in.get(scope, ()))


def _lag(lags: Collection[float]) -> Lag | None:
    if len(lags) < _ENOUGH:
        return None
    ordered = sorted(lags)
    return Lag(*(ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.95)))
