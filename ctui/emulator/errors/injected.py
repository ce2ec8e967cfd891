"""Injected faults. Each kind has its own seeded random numbers, so the same calls in the same order fail again."""

import random
from dataclasses import dataclass

from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.options import FaultName, InjectedFault

SHORTEST_DELAY, LONGEST_DELAY = 0.2, 2.0
"""Seconds that a delayed call waits."""

_CONDITIONS = {
    FaultName.INTERNAL: Condition.INTERNAL,
    FaultName.THROTTLE: Condition.THROTTLED,
    FaultName.UNAVAILABLE: Condition.UNAVAILABLE,
}


@dataclass(frozen=True, slots=True)
class DrawnFault:
    """The faults of one call: seconds to wait, then perhaps an error."""

    delay: float
    refusal: Refusal | None


class InjectedFaults:
    """Draws once for each fault and call, whatever the other faults do."""

    def __init__(self, faults: tuple[InjectedFault, ...], seed: int) -> None:
        self._faults = [(fault, random.Random(f"fault:{seed}:{fault.name}")) for fault in faults]

    def draw(self) -> DrawnFault:
        """The faults of the next call."""
        delay, refusal = 0.0, None
        for fault, chance in self._faults:
            hit, amount = chance.random() < fault.probability, chance.random()
            if hit and fault.name is FaultName.DELAY:
                delay += SHORTEST_DELAY + amount * (LONGEST_DELAY - SHORTEST_DELAY)
            elif hit and refusal is None:
                refusal = Refusal(_CONDITIONS[fault.name])
        return DrawnFault(delay, refusal)
