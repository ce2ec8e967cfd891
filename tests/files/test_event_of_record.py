"""The event around a record of a log file: what LookupEvents would say of it."""

import json
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.hostile_records import RECORDS, damaged
from support.real_records import looked_up, real_records

from ctui.emulator.records.envelope import NotAnEvent, envelope
from ctui.emulator.records.recorded import Origin
from ctui.files.event_of_record import event_of, region_of
from ctui.model.event.event import Event, Resource, event_id_of

RECORD: dict[str, Any] = {
    "eventTime": "2026-11-01T10:20:30Z",
    "eventID": "11111111-2222-3333-4444-555555555555",
    "eventName": "GetObject",
    "eventSource": "s3.amazonaws.com",
    "awsRegion": "eu-west-1",
    "readOnly": True,
    "userIdentity": {"type": "IAMUser", "userName": "alice", "accessKeyId": "AKIA1"},
}
API_ACTIVITY = {
    "accountId": "111122223333",
    "eventId": "62759c1a-6248-48e1-a6b3-d5fb7e6c4bc0",
    "eventCategory": "Aggregated",
    "eventType": "AwsAggregatedEvent",
    "awsRegion": "us-west-2",
    "eventSource": "s3.amazonaws.com",
    "timeWindow": {
        "windowStart": "2025-11-17T19:20:00Z", "windowEnd": "2025-11-17T19:25:00Z", "windowSize": "PT5M",
    },
    "summary": {
        "primaryDimension": {"dimension": "eventName", "statistics": [{"name": "PutObject", "value": 1000}]},
        "details": [
            {
                "dimension": "resourceARN",
                "statistics": [{"name": "arn:aws:s3:::one", "value": 800}, {"name": "arn:aws:s3:::two", "value": 200}],
            }
        ],
    },
}  # fmt: skip


def record(**members: Any) -> str:
    return json.dumps({key: value for key, value in {**RECORD, **members}.items() if value is not None})


def names(event: Event) -> list[tuple[str | None, str | None]]:
    return [(resource.type, resource.name) for resource in event.resources]


def test_it_says_what_the_service_would_say() -> None:
    event = event_of(record())
    assert event == Event(
        RECORD["eventID"], datetime(2026, 11, 1, 10, 20, 30, tzinfo=UTC), "GetObject", "s3.amazonaws.com", "alice",
        "true", "AKIA1", (), record(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("members", "attribute", "value"),
    [
        ({"eventID": None}, "event_id", event_id_of(None, record(eventID=None))),
        ({"eventID": ""}, "event_id", event_id_of(None, record(eventID=""))),
        ({"eventID": 7}, "event_id", "7"),
        ({"eventID": "\ud800"}, "event_id", event_id_of(None, record(eventID="\ud800"))),
        ({"readOnly": None}, "read_only", None),
        ({"readOnly": "false"}, "read_only", "false"),
        ({"readOnly": "maybe"}, "read_only", None),
        ({"eventName": "\ud800x"}, "name", "\ufffdx"),
        ({"eventTime": "2026-11-01T10:20:30.999+01:00"}, "time", datetime(2026, 11, 1, 9, 20, 30, tzinfo=UTC)),
        ({"eventTime": 1793500000}, "time", datetime.fromtimestamp(1793500000, UTC)),
        ({"eventTime": None, "@timestamp": "2026-11-01T00:00:00Z"}, "time", datetime(2026, 11, 1, tzinfo=UTC)),
        ({"userIdentity": {"type": "Root", "userName": "alias"}}, "username", "root"),
        ({"userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::1:assumed-role/r/s"}}, "username", "s"),
        ({"userIdentity": {"type": "AssumedRole", "principalId": "AROA:s"}}, "username", "s"),
        ({"userIdentity": {"type": "AWSService", "invokedBy": "x"}}, "username", None),
        ({"userIdentity": {"userName": "x"}}, "username", None),
        ({"userIdentity": {"type": "WebIdentityUser", "userName": "web"}}, "username", "web"),
        ({"userIdentity": "x"}, "username", None),
    ],
)
def test_members(members: dict[str, Any], attribute: str, value: object) -> None:
    assert getattr(event_of(record(**members)), attribute) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (record(eventTime="yesterday"), 'eventTime should be a time, but is "yesterday"'),
        (record(eventTime=None), "eventTime is missing"),
        (record(eventTime="1970-01-01T00:00:00Z"), 'eventTime should be a time, but is "1970-01-01T00:00:00Z"'),
        ("[1]", "the record should be a JSON object with members"),
        ("{", "the record should be a JSON object with members"),
        ("", "the record should be a JSON object with members"),
    ],
)
def test_an_event_without_a_time_is_shown_where_it_is_said(text: str, reason: str) -> None:
    event = event_of(text, 1793500000)
    assert event.oddity is not None
    assert event.oddity.reasons == (reason,)
    assert (event.timed, event.unreadable, event.time.timestamp()) == (False, True, 1793500000)
    assert event.body == text


