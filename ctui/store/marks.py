"""Marks: what a person put on events to find them again, each with a note. Pruning keeps every marked event.

A mark belongs to a row. All rows of one event have it: the service may return an event in several Regions, and one of
its rows is shown.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ctui.errors import StoreError
from ctui.model.connection import FILES, Scope
from ctui.store.columns import packed, unpacked, unpacked_id
from ctui.store.scopes import SCOPE_ID, scope_values
from ctui.store.search import Key

MOST_MARKS = 10_000
"""Marked rows of one store at most, because pruning keeps them: of usual events about 20 MB."""
NOTE_LENGTH = 500
"""Characters of a note at most."""
NOT_MARKED = "id NOT IN (SELECT event FROM mark)"
"""SQL for the events that pruning may delete."""
_IN_FILES = f"substr({{}}.origin, 1, {len(FILES)}) = '{FILES}'"
_SAME_ORIGIN = f"({{0}}.origin = {{1}}.origin OR {_IN_FILES.format('{0}')} OR {_IN_FILES.format('{1}')})"
"""SQL for two scopes in which the same ID is that of one event: that of log files is whichever API's it is."""
_ROWS_OF_EVENTS = (
    "SELECT other.id FROM event AS ours JOIN scope ON scope.id = ours.scope "
    f"JOIN scope AS elsewhere ON {_SAME_ORIGIN.format('elsewhere', 'scope')} "
    "JOIN event AS other ON other.scope = elsewhere.id AND other.event_id = ours.event_id "
    "WHERE ours.id IN (SELECT value FROM json_each(?))"
)
"""All rows of the events with these ids, the given ones included."""


class EventMark(NamedTuple):
    """A mark on one event."""

    made: int
    """Epoch second at which it was made."""
    note: str
    """What the person wrote; may be empty."""


class MarkedEvents(NamedTuple):
    """Which events are marked."""

    event_ids: frozenset[str] = frozenset()
    rows: frozenset[int] = frozenset()
    """Their row ids."""


def marks_of(connection: sqlite3.Connection, ids: Sequence[int]) -> dict[int, EventMark]:
    """The marks of the rows among these that have one."""
    rows = connection.execute(
        "SELECT event, made, note FROM mark WHERE event IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),)
    )
    return {row_id: EventMark(made, unpacked(note) or "") for row_id, made, note in rows}


def marked_keys(connection: sqlite3.Connection, scope: Scope) -> list[Key]:
    """The marked rows of a scope, newest first."""
    rows = connection.execute(
        f"SELECT event.id, time FROM mark JOIN event ON event.id = mark.event WHERE scope = {SCOPE_ID} "
        "ORDER BY time DESC, event.id",
        scope_values(scope),
    )
    return [Key(*row) for row in rows]


def marked_events(connection: sqlite3.Connection) -> MarkedEvents:
    """All marked events, of every scope."""
    rows = connection.execute("SELECT event_id, event.id FROM mark JOIN event ON event.id = mark.event").fetchall()
    return MarkedEvents(frozenset(unpacked_id(event_id) for event_id, _ in rows), frozenset(row for _, row in rows))


def mark(connection: sqlite3.Connection, ids: Sequence[int], made: int, note: str | None = None) -> None:
    """Mark the events of these rows. Call it inside a transaction.

    A mark that is there keeps its time. `note` replaces the notes; with None they stay. Rows that are not stored are
    left out. Raises ValueError if the note is too long, and StoreError if there are too many marks.
    """
    if note is not None and len(note) > NOTE_LENGTH:
        raise ValueError(f"a note of more than {NOTE_LENGTH} characters")
    keep_note = "NOTHING" if note is None else "UPDATE SET note = excluded.note"
    connection.execute(
        f"INSERT INTO mark SELECT id, ?, ? FROM ({_ROWS_OF_EVENTS}) WHERE TRUE ON CONFLICT (event) DO {keep_note}",
        (made, packed(note or ""), json.dumps(list(ids))),
    )
    (marked,) = connection.execute("SELECT count(*) FROM mark").fetchone()
    if marked > MOST_MARKS:
        raise StoreError(
            "Marks",
            f"These events were not marked: the store keeps {MOST_MARKS:,} marked events at most.",
            "Remove marks that are no longer needed: is:marked shows them.",
        )


def unmark(connection: sqlite3.Connection, ids: Sequence[int]) -> None:
    """Remove the marks of the events of these rows, with their notes. Call it inside a transaction."""
    connection.execute(f"DELETE FROM mark WHERE event IN ({_ROWS_OF_EVENTS})", (json.dumps(list(ids)),))


def mark_new_copies(connection: sqlite3.Connection, scope_row: int, added: Sequence[int]) -> None:
    """Mark the rows just added to a scope whose event is marked in another Region. Call it inside a transaction.

    It begins with the marks, which are few or none: to begin with the scope reads all its events for each page.
    """
    connection.execute(
        "INSERT INTO mark SELECT copy.id, made, note FROM mark CROSS JOIN event AS marked ON marked.id = mark.event "
        "JOIN scope AS theirs ON theirs.id = marked.scope "
        f"JOIN scope AS ours ON {_SAME_ORIGIN.format('ours', 'theirs')} "
        "CROSS JOIN event AS copy ON copy.scope = ours.id AND copy.event_id = marked.event_id "
        "WHERE ours.id = ? AND copy.id IN (SELECT value FROM json_each(?)) ON CONFLICT (event) DO NOTHING",
        (scope_row, json.dumps(list(added))),
    )


def fold_marks(connection: sqlite3.Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Move marks from rows that are deleted to the rows that stay, given as (deleted, kept). Call it in the transaction
    that deletes them.

    If both are marked, the earlier time counts, and notes that differ are joined.
    """
    for deleted, kept in pairs:
        marks = marks_of(connection, (deleted, kept))
        if (moved := marks.get(deleted)) is None:
            continue
        there = marks.get(kept, moved)
        notes = dict.fromkeys(note for note in (there.note, moved.note) if note)
        connection.execute("DELETE FROM mark WHERE event = ?", (deleted,))
        connection.execute(
            "INSERT OR REPLACE INTO mark VALUES (?, ?, ?)",
            (kept, min(there.made, moved.made), packed(" / ".join(notes))),
        )
