"""Records in blocks: each comes back byte for byte, and what is pruned gives its disk back."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of
from support.stored import found_keys, incompressible, insert

from ctui.model.connection import Scope
from ctui.model.lookup.interval import Stretch
from ctui.store.blocks.block import RECORDS, SEPARATOR, Entry, RecordReader, compress, decompress, write_blocks
from ctui.store.blocks.compaction import compact_step
from ctui.store.events import EventStore
from ctui.store.opening import schema
from ctui.store.pruning import Retention
from ctui.store.search import Search

SCOPE = Scope("aws", "111111111111", "eu-west-1")
OTHER = Scope("aws", "111111111111", "us-east-1")
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
EVER = Stretch(0, 2**40)
TEXTS = st.text(st.characters(exclude_categories=()), max_size=50) | st.sampled_from(
    ["", "\ud800", "\udfff\ud800", "ÿ", "\x00", "\xff", "\n", "{}", "a" * 300_000]
)


def database() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.create_tables(connection)
    connection.execute("INSERT INTO scope VALUES (1, 'aws', '1', 'r')")
    return connection


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=200))
def test_whatever_a_record_is_it_comes_back_as_it_was(records: list[str]) -> None:
    connection = database()
    addresses = write_blocks(connection, 1, [Entry(5, record) for record in records])
    reader = RecordReader(connection)
    assert [reader.read(*address) for address in addresses] == records
    assert len(set(addresses)) == len(records)
    assert max(address.ordinal for address in addresses) < RECORDS
    connection.close()


def test_a_record_is_never_read_together_with_megabytes_of_others() -> None:
    connection = database()
    write_blocks(connection, 1, [Entry(5, incompressible(100_000, number)) for number in range(20)])
    sizes = [len(decompress(data)) for (data,) in connection.execute("SELECT data FROM block")]
    assert sum(sizes) > 2_000_000
    assert max(sizes) < 2**18 + 100_000
    connection.close()


def test_records_that_are_alike_take_a_tenth_of_their_size() -> None:
    records = [f'{{"eventID":"{incompressible(30, n)}","userIdentity":{{"arn":"{"a" * 800}"}}}}' for n in range(64)]
    block = compress(records)
    assert len(block) < sum(map(len, records)) / 10
    assert decompress(block).count(SEPARATOR) == 63


def on_disk(path: Path) -> int:
    return path.stat().st_size + path.with_name(f"{path.name}-wal").stat().st_size


def blocks(path: Path) -> list[tuple[int, int]]:
    """How many records each block has, and how many of them are of an event."""
    with sqlite3.connect(path) as connection:
        return connection.execute("SELECT records, live FROM block ORDER BY newest DESC").fetchall()


async def test_small_blocks_become_full_ones_and_each_event_keeps_its_record(store: EventStore, path: Path) -> None:
    events = [
        event_of({"a": number}, event_id=f"e{number}", time=NOON - timedelta(seconds=number)) for number in range(60)
    ]
    ids = [row for event in events for row in await insert(store, SCOPE, [event])]
    others = [row for event in events[:3] for row in await insert(store, OTHER, [event])]
    assert len(blocks(path)) == 63
    assert await store.prune(Retention(), now=None) == 0
    assert sorted(blocks(path)) == [(1, 1), (1, 1), (1, 1), (60, 60)]
    assert [store.event(row) for row in ids] == events
    assert [store.event(row) for row in others] == events[:3]


async def test_a_block_of_which_a_quarter_is_deleted_is_written_again(store: EventStore, path: Path) -> None:
    events = [
        event_of({"a": number}, event_id=f"e{number}", time=NOON - timedelta(seconds=number)) for number in range(50)
    ]
    ids = await insert(store, SCOPE, events)
    now = int(NOON.timestamp())
    assert await store.prune(Retention(max_age=19), now) == 30
    assert blocks(path) == [(20, 20)]
    assert [store.event(row) for row in ids[:20]] == events[:20]
    assert await store.prune(Retention(max_age=0), now) == 19
    assert blocks(path) == [(1, 1)]
    assert await store.prune(Retention(max_age=-10), now) == 1
    assert blocks(path) == []


async def test_a_damaged_block_is_left_and_holds_up_no_other_block(store: EventStore, path: Path) -> None:
    for scope in (SCOPE, OTHER):
        for number in range(10):
            await insert(store, scope, [event_of({"a": number}, event_id=f"e{number}")])
    store._opened.writer.execute("UPDATE block SET data = x'00' WHERE id = 1")
    await store.prune(Retention(), now=None)
    assert sorted(blocks(path)) == [(1, 1), (9, 9), (10, 10)]


@pytest.mark.parametrize("length", [20_000, 2**17, 2**17 + 1, 2**18, 300_000])
def test_blocks_of_few_large_records_are_full(length: int) -> None:
    """They would become the same blocks again, forever."""
    connection = database()
    entries = [Entry(number, "a" * length) for number in range(120)]
    addresses = write_blocks(connection, 1, entries)
    assert compact_step(connection) is False
    for number, (block, ordinal) in enumerate(addresses):
        connection.execute(
            "INSERT INTO event (id, scope, time, kinds, derived, block, ordinal, event_id) "
            "VALUES (?, 1, ?, 0, 1, ?, ?, ?)",
            (number, number, block, ordinal, str(number)),
        )
    connection.execute("DELETE FROM event WHERE id % 3 = 0")
    for _ in range(10):
        if not compact_step(connection):
            break
    assert compact_step(connection) is False
    rows = connection.execute("SELECT block, ordinal FROM event").fetchall()
    assert len(rows) == 80
    assert all(RecordReader(connection).read(*address) == entries[0].record for address in rows)
    connection.close()


def test_nothing_to_join_writes_nothing() -> None:
    connection = database()
    assert compact_step(connection) is False
    assert connection.total_changes == 1
    connection.close()


@pytest.mark.parametrize("limit", [2_000_000, 4_000_000])
async def test_the_size_that_is_kept_holds_whatever_the_order_of_pages(
    store: EventStore, path: Path, limit: int
) -> None:
    """Every page spans all of the time, so that pruning the oldest leaves no block dead."""
    pages = [
        [
            event_of(
                {"x": incompressible(1500, 50 * page + number)},
                event_id=f"e{page}-{number}",
                time=NOON - timedelta(seconds=100 * number + page),
                access_key_id=f"KEY{page}-{number}",
            )
            for number in range(50)
        ]
        for page in range(60)
    ]
    for page in pages:
        await insert(store, SCOPE, page)
    assert on_disk(path) > 1.2 * limit
    pruned = await store.prune(Retention(max_bytes=limit), now=None)
    size = on_disk(path)
    assert size <= limit
    left = await found_keys(store, Search(SCOPE, EVER))
    assert len(left) == 3000 - pruned
    assert size > 0.6 * limit, "no more was deleted than needed"
    with sqlite3.connect(path) as connection:
        (keys,) = connection.execute("SELECT count(*) FROM word WHERE field = 5").fetchone()
    assert keys == len(left), "texts that no event has are deleted"
