"""Searches records for texts, whole blocks at a time, in threads that hold no lock while they decompress and search."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice

from ctui.model.filter.matching.regex import Regex, any_text_regex, compile_regex
from ctui.model.filter.prefilter import Check, Clause, RegexCheck, TextCheck, is_plain
from ctui.model.values import dataclass
from ctui.store.blocks.block import SEPARATOR, NotReadable, decompress
from ctui.store.columns import Column, unpacked

THREADS = 2
"""Threads that search. More would take time from the loop on a small machine."""
_AHEAD = 8
"""Blocks given to the threads before the first result is awaited, for each thread."""


@dataclass(frozen=True, slots=True)
class TextSearch:
    """What records must contain: at least one expression of each clause."""

    clauses: tuple[tuple[Regex, ...], ...]

    @classmethod
    def of(cls, clauses: Iterable[Clause]) -> "TextSearch":
        """The search for the clauses of a prefilter, which have no checks of attributes."""
        return cls(tuple(tuple(_expressions(clause)) for clause in clauses))

    def may_match(self, record: bytes) -> bool:
        """True if a record can meet the clauses; one that is not plain always can."""
        return all(any(regex.found_in_bytes(record) for regex in clause) for clause in self.clauses) or not _plain(
            record
        )

    def ordinals(self, block: bytes, odd: frozenset[int]) -> list[int]:
        """The ordinals of the records of a block that can meet the clauses. `odd`: those that are not plain."""
        if not all(any(regex.found_in_bytes(block) for regex in clause) for clause in self.clauses):
            return sorted(odd)
        records = block.split(SEPARATOR)
        return [
            ordinal
            for ordinal, record in enumerate(records)
            if ordinal in odd or all(any(regex.found_in_bytes(record) for regex in clause) for clause in self.clauses)
        ]


Block = tuple[int, bytes | None, bytes]
"""Its id, the ordinals of its records that are not plain, and its data."""


def search_blocks(
    threads: ThreadPoolExecutor, blocks: Iterable[Block], search: TextSearch
) -> Iterator[tuple[int, list[int]]]:
    """The blocks with records that can meet the search, in their order, each with the ordinals of those records.

    A damaged block has all its ordinals left out: its events are found by the index only.
    """
    waiting = iter(blocks)
    running = [threads.submit(_search, block, search) for block in islice(waiting, _AHEAD * THREADS)]
    while running:
        block_id, ordinals = running.pop(0).result()
        running += (threads.submit(_search, block, search) for block in islice(waiting, 1))
        if ordinals:
            yield block_id, ordinals


def _search(block: Block, search: TextSearch) -> tuple[int, list[int]]:
    block_id, odd, data = block
    try:
        return block_id, search.ordinals(decompress(data), frozenset(odd or b""))
    except NotReadable:
        return block_id, []


def _expressions(clause: Sequence[Check]) -> Iterator[Regex]:
    texts = [check.text for check in clause if isinstance(check, TextCheck)]
    if texts:
        yield any_text_regex(texts)
    for check in clause:
        if isinstance(check, RegexCheck):
            yield compile_regex(check.regex, check.ignore_case)


def _plain(record: Column) -> bool:
    return is_plain(unpacked(record) or "")
