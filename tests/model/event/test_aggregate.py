"""What an aggregated event says, however odd its record is."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.real_records import event_of

from ctui.model.event.aggregate import CALLS, RESOURCES, aggregate_of
from ctui.model.event.record import decode_record
from ctui.model.event.record_view import RecordView
from ctui.model.event.summarize import summarize
from ctui.model.event.summary import Aggregate, Counted

WINDOW = {"windowStart": "2025-11-17T19:20:00Z", "windowEnd": "2025-11-17T19:25:00Z", "windowSize": "PT5M"}


def by(dimension: str, *counts: tuple[str, object]) -> dict[str, Any]:
    return {"dimension": dimension, "statistics": [{"name": name, "value": value} for name, value in counts]}


def record(main: object, *details: object) -> dict[str, Any]:
    summary = {"primaryDimension": main, "details": list(details)}
    return {"eventCategory": "Aggregated", "accountId": "1", "timeWindow": WINDOW, "summary": summary}


def said(made: dict[str, Any]) -> Aggregate | None:
    return aggregate_of(decode_record(json.dumps(made)))


def test_a_record_says_what_was_counted_and_when() -> None:
    found = said(record(by(CALLS, ("PutObject", 1000)), by(RESOURCES, ("arn:aws:s3:::one", 800), ("two", "200"))))
    assert found == Aggregate(
        datetime(2025, 11, 17, 19, 20, tzinfo=UTC),
        datetime(2025, 11, 17, 19, 25, tzinfo=UTC),
        Counted(CALLS, (("PutObject", 1000),)),
        (Counted(RESOURCES, (("arn:aws:s3:::one", 800), ("two", 200))),),
    )
    assert found.main.total == 1000
    assert found.by(RESOURCES) == ("arn:aws:s3:::one", "two")
    assert said({"eventCategory": "Data"}) is None


@pytest.mark.parametrize("value", [None, -1, 1.5, "x", "1" * 400, [], {}])
def test_what_is_no_count_is_not_shown_as_one(value: object) -> None:
    found = said(record(by(CALLS, ("A", value), ("", 5))))
    assert found is not None
    assert found.main == Counted(CALLS, (("A", None),))
    assert found.main.total is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(("dimension", "statistics", "name", "value", "primaryDimension", "details")), inner, max_size=3
    ),
    max_leaves=6,
)  # fmt: skip


@given(VALUES, VALUES)
def test_it_reads_anything(window: object, summary: object) -> None:
    found = said({"eventCategory": "Aggregated", "timeWindow": window, "summary": summary})
    assert found is not None


def test_an_event_about_calls_is_no_call_itself() -> None:
    event = event_of(record(by(CALLS, ("DeleteTrail", 1))), name="DeleteTrail", source="cloudtrail.amazonaws.com")
    view = RecordView(event, "us-east-1")
    assert [view.notable(), view.deletes(), view.changes_permissions(), view.is_data()] == [False] * 4
    told = summarize(event, "us-east-1")
    assert told.aggregate is not None
    assert (told.name, told.notable, told.account) == ("DeleteTrail", False, "1")
