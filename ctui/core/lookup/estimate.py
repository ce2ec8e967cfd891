"""About how long the rest takes: a range, from the density of events so far and the time that pages take.

The density of events that are still to come is unknown. What is known are the densities of the latest pages and of all
of them, and how much of the range has been scanned. The estimate spans those densities, wider while little has been
scanned. It widens quickly, narrows slowly, and is never below what the pace allows for the pages that must still come.
Each attribute has densities of its own: one user may make a thousand calls for one of an access key.
"""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import ceil, exp, log, sqrt

from ctui.core.lookup.gap_scan import HISTORY_SECONDS, GapScan
from ctui.core.lookup.pacing.pace import SPACING
from ctui.core.lookup.planner import PAGE_EVENTS
from ctui.core.lookup.scope_scan import ScopeScan
from ctui.model.lookup.lookup import LookupAttribute
from ctui.model.values import dataclass

FIRST_ESTIMATE = 3
"""Pages before there is an estimate: with fewer, one burst of events decides the figure."""
_WINDOWS = (1.0, 0.5, 0.25, 0.125)
"""Parts of the pages seen, the latest ones, whose densities are compared."""
_SMALLEST_WINDOW = 4
_UNSEEN = 0.3
"""By what part densities still to come may go beyond those seen, while nothing of the range has been scanned."""
_PAGE_NOISE = 0.3
"""How far off the density of a single page may be, as a part of it."""
_WIDENS, _NARROWS = 0.5, 0.15
"""How far an end of the range moves to what the newest page implies, as a part of the distance between logarithms."""
MOST_UP, MOST_DOWN = 1.25, 2.0
"""Factors by which an end moves with one page at most, besides the page that has arrived. An estimate that is too long
does no harm; one that grows and grows does."""
_AHEAD, _STEADY = 1.2, 1.6
"""Factors by which the shown range is wider than the computed one when it is set, and may become wider before it is set
again: a figure that changes with each page cannot be read."""
_INTERVALS = 10
"""Pages whose intervals are compared; their median counts, since one slow page says nothing about the others."""


@dataclass(frozen=True, slots=True)
class Eta:
    """Seconds that the rest of a load takes."""

    low: float | None
    """At least; None if it is not known how far back the service's history goes."""
    high: float
    """At most, by what is known."""


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left to load, by the pages so far. Seconds follow from it and a pace."""

    pages: tuple[float, float] | None
    """Pages to come, at least and at most; None while that is unknown."""
    bound: int | None
    """The load stops after so many pages at most; None if it goes on to the end of the range."""
    start_known: bool
    """True if it is known how far back there is something to load."""
    open_scopes: int
    """Scopes that have pages to come."""
    open_gaps: int
    """Gaps with pages to come in the scope that has most of them."""
    interval: float | None
    """Median seconds between the latest pages; None before the second page of a load."""

    def eta(self, rate: float) -> Eta:
        """How long it takes at `rate` calls a second."""
        pace = SPACING / rate
        interval = pace if self.interval is None else max(self.interval, pace / self.open_scopes)
        if self.bound is not None:
            bound = max(1, self.bound) * interval
            if self.pages is None:
                return Eta(None, max(bound, pace))
            low, high = (max(min(pages * interval, bound), pace) for pages in self.pages)
        else:
            assert self.pages is not None, "without pages and without a bound there is no such value"
            low, high = (max(pages * interval, self.open_gaps * pace) for pages in self.pages)
        return Eta(low if self.start_known else None, high)


class LoadEstimate:
    """What the pages of a query so far say about those to come. Times are monotonic seconds, given by the caller."""

    def __init__(self) -> None:
        self._marks: dict[LookupAttribute | None, list[tuple[int, int]]] = {}
        """Seconds scanned and events received after each page, by what the pages were selected by."""
        self._pages = 0
        self._computed: tuple[float, float] | None = None
        """Pages to come, at least and at most, by the newest page."""
        self._shown: tuple[float, float] | None = None
        """The same, held steady: it counts down, and follows the computed range only if that has moved away."""
        self._intervals: deque[float] = deque(maxlen=_INTERVALS)
        self._last_page: float | None = None

    def begin(self) -> None:
        """A load begins: the time since the last page says nothing about the pace."""
        self._last_page = None

    def page_came(self, gap: GapScan, scans: Iterable[ScopeScan], now: float) -> None:
        """A page was added to this gap, which is one of these scans'."""
        gaps, attribute = [one for scan in scans for one in scan.gaps], gap.scan.attribute
        alike = [one for one in gaps if one.scan.attribute == attribute]
        marks = self._marks.setdefault(attribute, [(0, 0)])
        marks.append((sum(map(_scanned, alike)), sum(one.events for one in alike)))
        self._pages += 1
        if self._last_page is not None:
            self._intervals.append(now - self._last_page)
        self._last_page = now
        left: dict[LookupAttribute | None, list[int]] = {}
        for one in gaps:
            if not one.done:
                left.setdefault(one.scan.attribute, []).append(_left(one))
        if self._pages >= FIRST_ESTIMATE and left and (newest := self._by_densities(left)) is not None:
            self._computed = _moved(self._computed, newest)
            self._shown = _held(self._shown, self._computed)

    def remaining(self, scans: Iterable[ScopeScan], pages_to_bound: int | None = None) -> Remaining | None:
        """What is left until everything in range is loaded, or `pages_to_bound` pages are.

        None if nothing is left, or if it is unknown: not yet, or no longer, once a gap has come back further than AWS's
        history goes.
        """
        open_gaps = [[gap for gap in scan.gaps if not gap.done] for scan in scans]
        scopes = sum(map(bool, open_gaps))
        unbounded = [gap for gaps in open_gaps for gap in gaps if not _start_is_known(gap)]
        pages = None if any(gap.position <= _start(gap) for gap in unbounded) else self._shown
        if not scopes or (pages is None and pages_to_bound is None):
            return None
        return Remaining(
            pages=pages,
            bound=pages_to_bound,
            start_known=not unbounded,
            open_scopes=scopes,
            open_gaps=max(map(len, open_gaps)),
            interval=_median(self._intervals) if self._intervals else None,
        )

    def _by_densities(self, left: Mapping[LookupAttribute | None, Sequence[int]]) -> tuple[float, float] | None:
        """Pages to come by the densities seen so far, at least and at most; None while no density is known.

        `left`: seconds to be scanned of each open gap, by attribute.
        """
        # If nothing has come yet, or all of it within a second, the density is unknown.
        densities = {
            attribute: _densities(marks, sum(left.get(attribute, ())))
            for attribute, marks in self._marks.items()
            if all(marks[-1])
        }
        if not densities:
            return None
        # Of an attribute without a density it may be any of the others.
        widest = min(low for low, _ in densities.values()), max(high for _, high in densities.values())
        low = high = 0.0
        for attribute, gaps in left.items():
            lowest, highest = densities.get(attribute, widest)
            low += sum(max(1.0, seconds * lowest / PAGE_EVENTS) for seconds in gaps)
            high += sum(max(1.0, seconds * highest / PAGE_EVENTS + 1) for seconds in gaps)
        return low, high


