"""About how long the rest takes: a range, from the density of events seen so far and the time that pages take.

How dense the events are that are still to come nobody knows. What is known are the densities of the latest pages and of
all of them, and how much of the range has been walked. The range spans those densities, wider while little has been
walked; it widens quickly, narrows slowly, and is never below what the pace allows for the pages that must still come.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, exp, log, sqrt
from statistics import median

from ctui.core.lookup.gap_scan import HISTORY_SECONDS, GapScan
from ctui.core.lookup.planner import PAGE_EVENTS
from ctui.core.lookup.rate_limit import SPACING
from ctui.core.lookup.scope_scan import ScopeScan

FIRST_TOLD = 3
"""Pages before anything is told: of fewer, one burst of events makes any figure."""
_WINDOWS = (1.0, 0.5, 0.25, 0.125)
"""Parts of the pages seen, the latest ones, whose densities are looked at."""
_SMALLEST_WINDOW = 4
_UNSEEN = 0.3
"""By what part the densities of the unseen may go beyond those seen, while nothing of the range has been walked."""
_PAGE_NOISE = 0.3
"""How much the density of one page says too little or too much, as a part of it."""
_WIDENS, _NARROWS = 0.5, 0.15
"""How far an end of the range goes to what the newest page tells, as a part of the way in powers."""
MOST_UP, MOST_DOWN = 1.25, 2.0
"""Factors by which an end moves with one page at most, beside the page that has come. To be told too much and be done
sooner is no harm; to be told more and more is."""
_AHEAD, _STEADY = 1.2, 1.6
"""Factors by which what is told is wider than the range when it is told, and may come to be before it is told anew: a
figure that changes with each page cannot be read."""
_INTERVALS = 10
"""Pages whose intervals are looked at; their median, since one silence says nothing of the others."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Seconds that the rest of a load takes."""

    low: float | None
    """At least; None where nothing tells, since it is not known how far back the service remembers."""
    high: float
    """At most, as far as can be told."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left to load, as far as the pages so far tell: seconds follow from it once a pace is given."""

    pages: tuple[float, float] | None
    """Pages to come, at least and at most; None while nothing tells."""
    bound: int | None
    """The load stops after so many pages at most; None if it goes on to the end of the range."""
    start_known: bool
    """True if it is known how far back there is something to load."""
    open_scopes: int
    """Scopes that have pages to come."""
    open_gaps: int
    """Walks with pages to come in the scope that has most of them."""
    interval: float | None
    """Median seconds between the latest pages; None before the second page of a load."""

    def at_rate(self, rate: float) -> Rest:
        """How long it takes at `rate` calls a second."""
        pace = SPACING / rate
        interval = pace if self.interval is None else max(self.interval, pace / self.open_scopes)
        if self.bound is not None:
            bound = max(1, self.bound) * interval
            if self.pages is None:
                return Rest(None, max(bound, pace))
            low, high = (max(min(pages * interval, bound), pace) for pages in self.pages)
        else:
            assert self.pages is not None, "without pages and without a bound there is no such value"
            low, high = (max(pages * interval, self.open_gaps * pace) for pages in self.pages)
        return Rest(low if self.start_known else None, high)


