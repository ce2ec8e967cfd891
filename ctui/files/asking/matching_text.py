"""Finds, in the text of a log file, the records that can match a term: the whole text is searched at once.

RE2 holds no lock of Python's meanwhile. Which texts a record must contain, and in which other spellings, say
`model.filter.prefilter` and `store.blocks.block_scan`.
"""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from itertools import accumulate
from typing import Final, cast

import numpy as np

from ctui.files.asking.masks import RecordTerm
from ctui.files.asking.value_at_path import surely_at_path
from ctui.files.event_of_record import ENTRY_KEY
from ctui.model.event.record import RECORD_KEYS
from ctui.model.filter.matching.regex import Regex, any_text_regex, compile_regex
from ctui.model.filter.prefilter import Clause, RegexCheck, TextCheck, is_never_escaped, signs_of_other_spellings
from ctui.model.filter.terms import AllOf, AnyOf, CompareTerm, PathTerm, Term, WordTerm, leaves_of, negate
from ctui.store.blocks.block import SEPARATOR
from ctui.store.blocks.block_scan import TextSearch
from ctui.store.index.decided import record_clauses

_ALTERNATIVES: Final = 2
"""So many texts are searched for one after the other in the time of an expression with all of them."""
_SLOW_LETTERS: Final = re.compile("[kKsS]")
"""Letters that another character than an ASCII one folds to: RE2 finds texts fast up to the first of them."""
_SHORTEST: Final = 4
"""Characters of a text that is worth searching for in the place of a longer one."""
_LONGEST_SURE: Final = 200
"""Characters of a text that a prefilter keeps whole."""
_ESCAPE: Final = r"[\\]"
_BY_NUMBER: Final = r"\\u"
_SLASH_TOO: Final = r"\\[u/]"
"""The escapes that a text has for a character that JSON writes as it is: by number, and of a slash."""
_ANY_OTHER: Final = r"[\\\x{80}-\x{10FFFF}]"
_ENTRY: Final = ENTRY_KEY.encode()
_TWICE: Final = rb"\\"
"""What is escaped in a record that is a text in another one."""


