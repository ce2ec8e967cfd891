"""Counts which terms of a line exclude rows of a tree: by masks, and by records for what these do not decide."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.masks import Condition
from ctui.files.asking.portions import Portion, SegmentOf, portions_of
from ctui.files.segment import Segment
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.terms import Excluder, Outside, Term
from ctui.store.index.decided import is_decided
from ctui.store.index.excluding import Excluded
from ctui.store.index.matching import Matched
from ctui.store.search import Rows

_BY_MASKS: Final = 250_000
"""Rows counted in one portion if columns decide every term: some ten milliseconds."""
_BY_RECORD: Final = 20_000
"""Rows counted in one portion if records have to be searched."""

ConditionOf = Callable[[Segment, Term], Condition]
"""Which rows of a segment match a term, as `Masks.of_term`."""
Match = Callable[[Predicate, Rows], Matched]
"""Which of the next of some rows match, as `LogFiles.match`."""


def count_excluders(
    segment_of: SegmentOf,
    condition_of: ConditionOf,
    match: Match,
    predicate: Predicate,
    ids: Sequence[int],
) -> Excluded:
    """Count what excludes the next of these rows.

    `predicate` knows what is new, as `condition_of` does; `match` is asked about terms that only records decide.
    """
    terms: list[Term] = [term for term, _ in predicate.tests]
    ranged = predicate.first is not None or predicate.last is not None
    some = ids[: _BY_MASKS if all(map(is_decided, terms)) else _BY_RECORD]
    seconds = np.zeros(len(some), np.int64)
    excluded = np.zeros((len(some), len(terms) + ranged), np.bool_)
    for portion in portions_of(some):
        segment = segment_of(portion.segment)
        seconds[portion.indexes] = segment.seconds[portion.places]
        for at, term in enumerate(terms):
            if is_decided(term):
                must = condition_of(segment, term).must
                excluded[portion.indexes, at] = _not(must, portion)
    rows = Rows(array("q", some), array("q", (-seconds).tobytes()))
    for at, (term, test) in enumerate(predicate.tests):
        if not is_decided(term):
            alone = replace(predicate, tests=((term, test),), first=None, last=None)
            excluded[:, at] = _unmatched(match, alone, rows)
    if ranged:
        excluded[:, -1] = _outside(predicate, seconds)
    excluders: list[Excluder] = [*terms, *([Outside.RANGE] if ranged else [])]
    return Excluded(len(some), _counted(excluders, excluded))


def _not(mask: NDArray[np.bool_] | bool, portion: Portion) -> NDArray[np.bool_] | bool:
    return not mask if isinstance(mask, bool) else ~mask[portion.places]


def _outside(predicate: Predicate, seconds: NDArray[np.int64]) -> NDArray[np.bool_]:
    outside = np.zeros(len(seconds), np.bool_)
    if predicate.first is not None:
        outside |= seconds < predicate.first
    if predicate.last is not None:
        outside |= seconds > predicate.last
    return outside


def _unmatched(match: Match, predicate: Predicate, rows: Rows) -> NDArray[np.bool_]:
    """For each row whether it does not match."""
    unmatched, done = np.ones(len(rows.ids), np.bool_), 0
    while done < len(rows.ids):
        matched = match(predicate, rows.slice(done, len(rows.ids)))
        unmatched[done + np.array(matched.indexes, np.int64)] = False
        if not matched.scanned:
            # Only where everything is being ended.
            break
        done += matched.scanned
    return unmatched


def _counted(excluders: Sequence[Excluder], excluded: NDArray[np.bool_]) -> list[tuple[tuple[Excluder, ...], int]]:
    """The different rows of a table, one column for each excluder, with how often each is there; those of rows that
    nothing excludes are left out."""
    if not excluded.size:
        return []
    # Eight of them in a byte: a line may have more terms than a number has bits.
    packed = np.packbits(excluded, axis=1)
    if packed.shape[1] == 1:
        counts = np.bincount(packed[:, 0])
        found = np.flatnonzero(counts)
        different, numbers = found.astype(np.uint8)[:, None], counts[found]
    else:
        different, numbers = np.unique(packed, axis=0, return_counts=True)
    patterns = np.unpackbits(different, axis=1, count=len(excluders)).tolist()
    by_terms = (
        (tuple(excluder for excluder, is_one in zip(excluders, pattern, strict=True) if is_one), number)
        for pattern, number in zip(patterns, numbers.tolist(), strict=True)
    )
    return [(some, number) for some, number in by_terms if some]
