"""Rows of older rules answer by their records until they are derived again, some at a time, and then by the index."""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.real_records import event_of
from support.stored import insert, matching

from ctui.model.connection import Scope
from ctui.model.event.event import Event, Resource
from ctui.model.event.summarize import summarize
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.lookup.interval import Stretch
from ctui.store.events import EventStore
from ctui.store.index import conditions, deriving, index_row, table_line
from ctui.store.index import matching as index_matching
from ctui.store.index import rows as index_rows
from ctui.store.index.conditions import plan_of
from ctui.store.index.table_line import DERIVATION
from ctui.store.search import Search
from ctui.store.writing import transaction

SCOPE = Scope("aws", "111111111111", "eu-west-1")
EVER = Search(SCOPE, Stretch(0, 4_000_000_000))
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
MARKED = (5, 6)
COUNT = 700
"""Of these, three steps derive all."""
LINES = (
    "error:AccessDenied",
    "-error:AccessDenied",
    "ip:198.51.100.7",
    "ip:198.51.100.0/28",
    "-ip:198.51.100.7",
    "user:user-3",
    "role:*",
    "agent:aws-cli*",
    "name:Get1 ip:198.51.100.7",
    "is:error",
    "-is:error",
    "is:write",
    "is:marked",
    "region:eu-west-1",
    "resource:bucket-2",
    "user-3",
    "AccessDenied OR ip:198.51.100.7",
    "ip:203.0.113.99",
    "error:OldRule",
)


def events() -> list[Event]:
    """Different events, newest first."""
    return [
        event_of(
            {
                "eventName": f"Get{number % 5}",
                "sourceIPAddress": f"198.51.100.{number % 40}",
                "userAgent": ("aws-cli/2", "console")[number % 2],
                "awsRegion": "eu-west-1",
                **({"errorCode": "AccessDenied"} if number % 7 == 0 else {}),
                "userIdentity": {"type": "IAMUser", "userName": f"user-{number % 9}"},
            },
            event_id=f"{number:08x}-0000-4000-8000-000000000000",
            time=NOON - timedelta(seconds=number),
            name=f"Get{number % 5}",
            source="s3.amazonaws.com",
            read_only=("true", "false")[number % 3 == 0],
            resources=(Resource("AWS::S3::Bucket", f"bucket-{number % 4}"),),
        )
        for number in range(COUNT)
    ]


EVENTS = events()


async def fill(path: Path) -> EventStore:
    """A store with the events, two of them marked; then other rules were in force when half of them were stored."""
    store = await EventStore.open(path)
    ids = await insert(store, SCOPE, EVENTS)
    assert ids == list(range(1, COUNT + 1))
    await store.mark(MARKED, 1793491200, "look")
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        for name, text in (("ip", "203.0.113.99"), ("error", '["OldRule"]'), ("agent", "old agent")):
            (field, digest) = file.execute(
                f"SELECT field, digest FROM word WHERE id = (SELECT max({name}) FROM event)"
            ).fetchone()
            word = file.execute(
                "INSERT INTO word (field, digest, text) VALUES (?, ?, ?) RETURNING id", (field, digest + 1, text)
            ).fetchone()[0]
            file.execute(f"UPDATE event SET {name} = ? WHERE id % 2", (word,))
        file.execute("UPDATE event SET kinds = ~kinds & 255 WHERE id % 2")
    return store


