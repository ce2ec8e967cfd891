"""What a line says of an event: real shapes as a table, hostile ones never raise, every real record gives a line."""

import json
from collections import Counter
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.real_records import event_of, looked_up, real_records

from ctui.model.event.event import Resource
from ctui.model.event.outcome import failure_of
from ctui.model.event.record import decode_record
from ctui.model.event.summarize import summarize
from ctui.model.filter.parse import parse_filter
from ctui.model.filter.predicate import compile_filter

ROLE = "arn:aws:sts::111122223333:assumed-role/deploy/ci-77"
ISSUER = {"sessionIssuer": {"type": "Role", "userName": "deploy", "arn": "arn:aws:iam::111122223333:role/ci/deploy"}}
FEDERATED_BY = {"sessionIssuer": {"type": "IAMUser", "userName": "broker"}}


@pytest.mark.parametrize(
    ("identity", "user", "role", "root"),
    [
        ({"type": "IAMUser", "userName": "alice", "arn": "arn:aws:iam::1:user/x/alice2"}, "alice", "", False),
        ({"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/staff/alice"}, "alice", "", False),
        ({"type": "IAMUser", "arn": "arn:aws:iam::00000:robot", "principalId": "00000"}, "robot", "", False),
        (
            {"type": "IAMUser", "userName": "HIDDEN_DUE_TO_SECURITY_REASONS"},
            "HIDDEN_DUE_TO_SECURITY_REASONS",
            "",
            False,
        ),
        ({"type": "Root", "arn": "arn:aws:iam::111122223333:root", "userName": "my-alias"}, "root", "", True),
        ({"type": "Root", "invokedBy": "autoscaling.amazonaws.com"}, "root", "", True),
        ({"type": "AssumedRole", "arn": ROLE, "sessionContext": ISSUER}, "ci-77", "deploy", False),
        ({"type": "AssumedRole", "arn": ROLE}, "ci-77", "deploy", False),
        ({"type": "AssumedRole", "arn": ROLE, "invokedBy": "eks.amazonaws.com"}, "ci-77", "deploy", False),
        ({"type": "AssumedRole", "principalId": "AROAEXAMPLE:alice@example.com"}, "alice@example.com", "", False),
        ({"type": "AssumedRole", "sessionContext": ISSUER}, "deploy", "", False),
        (
            {
                "type": "FederatedUser",
                "arn": "arn:aws:sts::111122223333:federated-user/bob",
                "sessionContext": FEDERATED_BY,
            },
            "bob",
            "broker",
            False,
        ),
        ({"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}, "lambda.amazonaws.com", "", False),
        (
            {"accountId": "111122223333", "invokedBy": "secretsmanager.amazonaws.com"},
            "secretsmanager.amazonaws.com",
            "",
            False,
        ),
        ({"type": "AWSAccount", "principalId": "AROAEXAMPLE", "accountId": "444455556666"}, "444455556666", "", False),
        ({"type": "AWSAccount", "principalId": "AROAEXAMPLE:carol", "accountId": "444455556666"}, "carol", "", False),
        ({"type": "WebIdentityUser", "userName": "repo:org/app", "principalId": "p"}, "repo:org/app", "", False),
        ({"type": "SAMLUser", "principalId": "hash=:dave@example.com"}, "dave@example.com", "", False),
        ({"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}, "accountId": "1"}, "u-1", "", False),
        ({"type": "Directory", "userName": "erin"}, "erin", "", False),
        ({"type": "Unknown", "principalId": "p-9"}, "p-9", "", False),
        ({}, "", "", False),
        (None, "", "", False),
        (["IAMUser"], "", "", False),
        ({"type": {}, "userName": [7], "arn": None, "principalId": [], "sessionContext": "x"}, "", "", False),
    ],
)
def test_the_person_or_session_comes_first_and_the_role_second(identity: Any, user: str, role: str, root: bool) -> None:
    told = summarize(event_of({"userIdentity": identity}), "eu-west-1")
    assert (told.user, told.role, told.root) == (user, role, root)


def test_what_the_service_said_speaks_where_the_record_names_nobody() -> None:
    assert summarize(event_of({"eventName": "X"}, username="alice"), "eu-west-1").user == "alice"
    assert summarize(event_of({"userIdentity": {"type": "AssumedRole"}}, username="s-1"), "eu-west-1").user == "s-1"


def test_a_sign_in_through_identity_center_names_who_typed() -> None:
    record = {
        "userIdentity": {"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}},
        "additionalEventData": {"UserName": "frank"},
    }
    assert summarize(event_of(record), "eu-west-1").user == "frank"


def verification(outcome: str) -> dict[str, Any]:
    """A password typed at IAM Identity Center's sign-in page, as its user guide shows the record."""
    return {
        "eventName": "CredentialVerification",
        "eventType": "AwsServiceEvent",
        "errorCode": None,
        "responseElements": None,
        "serviceEventDetails": {"CredentialVerification": outcome},
    }


def detail(key: str, state: str) -> dict[str, Any]:
    """A service's own event with a state in its details."""
    return {"serviceEventDetails": {key: {"state": state}}}


@pytest.mark.parametrize(
    ("record", "error"),
    [
        ({}, ""),
        ({"errorCode": None, "errorMessage": None}, ""),
        ({"errorCode": "AccessDenied", "errorMessage": "User: … is not authorized"}, "AccessDenied"),
        (
            {"errorMessage": "Failed authentication", "responseElements": {"ConsoleLogin": "Failure"}},
            "Failed authentication",
        ),
        ({"responseElements": {"ConsoleLogin": "Failure"}}, "Failure"),
        ({"responseElements": {"ConsoleLogin": "Success"}}, ""),
        ({"errorCode": 403}, "403"),
        ({"errorCode": {"a": 1}}, ""),
        (verification("Failure"), "Failure"),
        (verification("Success"), ""),
        ({"eventName": "SwitchRole", "responseElements": {"SwitchRole": "Failure"}}, "Failure"),
        ({"eventName": "CheckMfa", "responseElements": {"CheckMfa": "Failure"}}, "Failure"),
        ({"eventName": "CheckMfa", "additionalEventData": {"CheckMfa": "Failure"}}, "Failure"),
        ({"eventName": "CheckMfa", "responseElements": {"SwitchRole": "Failure"}}, ""),
        ({"eventName": "ListThings", "responseElements": {"things": ["Failure", "FAILED"]}}, ""),
        ({"eventName": "ListThings", "responseElements": {"state": "FAILED", "Failure": "Failure"}}, ""),
        ({"eventName": "X", "serviceEventDetails": ["Failure"], "responseElements": "Failure"}, ""),
        ({"eventName": "CreateManagedAccount", **detail("createManagedAccountStatus", "FAILED")}, "FAILED"),
        ({"eventName": "CreateManagedAccount", **detail("createManagedAccountStatus", "SUCCEEDED")}, ""),
        ({"eventName": "CreateAccountResult", **detail("createAccountStatus", "FAILED")}, "FAILED"),
        ({"eventName": "Token_POST", "additionalEventData": {"responseParameters": {"status": 400.0}}}, "400.0"),
        ({"eventName": "Token_POST", "additionalEventData": {"responseParameters": {"status": 302.0}}}, ""),
    ],
)
def test_a_call_that_failed_says_why(record: dict[str, Any], error: str) -> None:
    event = event_of(record)
    assert summarize(event, "eu-west-1").error == error
    for line in ("is:error", "error:*"):
        assert compile_filter(parse_filter(line), event.time)(event, "eu-west-1") is bool(error), line


def test_real_records_failed_where_a_rule_says_so_and_nowhere_else() -> None:
    failures = [failure_of(decode_record(json.dumps(record))) for record in real_records()]
    assert (len(failures), sum(map(bool, failures))) == (4523, 485)
    # Of these records all say it by errorCode or errorMessage, one console sign-in by both; those with "Failure",
    # "ERROR" or "failed" elsewhere, such as the texts of DescribeEventCategories, went through.
    plain = [str(record.get("errorCode") or record.get("errorMessage") or "") for record in real_records()]
    assert failures == plain


def test_what_stands_around_the_record_goes_before_it() -> None:
    record = {"eventName": "Inner", "eventSource": "inner.amazonaws.com", "awsRegion": "us-east-1"}
    outside = summarize(event_of(record, name="Outer", source="outer.amazonaws.com", read_only="false"), "eu-west-1")
    assert (outside.name, outside.source, outside.region, outside.write) == (
        "Outer",
        "outer.amazonaws.com",
        "us-east-1",
        True,
    )
    inside = summarize(event_of(record, read_only="true"), "eu-west-1")
    assert (inside.name, inside.source, inside.write) == ("Inner", "inner.amazonaws.com", False)
    assert summarize(event_of({}), "eu-west-1").region == "eu-west-1"


def test_an_insight_names_the_call_it_is_about() -> None:
    record = {"eventType": "AwsCloudTrailInsight", "insightDetails": {"eventName": "RunInstances", "state": "Start"}}
    assert summarize(event_of(record), "eu-west-1").name == "RunInstances"


def test_the_first_resource_with_a_name_is_shown_and_the_others_counted() -> None:
    resources = (Resource("AWS::S3::Bucket", None), Resource(None, "logs"), Resource("AWS::IAM::Role", "app"))
    told = summarize(event_of({}, resources=resources), "eu-west-1")
    assert (told.resource, told.more_resources) == ("logs", 1)
    assert summarize(event_of({}, resources=resources[:1]), "eu-west-1").more_resources == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no json",
        "[1]",
        "null",
        '"text"',
        '{"userIdentity": "alice", "errorCode": {}, "awsRegion": [7], "insightDetails": []}',
        '{"eventName": "\\ud800", "userIdentity": {"type": "IAMUser", "userName": "\\udfff"}}',
        '{"n": ' + "9" * 5000 + "}",
        '{"n": NaN}',
        '{"a":' * 100_000,
        "[" * 100_000 + "]" * 100_000,
        "\ufeff{}",
    ],
    ids=range(12),
)
def test_a_record_of_any_text_gives_a_line(text: str) -> None:
    told = summarize(event_of(text, name="Named", username="alice"), "eu-west-1")
    assert told.name == "Named"
    assert told.region == "eu-west-1"


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
IDENTITY_KEYS = ("type", "arn", "userName", "principalId", "accountId", "invokedBy", "sessionContext", "onBehalfOf")
TYPES = st.sampled_from(["Root", "IAMUser", "AssumedRole", "FederatedUser", "AWSService", "AWSAccount"])
IDENTITIES = st.dictionaries(st.sampled_from(IDENTITY_KEYS), ODD | TYPES | st.just(ROLE))
RECORD_KEYS = (
    "eventName",
    "eventSource",
    "awsRegion",
    "errorCode",
    "responseElements",
    "insightDetails",
    "sourceIPAddress",
)


@settings(max_examples=examples(60), deadline=None)
@given(st.dictionaries(st.sampled_from(RECORD_KEYS), ODD), ODD | IDENTITIES)
def test_no_mixture_of_types_raises_and_every_cell_is_of_its_type(record: dict[str, Any], identity: Any) -> None:
    told = summarize(event_of({**record, "userIdentity": identity}), "eu-west-1")
    assert all(
        isinstance(getattr(told, name), str) for name in ("name", "user", "role", "source", "region", "error", "ip")
    )


def test_every_real_record_gives_a_line() -> None:
    seen: Counter[str] = Counter()
    for record in real_records():
        told = summarize(event_of(record), "somewhere-1")
        seen[told.user] += 1
        assert told.name == record.get("eventName") or "insightDetails" in record
        assert told.region == record.get("awsRegion") or told.region == "somewhere-1"
        kind = (record.get("userIdentity") or {}).get("type")
        assert told.root == (kind == "Root")
        if (record.get("userIdentity") or {}).get("accountId"):
            assert told.user
        assert told.ip == record.get("sourceIPAddress", "")
        assert told.account == (
            record.get("recipientAccountId") or (record.get("userIdentity") or {}).get("accountId", "")
        )
    assert seen["lambda.amazonaws.com"]
    assert len(fields(told)) == 19


def test_the_user_of_a_line_is_the_one_the_service_names() -> None:
    for event in looked_up():
        told = summarize(event, "somewhere-1")
        if event.username is not None:
            assert told.user == event.username
        assert told.error == (json.loads(event.record).get("errorCode") or "")
