"""Searches records for texts, whole blocks at a time, in threads that hold no lock while they decompress and search."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from ctui.model.filter.matching.regex import Regex, any_text_regex, compile_regex
from ctui.model.filter.prefilter import (
    Check,
    Clause,
    RegexCheck,
    TextCheck,
    is_never_escaped,
    is_plain,
    signs_of_other_spellings,
    spellings,
)
from ctui.model.values import dataclass
from ctui.store.blocks.block import RECORDS, SEPARATOR, NotReadable, decompress
from ctui.store.columns import unpacked

THREADS = 2
"""Threads that search. More would take time from the loop on a small machine."""
_OF_JOB = 8
"""Blocks that a thread searches one after the other: giving it one at a time takes a tenth of the whole search."""
_AHEAD = 2
"""Jobs given to the threads before the first result is awaited, for each thread."""


@dataclass(frozen=True, slots=True)
class TextSearch:
    """What records must contain: at least one expression of each clause."""

    clauses: tuple[tuple[Regex, ...], ...]
    never_escaped: bool
    """True if what it searches for can be found in records that are not plain, too."""
    signs: Regex
    """A record in which it matches nowhere has no other spelling that meets a clause."""

    @classmethod
    def of(cls, clauses: Iterable[Clause]) -> "TextSearch":
        """The search for the clauses of a prefilter, which have no checks of attributes."""
        clauses = tuple(clauses)
        checks = [check for clause in clauses for check in clause]
        texts = [check.text for check in checks if isinstance(check, TextCheck)]
        never_escaped = len(texts) == len(checks) and all(map(is_never_escaped, texts))
        return cls(
            tuple(tuple(_expressions(clause)) for clause in clauses),
            never_escaped,
            compile_regex(signs_of_other_spellings(texts)),
        )

    def may_match(self, record: bytes) -> bool:
        """True if a record can meet the clauses."""
        if self._meets(record):
            return True
        text = unpacked(record) or ""
        return not is_plain(text) and ((searched := _searched(text)) is None or self._meets(searched))

    def ordinals(self, block: bytes, undecided: bytes) -> list[int]:
        """The ordinals of the records of a block that can meet the clauses. `undecided`: of those that are searched in
        all their `spellings`."""
        if not self.clauses:
            return list(range(block.count(SEPARATOR) + 1))
        found = set(self._among(list(_records_at(block, undecided)))) if undecided else set[int]()
        if self._meets(block):
            for regex in self.clauses[0]:
                found.update(_ordinals(block, regex))
        if len(self.clauses) > 1:
            found = {
                ordinal
                for ordinal, record in _records_at(block, found)
                if (self.may_match if ordinal in undecided else self._meets)(record)
            }
        return sorted(found)

    def _among(self, records: Sequence[tuple[int, bytes]]) -> Iterator[int]:
        """Those of some records that can meet the first clause in another spelling; all are searched at once."""
        if not self.signs.found_in_bytes(SEPARATOR.join(record for _, record in records)):
            return
        ordinals, texts = list[int](), list[bytes]()
        for ordinal, record in records:
            text = _searched(unpacked(record) or "")
            if text is None:
                yield ordinal
            else:
                ordinals.append(ordinal)
                texts.append(text)
        joined = SEPARATOR.join(texts)
        for regex in self.clauses[0] if texts else ():
            yield from (ordinals[number] for number in _ordinals(joined, regex))

    def _meets(self, text: bytes) -> bool:
        return all(any(regex.found_in_bytes(text) for regex in clause) for clause in self.clauses)


def _searched(record: str) -> bytes | None:
    """All spellings of a record, with a byte between them that UTF-8 never has. None if half a character is in it,
    which no expression finds."""
    try:
        return b"\xfe".join(spelling.encode() for spelling in spellings(record))
    except UnicodeEncodeError:
        return None


def _records_at(block: bytes, ordinals: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Some records of a block with their ordinals. Those of a damaged row that are not there are left out.

    Splitting a block takes as long as decompressing it.
    """
    at = ordinal = 0
    for wanted in sorted(ordinals):
        for _ in range(ordinal, wanted):
            if not (at := block.find(SEPARATOR, at) + 1):
                return
        ordinal, end = wanted, block.find(SEPARATOR, at)
        yield wanted, block[at:] if end < 0 else block[at:end]


def _ordinals(block: bytes, regex: Regex) -> Iterator[int]:
    """The ordinals of the records in which an expression matches. One match in each is enough."""
    at, ordinal = 0, 0
    while (start := regex.start_in_bytes(block, at)) >= 0:
        ordinal += block.count(SEPARATOR, at, start)
        yield ordinal
        after = block.find(SEPARATOR, start)
        if after < 0:
            return
        at, ordinal = after + 1, ordinal + 1


Block = tuple[int, bytes | None, bytes | None, bytes]
"""Its id, the ordinals of its escaped and of its odd records, and its data."""


def search_blocks(
    threads: ThreadPoolExecutor, blocks: Iterable[Block], search: TextSearch
) -> Iterator[tuple[int, list[int]]]:
    """The blocks with records that can meet the search, in their order, each with the ordinals of those records.

    Of a damaged block, every ordinal is given if a record without text can meet the search, else none.
    """
    waiting = iter(blocks)
    jobs = iter(lambda: list(islice(waiting, _OF_JOB)), [])
    running = [threads.submit(_search_all, job, search) for job in islice(jobs, _AHEAD * THREADS)]
    while running:
        found = running.pop(0).result()
        running += (threads.submit(_search_all, job, search) for job in islice(jobs, 1))
        yield from found


def _search_all(job: Sequence[Block], search: TextSearch) -> list[tuple[int, list[int]]]:
    found = (_search(block, search) for block in job)
    return [(block_id, ordinals) for block_id, ordinals in found if ordinals]


def _search(block: Block, search: TextSearch) -> tuple[int, list[int]]:
    block_id, escaped, odd, data = block
    try:
        return block_id, search.ordinals(decompress(data), (odd if search.never_escaped else escaped) or b"")
    except NotReadable:
        return block_id, list(range(RECORDS)) if search.may_match(b"") else []


def _expressions(clause: Sequence[Check]) -> Iterator[Regex]:
    texts = [check.text for check in clause if isinstance(check, TextCheck)]
    if texts:
        yield any_text_regex(texts)
    for check in clause:
        if isinstance(check, RegexCheck):
            yield compile_regex(check.regex, check.ignore_case)
