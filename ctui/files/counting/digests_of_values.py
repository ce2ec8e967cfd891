"""The digests of the values in texts of a column, without making a text of each: nearly all are as `index_row` writes
them, and their bytes are those of the column."""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ctui.files.segment import NO_VALUE, Texts
from ctui.store.index.found_values import facet_values, text_digest, value_digest
from ctui.store.index.index_row import Form, IndexColumn

_QUOTE: Final = ord('"')
_ESCAPE: Final = ord("\\")
_BRACKET: Final = ord("[")
_BETWEEN: Final = len('", ')
"""From the end of a pair's first text to the beginning of the second one."""
_QUOTES: Final = 4
"""Of a pair of texts."""

Numbers = NDArray[np.int64]


def digests_of_values(texts: Texts, column: IndexColumn, part: int | None, numbers: Numbers) -> tuple[Numbers, Numbers]:
    """The digests of the values of some texts, given by ascending numbers, and for each the number of its text.

    They are in the order of the texts; a value that a text has twice can be there twice.
    """
    numbers = numbers[numbers != NO_VALUE]
    ends = np.append(texts.starts[1:] - 1, len(texts.joined))
    if column.form is Form.TEXT:
        starts, ends = texts.starts[numbers - 1], ends[numbers - 1]
        there = ends > starts
        return _digests(texts.joined, starts[there], ends[there]), numbers[there]
    if column.form is not Form.PAIRS:
        return _one_by_one(texts, column, part, numbers)
    starts, ends, of_text, others = _in_pairs(texts, part or 0, numbers)
    digests = _digests(texts.joined, starts, ends)
    if not len(others):
        return digests, of_text
    more, of_other = _one_by_one(texts, column, part, others)
    digests, of_text = np.concatenate((digests, more)), np.concatenate((of_text, of_other))
    order = np.argsort(of_text, kind="stable")
    return digests[order], of_text[order]


def _digests(joined: bytes, starts: Numbers, ends: Numbers) -> Numbers:
    slices = map(slice, starts.tolist(), ends.tolist())
    return np.fromiter(map(value_digest, map(joined.__getitem__, slices)), np.int64, len(starts))


def _one_by_one(
    texts: Texts, column: IndexColumn, part: int | None, numbers: Iterable[int] | Numbers
) -> tuple[Numbers, Numbers]:
    digests, of_text = list[int](), list[int]()
    for number in map(int, numbers):
        values = facet_values(column, texts.text(number), part)
        digests += map(text_digest, values)
        of_text += [number] * len(values)
    return np.array(digests, np.int64), np.array(of_text, np.int64)


def _in_pairs(texts: Texts, part: int, numbers: Numbers) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Where one part of each pair of some texts begins and ends, and in which text; and the texts that are written in
    another way than as pairs of texts without escapes."""
    codes = np.frombuffer(texts.joined, np.uint8)
    quotes = np.flatnonzero(codes == _QUOTE)
    first = np.searchsorted(quotes, np.append(texts.starts, len(codes)))
    counts = np.diff(first)
    usual = counts % _QUOTES == 0
    # What is no UTF-8 stands there as a list of numbers, in a bracket of its own.
    brackets = np.searchsorted(np.flatnonzero(codes == _BRACKET), np.append(texts.starts, len(codes)))
    usual &= np.diff(brackets) == counts // _QUOTES + 1
    usual[np.searchsorted(texts.starts, np.flatnonzero(codes == _ESCAPE), "right") - 1] = False
    asked = np.zeros(len(counts), np.bool_)
    asked[numbers - 1] = True
    text_of = np.repeat(np.arange(len(counts)), np.where(usual & asked, counts, 0) // _QUOTES)
    # The pairs of a text stand one after the other.
    before = np.cumsum(np.bincount(text_of, minlength=len(counts))) - np.bincount(text_of, minlength=len(counts))
    pairs = first[text_of] + (np.arange(len(text_of)) - before[text_of]) * _QUOTES
    is_pair = quotes[pairs + 2] - quotes[pairs + 1] == _BETWEEN
    usual[text_of[~is_pair]] = False
    kept = usual[text_of]
    pairs, text_of = pairs[kept] + 2 * part, text_of[kept]
    starts, ends = quotes[pairs] + 1, quotes[pairs + 1]
    there = ends > starts
    return starts[there], ends[there], text_of[there] + 1, np.flatnonzero(asked & ~usual) + 1
