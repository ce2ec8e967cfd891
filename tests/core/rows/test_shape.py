"""Shape: what the rows have is counted once a row, newest first, in whatever order they arrive."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any, cast

import pytest
from support.fakes.cloudtrail import event
from support.stored import insert

from ctui.core.explorer.explorer import Explorer
from ctui.core.lookup.query_state import QueryPhase
from ctui.core.rows import shape as shaping
from ctui.core.rows.row_index import RowIndex
from ctui.core.rows.shape import Shape
from ctui.core.signal import Signal
from ctui.core.tasks import Tasks
from ctui.errors import StoreError
from ctui.model.connection import Scope
from ctui.model.filter.shape import ShapeState
from ctui.store.events import EventStore
from ctui.store.index.faceting import FacetCounter, FacetCounts
from ctui.store.search import Rows

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
END = int(NOON.timestamp())
SCOPE = Scope("aws", "111111111111", "eu-west-1")


class Growing:
    """Rows that grow, as a query's do."""

    def __init__(self) -> None:
        self.index = RowIndex()
        self.seconds: dict[int, int] = {}

    def add(self, keys: Sequence[tuple[int, int]]) -> None:
        self.seconds.update(keys)
        self.index.merge(keys)

    @property
    def rows(self) -> Rows:
        return self.index.rows

    @property
    def ids(self) -> Sequence[int]:
        return self.index.ids

    def index_of(self, row_id: int) -> int | None:
        return self.index.index_of(row_id, self.seconds[row_id])

    def first_before(self, second: int, start: int = 0) -> int:
        return self.index.first_before(second, start)

    def second_at(self, index: int) -> int:
        return self.index.second_at(index)


@dataclass
class Asked:
    """As much of a query's state as the shape reads."""

    phase: QueryPhase = QueryPhase.PAUSED
    oldest: datetime | None = None
    store_only: bool = False
    more: bool = True


@dataclass
class Question:
    """As much of an explorer as the shape reads, and its state at once."""

    rows: Growing = field(default_factory=Growing)
    query: Asked = field(default_factory=Asked)
    pinned: tuple[int | None, int] = (END - 86_400, END)
    filtering: bool = False
    changed: Signal[None] = field(default_factory=Signal)
    replaced: Signal[None] = field(default_factory=Signal)

    @property
    def state(self) -> "Question":
        return self


@pytest.fixture
async def store() -> AsyncIterator[EventStore]:
    opened = await EventStore.open(None)
    yield opened
    await opened.close()


class World:
    """A shape over rows of a store, and the states that it has published."""

    def __init__(self, store: EventStore) -> None:
        self.store = store
        self.asked = Question()
        self.tasks = Tasks()
        self.states: list[ShapeState] = []
        self.counted: list[int] = []

    async def count_facets(self, counter: FacetCounter, rows: Rows) -> FacetCounts:
        self.counted += rows.ids
        return await self.store.count_facets(counter, rows)

    def open(self, source: Any = None, most_buckets: int = 60) -> Shape:
        shape = Shape(cast(Explorer, self.asked), source or self, self.tasks, most_buckets=most_buckets)
        shape.changed.subscribe(self.states.append)
        return shape

    async def stored(self, count: int) -> list[tuple[int, int]]:
        """The keys of so many events, a minute apart, of three users in turn; every fourth has failed."""
        events = [
            event(
                f"e{n}",
                NOON - timedelta(minutes=n),
                username=user_of(n),
                record='{"errorCode":"Denied"}' if n % 4 == 0 else "{}",
            )
            for n in range(count)
        ]
        ids = await insert(self.store, SCOPE, events)
        return [(row_id, int(each.time.timestamp())) for row_id, each in zip(ids, events, strict=True)]


def user_of(number: int) -> str:
    return ("alice", "bob", "carol")[number % 3]


def users(state: ShapeState) -> dict[str, int]:
    return dict(state.facets[0].values)


