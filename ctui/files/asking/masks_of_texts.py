"""Which of the different texts of a column pass a leaf's test, and which rows have one of them.

The predicate's own test decides, once for each different text. Those that surely do not pass are left out before, by a
search for what passing texts contain, in all texts of the column at once. Only how a text begins is seen in its bytes.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from msgspec import MsgspecError
from msgspec.json import Decoder
from numpy.typing import NDArray

from ctui.files.segment import Texts
from ctui.model.filter.matching.addresses import AddressRange
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.matching.regex import any_text_regex
from ctui.model.filter.predicate import values_test
from ctui.model.filter.terms import FieldTerm
from ctui.store.blocks.block import SEPARATOR
from ctui.store.index.index_row import Form, IndexColumn, values_in

Mask: TypeAlias = NDArray[np.bool_] | bool
"""Which rows of a segment: one by one, or all, or none of them."""
Numbers: TypeAlias = NDArray[np.int64]
"""Numbers of texts, ascending."""
_FEW: Final = 6
"""Rows are compared with so many numbers one after the other in the time in which they are looked up in a table."""
_MANY: Final = 20
"""All texts are tested in the time in which so many are searched for, one after the other."""
_ALL: Final = 3
"""All texts of a column are decoded in the time in which one of so many is looked up."""
_SHARED: Final = 1500
"""Columns with more texts in a segment have others in the next one, such as the keys of sessions."""
_ANY_VALUE: Final = Pattern(("", ""))
_NO_VALUES: Final = (b"null", b'""')
"""What a list contains that has a part without a value."""
_PAIRS: Final = Decoder(list[tuple[str | None, str | None]])
_ITEMS: Final = Decoder(list[str])
Known: TypeAlias = dict[str | bytes | None, bool]
"""Whether texts that were tested before have passed: most segments have those of another one."""


def rows_with(numbers: NDArray[Any], wanted: Numbers, different: int) -> Mask:
    """The rows that have one of these numbers, of so many that there are."""
    if not len(wanted):
        return False
    if len(wanted) == different:
        return True
    if len(wanted) <= _FEW:
        mask: NDArray[np.bool_] = numbers == wanted[0]
        for number in wanted[1:]:
            mask |= numbers == number
        return mask
    table = np.zeros(different, np.bool_)
    table[wanted] = True
    found: NDArray[np.bool_] = table[numbers]
    return found


class _Asked(NamedTuple):
    """A test of the values of texts."""

    column: IndexColumn
    part: int | None
    test: Callable[[Sequence[str]], bool]
    known: Known | None


def passing(texts: Texts, column: IndexColumn, part: int | None, leaf: FieldTerm, known: Known) -> Numbers:
    """The numbers of the texts of a column whose values pass the test of a leaf. `known`: of this leaf and column."""
    if leaf.negated:
        candidates = None
    elif _ANY_VALUE in leaf.patterns and not leaf.ignore_case:
        return _with_value(texts, column, part)
    elif (beginnings := _beginnings(column, leaf)) is not None:
        return np.unique(np.concatenate([_beginning_with(texts, one) for one in beginnings]))
    else:
        candidates = _candidates(texts, column, leaf)
    return _tested(texts, _Asked(column, part, values_test(leaf), known), candidates)


def having(texts: Texts, column: IndexColumn, part: int | None, values: Iterable[str], known: Known) -> Numbers:
    """The numbers of the texts that are, or have among their values, one of these values."""
    wanted = frozenset(filter(None, values))
    found: set[int] = set()
    for value in wanted:
        found |= _numbers_of(texts, column, value)
    return _tested(texts, _Asked(column, part, lambda stored: not wanted.isdisjoint(stored), known), found)


def containing(texts: Texts, column: IndexColumn, part: int | None, text: str, known: Known) -> Numbers:
    """The numbers of the texts with a value that contains a text."""
    found = _numbers_at(texts, _hits(texts.joined, _written(column, text))) | _odd(texts, column)
    return _tested(texts, _Asked(column, part, lambda stored: any(text in one for one in stored), known), found)


def _tested(texts: Texts, asked: _Asked, candidates: set[int] | None) -> Numbers:
    """Those of some texts, or of all, that pass."""
    values, test, known = _values_of(asked.column, asked.part), asked.test, asked.known
    if len(texts) > _SHARED:
        # Most are of this segment alone.
        known = None

    def passes(text: str | bytes | None) -> bool:
        if known is None:
            return test(values(text))
        found = known.get(text)
        if found is None:
            found = known[text] = test(values(text))
        return found

    if candidates is None:
        passed = [number for number, text in enumerate(texts.all()) if passes(text)]
    elif len(candidates) * _ALL > len(texts):
        every = texts.all()
        passed = [number for number in sorted(candidates) if passes(every[number])]
    else:
        passed = [number for number in sorted(candidates) if passes(texts.text(number))]
    return np.array(passed, np.int64)


def _values_of(column: IndexColumn, part: int | None) -> Callable[[str | bytes | None], Sequence[str]]:
    """What `values_in` returns, in a quarter of the time for lists as nearly all are."""
    if column.form is Form.TEXT:
        return lambda text: (text,) if text and isinstance(text, str) else values_in(column, text, part)

    def values(text: str | bytes | None) -> Sequence[str]:
        try:
            if column.form is Form.PAIRS:
                return [value for pair in _PAIRS.decode(text or b"[]") if (value := pair[part or 0])]
            return [*filter(None, _ITEMS.decode(text or b"[]"))]
        except (MsgspecError, UnicodeDecodeError):
            return values_in(column, text, part)

    return values


def _beginnings(column: IndexColumn, leaf: FieldTerm) -> list[bytes] | None:
    """The bytes with which one of each text that passes begins, and no other text; None if that does not say it all."""
    patterns = (*leaf.patterns, *leaf.short_names)
    if column.form is not Form.TEXT or leaf.ignore_case or len(leaf.patterns) < len(leaf.one_of):
        return None
    if not all(len(pattern.parts) == 2 and pattern.parts[0] and not pattern.parts[1] for pattern in patterns):
        return None
    return [_written(column, pattern.parts[0]) for pattern in patterns]


def _beginning_with(texts: Texts, beginning: bytes) -> Numbers:
    """The numbers of the texts that begin so: of 30,000, many of which do, in a hundredth of the time of their test."""
    codes, starts = np.frombuffer(texts.joined, np.uint8), texts.starts
    found = np.arange(len(starts))
    for place, code in enumerate(beginning):
        found = found[starts[found] + place < len(codes)]
        found = found[codes[starts[found] + place] == code]
    return found + 1


def _with_value(texts: Texts, column: IndexColumn, part: int | None) -> Numbers:
    """Those that have a value at all. Only lists in which a part has none need to be looked at."""
    if column.form is Form.TEXT:
        without = _numbers_of(texts, column, "")
    else:
        doubtful = set[int]().union(*(_numbers_at(texts, _hits(texts.joined, sign)) for sign in _NO_VALUES))
        without = {number for number in doubtful if not values_in(column, texts.text(number), part)}
    every = np.arange(1, len(texts), dtype=np.int64)
    return every[~np.isin(every, list(without))] if without else every


def _candidates(texts: Texts, column: IndexColumn, leaf: FieldTerm) -> set[int] | None:
    """The numbers of texts among which are all that pass; None for all."""
    if any(isinstance(one, AddressRange) for one in leaf.one_of):
        return None
    patterns = (*leaf.patterns, *leaf.short_names)
    if leaf.ignore_case:
        return _in_any_case(texts, column, [pattern.folded for pattern in patterns])
    if len(patterns) > _MANY:
        return None
    found = _odd(texts, column)
    for pattern in patterns:
        if pattern.exact:
            found |= _numbers_of(texts, column, pattern.parts[0])
        elif literal := max(pattern.parts, key=len):
            found |= _numbers_at(texts, _hits(texts.joined, _written(column, literal)))
        else:
            return None
    return found


def _in_any_case(texts: Texts, column: IndexColumn, patterns: Iterable[Pattern]) -> set[int] | None:
    """As `_candidates`, for texts of which case does not count. Texts that are not ASCII can be ASCII in folded case,
    so all of these are candidates."""
    literals = [max(pattern.parts, key=len) for pattern in patterns]
    if not all(literals):
        return None
    found = _odd(texts, column) | _numbers_at(texts, _not_ascii(texts, column))
    ascii_only = [_written(column, literal).decode("ascii") for literal in literals if literal.isascii()]
    if ascii_only:
        regex = any_text_regex(ascii_only)
        found |= _numbers_at(texts, _regex_hits(texts.joined, regex.start_in_bytes))
    return found


def _written(column: IndexColumn, text: str) -> bytes:
    """A text as it stands in the texts of a column, unless it is written as numbers."""
    if column.form is Form.TEXT:
        return text.encode("utf-8", "surrogatepass")
    return json.dumps(text)[1:-1].encode()


def _odd(texts: Texts, column: IndexColumn) -> set[int]:
    """The numbers of lists in which a text can be written as numbers."""
    return set() if column.form is Form.TEXT else _numbers_at(texts, texts.numbered)


def _not_ascii(texts: Texts, column: IndexColumn) -> Iterable[int] | NDArray[np.int64]:
    if column.form is not Form.TEXT:
        return _hits(texts.joined, rb"\u")
    if texts.joined.translate(None, SEPARATOR).isascii():
        return ()
    codes = np.frombuffer(texts.joined, np.uint8)
    return np.flatnonzero((codes >= 0x80) & (codes != SEPARATOR[0]))


def _numbers_of(texts: Texts, column: IndexColumn, value: str) -> set[int]:
    """The number of a text, or of the lists that have it as an item; perhaps of others."""
    joined = texts.joined
    if column.form is not Form.TEXT:
        return _numbers_at(texts, _hits(joined, b'"%s"' % _written(column, value))) | _odd(texts, column)
    text = SEPARATOR + _written(column, value)
    at = joined.find(text + SEPARATOR)
    if at < 0 and joined.endswith(text):
        at = len(joined) - len(text)
    return _numbers_at(texts, [at + 1] if at >= 0 else [])


def _numbers_at(texts: Texts, places: Iterable[int] | NDArray[np.int64]) -> set[int]:
    """The numbers of the texts that stand at these places."""
    found = places if isinstance(places, np.ndarray) else np.fromiter(places, np.int64)
    return set(np.searchsorted(texts.starts, found, "right").tolist()) if len(found) else set()


def _hits(joined: bytes, literal: bytes) -> Iterator[int]:
    """Where a text is found in texts, once in each of them."""
    return _regex_hits(joined, lambda text, at: text.find(literal, at))


def _regex_hits(joined: bytes, find: Callable[[bytes, int], int]) -> Iterator[int]:
    at = 0
    while (place := find(joined, at)) >= 0:
        yield place
        if (at := joined.find(SEPARATOR, place)) < 0:
            return
