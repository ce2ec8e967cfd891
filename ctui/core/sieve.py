"""Sieve: the rows of a feed that pass a filter. It reads what is here, in slices off the loop, and never asks."""

from array import array
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from ctui.core.rows import Rows
from ctui.model.event import Event
from ctui.model.predicate import Predicate
from ctui.model.terms import Term

T = TypeVar("T")

FIRST_SLICE = 100
"""Rows judged before the first ones are shown: some milliseconds of work."""
SLICE = 250
"""Rows judged at once after that: short enough to be given up when another key is typed."""


class Source(Protocol):
    """Rows, newest first, that grow; an EventFeed is one."""

    @property
    def ids(self) -> "array[int]":
        """The ids."""

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index."""

    def index_of(self, row_id: int) -> int | None:
        """Where a row stands, None where it does not."""


class Judge(Protocol):
    """Reads rows somewhere off the loop, and says what a judgement makes of each."""

    def __call__(self, ids: Sequence[int], judgement: Callable[[Event, str], T], /) -> Awaitable[list[tuple[int, T]]]:
        """(row id, what was made of it), in the order of `ids`; lost rows are left out."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a filter makes of one event."""

    passes: bool
    refusing: tuple[Term, ...] = ()
    """The terms that each refuse it; told only where they are counted."""


class Sieve:
    """The rows that pass, newest first, read-only for others. `judge_some` goes on until `behind` is False."""

    def __init__(self, source: Source, predicate: Predicate, judge: Judge) -> None:
        self.source = source
        self.predicate = predicate
        self._judge = judge
        self._rows = Rows()
        self._judged = array("q")
        self._removed: Counter[Term] = Counter()

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def ids(self) -> "array[int]":
        """Row ids of the events that pass, newest first."""
        return self._rows.ids

    @property
    def judged(self) -> int:
        """How many rows were looked at."""
        return len(self._judged)

    @property
    def removed(self) -> Mapping[Term, int]:
        """How many rows each term refuses by itself. Counted while nothing passes, and not kept up after that."""
        return self._removed

    @property
    def behind(self) -> bool:
        """True while there are rows that were not looked at yet."""
        return len(self._judged) != len(self.source.ids) or self._same() != len(self._judged)

    def second_at(self, index: int) -> int:
        """The epoch second of the row at an index of `ids`."""
        return self._rows.second_at(index)

    def first_before(self, second: int, start: int = 0) -> int:
        """Index of the first row, from `start` on, that is older than an epoch second; the count where none is."""
        return self._rows.first_before(second, start)

    def index_of(self, row_id: int) -> int | None:
        """Where a row stands in `ids`, None where it does not."""
        index = self.source.index_of(row_id)
        return None if index is None else self._rows.index_of(row_id, self.source.second_at(index))

    async def judge_some(self) -> None:
        """Look at the next rows, the newest first. Cancelling loses nothing but this slice. Raises StoreError."""
        fresh = self._next(FIRST_SLICE if not self._judged else SLICE)
        seconds = dict(fresh)
        counting = not self._rows
        verdicts = await self._judge(list(seconds), self._counted if counting else self._plain)
        self._rows.merge((row_id, seconds[row_id]) for row_id, verdict in verdicts if verdict.passes)
        for _, verdict in verdicts:
            self._removed.update(verdict.refusing)
        self._mark(list(seconds))

    def _plain(self, event: Event, region: str) -> Verdict:
        return Verdict(self.predicate(event, region))

    def _counted(self, event: Event, region: str) -> Verdict:
        refusing = tuple(self.predicate.refusing(event, region))
        return Verdict(not refusing and self.predicate.in_range(event), refusing)

    def _next(self, most: int) -> list[tuple[int, int]]:
        """(row id, second) of rows not looked at yet, newest first.

        Both arrays are in one order and the source only gains rows, so up to some place they are the same, and behind
        it nowhere: rows that came in between have moved everything after them.
        """
        ids, start = self.source.ids, self._same()
        known = set(self._judged[start:])
        if known and not known <= set(ids[start:]):
            self._forget()
            start, known = 0, set()
        fresh: list[tuple[int, int]] = []
        for index in range(start, len(ids)):
            if ids[index] not in known:
                fresh.append((ids[index], self.source.second_at(index)))
                if len(fresh) == most:
                    break
        return fresh

    def _same(self) -> int:
        """How many rows at the beginning were looked at and still stand where they stood."""
        ours, theirs = self._judged, self.source.ids
        low, high = 0, min(len(ours), len(theirs))
        while low < high:
            middle = (low + high) // 2
            if ours[middle] == theirs[middle]:
                low = middle + 1
            else:
                high = middle
        return low

    def _mark(self, ids: Sequence[int]) -> None:
        """These were looked at: put them among the others in the source's own order."""
        start = self._same()
        if len(self._judged) == start and list(self.source.ids[start : start + len(ids)]) == list(ids):
            self._judged.extend(ids)
            return
        known = {*self._judged[start:], *ids}
        now = [row_id for row_id in self.source.ids[start:] if row_id in known]
        if len(now) < len(known):
            self._forget()
            return
        del self._judged[start:]
        self._judged.extend(now)

    def _forget(self) -> None:
        """Rows go by other ids now, since the account became known: begin again."""
        self._rows = Rows()
        self._judged = array("q")
        self._removed.clear()
