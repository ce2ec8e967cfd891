"""Counting rows for a menu: the numbers are those of a plain reading, however the rows grow meanwhile."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TypeVar

from support.fakes.cloudtrail import event

from ctui.core.rows.row_counts import PORTION, RowCounts, count_rows
from ctui.core.rows.row_index import RowIndex
from ctui.model.event.event import Event
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.model.filter.prefilter import Clause
from ctui.store.row_scan import Evaluated

T = TypeVar("T")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LINES = ("user:alice", "user:bob", "-user:bob", "user:alice OR user:bob", "name:Nothing")


class Rows:
    """Rows and their events in memory, read in portions as the store reads them."""

    def __init__(self, count: int) -> None:
        self.index = RowIndex()
        self.events: dict[int, Event] = {}
        self.reads = 0
        self.meanwhile: Callable[[], None] = lambda: None
        self.add(*(event(f"e{n}", NOON - timedelta(seconds=n), username=user_of(n)) for n in range(count)))

    def add(self, *events: Event) -> None:
        first = len(self.events) + 1
        self.events.update(enumerate(events, first))
        self.index.merge((first + n, int(one.time.timestamp())) for n, one in enumerate(events))

    @property
    def ids(self) -> "object":
        return self.index.ids

    def first_before(self, second: int) -> int:
        return self.index.first_before(second)

    def index_of(self, row_id: int) -> int | None:
        return self.index.index_of(row_id, int(self.events[row_id].time.timestamp()))

    async def read(
        self, ids: Sequence[int], evaluate: Callable[[Event, str], T], _prefilter: Sequence[Clause]
    ) -> Evaluated[T]:
        self.reads += 1
        portion = ids[:250]
        results = [(place, evaluate(self.events[row_id], "")) for place, row_id in enumerate(portion)]
        self.meanwhile()
        return Evaluated(len(portion), results)


def user_of(number: int) -> str:
    return ("alice", "bob", "carol")[number % 3]


def predicates(*lines: str) -> list[Predicate]:
    return [compile_filter(parse_filter(line), NOON) for line in lines]


async def counts(rows: Rows, *lines: str) -> list[RowCounts]:
    return [one async for one in count_rows(rows, predicates(*lines), rows.read)]  # type: ignore[arg-type]


async def test_the_numbers_are_those_of_a_plain_reading_and_only_grow() -> None:
    rows = Rows(2 * PORTION)
    seen = await counts(rows, *LINES)
    plain = tuple(sum(one(each, "") for each in rows.events.values()) for one in predicates(*LINES))
    assert seen[-1] == RowCounts(2 * PORTION, plain, complete=True)
    assert seen[0] == RowCounts(0, (0,) * len(LINES), complete=False)
    assert [one.complete for one in seen[:-1]] == [False] * (len(seen) - 1)
    assert len(seen) > 3
    for before, after in pairwise(seen):
        assert before.rows < after.rows
        assert all(old <= new for old, new in zip(before.matching, after.matching, strict=True))


async def test_without_rows_the_first_numbers_are_the_last() -> None:
    assert await counts(Rows(0), *LINES) == [RowCounts(0, (0,) * len(LINES), complete=True)]


async def test_a_range_alone_is_searched_and_no_event_is_read() -> None:
    rows = Rows(3 * PORTION)
    seen = await counts(rows, "since:2026-11-21T11:50:00Z until:2026-11-21T11:59:59Z", "since:2026-11-21T12:00:00Z")
    assert seen[0].matching == (600, 1)
    assert (seen[-1].matching, rows.reads) == ((600, 1), 0)


async def test_rows_that_come_meanwhile_are_counted_once_at_most() -> None:
    rows, newer, older = Rows(PORTION), iter(range(1, 4)), iter(range(10_000, 10_003))

    def grow() -> None:
        if (n := next(newer, None)) is not None:
            rows.add(*(event(f"n{n}-{m}", NOON + timedelta(seconds=10 * n + m), username="bob") for m in range(7)))
        if (n := next(older, None)) is not None:
            rows.add(event(f"o{n}", NOON - timedelta(seconds=n), username="alice"))

    before = sum(one.username == "bob" for one in rows.events.values())
    rows.meanwhile = grow
    last = (await counts(rows, "user:bob", "user:alice"))[-1]
    # What came above the counted rows is not counted, what came below is.
    assert last.matching[0] == before
    assert last.matching[1] == sum(one.username == "alice" for one in rows.events.values())
    assert last.complete
