"""The ids of a query's rows, newest first: cheap to grow at the end, cheap to search, eight bytes a row and key."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable
from operator import itemgetter, le, lt
from typing import Final

from ctui.store.search import Rows

_FEW: Final = 8
"""Where rows go between more than so many times as many others, each looks for its place."""


class RowIndex:
    """Row ids ordered by (newest second first, id). Within a second that is the order in which they were stored.

    The order depends on the events alone and not on their pages, so rows that are read again from the store look the
    same.
    """

    def __init__(self) -> None:
        self.rows = Rows(array("q"), array("q"))
        """The rows, newest first, read-only for others."""

    def __len__(self) -> int:
        return len(self.rows.ids)

    @property
    def ids(self) -> "array[int]":
        """Row ids, newest first."""
        return self.rows.ids

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index."""
        return self.rows.second_at(index)

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, that is older than an epoch second; the row count if none is."""
        return bisect_right(self.rows.negated, -second, start)

    def index_of(self, row_id: int, second: int) -> int | None:
        """The index of a row, or None if it is not there; a binary search."""
        return self.rows.index_of(row_id, second)

    def merge_rows(self, added: Rows) -> int:
        """Add rows as `merge` does. If they are in order, those that lie between no others are copied as a whole."""
        if not added.ids:
            return 0
        if not _are_ordered(added):
            return self.merge(added.as_keys())
        start = self.rows.insertion_index(added.ids[0], -added.negated[0])
        end = self.rows.insertion_index(added.ids[-1] + 1, -added.negated[-1])
        if end - start > len(added.ids) * _FEW:
            return self.merge(added.as_keys())
        behind, between = self.rows.slice(end, len(self)), self.rows.slice(start, end)
        del self.rows.ids[start:], self.rows.negated[start:]
        for rows in (_both(between, added), behind):
            self.rows.ids.extend(rows.ids)
            self.rows.negated.extend(rows.negated)
        return len(self) - start - len(between.ids) - len(behind.ids)

    def remove(self, rows: Rows) -> None:
        """Remove these rows, as far as they are here. Who has the lists of before keeps them as they were."""
        indexes = [index for key in rows.as_keys() if (index := self.index_of(*key)) is not None]
        if indexes:
            self.rows = self.rows.slice(0, len(self))
        for index in sorted(indexes, reverse=True):
            del self.rows.ids[index], self.rows.negated[index]

    def merge(self, added: Iterable[tuple[int, int]]) -> int:
        """Add rows given as (id, epoch second), except those that are here; returns how many were new."""
        keys = sorted({(-second, row_id) for row_id, second in added})
        if not keys:
            return 0
        ids, negated = self.rows
        if not ids or keys[0] > (negated[-1], ids[-1]):
            # Pages come newest first, so nearly all of them end up here.
            ids.extend(row_id for _, row_id in keys)
            negated.extend(second for second, _ in keys)
            return len(keys)
        return self._insert([(second, row_id) for second, row_id in keys if self.index_of(row_id, -second) is None])

    def _insert(self, fresh: list[tuple[int, int]]) -> int:
        """Insert sorted new keys between the rows; rows after the first of them are copied once."""
        if not fresh:
            return 0
        ids, negated = self.rows
        indexes = [self.rows.insertion_index(row_id, -second) for second, row_id in fresh]
        start = indexes[0]
        old_ids, old_negated = ids[start:], negated[start:]
        del ids[start:], negated[start:]
        copied = 0
        for index, (second, row_id) in zip(indexes, fresh, strict=True):
            upto = index - start
            ids.extend(old_ids[copied:upto])
            negated.extend(old_negated[copied:upto])
            copied = upto
            ids.append(row_id)
            negated.append(second)
        ids.extend(old_ids[copied:])
        negated.extend(old_negated[copied:])
        return len(fresh)


def _are_ordered(rows: Rows) -> bool:
    """True if these rows are in the order of queries, each once."""
    # Those of one page, or of one segment of log files, have ascending ids: compared in C.
    if all(map(le, rows.negated, rows.negated[1:])) and all(map(lt, rows.ids, rows.ids[1:])):
        return True
    keys = list(zip(rows.negated, rows.ids, strict=True))
    return all(map(lt, keys, keys[1:]))


def _both(ours: Rows, added: Rows) -> Rows:
    """The rows of both in their order, each once. Sorted in C, which merges two runs that are in order."""
    if not ours.ids:
        return added
    keys = list(zip(added.negated, added.ids, strict=True))
    if there := set(ours.ids).intersection(added.ids):
        keys = [key for key in keys if key[1] not in there]
    merged = sorted([*zip(ours.negated, ours.ids, strict=True), *keys])
    return Rows(array("q", map(itemgetter(1), merged)), array("q", map(itemgetter(0), merged)))
