"""TimeCounts: how many events happened when, in steps that grow with the time they cover, so that few numbers do."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

STEPS: Final = (1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400, 604_800, 2_419_200)
"""Seconds of a step: each divides the next one, so that counts of one can be added up to those of another."""
_MOST: Final = 4096
"""Numbers kept: more than twenty for each column of a screen."""


def step_for(seconds: int, most: int) -> int:
    """The smallest step of which so many at most cover a range of seconds, wherever it begins."""
    step = next((step for step in STEPS if seconds <= step * (most - 1)), STEPS[-1])
    while seconds > step * max(1, most - 1):
        step *= 2
    return step


class TimeCounts:
    """Counts by steps of epoch seconds; the step grows when there are too many."""

    def __init__(self) -> None:
        self.step = STEPS[0]
        """Seconds of each step; they begin at multiples of it."""
        self._counts: Counter[int] = Counter()

    def add(self, seconds: Iterable[int]) -> None:
        """Count events by their epoch seconds."""
        self._counts.update(second // self.step for second in seconds)
        while len(self._counts) > _MOST:
            self._grow()

    def copy(self) -> "TimeCounts":
        """The same counts, which do not change with these."""
        other = TimeCounts()
        other.step, other._counts = self.step, self._counts.copy()
        return other

    def in_steps(self, step: int) -> Counter[int]:
        """How many events happened in each step of so many seconds, by its number since the epoch.

        Raises ValueError if this counts in steps that do not divide it.
        """
        if step % self.step:
            raise ValueError(f"counted in steps of {self.step} s, not {step} s")
        counts: Counter[int] = Counter()
        for number, events in self._counts.items():
            counts[number * self.step // step] += events
        return counts

    @property
    def total(self) -> int:
        """All that were counted."""
        return self._counts.total()

    def _grow(self) -> None:
        place = STEPS.index(self.step) + 1 if self.step in STEPS[:-1] else None
        step = self.step * 2 if place is None else STEPS[place]
        self._counts, self.step = self.in_steps(step), step
