"""Exclusions: how many events each term of a line, and its range, exclude."""

from collections import Counter
from collections.abc import Collection
from dataclasses import field

from ctui.model.filter.terms import Excluder, Unsearched
from ctui.model.values import dataclass

FEW = 2
"""The most excluders of one event that are counted together; removing more of them would give up the line."""


@dataclass(slots=True)
class Exclusions:
    """How many of the loaded events are excluded, and by what."""

    events: int = 0
    """Number of events; none of them matches."""
    each: Counter[Excluder] = field(default_factory=Counter)
    """How many events each excluder excludes, alone or together with others."""
    by_few: Counter[frozenset[Excluder]] = field(default_factory=Counter)
    """How many events are excluded by exactly these one or two: removing them shows that many."""

    def add(self, excluders: Collection[Excluder], number: int = 1) -> None:
        """Count so many more events that all of these exclude, and nothing else."""
        different = frozenset(excluders)
        self.events += number
        for excluder in different:
            self.each[excluder] += number
        if 0 < len(different) <= FEW:
            self.by_few[different] += number

    def alone(self, excluder: Excluder) -> int:
        """How many events this excludes that nothing else does."""
        return self.by_few[frozenset((excluder,))]

    def counted(self, excluder: Excluder) -> int:
        """Of how many events it is known whether this excludes them."""
        unsearched = (one for one in self.each if isinstance(one, Unsearched) and excluder in one.terms)
        return self.events - sum(self.each[one] for one in unsearched)

    def perhaps_alone(self, excluder: Excluder) -> int:
        """How many events this excludes that nothing else does, as far as their records were searched."""
        unsearched = (one for one in self.each if isinstance(one, Unsearched))
        return self.alone(excluder) + sum(self.by_few[frozenset((excluder, one))] for one in unsearched)

    def copy(self) -> "Exclusions":
        """The counts as they are now."""
        return Exclusions(self.events, self.each.copy(), self.by_few.copy())
