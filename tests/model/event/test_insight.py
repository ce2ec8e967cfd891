"""What an Insights event says, however odd its record is."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.real_records import event_of

from ctui.model.event.insight import insight_of
from ctui.model.event.kind import INSIGHT
from ctui.model.event.record import decode_record
from ctui.model.event.record_view import RecordView
from ctui.model.event.summarize import summarize
from ctui.model.event.summary import Insight

ARN = "arn:aws:iam::111111111111:user/mallory"
AT = datetime(2026, 11, 27, 14, 9, tzinfo=UTC)


def record(**details: Any) -> dict[str, Any]:
    """As the CloudTrail user guide has it, with these parts of insightDetails."""
    context = {
        "statistics": {"baseline": {"average": 0.3}, "insight": {"average": 12.4}, "insightDuration": 7},
        "attributions": [
            {"attribute": "userAgent", "insight": [{"value": "aws-cli", "average": 12.4}], "baseline": []},
            {
                "attribute": "userIdentityArn",
                "insight": [{"value": ARN, "average": 12}, {"value": "b"}],
                "baseline": [],
            },
        ],
    }
    usual = {
        "state": "End",
        "eventSource": "cloudtrail.amazonaws.com",
        "eventName": "StopLogging",
        "insightType": "ApiCallRateInsight",
        "insightContext": context,
    }
    return {"eventType": INSIGHT, "sharedEventID": "one", "insightDetails": {**usual, **details}}


def said(made: dict[str, Any]) -> Insight | None:
    return insight_of(decode_record(json.dumps(made)))


def test_a_record_says_what_was_counted_how_often_and_by_whom() -> None:
    assert said(record()) == Insight(False, True, "", 12.4, 0.3, 7, ARN, "aws-cli", "one")
    failed = said(record(state="Start", insightType="ApiErrorRateInsight", errorCode="AccessDenied"))
    assert failed == Insight(True, False, "AccessDenied", 12.4, 0.3, 7, ARN, "aws-cli", "one")


def test_any_other_event_says_nothing_of_it() -> None:
    assert insight_of({}) is None
    assert insight_of({**record(), "eventType": "AwsApiCall"}) is None


ODD: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["1e999", "-3", "nan"]),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    "statistics",
                    "insight",
                    "baseline",
                    "average",
                    "attributions",
                    "attribute",
                    "value",
                    "insightDuration",
                ]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@given(ODD)
def test_no_mixture_of_types_raises_and_no_number_is_made_up(context: Any) -> None:
    found = said(record(insightContext=context))
    assert found is not None
    assert all(number is None or 0 <= number < 1e13 for number in (found.rate, found.baseline, found.minutes))
    found.stretch(AT, None)


@pytest.mark.parametrize(
    ("state", "other", "stretch"),
    [
        ("End", None, (AT - timedelta(minutes=7), AT)),
        ("End", AT - timedelta(minutes=9), (AT - timedelta(minutes=9), AT)),
        ("Start", None, (AT, None)),
        ("Start", AT + timedelta(minutes=7), (AT, AT + timedelta(minutes=7))),
    ],
)
def test_start_and_end_are_one_stretch(
    state: str, other: datetime | None, stretch: tuple[datetime | None, datetime | None]
) -> None:
    found = said(record(state=state))
    assert found is not None
    assert found.stretch(AT, other) == stretch


def test_a_start_is_never_the_length_so_far_before_its_end() -> None:
    """How long it has taken so far says nothing of when it ends."""
    found = said(record(state="Start", insightContext={"statistics": {"insightDuration": 60}}))
    assert found is not None
    assert found.stretch(AT, None) == (AT, None)


def test_an_event_about_calls_is_no_call_itself() -> None:
    event = event_of(record())
    view = RecordView(event, "us-east-1")
    assert view.is_insight()
    assert [view.notable(), view.deletes(), view.changes_permissions()] == [False] * 3
    told = summarize(event, "us-east-1")
    assert told.insight is not None
    assert (told.name, told.source, told.notable) == ("StopLogging", "cloudtrail.amazonaws.com", False)