class RecordSearch:
    """What the records contain that match a term which columns do not decide."""

    def __init__(self, term: RecordTerm) -> None:
        self._search = TextSearch.of(term.clauses)
        paths = (leaf.path for leaf in leaves_of(term.term) if isinstance(leaf, PathTerm | CompareTerm))
        keys = frozenset[str]().union(*paths)
        scanned = min(term.clauses, key=lambda clause: _cost(clause, keys), default=())
        self.cost = _cost(scanned, keys)
        """Orders searches: the first one finds the fewest records, in the shortest time, as a rule."""
        self._scans = tuple(_expressions(scanned))
        self._exact = len(term.clauses) == 1 and not any(scan.is_part for scan in self._scans)
        self._separated = any(isinstance(check, RegexCheck) for check in scanned)
        self._never_escaped = _is_never_escaped(scanned)
        signs = signs_of_other_spellings(check.text for check in scanned if isinstance(check, TextCheck))
        escapes = _escapes(scanned)
        self._signs_in_ascii = self._signs = compile_regex(escapes)
        if not signs:
            self._signs = compile_regex(_ANY_OTHER)
        elif folding := signs[len(_ESCAPE) - 1 : -1]:
            self._signs = compile_regex(signs if escapes == _ESCAPE else f"{escapes}|[{folding}]")
        words = _words(term.term)
        self._sure = tuple(word.encode() for word in words) if words and all(map(_is_sure, words)) else ()
        self._at_path = surely_at_path(term.term)

    def found(self, data: bytes, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
        """The indexes of the records that can match, of those that stand at these places in a text, ascending."""
        is_ascii = data.isascii()
        if not self._scans or not (is_ascii or self._never_escaped or _is_utf8(data)):
            return list(range(len(starts)))
        places = _separated(data, starts, ends) if self._separated else (data, starts, ends)
        found: set[int] = set()
        for scan in self._scans:
            found.update(_records_with(scan.regex, *places))
        if not self._exact:
            found = {index for index in found if self._can_match(data[starts[index] : ends[index]])}
        for index in _records_with(self._signs_in_ascii if is_ascii else self._signs, data, starts, ends):
            if index not in found and self.may_match(data[starts[index] : ends[index]]):
                found.add(index)
        return sorted(found)

    def may_match(self, record: bytes) -> bool:
        """True if a record, as it stands in a text, can match."""
        # In an entry of a LookupEvents answer the record is a text, and escaped once more.
        return not self._scans or _ENTRY in record or _TWICE in record or self._search.may_match(record)

    def _can_match(self, record: bytes) -> bool:
        # The first takes half of the time, if it is so.
        return (self._at_path is not None and self.surely_matches(record)) or self.may_match(record)

    def surely_matches(self, record: bytes) -> bool:
        """True if a record matches without a doubt."""
        if not (self._sure or self._at_path) or not record.isascii() or _ENTRY in record or b"\\u" in record:
            return False
        if self._at_path is not None:
            return self._at_path(record)
        lower = record.lower()
        return any(word in lower for word in self._sure)


class NegatedSearch:
    """The same for a negated leaf: what surely does not match the leaf matches it."""

    cost = (True, len(RECORD_KEYS), True, 0)
    """As `RecordSearch.cost`: it finds the most records."""

    def __init__(self, positive: RecordSearch) -> None:
        self._positive = positive

    def found(self, data: bytes, starts: Sequence[int], ends: Sequence[int]) -> list[int]:
        """As `RecordSearch.found`."""
        passing = self._positive.found(data, starts, ends)
        surely = {index for index in passing if self._positive.surely_matches(data[starts[index] : ends[index]])}
        return [index for index in range(len(starts)) if index not in surely]

    def may_match(self, record: bytes) -> bool:
        """As `RecordSearch.may_match`."""
        return not self._positive.surely_matches(record)

    def surely_matches(self, record: bytes) -> bool:
        """As `RecordSearch.surely_matches`."""
        return record.isascii() and not self._positive.may_match(record)


def search_of(term: RecordTerm) -> RecordSearch | NegatedSearch:
    """The search for the records that match a term."""
    leaf = term.term
    if not isinstance(leaf, AnyOf | AllOf) and leaf.negated:
        positive = negate(leaf)
        clauses, sent = record_clauses(positive)
        if clauses and not sent:
            return NegatedSearch(RecordSearch(RecordTerm(positive, tuple(clauses), ())))
    return RecordSearch(term)


class _Scan:
    """An expression, one of which each record contains that meets a clause and has no other spellings."""

    __slots__ = ("is_part", "regex")

    def __init__(self, regex: Regex, is_part: bool = False) -> None:
        self.regex = regex
        self.is_part = is_part
        """True if it is only a part of what they contain."""


def _expressions(clause: Clause) -> Iterator[_Scan]:
    texts = [check.text for check in clause if isinstance(check, TextCheck)]
    if len(texts) > _ALTERNATIVES:
        yield _Scan(any_text_regex(texts))
    else:
        yield from map(_fast_scan, texts)
    for check in clause:
        if isinstance(check, RegexCheck):
            yield _Scan(compile_regex(check.regex, check.ignore_case))


def _fast_scan(text: str) -> _Scan:
    """A search for a text, or for a part of it that RE2 finds in a third of the time."""
    slow = _SLOW_LETTERS.search(text)
    part = max(_SLOW_LETTERS.split(text), key=len) if slow is not None and slow.start() < _SHORTEST else text
    return _Scan(any_text_regex([part]), True) if _SHORTEST <= len(part) < len(text) else _Scan(any_text_regex([text]))


def _cost(clause: Clause, keys: Container[str]) -> tuple[bool, int, bool, int]:
    """Orders clauses by what it takes to search for them, and by how much they find: many records have these keys, and
    nearly all have those of every record."""
    texts = [check.text for check in clause if isinstance(check, TextCheck)]
    common = max(((text in keys) + (text in RECORD_KEYS) for text in texts), default=0)
    return not _is_never_escaped(clause), common, len(texts) > _ALTERNATIVES, -min(map(len, texts), default=0)


def _is_never_escaped(clause: Clause) -> bool:
    return all(isinstance(check, TextCheck) and is_never_escaped(check.text) for check in clause)


def _escapes(clause: Clause) -> str:
    """An expression for where a record may write a character of a clause's texts in another way."""
    texts = [check.text.replace("/", "") for check in clause if isinstance(check, TextCheck)]
    if len(texts) < len(clause) or not all(map(is_never_escaped, texts)):
        return _ESCAPE
    return _BY_NUMBER if _is_never_escaped(clause) else _SLASH_TOO


def _words(term: Term) -> list[str] | None:
    if isinstance(term, AnyOf) and not term.negated:
        each = [_words(one) for one in term.terms]
        return None if None in each else [word for words in each for word in words or ()]
    if not isinstance(term, WordTerm) or term.negated:
        return None
    parts = [[part.casefold() for part in pattern.parts if part] for pattern in term.one_of]
    return [part for (part,) in parts] if all(len(one) == 1 for one in parts) else None


def _is_sure(word: str) -> bool:
    return word.isascii() and len(word) <= _LONGEST_SURE


def _records_with(regex: Regex, text: bytes, starts: Sequence[int], ends: Sequence[int]) -> Iterator[int]:
    """The indexes of the records in which an expression matches. One match in each is enough."""
    at = starts[0] if starts else 0
    while (place := regex.start_in_bytes(text, at)) >= 0:
        index = bisect_right(starts, place) - 1
        if place < ends[index]:
            yield index
        if index + 1 == len(starts):
            return
        at = starts[index + 1]


def _separated(data: bytes, starts: Sequence[int], ends: Sequence[int]) -> tuple[bytes, Sequence[int], Sequence[int]]:
    """The text with a byte behind each record that no expression matches, so that none goes on in the next one; and
    the places of the records in it."""
    if any(end >= start for end, start in zip(ends, starts[1:], strict=False)) or (ends and ends[-1] >= len(data)):
        records = [data[start:end] for start, end in zip(starts, ends, strict=True)]
        ends = list(accumulate(len(record) + 1 for record in records))
        return SEPARATOR.join(records), [0, *ends[:-1]], [end - 1 for end in ends]
    text = bytearray(data)
    np.frombuffer(text, np.uint8)[ends] = SEPARATOR[0]
    # RE2 reads any buffer.
    return cast("bytes", text), starts, ends


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
