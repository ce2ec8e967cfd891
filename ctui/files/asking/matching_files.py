"""Compares rows whose records have to be read: their log files are searched in threads, and what is found is compared.

A record that can match is decoded and evaluated by the predicate, unless its text alone says that it matches.
"""

import threading
import time
from bisect import bisect_right
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.masks import Line, LineMasks, both, inverse
from ctui.files.asking.masks_of_texts import Mask
from ctui.files.asking.matching_text import search_of
from ctui.files.asking.tree_index import TreeIndex
from ctui.files.asking.value_at_path import event_id_in
from ctui.files.reading.records import Records
from ctui.files.reading.records_text import LARGE, FileGone
from ctui.files.record_texts import decoded
from ctui.files.segment import Segment
from ctui.model.filter.predicate import Predicate
from ctui.model.log_files.event_digest import event_digest

THREADS: Final = 2
"""Threads that inflate and search files. More would take time from the loop on a small machine."""
_AHEAD: Final = 2 * THREADS
"""Files that are given to the threads before the first result is awaited."""
_AT_ONCE: Final = 16
"""Records compared between two looks at the clock, and at whether to stop."""
_NO_ROWS: Final = np.array([], np.uint16)

ProgressOf = Callable[[int], "Progress"]
"""What is known of the rows of a segment, by its number."""


class Progress:
    """What is known of the rows of one segment, for one line."""

    def __init__(self, index: TreeIndex, segment: Segment, masks: LineMasks, in_range: Mask) -> None:
        size = len(segment)
        self._index = index
        self._number = segment.number
        self.matching = _rows(both(masks.must, in_range), size)
        self.done = ~_rows(both(both(masks.may, inverse(masks.must)), in_range), size)
        """True for rows that were compared."""
        self.surely = masks.surely
        self.unless = masks.unless
        self.searched: set[int] = set()
        """Files that were searched, or are: what of their rows is not done is waiting to be compared."""
        self._by_file: dict[int, NDArray[np.uint16]] = {}

    @property
    def segment(self) -> Segment:
        """The segment, of which the index keeps what it has room for: of many, all parts would fill memory."""
        return self._index.segment(self._number)

    def rows_of(self, file: int) -> NDArray[np.int64]:
        """The rows of a file that are not done."""
        if not self._by_file:
            files = self.segment.files
            order = np.argsort(files, kind="stable")
            different, begins = np.unique(files[order], return_index=True)
            self._by_file = dict(zip(different.tolist(), np.split(order.astype(np.uint16), begins[1:]), strict=True))
        rows = self._by_file.get(file, _NO_ROWS).astype(np.int64)
        return rows[~self.done[rows]]


class Found(NamedTuple):
    """A row whose record can match."""

    progress: Progress
    row: int
    record: bytes
    surely: bool


class Answer:
    """What is known of the rows of a tree for one line."""

    def __init__(self, predicate: Predicate) -> None:
        self.predicate = predicate
        self.line = Line(predicate.terms)
        searches = [search_of(term) for term in self.line.record_terms]
        self.searches = sorted(enumerate(searches), key=lambda pair: pair[1].cost)
        """Each with the number of its record term."""
        self.waiting: deque[Found] = deque()
        """What was found, and is still to be compared."""
        self.progress: OrderedDict[int, Progress] = OrderedDict()
        """By the number of a segment; the one used longest ago is first."""

    def is_of(self, predicate: Predicate) -> bool:
        """True if it is the answer of a line. Ages in a line count from when it was compiled."""
        known = self.predicate
        if len(known.tests) != len(predicate.tests) or (known.first, known.last) != (predicate.first, predicate.last):
            return False
        return all(one is other for (_, one), (_, other) in zip(known.tests, predicate.tests, strict=True))


