"""RateLimiter: a pace for each account and Region, under a parent pace for the account; and half of it, HalfPace."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from ctui.core.lookup.pacing.pace import SPACING, Pace, SentCall
from ctui.model.connection import Scope
from ctui.store.pace_files import PaceFiles

REGIONS_AT_FULL_PACE = 40
"""The parent's rate, in Regions. AWS limits lookups per account and Region and promises nothing for an account as a
whole: as many as there are Regions take no longer than one, and what more there is shares that."""
_SHARE = 0.5
"""The part of a pace that HalfPace takes at most: of each scope's own, and of their account's."""


class RateLimiter:
    """The paces of all scopes; a call waits for that of its scope and that of its account.

    With `files` other processes count as well: a call is sent, and its answer taken in, while the file of its pace is
    held. A provisional account, and a file that cannot be used, leave a pace to this process.
    """

    def __init__(self, rate: float, files: PaceFiles | None = None) -> None:
        """`rate` in calls a second, for each scope; raises ValueError unless it is above zero."""
        self.rate = rate
        self._files = files
        self._sender = int.from_bytes(os.urandom(4)) | 1
        self._sent = 0
        self._paces: dict[Scope, Pace] = {}
        """By scope; that of an account has no Region."""
        self._accounts: dict[tuple[str, str], str] = {}
        """By origin and provisional account: the account that it is another name of."""

    def pace(self, scope: Scope) -> Pace:
        """The pace of one account and Region, by whichever name; at the full rate when first asked for."""
        return self._pace(self.named(scope))

    def _pace(self, named: Scope) -> Pace:
        if (pace := self._paces.get(named)) is None:
            rate = self.rate if named.region else self.rate * REGIONS_AT_FULL_PACE
            pace = self._paces[named] = Pace(rate, self._sender)
        return pace

    def named(self, scope: Scope) -> Scope:
        """The scope under the name of its account, if that is known."""
        return replace(scope, account=self._accounts.get((scope.origin, scope.account), scope.account))

    def ready_at(self, scope: Scope) -> float:
        """The earliest moment at which a call in this scope may leave; it may lie in the past."""
        named = self.named(scope)
        return max(self._ready_at(named), self._ready_at(_whole(named)))

    def _ready_at(self, named: Scope) -> float:
        pace = self._pace(named)
        if (files := self._files_for(named)) is not None and (news := files.news(named)) is not None:
            pace.adopt(news)
        return pace.ready_at()

    def send(self, scope: Scope, now: float) -> SentCall | None:
        """A call in this scope is sent now; pass the returned value on with its answer.

        None if another process was quicker: then nothing is sent, and `ready_at` says when to try again.
        """
        named = self.named(scope)
        with self._held(_whole(named)) as parent, self._held(named) as pace:
            if max(parent.ready_at(), pace.ready_at()) > now:
                return None
            self._sent += 1
            call = SentCall(now, number=(self._sender << 32) + self._sent)
            pace.send(call)
            parent.send(call)
        return call

    def wait(self, scope: Scope, now: float) -> None:
        """A call in this scope waits for its turn from now on: other processes leave it the next one."""
        named = self.named(scope)
        if self._pace(named).is_unknown:
            with self._held(named) as pace:
                pace.wait(now)

    def opened(self, scope: Scope, call: SentCall, now: float) -> None:
        """The connection of a call is open since now, and the call is sent."""
        named = self.named(scope)
        with self._held(_whole(named)), self._held(named):
            call.sent = now

    def passed(self, scope: Scope, call: SentCall, now: float) -> None:
        """The call was let through, and is answered now."""
        call.round_trip = now - call.sent
        with self._held(self.named(scope)) as pace:
            pace.passed(call)

    def refused(self, scope: Scope, call: SentCall, now: float) -> None:
        """The call was throttled, now."""
        call.round_trip = now - call.sent
        with self._held(self.named(scope)) as pace:
            pace.refused(call, now)

    def alias_account(self, scope: Scope, account: str) -> None:
        """Make a scope's account another name of `account`, in all Regions: they share their paces from now on."""
        if scope.account == account:
            return
        self._accounts[scope.origin, scope.account] = account
        for before in [one for one in self._paces if (one.origin, one.account) == (scope.origin, scope.account)]:
            provisional = self._paces.pop(before)
            with self._held(replace(before, account=account)) as pace:
                pace.merge(provisional)

    def _files_for(self, named: Scope) -> PaceFiles | None:
        return None if named.provisional else self._files

    @contextmanager
    def _held(self, named: Scope) -> Iterator[Pace]:
        """The pace of a scope as all processes know it; what is changed meanwhile is known to all."""
        pace = self._pace(named)
        if (files := self._files_for(named)) is None:
            yield pace
            return
        with files.hold(named) as file:
            if file is not None and (shared := file.read()) is not None:
                pace.adopt(shared)
            yield pace
            if file is not None:
                file.write(pace.share())


class HalfPace:
    """When a call may leave that must leave half of the pace to what a person asks.

    Calls are twice as far apart as at the pace in force, whether they are answered, refused or lost.
    """

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
        return named, _whole(named)


def _whole(scope: Scope) -> Scope:
    """Stands for all Regions of an account."""
    return replace(scope, region="")