class LoadEstimate:
    """What the pages of one answer tell of those to come. Times are monotonic seconds, given by the caller."""

    def __init__(self) -> None:
        self._marks: list[tuple[int, int]] = [(0, 0)]
        """Seconds walked and events told after each page."""
        self._range: tuple[float, float] | None = None
        """Pages to come, at least and at most."""
        self._told: tuple[float, float] | None = None
        """What is told of them: it counts down, and follows the range only where that has moved away."""
        self._intervals: deque[float] = deque(maxlen=_INTERVALS)
        self._last_page: float | None = None

    def begin(self) -> None:
        """A load begins: how long ago the last page came says nothing of the pace."""
        self._last_page = None

    def page_came(self, scans: Iterable[ScopeScan], now: float) -> None:
        """A page has been taken into the walks of the routes."""
        gaps = [gap for scan in scans for gap in scan.gaps]
        self._marks.append((sum(map(_walked, gaps)), sum(gap.events for gap in gaps)))
        if self._last_page is not None:
            self._intervals.append(now - self._last_page)
        self._last_page = now
        left = [_left(gap) for gap in gaps if not gap.done]
        # Where nothing has come yet, or all of it within a second, nothing tells how dense the rest is.
        if len(self._marks) > FIRST_TOLD and left and all(self._marks[-1]):
            self._range = _moved(self._range, self._newest(left))
            self._told = _held(self._told, self._range)

    def remaining(self, scans: Iterable[ScopeScan], pages_to_bound: int | None = None) -> Remaining | None:
        """What is left until everything in range is loaded, or `pages_to_bound` pages are.

        None if nothing is left, or nothing can be told: not yet, or no longer where a gap has come back further than
        AWS remembers.
        """
        open_gaps = [[gap for gap in scan.gaps if not gap.done] for scan in scans]
        scopes = sum(map(bool, open_gaps))
        unknown = [gap for gaps in open_gaps for gap in gaps if not _start_is_known(gap)]
        told = None if any(gap.position <= _start(gap) for gap in unknown) else self._told
        if not scopes or (told is None and pages_to_bound is None):
            return None
        return Remaining(
            pages=told,
            bound=pages_to_bound,
            start_known=not unknown,
            open_scopes=scopes,
            open_gaps=max(map(len, open_gaps)),
            interval=median(self._intervals) if self._intervals else None,
        )

    def _newest(self, left: Sequence[int]) -> tuple[float, float]:
        """Pages to come by the densities seen so far, at least and at most."""
        pages = len(self._marks) - 1
        walked, events = self._marks[-1]
        unseen = sum(left) / (walked + sum(left)) if walked or sum(left) else 0.0
        lowest, highest = float("inf"), 0.0
        for part in _WINDOWS:
            window = min(pages, max(_SMALLEST_WINDOW, round(pages * part)))
            before, events_before = self._marks[-1 - window]
            density = (events - events_before) / max(1, walked - before)
            noise = 1 + _PAGE_NOISE / sqrt(window) * sqrt(unseen)
            lowest, highest = min(lowest, density / noise), max(highest, density * noise)
        margin = 1 + _UNSEEN * unseen
        low = sum(max(1.0, each * lowest / margin / PAGE_EVENTS) for each in left)
        high = sum(max(1.0, each * highest * margin / PAGE_EVENTS + 1) for each in left)
        return low, high


def pages_of(events: int) -> int:
    """Full pages that hold so many events."""
    return ceil(max(0, events) / PAGE_EVENTS)


def _moved(before: tuple[float, float] | None, newest: tuple[float, float]) -> tuple[float, float]:
    """The range after one page more: some of the way from what was told to what the newest page tells."""
    if before is None:
        return newest
    low, high = (max(1.0, pages - 1) for pages in before)
    return (
        _towards(low, newest[0], _WIDENS if newest[0] < low else _NARROWS),
        _towards(high, newest[1], _WIDENS if newest[1] > high else _NARROWS),
    )


def _held(told: tuple[float, float] | None, newest: tuple[float, float]) -> tuple[float, float]:
    """What is told after one page more: a page less than before, as long as the range lies within and not far off."""
    if told is None:
        return newest
    low, high = (max(1.0, pages - 1) for pages in told)
    if not low <= newest[0] <= low * _STEADY:
        low = max(low / MOST_DOWN, min(newest[0] / _AHEAD, low * MOST_UP))
    if not high / _STEADY <= newest[1] <= high:
        high = max(high / MOST_DOWN, min(newest[1] * _AHEAD, high * MOST_UP))
    return max(1.0, min(low, high)), max(1.0, high)


def _towards(told: float, newest: float, part: float) -> float:
    moved = exp((1 - part) * log(told) + part * log(max(1.0, newest)))
    return max(1.0, min(max(moved, told / MOST_DOWN), told * MOST_UP))


def _start(gap: GapScan) -> int:
    """Where a gap ends at the latest: no service is known to remember more than AWS does."""
    return max(gap.scan.start or 0, gap.scan.end - HISTORY_SECONDS)


def _start_is_known(gap: GapScan) -> bool:
    """True where the gap goes back to its start: AWS keeps a known history, of others only a named start is."""
    return "://" not in gap.scan.scope.origin or gap.scan.start is not None


def _walked(gap: GapScan) -> int:
    """Seconds from the end of a gap back to where it stands; all of them where it is done."""
    if gap.oldest is None and not gap.done:
        return 0
    return gap.scan.end + 1 - (min(_start(gap), gap.position) if gap.done else gap.position)


def _left(gap: GapScan) -> int:
    return max(0, gap.position - _start(gap))
