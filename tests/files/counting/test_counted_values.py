"""Which values the newest events of a tree have: the answer is that of a plain count, and of the event store."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.filter_trees import EVENTS
from support.real_records import event_of
from support.segments import MadeSegments

from ctui.files.asking.masks import Masks
from ctui.files.counting.counted_values import count_values
from ctui.files.counting.insights import other_of_insight
from ctui.model.event.record_view import RecordView
from ctui.model.filter.fields import FieldColumn, value_fields
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter
from ctui.store.counting import CountQuery

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
DIFFERENT = [replace(event, event_id=f"e{number}") for number, event in enumerate(EVENTS)]
FIELDS = [field for field in value_fields() if field.column is not None]


def values(made: MadeSegments, query: CountQuery, newest: int) -> list[tuple[str, int]]:
    conditions = partial(Masks().of_term, rows_of_kinds={})
    return count_values(made.segment, conditions, made.evaluate, query, made.ids()[:newest])


@settings(max_examples=examples(30), deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 50))
def test_the_count_is_a_plain_one(random: Random, newest: int) -> None:
    made = MadeSegments()
    made.scatter(random.sample(DIFFERENT, 40), random)
    without = random.choice((None, *parse_filter("user:a is:error -ip:10.0.0.0/8").terms))
    hidden = without and compile_filter(parse_filter("").with_terms([without]), NOON)
    events = [made.event(row) for row in made.ids()[:newest]]
    shown = [event for event in events if not (hidden and hidden(event, made.region))]
    for field in FIELDS:
        assert field.column is not None
        by_record = field.column.name == "event_id"
        seen = (set(field.read(RecordView(one, made.region))) for one in (events if by_record else shown))
        expected = Counter(value for some in seen for value in some if value)
        counted = values(made, CountQuery(field.column, newest, 1000, without=without), newest)
        assert counted == sorted(expected.items(), key=lambda pair: (-pair[1], pair[0])), field
    read = values(made, CountQuery(lambda event, region: [event.name or "", region], newest, 3), newest)
    plain = Counter(value for one in events for value in {one.name or "", made.region} if value)
    assert read == sorted(plain.items(), key=lambda pair: (-pair[1], pair[0]))[:3]


def test_only_the_most_frequent_of_those_wanted_are_told() -> None:
    names = ["a"] * 3 + ["B"] * 2 + ["b"] * 2 + ["c"]
    made = MadeSegments()
    made.add([event_of({}, event_id=f"e{number}", name=name) for number, name in enumerate(names)])
    column = FieldColumn("name")
    assert values(made, CountQuery(column, 100, 2), 100) == [("a", 3), ("B", 2)]
    assert values(made, CountQuery(column, 100, 2, like=lambda name: name in "bc"), 100) == [("b", 2), ("c", 1)]


def test_an_access_key_is_counted_among_the_names_of_who_acted() -> None:
    identity = {"userIdentity": {"userName": "bea", "accessKeyId": "ASIABEA"}}
    made = MadeSegments()
    made.add(
        [
            event_of(identity, event_id="both", username="bea", access_key_id="ASIABEA"),
            event_of({}, event_id="key", access_key_id="ASIABEA"),
            event_of({}, event_id="user", username="bea"),
        ]
    )
    assert values(made, CountQuery(FieldColumn("who"), 10, 10), 10) == [("ASIABEA", 2), ("bea", 2)]


def insight(shared: str, state: str, minutes: int, **record: object) -> dict[str, object]:
    """What makes an Insights event, with the minutes after noon at which it happened."""
    details = {"state": state, "insightType": "ApiCallRateInsight"}
    return {
        "record": {"eventType": "AwsCloudTrailInsight", "sharedEventID": shared, "insightDetails": details,
                   "recipientAccountId": "1", "awsRegion": "eu-west-1", **record},
        "time": NOON + timedelta(minutes=minutes),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("other", "is_found"),
    [
        (insight("s", "End", 9), True),
        (insight("s", "Start", 9), False),
        (insight("t", "End", 9), False),
        (insight("s", "End", 9, recipientAccountId="2"), False),
        (insight("s", "End", 9, awsRegion="us-east-1"), False),
        (insight("s", "End", 9) | {"name": "PutObject"}, False),
    ],
)
def test_the_other_event_of_an_insight_has_its_id_and_the_other_state(other: dict, is_found: bool) -> None:  # type: ignore[type-arg]
    made = MadeSegments()
    start, more = insight("s", "Start", 0), insight("u", "End", 5)
    events = [
        event_of(**{"name": "RunInstances", "event_id": f"e{number}", **one})
        for number, one in enumerate((start, other, more))
    ]
    made.add(events[:1])
    made.add(events[1:])
    rows = {made.event(row).event_id: row for row in made.ids()}
    found = other_of_insight(made, 1, made.evaluate, rows["e0"])
    assert found == (events[1].time if is_found else None)
    if is_found:
        assert other_of_insight(made, 1, made.evaluate, rows["e1"]) == events[0].time


def test_an_event_that_is_no_insight_or_is_gone_has_no_other() -> None:
    made = MadeSegments()
    made.add([event_of({}, event_id="e", name="RunInstances")])
    (row,) = made.ids()
    assert other_of_insight(made, 1, made.evaluate, row) is None
