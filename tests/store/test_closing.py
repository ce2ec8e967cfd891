"""While a store closes, nothing reads through its connections: SQLite would read freed memory."""

import asyncio
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.real_records import event_of
from support.stored import insert

from ctui.errors import StoreError
from ctui.model.connection import Connection, Scope
from ctui.model.filter.predicate import compile_filter
from ctui.model.filter.terms import Filter
from ctui.model.lookup.interval import Stretch
from ctui.model.lookup.lookup import AttributeKey, LookupAttribute
from ctui.store.events import EventStore

SCOPE = Scope("aws", "111111111111", "eu-west-1")
ALICE = LookupAttribute(AttributeKey.USERNAME, "alice")


@pytest.mark.parametrize(
    "read",
    [
        lambda store: store.summaries([1]),
        lambda store: store.event(1),
        lambda store: store.second(1),
        lambda store: store.coverage(SCOPE, None),
        lambda store: store.counts(SCOPE, [ALICE], Stretch(0, 9)),
        lambda store: store.recall(Connection("prod", "eu-west-1", None, "aws")),
    ],
)
async def test_a_read_on_the_loop_is_refused_from_the_moment_it_closes(
    store: EventStore, read: Callable[[EventStore], object]
) -> None:
    closing = asyncio.ensure_future(store.close())
    await asyncio.sleep(0)
    with pytest.raises(StoreError, match=r"The store is closed\."):
        read(store)
    await closing


async def test_work_for_its_threads_is_refused_too(store: EventStore) -> None:
    closing = asyncio.ensure_future(store.close())
    await asyncio.sleep(0)
    for work in (insert(store, SCOPE, []), store.excluders(compile_filter(Filter(), datetime.now(UTC)), [1])):
        with pytest.raises(StoreError, match=r"The store is closed\."):
            await work
    await closing


async def test_a_page_that_waits_for_another_process_does_not_hold_up_the_end(store: EventStore, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    pending = asyncio.ensure_future(insert(store, SCOPE, []))
    await asyncio.sleep(0)
    await asyncio.wait_for(store.close(), 60)
    with pytest.raises(StoreError, match="locked"):
        await pending
    other.execute("ROLLBACK")
    other.close()


async def test_a_page_waits_for_another_process_that_writes(store: EventStore, path: Path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    tries = asyncio.Semaphore(0)
    loop = asyncio.get_running_loop()
    store._opened.writer.set_trace_callback(lambda _: loop.call_soon_threadsafe(tries.release))
    pending = asyncio.ensure_future(insert(store, SCOPE, [event_of("{}")]))
    for _ in range(2):
        # More than once: SQLite itself gives up early, so that an end is heard of.
        await tries.acquire()
    assert not pending.done()
    other.execute("COMMIT")
    other.close()
    assert await pending == [1]
