"""An event as a sentence, and the head of the detail pane."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from support.real_records import event_of, looked_up, real_records

from ctui.model.event.event import Event, Oddity, Resource
from ctui.model.event.record_tree import RecordValue
from ctui.model.event.summarize import summarize
from ctui.model.filter.sightings import FirstTimes, SeenWith
from ctui.render.record.detail import EventDetail, detail_head
from ctui.render.record.detail_head import head_facts
from ctui.render.roles import Role
from ctui.render.text.sentence import sentence
from ctui.render.text.spans import plain, width

MALLORY = {"type": "IAMUser", "userName": "mallory"}
DEPLOY = {
    "type": "AssumedRole",
    "arn": "arn:aws:sts::111111111111:assumed-role/deploy/ci-77",
    "sessionContext": {"sessionIssuer": {"userName": "deploy"}},
}


def event(name: str | None, resource: str | None = None, **record: Any) -> Event:
    resources = (Resource("AWS::Some::Thing", resource),) if resource else ()
    return event_of(json.dumps({"userIdentity": MALLORY, "eventName": name, **record}), name=name, resources=resources)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            event("StopLogging", "legacy", sourceIPAddress="203.0.113.9", userAgent="aws-cli/2.15.0 Python/3.11"),
            "mallory (IAM user) stopped trail legacy from 203.0.113.9 with the AWS CLI",
        ),
        (
            event("StopLogging", "arn:aws:cloudtrail:eu-west-1:111111111111:trail/legacy", errorCode="AccessDenied"),
            "mallory (IAM user) tried to stop trail legacy: AccessDenied",
        ),
        (event("CreateUser", "bob"), "mallory (IAM user) created user bob"),
        (event("CreateAccessKey", "bob"), "mallory (IAM user) created access key on bob"),
        (event("DescribeInstances"), "mallory (IAM user) described instances"),
        (event("ListMFADevices"), "mallory (IAM user) listed MFA devices"),
        (
            event("GetBucketAcl", "logs", errorCode="NoSuchBucket"),
            "mallory (IAM user) tried to read bucket acl on logs: NoSuchBucket",
        ),
        (event("CreateFunction20150331", "hello"), "mallory (IAM user) created function hello"),
        (
            event("ConsoleLogin", sourceIPAddress="203.0.113.9"),
            "mallory (IAM user) signed in to the console from 203.0.113.9",
        ),
        (
            event("ConsoleLogin", sourceIPAddress="203.0.113.9", eventType="AwsConsoleSignIn", userAgent="Mozilla/5.0"),
            "mallory (IAM user) signed in to the console from 203.0.113.9",
        ),
        (event("RunInstances", userAgent="Mozilla/5.0"), "mallory (IAM user) ran instances with a browser"),
        (
            event("CredentialVerification", serviceEventDetails={"CredentialVerification": "Failure"}),
            "mallory (IAM user) tried to verify a credential: Failure",
        ),
        (
            event("SwitchRole", responseElements={"SwitchRole": "Failure"}),
            "mallory (IAM user) tried to switch role in the console: Failure",
        ),
        (
            event("CheckMfa", responseElements={"CheckMfa": "Failure"}),
            "mallory (IAM user) tried to pass the MFA check: Failure",
        ),
        (event("CheckMfa", responseElements={"CheckMfa": "Success"}), "mallory (IAM user) passed the MFA check"),
        (event("FrobnicateThing", "x"), "mallory (IAM user) called FrobnicateThing on x"),
        (event("Decrypt", errorCode="AccessDenied"), "mallory (IAM user) tried to call Decrypt: AccessDenied"),
        (event(None), "mallory (IAM user) called something"),
        (
            event("PutBucketPolicy", "logs-prod", userIdentity=DEPLOY, userAgent="APN/1.0 Terraform/1.5 aws-sdk-go-v2"),
            "ci-77 (role deploy) set bucket policy on logs-prod with Terraform",
        ),
        (event("CreateUser", "bob", userIdentity={"type": "Root"}), "root created user bob"),
        (
            event("RunInstances", sourceIPAddress="autoscaling.amazonaws.com"),
            "mallory (IAM user) ran instances through autoscaling",
        ),
        (event("RunInstances", sourceIPAddress="AWS Internal"), "mallory (IAM user) ran instances from inside AWS"),
        (event_of("not json", name="StopLogging", username="eve"), "eve stopped a trail"),
        (event_of("[]"), "someone called something"),
        (event("RunInstances", sourceIPAddress=[7], userAgent=["x"]), "mallory (IAM user) ran instances"),
        (event("StopLogging", "a\x1b[2J\u202eb"), "mallory (IAM user) stopped trail a␛[2J⟨U+202E⟩b"),
    ],
)
def test_an_event_is_told_as_a_sentence(told: Event, expected: str) -> None:
    assert plain(sentence(told, summarize(told, "eu-west-1"))) == expected


def test_the_head_says_when_in_utc_and_local_and_what_went_wrong() -> None:
    told = event("StopLogging", "legacy", errorCode="AccessDenied", errorMessage="not [red]you[/]\x07")
    told = event_of(told.record, event_id="abc-1", name=told.name, time=datetime(2026, 11, 21, 14, 2, 11, tzinfo=UTC))
    lines = detail_head(told, summarize(told, "eu-west-1"), timezone(timedelta(hours=1)), 80)
    text = "\n".join(plain(line) for line in lines)
    assert "2026-11-21 14:02:11 UTC · 2026-11-21 15:02:11 +01:00 local" in text
    assert "AccessDenied: not [red]you[/]␇" in text
    assert "abc-1" in text
    assert ("AccessDenied", Role.ERROR) in [span for line in lines for span in line]


ROLE = {
    "type": "AssumedRole",
    "arn": "arn:aws:sts::222222222222:assumed-role/deploy/ci-77",
    "accountId": "222222222222",
    "accessKeyId": "ASIAJEVHE73KGEXAMPLE",
    "sessionContext": {"sessionIssuer": {"userName": "deploy"}, "attributes": {"mfaAuthenticated": "true"}},
}


@pytest.mark.parametrize(
    ("record", "shown", "values"),
    [
        (
            {
                "userIdentity": ROLE,
                "recipientAccountId": "111111111111",
                "userAgent": "aws-cli/2.15.0 exec-env/CloudShell",
                "sourceIPAddress": "10.0.0.7",
                "vpcEndpointId": "vpce-1",
                "awsRegion": "eu-west-1",
                "eventSource": "iam.amazonaws.com",
            },
            [
                "When     2026-11-01 00:00:00 UTC",
                "Who      ci-77 · role deploy · another account 222222222222",
                "How      AWS CLI 2.15.0 in CloudShell · temporary key ASIAJEVHE73KGEXAMPLE · MFA",
                "From     10.0.0.7 through vpce-1 to iam in eu-west-1",
                "On       bob  AWS::Some::Thing",
                "Outcome  succeeded",
            ],
            {
                "Who": (("userIdentity", "arn"), ROLE["arn"]),
                "How": (("userIdentity", "accessKeyId"), "ASIAJEVHE73KGEXAMPLE"),
                "From": (("sourceIPAddress",), "10.0.0.7"),
                "On": ((), "bob"),
                "Agent": (("userAgent",), "aws-cli/2.15.0 exec-env/CloudShell"),
            },
        ),
        (
            {
                "userIdentity": {**MALLORY, "accountId": "111111111111", "accessKeyId": "AKIAJEVHE73KGEXAMPLE"},
                "userAgent": "Boto3/1.26.1",
                "errorCode": "AccessDenied",
                "errorMessage": "AccessDenied",
            },
            [
                "Error    AccessDenied",
                "Who      mallory · IAM user · 111111111111",
                "How      boto3 1.26.1 (SDK) · long-term key AKIAJEVHE73KGEXAMPLE · MFA unknown",
            ],
            {"Who": (("userIdentity", "userName"), "mallory"), "Error": (("errorCode",), "AccessDenied")},
        ),
        (
            {"userIdentity": {"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}},
            ["Who      lambda · AWS service", "How      AWS service lambda"],
            {"Who": (("userIdentity", "invokedBy"), "lambda.amazonaws.com")},
        ),
        (
            {"userIdentity": {"type": "Root", "accountId": "1"}, "userAgent": "x"},
            ["How      another tool · MFA unknown"],
            {},
        ),
    ],
)
def test_the_head_says_who_how_from_where_and_on_what(
    record: dict[str, Any], shown: list[str], values: dict[str, tuple[tuple[str, ...], str]]
) -> None:
    told = event("CreateUser", "bob", **record)
    lines = [plain(line) for line in detail_head(told, summarize(told, ""), UTC, 120)]
    for line in shown:
        assert line in lines, lines
    facts = {fact.label: fact.value for fact in head_facts(told, summarize(told, ""), UTC)}
    for label, (path, text) in values.items():
        assert facts[label] == RecordValue(path, (), text)


@pytest.mark.parametrize(
    ("first", "shown"),
    [
        (None, []),
        (
            FirstTimes(((SeenWith.NETWORK, "203.0.113.0/24"),), caller_is_new=False, seconds=12 * 86_400 + 5),
            ["New      first time from 203.0.113.0/24 in 12 days of stored events"],
        ),
        (
            FirstTimes(
                ((SeenWith.AGENT, "\x1b[x"), (SeenWith.REGION, "r"), (SeenWith.SERVICE, "iam.amazonaws.com")),
                caller_is_new=False,
                seconds=7300,
            ),
            ["New      first time with ␛[x, in r, to iam in 2 h of stored events"],
        ),
        (
            FirstTimes((), caller_is_new=True, seconds=59),
            ["New      first event of this user or role in 59 s of stored events"],
        ),
        (
            FirstTimes((), caller_is_new=True, seconds=0),
            ["New      the oldest stored event: nothing before it to compare with"],
        ),
    ],
)
def test_the_head_says_what_is_new_and_over_how_long_the_store_can_tell(
    first: FirstTimes | None, shown: list[str]
) -> None:
    told = event("CreateUser", "bob")
    detail = EventDetail(1, told, summarize(told, ""), UTC, None, first)
    lines = [plain(row.line) for row in detail.rows(80, as_json=False, folded=())]
    assert [line for line in lines if line.startswith("New")] == shown


def test_the_local_time_is_left_out_where_it_is_that_of_utc() -> None:
    told = event("CreateUser", "bob")
    for zone, there in ((UTC, False), (timezone(timedelta(hours=-5)), True)):
        (when,) = [line for line in detail_head(told, summarize(told, ""), zone, 80) if plain(line).startswith("When")]
        assert ("local" in plain(when)) == there


def test_the_head_names_every_resource_when_there_are_several() -> None:
    told = event_of("{}", resources=(Resource("A", "one"), Resource("B", None), Resource(None, None)))
    assert any(plain(line) == "On       one, B" for line in detail_head(told, summarize(told, "r"), UTC, 40))


def test_an_agent_of_any_length_takes_one_line() -> None:
    told = event("StopLogging", userAgent="aws-cli/2 " * 40)
    lines = [plain(line) for line in detail_head(told, summarize(told, "r"), UTC, 50)]
    assert sum("aws-cli" in line for line in lines) == 1
    assert any(line.startswith("Agent") and line.endswith("…") for line in lines)


@pytest.mark.story
def test_every_real_record_has_a_head_that_fits() -> None:
    for each in [event_of(record) for record in real_records()] + looked_up():
        for line in detail_head(each, summarize(each, "us-east-1"), UTC, 60):
            assert width(line) <= 60


@pytest.mark.parametrize(
    ("oddity", "shown"),
    [
        (Oddity(("ReadOnly is true, not as text",)), ["Odd      ReadOnly is true, not as text"]),
        (
            Oddity(("Username should be text, but is [\x1b]", "a second reason"), lost=True),
            ["Unread   Username should be text, but is [␛]", "         a second reason"],
        ),
        (
            Oddity(("EventTime is missing",), lost=True, timed=False),
            ["When     unreadable · listed at 2026-11-01 00:00:00 UTC", "Unread   EventTime is missing"],
        ),
    ],
)
def test_what_was_odd_about_an_event_is_told(oddity: Oddity, shown: list[str]) -> None:
    odd = replace(event("StopLogging", "legacy"), oddity=oddity, username="mallory")
    text = [plain(line) for line in detail_head(odd, summarize(odd, ""), UTC, 120)]
    for line in shown:
        assert any(each.startswith(line) for each in text), text


@pytest.mark.parametrize("as_it_came", ["null", '{"EventTime": "\x1b"}', "x" * 30_000])
def test_an_event_without_a_record_is_shown_and_copied_as_it_came(as_it_came: str) -> None:
    came = Event(
        "sha256:x", event("X").time, None, None, None, None, None, (), "", Oddity(("y",), True, False, as_it_came)
    )
    assert plain(sentence(came, summarize(came, ""))) == "This event could not be read"
    detail = EventDetail(1, came, summarize(came, ""), UTC)
    for as_json in (False, True):
        assert not any("\x1b" in plain(row.line) for row in detail.rows(80, as_json=as_json, folded=()))
    assert json.loads(detail.copied) in (as_it_came, None)
