"""Counts which terms of a line exclude rows: by the index, and by records for the terms that it cannot decide."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from typing import Final, NamedTuple

from ctui.model.event.record_view import RecordView
from ctui.model.filter.predicate import Predicate
from ctui.model.filter.terms import Excluder, Outside, asks_for_new
from ctui.store.blocks.block import NotReadable
from ctui.store.blocks.block_scan import TextSearch
from ctui.store.index.conditions import in_range, plan_of
from ctui.store.index.connections import first_seen_of, records_of, word_sets_of
from ctui.store.index.rows import ROW, event_of
from ctui.store.index.snapshot import snapshot

_BY_INDEX: Final = 20_000
"""Rows counted in one portion if the index decides every term."""
_BY_RECORD: Final = 10_000
"""Rows counted in one portion if records have to be searched."""
_READ_ROW: Final = f"SELECT {ROW}, scope.region FROM event JOIN scope ON scope.id = event.scope WHERE event.id = ?"


class Excluded(NamedTuple):
    """What excludes the rows of a portion."""

    scanned: int
    """How many rows were counted, from the first on."""
    counts: list[tuple[tuple[Excluder, ...], int]]
    """The terms that exclude a row, all that do, with the number of such rows; without those that match."""


def count_excluders(connection: sqlite3.Connection, predicate: Predicate, ids: Sequence[int]) -> Excluded:
    """Count what excludes the next of these rows."""
    word_sets_of(connection).trim()
    if any(map(asks_for_new, predicate.terms)):
        predicate = replace(predicate, new=first_seen_of(connection))
    with snapshot(connection):
        return _count(connection, predicate, ids)


def _count(connection: sqlite3.Connection, predicate: Predicate, ids: Sequence[int]) -> Excluded:
    excluders: list[Excluder] = list(predicate.terms)
    plans = [plan_of(connection, (term,), None, None) for term in predicate.terms]
    conditions = [plan.must for plan in plans]
    if predicate.first is not None or predicate.last is not None:
        excluders.append(Outside.RANGE)
        conditions.append(in_range(predicate.first, predicate.last))
    some = ids[: _BY_INDEX if all(plan.exact for plan in plans) else _BY_RECORD]
    # << binds as loosely as |, from left to right.
    bits = " | ".join(f"((coalesce({sql}, FALSE) = 0) << {bit})" for bit, sql in enumerate(conditions)) or "0"
    unread = [bit for bit, plan in enumerate(plans) if not plan.exact]
    joined = "FROM json_each(?) AS wanted CROSS JOIN event ON event.id = wanted.value"
    counts = Counter[int]()
    if not unread:
        rows = connection.execute(
            f"SELECT {bits} AS failed, count(*) {joined} GROUP BY failed", (json.dumps(list(some)),)
        )
        counts.update(dict(rows.fetchall()))
    else:
        terms = [plans[bit].record_terms[0] for bit in unread]
        searches = [TextSearch.of(term.clauses) for term in terms]
        unless = "".join(f", coalesce({term.unless}, FALSE)" for term in terms)
        query = f"SELECT {bits}, event.id, block, ordinal{unless} {joined}"
        with closing(connection.execute(query, (json.dumps(list(some)),))) as cursor:
            for failed, row_id, *address in cursor:
                view, left = None, failed
                for bit, search, known in zip(unread, searches, address[2:], strict=True):
                    if failed >> bit & 1 and (known or _may_match(connection, address[:2], search)):
                        view = view or _view(connection, predicate, row_id)
                        left &= ~(int(predicate.tests[bit][1](view)) << bit)
                counts[left] += 1
    by_terms = [
        (tuple(excluder for bit, excluder in enumerate(excluders) if failed >> bit & 1), number)
        for failed, number in counts.items()
        if failed
    ]
    return Excluded(len(some), by_terms)


def _view(connection: sqlite3.Connection, predicate: Predicate, row_id: int) -> RecordView:
    *row, region = connection.execute(_READ_ROW, (row_id,)).fetchone()
    return predicate.view(event_of(connection, row), region)


def _may_match(connection: sqlite3.Connection, address: Sequence[object], search: TextSearch) -> bool:
    try:
        return search.may_match(records_of(connection).read_bytes(*address))
    except NotReadable:
        return True
