"""ProcessedRows: which rows of a growing source are processed, also if others come in between."""

from array import array
from typing import Protocol

from ctui.store.search import Rows

_COMPARED = 8_192
"""Ids that are compared at once: copies of all of them take longer than comparing them."""


class Source(Protocol):
    """Rows, newest first, that grow; an EventQuery is one."""

    @property
    def rows(self) -> Rows:
        """The rows, newest first."""

    def index_of(self, row_id: int) -> int | None:
        """The index of a row in them, or None if it is not there."""


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
    def ids(self) -> "array[int]":
        """The ids of the processed rows, read-only for others."""
        return self._done

    @property
    def open(self) -> bool:
        """True while there are rows that are not processed."""
        return len(self._done) != len(self._source.rows.ids) or self._prefix() != len(self._done)

    def next(self, most: int) -> Rows:
        """Rows that are not processed yet, newest first, so many at most."""
        rows, start = self._source.rows, self._prefix()
        if start == len(self._done):
            return rows.slice(start, start + most)
        known = set(self._done[start:])
        fresh: list[int] = []
        for index in range(start, len(rows.ids)):
            if rows.ids[index] not in known:
                fresh.append(index)
                if len(fresh) == most:
                    break
        return rows.at(fresh)

    def mark(self, rows: "array[int]") -> None:
        """The rows with these ids are processed."""
        ids, start = self._source.rows.ids, self._prefix()
        if len(self._done) == start and _goes_on(ids, start, rows):
            self._done.extend(rows)
            return
        known = {*self._done[start:], *rows}
        del self._done[start:]
        self._done.extend(row_id for row_id in ids[start:] if row_id in known)

    def mark_all(self) -> int:
        """All rows are processed; returns how many were not."""
        before, self._done = len(self._done), self._source.rows.ids[:]
        return len(self._done) - before

    def _prefix(self) -> int:
        """How many rows both lists share at their beginning."""
        ours, theirs = self._done, self._source.rows.ids
        low, high = 0, min(len(ours), len(theirs))
        while low < high:
            middle = (low + high) // 2
            if ours[middle] == theirs[middle]:
                low = middle + 1
            else:
                high = middle
        return low


def _goes_on(ids: "array[int]", start: int, rows: "array[int]") -> bool:
    """True if these rows are the ones from `start` on."""
    portions = range(0, len(rows), _COMPARED)
    return start + len(rows) <= len(ids) and all(
        ids[start + at : start + at + min(_COMPARED, len(rows) - at)] == rows[at : at + _COMPARED] for at in portions
    )
