"""The level of each call: the table holds what AWS's services call, and nearly every real event finds itself in it."""

from collections import Counter

import pytest
from support.real_records import real_records

from ctui.model.event.calls.levels import Level, deletes, level_of
from ctui.model.event.calls.levels_table import TABLE


@pytest.mark.parametrize(
    ("source", "name", "level"),
    [
        ("ec2.amazonaws.com", "DescribeInstances", Level.LIST),
        ("ec2", "RunInstances", Level.WRITE),
        ("iam.amazonaws.com", "CreateUser", Level.PERMISSION),
        ("iam.amazonaws.com", "GetUser", Level.READ),
        ("ec2.amazonaws.com", "CreateTags", Level.TAGGING),
        # S3's calls are not named as its IAM actions are.
        ("s3.amazonaws.com", "ListBuckets", Level.LIST),
        ("s3.amazonaws.com", "GetBucketLifecycle", Level.READ),
        ("s3.amazonaws.com", "GetBucketCors", Level.READ),
        ("s3.amazonaws.com", "DeleteBucketTagging", Level.TAGGING),
        ("s3.amazonaws.com", "PutBucketReplication", Level.WRITE),
        ("s3.amazonaws.com", "DeleteAccountPublicAccessBlock", Level.PERMISSION),
        # Names with the version of an API.
        ("lambda.amazonaws.com", "CreateFunction20150331", Level.WRITE),
        ("lambda.amazonaws.com", "AddPermission20150331v2", Level.PERMISSION),
        ("lambda.amazonaws.com", "GetAccountSettings20160819", Level.READ),
        ("cloudfront.amazonaws.com", "UpdateDistribution2020_05_31", Level.WRITE),
        # Sources that are not IAM's prefixes.
        ("monitoring.amazonaws.com", "PutMetricAlarm", Level.WRITE),
        ("tagging.amazonaws.com", "GetResources", Level.READ),
        ("amazonmq.amazonaws.com", "ListBrokers", Level.LIST),
        ("ses.amazonaws.com", "VerifyEmailIdentity", Level.WRITE),
        # IAM knows only the HTTP methods of API Gateway.
        ("apigateway.amazonaws.com", "GetRestApis", Level.READ),
        ("apigateway.amazonaws.com", "CreateStage", Level.WRITE),
        ("apigateway.amazonaws.com", "TagResource", Level.TAGGING),
        # Events that no API call makes.
        ("signin.amazonaws.com", "ConsoleLogin", Level.WRITE),
        ("secretsmanager.amazonaws.com", "SecretVersionDeletion", Level.WRITE),
        ("sts.aliyuncs.com", "AssumeRole", None),
        ("s3.amazonaws.com", "MakeCoffee", None),
        ("", "", None),
    ],
)
def test_calls_have_levels(source: str, name: str, level: Level | None) -> None:
    assert level_of(source, name) is level


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("s3.amazonaws.com", "DeleteBucket", True),
        ("lambda.amazonaws.com", "DeleteFunction20150331", True),
        ("ec2.amazonaws.com", "TerminateInstances", True),
        ("dynamodb.amazonaws.com", "BatchDeleteNothingKnown", True),
        ("cognito-idp.amazonaws.com", "AdminDeleteUser", True),
        ("kms.amazonaws.com", "ScheduleKeyDeletion", True),
        ("ec2.amazonaws.com", "DeregisterImage", True),
        ("secretsmanager.amazonaws.com", "SecretVersionDeletion", True),
        ("kms.amazonaws.com", "CancelKeyDeletion", False),
        ("ec2.amazonaws.com", "DeleteTags", False),
        ("s3.amazonaws.com", "DeleteBucketTagging", False),
        ("ssm.amazonaws.com", "TerminateSession", False),
        ("guardduty.amazonaws.com", "DeletedByAccident", False),
        ("x", "Delete", False),
    ],
)
def test_what_deletes(source: str, name: str, expected: bool) -> None:
    assert deletes(source, name) is expected


def test_the_table_is_one_line_for_each_source_and_level() -> None:
    lines = [line.split("\t") for line in TABLE.splitlines()]
    assert all(len(line) == 3 and line[2] for line in lines)
    assert {level for _, level, _ in lines} == set(Level)
    assert max(Counter((source, level) for source, level, _ in lines).values()) == 1
    each = Counter((source, name.casefold()) for source, _, names in lines for name in names.split())
    assert max(each.values()) == 1
    assert len(each) > 20_000


def test_nearly_every_real_event_has_a_level() -> None:
    calls = [(str(record.get("eventSource") or ""), str(record.get("eventName") or "")) for record in real_records()]
    known = sum(level_of(*call) is not None for call in calls)
    assert known / len(calls) >= 0.98
    # What has none is made up, or of another cloud.
    missing = {source for source, name in calls if level_of(source, name) is None and source.endswith("amazonaws.com")}
    assert missing <= {"lambda.amazonaws.com"}
