"""Searches records for texts, whole blocks at a time, in threads that hold no lock while they decompress and search."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from ctui.model.filter.matching.regex import Regex, any_text_regex, compile_regex
from ctui.model.filter.prefilter import Check, Clause, RegexCheck, TextCheck, is_never_escaped, is_plain, is_searchable
from ctui.model.values import dataclass
from ctui.store.blocks.block import RECORDS, SEPARATOR, NotReadable, decompress
from ctui.store.columns import unpacked

THREADS = 2
"""Threads that search. More would take time from the loop on a small machine."""
_AHEAD = 8
"""Blocks given to the threads before the first result is awaited, for each thread."""


@dataclass(frozen=True, slots=True)
class TextSearch:
    """What records must contain: at least one expression of each clause."""

    clauses: tuple[tuple[Regex, ...], ...]
    never_escaped: bool
    """True if what it searches for can be found in records that are not plain, too."""

    @classmethod
    def of(cls, clauses: Iterable[Clause]) -> "TextSearch":
        """The search for the clauses of a prefilter, which have no checks of attributes."""
        clauses = tuple(clauses)
        texts = all(
            isinstance(check, TextCheck) and is_never_escaped(check.text) for clause in clauses for check in clause
        )
        return cls(tuple(tuple(_expressions(clause)) for clause in clauses), texts)

    def may_match(self, record: bytes) -> bool:
        """True if a record can meet the clauses."""
        if self._meets(record):
            return True
        text = unpacked(record) or ""
        return not (is_plain(text) or (self.never_escaped and is_searchable(text)))

    def ordinals(self, block: bytes, undecided: bytes) -> list[int]:
        """The ordinals of the records of a block that can meet the clauses. `undecided`: those that always can."""
        if not self._meets(block):
            return list(undecided)
        if not self.clauses:
            return list(range(block.count(SEPARATOR) + 1))
        found = set(undecided)
        for regex in self.clauses[0]:
            found.update(_ordinals(block, regex))
        if len(self.clauses) > 1:
            records = block.split(SEPARATOR)
            found = {ordinal for ordinal in found if ordinal in undecided or self._meets(records[ordinal])}
        return sorted(found)

    def _meets(self, text: bytes) -> bool:
        return all(any(regex.found_in_bytes(text) for regex in clause) for clause in self.clauses)


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
    running = [threads.submit(_search, block, search) for block in islice(waiting, _AHEAD * THREADS)]
    while running:
        block_id, ordinals = running.pop(0).result()
        running += (threads.submit(_search, block, search) for block in islice(waiting, 1))
        if ordinals:
            yield block_id, ordinals


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
