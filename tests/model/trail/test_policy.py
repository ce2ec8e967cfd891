"""Policies that are ready to copy: bound to this bucket, prefix, trail, account, topic and group."""

import json
from typing import Any

import pytest

from ctui.model.rules.validate import Field, Value
from ctui.model.trail.policy import ACCOUNT, ORGANIZATION, Home, PolicyKind, partition_of, policy_for

HOME = Home("aws", "111122223333", "eu-west-1")
TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
VALUES: dict[Field, Value] = {
    Field.NAME: "audit",
    Field.BUCKET: "logs-1",
    Field.PREFIX: "",
    Field.TOPIC: "news",
    Field.LOG_GROUP: "arn:aws:logs:eu-west-1:111122223333:log-group:trails:*",
    Field.ROLE: "arn:aws:iam::111122223333:role/service-role/to-logs",
    Field.KMS_KEY: "alias/audit",
    Field.ORGANIZATION: False,
}


def statements(kind: PolicyKind, home: Home = HOME, **changed: Value) -> list[dict[str, Any]]:
    values = {**VALUES, **{Field[name]: value for name, value in changed.items()}}
    document = json.loads(policy_for(kind, values, home).document)
    assert document["Version"] == "2012-10-17"
    found: list[dict[str, Any]] = document["Statement"]
    assert all(each["Effect"] == "Allow" for each in found)
    return found


def test_the_bucket_lets_cloudtrail_look_and_write_for_this_trail_alone() -> None:
    look, write = statements(PolicyKind.BUCKET)
    assert look["Principal"] == write["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
    assert (look["Action"], look["Resource"]) == ("s3:GetBucketAcl", "arn:aws:s3:::logs-1")
    assert look["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL}}
    assert (write["Action"], write["Resource"]) == ("s3:PutObject", "arn:aws:s3:::logs-1/AWSLogs/111122223333/*")
    assert write["Condition"] == {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": TRAIL}}


@pytest.mark.parametrize(
    ("prefix", "folder"), [("team", "team/AWSLogs"), ("a/b", "a/b/AWSLogs"), ("team/", "team//AWSLogs")]
)
def test_the_prefix_stands_in_the_bucket_policy_as_cloudtrail_writes_it(prefix: str, folder: str) -> None:
    assert statements(PolicyKind.BUCKET, PREFIX=prefix)[1]["Resource"] == f"arn:aws:s3:::logs-1/{folder}/111122223333/*"


def test_an_organization_trail_writes_under_the_organization_too() -> None:
    values = {**VALUES, Field.ORGANIZATION: True}
    third = statements(PolicyKind.BUCKET, ORGANIZATION=True)[2]
    assert third["Resource"] == f"arn:aws:s3:::logs-1/AWSLogs/{ORGANIZATION}/*"
    assert policy_for(PolicyKind.BUCKET, values, HOME).replace == (ORGANIZATION,)
    assert f"log-stream:{ORGANIZATION}_*" in policy_for(PolicyKind.ROLE, values, HOME).document


@pytest.mark.parametrize(
    ("topic", "resource"),
    [
        ("news", "arn:aws:sns:eu-west-1:111122223333:news"),
        ("arn:aws:sns:us-east-1:999999999999:theirs", "arn:aws:sns:us-east-1:999999999999:theirs"),
    ],
)
def test_the_topic_lets_cloudtrail_publish(topic: str, resource: str) -> None:
    (publish,) = statements(PolicyKind.TOPIC, TOPIC=topic)
    assert (publish["Action"], publish["Resource"]) == ("SNS:Publish", resource)
    assert publish["Condition"] == {"StringEquals": {"aws:SourceArn": TRAIL}}


def test_the_role_trusts_cloudtrail_and_may_write_to_this_group_alone() -> None:
    (trust,) = statements(PolicyKind.TRUST)
    assert (trust["Action"], trust["Principal"]) == ("sts:AssumeRole", {"Service": "cloudtrail.amazonaws.com"})
    create, put = statements(PolicyKind.ROLE)
    stream = "arn:aws:logs:eu-west-1:111122223333:log-group:trails:log-stream:111122223333_CloudTrail_eu-west-1*"
    assert create == {**create, "Action": ["logs:CreateLogStream"], "Resource": [stream]}
    assert put == {**put, "Action": ["logs:PutLogEvents"], "Resource": [stream]}


def test_the_key_encrypts_for_this_trail() -> None:
    encrypt, describe = statements(PolicyKind.KEY)
    assert (encrypt["Action"], describe["Action"]) == ("kms:GenerateDataKey*", "kms:DescribeKey")
    assert encrypt["Condition"]["StringLike"] == {
        "kms:EncryptionContext:aws:cloudtrail:arn": "arn:aws:cloudtrail:*:111122223333:trail/*"
    }


def test_another_partition_and_an_unknown_account() -> None:
    look, _ = statements(PolicyKind.BUCKET, Home("aws-cn", None, "cn-north-1"))
    assert look["Resource"] == "arn:aws-cn:s3:::logs-1"
    source = look["Condition"]["StringEquals"]["aws:SourceArn"]
    assert source == f"arn:aws-cn:cloudtrail:cn-north-1:{ACCOUNT}:trail/audit"


@pytest.mark.parametrize(
    ("texts", "partition"),
    [
        (("arn:aws-us-gov:iam::1:user/x", "aws"), "aws-us-gov"),
        ((None, "aws-cn"), "aws-cn"),
        (("http://127.0.0.1:4",), "aws"),
        ((), "aws"),
    ],
)
def test_the_partition_is_read_off_what_is_known(texts: tuple[str | None, ...], partition: str) -> None:
    assert partition_of(*texts) == partition
