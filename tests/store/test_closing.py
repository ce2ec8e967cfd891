"""While a store closes, nothing reads through its connections: SQLite would read freed memory."""

import asyncio
from collections.abc import Callable

import pytest

from ctui.errors import StoreError
from ctui.model.connection import Connection, Scope
from ctui.model.lookup import AttributeKey, LookupAttribute
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
        lambda store: store.counts(SCOPE, [ALICE]),
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
    for work in (store.insert(SCOPE, []), store.judge([1], lambda event, region: None)):
        with pytest.raises(StoreError, match=r"The store is closed\."):
            await work
    await closing
