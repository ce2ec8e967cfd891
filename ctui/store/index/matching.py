"""Finds which of a query's rows match a filter line: by the index where it can tell, else by the records in blocks."""

import json
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import compress
from threading import Event
from typing import Any, Final, NamedTuple

from ctui.model.filter.predicate import Predicate
from ctui.model.filter.terms import asks_for_new
from ctui.store.blocks.block import RECORDS, NotReadable
from ctui.store.blocks.block_scan import TextSearch, search_blocks
from ctui.store.index.conditions import FALSE, TRUE, Plan, plan_of
from ctui.store.index.connections import first_seen_of, records_of, word_sets_of
from ctui.store.index.first_seen import FirstSeen
from ctui.store.index.rows import ROW, event_of
from ctui.store.index.snapshot import snapshot
from ctui.store.search import Rows

FEW: Final = 1000
"""So many rows at most are compared one by one, by their ids."""
_MOST_BY_INDEX: Final = 250_000
"""Rows compared in one portion if the index decides: some ten milliseconds."""
_MOST_BY_RECORD: Final = 64_000
"""Rows whose records are searched for texts in one portion: about 100 MB of JSON, a tenth of a second."""
_RARE: Final = 20_000
"""If no more rows than these have a value, all of them are found in one portion."""
_SELECTIVE: Final = 2000
"""If the index leaves so few rows of a portion, their records are read instead of searching all blocks."""
_MANY_READ: Final = 2000
"""Records decoded in one portion after which the next one is smaller."""
_LOOKED_UP: Final = 500
"""Records found in blocks whose rows are looked up together."""
_RATIO: Final = 20
"""A row is searched among so many with bisect in the time in which each of them is looked up in a set."""
Found = Generator[tuple[int, Any], None, None]
"""(index among the rows, row) one by one. Close it: what is not read to its end holds up other statements."""
_COLUMNS: Final = f"event.id, event.time, scope.region, {ROW}"
_OF_EVENT: Final = 3
"""Where `ROW` begins in `_COLUMNS`."""


class Matched(NamedTuple):
    """What of a portion of rows matches."""

    scanned: int
    """How many of the rows were compared, from the first on."""
    indexes: Sequence[int]
    """Which of them match, in their order."""
    again: Sequence[int] = ()
    """Ids of rows to be compared again, if they were before: what the store has seen first is different now."""
    changes: tuple[FirstSeen, int] | None = None
    """For a line that asks what is new: how many changes of that are in `again`, or were before."""


