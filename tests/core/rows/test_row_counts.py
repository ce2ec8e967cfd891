"""Counting rows for a menu: the numbers are those of a plain reading, however the rows grow meanwhile."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from support.fakes.cloudtrail import event
from support.fakes.loaded_rows import LoadedRows

from ctui.core.rows.row_counts import MOST_BY_RECORD, RowCounts, count_rows
from ctui.model.connection import Scope
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import Predicate, compile_filter
from ctui.store.index.matching import Matched, Matcher
from ctui.store.search import Rows

PORTION = 4000
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LINES = ("user:alice", "user:bob", "-user:bob", "user:alice OR user:bob", "name:Nothing")


class Loaded(LoadedRows):
    """Rows and their events in memory, read in portions as the store reads them."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.reads = 0
        self.add(*(event(f"e{n}", NOON - timedelta(seconds=n), username=user_of(n)) for n in range(count)))

    def first_before(self, second: int) -> int:
        return self.index.first_before(second)

    async def match(self, matcher: Matcher, _scopes: Sequence[Scope], rows: Rows) -> Matched:
        self.reads += 1
        ids = rows.ids[:250]
        found = [index for index, row_id in enumerate(ids) if matcher.predicate(self.events[row_id], "")]
        self.meanwhile()
        return Matched(len(ids), found)


def user_of(number: int) -> str:
    return ("alice", "bob", "carol")[number % 3]


def predicates(*lines: str) -> list[Predicate]:
    return [compile_filter(parse_filter(line), NOON) for line in lines]


async def counts(rows: Loaded, *lines: str) -> list[RowCounts]:
    return [one async for one in count_rows(rows, predicates(*lines), rows)]  # type: ignore[arg-type]


async def test_the_numbers_are_those_of_a_plain_reading_and_only_grow() -> None:
    rows = Loaded(2 * PORTION)
    seen = await counts(rows, *LINES)
    plain = tuple(sum(one(each, "") for each in rows.events.values()) for one in predicates(*LINES))
    exact = (True,) * len(LINES)
    assert seen[-1] == RowCounts(2 * PORTION, plain, exact, complete=True)
    assert seen[0] == RowCounts(2 * PORTION, (0,) * len(LINES), (False,) * len(LINES), complete=False)
    assert [one.complete for one in seen[:-1]] == [False] * (len(seen) - 1)
    assert len(seen) > 3
    for before, after in pairwise(seen):
        assert all(old <= new for old, new in zip(before.matching, after.matching, strict=True))
        assert all(old <= new for old, new in zip(before.exact, after.exact, strict=True))


async def test_what_only_records_tell_comes_last_and_from_the_newest_rows() -> None:
    rows = Loaded(MOST_BY_RECORD + 1000)
    seen = await counts(rows, "alice", "user:alice", "about:nothing")
    exact = next(number for number, one in enumerate(seen) if one.exact == (False, True, False))
    assert all(one.matching[0] == 0 for one in seen[: exact + 1]), "the index goes first"
    last = seen[-1]
    assert (last.exact, last.complete) == ((False, True, False), True)
    newest = list(rows.rows.ids[:MOST_BY_RECORD])
    word = predicates("alice")[0]
    assert last.matching[0] == sum(word(rows.events[row_id], "") for row_id in newest)


async def test_without_rows_the_first_numbers_are_the_last() -> None:
    exact = (True,) * len(LINES)
    assert await counts(Loaded(0), *LINES) == [RowCounts(0, (0,) * len(LINES), exact, complete=True)]


async def test_a_range_alone_is_searched_and_no_event_is_read() -> None:
    rows = Loaded(3 * PORTION)
    seen = await counts(rows, "since:2026-11-21T11:50:00Z until:2026-11-21T11:59:59Z", "since:2026-11-21T12:00:00Z")
    assert seen[0].matching == (600, 1)
    assert (seen[-1].matching, rows.reads) == ((600, 1), 0)


async def test_rows_that_come_meanwhile_are_not_counted() -> None:
    rows, newer, older = Loaded(PORTION), iter(range(1, 4)), iter(range(10_000, 10_003))

    def grow() -> None:
        if (n := next(newer, None)) is not None:
            rows.add(*(event(f"n{n}-{m}", NOON + timedelta(seconds=10 * n + m), username="bob") for m in range(7)))
        if (n := next(older, None)) is not None:
            rows.add(event(f"o{n}", NOON - timedelta(seconds=n), username="alice"))

    before = tuple(sum(one.username == name for one in rows.events.values()) for name in ("bob", "alice"))
    rows.meanwhile = grow
    last = (await counts(rows, "user:bob", "user:alice"))[-1]
    # They are counted the next time.
    assert last.matching == before
    assert last.complete
