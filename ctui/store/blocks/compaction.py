"""Compaction: small blocks, and those of which a quarter is deleted, become full ones, which frees disk."""

import sqlite3
from collections.abc import Iterator
from itertools import groupby, islice
from typing import Final

from ctui.store.blocks.block import SPARSE, Entry, NotReadable, RecordReader, write_blocks

_AT_ONCE: Final = 64
"""Blocks that one step joins at most: some ten milliseconds."""
_SMALL: Final = 8
"""So many small blocks of a scope are joined; fewer are left as they are, since every page may bring another."""

Blocks = dict[int, bool]
"""The ids of blocks, each with whether a quarter of it is deleted."""


def is_worthwhile(connection: sqlite3.Connection) -> bool:
    """True if there are blocks to join. Cheap, and waits for no other process."""
    return next(_joinable(connection), None) is not None


def compact_step(connection: sqlite3.Connection) -> bool:
    """Join some sparse blocks of one scope; False if there is nothing to join. Call it inside a transaction."""
    return any(_join(connection, *some) for some in _joinable(connection))


def _joinable(connection: sqlite3.Connection) -> Iterator[tuple[int, Blocks]]:
    """Scopes with the blocks to join there."""
    sparse = connection.execute(
        f"SELECT scope, id, live * 4 <= records * 3 FROM block INDEXED BY block_sparse WHERE {SPARSE} "
        "ORDER BY scope, newest"
    ).fetchall()
    for scope_row, of_scope in groupby(sparse, key=lambda block: int(block[0])):
        blocks = {int(block): bool(partly_deleted) for _, block, partly_deleted in islice(of_scope, _AT_ONCE)}
        if _pays(blocks):
            yield scope_row, blocks


def _pays(blocks: Blocks) -> bool:
    return len(blocks) >= _SMALL or any(blocks.values())


def _join(connection: sqlite3.Connection, scope_row: int, blocks: Blocks) -> bool:
    """Write the records of these blocks into new ones, without damaged blocks, which stay; False if it does not pay."""
    read = ((block, _entries(connection, block)) for block in blocks)
    of_block = {block: found for block, found in read if found is not None}
    if not _pays({block: blocks[block] for block in of_block}):
        return False
    entries = [entry for found in of_block.values() for entry in found]
    # Neighbors in time are read together, so they stand together.
    entries.sort(key=lambda entry: (-entry[0], entry[1]))
    addresses = write_blocks(connection, scope_row, [Entry(second, record) for second, _, record in entries])
    connection.executemany(
        "UPDATE event SET block = ?, ordinal = ? WHERE id = ?",
        ((*address, row_id) for address, (_, row_id, _) in zip(addresses, entries, strict=True)),
    )
    connection.executemany("DELETE FROM block WHERE id = ?", ((block,) for block in of_block))
    return True


def _entries(connection: sqlite3.Connection, block: int) -> list[tuple[int, int, str]] | None:
    """The second, row id and record of each event of a block; None if the block is damaged."""
    reader = RecordReader(connection)
    rows = connection.execute("SELECT time, id, ordinal FROM event WHERE block = ?", (block,)).fetchall()
    try:
        return [(second, row_id, reader.read(block, ordinal)) for second, row_id, ordinal in rows]
    except NotReadable:
        return None
