"""Schedule: which pass over a scope comes next, and how far the scope has been looked at.

Events reach the service late, so one look at a second is not enough. The newest stretch is asked for every ten seconds,
the last quarter of an hour each minute, and the last hour every ten minutes. These begin where the one of their kind
before left seconds that were too young then: so a pause, of whatever length, only makes the next pass longer.
"""

from collections.abc import Collection
from enum import Enum

from ctui.core.lookup.planner import ScopeQuery
from ctui.core.server_clock import ServiceTime
from ctui.model.connection import Scope
from ctui.model.event.attribute import AttributeKey
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.model.lookup.lateness import LAG_SECONDS, LATE_SECONDS
from ctui.model.lookup.lookup import LookupAttribute
from ctui.store.columns import second_of

BEHIND_SECONDS = 120
"""From so many seconds on a scope is behind: then writes are followed first."""
_WRITES = LookupAttribute(AttributeKey.READ_ONLY, "false")
_SLACK = 1.0
"""Seconds that a pass may begin early: who looks whether one is due looks every few seconds."""


class Pass(Enum):
    """What a pass scans."""

    WRITES = "writes"
    """Write calls since the newest one, while the scope is behind."""
    NEWEST = "newest"
    """From the newest event that is here, or from where the scope was looked at without a gap, if that lies before."""
    RECENT = "recent"
    """The last quarter of an hour, as far as it is not claimed."""
    LATE = "late"
    """The last hour, and what had not been an hour old for the pass before."""


_EVERY = {Pass.WRITES: 10.0, Pass.NEWEST: 10.0, Pass.RECENT: 60.0, Pass.LATE: 600.0}
"""Seconds between the beginnings of two passes. Events take minutes to become available, so that to ask more often
than every ten seconds finds them hardly sooner, and each call is an event in the customer's own trails."""
_CONTAINS = {
    Pass.WRITES: (Pass.WRITES,),
    Pass.NEWEST: (Pass.NEWEST,),
    Pass.RECENT: (Pass.RECENT, Pass.NEWEST),
    Pass.LATE: (Pass.LATE, Pass.RECENT, Pass.NEWEST),
}
"""Passes that need not be made where a longer one begins."""


class Schedule:
    """One scope's. Seconds are epoch seconds at the service; `now` is monotonic."""

    def __init__(self, second: int) -> None:
        """Everything is followed that happens after this second, and what arrives late from the hour before it."""
        self.counted_from = second
        """From this second on all was looked at once, so that what is new there has just become available."""
        self._began = second
        self._edge = second
        self._looked = Stretches()
        self._recent_from = second - LAG_SECONDS
        self._late_from = second - LATE_SECONDS
        self._newest = second - LAG_SECONDS
        self._newest_write: int | None = None
        self._started_at: dict[Pass, float] = {}

    @property
    def newest(self) -> int:
        """The second of the newest event that was seen."""
        return self._newest

    def behind(self, second: int) -> int:
        """How many seconds before `second` the stretch ends that was looked at without a gap."""
        return max(0, second - self._edge)

    def is_behind(self, second: int) -> bool:
        """True if new events come too slowly for what happens: writes go first."""
        return self.behind(second) >= BEHIND_SECONDS

    def next_pass(self, now: float, second: int, open_ones: Collection[Pass]) -> Pass | None:
        """The pass that goes on or begins now; None if none is due. `open_ones` are under way."""

        def due(one: Pass) -> bool:
            return now - self._started_at.get(one, float("-inf")) >= _EVERY[one] - _SLACK

        behind = self.is_behind(second)
        if behind and (Pass.WRITES in open_ones or due(Pass.WRITES)):
            return Pass.WRITES
        if behind or Pass.NEWEST in open_ones:
            return Pass.NEWEST
        if due(Pass.LATE) and not {Pass.RECENT, Pass.LATE} & set(open_ones):
            return Pass.LATE
        if due(Pass.RECENT) and Pass.RECENT not in open_ones:
            return Pass.RECENT
        if due(Pass.NEWEST):
            return Pass.NEWEST
        return next((one for one in (Pass.RECENT, Pass.LATE) if one in open_ones), None)

    def begin(self, one: Pass, scope: Scope, time: ServiceTime, now: float) -> ScopeQuery:
        """What this pass scans, pinned at `time`."""
        second = second_of(time.earliest)
        if not self.is_behind(second):
            self._newest_write = None
        start = {
            Pass.WRITES: self._edge if self._newest_write is None else self._newest_write,
            Pass.NEWEST: min(self._edge, max(self._newest, second - LAG_SECONDS)),
            Pass.RECENT: self._recent_from,
            Pass.LATE: self._late_from,
        }[one]
        self._started_at |= dict.fromkeys(_CONTAINS[one], now)
        clauses = ((_WRITES,),) if one is Pass.WRITES else ()
        end = second_of(time.latest)
        # A clock that was set back is known to be wrong by the next answer, which must not be a refusal of the range.
        return ScopeQuery(scope, max(0, min(start, end)), end, clauses)

    def saw(self, second: int, *, write: bool) -> None:
        """An event of this second is here."""
        self._newest = max(self._newest, second)
        if write:
            self._newest_write = max(self._edge, self._newest_write or 0, second)

    def looked_at(self, stretch: Stretch | None) -> None:
        """All events of these seconds that could be looked up are here."""
        looked = self._looked.union(Stretches.of(stretch))
        self._edge = next((part.end for part in looked if part.start <= self._edge < part.end), self._edge)
        self._looked = Stretches(tuple(part for part in looked if part.end > self._edge))

    def ended(self, query: ScopeQuery, pinned: int) -> None:
        """The pass over all events of this query is at its end; it was pinned at the second `pinned`."""
        start = query.start or 0
        if start <= self._recent_from:
            self._recent_from = max(self._recent_from, pinned - LAG_SECONDS)
            self.counted_from = min(self.counted_from, start)
        if start <= self._late_from:
            self._late_from = max(self._late_from, pinned - LATE_SECONDS)

    def reach_back(self, second: int) -> None:
        """What is on the screen ends at this second: follow from there on, if it began later."""
        if second < self._began:
            self._looked = self._looked.union(Stretches.of(Stretch.between(self._began, self._edge)))
            self._began = self._edge = self.counted_from = second
            self._recent_from = min(self._recent_from, second - LAG_SECONDS)
            self._late_from = min(self._late_from, second - LATE_SECONDS)
