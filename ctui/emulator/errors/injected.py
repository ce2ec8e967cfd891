"""Injected faults. Each kind has its own seeded random numbers, so the same calls in the same order fail again."""

import random
from dataclasses import dataclass, replace

from ctui.emulator.errors.conditions import Condition
from ctui.emulator.options import DAMAGES, FaultName, InjectedFault

SHORTEST_DELAY, LONGEST_DELAY = 0.2, 2.0
"""Seconds that a delayed call waits."""

_CONDITIONS = {
    FaultName.INTERNAL: Condition.INTERNAL,
    FaultName.THROTTLE: Condition.THROTTLED,
    FaultName.UNAVAILABLE: Condition.UNAVAILABLE,
    FaultName.DENIED: Condition.DENIED,
    FaultName.EXPIRED: Condition.TOKEN_EXPIRED,
}


@dataclass(frozen=True, slots=True)
class DrawnFault:
    """The faults of one call: seconds to wait, then perhaps an error, else perhaps a damaged answer."""

    delay: float
    condition: Condition | None
    damage: FaultName | None = None
    hangs: bool = False


class InjectedFaults:
    """Draws once for each fault and call, whatever the other faults do."""

    def __init__(self, faults: tuple[InjectedFault, ...], seed: int) -> None:
        self._faults = [(fault, random.Random(_stream(fault, seed))) for fault in faults]

    def draw(self, account: str | None = None, region: str | None = None, *, temporary: bool = False) -> DrawnFault:
        """The faults of the next call to an account and Region. `temporary`: it came with a session token."""
        drawn = DrawnFault(0.0, None)
        for fault, chance in self._faults:
            if not fault.strikes_in(account, region):
                continue
            hit, amount = chance.random() < fault.probability, chance.random()
            if hit and (temporary or fault.name is not FaultName.EXPIRED):
                drawn = _and(drawn, fault.name, amount)
        return drawn


def _and(drawn: DrawnFault, name: FaultName, amount: float) -> DrawnFault:
    """The faults of a call with one more. Of two errors, and of two damages, the first counts."""
    if name is FaultName.DELAY:
        return replace(drawn, delay=drawn.delay + SHORTEST_DELAY + amount * (LONGEST_DELAY - SHORTEST_DELAY))
    if name is FaultName.HANG:
        return replace(drawn, hangs=True)
    if name in DAMAGES:
        return replace(drawn, damage=drawn.damage or name)
    return replace(drawn, condition=drawn.condition or _CONDITIONS[name])


def _stream(fault: InjectedFault, seed: int) -> str:
    """The seed of a fault's random numbers: those of one place do not depend on calls to another."""
    place = f":{fault.account}/{fault.region}" if fault.account or fault.region else ""
    return f"fault:{seed}:{fault.name}{place}"