class _Wanted:
    """The rows of a file that are to be compared, in the order in which their records stand there; last those whose
    records do not stand there as they are."""

    def __init__(self, file: int, parts: list[tuple[Progress, NDArray[np.int64]]]) -> None:
        self.file = file
        self.parts = parts
        self._begins = [0, *accumulate(len(rows) for _, rows in parts)]
        starts = self._joined(lambda progress, rows: progress.segment.numbers("start")[rows]).astype(np.int64)
        lengths = self._joined(lambda progress, rows: progress.segment.numbers("length")[rows])
        placed = lengths != 0
        self._order = np.argsort(starts) if placed.all() else np.lexsort((starts, ~placed))
        self.placed = int(np.count_nonzero(placed))
        """How many of them stand there."""
        starts, lengths = starts[self._order], lengths[self._order]
        self.starts: list[int] = starts[: self.placed].tolist()
        self.ends: list[int] = (starts + lengths)[: self.placed].tolist()
        self.numbers: list[int] = starts[self.placed :].tolist()
        """The numbers of the others in the file."""

    def unless(self, number: int) -> NDArray[np.bool_] | None:
        """Of which rows the clauses of a record term say nothing; None for none."""
        if all(progress.unless[number] is False for progress, _ in self.parts):
            return None
        rows: NDArray[np.bool_] = self._joined(lambda progress, rows: _at(progress.unless[number], rows))[self._order]
        return rows if rows.any() else None

    def at(self, index: int) -> tuple[Progress, int]:
        """The row of a record."""
        place = int(self._order[index])
        part = bisect_right(self._begins, place) - 1
        progress, rows = self.parts[part]
        return progress, int(rows[place - self._begins[part]])

    def _joined(self, of_part: Callable[[Progress, NDArray[np.int64]], NDArray[Any]]) -> NDArray[Any]:
        each = [of_part(progress, rows) for progress, rows in self.parts]
        return each[0] if len(each) == 1 else np.concatenate(each)