def raise_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on the rules are others than those of the stored rows."""
    for module in (conditions, deriving, index_row, index_rows, table_line):
        monkeypatch.setattr(module, "DERIVATION", DERIVATION + 1)


def predicate_of(line: str) -> Predicate:
    """A line, with the first marked events."""
    return compile_filter(parse_filter(line), NOON, {EVENTS[row - 1].event_id for row in MARKED})


async def answers(store: EventStore) -> dict[str, Sequence[int]]:
    """The rows that match each line, and what excludes the others."""
    found: dict[str, Sequence[int]] = {}
    rows = await store.find(EVER)
    for line in LINES:
        predicate = predicate_of(line)
        found[line] = await matching(store, [SCOPE], rows, predicate)
        excluded, left = 0, rows.ids
        while left:
            portion = await store.excluders(predicate, left)
            excluded += sum(count for _, count in portion.counts)
            left = left[portion.scanned :]
        assert excluded == len(rows.ids) - len(found[line]), line
    return found


def expected() -> dict[str, Sequence[int]]:
    """By the predicate alone."""
    predicates = {line: predicate_of(line) for line in LINES}
    return {
        line: [row for row, event in enumerate(EVENTS, 1) if predicate(event, SCOPE.region)]
        for line, predicate in predicates.items()
    }


def is_exact(store: EventStore, line: str) -> bool:
    """True if the index alone decides a line."""
    predicate = predicate_of(line)
    return plan_of(store._opened.searcher, predicate.terms, predicate.first, predicate.last).exact


def stale_words(path: Path) -> int:
    """How many texts are left that only rows of other rules had."""
    with closing(sqlite3.connect(path)) as file:
        (count,) = file.execute("SELECT count(*) FROM word WHERE text LIKE '%old%' OR text = '203.0.113.99'").fetchone()
    return int(count)


async def test_every_line_gives_the_same_rows_before_during_and_after(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await fill(path)
    assert not await store.derive_step()
    raise_derivation(monkeypatch)
    by_predicate, marks = expected(), store.marks(range(1, COUNT + 1))
    assert len(marks) == 2
    assert not is_exact(store, "is:error")
    assert stale_words(path) == 3
    assert await answers(store) == by_predicate
    steps = 0
    while await store.derive_step():
        steps += 1
        assert await answers(store) == by_predicate
        if steps == 1:
            # It goes on where it was, also after another start; others write in between.
            await store.close()
            store = await EventStore.open(path)
            await insert(store, Scope("aws", "222222222222", "eu-west-1"), EVENTS[:3])
    assert steps == 3
    assert is_exact(store, "is:error")
    assert await answers(store) == by_predicate
    assert stale_words(path) == 0
    assert store.marks(range(1, COUNT + 1)) == marks
    lines = [line.summary for line in store.summaries(range(1, COUNT + 1))]
    assert lines == [summarize(event, SCOPE.region) for event in EVENTS]
    assert [store.event(row) for row in range(1, COUNT + 1)] == EVENTS
    await store.close()


async def test_rows_that_are_derived_while_a_line_is_asked_are_found_by_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await fill(path)
    raise_derivation(monkeypatch)
    planned = 0

    def plan_and_derive(connection: sqlite3.Connection, *args: object) -> conditions.Plan:
        nonlocal planned
        plan = plan_of(connection, *args)  # type: ignore[arg-type]
        planned += 1
        with transaction(store._opened.writer):
            deriving.derive_some(store._opened.writer)
        return plan

    monkeypatch.setattr(index_matching, "plan_of", plan_and_derive)
    rows = await store.find(EVER)
    by_predicate = expected()
    for line in ("ip:198.51.100.7", "-error:AccessDenied", "is:error"):
        assert await matching(store, [SCOPE], rows, predicate_of(line)) == by_predicate[line]
    assert planned >= 3
    await store.close()


async def test_rows_of_newer_rules_and_of_damaged_records_stay_as_they_are(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await fill(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE block SET data = 'damaged' WHERE id = (SELECT block FROM event WHERE id = 2)")
        damaged = [row for (row,) in file.execute("SELECT id FROM event WHERE block = (SELECT min(id) FROM block)")]
        file.execute("UPDATE event SET derived = ? WHERE id = ?", (DERIVATION + 2, COUNT))
        (before,) = file.execute("SELECT json_group_array(json_array(ip, error, kinds)) FROM event WHERE id = 2")
    raise_derivation(monkeypatch)
    while await store.derive_step():
        pass
    with closing(sqlite3.connect(path)) as file:
        (after,) = file.execute("SELECT json_group_array(json_array(ip, error, kinds)) FROM event WHERE id = 2")
        derived = dict(file.execute("SELECT derived, count(*) FROM event GROUP BY derived"))
    assert after == before
    assert json.loads(after[0])[0][0] is not None
    assert 2 in damaged
    assert derived == {DERIVATION + 1: COUNT - 1, DERIVATION + 2: 1}
    await store.close()


async def test_what_is_new_is_worked_out_again_once_all_rows_are_derived(
    path: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fresh = await EventStore.open(tmp_path / "fresh.db")
    await insert(fresh, SCOPE, EVENTS)
    predicate = predicate_of("is:new")
    new = await matching(fresh, [SCOPE], await fresh.find(EVER), predicate)
    await fresh.close()
    store = await fill(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE event SET who = NULL WHERE id > 650")
    raise_derivation(monkeypatch)
    rows = await store.find(EVER)
    assert await matching(store, [SCOPE], rows, predicate) != new
    while await store.derive_step():
        pass
    assert await matching(store, [SCOPE], rows, predicate) == new
    await store.close()
