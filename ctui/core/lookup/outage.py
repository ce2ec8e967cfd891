"""Outages: endpoints that have answered with pages and now fail, and when each of them is called again.

Before its first page an endpoint may be the wrong one, which a person has to correct: then errors are shown soon. After
it, whatever comes in place of a page passes: the endpoint is called again for as long as the page is wanted, less and
less often.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from ctui.errors import CtuiError, EndpointUnreachable, IncompleteAnswer, NoEventHistory, NotCloudTrail, ServiceError
from ctui.model.clock import Clock
from ctui.model.connection import Scope
from ctui.model.values import dataclass

_FIRST_PAUSE = 0.5
"""Seconds before the second attempt, at most; twice as many before each further one."""
LONGEST_PAUSE = 30.0
"""Seconds between two attempts, at most."""
_DOUBLINGS = 10
"""More of them than it takes to the longest pause."""
_ONE_IN_A_ROW = 1
"""A single failure says nothing about the endpoint: it delays its own request and no other."""


def may_pass(error: CtuiError) -> bool:
    """True if the same call may succeed later without anything being corrected."""
    if isinstance(error, NoEventHistory):
        return False
    if isinstance(error, ServiceError):
        return error.status >= 500
    return isinstance(error, EndpointUnreachable | IncompleteAnswer | NotCloudTrail)


@dataclass(frozen=True, slots=True)
class Outage:
    """An endpoint that fails at present."""

    region: str
    error: CtuiError
    """What came of the last attempt."""
    since: datetime
    """When the first attempt of this outage failed, by our clock."""
    attempts: int
    """Attempts in a row that failed."""
    next_attempt: float
    """The monotonic second of the next one, or a past one while it is under way."""


class Outages:
    """The outages of all endpoints: each Region of an origin is one."""

    def __init__(self, clock: Clock, jitter: Callable[[], float]) -> None:
        """`jitter` returns a number from 0 to 1: what shortens a pause, so that not all clients call at once."""
        self._clock = clock
        self._jitter = jitter
        self._answered: set[tuple[str, str]] = set()
        self._failing: dict[tuple[str, str], Outage] = {}

    def has_answered(self, scope: Scope) -> bool:
        """True once the scope's endpoint has returned a page."""
        return _endpoint(scope) in self._answered

    def page_came(self, scope: Scope) -> None:
        """The scope's endpoint has returned a page."""
        self._answered.add(_endpoint(scope))
        self.end(scope)

    def end(self, scope: Scope) -> None:
        """The scope's endpoint answers."""
        self._failing.pop(_endpoint(scope), None)

    def failed(self, scope: Scope, error: CtuiError, attempts: int) -> float:
        """A call has failed, so many of the same request in a row: the monotonic second at which it is sent again."""
        known = self._failing.get(_endpoint(scope))
        since, in_a_row = (self._clock.now(), 1) if known is None else (known.since, known.attempts + 1)
        pause = min(LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(max(attempts, in_a_row) - 1, _DOUBLINGS))
        again = self._clock.monotonic() + pause * (1 + self._jitter()) / 2
        self._failing[_endpoint(scope)] = Outage(scope.region, error, since, in_a_row, again)
        return again

    def of(self, scope: Scope) -> Outage | None:
        """The outage of the scope's endpoint; None if it answers, as far as is known."""
        outage = self._failing.get(_endpoint(scope))
        return None if outage is None or outage.attempts <= _ONE_IN_A_ROW else outage

    def of_all(self, scopes: Iterable[Scope]) -> tuple[Outage, ...]:
        """The outages of the endpoints of these scopes, the one that began first before the others."""
        outages = {_endpoint(scope): outage for scope in scopes if (outage := self.of(scope)) is not None}
        return tuple(sorted(outages.values(), key=lambda outage: outage.since))

    def try_now(self) -> None:
        """Every endpoint that fails may be called again now."""
        now = self._clock.monotonic()
        self._failing = {key: replace(outage, next_attempt=now) for key, outage in self._failing.items()}


def _endpoint(scope: Scope) -> tuple[str, str]:
    return scope.origin, scope.region
