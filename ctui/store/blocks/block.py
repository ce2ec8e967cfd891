"""A block: some dozens of records compressed as one, each read back byte for byte.

The records stand one after the other as UTF-8, separated by a byte that UTF-8 never has. Measured on real records: 96
in a block take 0.10 of their size, single ones 0.58; a block is compressed in 0.1 ms and decompressed in 0.06 ms.
"""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import zstandard

from ctui.model.filter.prefilter import is_plain, is_searchable
from ctui.model.values import dataclass
from ctui.store.columns import Column, unpacked

SEPARATOR: Final = b"\xff"
RECORDS: Final = 96
"""Records of a block at most: with more, one record costs more to read and the block is hardly smaller. SQLite fills
whole pages: with 64 of them, a quarter of what blocks took was empty."""
_CHARS: Final = 2**18
"""Characters of a block's records, after which it takes no more: a record is read with all others of its block."""
SPARSE: Final = f"min(max(live - 15, size - {_CHARS // 2}), live * 4 - records * 3) <= 0"
"""SQL for blocks that `compaction` joins: small ones, and those of which a quarter is deleted. One comparison,
since SQLite uses no partial index with an OR. A block with few records that are large is full: joined with others it
would become the same blocks again."""
_LEVEL = 3
_MOST_BYTES = 2**31
"""A block that claims to be larger is damaged."""


class _OfThread(threading.local):
    """Making a decompressor takes a quarter of the time of its first block. Two threads cannot use one at once."""

    def __init__(self) -> None:
        self.decompressor = zstandard.ZstdDecompressor()


_OF_THREAD = _OfThread()


class Address(NamedTuple):
    """Where a record stands."""

    block: int
    ordinal: int


class NotReadable(Exception):
    """A block is damaged. It is not raised outside the store."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event whose record goes into a block."""

    second: int
    record: str


def compress(records: Sequence[str]) -> bytes:
    """The records as one block."""
    joined = SEPARATOR.join(record.encode("utf-8", "surrogatepass") for record in records)
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True, write_content_size=True).compress(joined)


def decompress(data: Column) -> bytes:
    """The records with their separators. Raises NotReadable."""
    try:
        return _OF_THREAD.decompressor.decompress(data, max_output_size=_MOST_BYTES)  # type: ignore[arg-type]
    except (zstandard.ZstdError, TypeError, MemoryError) as error:
        raise NotReadable(str(error)) from error


def write_blocks(connection: sqlite3.Connection, scope_row: int, entries: Sequence[Entry]) -> list[Address]:
    """Write the records of a scope's events into blocks; returns where each stands. Call it inside a transaction.

    Nothing is written for an empty sequence.
    """
    addresses: list[Address] = []
    for some in _portions(entries):
        seconds = [entry.second for entry in some]
        escaped = [ordinal for ordinal, entry in enumerate(some) if not is_plain(entry.record)]
        odd = [ordinal for ordinal in escaped if not is_searchable(some[ordinal].record)]
        cursor = connection.execute(
            "INSERT INTO block (scope, newest, oldest, records, live, size, escaped, odd, data) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                scope_row, max(seconds), min(seconds), len(some), len(some),
                sum(len(entry.record) for entry in some),
                bytes(escaped) or None, bytes(odd) or None, compress([entry.record for entry in some]),
            ),
        )  # fmt: skip
        assert cursor.lastrowid is not None, "a row was inserted"
        addresses += (Address(cursor.lastrowid, ordinal) for ordinal in range(len(some)))
    return addresses


def _portions(entries: Sequence[Entry]) -> Iterator[Sequence[Entry]]:
    start = size = 0
    for index, entry in enumerate(entries):
        if index > start and (index - start == RECORDS or size + len(entry.record) > _CHARS):
            yield entries[start:index]
            start, size = index, 0
        size += len(entry.record)
    if entries:
        yield entries[start:]


class RecordReader:
    """Reads records by their address; keeps the last block, since neighbors are usually read together."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._block = -1
        self._records: list[bytes] = []

    def read(self, block: object, ordinal: object) -> str:
        """The text of a record. Raises NotReadable."""
        return unpacked(self.read_bytes(block, ordinal)) or ""

    def read_bytes(self, block: object, ordinal: object) -> bytes:
        """The record as UTF-8. Raises NotReadable."""
        if not isinstance(block, int) or not isinstance(ordinal, int):
            raise NotReadable("no address")
        if block != self._block:
            row = self._connection.execute("SELECT data FROM block WHERE id = ?", (block,)).fetchone()
            if row is None:
                raise NotReadable("no block")
            self._records = decompress(row[0]).split(SEPARATOR)
            self._block = block
        if not 0 <= ordinal < len(self._records):
            raise NotReadable("not in its block")
        return self._records[ordinal]
