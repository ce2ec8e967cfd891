"""Derives rows of older rules again, from their records, some at a time."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from ctui.model.event.record_view import RecordView
from ctui.store.blocks.block import NotReadable
from ctui.store.index.connections import records_of, writing_of
from ctui.store.index.dictionary import delete_unused
from ctui.store.index.index_row import INDEX_COLUMNS, OLDER_ROWS, derive
from ctui.store.index.rows import ROW, event_of
from ctui.store.index.table_line import DERIVATION

_AT_ONCE: Final = 300
"""Rows derived in one transaction: some ten milliseconds."""
_SENT: Final = 1 + [column.name for column in INDEX_COLUMNS].index("resources")
"""So many columns hold what the service sent, which no rule changes."""
_DERIVED: Final = INDEX_COLUMNS[_SENT:]
_KINDS: Final = 2
_ADDRESS: Final = slice(4, 6)
_WORDS: Final = 7 + _SENT
"""Where `ROW` has the kinds, the address of the record, and the first word that is derived."""
_UPDATE: Final = (
    f"UPDATE event SET derived = ?, kinds = ?, {', '.join(f'{column.name} = ?' for column in _DERIVED)} WHERE id = ?"
)


def derive_some(connection: sqlite3.Connection) -> bool:
    """Derive some rows of older rules again; False if there are none. Call it inside a transaction, until then.

    Rows of newer rules stay: the ctui that has those rules may be running. A row whose record is damaged keeps what the
    index knows of it. Texts that only these rows had are deleted.
    """
    rows = connection.execute(
        f"SELECT {ROW}, scope.region FROM event JOIN scope ON scope.id = event.scope "
        f"WHERE event.id IN (SELECT id FROM {OLDER_ROWS} LIMIT ?) ORDER BY block, ordinal",
        (DERIVATION, _AT_ONCE),
    ).fetchall()
    written = [(*_derived(connection, row, region), row[0]) for *row, region in rows]
    connection.executemany(_UPDATE, ((DERIVATION, *row) for row in written))
    replaced = {
        column: sorted({row[_WORDS + at] for row in rows} - {row[1 + at] for row in written} - {None})
        for at, column in enumerate(_DERIVED)
        if column.ordered
    }
    delete_unused(connection, replaced)
    writing_of(connection).forget()
    return bool(rows)


def _derived(connection: sqlite3.Connection, row: Sequence[Any], region: str) -> Sequence[int | None]:
    """The kinds of a row and its words, by the rules of this version."""
    try:
        records_of(connection).read_bytes(*row[_ADDRESS])
    except NotReadable:
        return row[_KINDS], *row[_WORDS:]
    texts, kinds = derive(RecordView(event_of(connection, row), region))
    (words,) = writing_of(connection).ids([[*[None] * _SENT, *texts[_SENT:]]])
    return kinds, *words[_SENT:]
