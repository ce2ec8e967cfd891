"""What an event is about: the names in its resources, request and response, and shorter names of the same thing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from support.plain_readings import event_around
from support.real_records import event_of, real_records

from ctui.model.event.event import Resource
from ctui.model.event.record_view import RecordView
from ctui.model.event.things import short_names
from ctui.model.filter.fields import ABOUT
from ctui.model.filter.matching.patterns import Pattern
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter, field_values
from ctui.model.filter.terms import FieldTerm, Filter

NOW = datetime(2026, 11, 28, 14, tzinfo=UTC)
ROLE = "arn:aws:iam::111122223333:role/ci/Admin"
LOGS = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/lambda/f:*"


@pytest.mark.parametrize(
    ("name", "shorter"),
    [
        ("my-bucket", ()),
        ("", ()),
        ("/", ()),
        ("a:", ()),
        (ROLE, ("ci/Admin", "Admin")),
        ("arn:aws:s3:::my-bucket", ("my-bucket",)),
        ("arn:aws:s3:::my-bucket/logs/1.gz", ("logs/1.gz", "1.gz")),
        ("arn:aws:cloudtrail:us-east-1:1:trail/legacy", ("legacy",)),
        ("arn:aws:lambda:eu-west-1:1:function:f:prod", ("f:prod", "f")),
        ("arn:aws-cn:sqs:cn-north-1:1:queue", ("queue",)),
        (LOGS, ("/aws/lambda/f:*", "/aws/lambda/f", "f")),
        ("arn:broken", ("broken",)),
        ("/aws/lambda/f", ("f",)),
        ("https://sqs.eu-west-1.amazonaws.com/1/queue", ("queue",)),
    ],
)
def test_shorter_names_of_a_thing(name: str, shorter: tuple[str, ...]) -> None:
    assert short_names(name) == shorter


EVENT = event_of(
    {
        "userIdentity": {"userName": "alice"},
        "requestParameters": {"name": "legacy", "deep": [{"x": ["i-1", 7, True, None]}], "key": "logs/1.gz"},
        "responseElements": {"trailARN": "arn:aws:cloudtrail:us-east-1:1:trail/legacy"},
        "serviceEventDetails": {"instanceIdSet": ["i-2"]},
        "additionalEventData": {"bytesTransferredIn": "no-thing"},
        "resources": [{"ARN": ROLE, "accountId": "111122223333", "type": "AWS::IAM::Role"}, "odd"],
    },
    resources=(Resource("AWS::EC2::Volume", "vol-1"), Resource("AWS::IAM::User", None)),
)


@pytest.mark.parametrize(
    ("line", "matches"),
    [
        ("about:legacy", True),
        ("about:arn:aws:cloudtrail:us-east-1:1:trail/legacy", True),
        ("about:i-1", True),
        ("about:i-2", True),
        ("about:7", True),
        ("about:vol-1", True),
        ("about:Admin", True),
        ("about:ci/Admin", True),
        (f"about:{ROLE}", True),
        ("about:1.gz", True),
        ("about:~LEGACY", True),
        ("about:leg*", True),
        ("about:x,legacy", True),
        # An ARN finds events that name the thing shortly.
        ("about:arn:aws:ec2:us-east-1:1:volume/vol-1", True),
        ("about:~arn:aws:ec2:us-east-1:1:volume/VOL-1", True),
        ("-about:arn:aws:ec2:us-east-1:1:volume/vol-1", False),
        ("about:legac", False),
        ("about:egacy", False),
        ("about:LEGACY", False),
        # Who acted, from where, and what else is recorded is not what it was about.
        ("about:alice", False),
        ("about:no-thing", False),
        ("about:111122223333", False),
        ("about:AWS::IAM::Role", False),
        ("about:true", False),
        ("-about:alice", True),
    ],
)
def test_about_finds_a_thing_by_any_of_its_names(line: str, matches: bool) -> None:
    assert compile_filter(parse_filter(line), NOW)(EVENT, "us-east-1") is matches


@pytest.mark.parametrize("odd", [None, [], "text", 7, {"ARN": None}, [None, [], {"ARN": ["arn:a:b:c:d:e"]}]])
def test_odd_parts_of_a_record_are_no_obstacle(odd: Any) -> None:
    event = event_of(dict.fromkeys(("requestParameters", "responseElements", "resources"), odd))
    assert all(isinstance(one, str) for one in field_values("about", event, ""))


def plain_texts(value: object) -> set[str]:
    if isinstance(value, dict):
        return set().union(*map(plain_texts, value.values()))
    if isinstance(value, list):
        return set().union(*map(plain_texts, value))
    return {value} if isinstance(value, str) else set()


@pytest.mark.story
def test_the_story_of_a_thing_in_real_records_is_what_plain_python_finds() -> None:
    """Who deleted it (question 1): each name that a deleting call names finds every event that names it."""
    records = real_records()
    deleting = [one for one in records if str(one.get("eventName")).startswith(("Delete", "Terminate"))]
    names = {name for one in deleting for name in plain_texts(one.get("requestParameters")) if name}
    assert len(names) > 30
    plain_names = [
        plain_texts([one.get("requestParameters"), one.get("responseElements"), one.get("serviceEventDetails")])
        for one in records
    ]
    events = [event_around(one, json.dumps(one)) for one in records]
    things = [set(RecordView(event, "").things()) for event in events]
    for name in sorted(names):
        term = FieldTerm(ABOUT, (Pattern((name,)),))
        matches = compile_filter(Filter((term,)), NOW)
        found = {at for at, event in enumerate(events) if name in things[at] and matches(event, "")}
        expected = {at for at, texts in enumerate(plain_names) if name in texts}
        assert found >= expected, name
        for at in found - expected:
            ends = (f":{name}", f"/{name}")
            resources = plain_texts(records[at].get("resources"))
            assert any(
                text.endswith(ends) or text == name or name in short_names(text) for text in plain_names[at] | resources
            ), (name, at)
