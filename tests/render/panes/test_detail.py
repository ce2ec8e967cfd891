"""An event as a sentence, and the head of the detail pane."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from support.real_records import event_of, looked_up, real_records

from ctui.model.event.event import Event, Oddity, Resource
from ctui.model.event.summary import summarize
from ctui.render.panes.detail import EventDetail, detail_head
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
