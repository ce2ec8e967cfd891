"""Rows of records, put together from parts: the same as of whole records, whatever these contain."""

import json
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.examples import examples
from support.hostile_records import EXTRAS, IDENTITIES, RECORDS, TEXTS, VALUES, damaged
from support.real_records import looked_up, real_records

from ctui.files.decoding.rows_of_records import RowMaker, whole_row
from ctui.files.segment import Row
from ctui.model.event.calls.notable_rules import NOTABLE_CALLS, SECRET_READS, CallRule

ID = "6e2b7a2c-9e5d-4a56-8a3c-0123456789ab"
SESSION: dict[str, Any] = {
    "type": "AssumedRole",
    "principalId": "AROAEXAMPLE:alice",
    "arn": "arn:aws:sts::111111111111:assumed-role/Admin/alice",
    "accountId": "111111111111",
    "accessKeyId": "ASIAEXAMPLE000000001",
    "sessionContext": {
        "sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111111111111:role/Admin", "userName": "Admin"},
        "attributes": {"creationDate": "2026-11-27T05:12:03Z", "mfaAuthenticated": "true"},
    },
}
CALL: dict[str, Any] = {
    "eventVersion": "1.11",
    "userIdentity": SESSION,
    "eventTime": "2026-11-27T06:00:00Z",
    "eventSource": "s3.amazonaws.com",
    "eventName": "GetObject",
    "awsRegion": "eu-central-1",
    "sourceIPAddress": "192.0.2.1",
    "userAgent": "[aws-cli/2.31.0]",
    "requestParameters": {"bucketName": "logs", "key": "a/b"},
    "responseElements": None,
    "additionalEventData": {"SignatureVersion": "SigV4", "bytesTransferredOut": 12},
    "eventID": ID,
    "readOnly": True,
    "resources": [
        {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::logs/a/b"},
        {"accountId": "111111111111", "type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::logs"},
    ],
    "eventType": "AwsApiCall",
    "managementEvent": False,
    "recipientAccountId": "111111111111",
    "eventCategory": "Data",
}
USUAL = {"eventID": ID, "eventTime": "2026-11-27T06:00:00Z"}

maker = RowMaker()
"""One for all tests, so that it knows parts of other records."""


def of_whole(text: str) -> Row:
    return whole_row(text, "eu-west-1", 12)


def check(text: str) -> None:
    assert maker.row(text.encode("utf-8", "surrogateescape"), "eu-west-1", 12) == of_whole(text)


def identity(**changes: Any) -> dict[str, Any]:
    return {"userIdentity": {**SESSION, **changes}}


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"eventTime": "2026-11-27T06:00:60Z"},
        {"eventTime": "2026-02-30T06:00:00Z"},
        {"eventTime": "2013-11-12T23:59:59Z"},
        {"eventTime": "1700000000.123456789"},
        {"eventTime": "2026-11-27T06:00:00.5Z"},
        {"eventTime": "2026-11-27T23:59:59+02:00"},
        {"eventID": ""},
        {"eventID": "one"},
        {"eventID": ID.upper()},
        {"eventName": ""},
        {"eventSource": None},
        {"readOnly": "true"},
        {"awsRegion": ""},
        {"awsRegion": None},
        {"recipientAccountId": "222222222222"},
        {"recipientAccountId": None},
        {"userAgent": "ctui/1.0", "eventSource": "cloudtrail.amazonaws.com", "eventName": "LookupEvents"},
        {"userAgent": "console.amazonaws.com"},
        {"userAgent": "x" * 2000},
        {"eventName": "x" * 2000},
        {"recipientAccountId": "1" * 5000},
        {"sessionCredentialFromConsole": "true"},
        {"sessionCredentialFromConsole": True},
        {"errorCode": "AccessDenied", "errorMessage": 'not "authorized"'},
        {"errorMessage": "denied"},
        {"errorCode": "x", "errorMessage": "x"},
        {"errorCode": "", "errorMessage": ""},
        {"eventCategory": "NetworkActivity", "errorCode": "VpceAccessDenied"},
        {"eventCategory": "Aggregated", "timeWindow": {"windowEnd": "2026-11-27T06:00:00Z"}},
        {"eventType": "AwsCloudTrailInsight", "insightDetails": {"eventName": "RunInstances"}},
        {"eventType": "AwsServiceEvent", "eventSource": "kms.amazonaws.com", "eventName": "RotateKey"},
        {"eventType": "AwsServiceEvent", "eventSource": "ec2.amazonaws.com", "eventName": "RotateKey"},
        {"CloudTrailEvent": "{}"},
        {"CloudTrailEvent": json.dumps(CALL), "EventId": ID},
        {"additionalEventData": {"UserName": "bob"}},
        {"additionalEventData": {"MFAUsed": "Yes"}},
        {"additionalEventData": {"GetObject": "Failure"}},
        {"additionalEventData": {"responseParameters": {"status": "403"}}},
        {"additionalEventData": "text"},
        {"serviceEventDetails": {"getObjectStatus": {"state": "FAILED"}}},
        {"responseElements": {"createAccountStatus": {"state": "FAILED"}}},
        {"responseElements": {"ConsoleLogin": "Failure"}},
        {"eventName": "ConsoleLogin", "eventSource": "signin.amazonaws.com"},
        {"eventName": "GetParameter", "eventSource": "ssm.amazonaws.com", "requestParameters": {"name": "/aws/"}},
        {"readOnly": True, "eventSource": "ec2.amazonaws.com", "requestParameters": {"instanceId": "i-1"}},
        {"readOnly": False, "eventSource": "ec2.amazonaws.com", "requestParameters": {"instanceId": "i-1"}},
        {"eventName": "StopLogging", "eventSource": "cloudtrail.amazonaws.com"},
        {"requestParameters": {"bucketName": "a\\b\"c\u00e9", "key": "\U0001f600"}},
        {"requestParameters": "text"},
        {"resources": [{"ARNPrefix": "arn:aws:s3:::x", "type": ""}, {"type": "AWS::S3::Object"}]},
        {"resources": {"ARN": "x"}},
        {"userIdentity": None},
        {"userIdentity": "alice"},
        {"userIdentity": {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}},
        {"userIdentity": {"type": "AWSService"}},
        {"userIdentity": {"type": "Root", "accountId": "111111111111", "arn": "arn:aws:iam::111111111111:root"}},
        {"userIdentity": {"type": "IAMUser", "userName": "ASIA1", "accessKeyId": "ASIA1"}},
        {"userIdentity": {"type": "AWSAccount", "accountId": "333333333333", "principalId": "AIDA1"}},
        {"userIdentity": {"sessionContext": {"accessKeyId": "ASIAEXAMPLE000000001"}}},
        {"userIdentity": {"accessKeyId": "ASIAEXAMPLE000000001"}},
        {"userIdentity": {"type": "IAMUser", "userName": "x" * 5000}},
        identity(accessKeyId="ASIAEXAMPLE000000002"),
        identity(accessKeyId="AKIAEXAMPLE000000002"),
        identity(accessKeyId=7),
        identity(principalId="AROAEXAMPLE:ASIAEXAMPLE000000001"),
        identity(accountId=111111111111),
        identity(type="Root"),
    ],
)  # fmt: skip
def test_a_row_says_what_the_whole_record_says(changes: dict[str, Any]) -> None:
    for ascii_only in (True, False):
        check(json.dumps({**CALL, **changes}, ensure_ascii=ascii_only, separators=(",", ":")))


