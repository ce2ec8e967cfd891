"""A filter line as masks over the rows of segments: what surely matches, what may match, and what only records tell.

The rules are those of `store.index.conditions`, which says the same in SQL (`store.index.decided`).
"""

import threading
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ctui.files.asking.masks_of_texts import Known, Mask, Numbers, containing, having, passing, rows_with
from ctui.files.segment import ROWS, Segment, Texts
from ctui.model.event.kind import EventKind
from ctui.model.filter.fields import FieldColumn
from ctui.model.filter.prefilter import AttributeCheck, Clause
from ctui.model.filter.terms import AllOf, AnyOf, FieldTerm, KindTerm, Leaf, Term, leaves_of, pushed_down
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import FIRST_ROW
from ctui.store.index.decided import (
    OF_NO_RECORD,
    ColumnTest,
    by_record,
    column_test,
    is_decided,
    kind_bits,
    named_event_ids,
    record_clauses,
)
from ctui.store.index.index_row import COLUMNS, IndexColumn
from ctui.store.search import ATTRIBUTE_COLUMNS

RowsOfKinds = Mapping[EventKind, NDArray[np.int64]]
"""For kinds that are no facts of a record (marked, new) the ids of the rows of such events, ascending; a kind that is
not there has none."""
_MOST_KEPT: Final = 16 << 20
"""Bytes of masks that are kept: 2,000 of whole segments."""
_OVERHEAD: Final = 200
"""Bytes that a mask takes besides its own."""
_QUESTIONS: Final = 32
"""Questions whose tested texts are remembered for the next segment."""
_MOST_KNOWN: Final = 20_000
"""Texts that are remembered for a question before the next segment: about 2 MB."""


class Condition(NamedTuple):
    """A term over the rows of a segment."""

    may: Mask
    """True for each row that matches; perhaps for others."""
    must: Mask
    """True for rows that match only; perhaps not for all of them."""


class RecordTerm(NamedTuple):
    """A top-level term that columns do not decide, with what the records of matching events contain."""

    term: Term
    """What of it records decide."""
    clauses: tuple[Clause, ...]
    """What the record of each matching event contains, unless `unless` says otherwise."""
    sent: tuple[AttributeCheck, ...]
    """Checks of columns, of which one passing says that the clauses say nothing."""


class LineMasks(NamedTuple):
    """A line over the rows of a segment."""

    may: Mask
    must: Mask
    surely: tuple[Mask, ...]
    """For each of the line's record terms, the rows that match it without a look at their records."""
    unless: tuple[Mask, ...]
    """For each of them, the rows of which its clauses say nothing; those of `surely` among them."""