def test_a_data_event_lists_each_object_and_its_bucket() -> None:
    listed = [
        {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::logs/a"},
        {"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::logs/b"},
        {"accountId": "1", "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::logs"},
        {"accountId": "1"},
    ]
    event = event_of(record(resources=listed, requestParameters={"bucketName": "logs", "key": "a"}))
    assert names(event) == [
        ("AWS::S3::Object", "arn:aws:s3:::logs/a"),
        ("AWS::S3::Object", "arn:aws:s3:::logs/b"),
        ("AWS::S3::Bucket", "arn:aws:s3:::logs"),
        ("AWS::S3::Bucket", "logs"),
    ]
    assert event_of(record(resources=[*listed, "x", None])).resources == event.resources[:3]


def test_resources_that_request_and_response_name() -> None:
    taken = event_of(
        record(
            eventSource="sts.amazonaws.com",
            requestParameters={"roleArn": "arn:aws:iam::1:role/r", "roleSessionName": 's"1'},
            responseElements={
                "credentials": {"accessKeyId": "ASIA1"},
                "assumedRoleUser": {"assumedRoleId": "A:s", "arn": "arn:aws:sts::1:assumed-role/r/s"},
            },
        )
    )
    assert set(names(taken)) == {
        ("AWS::IAM::Role", "arn:aws:iam::1:role/r"),
        ("AWS::STS::AssumedRole", 's"1'),
        ("AWS::IAM::AccessKey", "ASIA1"),
        ("AWS::STS::AssumedRole", "arn:aws:sts::1:assumed-role/r/s"),
    }
    # Text inside a text names nothing, and a reading call to EC2 neither.
    assert not event_of(record(requestParameters={"x": '"bucketName":"b"'})).resources
    many = {"items": [{"instanceId": f"i-{number}"} for number in range(300)]}
    stopped = record(eventSource="ec2.amazonaws.com", readOnly=False, requestParameters=many)
    assert len(event_of(stopped).resources) == 200
    assert not event_of(record(eventSource="ec2.amazonaws.com", requestParameters=many)).resources


def test_an_insights_event_has_the_name_of_its_calls() -> None:
    details = {"eventName": "RunInstances", "eventSource": "ec2.amazonaws.com"}
    event = event_of(record(eventType="AwsCloudTrailInsight", eventName=None, eventSource=None, insightDetails=details))
    assert (event.name, event.source, event.oddity) == ("RunInstances", "ec2.amazonaws.com", None)


def test_an_aggregated_event_is_shown_at_its_window() -> None:
    event = event_of(json.dumps(API_ACTIVITY))
    assert (event.event_id, event.time) == (API_ACTIVITY["eventId"], datetime(2025, 11, 17, 19, 25, tzinfo=UTC))
    assert (event.name, event.source, event.oddity) == ("PutObject", "s3.amazonaws.com", None)
    assert names(event) == [(None, "arn:aws:s3:::one"), (None, "arn:aws:s3:::two")]
    bare = event_of(json.dumps({**API_ACTIVITY, "timeWindow": {"windowStart": "2025-11-17T19:20:00Z"}, "summary": 1}))
    assert (bare.name, bare.time.minute, bare.timed) == (None, 20, True)
    assert not event_of(json.dumps({**API_ACTIVITY, "timeWindow": None})).timed


def test_an_entry_of_an_answer_says_it_itself() -> None:
    around = {
        "EventId": "e", "EventTime": "2026-11-02T00:00:00+01:00", "EventName": "N", "EventSource": "S",
        "Username": "U", "ReadOnly": "true", "AccessKeyId": "K",
        "Resources": [{"ResourceType": "T"}, {"ResourceName": "R"}, None],
    }  # fmt: skip
    event = event_of(json.dumps({**around, "CloudTrailEvent": record()}))
    assert event == Event(
        "e", datetime(2026, 11, 1, 23, tzinfo=UTC), "N", "S", "U", "true", "K",
        (Resource("T", None), Resource(None, "R")), record(),
    )  # fmt: skip
    bare = event_of(json.dumps({"CloudTrailEvent": RECORD}))
    assert json.loads(bare.record) == RECORD
    assert (bare.time, bare.event_id) == (event_of(record()).time, event_id_of(None, bare.record))


@pytest.mark.parametrize(
    ("text", "region"),
    [
        (record(), "eu-west-1"),
        (record(awsRegion=None), "us-east-1"),
        (record(awsRegion=7), "7"),
        ("nothing", "us-east-1"),
        (json.dumps({"CloudTrailEvent": record()}), "eu-west-1"),
        (json.dumps({"CloudTrailEvent": RECORD}), "eu-west-1"),
        (json.dumps({"CloudTrailEvent": None}), "us-east-1"),
    ],
)
def test_region(text: str, region: str) -> None:
    assert region_of(text, "us-east-1") == region


@given(RECORDS | st.fixed_dictionaries({"CloudTrailEvent": RECORDS | st.text(max_size=4)}), st.randoms())
@settings(max_examples=examples(60), deadline=None)
def test_it_reads_anything(hostile: dict[str, Any], random: Random) -> None:
    text = json.dumps({**RECORD, **hostile} if random.random() < 0.5 else hostile)
    for each in (text, damaged(text, random)):
        event = event_of(each)
        for told in (event.event_id, event.name, event.source, event.username, event.access_key_id, event.record):
            assert told is None or isinstance(told.encode(), bytes)
        assert event.read_only in (None, "true", "false")
        region_of(each).encode()


@pytest.mark.parametrize("deep", ['{"CloudTrailEvent":' * 400 + "1" + "}" * 400, "[" * 100_000, '{"a":' * 5000])
def test_nesting_is_no_danger(deep: str) -> None:
    assert event_of(deep).body
    assert region_of(deep, "x") == "x"


@pytest.mark.story
def test_real_records_are_as_the_emulator_has_them() -> None:
    """The emulator is another reading of the same rules. It refuses what LookupEvents does not return."""
    compared = 0
    fewer: set[tuple[str | None, str | None]] = set()
    for one in real_records():
        text = json.dumps(one)
        event, witness = event_of(text), envelope(one, account="1", origin=Origin.LOADED, text=text)
        if isinstance(witness, NotAnEvent):
            # It takes no data events, and none without a time or a Region.
            assert event.timed != (witness in (NotAnEvent.NO_TIME, NotAnEvent.BAD_TIME))
            continue
        compared += 1
        assert (event.event_id, event.time.timestamp(), event.name, event.source) == (
            witness.identity, witness.time, witness.name, witness.source,
        )  # fmt: skip
        assert (event.username, event.read_only, event.access_key_id) == (
            witness.username, witness.read_only, witness.access_key_id,
        )  # fmt: skip
        assert region_of(text) == witness.region
        fewer |= {(event.source, resource.type) for resource in set(witness.resources) - set(event.resources)}
        more = set(event.resources) - set(witness.resources)
        assert more <= {Resource(item.get("type"), item["ARN"]) for item in one.get("resources") or () if "ARN" in item}
    assert compared > 3000
    # What the emulator has besides, and no test has asked for.
    assert {kind for _, kind in fewer} == {
        "AWS::AutoScaling::LaunchConfiguration",
        "AWS::CloudWatch::Alarm",
        "AWS::ElasticLoadBalancingV2::TargetGroup",
    }


@pytest.mark.story
def test_real_answers_are_as_they_came() -> None:
    for known in looked_up():
        around = {
            "EventId": known.event_id, "EventName": known.name, "EventSource": known.source,
            "Username": known.username, "ReadOnly": known.read_only, "AccessKeyId": known.access_key_id,
            "EventTime": str(known.time), "CloudTrailEvent": known.record,
            "Resources": [{"ResourceType": one.type, "ResourceName": one.name} for one in known.resources],
        }  # fmt: skip
        assert event_of(json.dumps(around)) == known
