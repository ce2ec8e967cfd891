"""Questions that look where nothing can be found: global services in another Region, and data events."""

from datetime import UTC, datetime

import pytest

from ctui.model.empty_result.evidence import Cause, EmptyResult
from ctui.model.empty_result.reasons import reasons_of
from ctui.model.filter.parse import parse_filter

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)


def told(line: str, cause: Cause, *regions: str) -> list[str]:
    state = EmptyResult(parse_filter(line), NOW, regions or ("eu-west-1",), True)
    return [reason.text for reason in reasons_of(state) if reason.cause is cause]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("source:iam", "iam.amazonaws.com is recorded"),
        ("source:ec2,iam", "iam.amazonaws.com is recorded"),
        ("source:sts,cloudfront", "cloudfront.amazonaws.com is recorded"),
        ("source:sts", "sts.amazonaws.com may be recorded"),
        ("source:signin", "signin.amazonaws.com may be recorded"),
        ("source:iam*", "iam.amazonaws.com (iam*) is recorded"),
        ("eventSource:iam.amazonaws.com", "iam.amazonaws.com is recorded"),
        ("iam.amazonaws.com", "iam.amazonaws.com is recorded"),
        ("name:CreateUser", "CreateUser of iam.amazonaws.com is recorded"),
        ("name:RunInstances,ConsoleLogin", "ConsoleLogin of signin.amazonaws.com may be recorded"),
        ("name:*AccessKey", "CreateAccessKey of iam.amazonaws.com is recorded"),
        ("name:ConsoleLog*", "ConsoleLogin (ConsoleLog*) of signin.amazonaws.com may be recorded"),
        ("name:AssumeRole", "AssumeRole of sts.amazonaws.com may be recorded"),
        ("name:ChangeResourceRecordSets", "ChangeResourceRecordSets of route53.amazonaws.com is recorded"),
        ("name:ListAccounts", "ListAccounts of organizations.amazonaws.com is recorded"),
        ("eventName:CreateUser", "CreateUser of iam.amazonaws.com is recorded"),
        ("CreateUser", "CreateUser of iam.amazonaws.com is recorded"),
        ("type:AWS::IAM::Role", "AWS::IAM::Role of iam.amazonaws.com is recorded"),
        ("type:AWS::IAM::*", "AWS::IAM::* of iam.amazonaws.com is recorded"),
        ("is:console", "a console sign-in may be recorded"),
        ("is:login -is:mfa", "a console sign-in may be recorded"),
        ("is:root is:error", "a root user sign-in may be recorded"),
        ("source:ec2,iam name:CreateUser", "iam.amazonaws.com is recorded"),
        ("source:~IAM.amazonaws.com", "iam.amazonaws.com is recorded"),
        ("name:~createuser", "CreateUser of iam.amazonaws.com is recorded"),
        ("type:~aws::iam::role", "aws::iam::role of iam.amazonaws.com is recorded"),
        ("user:x OR (name:CreateUser is:error)", "CreateUser of iam.amazonaws.com is recorded"),
        ("-(user:x OR -name:CreateUser)", "CreateUser of iam.amazonaws.com is recorded"),
        ("(source:ec2 OR source:iam) name:CreateUser", "iam.amazonaws.com is recorded"),
    ],
)
def test_what_is_recorded_in_the_leading_region_is_named(line: str, said: str) -> None:
    (reason,) = told(line, Cause.OTHER_REGION)
    assert said.replace("*AccessKey is", "is") in reason.replace(" (*AccessKey)", "")
    assert "in us-east-1, which was not searched" in reason
    assert not told(line, Cause.OTHER_REGION, "eu-west-1", "us-east-1")


@pytest.mark.parametrize(
    "line",
    [
        "(source:ec2 OR source:s3) name:CreateUser", "-(source:iam OR name:CreateUser)", "name:createuser",
        "-(-source:ec2 OR user:x) is:console", "source:~EC2 name:CreateUser",
        "source:ec2", "source:*", "name:*", "name:RunInstances", "-source:iam", "-name:CreateUser", "-is:console",
        "source:ec2 name:CreateUser", "source:ec2 is:console", "-is:login", "eventSource:ec2* name:CreatePolicy", "iam",
        "is:write", "type:AWS::EC2::Instance", "type:*", "/iam/", "userIdentity.type:CreateUser", "user:CreateUser", "",
    ],
)  # fmt: skip
def test_what_any_region_records_is_not_sent_elsewhere(line: str) -> None:
    assert told(line, Cause.OTHER_REGION) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("name:GetObject", "GetObject of s3.amazonaws.com"),
        ("name:ListObjects", "ListObjects of s3.amazonaws.com"),
        ("name:RunInstances,GetObject", "GetObject of s3.amazonaws.com"),
        ("name:GetObject*", "GetObject (GetObject*) of s3.amazonaws.com"),
        ("name:GetObj*", "GetObject (GetObj*) of s3.amazonaws.com"),
        ("eventName:PutItem", "PutItem of dynamodb.amazonaws.com"),
        ("name:Invoke", "Invoke of lambda.amazonaws.com"),
        ("name:InvokeFunction", "InvokeFunction of lambda.amazonaws.com"),
        ("name:Query source:dynamodb", "Query of dynamodb.amazonaws.com"),
        ("type:AWS::S3::Object", "AWS::S3::Object of s3.amazonaws.com"),
        ("type:AWS::S3::Obj*", "AWS::S3::Obj* of s3.amazonaws.com"),
        ("PutObject", "PutObject of s3.amazonaws.com"),
        ("name:~putobject OR user:x", "PutObject of s3.amazonaws.com"),
        ("type:~aws::s3::object", "aws::s3::object of s3.amazonaws.com"),
    ],
)
def test_a_data_event_is_told_as_what_history_never_holds(line: str, said: str) -> None:
    (reason,) = told(line, Cause.DATA_EVENT)
    assert reason.startswith(f"{said} is a data event")


@pytest.mark.parametrize(
    "line",
    ["name:GetBucketAcl", "-name:GetObject", "name:*", "type:AWS::S3::Bucket", "type:AWS::S3::*", "source:s3",
     "source:timestream* name:Query", "-type:AWS::S3::Object", "user:GetObject"],
)  # fmt: skip
def test_other_calls_are_not_taken_for_data_events(line: str) -> None:
    assert told(line, Cause.DATA_EVENT) == []
