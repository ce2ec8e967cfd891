"""Finds which rows match a line: by masks where columns tell, else by searching the log files that the rows stand in.

What was found out about a row is kept while the same line is asked, so that each file is inflated once, although rows
are asked for portion by portion and those of a file lie in several of them.
"""

import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.masks import Masks, RowsOfKinds, both
from ctui.files.asking.masks_of_texts import Mask
from ctui.files.asking.matching_files import Answer, Comparison, Progress, files_of
from ctui.files.asking.portions import portions_of
from ctui.files.asking.tree_index import TreeIndex
from ctui.files.reading.records import Records
from ctui.files.segment import Segment
from ctui.model.filter.predicate import Predicate
from ctui.store.index.matching import Matched
from ctui.store.search import Rows

_SECONDS: Final = 0.06
"""How long one portion takes at most, unless one file takes longer."""
_MOST_BY_MASK: Final = 1_000_000
"""Rows compared in one portion if columns decide: some ten milliseconds."""
_FEWEST: Final = 1000
"""Rows of the first portion, if records have to be read."""
_MOST_BY_RECORD: Final = 64_000
"""Rows of any such portion."""
_LINES: Final = 3
"""Lines of which it is kept what was found out: the one on the screen, and those that other parts ask meanwhile."""
_SEGMENTS: Final = 24
"""Segments of which that is kept for each line: half a megabyte each."""


class Matching:
    """Compares the rows of one tree with lines. Used from one thread at a time."""

    def __init__(self, index: TreeIndex, masks: Masks, records: Records, threads: ThreadPoolExecutor) -> None:
        """`threads`: those that inflate and search files, `matching_files.THREADS` of them."""
        self._index = index
        self._masks = masks
        self._records = records
        self._threads = threads
        self._answers: list[Answer] = []
        self._portion = _FEWEST
        self.unreadable: set[int] = set()
        """Ids of files that could not be read: no row of theirs matched what only records tell."""

    def forget(self) -> None:
        """Know nothing: files may have changed."""
        self._answers.clear()
        self.unreadable.clear()
        self._records.texts.forget()

    def match(self, predicate: Predicate, rows: Rows, kinds: RowsOfKinds, stopped: threading.Event) -> Matched:
        """Which of the next rows match. `kinds`: the rows of the events that `predicate` takes for marked or new.

        Once `stopped` is set, it ends soon, and what it returns means nothing.
        """
        answer = self._answer(predicate)
        if answer.line.exact:
            return self._by_masks(answer, rows.slice(0, _MOST_BY_MASK), kinds)
        until = time.monotonic() + _SECONDS
        rows = rows.slice(0, self._portion)
        progress_of = partial(self._progress, answer, kinds)
        portions = [(progress_of(one.segment), one.places, one.indexes) for one in portions_of(rows.ids)]
        comparison = Comparison(self._index, self._records, answer, progress_of, stopped)
        comparison.run(self._threads, files_of(portions), partial(_is_first_open, portions), until)
        self.unreadable |= comparison.unreadable
        while len(answer.progress) > _SEGMENTS:
            answer.progress.popitem(last=False)
        matched = _matched(len(rows.ids), portions)
        self._portion = min(max(_FEWEST, matched.scanned * (4 if time.monotonic() < until else 1)), _MOST_BY_RECORD)
        return matched

    def _answer(self, predicate: Predicate) -> Answer:
        known = next((one for one in self._answers if one.is_of(predicate)), None)
        others = [one for one in self._answers if one is not known]
        if known is None:
            self._portion = _FEWEST
        if known is None or known.line.asks_for_rows:
            # Which events are marked or new may be different now.
            known = Answer(predicate)
        self._answers = [known, *others[: _LINES - 1]]
        return known

    def _by_masks(self, answer: Answer, rows: Rows, kinds: RowsOfKinds) -> Matched:
        count = len(rows.ids)
        matching = np.zeros(count, np.bool_)
        for number, places, indexes in portions_of(rows.ids):
            segment = self._index.segment(number)
            mask = both(self._masks.of_line(segment, answer.line, kinds).must, _in_range(answer.predicate, segment))
            matching[indexes] = mask if isinstance(mask, bool) else mask[places]
        return Matched(count, range(count) if matching.all() else np.flatnonzero(matching).tolist())

    def _progress(self, answer: Answer, kinds: RowsOfKinds, number: int) -> Progress:
        progress = answer.progress.pop(number, None)
        if progress is None:
            segment = self._index.segment(number)
            masks = self._masks.of_line(segment, answer.line, kinds)
            progress = Progress(self._index, segment, masks, _in_range(answer.predicate, segment))
        answer.progress[number] = progress
        return progress


def _in_range(predicate: Predicate, segment: Segment) -> Mask:
    """The rows of a segment that are in the range of a line."""
    if predicate.first is None and predicate.last is None:
        return True
    seconds = segment.seconds
    begin = 0 if predicate.last is None else int(np.searchsorted(-seconds, -predicate.last, "left"))
    end = len(seconds) if predicate.first is None else int(np.searchsorted(-seconds, -predicate.first, "right"))
    if (begin, end) == (0, len(seconds)):
        return True
    mask = np.zeros(len(seconds), np.bool_)
    mask[begin:end] = True
    return mask


def _is_first_open(portions: Sequence[tuple[Progress, NDArray[Any], NDArray[Any]]]) -> bool:
    """True if the first of all rows is still to be compared."""
    return any(bool(not progress.done[places[0]]) for progress, places, indexes in portions if indexes[0] == 0)


def _matched(count: int, portions: Sequence[tuple[Progress, NDArray[Any], NDArray[Any]]]) -> Matched:
    """The rows up to the first one that is still to be compared."""
    done, matching = np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    for progress, places, indexes in portions:
        done[indexes], matching[indexes] = progress.done[places], progress.matching[places]
    scanned = count if done.all() else int(done.argmin())
    return Matched(scanned, np.flatnonzero(matching[:scanned]).tolist())