@dataclass(slots=True)
class Matcher:
    """Compares the rows of one query with one line, in the searcher's thread and in portions."""

    predicate: Predicate
    portion: int = FEW
    """How many rows the next portion has at most, if records have to be read."""
    changes: tuple[FirstSeen, int] | None = None
    """`Matched.changes` of the portions that were not canceled: the caller keeps it together with what matched."""

    def match(
        self,
        connection: sqlite3.Connection,
        threads: ThreadPoolExecutor,
        scopes: Sequence[int],
        rows: Rows,
        stopped: Event,
    ) -> Matched:
        """Which of the next rows match. `scopes`: the ids of all scopes that they are of.

        Once `stopped` is set, it ends soon, and what it returns means nothing.
        """
        word_sets_of(connection).trim()
        if not any(map(asks_for_new, self.predicate.terms)):
            return self._match(connection, threads, scopes, rows, stopped)
        seen = first_seen_of(connection)
        seen.update()
        self.predicate = replace(self.predicate, new=seen)
        known, count = self.changes or (seen, len(seen.changes))
        matched = self._match(connection, threads, scopes, rows, stopped) if rows.ids else Matched(0, ())
        again = seen.changes[count:] if known is seen else ()
        return matched._replace(again=again, changes=(seen, len(seen.changes)))

    def _match(
        self,
        connection: sqlite3.Connection,
        threads: ThreadPoolExecutor,
        scopes: Sequence[int],
        rows: Rows,
        stopped: Event,
    ) -> Matched:
        # The plan knows words by their ids, and rows that are derived again get others.
        with snapshot(connection):
            plan = plan_of(connection, self.predicate.terms, self.predicate.first, self.predicate.last)
            if plan.impossible:
                return Matched(len(rows.ids), ())
            if plan.exact and len(rows.ids) > FEW:
                return _by_index(connection, plan, scopes, rows)
            most = FEW if plan.exact else self.portion
            rows = rows.slice(0, most)
            candidates = _Candidates(connection, plan, scopes, rows)
            listed = candidates.by_id() if len(rows.ids) <= FEW else candidates.by_record(threads, stopped)
            with closing(listed):
                return self._evaluate(connection, candidates, listed, stopped)

    def _evaluate(
        self,
        connection: sqlite3.Connection,
        candidates: "_Candidates",
        listed: Iterable[tuple[int, Any]],
        stopped: Event,
    ) -> Matched:
        found, read = list[int](), 0
        for index, (must, *row) in listed:
            if stopped.is_set():
                break
            if must:
                found.append(index)
            elif candidates.may_match(row):
                read += 1
                if self.predicate(event_of(connection, row[_OF_EVENT : _OF_EVENT + candidates.width]), row[2]):
                    found.append(index)
        if read > _MANY_READ:
            self.portion = max(FEW // 4, self.portion // 4)
        elif read < _MANY_READ // 4:
            self.portion = min(_MOST_BY_RECORD, self.portion * 4)
        return Matched(candidates.count, sorted(found))


class _Candidates:
    """The rows of a portion that may match, with what SQL knows of them."""

    width = ROW.count(",") + 1

    def __init__(self, connection: sqlite3.Connection, plan: Plan, scopes: Sequence[int], rows: Rows) -> None:
        self._connection = connection
        self._plan = plan
        self._scopes = scopes
        self._rows = rows
        self.count = len(rows.ids)
        self._searches = [TextSearch.of(term.clauses) for term in plan.record_terms]
        unless = (f"coalesce({term.unless}, FALSE)" for term in plan.record_terms)
        self._select = f"SELECT coalesce({plan.must}, FALSE), " + ", ".join((_COLUMNS, *unless))

    def by_id(self) -> Found:
        """Each row is looked up by its id."""
        cursor = self._connection.execute(
            self._select.replace("SELECT", "SELECT wanted.key,", 1) + " FROM json_each(?) AS wanted "
            "CROSS JOIN event ON event.id = wanted.value JOIN scope ON scope.id = event.scope "
            f"WHERE {self._plan.may}",
            (json.dumps(self._rows.ids.tolist()),),
        )
        return ((index, row) for index, *row in cursor)

    def by_record(self, threads: ThreadPoolExecutor, stopped: Event) -> Found:
        """Those that the index leaves, if they are few, else those whose blocks have the texts; by id if no text is
        known that they contain."""
        if self._plan.may != TRUE and self._is_selective():
            return self._by_index()
        alone = [term for term in self._plan.record_terms if term.unless == FALSE and term.clauses]
        if not alone:
            return self.by_id()
        return self._by_block(TextSearch.of(clause for term in alone for clause in term.clauses), threads, stopped)

    def may_match(self, row: Sequence[Any]) -> bool:
        """True unless the record of a row surely excludes it."""
        unless = row[_OF_EVENT + self.width :]
        if all(unless):
            return True
        try:
            record = records_of(self._connection).read_bytes(*row[_OF_EVENT + 4 : _OF_EVENT + 6])
        except NotReadable:
            return True
        return all(known or search.may_match(record) for known, search in zip(unless, self._searches, strict=True))

    def _within(self) -> str:
        return _within(self._scopes, self._rows)

    def _is_selective(self) -> bool:
        (left,) = self._connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM event WHERE {self._within()} AND {self._plan.may} LIMIT ?)",
            (_SELECTIVE + 1,),
        ).fetchone()
        return bool(left <= _SELECTIVE)

    def _by_index(self) -> Found:
        cursor = self._connection.execute(
            f"{self._select} FROM event JOIN scope ON scope.id = event.scope "
            f"WHERE {self._within()} AND {self._plan.may} ORDER BY event.time DESC, event.id"
        )
        return self._indexed(cursor)

    def _by_block(self, search: TextSearch, threads: ThreadPoolExecutor, stopped: Event) -> Found:
        newest, oldest = self._rows.second_at(0), self._rows.second_at(-1)
        ids = self._connection.execute(
            f"SELECT id FROM block WHERE scope IN ({_listed(self._scopes)}) AND newest >= ? AND oldest <= ?",
            (oldest, newest),
        ).fetchall()
        read = "SELECT id, escaped, odd, data FROM block WHERE id = ?"
        blocks = (self._connection.execute(read, block).fetchone() for block in ids)
        found: list[int] = []
        for block, ordinals in search_blocks(threads, blocks, search):
            if stopped.is_set():
                return
            found += (block * RECORDS + ordinal for ordinal in ordinals)
            if len(found) >= _LOOKED_UP:
                yield from self._at_addresses(found)
                found.clear()
        yield from self._at_addresses(found)

    def _at_addresses(self, addresses: Sequence[int]) -> Found:
        """The rows whose records stand there, each address as one number."""
        cursor = self._connection.execute(
            f"{self._select} FROM json_each(?) AS wanted CROSS JOIN event INDEXED BY event_by_block "
            f"ON event.block = wanted.value / {RECORDS} AND event.ordinal = wanted.value % {RECORDS} "
            f"JOIN scope ON scope.id = event.scope WHERE {self._within()} AND {self._plan.may}",
            (json.dumps(addresses),),
        )
        yield from self._indexed(cursor)

    def _indexed(self, rows: Iterable[Any]) -> Found:
        for row in rows:
            if (index := self._rows.index_of(row[1], row[2])) is not None:
                yield index, row


