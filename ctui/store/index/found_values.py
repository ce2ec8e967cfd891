"""Values of rows that are counted elsewhere than in the store, as numbers: texts of a million rows fill memory."""

from array import array
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from ctui.model.filter.shape import ValueCount
from ctui.store.columns import Column
from ctui.store.index.index_row import IndexColumn, values_in

_ERROR: Final = "error"
"""The column whose second value is the first one in other words: a code and its message."""


class ValueTotals(Protocol):
    """Sums up what was found in a column."""

    def add(self, found: "FoundValues", /) -> None:
        """Add these."""

    def add_counted(self, counted: Mapping[str, int], /) -> None:
        """Add values that were counted by themselves, in their order."""

    def top(self) -> Sequence[ValueCount]:
        """The most frequent values; of equally frequent ones those that were found first."""

    def __len__(self) -> int:
        """How many different values there are."""

    @property
    def capped(self) -> bool:
        """True if there are more than that."""


class FoundValues(NamedTuple):
    """How many of some rows have which values in a column, in the order in which they were found."""

    digests: "array[int]"
    """`value_digest` of each, each once."""
    rows: "array[int]"
    """How many rows have it."""
    values_at: Callable[[Sequence[int]], Sequence[str]]
    """The values at some indexes: only the most frequent ones are asked for, when these are added."""
    totals: Callable[[int], ValueTotals]
    """Makes what sums up such values, of which it can tell so many of the most frequent."""


value_digest: Final[Callable[[bytes], int]] = hash
"""The number that stands for a value, given as UTF-8.

Each process computes it with a secret of its own, so no one can make two values that share it; that any two of a
million values do has a chance of one in forty million.
"""


def text_digest(value: str) -> int:
    """`value_digest` of a text, which may have half a surrogate pair."""
    return value_digest(value.encode("utf-8", "surrogatepass"))


def facet_values(column: IndexColumn, stored: Column, part: int | None) -> tuple[str, ...]:
    """The values that a text of a column counts for; one can be there twice."""
    values = values_in(column, stored, part)
    return values[:1] if column.name == _ERROR else values
