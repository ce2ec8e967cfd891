"""StoreWithFiles: the event store of a session that has trees of log files, too. A row id says whose row it is."""

import asyncio
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from heapq import nsmallest
from typing import TYPE_CHECKING, Final, TypeVar

from ctui.core.files.marks_with_files import MarksWithFiles
from ctui.core.files.sources_of_rows import STORE, by_source, only_source, rows_by_source, rows_of_store
from ctui.model.connection import ANY, Scope
from ctui.model.event.event import Event
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.sightings import FirstTimes
from ctui.model.filter.terms import Excluder
from ctui.model.log_files.row_ids import tree_of
from ctui.model.log_files.tree_state import FilePlace
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import LookupAttribute
from ctui.store.counting import CountQuery
from ctui.store.coverage import Coverage, Floor
from ctui.store.index.excluding import Excluded
from ctui.store.index.matching import Matched, Matcher
from ctui.store.index.table_line import StoredSummary
from ctui.store.reading import EVALUATED_AT_ONCE, Evaluated
from ctui.store.search import FILES_AT_ONCE, ROWS_AT_ONCE, Key, Rows, Search

if TYPE_CHECKING:
    from ctui.store.index.faceting import FacetCounter, FacetCounts

T = TypeVar("T")

_MIXED: Final = 16_384
"""Rows of several sources that are dealt with at once: taking them apart takes some milliseconds."""


