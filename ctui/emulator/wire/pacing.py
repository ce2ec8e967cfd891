"""The limit of lookups per second: a token bucket per account and Region, or per account in 2015."""

from ctui.emulator.errors.edition import EditionRules
from ctui.model.clock import Clock


class LookupPacing:
    """Counts lookups. A bucket holds `rate` calls, at least one, and refills evenly by monotonic seconds."""

    def __init__(self, rules: EditionRules, clock: Clock) -> None:
        self._rules = rules
        self._clock = clock
        self._capacity = max(1.0, rules.lookup_rate)
        self._buckets: dict[tuple[str, str], tuple[float, float]] = {}

    def admit(self, account: str, region: str) -> bool:
        """Count a call and return True if the limit allows it, else return False."""
        key = (account, region if self._rules.rate_per_region else "")
        now = self._clock.monotonic()
        level, then = self._buckets.get(key, (self._capacity, now))
        level = min(self._capacity, level + (now - then) * self._rules.lookup_rate)
        admitted = level >= 1.0 - 1e-9
        self._buckets[key] = (level - 1.0 if admitted else level, now)
        return admitted
