"""What the eight actions answer, through real boto3 and aiobotocore, in both editions: one table."""

from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.wire import CLIENTS, converse, error_of

from ctui.emulator.options import Edition, EmulatorOptions
from ctui.emulator.testing import PLENTY, running

ARN = "arn:aws:cloudtrail:us-east-1:111111111111:trail/"
BUCKET = "spare-logs-111111111111"
GROUP = "arn:aws:logs:us-east-1:111111111111:log-group:CloudTrail/audit:*"
ROLE = "arn:aws:iam::111111111111:role/CloudTrail_CloudWatchLogs_Role"
TOPIC = "arn:aws:sns:us-east-1:111111111111:audit-log-files"
KEY = "1f0c3a52-7b1e-4a77-9f52-0d6b8a4e1c11"
KEY_ARN = f"arn:aws:kms:us-east-1:111111111111:key/{KEY}"

NEW: dict[str, Any] = {"Name": "fresh", "S3BucketName": BUCKET}
OLD_PART = {"Name": "fresh", "S3BucketName": BUCKET, "IncludeGlobalServiceEvents": True}
NEW_PART = {
    "IsMultiRegionTrail": False,
    "TrailARN": ARN + "fresh",
    "LogFileValidationEnabled": False,
    "IsOrganizationTrail": False,
}
LISTED = {"HomeRegion": "us-east-1", "HasCustomEventSelectors": False, "HasInsightSelectors": False}
EVERYTHING = {
    "S3KeyPrefix": "some/where",
    "SnsTopicName": "audit-log-files",
    "IncludeGlobalServiceEvents": False,
    "CloudWatchLogsLogGroupArn": GROUP,
    "CloudWatchLogsRoleArn": ROLE,
}
CREATE = ("CreateTrail", NEW)


@dataclass(frozen=True)
class Case:
    """A call after others, and its answer or the error (code, status) in each edition."""

    name: str
    action: str
    parameters: dict[str, Any]
    today: dict[str, Any] | tuple[str, int]
    y2015: dict[str, Any] | tuple[str, int]
    before: tuple[tuple[str, dict[str, Any]], ...] = ()
    region: str = "us-east-1"


