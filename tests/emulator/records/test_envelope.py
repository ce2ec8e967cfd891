"""What stands around a record: as nine real answers of the service show it, and never an exception."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples

from ctui.emulator.records.envelope import NotAnEvent, envelope, epoch_second, looked_up, recorded, username_of
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.model.event.event import Resource
from ctui.model.lookup.lookup import Category

LOOKUPS = Path(__file__).parents[3].parent / "shared" / "data" / "lookup"
ANSWERS = [json.loads(line) for file in sorted(LOOKUPS.glob("*json*")) for line in file.read_text("utf-8").splitlines()]
PLAIN: dict[str, Any] = {
    "eventTime": "2026-11-01T12:00:00Z",
    "awsRegion": "eu-west-1",
    "eventName": "CreateUser",
    "eventSource": "iam.amazonaws.com",
    "eventID": "id",
    "readOnly": False,
}


def made(record: object, **options: Any) -> Recorded | NotAnEvent:
    return envelope(record, account="111111111111", origin=Origin.LOADED, **options)


@pytest.mark.skipif(not ANSWERS, reason="the shared records are not here")
@pytest.mark.parametrize("answer", ANSWERS, ids=[answer["EventName"] for answer in ANSWERS])
def test_a_real_record_gets_what_the_service_put_around_it(answer: dict[str, Any]) -> None:
    text = answer["CloudTrailEvent"]
    event = made(json.loads(text), text=text)
    assert isinstance(event, Recorded)
    said = [Resource(entry.get("ResourceType"), entry.get("ResourceName")) for entry in answer["Resources"]]
    if answer["EventName"] == "CreateSecurityGroup":
        # Whoever took the names out of this one cut a digit off the VPC inside.
        said[0] = Resource("AWS::EC2::VPC", "vpc-0123456789012345")
    assert list(event.resources) == said
    assert event.record == text
    assert (event.event_id, event.name) == (answer["EventId"], answer["EventName"])
    for name, value in (
        ("Username", event.username),
        ("ReadOnly", event.read_only),
        ("AccessKeyId", event.access_key_id),
    ):
        assert answer.get(name) == value
    # The oldest answer was given before EventSource was.
    assert answer.get("EventSource", event.source) == event.source


@pytest.mark.skipif(not ANSWERS, reason="the shared records are not here")
def test_a_real_answer_is_given_again_as_it_was() -> None:
    events = [looked_up(answer, account="111111111111") for answer in ANSWERS]
    login = next(event for event in events if isinstance(event, Recorded) and event.name == "ConsoleLogin")
    # EventTime 2021-11-18T09:41:02-08:00 around a record of 2016.
    assert (login.time, login.username, login.source) == (1637257262, "my-session-name", None)
    assert all(isinstance(event, Recorded) for event in events)


@pytest.mark.parametrize(
    ("identity", "username"),
    [
        ({"type": "IAMUser", "userName": "ana"}, "ana"),
        ({"type": "Root", "userName": "company-alias", "arn": "arn:aws:iam::1:root"}, "root"),
        ({"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/role/me@example.com"}, "me@example.com"),
        ({"type": "AssumedRole", "principalId": "AROA1:session"}, "session"),
        ({"type": "WebIdentityUser", "userName": "repo:a/b"}, "repo:a/b"),
        ({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, None),
        ({"accountId": "1", "invokedBy": "ec2.amazonaws.com", "userName": "x"}, None),
        ({"type": "IAMUser", "userName": ""}, None),
        ({"type": "IAMUser", "userName": 7}, None),
        ({"type": ["IAMUser"], "userName": {}}, None),
        ("text", None),
        (None, None),
    ],
)
def test_username_follows_the_kind_of_identity(identity: object, username: str | None) -> None:
    assert username_of(identity) == username


@pytest.mark.parametrize(
    ("stamp", "second"),
    [
        ("2026-11-01T12:00:00Z", 1793534400),
        ("2026-11-01T12:00:00.999Z", 1793534400),
        ("2026-11-01 13:00:00+01:00", 1793534400),
        ("2026-11-01T12:00:00", 1793534400),
        (1793534400, 1793534400),
        (1793534400.9, 1793534400),
        ("...", None),
        ("", None),
        ("eventTime", None),
        (True, None),
        (-1, None),
        (float("nan"), None),
        (float("inf"), None),
        (10**400, None),
        ("0001-01-01T00:00:00+23:59", None),
        (["2026"], None),
    ],
)
def test_times_are_read_or_refused(stamp: object, second: int | None) -> None:
    assert epoch_second(stamp) == second


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"eventTime": None}, NotAnEvent.NO_TIME),
        ({"eventTime": "..."}, NotAnEvent.BAD_TIME),
        ({"awsRegion": None}, NotAnEvent.NO_REGION),
        ({"awsRegion": "-"}, NotAnEvent.BAD_REGION),
        ({"awsRegion": "../../etc"}, NotAnEvent.BAD_REGION),
        ({"awsRegion": "r" * 64}, NotAnEvent.BAD_REGION),
        ({"eventCategory": "Data"}, NotAnEvent.DATA_EVENT),
        ({"eventCategory": "NetworkActivity"}, NotAnEvent.DATA_EVENT),
        ({"managementEvent": False}, NotAnEvent.DATA_EVENT),
    ],
)
def test_what_is_no_event_has_a_named_reason(change: dict[str, Any], refusal: NotAnEvent) -> None:
    assert made({**PLAIN, **change}) is refusal
    with pytest.raises(ValueError, match=refusal.value[:20]):
        recorded({**PLAIN, **change}, account="1", origin=Origin.CALL, available=0.0)


def test_odd_records_are_events_all_the_same() -> None:
    logstash = {**PLAIN, "@timestamp": "2019-05-17T16:27:22.000Z"}
    del logstash["eventTime"]
    event = made(logstash)
    assert isinstance(event, Recorded)
    assert event.time == 1558110442
    insight = made({"eventTime": PLAIN["eventTime"], "awsRegion": "apiso-northsouth-3r", "eventCategory": "Insight"})
    assert isinstance(insight, Recorded)
    assert (insight.category, insight.name, insight.event_id) == (Category.INSIGHT, None, None)
    details = {"eventName": "RunInstances", "eventSource": "ec2.amazonaws.com", "insightType": "ApiCallRateInsight"}
    told = made({**json.loads(insight.record), "insightDetails": details})
    assert isinstance(told, Recorded)
    assert (told.name, told.source) == ("RunInstances", "ec2.amazonaws.com")


def test_half_a_surrogate_pair_never_reaches_the_database() -> None:
    user = {"type": "IAMUser", "userName": "x\ud800"}
    event = made({**PLAIN, "userIdentity": user, "requestParameters": {"userName": "\udfff"}})
    assert isinstance(event, Recorded)
    assert (event.username, event.resources) == ("x\ufffd", (Resource("AWS::IAM::User", "\ufffd"),))
    assert json.loads(event.record)["userIdentity"] == user
    event.record.encode()
    assert made(PLAIN, text='{"a":"\ud800"}') is NotAnEvent.BAD_TEXT


def test_a_record_nested_beyond_reason_gives_its_resources_without_recursion() -> None:
    nested: dict[str, Any] = {"userName": "deep"}
    for _ in range(3000):
        nested = {"x": [nested]}
    event = made({**PLAIN, "requestParameters": nested}, text="{}")
    assert isinstance(event, Recorded)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=examples(150), deadline=None)
@given(
    st.dictionaries(
        st.sampled_from([*PLAIN, "userIdentity", "requestParameters", "eventCategory", "managementEvent", "eventType"]),
        JSON | st.just({"type": "AssumedRole", "arn": 3, "principalId": []}),
    )
)
def test_no_record_raises(change: dict[str, Any]) -> None:
    text = json.dumps({**PLAIN, **change})
    for outcome in (made(change, text=text), made({**PLAIN, **change}, text=text)):
        assert isinstance(outcome, Recorded | NotAnEvent)
    answer = {"CloudTrailEvent": text, **{f"E{name[1:]}": value for name, value in change.items()}, "Resources": change}
    assert isinstance(looked_up(answer, account="1"), Recorded | NotAnEvent)
