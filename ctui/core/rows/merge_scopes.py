"""Folding: an event that two Regions tell of is shown once."""

from collections.abc import Iterable, Sequence

from ctui.core.rows.row_index import RowIndex
from ctui.model.connection import Scope
from ctui.store.events import EventStore


async def merge_rows(
    store: EventStore, rows: RowIndex, scopes: Sequence[Scope], found: Iterable[tuple[int, int]]
) -> int:
    """Add rows given as (id, epoch second), but none whose event is among `rows` already: as told in another of these
    scopes, or under another id that it had before its account was known.

    The telling that was shown first stays. Returns how many rows were new. Raises StoreError.
    """
    placed = [(row_id, second) for row_id, second in found]
    if not placed:
        return 0
    copies = {} if len(scopes) < 2 else await store.copies([row_id for row_id, _ in placed], scopes)
    # From here to the end nobody else gets a turn, so that two tellings cannot pass side by side.
    return rows.merge(
        (row_id, second)
        for row_id, second in placed
        if all(rows.index_of(copy, second) is None for copy in copies.get(row_id, ()))
        and all(rows.index_of(*key) is None for key in store.other_keys(row_id))
    )
