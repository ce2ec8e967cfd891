"""Which rows of one tree are the first that show a user or role with a network, an agent, a Region or a service.

It is what `store.index.first_seen` finds in the event store, worked out of the columns of segments alone. They never
change, so each is looked at once; when rows have left one, everything begins again. The account is that of the row.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.portions import first_id, segment_and_place, text_at
from ctui.files.asking.tree_index import TreeIndex
from ctui.files.segment import Segment
from ctui.model.filter.sightings import FirstTimes, SeenWith
from ctui.model.log_files.event_digest import event_digest
from ctui.store.columns import Column
from ctui.store.index.first_seen import SEEN_COLUMNS, seen_in_column

_DENSE: Final = 1 << 20
"""Numbers below this are counted by a table, others by sorting them."""
_REMEMBERED: Final = 1 << 15
"""Texts of which it is kept what they say of a caller: most of them occur in many segments."""
_NOTHING: Final = 0
"""The number of a value that is not known, and of no caller."""
_ALONE: Final = -1
"""Stands for the place in `SeenWith` where a caller is looked at alone."""
_NEVER: Final = np.iinfo(np.int64).max

_Key = tuple[int, int, int]
"""A caller in an account, what it was seen with, and the value of that."""


class _First(NamedTuple):
    second: int
    rows: list[int]


class FirstSightings:
    """The first rows of a tree. Call `update` before each use; all calls come from one thread at a time."""

    def __init__(self, index: TreeIndex, tree: int) -> None:
        """`tree`: its number."""
        self.changes: list[int] = []
        """The rows that became first, or are it no longer, in that order, since the first `update`."""
        self._tree = tree
        self._index = index
        self._before: dict[int, bool] = {}
        """Whether rows that changed were first before this update."""
        self._reset()

    def _reset(self) -> None:
        self._seen: dict[int, int] = {}
        """How many rows segments had when they were looked at."""
        self._first: dict[_Key, _First] = {}
        self._keys_of_row: dict[int, int] = {}
        self._digest_of_row: dict[int, int] = {}
        self._digests: Counter[int] = Counter()
        self._values = {column: _Values(column) for column in ("account", "who", *SEEN_COLUMNS)}
        self._callers: dict[tuple[int, int], int] = {}
        self._oldest: dict[int, int] = {}
        self._rows: NDArray[np.int64] | None = None

    @property
    def rows(self) -> NDArray[np.int64]:
        """The ids of the rows that are first, ascending, as of the last `update`."""
        if self._rows is None:
            self._rows = np.sort(np.fromiter(self._keys_of_row, np.int64, len(self._keys_of_row)))
        return self._rows

    def __contains__(self, event_id: object) -> bool:
        """True if a row of the event with this ID is first, as of the last `update`."""
        return isinstance(event_id, str) and self._digests[event_digest(event_id)] > 0

    def update(self, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Take in the segments that came since the last time.

        True if that is done; False if it was stopped before, which is asked after each of them. Raises FilesError.
        """
        present = [(entry, self._index.alive(entry)) for entry in self._index.segments()]
        rows = {entry.number: entry.rows if alive is None else int(alive.sum()) for entry, alive in present}
        if any(rows.get(number) != count for number, count in self._seen.items()):
            self._begin_again()
        # The oldest ones first: what they have stays first.
        for entry, alive in reversed(present):
            if entry.number not in self._seen:
                self._add(self._index.segment(entry.number), alive)
                self._seen[entry.number] = rows[entry.number]
                if stopped():
                    break
        self.changes += sorted(row for row, was in self._before.items() if was is not (row in self._keys_of_row))
        if self._before:
            self._before.clear()
            self._rows = None
        return self._seen.keys() >= rows.keys()

    def of(self, row_id: int) -> FirstTimes | None:
        """Of what a row is the first sighting; None if of nothing."""
        number, place = segment_and_place(row_id)
        if row_id not in self._keys_of_row:
            return None
        segment = self._index.segment(number)
        said = {column: values.at(segment, place) for column, values in self._values.items()}
        at = {column: values.numbers[said[column]] for column, values in self._values.items()}
        caller = self._callers[at["account"], at["who"]]
        keys = [(caller, _ALONE, _NOTHING), *((caller, what, at[name]) for what, name in enumerate(SEEN_COLUMNS))]
        first = [what for _, what, value in keys if row_id in self._rows_of((caller, what, value))]
        seen_with = tuple((tuple(SeenWith)[what], said[SEEN_COLUMNS[what]]) for what in first if what != _ALONE)
        return FirstTimes(seen_with, _ALONE in first, int(segment.seconds[place]) - self._oldest[at["account"]])

    def _rows_of(self, key: _Key) -> Sequence[int]:
        there = self._first.get(key)
        return () if there is None else there.rows

    def _begin_again(self) -> None:
        rows = list(self._keys_of_row)
        self._reset()
        self._before.update(dict.fromkeys(rows, True))

    def _add(self, segment: Segment, alive: NDArray[np.bool_] | None) -> None:
        values = {column: of_column.of_rows(segment) for column, of_column in self._values.items()}
        accounts, principals = values["account"], values["who"]
        here = np.arange(len(segment)) if alive is None else np.flatnonzero(alive)
        if not len(here):
            return
        for account, second in _oldest_of(accounts[here], segment.seconds[here]):
            self._oldest[account] = min(second, self._oldest.get(account, second))
        places = here[principals[here] != _NOTHING]
        if not len(places):
            return
        callers = self._callers_of(accounts[places], principals[places])
        self._look_at(segment, places, callers, _ALONE, np.zeros_like(callers))
        for what, column in enumerate(SEEN_COLUMNS):
            known = values[column][places] != _NOTHING
            with_value = places[known]
            self._look_at(segment, with_value, callers[known], what, values[column][with_value])

    def _callers_of(self, accounts: NDArray[np.int64], principals: NDArray[np.int64]) -> NDArray[np.int64]:
        """The number of each row's caller."""
        pairs, of_row = _pairs(accounts, principals)
        numbers = [self._callers.setdefault(pair, len(self._callers) + 1) for pair in pairs]
        return np.array(numbers, np.int64)[of_row]

    def _look_at(
        self,
        segment: Segment,
        places: NDArray[np.int64],
        callers: NDArray[np.int64],
        what: int,
        values: NDArray[np.int64],
    ) -> None:
        """Note the rows at these places that are the first with their caller and their value."""
        if not len(places):
            return
        pairs, of_row = _pairs(callers, values)
        keys = [(caller, what, value) for caller, value in pairs]
        seconds = segment.seconds[places]
        oldest = _last_of_each(seconds, of_row, len(keys))
        for index, (key, second) in enumerate(zip(keys, oldest.tolist(), strict=True)):
            there = self._first.get(key)
            if there is not None and there.second < second:
                oldest[index] = _NEVER
        first = np.flatnonzero(oldest[of_row] == seconds)
        ids = first_id(self._tree, segment.number) + places[first]
        digests = segment.ids[places[first]]
        for at, row_id, digest in zip(of_row[first].tolist(), ids.tolist(), digests.tolist(), strict=True):
            self._note(keys[at], int(oldest[at]), row_id, digest)

    def _note(self, key: _Key, second: int, row_id: int, digest: int) -> None:
        there = self._first.get(key)
        if there is None or there.second != second:
            for row in () if there is None else there.rows:
                self._release(row)
            self._first[key] = there = _First(second, [])
        there.rows.append(row_id)
        held = self._keys_of_row.get(row_id, 0)
        self._keys_of_row[row_id] = held + 1
        if not held:
            self._before.setdefault(row_id, False)
            self._digest_of_row[row_id] = digest
            self._digests[digest] += 1

    def _release(self, row_id: int) -> None:
        """A row is no longer the first with one of its keys."""
        self._keys_of_row[row_id] -= 1
        if not self._keys_of_row[row_id]:
            del self._keys_of_row[row_id]
            self._before.setdefault(row_id, True)
            self._digests[self._digest_of_row.pop(row_id)] -= 1


