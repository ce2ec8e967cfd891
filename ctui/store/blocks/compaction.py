"""Compaction: small blocks, and those of which a quarter is deleted, become full ones, which frees disk."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from ctui.store.blocks.block import SPARSE, Entry, NotReadable, RecordReader, write_blocks

_AT_ONCE: Final = 64
"""Blocks that one step joins at most: some ten milliseconds."""
_SMALL: Final = 8
"""So many small blocks of a scope are joined; fewer are left as they are, since every page may bring another."""


def is_worthwhile(connection: sqlite3.Connection) -> bool:
    """True if there are blocks to join. Cheap, and waits for no other process."""
    return next(_joinable(connection), None) is not None


def compact_step(connection: sqlite3.Connection) -> bool:
    """Join some sparse blocks of one scope; False if there is nothing to join. Call it inside a transaction."""
    return any(_join(connection, *some) for some in _joinable(connection))


def _joinable(connection: sqlite3.Connection) -> Iterator[tuple[int, list[int]]]:
    """Scopes with the blocks to join there."""
    sparse = connection.execute(
        f"SELECT scope, id, live * 4 <= records * 3 FROM block INDEXED BY block_sparse WHERE {SPARSE} "
        "ORDER BY scope, newest"
    ).fetchall()
    for scope_row, of_scope in groupby(sparse, key=lambda block: int(block[0])):
        blocks = list(of_scope)[:_AT_ONCE]
        if len(blocks) >= _SMALL or any(partly_deleted for _, _, partly_deleted in blocks):
            yield scope_row, [block for _, block, _ in blocks]


def _join(connection: sqlite3.Connection, scope_row: int, blocks: list[int]) -> bool:
    """Write the records of these blocks into new ones; False if one of them is damaged."""
    listed, reader = ",".join(map(str, blocks)), RecordReader(connection)
    rows = connection.execute(
        f"SELECT id, time, block, ordinal FROM event WHERE block IN ({listed}) ORDER BY block, ordinal"
    ).fetchall()
    try:
        entries = [(second, row_id, reader.read(block, ordinal)) for row_id, second, block, ordinal in rows]
    except NotReadable:
        return False
    # Neighbors in time are read together, so they stand together.
    entries.sort(key=lambda entry: (-entry[0], entry[1]))
    addresses = write_blocks(connection, scope_row, [Entry(second, record) for second, _, record in entries])
    connection.executemany(
        "UPDATE event SET block = ?, ordinal = ? WHERE id = ?",
        ((*address, row_id) for address, (_, row_id, _) in zip(addresses, entries, strict=True)),
    )
    connection.execute(f"DELETE FROM block WHERE id IN ({listed})")
    return True
