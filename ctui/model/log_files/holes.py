"""Finds stretches without any log file where files are to be expected: files may be missing there.

Names give the time of delivery only. CloudTrail delivers about every five minutes where something happens, an hour has
many files, and where nothing happens there is none. So a stretch without a file proves nothing, and is a *possible*
hole only if the same account and Region usually has files then. The rule, for a stretch between two deliveries:

1. It is longer than an hour.
2. It is unlike the same hours of other days: those one to eight weeks before and after, and one to fourteen days before
   and after, as far as they lie between the first and the last delivery and do not touch the stretch itself. Three
   quarters of the weeks, and half of the days, had so many deliveries in so many parts of the stretch that to see none
   is no accident (`_DELIVERIES`, `_PARTS_WITH_ONE`). A night is like other nights, a weekend like other weekends; a
   weekday without a file is unlike those of other weeks, although two of seven days are weekends. In the days of a
   quiet Region there never are so many deliveries.
3. It is unlike other stretches. Those like the same hours of most other weeks or days (nights, weekends) are left out;
   of the rest of the time, a quarter at most is in stretches a fourth as long, and of those half as long there are
   three at most, and one more for each week. What comes and goes at any time is quiet at any time, too.

Files of a few days have no other days to be compared with: then the third alone decides, and the only weekend of two
weeks is said to be a possible hole.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

HOUR: Final = 3600
DAY: Final = 24 * HOUR
WEEK: Final = 7 * DAY
_WEEKS: Final = 8
_DAYS: Final = 14
_DELIVERIES: Final = 5
"""Where so many are to be expected and they come by chance, there is none in one of 150 stretches; but a stretch is
also to be unlike others."""
_PARTS: Final = 12
"""A stretch is divided into so many parts."""
_PARTS_WITH_ONE: Final = 3
"""In so many of them there is a delivery: one busy hour in a quiet week says nothing about the week."""
_FEWEST: Final = 10
"""Deliveries from which anything can be said."""


class _Stretch(NamedTuple):
    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start

    def shifted(self, by: int) -> "_Stretch":
        return _Stretch(self.start + by, self.end + by)


def possible_holes(deliveries: Iterable[int]) -> list[tuple[int, int]]:
    """The possible holes in the deliveries of one account and Region: the delivery before it and the one after it, as
    epoch seconds, oldest first."""
    seconds = sorted(set(deliveries))
    if len(seconds) < _FEWEST:
        return []
    stretches = [_Stretch(start, end) for start, end in pairwise(seconds)]
    others = _Others(seconds, stretches)
    rate = len(seconds) / (seconds[-1] - seconds[0])
    return [
        (stretch.start, stretch.end)
        for stretch in stretches
        # The rate only spares looking at each night of a quiet Region.
        if stretch.length > HOUR
        and stretch.length * rate > _DELIVERIES / 4
        and others.are_unlike(stretch)
        and _is_unlike_other_days(seconds, stretch)
    ]


class _Others:
    """The stretches of one account and Region, the longest first."""

    def __init__(self, seconds: Sequence[int], stretches: Iterable[_Stretch]) -> None:
        self._seconds = seconds
        self._by_length = sorted(stretches, key=lambda stretch: -stretch.length)
        self._regular: dict[_Stretch, bool] = {}

    def are_unlike(self, stretch: _Stretch) -> bool:
        """True if a stretch is as long as others are not, by the third rule."""
        whole = self._seconds[-1] - self._seconds[0]
        total, long, half_as_long = whole - stretch.length, 0, 0
        for other in self._by_length:
            if other.length * 4 <= stretch.length:
                break
            if other is stretch:
                continue
            if other.length > HOUR and self._is_regular(other):
                total -= other.length
                continue
            long += other.length
            half_as_long += other.length * 2 >= stretch.length
            if half_as_long > 3 + whole // WEEK:
                return False
        return long * 4 <= total

    def _is_regular(self, stretch: _Stretch) -> bool:
        if stretch not in self._regular:
            self._regular[stretch] = _is_regular(self._seconds, stretch)
        return self._regular[stretch]


def _is_unlike_other_days(seconds: Sequence[int], stretch: _Stretch) -> bool:
    weeks = [_is_busy(seconds, other) for other in _others(seconds, stretch, WEEK, _WEEKS)]
    if sum(weeks) < 0.75 * len(weeks):
        return False
    days = [_is_busy(seconds, other) for other in _others(seconds, stretch, DAY, _DAYS)]
    return sum(days) >= 0.5 * len(days)


def _is_regular(seconds: Sequence[int], stretch: _Stretch) -> bool:
    """True if there is no delivery in the same hours of most other weeks or days, give or take a little."""
    little = stretch.length // _PARTS
    inner = _Stretch(stretch.start + little, stretch.end - little)
    for step, most in ((WEEK, _WEEKS), (DAY, _DAYS)):
        empty = [
            bisect_left(seconds, other.start) == bisect_right(seconds, other.end)
            for other in _others(seconds, inner, step, most)
        ]
        if empty and sum(empty) > 0.5 * len(empty):
            return True
    return False


def _others(seconds: Sequence[int], stretch: _Stretch, step: int, most: int) -> Iterator[_Stretch]:
    """The same hours of other days."""
    for number in range(1, most + 1):
        if number * step < stretch.length:
            continue
        for other in (stretch.shifted(-number * step), stretch.shifted(number * step)):
            if other.start >= seconds[0] and other.end <= seconds[-1]:
                yield other


def _is_busy(seconds: Sequence[int], stretch: _Stretch) -> bool:
    """True if there are so many deliveries that to see none is no accident."""
    at, high = bisect_left(seconds, stretch.start), bisect_right(seconds, stretch.end)
    if high - at < _DELIVERIES:
        return False
    parts = 0
    while at < high and parts < _PARTS_WITH_ONE:
        parts += 1
        part = (seconds[at] - stretch.start) * _PARTS // stretch.length
        at = bisect_left(seconds, stretch.start + (part + 1) * stretch.length / _PARTS, at + 1, high)
    return parts >= _PARTS_WITH_ONE