class _Values:
    """Numbers of the values of a column, the same ones in all segments; "" has `_NOTHING`."""

    def __init__(self, column: str) -> None:
        self.numbers = {"": _NOTHING}
        self._column = column

    def of_rows(self, segment: Segment) -> NDArray[np.int64]:
        """The number of each row's value."""
        numbers = self.numbers
        said = (_said(self._column, text) for text in segment.texts_once(self._column).all())
        table = np.array([numbers.setdefault(value, len(numbers)) for value in said], np.int64)
        return np.take(table, segment.numbers_once(self._column))

    def at(self, segment: Segment, place: int) -> str:
        """The value of one row."""
        return _said(self._column, text_at(segment, self._column, place))


@lru_cache(maxsize=_REMEMBERED)
def _said(column: str, text: Column) -> str:
    return seen_in_column(column, text)


def _pairs(left: NDArray[np.int64], right: NDArray[np.int64]) -> tuple[list[tuple[int, int]], NDArray[np.int64]]:
    """The different pairs of two numbers of each row, and the index of each row's pair."""
    lefts, left_of_row = _different(left)
    rights, right_of_row = _different(right)
    codes, of_row = _different(left_of_row * len(rights) + right_of_row)
    pairs = zip(lefts[codes // len(rights)].tolist(), rights[codes % len(rights)].tolist(), strict=True)
    return list(pairs), of_row


def _different(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The different ones of some numbers, ascending and from 0 on, and the index of each number among these."""
    highest = int(numbers.max())
    if highest >= _DENSE:
        found, indexes = np.unique(numbers, return_inverse=True)
        return found, indexes
    is_there = np.zeros(highest + 1, np.bool_)
    is_there[numbers] = True
    found = np.flatnonzero(is_there)
    index_of = np.empty(highest + 1, np.int64)
    index_of[found] = np.arange(len(found))
    return found, index_of[numbers]


def _last_of_each(values: NDArray[np.int64], indexes: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """For each index the last value that has it: of rows newest first, the oldest second."""
    last = np.empty(count, np.int64)
    # Of equal indexes the last one is what stays.
    last[indexes] = values
    return last


def _oldest_of(accounts: NDArray[np.int64], seconds: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Each account with the oldest second of its rows."""
    different, of_row = _different(accounts)
    return zip(different.tolist(), _last_of_each(seconds, of_row, len(different)).tolist(), strict=True)
