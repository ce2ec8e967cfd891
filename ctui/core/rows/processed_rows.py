"""ProcessedRows: which rows of a growing source were dealt with, whatever comes in between meanwhile."""

from array import array
from collections.abc import Sequence
from typing import Protocol


class Source(Protocol):
    """Rows, newest first, that grow; an EventQuery is one."""

    @property
    def ids(self) -> "array[int]":
        """The ids."""

    def index_of(self, row_id: int) -> int | None:
        """Where a row stands, None where it does not."""

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index."""


class ProcessedRows:
    """The rows that were ticked off, in the source's own order.

    Both stand in one order and the source only gains rows, so up to some place they are the same, and behind it
    nowhere: rows that came in between have moved everything after them.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._done = array("q")

    def __len__(self) -> int:
        return len(self._done)

    @property
    def open(self) -> bool:
        """True while there are rows that were not ticked off."""
        return len(self._done) != len(self._source.ids) or self._same() != len(self._done)

    def next(self, most: int) -> list[int]:
        """Rows not ticked off yet, newest first, so many at most."""
        ids, start = self._source.ids, self._same()
        if start == len(self._done):
            return list(ids[start : start + most])
        known = set(self._done[start:])
        fresh: list[int] = []
        for row_id in ids[start:]:
            if row_id not in known:
                fresh.append(row_id)
                if len(fresh) == most:
                    break
        return fresh

    def tick(self, rows: Sequence[int]) -> None:
        """These were dealt with."""
        ids, start = self._source.ids, self._same()
        if len(self._done) == start and list(ids[start : start + len(rows)]) == list(rows):
            self._done.extend(rows)
            return
        known = {*self._done[start:], *rows}
        del self._done[start:]
        self._done.extend(row_id for row_id in ids[start:] if row_id in known)

    def _same(self) -> int:
        """How many rows at the beginning were ticked off and still stand where they stood."""
        ours, theirs = self._done, self._source.ids
        low, high = 0, min(len(ours), len(theirs))
        while low < high:
            middle = (low + high) // 2
            if ours[middle] == theirs[middle]:
                low = middle + 1
            else:
                high = middle
        return low