def _by_index(connection: sqlite3.Connection, plan: Plan, scopes: Sequence[int], rows: Rows) -> Matched:
    """Which rows of the next portion match a line that the index decides."""
    rarest, driver = min(
        ((_count(connection, driver, scopes), driver) for driver in plan.drivers), default=(_RARE + 1, None)
    )
    count = len(rows.ids) if rarest <= _RARE else min(len(rows.ids), _MOST_BY_INDEX)
    source = f"event INDEXED BY {driver[0]}" if driver is not None and rarest <= _RARE else "event"
    if count < len(rows.ids):
        # A row after them may be of the same second, and is found again with the next portion.
        rows = rows.slice(0, count)
    indexes, selected = list[int](), set[int]()
    # Aggregated in SQL, which holds no lock, as in `search.find`.
    for scope in scopes:
        ids, seconds = connection.execute(
            f"SELECT json_group_array(id), json_group_array(time) FROM (SELECT id, time FROM {source} "
            f"WHERE {_within((scope,), rows)} AND {plan.may})"
        ).fetchone()
        matching = json.loads(ids)
        if len(matching) * _RATIO < count:
            pairs = zip(matching, json.loads(seconds), strict=True)
            indexes += (index for pair in pairs if (index := rows.index_of(*pair)) is not None)
        else:
            selected.update(matching)
    if selected:
        indexes += compress(range(count), map(selected.__contains__, rows.ids))
    return Matched(count, sorted(indexes))


def _count(connection: sqlite3.Connection, driver: tuple[str, str], scopes: Sequence[int]) -> int:
    """How many rows a driver finds, if they are few."""
    index, condition = driver
    (count,) = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM event INDEXED BY {index} "
        f"WHERE scope IN ({_listed(scopes)}) AND {condition} LIMIT ?)",
        (_RARE + 1,),
    ).fetchone()
    return int(count)


def _within(scopes: Sequence[int], rows: Rows) -> str:
    """SQL for the events of these scopes in the seconds of these rows."""
    scope = f"= {scopes[0]}" if len(scopes) == 1 else f"IN ({_listed(scopes)})"
    return f"event.scope {scope} AND event.time >= {rows.second_at(-1)} AND event.time <= {rows.second_at(0)}"


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))