class Line:
    """A filter line as it is asked of segments: its terms must all match."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.terms = tuple(terms)
        self.record_terms = tuple(_record_term(term) for term in self.terms if not is_decided(term))
        kinds = {
            kind
            for term in self.terms
            for leaf in leaves_of(term)
            if isinstance(leaf, KindTerm)
            for kind in leaf.one_of
        }
        self.asks_for_rows = not kinds.isdisjoint(OF_NO_RECORD)
        """True if it depends on `RowsOfKinds`."""

    @property
    def exact(self) -> bool:
        """True if columns alone decide the line."""
        return not self.record_terms


class Masks:
    """Masks of the segments of one tree; those used last are kept. Used from any thread."""

    def __init__(self, tree: int = 1) -> None:
        """`tree`: its number, which its row ids begin with."""
        self._tree = tree
        self._kept: dict[Hashable, bool | NDArray[np.uint8]] = {}
        self._size = 0
        self._known: dict[Hashable, Known] = {}
        self._lock = threading.Lock()

    def of_line(self, segment: Segment, line: Line, rows_of_kinds: RowsOfKinds | None) -> LineMasks:
        """Which rows of a segment match a line. `rows_of_kinds`: None if these are not known."""
        may: Mask = True
        must: Mask = True
        surely, unless = list[Mask](), list[Mask]()
        record_terms = iter(line.record_terms)
        for term in line.terms:
            condition = self.of_term(segment, term, rows_of_kinds)
            may, must = both(may, condition.may), both(must, condition.must)
            if not is_decided(term):
                sent = (self._sent(segment, check) for check in next(record_terms).sent)
                surely.append(condition.must)
                unless.append(any_mask((condition.must, *sent)))
        return LineMasks(may, must, tuple(surely), tuple(unless))

    def of_term(self, segment: Segment, term: Term, rows_of_kinds: RowsOfKinds | None) -> Condition:
        """Which rows of a segment match a term, as `of_line`."""
        return self._condition(segment, pushed_down(term), rows_of_kinds)

    def of_values(self, segment: Segment, column: FieldColumn, values: Sequence[str]) -> Mask:
        """The rows that have exactly one of these values in a column of the index."""
        key, part, index_column = (column, tuple(values)), column.part, COLUMNS[column.name]
        return self._rows_with(
            segment, index_column, key, lambda texts, known: having(texts, index_column, part, values, known)
        )

    def _condition(self, segment: Segment, term: Term, rows_of_kinds: RowsOfKinds | None) -> Condition:
        if isinstance(term, AnyOf | AllOf):
            join = any_mask if isinstance(term, AnyOf) else all_masks
            parts = [self._condition(segment, one, rows_of_kinds) for one in term.terms]
            return Condition(join(part.may for part in parts), join(part.must for part in parts))
        return self._leaf(segment, term, rows_of_kinds)

    def _leaf(self, segment: Segment, leaf: Leaf, rows_of_kinds: RowsOfKinds | None) -> Condition:
        if isinstance(leaf, KindTerm):
            return self._kinds(segment, leaf, rows_of_kinds)
        if isinstance(leaf, FieldTerm):
            if (test := column_test(leaf)) is not None:
                mask = self._field(segment, test)
                return Condition(mask, mask)
            if event_ids := named_event_ids(leaf):
                # Another ID can have the same digest, so the record decides.
                has_digest = _any_row(np.isin(segment.ids, np.array([*map(event_digest, event_ids)], np.uint64)))
                return Condition(True, inverse(has_digest)) if leaf.negated else Condition(has_digest, False)
        return Condition(True, False)

    def _kinds(self, segment: Segment, leaf: KindTerm, rows_of_kinds: RowsOfKinds | None) -> Condition:
        bits, others = kind_bits(leaf)
        must: Mask = False
        if bits:
            must = self._cached((segment.number, bits), len(segment), lambda: segment.has_kinds(bits))
        may = must
        if others and rows_of_kinds is None:
            may = True
        elif rows_of_kinds is not None:
            may = must = any_mask((must, *(self._of_rows(segment, rows_of_kinds.get(kind)) for kind in others)))
        return Condition(inverse(must), inverse(may)) if leaf.negated else Condition(may, must)

    def _of_rows(self, segment: Segment, rows: NDArray[np.int64] | None) -> Mask:
        if rows is None:
            return False
        first = self._tree * FIRST_ROW + segment.number * ROWS
        begin, end = np.searchsorted(rows, (first, first + ROWS))
        if begin == end:
            return False
        mask = np.zeros(len(segment), np.bool_)
        mask[rows[begin:end] - first] = True
        return mask

    def _field(self, segment: Segment, test: ColumnTest) -> Mask:
        key, part, leaf = (test.part, test.leaf), test.part, test.leaf
        mask: Mask = False
        for column in test.columns:
            numbers = partial(_passing, column, part, leaf)
            mask = any_mask((mask, self._rows_with(segment, column, key, numbers)))
        return inverse(mask) if test.complement else mask

    def _sent(self, segment: Segment, check: AttributeCheck) -> Mask:
        """The rows of which a value that stands around the record is, or contains, a text."""
        column = ATTRIBUTE_COLUMNS[check.key]
        if column.name == "event_id":
            return True
        if check.whole:
            return self.of_values(segment, column, (check.text,))
        index_column, part = COLUMNS[column.name], column.part
        return self._rows_with(
            segment, index_column, check, lambda texts, known: containing(texts, index_column, part, check.text, known)
        )

    def _rows_with(
        self, segment: Segment, column: IndexColumn, question: Hashable, numbers: Callable[[Texts, Known], Numbers]
    ) -> Mask:
        """The rows whose texts answer a question that `numbers` finds the texts for."""

        def rows() -> Mask:
            texts, known = segment.texts(column.name), self._known_of((column.name, question))
            found = numbers(texts, known)
            return rows_with(segment.numbers(column.name), found, len(texts)) if len(found) else False

        return self._cached((segment.number, column.name, question), len(segment), rows)

    def _known_of(self, key: Hashable) -> Known:
        with self._lock:
            known = self._known.pop(key, None)
            if known is None or len(known) > _MOST_KNOWN:
                known = {}
            self._known[key] = known
            if len(self._known) > _QUESTIONS:
                del self._known[next(iter(self._known))]
        return known

    def _cached(self, key: Hashable, rows: int, mask_of: Callable[[], Mask]) -> Mask:
        with self._lock:
            if (found := self._kept.pop(key, None)) is not None:
                self._kept[key] = found
        if found is not None:
            return found if isinstance(found, bool) else np.unpackbits(found, count=rows).view(np.bool_)
        mask = mask_of()
        packed = mask if isinstance(mask, bool) else np.packbits(mask)
        with self._lock:
            if key not in self._kept:
                self._kept[key] = packed
                self._size += _size(packed)
            while self._size > _MOST_KEPT:
                # The one used longest ago comes first.
                self._size -= _size(self._kept.pop(next(iter(self._kept))))
        return mask


def both(one: Mask, other: Mask) -> Mask:
    """The rows that are in two masks."""
    if isinstance(one, bool):
        return other if one else False
    if isinstance(other, bool):
        return one if other else False
    return one & other


def inverse(mask: Mask) -> Mask:
    """The other rows."""
    return not mask if isinstance(mask, bool) else ~mask


def all_masks(masks: Iterable[Mask]) -> Mask:
    """The rows that are in each of them."""
    found: Mask = True
    for mask in masks:
        found = both(found, mask)
    return found


def any_mask(masks: Iterable[Mask]) -> Mask:
    """The rows that are in one of them."""
    found: Mask = False
    for mask in masks:
        if isinstance(mask, bool):
            if mask:
                return True
        else:
            found = mask if isinstance(found, bool) else found | mask
    return found


def _passing(column: IndexColumn, part: int | None, leaf: FieldTerm, texts: Texts, known: Known) -> Numbers:
    return passing(texts, column, part, leaf, known)


def _size(packed: bool | NDArray[np.uint8]) -> int:
    return _OVERHEAD + (0 if isinstance(packed, bool) else packed.nbytes)


def _any_row(mask: NDArray[np.bool_]) -> Mask:
    return mask if mask.any() else False


def _record_term(term: Term) -> RecordTerm:
    undecided = by_record(pushed_down(term))
    clauses, sent = record_clauses(undecided)
    return RecordTerm(undecided, tuple(clauses), tuple(sent))
