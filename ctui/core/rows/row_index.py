"""The ids of a query's rows, newest first: cheap to grow at the end, cheap to search, eight bytes a row and key."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable


class RowIndex:
    """Row ids ordered by (newest second first, id). Within a second that is the order in which they were stored.

    The order depends on the events alone and not on their pages, so rows that are read again from the store look the
    same.
    """

    def __init__(self) -> None:
        self.ids = array("q")
        """Row ids, newest first."""
        self._negated = array("q")
        """Minus the epoch second of each row, so that it ascends as bisect needs it."""

    def __len__(self) -> int:
        return len(self.ids)

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index."""
        return -self._negated[index]

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, that is older than an epoch second; the row count if none is."""
        return bisect_right(self._negated, -second, start)

    def index_of(self, row_id: int, second: int) -> int | None:
        """The index of a row, or None if it is not there; a binary search."""
        index = self._insertion_index(row_id, second)
        return index if index < len(self.ids) and self._is_at(index, row_id, second) else None

    def merge(self, added: Iterable[tuple[int, int]]) -> int:
        """Add rows given as (id, epoch second), except those that are here; returns how many were new."""
        keys = sorted({(-second, row_id) for row_id, second in added})
        if not keys:
            return 0
        if not self.ids or keys[0] > (self._negated[-1], self.ids[-1]):
            # Pages come newest first, so nearly all of them end up here.
            self.ids.extend(row_id for _, row_id in keys)
            self._negated.extend(negated for negated, _ in keys)
            return len(keys)
        return self._insert([(negated, row_id) for negated, row_id in keys if self.index_of(row_id, -negated) is None])

    def _insert(self, fresh: list[tuple[int, int]]) -> int:
        """Insert sorted new keys between the rows; rows after the first of them are copied once."""
        if not fresh:
            return 0
        indexes = [self._insertion_index(row_id, -negated) for negated, row_id in fresh]
        start = indexes[0]
        old_ids, old_negated = self.ids[start:], self._negated[start:]
        del self.ids[start:], self._negated[start:]
        copied = 0
        for index, (negated, row_id) in zip(indexes, fresh, strict=True):
            upto = index - start
            self.ids.extend(old_ids[copied:upto])
            self._negated.extend(old_negated[copied:upto])
            copied = upto
            self.ids.append(row_id)
            self._negated.append(negated)
        self.ids.extend(old_ids[copied:])
        self._negated.extend(old_negated[copied:])
        return len(fresh)

    def _insertion_index(self, row_id: int, second: int) -> int:
        first = bisect_left(self._negated, -second)
        last = bisect_right(self._negated, -second, first)
        return bisect_left(self.ids, row_id, first, last)

    def _is_at(self, index: int, row_id: int, second: int) -> bool:
        return self.ids[index] == row_id and self._negated[index] == -second