async def test_rows_that_come_in_any_order_are_counted_once_each(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shaping, "_PORTIONS", (3, 10))
    world = World(store)
    keys = await world.stored(200)
    pages = [keys[start : start + 10] for start in range(0, 200, 10)]
    Random(1).shuffle(pages)
    shape = world.open()
    for number, page in enumerate(pages, 1):
        world.asked.rows.add(page)
        world.asked.changed.publish(None)
        if number % 3 == 0:
            await world.tasks.idle()
            rows = [one for some in pages[:number] for one in some]
            numbers = [(END - second) // 60 for _, second in rows]
            assert users(shape.state) == Counter(map(user_of, numbers))
            assert (shape.state.events, shape.state.counted) == (len(rows), len(rows))
            assert shape.state.failed == sum(each.failed for each in shape.state.buckets)
            assert shape.state.failed == sum(number % 4 == 0 for number in numbers)
            assert sum(each.events for each in shape.state.buckets) == len(rows)
    await world.tasks.idle()
    assert sorted(world.counted) == sorted(row_id for row_id, _ in keys), "each row once"
    assert all(one.counted <= one.events for one in world.states)
    assert all(one.counted <= other.counted for one, other in pairwise(world.states)), "counts grow"


async def test_the_newest_rows_are_counted_first(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shaping, "_PORTIONS", (3, 10))
    world = World(store)
    keys = await world.stored(40)
    world.asked.rows.add(keys)
    world.open()
    await world.tasks.idle()
    assert world.counted == [row_id for row_id, _ in keys]
    assert [state.counted for state in world.states] == [3, 13, 23, 33, 40]


async def test_rows_of_another_line_are_counted_from_the_beginning(store: EventStore) -> None:
    world = World(store)
    keys = await world.stored(30)
    world.asked.rows.add(keys)
    shape = world.open()
    await world.tasks.idle()
    world.asked.rows = Growing()
    world.asked.rows.add(keys[:9])
    world.asked.changed.publish(None)
    assert (shape.state.events, shape.state.counted) == (9, 0), "no count of the line before stays"
    await world.tasks.idle()
    assert users(shape.state) == {"alice": 3, "bob": 3, "carol": 3}
    assert shape.state.counted == 9


async def test_once_it_is_closed_nothing_is_counted(store: EventStore) -> None:
    world = World(store)
    keys = await world.stored(10)
    shape = world.open()
    shape.close()
    world.asked.rows.add(keys)
    world.asked.changed.publish(None)
    world.asked.replaced.publish(None)
    await world.tasks.idle()
    assert (world.counted, world.states) == ([], [])


async def test_a_count_that_is_under_way_ends_with_it(store: EventStore) -> None:
    world = World(store)
    world.asked.rows.add(await world.stored(10))
    shape = world.open()
    await asyncio.sleep(0)
    shape.close()
    await world.tasks.idle()
    assert shape.state.counted == 0


async def test_an_error_of_the_store_is_said_and_another_line_is_counted_again(store: EventStore) -> None:
    class Broken:
        async def count_facets(self, _counter: FacetCounter, _rows: Rows) -> FacetCounts:
            raise StoreError("Event store", "It is damaged.")

    world = World(store)
    keys = await world.stored(10)
    world.asked.rows.add(keys)
    shape = world.open(Broken())
    await world.tasks.idle()
    assert shape.state.problem == "It is damaged."
    assert len(world.states) == 1, "it does not try again by itself"


@pytest.mark.parametrize(
    ("query", "pinned", "covered", "before"),
    [
        (Asked(), (END - 3600, END), "------", False),
        (Asked(oldest=NOON - timedelta(minutes=30)), (END - 3600, END), "---+++", False),
        (Asked(oldest=NOON - timedelta(minutes=25)), (END - 3600, END), "----++", False),
        (Asked(QueryPhase.COMPLETE, more=False), (END - 3600, END), "++++++", False),
        (Asked(QueryPhase.COMPLETE, more=False, store_only=True), (END - 3600, END), "------", False),
        (Asked(QueryPhase.FAILED, oldest=NOON - timedelta(minutes=30)), (END - 3600, END), "---+++", False),
        (Asked(oldest=NOON - timedelta(minutes=50)), (None, END), "-+++++", True),
        (Asked(QueryPhase.COMPLETE, more=False), (None, END), "+", False),
    ],
)
async def test_what_is_not_loaded_is_not_covered(
    store: EventStore, query: Asked, pinned: tuple[int | None, int], covered: str, before: bool
) -> None:
    world = World(store)
    world.asked.query, world.asked.pinned = query, (pinned[0], pinned[1] - 1)
    shape = world.open(most_buckets=14)
    buckets = shape.state.buckets
    sixths = [buckets[len(buckets) * n // len(covered)] for n in range(len(covered))]
    assert "".join("+" if each.covered else "-" for each in sixths) == covered
    assert shape.state.begins_before is before
    assert shape.state.buckets[-1].end == END
    assert all(one.end == other.start for one, other in pairwise(buckets))
    if pinned[0] is not None:
        assert buckets[0].start == pinned[0]


async def test_other_room_makes_other_buckets_with_the_same_events(store: EventStore) -> None:
    world = World(store)
    world.asked.rows.add(await world.stored(300))
    shape = world.open()
    await world.tasks.idle()
    for room in (1, 2, 10, 200):
        shape.make_room(room)
        assert 1 <= len(shape.state.buckets) <= max(2, room)
        assert sum(each.events for each in shape.state.buckets) == 300
        assert sum(each.failed for each in shape.state.buckets) == 75
