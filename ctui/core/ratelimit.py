"""Even pacing of calls: one pace per account and Region, under a parent pace per account.

Spacing is 1.02 / rate from the last send. At exactly 1 / rate a sliding window refused 4 of 25 calls, at 1.02 none
(FACTS, measured); and a bucket that allows bursts lets three calls into one second.
"""

from dataclasses import replace

from ctui.model.connection import Scope

SPACING = 1.02
"""Seconds between two sends, times the rate."""
CEILING_SECONDS = 300.0
"""How long a refusal keeps the pace down before the old one is tried again."""
CEILING_FACTOR = 0.9
"""A ceiling lies at this part of the refused pace."""
SLOWEST_FACTOR = 0.1
"""However many refusals come, a pace keeps this part of its rate, so that a call can find out that all is well."""
REGIONS_AT_FULL_PACE = 5
"""The parent's rate, in Regions. AWS limits lookups per account and Region and promises nothing for an account as a
whole, so asking twenty Regions at once is twenty times the traffic under one name. Five at full pace is more than a
person reads and no storm; with more, all share."""


class Pace:
    """Even spacing, and what refusals have taught about it. Times are monotonic seconds, given by the caller.

    A refused call sets a ceiling just below the pace in force for `CEILING_SECONDS`; then one call goes at the full
    rate as a probe. A refused probe restores the ceiling. A refusal soon after a good probe does too: one call can
    pass where a steady pace cannot, and what was learned then still holds.
    """

    def __init__(self, rate: float) -> None:
        if not rate > 0:
            raise ValueError(f"a rate must be above zero, not {rate}")
        self.rate = rate
        self._last: float | None = None
        self._ceiling: float | None = None
        self._until = 0.0
        self._cut_at: float | None = None
        self._probe: float | None = None
        self._lesson: float | None = None
        self._lesson_until = 0.0

    def in_force(self) -> float:
        """Calls a second allowed at present."""
        return self.rate if self._ceiling is None else self._ceiling

    @property
    def ceiling_until(self) -> float | None:
        """When the full rate is probed; None while no ceiling holds."""
        return None if self._ceiling is None else self._until

    def ready_at(self) -> float:
        """The earliest moment at which the next call may leave; it may lie in the past."""
        if self._last is None:
            return float("-inf")
        paced = self._last + SPACING / self.in_force()
        if self._ceiling is None or self._probe is not None:
            return paced
        return min(paced, max(self._until, self._last + SPACING / self.rate))

    def sent(self, now: float) -> None:
        """A call leaves; it counts whatever becomes of it."""
        self._last = now
        if self._ceiling is not None and self._probe is None and now >= self._until:
            self._probe = now

    def passed(self, sent_at: float) -> None:
        """The call sent then was let through."""
        if self._probe == sent_at:
            self._probe = None
            self._lesson, self._lesson_until = self._ceiling, sent_at + CEILING_SECONDS
            self._ceiling = None

    def unanswered(self, sent_at: float) -> None:
        """The call sent then failed otherwise or was cancelled: it says nothing about the pace."""
        if self._probe == sent_at:
            self._probe = None

    def join(self, other: "Pace") -> None:
        """Another pace turns out to be this one: the later send and the lower ceiling of both hold."""
        self._last = max((last for last in (self._last, other._last) if last is not None), default=None)
        if other._ceiling is not None and (self._ceiling is None or other._ceiling < self._ceiling):
            self._ceiling, self._until, self._cut_at = other._ceiling, other._until, other._cut_at

    def refused(self, sent_at: float, now: float) -> None:
        """The call sent then was throttled. Calls that had left before a ceiling was set lower it no further."""
        if self._cut_at is not None and sent_at <= self._cut_at:
            return
        if self._probe == sent_at:
            self._probe = None
        elif self._ceiling is None and self._lesson is not None and now < self._lesson_until:
            self._ceiling = self._lesson
        else:
            self._ceiling = max(self.rate * SLOWEST_FACTOR, self.in_force() * CEILING_FACTOR)
        self._until = now + CEILING_SECONDS
        self._cut_at = now


class RateLimiter:
    """The paces of all scopes; a call needs its scope's turn and its account's."""

    def __init__(self, rate: float) -> None:
        self.rate = rate
        self._scopes: dict[Scope, Pace] = {}
        self._accounts: dict[Scope, Pace] = {}

    def pace(self, scope: Scope) -> Pace:
        """The pace of one account and Region, begun when first asked for."""
        return self._scopes.setdefault(scope, Pace(self.rate))

    def _parent(self, scope: Scope) -> Pace:
        return self._accounts.setdefault(replace(scope, region=""), Pace(self.rate * REGIONS_AT_FULL_PACE))

    def ready_at(self, scope: Scope) -> float:
        """The earliest moment at which a call in this scope may leave; it may lie in the past."""
        return max(self.pace(scope).ready_at(), self._parent(scope).ready_at())

    def sent(self, scope: Scope, now: float) -> None:
        """A call in this scope leaves."""
        self.pace(scope).sent(now)
        self._parent(scope).sent(now)

    def adopt(self, provisional: Scope, settled: Scope) -> None:
        """The account behind a provisional scope is known now: its paces go on under the real name."""
        _join(self._scopes, provisional, settled)
        _join(self._accounts, replace(provisional, region=""), replace(settled, region=""))


def _join(paces: dict[Scope, Pace], old: Scope, new: Scope) -> None:
    if old != new and (pace := paces.pop(old, None)) is not None:
        if new in paces:
            pace.join(paces[new])
        paces[new] = pace
