"""Pruning can be called at any time, by anybody: it is a quick look, and brings down what the disk really holds."""

import asyncio
import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.real_records import event_of
from support.stored import found_keys, incompressible, insert

from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretch, Stretches
from ctui.store.coverage import Claim
from ctui.store.events import EventStore
from ctui.store.pruning import LOG_BYTES, Retention
from ctui.store.pruning import _drop_oldest as drop_oldest
from ctui.store.search import Search
from ctui.store.writing import transaction

SCOPE = Scope("aws", "111111111111", "eu-west-1")
MIB = 1024**2


def body(seed: int) -> str:
    return json.dumps({"x": incompressible(4500, seed)})


async def fill(store: EventStore, count: int) -> None:
    """One event a second, all in one transaction, and all claimed."""
    page = [
        event_of(body(second), event_id=f"e{second}", time=datetime.fromtimestamp(second, UTC))
        for second in range(count)
    ]
    await store.add_page(SCOPE, page, claim=Claim(None, Stretch(0, count), None, count + 3600))


def on_disk(path: Path) -> int:
    return sum(file.stat().st_size for file in (path, path.with_name(f"{path.name}-wal")))


@pytest.mark.parametrize(
    "retention",
    [Retention(), Retention(max_age=1000), Retention(max_bytes=50 * MIB), Retention(None, None)],
)
async def test_where_nothing_is_to_be_done_nobody_is_waited_for(
    store: EventStore, path: Path, retention: Retention
) -> None:
    await fill(store, 10)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("DELETE FROM event")
    assert await store.prune(retention, now=500) == 0
    other.execute("ROLLBACK")
    other.close()


@pytest.mark.parametrize(
    ("limit", "room"), [(None, None), (0, 0), (4 * MIB, 3 * MIB), (2048 * MIB, 2048 * MIB - LOG_BYTES)]
)
def test_the_log_has_its_part_of_the_bound(limit: int | None, room: int | None) -> None:
    assert Retention(max_bytes=limit).file_bytes == room


@pytest.mark.parametrize("retention", [Retention(max_age=1500), Retention(max_age=1500, max_bytes=None)])
async def test_what_is_let_go_for_its_age_frees_the_disk(store: EventStore, path: Path, retention: Retention) -> None:
    await fill(store, 2000)
    before = on_disk(path)
    assert await store.prune(retention, now=3000) == 1500
    assert on_disk(path) < before / 3


async def test_a_clock_that_is_years_ahead_does_not_forbid_claims_until_its_time_has_come(store: EventStore) -> None:
    await fill(store, 10)
    assert await store.prune(Retention(max_age=1), now=10**9) == 10
    assert store.coverage(SCOPE, None).complete == Stretches()
    await fill(store, 20)
    assert store.coverage(SCOPE, None).complete == Stretches.of(Stretch(10, 20))


async def test_a_log_that_is_being_read_is_left_until_the_next_time(store: EventStore, path: Path) -> None:
    await fill(store, 2000)
    reading = sqlite3.connect(path, isolation_level=None)
    reading.execute("BEGIN")
    reading.execute("SELECT count(*) FROM scope").fetchone()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("UPDATE block SET data = data || x'00'")
    other.close()
    limit = Retention(max_bytes=13 * MIB)
    assert on_disk(path) > 13 * MIB
    for _ in range(2):
        assert await store.prune(limit, now=5000) == 0, "all of it fits, once the log is folded into the file"
    reading.execute("ROLLBACK")
    reading.close()
    assert await store.prune(limit, now=5000) == 0
    assert path.with_name("events.db-wal").stat().st_size == 0
    assert len(await found_keys(store, Search(SCOPE, Stretch(0, 5000)))) == 2000


async def test_two_programs_prune_one_store_at_once(store: EventStore, path: Path) -> None:
    await fill(store, 3000)
    second = await EventStore.open(path)
    limit = Retention(max_bytes=4 * MIB)
    gone = await asyncio.gather(*(one.prune(limit, now=5000) for one in (store, second, store)))
    kept = [key.second for key in await found_keys(store, Search(SCOPE, Stretch(0, 5000)))]
    assert sum(gone) == 3000 - len(kept)
    assert kept == list(range(2999, 2999 - len(kept), -1))
    assert store.coverage(SCOPE, None).complete == Stretches.of(Stretch(kept[-1], 3000))
    assert 2 * MIB < on_disk(path) <= 4 * MIB
    assert [await one.prune(limit, now=5000) for one in (store, second)] == [0, 0]
    await second.close()


async def test_a_log_that_one_page_has_blown_up_shrinks_again(store: EventStore, path: Path) -> None:
    await fill(store, 12_000)
    log = path.with_name("events.db-wal")
    assert log.stat().st_size > 2 * LOG_BYTES
    await insert(store, SCOPE, [event_of("{}", event_id="next")])
    assert log.stat().st_size <= LOG_BYTES


async def test_the_log_takes_many_pages_before_it_is_copied_into_the_file(store: EventStore, path: Path) -> None:
    """The same pages of the indexes change with each page of events."""
    for number in range(40):
        keys = [f"AKIA{number * 50 + one}" for one in range(50)]
        await insert(store, SCOPE, [event_of("{}", event_id=key, access_key_id=key) for key in keys])
    log = path.with_name("events.db-wal").stat().st_size
    assert LOG_BYTES / 8 < log < LOG_BYTES
    assert on_disk(path) - log < 100_000, "nothing was copied yet but what opening has written"


async def test_the_oldest_of_all_regions_go_first(store: EventStore) -> None:
    scopes = [Scope("aws", "111111111111", region) for region in ("eu-west-1", "us-east-1", "us-west-2")]
    for number, scope in enumerate(scopes):
        page = [
            event_of("{}", event_id=f"e{second}", time=datetime.fromtimestamp(second, UTC))
            for second in range(number, 60, 3)
        ]
        (first, *_) = await insert(store, scope, page)
        if not number:
            await store.mark([first], 100)
    writer = store._opened.writer
    with transaction(writer):
        assert drop_oldest(writer, 10) == 11
    kept = [key.second for scope in scopes for key in await found_keys(store, Search(scope, Stretch(0, 60)))]
    assert sorted(kept) == [0, *range(12, 60)]
    with transaction(writer):
        assert drop_oldest(writer, 1000) == 48
        assert drop_oldest(writer, 1000) == 0


@pytest.mark.parametrize("line", ["SELECT 1 FROM scope CROSS JOIN", "SELECT time FROM event"])
async def test_no_event_that_is_kept_is_read_to_find_the_oldest(store: EventStore, line: str) -> None:
    await fill(store, 10)
    writer, seen = store._opened.writer, list[str]()
    writer.set_trace_callback(seen.append)
    await store.prune(Retention(max_age=3, max_bytes=None), now=10)
    with transaction(writer):
        drop_oldest(writer, 2)
    writer.set_trace_callback(None)
    asked = [one for one in seen if one.startswith(line)]
    assert asked
    plans = [detail for one in asked for *_, detail in writer.execute(f"EXPLAIN QUERY PLAN {one}")]
    assert any("event_by_time" in detail for detail in plans)
    assert not any(detail.startswith("SCAN event") or "TEMP B-TREE" in detail for detail in plans), plans
