"""What is copied: the values as they are, and nothing that acts on a terminal or a shell."""

import json
import shlex
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.real_records import event_of, real_records

from ctui.model.connection import Connection
from ctui.model.event.event import Event, Resource
from ctui.model.event.summarize import summarize
from ctui.model.lookup.lookup import AttributeKey, Category, LookupAttribute
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.copies.event_copies import Copy, event_copies, json_lines, lookup_form, record_values, row_text
from ctui.render.copies.lookup_command import lookup_commands
from ctui.render.copies.trail_copies import trail_copies

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOSTILE = "a\x1b]0;x\x07\nrm -rf ~\u202eb"
AWS = Connection("prod", "eu-west-1", None, "aws")


def event(**identity: object) -> Event:
    record = {
        "userIdentity": {"arn": "arn:aws:iam::1:user/bob", **identity},
        "sourceIPAddress": "203.0.113.9",
        "userAgent": "aws-cli/2",
        "requestParameters": {"names": ["x", {"deep": True}], "none": None, "empty": ""},
    }
    made = event_of(json.dumps(record, indent=1), event_id="e1", time=NOON, name="StopLogging", username="bob")
    return replace(made, access_key_id="AKIA1", read_only="false", resources=(Resource("T", "n"), Resource(None, "m")))


def copies(one: Event) -> dict[str, Copy]:
    return {copy.letter: copy for copy in event_copies(one, summarize(one, "eu-west-1"))}


def test_each_value_of_an_event_has_a_key() -> None:
    one = event()
    texts = {letter: copy.text() for letter, copy in copies(one).items()}
    assert json.loads(texts["r"]) == json.loads(texts["o"]) == json.loads(one.record)
    assert "\n" in texts["r"]
    assert "\n" not in texts["o"]
    assert [texts[letter] for letter in "iakp"] == ["e1", "arn:aws:iam::1:user/bob", "AKIA1", "203.0.113.9"]
    assert "bob" in texts["s"]
    assert texts["w"].startswith("2026-11-21 12:00:00 UTC  StopLogging  bob  203.0.113.9  n +1")
    assert json.loads(texts["l"]) == {
        "EventId": "e1",
        "EventName": "StopLogging",
        "ReadOnly": "false",
        "AccessKeyId": "AKIA1",
        "EventTime": "2026-11-21T12:00:00+00:00",
        "Username": "bob",
        "Resources": [{"ResourceType": "T", "ResourceName": "n"}, {"ResourceName": "m"}],
        "CloudTrailEvent": one.record,
    }


def test_what_an_event_lacks_is_not_offered() -> None:
    assert set(copies(event_of("no json", event_id="e1", time=NOON))) == set("rolisw")


def test_no_text_acts_on_a_terminal_or_ends_a_line() -> None:
    one = replace(event(arn=HOSTILE), event_id=HOSTILE, access_key_id=HOSTILE, name=HOSTILE, username=HOSTILE)
    for copy in copies(one).values():
        shown, text = copy.shown, copy.text()
        assert shown.isprintable()
        assert text.replace("\n", "").isprintable()
        assert copy.letter in "rl" or "\n" not in text
        assert text.isascii() or copy.letter not in "rol"


def test_records_become_lines_of_json_that_decode_to_the_same() -> None:
    records = [json.dumps(record, indent=1, ensure_ascii=False) for record in real_records()[:400]]
    lines = json_lines(event_of(record, event_id="e", time=NOON) for record in [*records, "no json", ""]).splitlines()
    assert [json.loads(line) for line in lines[:-2]] == [json.loads(record) for record in records]
    assert json.loads(lines[-2]) == "no json"
    assert json.loads(lines[-1])["EventId"] == "e"
    assert all(line.isascii() and line.isprintable() for line in lines)


