"""Sums up the values of a column by their digests, sixteen bytes each; only the most frequent ones have their texts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ctui.model.filter.shape import ValueCount
from ctui.store.index.found_values import FoundValues, text_digest

MOST_TOTALS: Final = 1 << 20
"""Different values counted in a column: 16 MB. The counts of those stay exact; further values are not listed."""

ValuesAt = Callable[[Sequence[int]], Sequence[str]]
"""As `FoundValues.values_at`."""


class SortedTotals:
    """See `ValueTotals`. What is frequent now and was not before is among the values that were added last: nothing but
    them needs a text."""

    def __init__(self, most: int) -> None:
        """`most`: how many of the most frequent values `top` returns."""
        self._most = most
        self._digests = np.empty(0, np.int64)
        self._rows = np.empty(0, np.int64)
        self._top: dict[int, str] = {}
        """The most frequent ones by digest, in their order."""
        self.capped = False

    def __len__(self) -> int:
        return len(self._digests)

    def add(self, found: FoundValues) -> None:
        """As `ValueTotals`."""
        self._add(np.frombuffer(found.digests, np.int64), np.frombuffer(found.rows, np.int64), found.values_at)

    def add_counted(self, counted: Mapping[str, int]) -> None:
        """As `ValueTotals`."""
        values = list(counted)
        digests = np.fromiter(map(text_digest, values), np.int64, len(values))
        self._add(
            digests,
            np.fromiter(counted.values(), np.int64, len(values)),
            lambda indexes: [values[index] for index in indexes],
        )

    def top(self) -> Sequence[ValueCount]:
        """As `ValueTotals`."""
        return [ValueCount(text, rows) for text, rows in zip(self._top.values(), self._top_rows(), strict=True)]

    def _add(self, digests: NDArray[np.int64], rows: NDArray[np.int64], values_at: ValuesAt) -> None:
        if not len(digests):
            return
        places, known = self._places(digests)
        self._rows[places[known]] += rows[known]
        new = np.flatnonzero(~known)
        if (room := MOST_TOTALS - len(self)) < len(new):
            self.capped = True
            new = new[:room]
        if len(new):
            new = new[np.argsort(digests[new])]
            places = np.searchsorted(self._digests, digests[new])
            self._digests = np.insert(self._digests, places, digests[new])
            self._rows = np.insert(self._rows, places, rows[new])
        self._choose(digests, values_at)

    def _choose(self, digests: NDArray[np.int64], values_at: ValuesAt) -> None:
        """Find out which are the most frequent ones now that these were added."""
        candidates = [(rows, digest, -1) for digest, rows in zip(self._top, self._top_rows(), strict=True)]
        places, counted = self._places(digests)
        totals = np.where(counted, self._rows[places], 0)
        for index in np.argsort(-totals, kind="stable")[: self._most].tolist():
            if totals[index] and (digest := int(digests[index])) not in self._top:
                candidates.append((int(totals[index]), digest, index))
        candidates.sort(key=lambda one: -one[0])
        chosen = [(digest, index) for _, digest, index in candidates[: self._most]]
        entered = [(digest, index) for digest, index in chosen if index >= 0]
        texts = self._top | dict(
            zip((digest for digest, _ in entered), values_at([index for _, index in entered]), strict=True)
        )
        self._top = {digest: texts[digest] for digest, _ in chosen}

    def _top_rows(self) -> list[int]:
        rows: list[int] = self._rows[np.searchsorted(self._digests, np.array(list(self._top), np.int64))].tolist()
        return rows

    def _places(self, digests: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where these stand, and whether they do; a place can be looked up in either case, unless there are none."""
        if not len(self):
            return np.zeros(len(digests), np.int64), np.zeros(len(digests), np.bool_)
        places = np.minimum(np.searchsorted(self._digests, digests), len(self) - 1)
        return places, self._digests[places] == digests
