"""Whatever is stored, folded, marked, deleted, moved and derived again, and by whom: a line finds what plain Python
finds, and no record and no text of the dictionary is lost."""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from support.examples import examples
from support.filter_trees import EVENTS, random_line
from support.stored import matching

from ctui.core.rows.row_index import RowIndex
from ctui.model.connection import PROVISIONAL_PREFIX, Scope
from ctui.model.event.event import Event
from ctui.model.event.summarize import summarize
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.terms import MARKED, Filter, negate
from ctui.model.lookup.interval import Stretch
from ctui.store import events as store_events
from ctui.store.events import EventStore
from ctui.store.index import dictionary, excluding, word_sets
from ctui.store.index import matching as index_matching
from ctui.store.index.index_row import INDEX_COLUMNS
from ctui.store.pruning import Retention
from ctui.store.search import Rows, Search

START = datetime(2026, 11, 21, tzinfo=UTC)
ACCOUNT = Scope("aws", "1", "eu-west-1")
ELSEWHERE = Scope("aws", "1", "us-east-1")
LOGIN = Scope("aws", f"{PROVISIONAL_PREFIX}login", "eu-west-1")
SCOPES = (ACCOUNT, ELSEWHERE, LOGIN)
SMALL = {
    index_matching: {"FEW": 3, "_MOST_BY_INDEX": 7, "_RARE": 3, "_SELECTIVE": 2, "_LOOKED_UP": 2, "_MANY_READ": 8},
    store_events: {"FEW": 3},
    word_sets: {"MANY": 2, "_SETS": 2, "_WORDS": 6},
    excluding: {"_BY_INDEX": 7, "_BY_RECORD": 5},
}
"""Limits as low as a store of a few dozen events needs to reach them."""

seeds = st.integers(0, 2**16)
_AT_ONCE = 6
"""Lines that are compared in one step."""


def random_page(seed: int) -> list[Event]:
    """Up to 30 events, some of which other pages may have too."""
    choose = Random(seed)
    return [
        replace(
            choose.choice(EVENTS),
            event_id=f"e{choose.randint(1, 80)}",
            time=START + timedelta(seconds=choose.randint(0, 12)),
        )
        for _ in range(choose.randint(0, 30))
    ]


def random_lines(seed: int) -> list[Filter]:
    """Lines of every sort, also about marks, and such as match an empty record."""
    choose = Random(seed)
    some = [random_line(choose) for _ in range(_AT_ONCE - 1)]
    marked = choose.choice([MARKED, negate(MARKED)])
    return [*some, choose.choice([*some, Filter(), parse_filter("/x?/"), parse_filter("*")]).with_terms([marked])]


@dataclass
class Entry:
    """An event of one scope, with every id of its row."""

    event: Event
    ids: set[int]


