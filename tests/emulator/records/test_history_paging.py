"""Paging: what was available at the first page comes exactly once, newest first, whatever happens meanwhile."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.emulator.records.event_history import EventHistory, Position, Query
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.model.event.event import Resource
from ctui.model.lookup.lookup import Category

ACCOUNT, REGION = "111111111111", "us-east-1"
NAMES, USERS = ("RunInstances", "GetUser", "runinstances"), ("ana", "bo", None)
KEYS = ("EventId", "EventName", "ReadOnly", "Username", "ResourceType", "ResourceName", "EventSource", "AccessKeyId")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventHistory]:
    """One history for all examples: each has an account of its own, and sees nothing of the others."""
    opened = EventHistory(tmp_path_factory.mktemp("history") / "state.db")
    yield opened
    opened.close()


EXAMPLES = count()


def moved(events: list[Recorded], example: str) -> list[Recorded]:
    """The events in the accounts of one example."""
    return [replace(event, account=event.account + example) for event in events]


def events(prefix: str) -> st.SearchStrategy[list[Recorded]]:
    """Events of few seconds, so that many share one; every value is a digit of a number, which is quickly drawn."""
    return st.lists(st.integers(0, 2**20 - 1), max_size=40).map(
        lambda numbers: [event(f"{prefix}-{row}", number) for row, number in enumerate(numbers)]
    )


def event(event_id: str, number: int) -> Recorded:
    """The event that a number of 20 bits stands for; zero is the plainest."""

    def digit(base: int) -> int:
        nonlocal number
        number, rest = divmod(number, base)
        return rest

    time = 100 + digit(5)
    return Recorded(
        account=(ACCOUNT, ACCOUNT, "222222222222")[digit(3)],
        region=(REGION, REGION, "eu-west-1")[digit(3)],
        event_id=event_id,
        time=time,
        available=time + (0.0, 0.5, 3.0)[digit(3)],
        name=NAMES[digit(3)],
        source="ec2.amazonaws.com",
        username=USERS[digit(3)],
        read_only=("true", "false", None)[digit(3)],
        access_key_id=("AKIA1", None)[digit(2)],
        resources=tuple(Resource("AWS::EC2::Instance", name) for name in ("i-1", "i-2", "i-1")[: digit(4)]),
        record=f'{{"eventID":"{event_id}"}}',
        origin=(Origin.LIVE, Origin.LOADED)[digit(2)],
        category=(Category.MANAGEMENT, Category.MANAGEMENT, Category.INSIGHT)[digit(3)],
    )


@st.composite
def queries(draw: st.DrawFn) -> Query:
    values = [
        "a-0",
        "RunInstances",
        "ana",
        "true",
        "false",
        "i-1",
        "AWS::EC2::Instance",
        "AKIA1",
        "ec2.amazonaws.com",
        "?",
    ]
    attribute = st.tuples(st.sampled_from(KEYS), st.sampled_from(values))
    start = draw(st.integers(99, 104))
    bound = st.sampled_from([98.0, 100.0, 101.0, 101.5, 103.0, 110.0])
    return Query(
        account=ACCOUNT,
        region=REGION,
        start=start,
        end=draw(st.integers(start, 106)),
        horizon=draw(st.sampled_from([99.0, 101.2, 103.0, 103.5, 200.0])),
        top=0,
        attribute=draw(st.none() | attribute),
        category=draw(st.sampled_from(Category)),
        write_only=draw(st.booleans()),
        stretches=draw(st.none() | st.lists(st.tuples(bound, bound), max_size=3).map(tuple)),
    )


def answers(query: Query, event: Recorded) -> bool:
    """The rule in so many words, without a table."""
    values = {
        "EventId": [event.event_id],
        "EventName": [event.name],
        "ReadOnly": [event.read_only],
        "Username": [event.username],
        "ResourceType": [resource.type for resource in event.resources],
        "ResourceName": [resource.name for resource in event.resources],
        "EventSource": [event.source],
        "AccessKeyId": [event.access_key_id],
    }
    writes = event.read_only == "false" or (event.read_only is None and event.name != "GetUser")
    logged = query.stretches is None or any(begin <= event.time < end for begin, end in query.stretches)
    return (
        (event.account, event.region, event.category) == (query.account, query.region, query.category)
        and query.start <= event.time <= query.end
        and event.available <= query.horizon
        and (query.attribute is None or query.attribute[1] in values[query.attribute[0]])
        and (writes or not query.write_only)
        and (logged or event.origin is Origin.LOADED)
    )


@settings(max_examples=examples(150), deadline=None)
@given(events("a"), st.lists(events("later"), max_size=3), queries(), st.integers(1, 6))
def test_each_available_event_comes_exactly_once(
    history: EventHistory, at_first: list[Recorded], meanwhile: list[list[Recorded]], query: Query, limit: int
) -> None:
    example = f"/{next(EXAMPLES)}"
    history.add(moved(at_first, example))
    asked = replace(query, account=ACCOUNT + example, top=history.top())
    found: list[Recorded] = []
    position: Position | None = None
    while True:
        page, position = history.page(asked, position, limit)
        assert len(page) == limit or position is None
        found += page
        if position is None:
            break
        if meanwhile:
            history.add(moved(meanwhile.pop(), example))
    expected = [event for event in at_first if answers(query, event)]
    assert sorted(event.event_id or "" for event in found) == sorted(event.event_id or "" for event in expected)
    assert [event.time for event in found] == sorted((event.time for event in expected), reverse=True)


def test_late_events_behind_the_position_wait_for_the_next_walk(tmp_path: Path) -> None:
    history = EventHistory(tmp_path / "state.db")
    history.add([plain("new", 2000), plain("old", 1000)])
    query = Query(ACCOUNT, REGION, 0, 3000, 3000.0, history.top())
    [first], position = history.page(query, None, 1)
    history.add([plain("late", 1500)])
    rest, end = history.page(query, position, 50)
    assert ([first.event_id, *(event.event_id for event in rest)], end) == (["new", "old"], None)
    again, _ = history.page(replace(query, top=history.top()), None, 50)
    assert [event.event_id for event in again] == ["new", "late", "old"]
    history.close()


@pytest.mark.parametrize("limit", [1, 7, 50])
def test_many_events_of_one_second_come_in_a_stable_order(limit: int, tmp_path: Path) -> None:
    history = EventHistory(tmp_path / "state.db")
    made = [plain(f"e{number}", 1000) for number in range(231)]
    history.add(made)
    query = Query(ACCOUNT, REGION, 1000, 1000, 1000.0, history.top())
    found: list[Recorded] = []
    position: Position | None = None
    while True:
        page, position = history.page(query, position, limit)
        found += page
        history.add([plain(f"new{len(found)}", 1000)])
        if position is None:
            break
    assert found == made[::-1]
    history.close()


def plain(event_id: str, time: int) -> Recorded:
    """An event of which only id and time matter."""
    return Recorded(
        ACCOUNT, REGION, event_id, time, float(time), "N", "s", None, None, None, (), f'["{event_id}"]', Origin.LIVE
    )
