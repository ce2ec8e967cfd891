"""Facets: what is counted in the index is what plain Python counts over the events, whatever the portions."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of, looked_up, real_records
from support.stored import insert, matching

from ctui.core.rows.shape import FACET_FIELDS
from ctui.model.connection import Scope
from ctui.model.event.event import Event, Resource
from ctui.model.event.kind import EventKind
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import ERROR, RESOURCE, USER, ValueField
from ctui.model.filter.kinds import KINDS
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.model.lookup.interval import Stretch
from ctui.store.events import EventStore
from ctui.store.index import faceting, time_counts
from ctui.store.index.faceting import FacetCounter, FacetCounts
from ctui.store.index.time_counts import STEPS, TimeCounts, step_for
from ctui.store.search import Rows, Search

SCOPE = Scope("aws", "111111111111", "eu-west-1")
EVER = Search(SCOPE, Stretch(-(2**40), 2**40))
NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
COLUMNS = [field.column for field in FACET_FIELDS if field.column is not None]
MANY = 10**6
LINES = ("", "is:error", "-is:read", "user:*a*", "-ip:0.0.0.0/1", "source:iam OR error:AccessDenied", "accessdenied")


@pytest.fixture
async def store() -> AsyncIterator[EventStore]:
    opened = await EventStore.open(None)
    yield opened
    await opened.close()


def plainly(field: ValueField, events: Iterable[Event]) -> Counter[str]:
    """How many events have each value, by reading every one of them."""
    counts: Counter[str] = Counter()
    for event in events:
        values = [value for value in field.read(RecordView(event, SCOPE.region)) if value]
        counts.update(values[:1] if field is ERROR else set(values))
    return counts


async def facets(store: EventStore, portions: Iterable[Rows], most: int = MANY) -> FacetCounts:
    counter, counts = FacetCounter(COLUMNS, most), FacetCounts(0, (), TimeCounts())
    for portion in portions:
        counts = await store.count_facets(counter, portion)
    return counts


def counted(counts: FacetCounts, field: ValueField) -> Counter[str]:
    return Counter(dict(counts.columns[FACET_FIELDS.index(field)].top))


def in_portions(rows: Rows, size: int, random: Random) -> list[Rows]:
    """The rows in portions of this size, each row in one of them, in any order."""
    order = list(range(len(rows.ids)))
    random.shuffle(order)
    return [rows.at(sorted(order[start : start + size])) for start in range(0, len(order), size)]


@pytest.mark.parametrize("line", LINES)
async def test_real_events_are_counted_as_plain_python_counts_them(store: EventStore, line: str) -> None:
    records = [event_of(record, event_id=f"r{n}") for n, record in enumerate(real_records()[:3000])]
    await insert(store, SCOPE, [*looked_up()[:1000], *records])
    rows = await store.find(EVER)
    wanted = set(await matching(store, [SCOPE], rows, compile_filter(parse_filter(line), NOW)))
    rows = rows.at([index for index, row_id in enumerate(rows.ids) if row_id in wanted])
    events = [store.event(row_id) for row_id in rows.ids]
    assert events, "the line finds some"
    counts = await facets(store, in_portions(rows, 700, Random(line)))
    for field in FACET_FIELDS:
        assert counted(counts, field) == plainly(field, events), field
    failed = [event for event in events if KINDS[EventKind.ERROR].test(RecordView(event, SCOPE.region))]
    assert counts.rows == len(events)
    assert counts.failed.total == len(failed)
    by_day = Counter(int(event.time.timestamp()) // STEPS[-1] for event in failed)
    assert counts.failed.in_steps(STEPS[-1]) == by_day


async def test_an_event_that_has_a_value_twice_counts_once(store: EventStore) -> None:
    twice = (Resource("AWS::IAM::Role", "deploy"), Resource("AWS::IAM::User", "deploy"), Resource(None, "other"))
    failed = {"errorCode": "AccessDenied", "errorMessage": "You are not authorized."}
    await insert(store, SCOPE, [event_of(failed, resources=twice, username="")])
    counts = await facets(store, [await store.find(EVER)])
    assert counted(counts, RESOURCE) == {"deploy": 1, "other": 1}
    assert counted(counts, ERROR) == {"AccessDenied": 1}, "its message is another wording of it"
    assert counted(counts, USER) == {}, "an empty name is no value"


async def test_the_most_frequent_values_come_first_and_all_are_counted(store: EventStore) -> None:
    users = [f"u{n}" for n in range(20) for _ in range(n + 1)]
    await insert(store, SCOPE, [event_of({}, event_id=f"e{n}", username=user) for n, user in enumerate(users)])
    counts = await facets(store, [await store.find(EVER)], most=3)
    column = counts.columns[FACET_FIELDS.index(USER)]
    assert column.top == (("u19", 20), ("u18", 19), ("u17", 18))
    assert (column.different, column.capped) == (20, False)


async def test_values_beyond_the_most_are_not_listed_and_the_others_stay_exact(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faceting, "MOST_DIFFERENT", 2)
    users = ["a", "b", "c", "a", "b", "a"]
    await insert(store, SCOPE, [event_of({}, event_id=f"e{n}", username=user) for n, user in enumerate(users)])
    counts = await facets(store, [await store.find(EVER)])
    column = counts.columns[FACET_FIELDS.index(USER)]
    assert (column.top, column.different, column.capped) == ((("a", 3), ("b", 2)), 2, True)


async def test_rows_that_are_no_longer_stored_have_no_value(store: EventStore) -> None:
    rows = Rows.of([(99, 5)])
    counts = await facets(store, [rows])
    assert counts.rows == 1
    assert not any(column.top for column in counts.columns)


@settings(max_examples=examples(60), deadline=None)
@given(seconds=st.lists(st.lists(st.integers(0, 10**8), max_size=30), max_size=6))
def test_times_are_counted_exactly_in_each_step_that_is_asked_for(seconds: list[list[int]]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(time_counts, "_MOST", 8)
        counts = TimeCounts()
        for some in seconds:
            counts.add(some)
    every = [second for some in seconds for second in some]
    assert counts.total == len(every)
    for step in STEPS:
        if step >= counts.step:
            assert counts.in_steps(step) == Counter(second // step for second in every)
        else:
            with pytest.raises(ValueError, match="counted in steps"):
                counts.in_steps(step)


@pytest.mark.parametrize("most", [2, 40, 150])
@pytest.mark.parametrize("seconds", [1, 59, 3600, 90 * 86_400, 10**9])
def test_a_range_takes_no_more_steps_than_there_is_room_for(seconds: int, most: int) -> None:
    step = step_for(seconds, most)
    for start in (0, 1, step - 1):
        assert (start + seconds - 1) // step - start // step + 1 <= most
    assert all(later % earlier == 0 for earlier, later in pairwise(STEPS))