CASES = (
    Case("create, the least", *CREATE, today=OLD_PART | NEW_PART, y2015=OLD_PART),
    Case(
        "create, everything",
        "CreateTrail",
        {**NEW, **EVERYTHING, "EnableLogFileValidation": True, "KmsKeyId": "alias/cloudtrail"},
        today={
            **OLD_PART,
            **EVERYTHING,
            **NEW_PART,
            "SnsTopicARN": TOPIC,
            "LogFileValidationEnabled": True,
            "KmsKeyId": KEY_ARN,
        },
        y2015={**OLD_PART, **EVERYTHING},
    ),
    Case(
        "create, multi-Region with tags and a topic's ARN",
        "CreateTrail",
        {**NEW, "IsMultiRegionTrail": True, "SnsTopicName": TOPIC, "TagsList": [{"Key": "team", "Value": "blue"}]},
        today={**OLD_PART, **NEW_PART, "IsMultiRegionTrail": True, "SnsTopicName": TOPIC, "SnsTopicARN": TOPIC},
        y2015={**OLD_PART, "SnsTopicName": TOPIC},
    ),
    Case(
        "update keeps what is not sent",
        "UpdateTrail",
        {"Name": "fresh", "S3KeyPrefix": "else"},
        today={**OLD_PART, **EVERYTHING, **NEW_PART, "S3KeyPrefix": "else", "SnsTopicARN": TOPIC},
        y2015={**OLD_PART, **EVERYTHING, "S3KeyPrefix": "else"},
        before=(("CreateTrail", {**NEW, **EVERYTHING}),),
    ),
    Case(
        "update clears what is sent empty",
        "UpdateTrail",
        {
            "Name": "fresh",
            "S3KeyPrefix": "",
            "SnsTopicName": "",
            "CloudWatchLogsLogGroupArn": "",
            "CloudWatchLogsRoleArn": "",
            "IncludeGlobalServiceEvents": True,
        },
        today=OLD_PART | NEW_PART,
        y2015=OLD_PART,
        before=(("CreateTrail", {**NEW, **EVERYTHING}),),
    ),
    Case(
        "update by ARN",
        "UpdateTrail",
        {"Name": ARN + "fresh", "EnableLogFileValidation": True},
        today={**OLD_PART, **NEW_PART, "LogFileValidationEnabled": True},
        y2015=("InvalidTrailNameException", 400),
        before=(CREATE,),
    ),
    Case(
        "update to multi-Region without global events",
        "UpdateTrail",
        {"Name": "fresh", "IsMultiRegionTrail": True},
        today=("InvalidParameterCombinationException", 400),
        y2015={**OLD_PART, "IncludeGlobalServiceEvents": False},
        before=(("CreateTrail", {**NEW, "IncludeGlobalServiceEvents": False}),),
    ),
    Case("delete", "DeleteTrail", {"Name": "fresh"}, today={}, y2015={}, before=(CREATE,)),
    Case(
        "delete by ARN",
        "DeleteTrail",
        {"Name": ARN + "fresh"},
        today={},
        y2015=("InvalidTrailNameException", 400),
        before=(CREATE,),
    ),
    Case(
        "delete twice",
        "DeleteTrail",
        {"Name": "fresh"},
        today=("TrailNotFoundException", 400),
        y2015=("TrailNotFoundException", 404),
        before=(CREATE, ("DeleteTrail", {"Name": "fresh"})),
    ),
    Case(
        "describe one",
        "DescribeTrails",
        {"trailNameList": ["fresh", "nowhere"]},
        today={"trailList": [OLD_PART | NEW_PART | LISTED]},
        y2015={"trailList": [OLD_PART]},
        before=(CREATE,),
    ),
    Case(
        "describe by ARN, and the same by name",
        "DescribeTrails",
        {"trailNameList": [ARN + "fresh", "fresh", ARN + "nowhere"]},
        today={"trailList": [OLD_PART | NEW_PART | LISTED]},
        y2015={"trailList": [OLD_PART]},
        before=(CREATE,),
    ),
    Case(
        "describe without shadow trails",
        "DescribeTrails",
        {"includeShadowTrails": False},
        today={"trailList": []},
        y2015={"trailList": []},
        before=(CREATE,),
        region="us-west-1",
    ),
    Case(
        "status of a new trail",
        "GetTrailStatus",
        {"Name": "fresh"},
        today={
            "IsLogging": False,
            "LatestDeliveryAttemptTime": "",
            "LatestDeliveryAttemptSucceeded": "",
            "LatestNotificationAttemptTime": "",
            "LatestNotificationAttemptSucceeded": "",
            "TimeLoggingStarted": "",
            "TimeLoggingStopped": "",
        },
        y2015={"IsLogging": False},
        before=(CREATE,),
    ),
    Case("start", "StartLogging", {"Name": "fresh"}, today={}, y2015={}, before=(CREATE,)),
    Case(
        "start by ARN",
        "StartLogging",
        {"Name": ARN + "fresh"},
        today={},
        y2015=("InvalidTrailNameException", 400),
        before=(CREATE,),
    ),
    Case("stop what never logged", "StopLogging", {"Name": "fresh"}, today={}, y2015={}, before=(CREATE,)),
    Case(
        "stop a shadow trail",
        "StopLogging",
        {"Name": "org-audit"},
        today=("InvalidHomeRegionException", 400),
        y2015=("TrailNotFoundException", 404),
        region="eu-west-1",
    ),
    Case(
        "status of a shadow trail by name",
        "GetTrailStatus",
        {"Name": "org-audit"},
        today=("TrailNotFoundException", 400),
        y2015=("TrailNotFoundException", 404),
        region="eu-west-1",
    ),
    Case(
        "status by an ARN of another account",
        "GetTrailStatus",
        {"Name": "arn:aws:cloudtrail:us-east-1:222222222222:trail/org-audit"},
        today=("TrailNotFoundException", 400),
        y2015=("InvalidTrailNameException", 400),
    ),
    Case("look up an empty Region", "LookupEvents", {}, today={"Events": []}, y2015={"Events": []}, region="ca-west-1"),
    Case(
        "look up two attributes",
        "LookupEvents",
        {
            "LookupAttributes": [
                {"AttributeKey": "EventName", "AttributeValue": "Nothing"},
                {"AttributeKey": "EventName", "AttributeValue": "LookupEvents"},
            ]
        },
        today={"Events": []},
        y2015=("InvalidLookupAttributesException", 400),
    ),
    Case(
        "look up by an attribute of later years",
        "LookupEvents",
        {"LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "maybe"}]},
        today={"Events": []},
        y2015=("InvalidLookupAttributesException", 400),
    ),
    Case(
        "look up Insights events",
        "LookupEvents",
        {"EventCategory": "insight"},
        today={"Events": []},
        y2015={"Events": []},
    ),
    Case(
        "look up Insights events by what does not select them",
        "LookupEvents",
        {"EventCategory": "insight", "LookupAttributes": [{"AttributeKey": "Username", "AttributeValue": "alice"}]},
        today=("InvalidLookupAttributesException", 400),
        y2015={"Events": []},
    ),
    Case(
        "look up events of no category",
        "LookupEvents",
        {"EventCategory": "management"},
        today=("InvalidEventCategoryException", 400),
        y2015={"Events": []},
    ),
    Case(
        "look up long before the history",
        "LookupEvents",
        {"StartTime": 0, "EndTime": 1},
        today={"Events": []},
        y2015={"Events": []},
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("kind", CLIENTS)
def test_answers(case: Case, kind: str, edition: Edition) -> None:
    expected = case.today if edition is Edition.TODAY else case.y2015
    with running(EmulatorOptions(edition=edition, lookup_rate=PLENTY, traffic=False)) as emulator:
        url, step = emulator.endpoint_url, (case.action, case.parameters)
        if case.region != "us-east-1":
            converse(kind, url, case.before)
        steps = [*case.before, step] if case.region == "us-east-1" else [step]
        if isinstance(expected, dict):
            assert converse(kind, url, steps, region=case.region)[-1] == expected
        else:
            with pytest.raises(ClientError) as refused:
                converse(kind, url, steps, region=case.region)
            assert error_of(refused.value) == expected