def test_values_have_their_paths_in_the_order_of_the_record() -> None:
    assert record_values(event()) == [
        ("userIdentity.arn", "arn:aws:iam::1:user/bob"),
        ("sourceIPAddress", "203.0.113.9"),
        ("userAgent", "aws-cli/2"),
        ("requestParameters.names.0", "x"),
        ("requestParameters.names.1.deep", "true"),
    ]
    many = event_of(json.dumps({str(number): "x" for number in range(5_000)}), event_id="e", time=NOON)
    assert len(record_values(many)) == 2_000


def test_a_row_without_anything_is_a_row() -> None:
    one = event_of("{}", event_id="e", time=NOON, name=None)
    assert row_text(summarize(one, "eu-west-1")) == "2026-11-21 12:00:00 UTC  (no name)"
    assert json.loads(lookup_form(one))["EventId"] == "e"


LOCAL = Connection(None, "eu-west-1", "http://127.0.0.1:1", "http://127.0.0.1:1")
ONE_MINUTE = " --start-time 2026-11-21T11:59:00Z --end-time 2026-11-21T12:00:00Z --region eu-west-1 "


def attribute(key: AttributeKey, value: str) -> str:
    return shlex.quote(json.dumps([{"AttributeKey": key.value, "AttributeValue": value}]))


@pytest.mark.parametrize(
    ("selected", "start", "connection", "commands"),
    [
        (
            (),
            None,
            AWS,
            ["aws cloudtrail lookup-events --end-time 2026-11-21T12:00:00Z --region eu-west-1 --profile prod"],
        ),
        (
            (LookupAttribute(AttributeKey.USERNAME, "a b'; ls"), LookupAttribute(AttributeKey.EVENT_NAME, "x\ny")),
            int(NOON.timestamp()) - 60,
            LOCAL,
            [
                "aws cloudtrail lookup-events --lookup-attributes "
                + attribute(key, value)
                + ONE_MINUTE
                + "--endpoint-url http://127.0.0.1:1"
                for key, value in ((AttributeKey.USERNAME, "a b'; ls"), (AttributeKey.EVENT_NAME, "x\ny"))
            ],
        ),
    ],
)
def test_the_question_is_a_command_for_each_attribute(
    selected: tuple[LookupAttribute, ...], start: int | None, connection: Connection, commands: list[str]
) -> None:
    asked = [(Category.MANAGEMENT, selected)]
    assert lookup_commands(asked, start, int(NOON.timestamp()), ["eu-west-1"], connection) == tuple(commands)
    assert all("\n" not in command for command in commands)
    two = lookup_commands(asked, start, int(NOON.timestamp()), ["eu-west-1", "us-east-1"], connection)
    assert len(two) == 2 * len(commands)
    both = lookup_commands([*asked, (Category.INSIGHT, ())], start, int(NOON.timestamp()), ["eu-west-1"], connection)
    assert both[:-1] == tuple(commands)
    assert "--event-category insight" in both[-1]
    assert not any("--event-category" in command for command in commands)


def test_a_trail_is_copied_as_the_api_has_it() -> None:
    trail = Trail("legacy", arn="arn:t", home_region="us-east-1", s3_bucket_name="logs", is_multi_region_trail=False)
    status = TrailStatus(is_logging=False, stop_logging_time=NOON, latest_cloud_watch_logs_delivery_time=NOON)
    found = {copy.letter: copy.text() for copy in trail_copies(trail, status, AWS)}
    assert json.loads(found["t"]) == {
        "Name": "legacy",
        "TrailARN": "arn:t",
        "HomeRegion": "us-east-1",
        "S3BucketName": "logs",
        "IsMultiRegionTrail": False,
    }
    assert json.loads(found["s"]) == {
        "IsLogging": False,
        "StopLoggingTime": NOON.isoformat(),
        "LatestCloudWatchLogsDeliveryTime": NOON.isoformat(),
    }
    assert (found["a"], found["b"], found["n"]) == ("arn:t", "logs", "legacy")
    assert found["c"].startswith("aws cloudtrail create-trail --name legacy --s3-bucket-name logs ")
    assert "--region us-east-1" in found["c"]
    assert [copy.letter for copy in trail_copies(Trail(""), None, None)] == ["t"]
