"""ProcessedRows: which rows of a growing source are processed, also if others come in between."""

from array import array
from collections.abc import Sequence
from typing import Protocol


class Source(Protocol):
    """Rows, newest first, that grow; an EventQuery is one."""

    @property
    def ids(self) -> "array[int]":
        """Row ids, newest first."""

    def index_of(self, row_id: int) -> int | None:
        """The index of a row in `ids`, or None if it is not there."""

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index."""


class ProcessedRows:
    """The rows that are processed, in the source's order.

    Both lists share an order and the source only grows, so they share a prefix and nothing after it.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._done = array("q")

    def __len__(self) -> int:
        return len(self._done)

    @property
    def open(self) -> bool:
        """True while there are rows that are not processed."""
        return len(self._done) != len(self._source.ids) or self._prefix() != len(self._done)

    def next(self, most: int) -> list[int]:
        """Rows that are not processed yet, newest first, so many at most."""
        ids, start = self._source.ids, self._prefix()
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

    def mark(self, rows: Sequence[int]) -> None:
        """These rows are processed."""
        ids, start = self._source.ids, self._prefix()
        if len(self._done) == start and list(ids[start : start + len(rows)]) == list(rows):
            self._done.extend(rows)
            return
        known = {*self._done[start:], *rows}
        del self._done[start:]
        self._done.extend(row_id for row_id in ids[start:] if row_id in known)

    def _prefix(self) -> int:
        """How many rows both lists share at their beginning."""
        ours, theirs = self._done, self._source.ids
        low, high = 0, min(len(ours), len(theirs))
        while low < high:
            middle = (low + high) // 2
            if ours[middle] == theirs[middle]:
                low = middle + 1
            else:
                high = middle
        return low
