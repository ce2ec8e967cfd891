"""The ids of a feed's rows, newest first: cheap to grow at the end, cheap to search, eight bytes a row and key."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class RowIndex:
    """Row ids ordered by (newest second first, id). Within a second that is the order in which they were stored.

    The order depends on the events alone and not on the pages they came in, so a feed that is read again from the
    store looks the same.
    """

    def __init__(self) -> None:
        self.ids = array("q")
        """Row ids, newest first."""
        self._negated = array("q")
        """Minus the epoch second of each row, so that it ascends as bisect wants it."""

    def __len__(self) -> int:
        return len(self.ids)

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index."""
        return -self._negated[index]

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, that is older than an epoch second; the count where none is."""
        return bisect_right(self._negated, -second, start)

    def index_of(self, row_id: int, second: int) -> int | None:
        """Where a row stands, None where it does not; a binary search."""
        index = self._place_of(row_id, second)
        return index if index < len(self.ids) and self._is_at(index, row_id, second) else None

    def merge(self, placed: Iterable[tuple[int, int]]) -> int:
        """Add rows given as (id, epoch second) and fold the known ones; returns how many were new."""
        keys = sorted({(-second, row_id) for row_id, second in placed})
        if not keys:
            return 0
        if not self.ids or keys[0] > (self._negated[-1], self.ids[-1]):
            # Pages come newest first, so this is the way of nearly all of them.
            self.ids.extend(row_id for _, row_id in keys)
            self._negated.extend(negated for negated, _ in keys)
            return len(keys)
        return self._weave([(negated, row_id) for negated, row_id in keys if self.index_of(row_id, -negated) is None])

    def _weave(self, fresh: list[tuple[int, int]]) -> int:
        """Put sorted new keys between the rows that stand there, with one copy of what lies behind the first."""
        if not fresh:
            return 0
        places = [self._place_of(row_id, -negated) for negated, row_id in fresh]
        start = places[0]
        old_ids, old_negated = self.ids[start:], self._negated[start:]
        del self.ids[start:], self._negated[start:]
        taken = 0
        for place, (negated, row_id) in zip(places, fresh, strict=True):
            upto = place - start
            self.ids.extend(old_ids[taken:upto])
            self._negated.extend(old_negated[taken:upto])
            taken = upto
            self.ids.append(row_id)
            self._negated.append(negated)
        self.ids.extend(old_ids[taken:])
        self._negated.extend(old_negated[taken:])
        return len(fresh)

    def _place_of(self, row_id: int, second: int) -> int:
        first = bisect_left(self._negated, -second)
        last = bisect_right(self._negated, -second, first)
        return bisect_left(self.ids, row_id, first, last)

    def _is_at(self, index: int, row_id: int, second: int) -> bool:
        return self.ids[index] == row_id and self._negated[index] == -second
