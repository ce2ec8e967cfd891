"""SameEvents: finds one event in several sources: as the API has returned it, and in the log files of one tree or more.

It is found by its ID and its second. IDs stand in records, so rows are compared by a digest of it.
"""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from ctui.core.files.log_files import LogFiles
from ctui.core.files.sources_of_rows import STORE, rows_by_source, rows_of_store
from ctui.model.connection import Scope
from ctui.model.log_files.event_digest import event_digest
from ctui.model.log_files.row_ids import tree_of
from ctui.model.lookup.interval import Stretch
from ctui.store.columns import unpacked_id
from ctui.store.events import EventStore
from ctui.store.opening.opening import Opened
from ctui.store.scopes import SCOPE_ID, scope_values
from ctui.store.search import Rows

_Copies = dict[int, list[tuple[Scope, int]]]
"""By row, the scopes of other sources that hold its event, each with its row there."""


class SameEvents(EventStore):
    """An event store that knows which of its events trees have, too."""

    def __init__(self, opened: Opened, thread: ThreadPoolExecutor) -> None:
        super().__init__(opened, thread)
        self.trees: Mapping[int, LogFiles] = {}
        """The trees that are open, by their numbers, which their row ids have. Replaced as a whole, never changed."""

    def tree(self, scope: Scope) -> LogFiles | None:
        """The tree of a scope; None if the store has its rows, or if it is not open."""
        return next((tree for tree in self.trees.values() if tree.scope == scope), None) if scope.in_files else None

    async def copies(self, rows: Rows, scopes: Sequence[Scope]) -> dict[int, list[int]]:
        """As EventStore.copies."""
        found = {row_id: [row for _, row in others] for row_id, others in (await self._elsewhere(rows, scopes)).items()}
        own = rows_by_source(rows).get(STORE)
        in_store = _of_store(scopes)
        if own is not None and len(in_store) > 1:
            for row_id, others in (await super().copies(own, in_store)).items():
                found.setdefault(row_id, []).extend(others)
        return found

    async def scopes_holding(
        self, ids: Sequence[int], scopes: Sequence[Scope], *, least: int = 2
    ) -> dict[int, tuple[Scope, ...]]:
        """As EventStore.scopes_holding."""
        rows = Rows.of([(row_id, second) for row_id in ids if (second := self.second(row_id)) is not None])
        elsewhere = await self._elsewhere(rows, scopes)
        found = {row_id: {scope for scope, _ in others} for row_id, others in elsewhere.items()}
        own, in_store = rows_of_store(ids), _of_store(scopes)
        for row_id, holding in (await super().scopes_holding(own, in_store, least=1)).items() if own else ():
            found.setdefault(row_id, set()).update(holding)
        for row_id in ids:
            if (tree := self.trees.get(tree_of(row_id))) is not None and (row_id in found or least < 2):
                found.setdefault(row_id, set()).add(tree.scope)
        return {
            row_id: tuple(scope for scope in scopes if scope in holding)
            for row_id, holding in found.items()
            if len(holding) >= least
        }

    async def _elsewhere(self, rows: Rows, scopes: Sequence[Scope]) -> _Copies:
        """Where other sources than that of each row hold its event; rows without copies are left out."""
        found: _Copies = {}
        trees = {number: tree for number, tree in self.trees.items() if tree.scope in scopes}
        in_store = _of_store(scopes)
        for number, part in rows_by_source(rows).items():
            others = {other: tree for other, tree in trees.items() if other != number}
            if not others and (number == STORE or not in_store):
                continue
            digests = await self._digests(number, part)
            by_digest: dict[int, list[int]] = {}
            for row_id, digest in digests.items():
                by_digest.setdefault(digest, []).append(row_id)
            stretch = _stretch_of(part)
            there = [(tree.scope, await tree.rows_with(list(by_digest), stretch)) for tree in others.values()]
            if number != STORE:
                there += [(scope, await self._rows_with(by_digest.keys(), scope, stretch)) for scope in in_store]
            for scope, rows_there in there:
                for digest, others_there in rows_there.items():
                    for row_id in by_digest[digest]:
                        found.setdefault(row_id, []).extend((scope, other) for other in others_there)
        return found

    async def _digests(self, number: int, rows: Rows) -> dict[int, int]:
        """The digest of the event ID of each row of one source."""
        if number != STORE:
            tree = self.trees.get(number)
            return {} if tree is None else dict(zip(rows.ids, tree.digests(rows.ids), strict=True))

        def read(searcher: sqlite3.Connection, stored: Sequence[int]) -> dict[int, int]:
            found = searcher.execute(
                "SELECT event.id, event.event_id FROM json_each(?) AS wanted JOIN event ON event.id = wanted.value",
                (json.dumps(list(stored)),),
            )
            digests = {row_id: event_digest(unpacked_id(event_id)) for row_id, event_id in found}
            pairs = zip(rows.ids, stored, strict=True)
            return {row_id: digests[there] for row_id, there in pairs if there in digests}

        return await self._search_rows(rows.ids, read)

    async def _rows_with(self, digests: Collection[int], scope: Scope, stretch: Stretch) -> dict[int, list[int]]:
        """By digest, the stored rows of a scope in a stretch whose events' IDs have it, by every id they have had."""

        def read(searcher: sqlite3.Connection) -> dict[int, list[int]]:
            rows = searcher.execute(
                f"SELECT id, event_id FROM event WHERE scope = {SCOPE_ID} AND time >= ? AND time < ?",
                (*scope_values(scope), stretch.start, stretch.end),
            )
            found: dict[int, list[int]] = {}
            for row_id, event_id in rows:
                if (digest := event_digest(unpacked_id(event_id))) in digests:
                    found.setdefault(digest, []).append(row_id)
            return found

        found = await self._search(read)
        return {digest: [one for row in rows for one in self._ids.all_given([row])] for digest, rows in found.items()}


def _of_store(scopes: Sequence[Scope]) -> list[Scope]:
    return [scope for scope in scopes if not scope.in_files]


def _stretch_of(rows: Rows) -> Stretch:
    """The seconds of these rows, in whatever order they are."""
    return Stretch(-max(rows.negated), 1 - min(rows.negated))
