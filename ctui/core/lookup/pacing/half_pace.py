"""HalfPace: when a call may leave that must leave half of the pace to what a person asks."""

from dataclasses import replace

from ctui.core.lookup.pacing.pace import SPACING
from ctui.core.lookup.pacing.rate_limit import RateLimiter
from ctui.model.connection import Scope

_SHARE = 0.5
"""The part of a pace that such calls take at most: of each scope's own, and of their account's."""


class HalfPace:
    """Spaces calls twice as far as the pace in force would, whether they are answered, refused or lost."""

    def __init__(self, limiter: RateLimiter) -> None:
        self.calls = 0
        """Calls that were sent so."""
        self._limiter = limiter
        self._next: dict[Scope, float] = {}
        """The monotonic second before which no such call leaves, by scope; that of an account has no Region."""

    def ready_at(self, scope: Scope) -> float:
        """The earliest moment at which such a call may leave; it may lie in the past."""
        return max(self._next.get(each, float("-inf")) for each in self._paces(scope))

    def send(self, scope: Scope, now: float) -> None:
        """Such a call is sent now."""
        self.calls += 1
        for each in self._paces(scope):
            self._next[each] = now + SPACING / (_SHARE * self._limiter.pace(each).state.in_force)

    def _paces(self, scope: Scope) -> tuple[Scope, Scope]:
        named = self._limiter.named(scope)
        return named, replace(named, region="")