class Comparison:
    """One portion: searches files in threads, and compares what is found."""

    def __init__(
        self, index: TreeIndex, records: Records, answer: Answer, progress_of: ProgressOf, stopped: threading.Event
    ) -> None:
        self.unreadable: set[int] = set()
        """Files that could not be read: their rows do not match."""
        self._index = index
        self._records = records
        self._answer = answer
        self._progress_of = progress_of
        self._stopped = stopped

    def run(
        self,
        threads: ThreadPoolExecutor,
        files: Iterable[tuple[Progress, int]],
        is_first_open: Callable[[], bool],
        until: float,
    ) -> None:
        """Compare the rows of files until a time (`time.monotonic`), but at least the first row."""
        waiting, next_files = self._answer.waiting, iter(files)
        running: deque[tuple[_Wanted, Future[list[Found]]]] = deque()
        more = True
        while not self._stopped.is_set():
            in_time = time.monotonic() < until or (not running and is_first_open())
            while more and in_time and len(running) < _AHEAD:
                wanted = next((one for file in next_files if (one := self._wanted(*file)) is not None), None)
                if wanted is None:
                    more = False
                else:
                    running.append((wanted, threads.submit(self._found, wanted)))
            if waiting and in_time:
                for _ in range(min(len(waiting), _AT_ONCE)):
                    self._compare(waiting.popleft())
            elif running:
                self._take(*running.popleft())
            elif not in_time or not more:
                return
        for wanted, future in running:
            future.cancel()
            _search_again(wanted)

    def _wanted(self, progress: Progress, file: int) -> _Wanted | None:
        if file in progress.searched:
            return None
        found = [progress]
        indexed = self._index.file(file)
        if indexed is not None and not 0 < indexed.inflated <= LARGE:
            # It is inflated once, for the rows of all segments.
            found = [self._progress_of(entry.number) for entry in self._index.segments()]
        parts = [(one, rows) for one in found if file not in one.searched and len(rows := one.rows_of(file))]
        for one, _ in parts:
            one.searched.add(file)
        return _Wanted(file, parts) if parts else None

    def _take(self, wanted: _Wanted, future: "Future[list[Found]]") -> None:
        try:
            found = future.result()
        except FileGone:
            self.unreadable.add(wanted.file)
            found = []
        if self._stopped.is_set():
            # Nothing may have been searched.
            _search_again(wanted)
            return
        for progress, rows in wanted.parts:
            progress.done[rows] = True
        for one in found:
            if one.surely:
                one.progress.matching[one.row] = True
            else:
                one.progress.done[one.row] = False
                self._answer.waiting.append(one)

    def _compare(self, found: Found) -> None:
        progress, row = found.progress, found.row
        place = progress.segment.place(row)
        try:
            event = self._records.event_at(progress.segment, row, place, decoded(found.record))
            region = self._records.texts.indexed(place.file).region
            progress.matching[row] = self._answer.predicate(event, region)
        except FileGone:
            self.unreadable.add(place.file)
        progress.done[row] = True

    def _found(self, wanted: _Wanted) -> list[Found]:
        """The rows of a file whose records can match, newest first. Runs in a thread of its own."""
        found, texts = list[Found](), self._records.texts
        windows = texts.windows(wanted.file, wanted.starts, wanted.ends) if wanted.placed else ()
        for first, end, offset, data in windows:
            if self._stopped.is_set():
                return []
            starts = [start - offset for start in wanted.starts[first:end]]
            ends = [end - offset for end in wanted.ends[first:end]]
            found += self._found_in(wanted, first, data, starts, ends)
        for index, record in texts.numbered(wanted.file, wanted.numbers) if wanted.numbers else ():
            if self._stopped.is_set():
                return []
            found += self._found_in(wanted, wanted.placed + index, record, [0], [len(record)])
        return sorted(found, key=lambda one: -int(one.progress.segment.seconds[one.row]))

    def _found_in(
        self, wanted: _Wanted, first: int, data: bytes, starts: Sequence[int], ends: Sequence[int]
    ) -> list[Found]:
        """Those of some rows, from number `first` on, whose records at these places can match."""
        found: Sequence[int] = range(len(starts))
        for place, (number, search) in enumerate(self._answer.searches):
            if not found:
                return []
            unless = wanted.unless(number)
            anyhow = None if unless is None else unless[first : first + len(starts)]
            if place == 0:
                can = search.found(data, starts, ends)
                found = can if anyhow is None else sorted({*can, *np.flatnonzero(anyhow).tolist()})
            else:
                found = [
                    one
                    for one in found
                    if (anyhow is not None and anyhow[one]) or search.may_match(data[starts[one] : ends[one]])
                ]
        rows = ((*wanted.at(first + index), data[starts[index] : ends[index]]) for index in found)
        return [Found(progress, row, record, self._surely(progress, row, record)) for progress, row, record in rows]

    def _surely(self, progress: Progress, row: int, record: bytes) -> bool:
        searches = self._answer.searches
        if not all(_is_in(progress.surely[number], row) or one.surely_matches(record) for number, one in searches):
            return False
        # A file can change and keep its size and time.
        event_id = event_id_in(record)
        return event_id is not None and event_digest(event_id) == int(progress.segment.ids[row])


def files_of(portions: Iterable[tuple[Progress, NDArray[Any], NDArray[Any]]]) -> list[tuple[Progress, int]]:
    """The files of rows that are not done, that with the first row first. `portions`: rows by segment, with the index
    of each among all."""
    found: list[tuple[int, Progress, int]] = []
    for progress, places, indexes in portions:
        is_open = ~progress.done[places]
        files, first = np.unique(progress.segment.files[places[is_open]], return_index=True)
        at = indexes[is_open][first].tolist()
        found += ((index, progress, file) for index, file in zip(at, files.tolist(), strict=True))
    return [(progress, file) for _, progress, file in sorted(found, key=lambda one: one[0])]


def _search_again(wanted: _Wanted) -> None:
    for progress, _ in wanted.parts:
        progress.searched.discard(wanted.file)


def _at(mask: Mask, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    return np.full(len(rows), mask) if isinstance(mask, bool) else mask[rows]


def _is_in(mask: Mask, row: int) -> bool:
    return mask if isinstance(mask, bool) else bool(mask[row])


def _rows(mask: Mask, size: int) -> NDArray[np.bool_]:
    """The rows of a mask one by one, in an array of their own."""
    return np.full(size, mask) if isinstance(mask, bool) else mask.copy()
