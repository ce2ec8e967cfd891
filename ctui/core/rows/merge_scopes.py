"""Merging the rows of several scopes: an event that two Regions return is shown once."""

from collections.abc import Sequence

from ctui.core.rows.row_index import RowIndex
from ctui.model.connection import Scope
from ctui.store.events import EventStore
from ctui.store.search import Rows


async def merge_rows(store: EventStore, rows: RowIndex, scopes: Sequence[Scope], added: Rows) -> int:
    """Add rows, except those whose event is among `rows` already: as another of these scopes has returned it, or under
    another id that it had before its account was known.

    The copy that was shown first stays. Returns how many rows were new. Raises StoreError.
    """
    if not added.ids:
        return 0
    copies = {} if len(scopes) < 2 else await store.copies(added, scopes)
    # No await from here to the end, so that two copies cannot be added at the same time.
    if not copies and not store.has_folded_rows:
        return rows.merge_rows(added)
    return rows.merge(
        (row_id, second)
        for row_id, second in added.as_keys()
        if all(rows.index_of(copy, second) is None for copy in copies.get(row_id, ()))
        and all(rows.index_of(*key) is None for key in store.other_keys(row_id))
    )
