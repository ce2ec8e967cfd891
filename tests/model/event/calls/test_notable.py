"""What is notable and why: each rule of the table, what callers and sign-ins add, hostile records, real attacks."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.real_records import event_of, real_records

from ctui.model.event.calls.levels import level_of
from ctui.model.event.calls.notable import NotableReason, notable_reasons, reads_secret
from ctui.model.event.calls.notable_rules import NOTABLE_CALLS, SECRET_READS, TECHNIQUES
from ctui.model.event.record import decode_record
from ctui.model.event.summarize import summarize

ANYONE = {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}]}
ONE = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"}, "Action": "*"}]}
AWS_POLICY = "arn:aws:iam::aws:policy"
ALL_USERS = {"Grantee": {"URI": "http://acs.amazonaws.com/groups/global/AllUsers"}}
OPEN = {"ipPermissions": {"items": [{"ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}}


def reasons(call: str, **record: Any) -> list[str]:
    source, name = call.split(":")
    whole = decode_record(json.dumps(record))
    return [reason.text for reason in notable_reasons(whole, f"{source}.amazonaws.com", name)]


def requested(call: str, **request: Any) -> list[str]:
    return reasons(call, requestParameters=request)


@pytest.mark.parametrize(
    ("call", "request_parameters", "expected"),
    [
        ("iam:CreateUser", {}, ["creates a user"]),
        ("iam:CreateRole", {}, ["creates a role"]),
        ("iam:PutRolePolicy", {}, ["gives permissions"]),
        ("iam:AttachRolePolicy", {"policyArn": f"{AWS_POLICY}/AdministratorAccess"}, ["gives all permissions"]),
        ("iam:AttachRolePolicy", {"policyArn": f"{AWS_POLICY}/ReadOnlyAccess"}, ["gives permissions"]),
        ("iam:UpdateAssumeRolePolicy", {"policyDocument": json.dumps(ANYONE)}, ["lets anyone assume a role"]),
        ("iam:UpdateAssumeRolePolicy", {"policyDocument": json.dumps(ONE)}, ["changes who may assume a role"]),
        ("iam:UpdateAccessKey", {"status": "Active"}, ["turns an access key on"]),
        ("iam:UpdateAccessKey", {"status": "Inactive"}, []),
        ("iam:GetUser", {}, []),
        ("other:CreateUser", {}, []),
        ("cloudtrail:StopLogging", {}, ["stops a trail"]),
        ("cloudtrail:PutEventSelectors", {}, ["changes what a trail records"]),
        ("cloudtrail:PutInsightSelectors", {}, ["changes what a trail records"]),
        ("s3:PutObjectAcl", {"x-amz-acl": ["public-read"]}, ["makes an object public"]),
        ("s3:PutObjectAcl", {"x-amz-acl": ["private"]}, []),
        ("secretsmanager:DeleteSecret", {"forceDeleteWithoutRecovery": True}, ["deletes a secret at once"]),
        ("secretsmanager:DeleteSecret", {"recoveryWindowInDays": 30}, []),
        ("guardduty:UpdateDetector", {"enable": False}, ["turns GuardDuty off"]),
        ("guardduty:UpdateDetector", {"enable": True}, []),
        ("ec2:AuthorizeSecurityGroupIngress", OPEN, ["opens ports to the world"]),
        ("ec2:AuthorizeSecurityGroupIngress", {"cidrIp": "0.0.0.0/0"}, ["opens ports to the world"]),
        ("ec2:AuthorizeSecurityGroupIngress", {"x": {"cidrIpv6": "::/0"}}, ["opens ports to the world"]),
        ("ec2:AuthorizeSecurityGroupIngress", {"cidrIp": "128.0.0.0/1"}, ["opens ports to the world"]),
        ("ec2:AuthorizeSecurityGroupIngress", {"cidrIp": "10.0.0.0/8", "cidrIpv6": "fc00::/7"}, []),
        ("ec2:AuthorizeSecurityGroupIngress", {"cidrIp": "no/0", "x": "/" * 90}, []),
        ("ec2:AuthorizeSecurityGroupEgress", {"cidrIp": "0.0.0.0/0"}, []),
        ("s3:PutBucketPolicy", {"bucketPolicy": ANYONE}, ["lets anyone use a bucket"]),
        ("s3:PutBucketPolicy", {"bucketPolicy": ONE}, ["changes who may use a bucket"]),
        ("s3:PutBucketPolicy", {"bucketPolicy": "{"}, ["changes who may use a bucket"]),
        (
            "s3:PutBucketPolicy",
            {"bucketPolicy": {"Statement": {**ANYONE["Statement"][0], "Condition": {"x": {"y": "z"}}}}},
            ["changes who may use a bucket"],
        ),
        (
            "s3:PutBucketPolicy",
            {"bucketPolicy": {"Statement": {"Effect": "Allow", "Principal": {"AWS": ["1", "*"]}}}},
            ["lets anyone use a bucket"],
        ),
        (
            "s3:PutBucketPolicy",
            {"bucketPolicy": {"Statement": {"Effect": "Deny", "Principal": "*"}}},
            ["changes who may use a bucket"],
        ),
        ("s3:PutBucketAcl", {"AccessControlPolicy": {"Grant": [ALL_USERS]}}, ["makes a bucket public"]),
        ("s3:PutBucketAcl", {"x-amz-acl": ["public-read"]}, ["makes a bucket public"]),
        ("s3:PutBucketAcl", {"x-amz-acl": ["private"]}, ["changes who may use a bucket"]),
        (
            "s3:PutBucketPublicAccessBlock",
            {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": False}},
            ["lifts the block of public access"],
        ),
        ("s3:PutBucketPublicAccessBlock", {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}}, []),
        ("s3:DeleteAccountPublicAccessBlock", {}, ["lifts the block of public access"]),
        (
            "ec2:ModifySnapshotAttribute",
            {"createVolumePermission": {"add": {"items": [{"group": "all"}]}}},
            ["makes a snapshot public"],
        ),
        (
            "ec2:ModifySnapshotAttribute",
            {"createVolumePermission": {"add": {"items": [{"userId": "111122223333"}]}}},
            ["shares a snapshot"],
        ),
        ("ec2:ModifySnapshotAttribute", {"createVolumePermission": {"remove": {"items": [{"userId": "1"}]}}}, []),
        ("ec2:ModifyImageAttribute", {"launchPermission": {"add": {"group": "all"}}}, ["makes an image public"]),
        ("ec2:ModifyImageAttribute", {"description": {"value": "x"}}, []),
        ("rds:ModifyDBSnapshotAttribute", {"valuesToAdd": ["all"]}, ["makes a snapshot public"]),
        ("rds:ModifyDBSnapshotAttribute", {"valuesToAdd": ["111122223333"]}, ["shares a snapshot"]),
        ("kms:PutKeyPolicy", {"policy": json.dumps(ONE)}, ["changes who may use a key"]),
        ("lambda:AddPermission20150331v2", {"principal": "111122223333"}, ["lets others call a function"]),
        ("lambda:AddPermission20150331v2", {"principal": "events.amazonaws.com"}, []),
        ("sns:SetTopicAttributes", {"attributeName": "DisplayName"}, []),
    ],
)  # fmt: skip
def test_calls_are_notable_for_what_they_do(call: str, request_parameters: dict[str, Any], expected: list[str]) -> None:
    assert requested(call, **request_parameters) == expected


@pytest.mark.parametrize(
    ("call", "record", "expected"),
    [
        ("signin:ConsoleLogin", {"responseElements": {"ConsoleLogin": "Failure"}}, ["is a failed sign-in"]),
        (
            "signin:ConsoleLogin",
            {"userIdentity": {"type": "IAMUser"}, "additionalEventData": {"MFAUsed": "No"}},
            ["is a console sign-in without MFA"],
        ),
        (
            "signin:ConsoleLogin",
            {"userIdentity": {"type": "IAMUser"}, "additionalEventData": {"MFAUsed": "Yes"}},
            [],
        ),
        # Of a federated sign-in AWS knows no MFA.
        (
            "signin:ConsoleLogin",
            {"userIdentity": {"type": "AssumedRole"}, "additionalEventData": {"MFAUsed": "No"}},
            [],
        ),
        (
            "signin:CredentialVerification",
            {"eventName": "CredentialVerification", "serviceEventDetails": {"CredentialVerification": "Failure"}},
            ["is a failed sign-in"],
        ),
        ("s3:ListBuckets", {"userIdentity": {"type": "Root"}}, ["was made by root"]),
        ("s3:ListBuckets", {"userIdentity": {"type": "Root", "invokedBy": "support.amazonaws.com"}}, []),
        ("kms:RotateKey", {"userIdentity": {"type": "Root"}, "eventType": "AwsServiceEvent"}, []),
        (
            "sts:AssumeRole",
            {"userIdentity": {"accountId": "111122223333"}, "recipientAccountId": "444455556666"},
            ["was made from another account"],
        ),
        (
            "iam:CreateAccessKey",
            {
                "userIdentity": {"type": "Root", "accountId": "1"},
                "recipientAccountId": "2",
                "errorCode": "AccessDenied",
            },
            ["creates an access key", "was made by root", "was made from another account"],
        ),
    ],
)
def test_callers_and_sign_ins_are_notable(call: str, record: dict[str, Any], expected: list[str]) -> None:
    assert reasons(call, **record) == expected


def test_rules_are_about_calls_that_exist_and_name_known_techniques() -> None:
    rules = (*NOTABLE_CALLS, *SECRET_READS)
    unknown = {
        f"{rule.service}:{name}" for rule in rules for name in rule.calls.split() if not level_of(rule.service, name)
    }
    assert unknown == set()
    assert all(rule.technique in ("", *TECHNIQUES) for rule in rules)
    assert all(rule.reason for rule in NOTABLE_CALLS)
    assert set(TECHNIQUES) >= {rule.technique for rule in NOTABLE_CALLS} - {""}
    assert NotableReason("x", "T1098.001").technique_name == "Additional Cloud Credentials"
    assert NotableReason("x").technique_name == ""


def test_a_later_rule_for_the_same_call_is_reached() -> None:
    """A rule without a condition decides, so none may follow it for the same call."""
    closed: Counter[str] = Counter()
    for rule in NOTABLE_CALLS:
        for name in rule.calls.split():
            assert not closed[f"{rule.service}:{name}"], f"{rule.service}:{name}"
            closed[f"{rule.service}:{name}"] += rule.condition is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["requestParameters", "userIdentity", "type", "policy", "Statement", "Principal", "add", "x"]),
        inner, max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from([*NOTABLE_CALLS, *SECRET_READS]), JSON, JSON)
def test_no_record_raises(rule: Any, request: Any, identity: Any) -> None:
    name = rule.calls.split()[0]
    record = decode_record(json.dumps({"requestParameters": request, "userIdentity": identity}))
    notable_reasons(record, rule.service, name)
    reads_secret(record, rule.service, name)


def test_a_policy_of_any_depth_is_read_or_left() -> None:
    deep = "[" * 100_000 + "]" * 100_000
    assert requested("kms:PutKeyPolicy", policy=deep) == ["changes who may use a key"]


def test_the_summary_says_whether_an_event_is_notable() -> None:
    event = event_of({"userIdentity": {"type": "IAMUser"}}, source="iam.amazonaws.com", name="CreateUser")
    assert summarize(event, "").notable
    assert summarize(event_of({"eventSource": "iam.amazonaws.com", "eventName": "CreateUser"}), "").notable
    assert not summarize(event_of({"eventSource": "ec2.amazonaws.com", "eventName": "DescribeVpcs"}), "").notable


def test_few_real_events_are_notable_and_attacks_are_among_them() -> None:
    found: Counter[str] = Counter()
    for record in real_records():
        whole = decode_record(json.dumps(record))
        call = str(record.get("eventSource") or ""), str(record.get("eventName") or "")
        if notable_reasons(whole, *call):
            found[call[1]] += 1
    assert 100 < found.total() < 0.05 * len(real_records())
    attacks = (
        "StopLogging DeleteTrail UpdateTrail PutEventSelectors DeleteFlowLogs LeaveOrganization CreateAccessKey "
        "CreateLoginProfile UpdateAssumeRolePolicy AttachRolePolicy AddPermission20150331v2 PutBucketPolicy "
        "ModifySnapshotAttribute ModifyImageAttribute AuthorizeSecurityGroupIngress SendCommand CreateTrustAnchor"
    )
    assert set(attacks.split()) <= set(found)