class Watched(dict[str, Any]):
    """A record that knows what was looked for in it."""

    def __init__(self) -> None:
        super().__init__(requestParameters={"name": "x"})
        self.asked: set[object] = set()

    def __contains__(self, key: object) -> bool:
        self.asked.add(key)
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        """As of a dict."""
        self.asked.add(key)
        return super().get(key, default)


@pytest.mark.parametrize("rule", [rule for rule in (*NOTABLE_CALLS, *SECRET_READS) if rule.condition])
def test_what_makes_a_call_notable_is_in_its_request(rule: CallRule) -> None:
    record = Watched()
    assert rule.condition is not None
    rule.condition(record)
    assert {str(key).partition(".")[0] for key in record.asked} == {"requestParameters"}


def test_a_session_with_another_key_is_known_by_its_caller() -> None:
    known = RowMaker()
    for number in range(3):
        text = json.dumps({**CALL, **identity(accessKeyId=f"ASIAEXAMPLE{number:09}")})
        assert known.row(text.encode(), "") == whole_row(text, "")


@pytest.mark.parametrize("text", ["", "{", "null", "[]", '{"eventID":1}', "\udcff", '{"eventID":"\\ud800"}', "{}" * 2])
def test_what_is_no_record_has_a_row_too(text: str) -> None:
    check(text)


@given(RECORDS, st.booleans())
@settings(max_examples=examples(150))
def test_hostile_records_have_the_rows_that_they_have_as_a_whole(record: dict[str, Any], usual: bool) -> None:
    check(json.dumps({**record, **USUAL} if usual else record))


PARTS = st.fixed_dictionaries(
    {},
    optional={
        "userIdentity": IDENTITIES,
        "additionalEventData": EXTRAS,
        "responseElements": EXTRAS,
        "serviceEventDetails": EXTRAS,
        "requestParameters": st.dictionaries(st.just("status"), st.just("Active") | TEXTS) | VALUES,
        "resources": st.lists(st.dictionaries(st.sampled_from(("ARN", "ARNPrefix", "type")), TEXTS), max_size=3),
        "eventName": st.sampled_from(("ConsoleLogin", "StopLogging", "DeleteTrail", "UpdateAccessKey", "LookupEvents")),
        "eventSource": st.sampled_from(("signin.amazonaws.com", "cloudtrail.amazonaws.com", "iam.amazonaws.com")),
        "eventType": st.sampled_from(("AwsServiceEvent", "AwsConsoleAction", "AwsConsoleSignIn", "AwsVpceEvent")),
        "eventCategory": st.sampled_from(("Management", "Data", "NetworkActivity")),
        "managementEvent": st.booleans(),
        "readOnly": st.booleans() | st.none(),
        "userAgent": st.sampled_from(("ctui/1", "signin.amazonaws.com", "")) | TEXTS,
        "errorCode": st.sampled_from(("AccessDenied", "")) | TEXTS,
        "errorMessage": TEXTS,
        "recipientAccountId": st.sampled_from(("1", "2")) | TEXTS,
        "awsRegion": TEXTS,
        "sourceIPAddress": TEXTS,
        "sessionCredentialFromConsole": st.sampled_from(("true", True, False)),
    },
)  # fmt: skip


@given(PARTS, st.integers(0, 3))
@settings(max_examples=examples(150))
def test_odd_parts_of_a_record_have_the_row_of_the_whole(parts: dict[str, Any], key: int) -> None:
    check(json.dumps({**CALL, **identity(accessKeyId=f"ASIA{key}"), **parts}))


@pytest.mark.story
def test_real_records_have_the_rows_that_they_have_as_a_whole() -> None:
    texts = [json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in real_records()]
    texts += [event.record for event in looked_up()]
    random = Random(17)
    random.shuffle(texts)
    for number, text in enumerate(texts):
        check(text if number % 5 else damaged(text, random))