class IndexMachine(RuleBasedStateMachine):
    """Two processes have a store open; the first one shows every row that it has heard of."""

    digest: Callable[[Any], int] | None = None
    """The digest of texts, if not the true one."""

    def __init__(self) -> None:
        super().__init__()
        self.patched = pytest.MonkeyPatch()
        for module, limits in SMALL.items():
            for name, value in limits.items():
                self.patched.setattr(module, name, value)
        if self.digest is not None:
            self.patched.setattr(dictionary, "digest_of", type(self).digest)
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.model: dict[Scope, dict[str, Entry]] = {scope: {} for scope in SCOPES}
        self.marked: set[str] = set()
        self.shown = RowIndex()
        self.folded = False

    @initialize(seed=seeds)
    def open(self, seed: int) -> None:
        path = Path(self.folder.name) / "home" / "events.db"
        self.stores = [self.runner.run(EventStore.open(path)) for _ in range(2)]
        for number, scope in enumerate(SCOPES):
            self.add(scope, random_page(seed + number), number % 2)

    def teardown(self) -> None:
        for store in getattr(self, "stores", ()):
            self.runner.run(store.close())
        self.runner.close()
        self.patched.undo()
        self.folder.cleanup()

    def here(self, scope: Scope) -> Scope:
        """Where a scope's events are."""
        return ACCOUNT if self.folded and scope is LOGIN else scope

    @rule(scope=st.sampled_from(SCOPES), seed=seeds, by=st.integers(0, 1))
    def add_page(self, scope: Scope, seed: int, by: int) -> None:
        self.add(scope, random_page(seed), by)

    def add(self, scope: Scope, events: list[Event], by: int) -> None:
        """A page of a scope arrives."""
        added = self.runner.run(self.stores[by].add_page(scope, events))
        entries = self.model[self.here(scope)]
        for event, row in zip(events, added, strict=True):
            assert row.new is (event.event_id not in entries)
            entries.setdefault(event.event_id, Entry(event, set())).ids.add(row.row_id)
        self.shown.merge([(row.row_id, row.second) for row in added])

    @precondition(lambda self: not self.folded)
    @rule(shown=st.booleans())
    def alias(self, shown: bool) -> None:
        self.runner.run(self.stores[0].alias_account(LOGIN, ACCOUNT.account, account_is_shown=shown))
        self.folded = True
        for event_id, entry in self.model.pop(LOGIN).items():
            kept = self.model[ACCOUNT].setdefault(event_id, entry)
            kept.ids |= entry.ids

    @rule(numbers=st.lists(st.integers(1, 80), max_size=4), by=st.integers(0, 1), off=st.booleans())
    def mark(self, numbers: list[int], by: int, off: bool) -> None:
        wanted = {f"e{number}" for number in numbers}
        ids = [row for event_id, row in self.rows_in_file() if event_id in wanted]
        there = {event_id for entries in self.model.values() for event_id in entries}
        store = self.stores[by]
        self.runner.run(store.unmark(ids) if off else store.mark(ids, 1))
        self.marked = self.marked - wanted if off else self.marked | (wanted & there)

    @rule(second=st.integers(-10, 13), by=st.integers(0, 1))
    def prune(self, second: int, by: int) -> None:
        now = int(START.timestamp()) + second
        pruned = self.runner.run(self.stores[by].prune(Retention(max_age=0, max_bytes=None), now))
        gone = [
            (entries, event_id)
            for entries in self.model.values()
            for event_id, entry in entries.items()
            if entry.event.time < START + timedelta(seconds=second) and event_id not in self.marked
        ]
        assert pruned == len(gone)
        for entries, event_id in gone:
            del entries[event_id]

    @rule(by=st.integers(0, 1))
    def compact(self, by: int) -> None:
        self.runner.run(self.stores[by].prune(Retention(), None))

    @rule(part=st.integers(0, 2))
    def age(self, part: int) -> None:
        """An older ctui wrote some rows, by other rules."""
        wrong = ", ".join(
            f"{column.name} = (SELECT min(id) FROM word WHERE field = {column.number})" for column in INDEX_COLUMNS[6:]
        )
        self.stores[0]._opened.writer.execute(
            f"UPDATE event SET derived = 0, kinds = ~kinds & 65535, {wrong} WHERE id % 3 = ?", (part,)
        )

    @rule()
    def derive(self) -> None:
        while self.runner.run(self.stores[0].derive_step()):
            pass

    @rule(seed=seeds)
    def match(self, seed: int) -> None:
        for line in random_lines(seed):
            self.match_line(line)

    def match_line(self, line: Filter) -> None:
        predicate = compile_filter(line, START, frozenset(self.marked))
        plainly = {row for row, (scope, event) in self.alive().items() if predicate(event, scope.region)}
        scopes = (ACCOUNT, ELSEWHERE, LOGIN)
        rows = Rows(self.shown.rows.ids[:], self.shown.rows.negated[:])
        found = self.runner.run(matching(self.stores[0], scopes, rows, predicate))
        assert found == [row for row in rows.ids if row in plainly]

    @rule(seed=seeds)
    def count_excluders(self, seed: int) -> None:
        for line in random_lines(seed):
            self.count_line(line)

    def count_line(self, line: Filter) -> None:
        predicate = compile_filter(line, START, frozenset(self.marked))
        alive = self.alive()
        told = Counter(frozenset(predicate.excluders(event, scope.region)) for scope, event in alive.values())
        counted = self.runner.run(self.excluded(predicate))
        assert counted == Counter({excluders: number for excluders, number in told.items() if excluders})

    async def excluded(self, predicate: Predicate) -> Counter[frozenset[object]]:
        counted, left = Counter[frozenset[object]](), self.shown.ids[:]
        while left:
            excluded = await self.stores[0].excluders(predicate, left)
            counted.update({frozenset(excluders): number for excluders, number in excluded.counts})
            left = left[excluded.scanned :]
        return counted

    @rule()
    def read(self) -> None:
        alive = self.alive()
        lines = {line.row_id: line.summary for line in self.stores[0].summaries(self.shown.ids)}
        assert lines == {row: summarize(event, scope.region) for row, (scope, event) in alive.items()}
        for row, (_, event) in alive.items():
            assert self.stores[0].event(row) == event
        for scope, entries in self.model.items():
            found = self.runner.run(self.stores[0].find(Search(scope, Stretch(-(2**40), 2**40))))
            assert sorted(self.stores[0].event(row).event_id for row in found.ids) == sorted(entries)

    @rule()
    def look_inside(self) -> None:
        """Each block counts its events, and each word of an event is in the dictionary; each word that has an index is
        of an event, or was folded."""
        with closing(self.stores[0]._opened.searcher.cursor()) as cursor:
            live = cursor.execute(
                "SELECT live, records, (SELECT count(*) FROM event WHERE block = block.id) FROM block"
            ).fetchall()
            assert all(0 < claimed == counted <= records for claimed, records, counted in live)
            for column in INDEX_COLUMNS:
                (lost,) = cursor.execute(
                    f"SELECT count(*) FROM event WHERE {column.name} IS NOT NULL "
                    f"AND {column.name} NOT IN (SELECT id FROM word)"
                ).fetchone()
                assert lost == 0
            (stray,) = cursor.execute("SELECT count(*) FROM member WHERE word NOT IN (SELECT id FROM word)").fetchone()
            assert stray == 0
            (blocks,) = cursor.execute(
                "SELECT count(*) FROM event JOIN block ON block.id = event.block WHERE event.scope <> block.scope"
            ).fetchone()
            assert blocks == 0
        assert not any(one.in_transaction for one in (self.stores[0]._opened.searcher, self.stores[0]._opened.reader))

    def alive(self) -> dict[int, tuple[Scope, Event]]:
        """The rows that are stored, by every id of theirs that is shown."""
        shown = set(self.shown.ids)
        return {
            row: (scope, entry.event)
            for scope, entries in self.model.items()
            for entry in entries.values()
            for row in entry.ids & shown
        }

    def rows_in_file(self) -> Iterator[tuple[str, int]]:
        """The event ID of each row, and its id in the file, which every process knows."""
        for entries in self.model.values():
            for event_id, entry in entries.items():
                yield event_id, self.stores[0]._ids.stored(max(entry.ids))


class CollidingMachine(IndexMachine):
    """All texts have one digest."""

    @staticmethod
    def digest(text: str | bytes) -> int:
        return 7


@pytest.mark.parametrize(("machine", "count"), [(IndexMachine, 30), (CollidingMachine, 15)])
def test_the_index_finds_what_plain_python_finds(machine: type[IndexMachine], count: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(max_examples=examples(count), stateful_step_count=20, deadline=None),
    )
