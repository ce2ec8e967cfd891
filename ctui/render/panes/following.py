"""What the line under the panes says of following: how far behind it is, what it costs, how late events come."""

from math import ceil

from ctui.model.values import dataclass
from ctui.render.roles import Line, Role
from ctui.render.text import times
from ctui.render.text.spans import clean, count, join


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowFacts:
    """How following stands, as the line says it."""

    behind: int = 0
    """Seconds by which it is behind; 0 if it is not."""
    behind_scope: str = ""
    """The account or Region that is, if there are several."""
    calls_an_hour: int = 0
    lag: tuple[float, float] | None = None
    """Seconds after which half of the events were here at most, and 19 of 20; None while that is not known."""
    waits: bool = False
    """True while there is no connection."""
    shows: bool = True
    """False if the question takes no new events."""
    problem: str = ""
    """Why something is not followed at present."""
    login_needed: bool = False
    """True if that was a login which is made again in a browser."""


def following_forms(facts: FollowFacts) -> tuple[Line, ...]:
    """What following says of itself, in ever fewer words. What is not looked at yet, and why, stays in every form."""
    where = clean(f"{facts.behind_scope} " if facts.behind_scope else "", Role.WARNING)
    behind: Line = (*where, (f"{times.length(facts.behind)} behind", Role.WARNING)) if facts.behind else ()
    state: Line = (*behind, (", writes first", Role.WARNING)) if behind else (("following", Role.ACCENT),)
    short = behind
    if facts.waits:
        state = short = (("following waits for a connection", Role.WARNING),)
    elif facts.problem:
        key, verb = ("L", " log in") if facts.login_needed else ("r", " now")
        hint: Line = ((", ", Role.PLAIN), (key, Role.STRONG), (verb, Role.PLAIN))
        problem = clean(facts.problem, Role.WARNING)
        short = join((behind, (*problem, *hint)), " · ")
        state = join((behind, (*problem, (", tried each minute", Role.PLAIN), *hint)), " · ")
    elif not (behind or facts.shows):
        state = (("following, but not this question", Role.WARNING),)
        short = (("not following this question", Role.WARNING),)
    calls: Line = ((f"{count(facts.calls_an_hour)} calls/h", Role.PLAIN),) if facts.calls_an_hour else ()
    lag: Line = ()
    brief_lag: Line = ()
    if facts.lag is not None:
        half, most = (_at_most(seconds) for seconds in facts.lag)
        lag = (("lag ", Role.LABEL), (lag_words(*facts.lag).removeprefix("lag "), Role.PLAIN))
        brief_lag = (("lag ", Role.LABEL), (f"≤ {half}/{most}", Role.PLAIN))
    said = [(state, calls, lag), (state, calls, brief_lag), (short or state, calls, brief_lag), (short or state, calls)]
    return (*(join(parts, " · ") for parts in said), short or state)


def lag_words(half: float, most: float) -> str:
    """How late half of the events come at most, and 19 of 20, both in seconds."""
    return f"lag p50 ≤ {_at_most(half)}, p95 ≤ {_at_most(most)}"


def _at_most(seconds: float) -> str:
    """A length of time, rounded up: what is said to be the most must be."""
    whole = ceil(seconds)
    minute = 60
    return f"{whole} s" if whole < minute else f"{ceil(whole / minute)} min"