class StoreWithFiles(MarksWithFiles):
    """Answers for rows of the event store and of trees, each by its own source. Methods raise FilesError, too.

    Rows of several sources come in one order, so an answer about the first of them needs the answers of all.
    """

    # Scopes.

    def scopes(self, origin: str) -> list[Scope]:
        """As EventStore.scopes: a tree is the one scope of its origin."""
        of_trees = [tree.scope for tree in self.trees.values() if tree.scope.origin == origin]
        return of_trees or super().scopes(origin)

    def has_events(self, scope: Scope) -> bool:
        """As EventStore.has_events."""
        return super().has_events(scope) if (tree := self.tree(scope)) is None else tree.state.events > 0

    def coverage(self, scope: Scope, attribute: LookupAttribute | None) -> Coverage:
        """As EventStore.coverage: of log files nothing is claimed."""
        return Coverage() if scope.in_files else super().coverage(scope, attribute)

    def floor(self, scope: Scope) -> Floor:
        """As EventStore.floor: nothing of log files is pruned."""
        return Floor(0, ANY) if scope.in_files else super().floor(scope)

    def counts(
        self, scope: Scope, attributes: Sequence[LookupAttribute], within: Stretch
    ) -> tuple[int, dict[LookupAttribute, int], int]:
        """As EventStore.counts: a tree is searched as a whole, so it needs no estimate."""
        return (0, {}, within.seconds) if scope.in_files else super().counts(scope, attributes, within)

    # Rows.

    async def find(self, search: Search, after: Key | None = None, limit: int = ROWS_AT_ONCE) -> Rows:
        """As EventStore.find."""
        tree = self.tree(search.scope)
        if tree is None or search.marked:
            return await super().find(search, after, limit)
        return await tree.find(search.stretch, search.attributes, after, limit, search.predicate)

    def file_of(self, row_id: int) -> FilePlace | None:
        """In which log file the record of a row stands; None for a row of the event store."""
        tree = self.trees.get(tree_of(row_id))
        return None if tree is None else tree.file_of(row_id)

    def latest(self, scope: Scope) -> int:
        """As EventStore.latest: the rows of a tree come in segments."""
        return super().latest(scope) if (tree := self.tree(scope)) is None else tree.latest

    async def find_new(self, search: Search, since: int) -> tuple[Rows, int]:
        """As EventStore.find_new."""
        if (tree := self.tree(search.scope)) is None:
            return await super().find_new(search, since)
        return await tree.find_new(since, search.stretch, search.attributes, search.predicate)

    async def match(self, matcher: Matcher, scopes: Sequence[Scope], rows: Rows) -> Matched:
        """As EventStore.match."""
        rows = rows.slice(0, FILES_AT_ONCE)
        if (number := only_source(rows.ids)) is not None:
            return await self._match(number, matcher, scopes, rows)
        rows = rows.slice(0, _MIXED)
        end, found, again, changes = len(rows.ids), list[int](), list[int](), matcher.changes
        for number, indexes in by_source(rows.ids).items():
            # What one of them does not reach, the others need not compare.
            some = indexes[: bisect_left(indexes, end)]
            if not some:
                continue
            matched = await self._match(number, matcher, scopes, rows.at(some))
            if matched.scanned < len(some):
                end = some[matched.scanned]
            found += (some[index] for index in matched.indexes)
            again += matched.again
            changes = matched.changes or changes
        return Matched(end, sorted(index for index in found if index < end), again, changes)

    async def _match(self, number: int, matcher: Matcher, scopes: Sequence[Scope], rows: Rows) -> Matched:
        if number == STORE:
            return await super().match(matcher, [scope for scope in scopes if not scope.in_files], rows)
        if (tree := self.trees.get(number)) is None:
            return Matched(len(rows.ids), ())
        stopped = threading.Event()
        try:
            matched = await tree.match(matcher.predicate, rows, stopped)
        except asyncio.CancelledError:
            stopped.set()
            raise
        return matched._replace(changes=matcher.changes)

    async def evaluate(self, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        """As EventStore.evaluate."""
        if (number := only_source(ids)) is not None:
            return await self._evaluate(number, ids, evaluation)
        ids = ids[:EVALUATED_AT_ONCE]
        results: list[tuple[int, T]] = []
        for number, indexes in by_source(ids).items():
            done = 0
            while done < len(indexes):
                read = await self._evaluate(number, [ids[index] for index in indexes[done:]], evaluation)
                results += ((indexes[done + index], result) for index, result in read.results)
                done += read.scanned
        return Evaluated(len(ids), sorted(results, key=lambda result: result[0]))

    async def _evaluate(self, number: int, ids: Sequence[int], evaluation: Callable[[Event, str], T]) -> Evaluated[T]:
        if number == STORE:
            return await super().evaluate(ids, evaluation)
        tree = self.trees.get(number)
        return Evaluated(len(ids), []) if tree is None else await tree.evaluate(ids, evaluation)

    async def excluders(self, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        """As EventStore.excluders."""
        if (number := only_source(ids)) is not None:
            return await self._excluders(number, predicate, ids)
        ids = ids[:_MIXED]
        counts: Counter[tuple[Excluder, ...]] = Counter()
        for number, indexes in by_source(ids).items():
            done = 0
            while done < len(indexes):
                excluded = await self._excluders(number, predicate, [ids[index] for index in indexes[done:]])
                counts.update(dict(excluded.counts))
                done += excluded.scanned
        return Excluded(len(ids), list(counts.items()))

    async def _excluders(self, number: int, predicate: Predicate, ids: Sequence[int]) -> Excluded:
        if number == STORE:
            return await super().excluders(predicate, ids)
        tree = self.trees.get(number)
        return Excluded(len(ids), []) if tree is None else await tree.excluders(predicate, ids)

    async def count_facets(self, counter: "FacetCounter", rows: Rows) -> "FacetCounts":
        """As EventStore.count_facets."""
        parts = rows_by_source(rows)
        counts = await super().count_facets(counter, parts.get(STORE, rows.slice(0, 0)))
        for number, part in parts.items():
            if (tree := self.trees.get(number)) is not None:
                found = await tree.count_facets(counter.columns, part.ids)
                counts = await self.add_facets(counter, part, found, await tree.failed(part.ids))
        return counts

    async def count_values(self, scopes: Sequence[Scope], query: CountQuery) -> list[tuple[str, int]]:
        """As EventStore.count_values."""
        trees = [tree for scope in scopes if (tree := self.tree(scope)) is not None]
        own = [scope for scope in scopes if not scope.in_files]
        found = [await super().count_values(own, query)] if own else []
        found += [await tree.count_values(query) for tree in trees]
        if len(found) == 1:
            return found[0]
        counts: Counter[str] = Counter()
        for values in found:
            counts.update(dict(values))
        return nsmallest(query.most, counts.items(), key=lambda pair: (-pair[1], pair[0]))

    async def first_times(self, row_id: int) -> FirstTimes | None:
        """As EventStore.first_times: in the row's own source."""
        tree = self.trees.get(tree_of(row_id))
        return await (super().first_times(row_id) if tree is None else tree.first_times(row_id))

    async def other_of_insight(self, row_id: int) -> datetime | None:
        """As EventStore.other_of_insight: in the row's own source."""
        tree = self.trees.get(tree_of(row_id))
        return await (super().other_of_insight(row_id) if tree is None else tree.other_of_insight(row_id))

    def summaries(self, ids: Sequence[int]) -> list[StoredSummary]:
        """As EventStore.summaries."""
        if (number := only_source(ids)) is not None:
            return self._summaries(number, ids)
        lines = {
            line.row_id: line
            for number, indexes in by_source(ids).items()
            for line in self._summaries(number, [ids[index] for index in indexes])
        }
        return [lines[row_id] for row_id in ids if row_id in lines]

    def _summaries(self, number: int, ids: Sequence[int]) -> list[StoredSummary]:
        if number == STORE:
            return super().summaries(ids)
        return [] if (tree := self.trees.get(number)) is None else tree.summaries(ids)

    async def read_far(self, ids: Sequence[int]) -> None:
        """As `LogFiles.read_far`."""
        for number, indexes in by_source(ids).items():
            if (tree := self.trees.get(number)) is not None:
                await tree.read_far([ids[index] for index in indexes])

    def unreadable(self, ids: Sequence[int]) -> set[int]:
        """As EventStore.unreadable: what of log files cannot be read has no row."""
        own = rows_of_store(ids)
        return super().unreadable(own) if own else set()

    def second(self, row_id: int) -> int | None:
        """As EventStore.second."""
        if (number := tree_of(row_id)) == STORE:
            return super().second(row_id)
        return None if (tree := self.trees.get(number)) is None else tree.second(row_id)

    def other_keys(self, row_id: int) -> list[Key]:
        """As EventStore.other_keys: rows of trees have one key."""
        return super().other_keys(row_id) if tree_of(row_id) == STORE else []