def _densities(marks: Sequence[tuple[int, int]], left: int) -> tuple[float, float]:
    """Events a second, at least and at most, of what is left: so many seconds."""
    pages = len(marks) - 1
    scanned, events = marks[-1]
    unseen = left / (scanned + left)
    lowest, highest = float("inf"), 0.0
    for part in _WINDOWS:
        window = min(pages, max(_SMALLEST_WINDOW, round(pages * part)))
        before, events_before = marks[-1 - window]
        density = (events - events_before) / max(1, scanned - before)
        noise = 1 + _PAGE_NOISE / sqrt(window) * sqrt(unseen)
        lowest, highest = min(lowest, density / noise), max(highest, density * noise)
    margin = 1 + _UNSEEN * unseen
    return lowest / margin, highest * margin


def pages_of(events: int) -> int:
    """Full pages that hold so many events."""
    return ceil(max(0, events) / PAGE_EVENTS)


def _moved(before: tuple[float, float] | None, newest: tuple[float, float]) -> tuple[float, float]:
    """The computed range after one more page: part of the way from the last one to what the newest page implies."""
    if before is None:
        return newest
    low, high = (max(1.0, pages - 1) for pages in before)
    return (
        _towards(low, newest[0], _WIDENS if newest[0] < low else _NARROWS),
        _towards(high, newest[1], _WIDENS if newest[1] > high else _NARROWS),
    )


def _held(shown: tuple[float, float] | None, computed: tuple[float, float]) -> tuple[float, float]:
    """The shown range after one more page: one page less, as long as the computed one lies within and not far off."""
    if shown is None:
        return computed
    low, high = (max(1.0, pages - 1) for pages in shown)
    if not low <= computed[0] <= low * _STEADY:
        low = max(low / MOST_DOWN, min(computed[0] / _AHEAD, low * MOST_UP))
    if not high / _STEADY <= computed[1] <= high:
        high = max(high / MOST_DOWN, min(computed[1] * _AHEAD, high * MOST_UP))
    return max(1.0, min(low, high)), max(1.0, high)


def _towards(pages: float, newest: float, part: float) -> float:
    moved = exp((1 - part) * log(pages) + part * log(max(1.0, newest)))
    return max(1.0, min(max(moved, pages / MOST_DOWN), pages * MOST_UP))


def _start(gap: GapScan) -> int:
    """The second at which a gap ends at the latest: no service is known to keep more history than AWS."""
    return max(gap.scan.start or 0, gap.scan.end - HISTORY_SECONDS)


def _start_is_known(gap: GapScan) -> bool:
    """True for AWS, whose history is known; of other endpoints, only if the question names a start."""
    return "://" not in gap.scan.scope.origin or gap.scan.start is not None


def _scanned(gap: GapScan) -> int:
    """Seconds from the end of a gap back to its position; all of them if it is done."""
    if gap.oldest is None and not gap.done:
        return 0
    return gap.scan.end + 1 - (min(_start(gap), gap.position) if gap.done else gap.position)


def _left(gap: GapScan) -> int:
    return max(0, gap.position - _start(gap))


def _median(numbers: Collection[float]) -> float:
    """The number in the middle. The standard library's takes three numeric modules and 0.5 MB."""
    ascending, middle = sorted(numbers), len(numbers) // 2
    return ascending[middle] if len(numbers) % 2 else (ascending[middle - 1] + ascending[middle]) / 2
