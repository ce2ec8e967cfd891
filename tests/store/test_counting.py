"""Which values events have: counted by SQLite or read, the answer is that of a plain count."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of
from support.stored import insert

from ctui.model.connection import Scope
from ctui.model.event.attribute import AttributeKey
from ctui.model.event.event import Event, Resource
from ctui.model.filter.fields import FieldColumn, value_fields
from ctui.store import counting
from ctui.store.counting import CountQuery
from ctui.store.events import EventStore
from ctui.store.search import ATTRIBUTE_COLUMNS

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HERE = Scope("aws", "111111111111", "eu-west-1")
THERE = Scope("aws", "111111111111", "us-east-1")
ELSEWHERE = Scope("aws", "222222222222", "us-east-1")
NAMES = FieldColumn("name")
SAID = [field.attribute for field in value_fields() if field.attribute is not None]


@pytest.fixture
async def store() -> AsyncIterator[EventStore]:
    opened = await EventStore.open(None)
    yield opened
    await opened.close()


def made(number: int, second: int = 0, **said: object) -> Event:
    return event_of({}, event_id=f"e{number}", time=NOON - timedelta(seconds=second), **said)


def values(key: AttributeKey, event: Event) -> set[str]:
    """What the service said, read plainly."""
    found: dict[AttributeKey, Iterable[str | None]] = {
        AttributeKey.EVENT_ID: [event.event_id],
        AttributeKey.EVENT_NAME: [event.name],
        AttributeKey.EVENT_SOURCE: [event.source],
        AttributeKey.USERNAME: [event.username],
        AttributeKey.ACCESS_KEY_ID: [event.access_key_id],
        AttributeKey.RESOURCE_NAME: [one.name for one in event.resources],
        AttributeKey.RESOURCE_TYPE: [one.type for one in event.resources],
    }
    return {value for value in found[key] if value}


TEXTS = st.sampled_from([None, "", "a", "A", "é", "\ud800", "b c", "1"])
EVENTS = st.lists(
    st.builds(
        made,
        number=st.integers(0, 10**6),
        second=st.integers(0, 4),
        name=TEXTS,
        source=TEXTS,
        username=TEXTS,
        access_key_id=TEXTS,
        resources=st.lists(st.builds(Resource, TEXTS, TEXTS), max_size=3).map(tuple),
    ),
    max_size=12,
    unique_by=lambda event: event.event_id,
)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS, st.integers(1, 5), st.integers(1, 14))
async def test_the_count_is_a_plain_one_whatever_the_portions(
    monkeypatch: pytest.MonkeyPatch, events: list[Event], portion: int, newest: int
) -> None:
    monkeypatch.setattr(counting, "COUNTED_AT_ONCE", portion)
    monkeypatch.setattr(counting, "READ_AT_ONCE", portion)
    store = await EventStore.open(None)
    try:
        ids = await insert(store, HERE, events)
        order = [
            one
            for _, one in sorted(zip(ids, events, strict=True), key=lambda pair: (-pair[1].time.timestamp(), pair[0]))
        ]
        for key in SAID:
            expected = Counter(value for one in order[:newest] for value in values(key, one))
            counted = await store.count_values([HERE], CountQuery(ATTRIBUTE_COLUMNS[key], newest, 100))
            query = CountQuery(lambda event, _, key=key: values(key, event), newest, 100)  # type: ignore[misc]
            read = await store.count_values([HERE], query)
            assert dict(counted) == expected
            assert counted == read == sorted(expected.items(), key=lambda pair: (-pair[1], pair[0]))
    finally:
        await store.close()


async def test_each_scope_that_is_asked_for_counts_and_no_other(store: EventStore) -> None:
    for place, scope in enumerate((HERE, THERE, ELSEWHERE)):
        await insert(store, scope, [made(10 * place + number, name="X") for number in range(place + 1)])
    unknown = Scope("aws", "333333333333", "us-east-1")
    assert await store.count_values([unknown, HERE, THERE], CountQuery(NAMES, 100, 10)) == [("X", 3)]
    assert await store.count_values([], CountQuery(NAMES, 100, 10)) == []
    regions = CountQuery(lambda _, region: [region], 100, 10)
    assert await store.count_values([HERE, THERE], regions) == [("us-east-1", 2), ("eu-west-1", 1)]


async def test_only_the_most_frequent_of_those_wanted_are_told(store: EventStore) -> None:
    names = ["a"] * 3 + ["B"] * 2 + ["b"] * 2 + ["c"]
    await insert(store, HERE, [made(number, name=name) for number, name in enumerate(names)])
    assert await store.count_values([HERE], CountQuery(NAMES, 100, 2)) == [("a", 3), ("B", 2)]
    wanted = CountQuery(NAMES, 100, 2, like=lambda name: name in "bc")
    assert await store.count_values([HERE], wanted) == [("b", 2), ("c", 1)]


async def test_an_access_key_is_counted_among_the_names_of_who_acted(store: EventStore) -> None:
    identity = {"userIdentity": {"userName": "bea", "accessKeyId": "ASIABEA"}}
    events = [
        event_of(identity, event_id="both", username="bea", access_key_id="ASIABEA"),
        event_of({}, event_id="key", access_key_id="ASIABEA"),
        event_of({}, event_id="user", username="bea"),
    ]
    await insert(store, HERE, events)
    assert await store.count_values([HERE], CountQuery(FieldColumn("who"), 10, 10)) == [("ASIABEA", 2), ("bea", 2)]
