"""The line under the panes while a load waits for an endpoint that fails: what failed, the next attempt, the keys."""

from datetime import datetime
from math import ceil

from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import clean


@dataclass(frozen=True, slots=True)
class OutageFacts:
    """An endpoint that fails, as the line says it."""

    title: str
    """What came of the last attempt."""
    since: datetime
    """When the first one failed."""
    seconds: float | None
    """Until the next attempt; None while one is under way."""
    stop: str = "esc"
    """The key that ends the waiting."""


def outage_forms(outage: OutageFacts, now: datetime | None) -> tuple[Line, ...]:
    """Not reachable since 14:02, again in 12 s, r now, esc stop: in ever fewer words."""
    said = clean(outage.title, Role.WARNING)
    since = times.moment(outage.since) if now is None else times.near(outage.since, now)
    at: Line = ((f" since {since}", Role.WARNING),)
    stop: Line = ((", ", Role.PLAIN), (outage.stop, Role.STRONG), (" stop", Role.PLAIN))
    if outage.seconds is None:
        tries: Line = (*said, (", trying again", Role.ACCENT))
        return (*said, *at, *tries[len(said) :], *stop), (*tries, *stop), tries
    left = times.length(max(1, ceil(outage.seconds)))
    key: Line = ((", ", Role.PLAIN), ("r", Role.STRONG), (" now", Role.PLAIN))
    next_try: Line = (*said, (f", again in {left}", Role.PLAIN), *key)
    return (
        (*said, *at, *next_try[len(said) :], *stop),
        (*next_try, *stop),
        (*said, (f", in {left}", Role.PLAIN), *key),
        (*said, *key),
    )
