"""What keeps events out of sight: which terms of a line, or its range, and how many events each of them."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from ctui.model.filter.terms import Excluder

FEW = 2
"""So many keepers of one event are told apart; to leave out more at once is to give up the line."""


@dataclass(slots=True)
class Exclusions:
    """How many of the events at hand are kept out, and by what."""

    events: int = 0
    """Events that were looked at; none of them passes."""
    each: Counter[Excluder] = field(default_factory=Counter)
    """How many of them each keeper refuses, whatever the others say of them."""
    by_few: Counter[frozenset[Excluder]] = field(default_factory=Counter)
    """How many of them just these keepers refuse, one or two: so many would show if these were left out."""

    def add(self, keepers: Collection[Excluder]) -> None:
        """One more event, and all that refuses it."""
        different = frozenset(keepers)
        self.events += 1
        self.each.update(different)
        if 0 < len(different) <= FEW:
            self.by_few[different] += 1

    def alone(self, keeper: Excluder) -> int:
        """How many events nothing but this keeps out."""
        return self.by_few[frozenset((keeper,))]

    def copy(self) -> "Exclusions":
        """How things stand now."""
        return Exclusions(self.events, self.each.copy(), self.by_few.copy())
