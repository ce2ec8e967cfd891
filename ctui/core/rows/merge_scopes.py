"""Merging the rows of several scopes: an event that two Regions return is shown once."""

from collections.abc import Iterable, Sequence

from ctui.core.rows.row_index import RowIndex
from ctui.model.connection import Scope
from ctui.store.events import EventStore


async def merge_rows(
    store: EventStore, rows: RowIndex, scopes: Sequence[Scope], added: Iterable[tuple[int, int]]
) -> int:
    """Add rows given as (id, epoch second), except those whose event is among `rows` already: as another of these
    scopes has returned it, or under another id that it had before its account was known.

    The copy that was shown first stays. Returns how many rows were new. Raises StoreError.
    """
    keys = list(added)
    if not keys:
        return 0
    copies = {} if len(scopes) < 2 else await store.copies([row_id for row_id, _ in keys], scopes)
    # No await from here to the end, so that two copies cannot be added at the same time.
    return rows.merge(
        (row_id, second)
        for row_id, second in keys
        if all(rows.index_of(copy, second) is None for copy in copies.get(row_id, ()))
        and all(rows.index_of(*key) is None for key in store.other_keys(row_id))
    )
