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
from ctui.model.filter.terms import Excluder, Outside, Term, Unsearched
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
    *,
    search_all: bool = False,
) -> Excluded:
    """Count what excludes the next of these rows.

    `predicate` knows what is new, as `condition_of` does; `match` is asked about terms that only records decide: of
    rows that nothing else excludes, or of all. Of the others these terms are `Unsearched`.
    """
    terms = predicate.terms
    by_record = [at for at, term in enumerate(terms) if not is_decided(term)]
    ranged = predicate.first is not None or predicate.last is not None
    some = ids[: _BY_RECORD if by_record else _BY_MASKS]
    seconds = np.zeros(len(some), np.int64)
    # The last two columns: outside the range, unsearched.
    excluded = np.zeros((len(some), len(terms) + 2), np.bool_)
    for portion in portions_of(some):
        segment = segment_of(portion.segment)
        seconds[portion.indexes] = segment.seconds[portion.places]
        for at, term in enumerate(terms):
            if at not in by_record:
                excluded[portion.indexes, at] = _not(condition_of(segment, term).must, portion)
    if ranged:
        excluded[:, -2] = _outside(predicate, seconds)
    if by_record and not search_all:
        excluded[:, -1] = excluded.any(axis=1)
    searched = np.flatnonzero(~excluded[:, -1])
    rows = Rows(array("q", np.array(some, np.int64)[searched].tobytes()), array("q", (-seconds[searched]).tobytes()))
    for at in by_record:
        alone = replace(predicate, tests=(predicate.tests[at],), first=None, last=None)
        # A row that nothing else excludes is excluded by the only such term if it does not match the line, and that
        # was found out before.
        excluded[searched, at] = _unmatched(match, alone if search_all or len(by_record) > 1 else predicate, rows)
    unsearched = Unsearched(tuple(terms[at] for at in by_record))
    return Excluded(len(some), _counted([*terms, Outside.RANGE, unsearched], excluded))


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
