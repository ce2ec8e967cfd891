"""What a page costs to store depends on the page, and not on what is stored."""

from collections.abc import Iterator

from support.real_records import event_of
from support.stored import insert

from ctui.model.connection import Scope
from ctui.model.event.event import Event
from ctui.store.events import EventStore

HERE = Scope("aws", "111111111111", "eu-west-1")
THERE = Scope("aws", "111111111111", "us-east-1")


def pages() -> Iterator[list[Event]]:
    """Pages of 50 events, each of another event than before."""
    number = 0
    while True:
        yield [event_of({"userAgent": "a"}, event_id=f"{number + one}") for one in range(50)]
        number += 50


async def steps_of_a_page(store: EventStore, page: list[Event]) -> int:
    """How many steps of SQLite it takes to store a page."""
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    writer = store._opened.writer
    writer.set_progress_handler(count, 1)
    await insert(store, HERE, page)
    writer.set_progress_handler(None, 1)
    return steps


async def test_a_page_takes_as_many_steps_in_a_large_store_as_in_a_small_one(store: EventStore) -> None:
    some = pages()
    await insert(store, THERE, next(some))
    await insert(store, HERE, next(some))
    small = await steps_of_a_page(store, next(some))
    for _ in range(30):
        await insert(store, HERE, next(some))
    large = await steps_of_a_page(store, next(some))
    assert large == small


async def test_marks_elsewhere_cost_each_page_a_few_steps_for_each_mark(store: EventStore) -> None:
    some = pages()
    marked = await insert(store, THERE, next(some))
    await insert(store, HERE, next(some))
    without = await steps_of_a_page(store, next(some))
    await store.mark(marked, 100)
    await insert(store, HERE, [page for _ in range(30) for page in next(some)])
    assert await steps_of_a_page(store, next(some)) < without + 60 * len(marked)
