"""MarksWithFiles: marks on events of log files. The store keeps each such event itself, so that it outlives the files.

It is stored under the scope of its tree and carries the mark there, as an event of the API does. So the mark is there
for the next index of the tree, for another tree with the same event, and for the event as the API returns it.
"""

import sqlite3
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from ctui.core.files.log_files import LogFiles
from ctui.core.files.same_events import SameEvents
from ctui.core.files.sources_of_rows import STORE, by_source, rows_of_store
from ctui.errors import FilesError
from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import tree_of
from ctui.store import marks, writing
from ctui.store.columns import unpacked, unpacked_id
from ctui.store.index.rows import new_row
from ctui.store.marks import EventMark, MarkedEvents
from ctui.store.scopes import SCOPE_ID, scope_values
from ctui.store.search import Key


class _Marked(NamedTuple):
    version: int
    """What SQLite says of changes by other connections; marks are read again when it is another number."""
    marks: dict[int, EventMark]
    """By the digest of the event ID."""
    rows: dict[int, list[int]]
    """By digest, the stored rows that are marked."""


class MarksWithFiles(SameEvents):
    """Reads and writes marks of rows of the store and of trees."""

    _marked: _Marked | None = None

    async def mark(self, ids: Sequence[int], made: int, note: str | None = None) -> None:
        """As EventStore.mark. Raises FilesError if the event cannot be read in its file."""
        events = [(tree.scope, await self._events(tree, some)) for tree, some in self._in_trees(ids)]
        if not events:
            return await super().mark(ids, made, note)
        own = rows_of_store(ids)

        def write(connection: sqlite3.Connection) -> None:
            new = [(scope, [new_row(*event) for event in of_tree]) for scope, of_tree in events]
            with writing.transaction(connection):
                added = [row for scope, rows in new for row in writing.add_page(connection, scope, rows, None)]
                stored = [*self._ids.all_stored(own), *(row.row_id for row in added)]
                marks.mark(connection, stored, made, note)

        await self._write(write)
        return None

    async def unmark(self, ids: Sequence[int]) -> None:
        """As EventStore.unmark. The events stay stored, as long as others of their age."""
        digests = {digest for tree, some in self._in_trees(ids) for digest in tree.digests(some)}
        of_trees = [row for digest, rows in self._all_marked().rows.items() if digest in digests for row in rows]
        await super().unmark([*rows_of_store(ids), *of_trees])

    def marks(self, ids: Sequence[int]) -> dict[int, EventMark]:
        """As EventStore.marks."""
        own = rows_of_store(ids)
        found = super().marks(own) if own else {}
        if len(own) < len(ids) and (known := self._all_marked().marks):
            for tree, some in self._in_trees(ids):
                pairs = zip(some, tree.digests(some), strict=True)
                found.update((row_id, known[digest]) for row_id, digest in pairs if digest in known)
        return found

    async def marked(self, scope: Scope) -> list[Key]:
        """As EventStore.marked: of a tree, marked events that its files have no longer are listed, too."""
        stored = await super().marked(scope)
        if (tree := self.tree(scope)) is None:
            return stored
        there = await tree.rows_of((await super().marked_events()).event_ids)
        kept = await self._search(lambda searcher: _ids_of(searcher, scope))
        keys = {key for rows in there.values() for key in rows}
        keys.update(key for key in stored if kept.get(key.row_id) not in there)
        return sorted(keys, key=attrgetter("order"))

    async def marked_events(self) -> MarkedEvents:
        """As EventStore.marked_events, with the rows of trees that have one of these events."""
        marked = await super().marked_events()
        if not marked.event_ids:
            return marked
        found = [await tree.rows_of(marked.event_ids) for tree in self.trees.values()]
        rows = (key.row_id for by_id in found for keys in by_id.values() for key in keys)
        return marked._replace(rows=marked.rows.union(rows))

    def event(self, row_id: int) -> Event:
        """As EventStore.event. Raises FilesError if the file of a row is gone or has changed, and the event was not
        marked while it was there."""
        if (tree := self.trees.get(tree_of(row_id))) is None:
            return super().event(row_id)
        try:
            return tree.event(row_id)
        except FilesError:
            (digest,) = tree.digests([row_id])
            kept = self._read(lambda reader: _ids_of(reader, tree.scope)) if digest else {}
            stored = next((row for row, event_id in kept.items() if event_digest(event_id) == digest), None)
            if stored is None:
                raise
            return super().event(stored)

    def _in_trees(self, ids: Sequence[int]) -> list[tuple[LogFiles, list[int]]]:
        """Those of these rows that are of trees."""
        return [
            (self.trees[number], [ids[index] for index in indexes])
            for number, indexes in by_source(ids).items()
            if number != STORE and number in self.trees
        ]

    async def _events(self, tree: LogFiles, ids: Sequence[int]) -> list[tuple[Event, str]]:
        """The events of these rows, each with its Region."""
        found: dict[int, tuple[Event, str]] = {}
        done = 0
        while done < len(ids):
            read = await tree.evaluate(ids[done:], lambda event, region: (event, region))
            found.update((ids[done + index], event) for index, event in read.results)
            done += read.scanned
        for row_id in ids:
            if row_id not in found:
                # It says why.
                found[row_id] = self.event(row_id), ""
        return list(found.values())

    def _all_marked(self) -> _Marked:
        self._marked = known = self._read(lambda reader: _read_marked(reader, self._marked))
        return known


def _read_marked(reader: sqlite3.Connection, known: _Marked | None) -> _Marked:
    (version,) = reader.execute("PRAGMA data_version").fetchone()
    if known is not None and known.version == version:
        return known
    found = _Marked(version, {}, {})
    rows = reader.execute("SELECT event.id, event_id, made, note FROM mark JOIN event ON event.id = mark.event")
    for row_id, event_id, made, note in rows:
        digest = event_digest(unpacked_id(event_id))
        found.marks[digest] = EventMark(made, unpacked(note) or "")
        found.rows.setdefault(digest, []).append(row_id)
    return found


def _ids_of(connection: sqlite3.Connection, scope: Scope) -> dict[int, str]:
    """The event IDs of the stored rows of a tree's scope: those that were marked."""
    rows = connection.execute(f"SELECT id, event_id FROM event WHERE scope = {SCOPE_ID}", scope_values(scope))
    return {row_id: unpacked_id(event_id) for row_id, event_id in rows}
