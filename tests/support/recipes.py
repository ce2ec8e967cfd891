"""How each condition of the error table is met, with real boto3: one recipe per condition."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from botocore import UNSIGNED
from support.wire import (
    Bend,
    name_action_in_query,
    send_body,
    send_header,
    send_query,
    send_target,
    signed_at,
    signed_for,
)

from ctui.emulator.errors.conditions import Condition as C

Parameters = Mapping[str, Any]

US = "arn:aws:{}:us-east-1:111111111111:{}"
TRAIL = US.format("cloudtrail", "trail/")
GROUP = US.format("logs", "log-group:group:*")
STORE = US.format("cloudtrail", "eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE")
GOOD_ROLE = "arn:aws:iam::111111111111:role/good-role"
BAD_ROLE = "arn:aws:iam::111111111111:role/bad-role"

VALID: Mapping[str, Parameters] = {
    "CreateTrail": {"Name": "another", "S3BucketName": "good-bucket"},
    "UpdateTrail": {"Name": "there"},
    "DeleteTrail": {"Name": "there"},
    "GetTrailStatus": {"Name": "there"},
    "StartLogging": {"Name": "there"},
    "StopLogging": {"Name": "there"},
    "DescribeTrails": {},
    "LookupEvents": {},
    "GetTrail": {"Name": "there"},
    "ListTrails": {},
    "AddTags": {"ResourceId": TRAIL + "there", "TagsList": [{"Key": "team", "Value": "blue"}]},
    "RemoveTags": {"ResourceId": TRAIL + "there", "TagsList": [{"Key": "team"}]},
    "ListTags": {"ResourceIdList": [TRAIL + "there"]},
    "GetEventSelectors": {"TrailName": "there"},
    "PutEventSelectors": {"TrailName": "there", "EventSelectors": [{}]},
    "GetInsightSelectors": {"TrailName": "there"},
    "PutInsightSelectors": {"TrailName": "there", "InsightSelectors": []},
    "ListPublicKeys": {},
}
"""Parameters with which each action would go through; GetInsightSelectors once Insights are on."""


@dataclass(frozen=True, eq=False)
class Recipe:
    """What is different from a call that would go through."""

    parameters: Parameters | Callable[[str], Parameters] = field(default_factory=dict)
    """Changed parameters; a function of the action where they depend on it."""
    key: str = "demo"
    secret: str = "demo"
    token: str | None = None
    region: str = "us-east-1"
    bend: Bend | None = None
    config: Mapping[str, Any] = field(default_factory=dict)
    fault: str | None = None

    def parameters_of(self, action: str) -> dict[str, Any]:
        """The parameters of one call."""
        changed = dict(self.parameters(action) if callable(self.parameters) else self.parameters)
        return {**VALID[action], **_renamed(action, changed)}


def _renamed(action: str, changed: dict[str, Any]) -> dict[str, Any]:
    """The parameters with the trail under the name that the action has for it."""
    if "Name" not in changed or "Name" in VALID[action]:
        return changed
    name = changed.pop("Name")
    arn = name if ":" in name else TRAIL + name
    match action:
        case "DescribeTrails":
            return {**changed, "trailNameList": [name]}
        case "ListTags":
            return {**changed, "ResourceIdList": [arn]}
        case "AddTags" | "RemoveTags":
            return {**changed, "ResourceId": arn}
        case _:
            return {**changed, "TrailName": name}


def _tags(count: int) -> Parameters:
    return {"TagsList": [{"Key": f"key{number}", "Value": "x"} for number in range(count)]}


def _attribute(key: str, value: str) -> Parameters:
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def _in_sao_paulo(action: str) -> Parameters:
    group = "arn:aws:logs:sa-east-1:111111111111:log-group:group:*"
    name = {"Name": "south"} if action == "UpdateTrail" else {}
    return {**name, "CloudWatchLogsLogGroupArn": group, "CloudWatchLogsRoleArn": GOOD_ROLE}


def _as_a_member(action: str) -> Parameters:
    if action == "CreateTrail":
        return {"IsOrganizationTrail": True, "S3BucketName": "member-bucket"}
    return {"Name": "arn:aws:cloudtrail:us-east-1:333333333333:trail/over-all"}


def _widened(name: str) -> Parameters:
    return {"Name": name, "IsMultiRegionTrail": True}


_WRONG_TYPES = (
    b'{"Name": 5, "S3BucketName": "good-bucket", "trailNameList": "x", "MaxResults": "10", "TrailName": 5, '
    b'"ResourceId": 5, "ResourceIdList": "x", "NextToken": 5}'
)
_TWO_SPELLINGS = b'{"trailNameList": ["there"], "TrailNameList": ["there"]}'
_NOTHING = b'{"LookupAttributes": [{}]}'
_LONG = 1024 * 1024 + 1

RECIPES: Mapping[C, Recipe] = {
    C.HOST_REFUSED: Recipe(bend=send_header("Host", "cloudtrail.example.org")),
    C.TOO_LARGE: Recipe(bend=send_body(b" " * _LONG)),
    C.SIGNATURE_MISSING: Recipe(config={"signature_version": UNSIGNED}),
    C.SIGNATURE_MALFORMED: Recipe(bend=send_header("Authorization", "AWS4-HMAC-SHA256 Credential=demo")),
    C.SIGNATURE_WRONG: Recipe(secret="not the secret"),
    C.SIGNATURE_SCOPE: Recipe(bend=signed_for("s3")),
    C.SIGNATURE_OLD: Recipe(bend=signed_at(timedelta(minutes=-16))),
    C.SIGNATURE_FUTURE: Recipe(bend=signed_at(timedelta(minutes=16))),
    C.SIGNATURE_TWICE: Recipe(bend=send_query("X-Amz-Signature=0")),
    C.QUERY_MALFORMED: Recipe(bend=send_query("=sweet")),
    C.QUERY_UNKNOWN: Recipe(bend=send_query("Flavour=sweet")),
    C.ACTION_CLASH: Recipe(bend=send_query("Action=Sing&Version=2013-11-01")),
    C.VERSION_WRONG: Recipe(bend=send_query("Version=1999-01-01")),
    C.VERSION_MISSING: Recipe(bend=name_action_in_query),
    C.KEY_UNKNOWN: Recipe(key="nobody"),
    C.TOKEN_INVALID: Recipe(key="session", token="another"),
    C.TOKEN_EXPIRED: Recipe(key="expired", token="token"),
    C.REGION_DISABLED: Recipe(region="af-south-1"),
    C.DENIED: Recipe(key="denied"),
    C.ACTION_MISSING: Recipe(bend=send_header("X-Amz-Target", None)),
    C.ACTION_UNSUPPORTED: Recipe(bend=send_target("CloudTrail_20131101.ListEventDataStores")),
    C.ACTION_UNKNOWN: Recipe(bend=send_header("X-Amz-Target", "CloudTrail_20131101.Sing")),
    C.JSON_MALFORMED: Recipe(bend=send_body(b'{"Name": ')),
    C.TYPE_WRONG: Recipe(bend=send_body(_WRONG_TYPES)),
    C.PARAMETER_MISSING: Recipe(bend=send_body(_NOTHING)),
    C.PARAMETER_CLASH: Recipe(bend=send_body(_TWO_SPELLINGS)),
    C.THROTTLED: Recipe(fault="throttle"),
    C.INTERNAL: Recipe(fault="internal"),
    C.UNAVAILABLE: Recipe(fault="unavailable"),
    C.TRAIL_NOT_FOUND: Recipe({"Name": "nowhere"}),
    C.TRAIL_EXISTS: Recipe(lambda action: {"Name": "there"} if action == "CreateTrail" else _widened("there")),
    C.TRAILS_FULL: Recipe(lambda action: {} if action == "CreateTrail" else _widened("full-1"), region="eu-west-1"),
    C.NAME_BLANK: Recipe({"Name": ""}),
    C.NAME_SHORT: Recipe({"Name": "ab"}),
    C.NAME_LONG: Recipe({"Name": "a" * 129}),
    C.NAME_START: Recipe({"Name": "-abc"}),
    C.NAME_SIGNS: Recipe({"Name": "schön"}),
    C.NAME_END: Recipe({"Name": "abc-"}),
    C.NAME_ADJACENT: Recipe({"Name": "my-_namespace"}),
    C.NAME_IP: Recipe({"Name": "192.168.5.4"}),
    C.ARN_INVALID: Recipe({"Name": "arn:aws:cloudtrail:us-east-1:1111:trail/there"}),
    C.ARN_ACCOUNT: Recipe({"Name": "arn:aws:cloudtrail:us-east-1:222222222222:trail/there"}),
    C.ARN_REGION: Recipe({"Name": "arn:aws:cloudtrail:ca-central-1:111111111111:trail/there"}),
    C.RESOURCE_TYPE: Recipe({"Name": US.format("cloudtrail", "channel/01234567890")}),
    C.RESOURCE_MISSING: Recipe({"Name": "nowhere"}),
    C.RESOURCES_MANY: Recipe({"ResourceIdList": [TRAIL + "there"] * 21}),
    C.HOME_REGION: Recipe({"Name": "wide"}),
    C.TRAIL_BUSY: Recipe({"Name": "busy"}),
    C.BUCKET_NAME: Recipe({"S3BucketName": "Not_A_Bucket"}),
    C.BUCKET_MISSING: Recipe({"S3BucketName": "no-such-bucket"}),
    C.BUCKET_POLICY: Recipe({"S3BucketName": "bad-bucket"}),
    C.PREFIX_INVALID: Recipe({"S3KeyPrefix": "x" * 201}),
    C.TOPIC_NAME: Recipe({"SnsTopicName": "a topic"}),
    C.TOPIC_POLICY: Recipe({"SnsTopicName": "bad-topic"}),
    C.LOGS_UNAVAILABLE: Recipe(_in_sao_paulo, region="sa-east-1"),
    C.GROUP_INVALID: Recipe(
        {"CloudWatchLogsLogGroupArn": GROUP.removesuffix(":*"), "CloudWatchLogsRoleArn": GOOD_ROLE}
    ),
    C.GROUP_MISSING: Recipe(
        {"CloudWatchLogsLogGroupArn": GROUP.replace("group:*", "gone:*"), "CloudWatchLogsRoleArn": GOOD_ROLE}
    ),
    C.GROUP_ALONE: Recipe({"CloudWatchLogsLogGroupArn": GROUP}),
    C.ROLE_ALONE: Recipe({"CloudWatchLogsRoleArn": GOOD_ROLE}),
    C.ROLE_INVALID: Recipe({"CloudWatchLogsLogGroupArn": GROUP, "CloudWatchLogsRoleArn": "good-role"}),
    C.ROLE_TRUST: Recipe({"CloudWatchLogsLogGroupArn": GROUP, "CloudWatchLogsRoleArn": BAD_ROLE}),
    C.GLOBAL_EVENTS: Recipe({"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": False}),
    C.KMS_INVALID: Recipe({"KmsKeyId": "a key"}),
    C.KMS_MISSING: Recipe({"KmsKeyId": "alias/nothing"}),
    C.KMS_DISABLED: Recipe({"KmsKeyId": "22222222-2222-2222-2222-222222222222"}),
    C.KMS_POLICY: Recipe({"KmsKeyId": US.format("kms", "key/33333333-3333-3333-3333-333333333333")}),
    C.TAG_INVALID: Recipe({"TagsList": [{"Key": "aws:mine", "Value": "x"}]}),
    C.TAGS_MANY: Recipe(_tags(51)),
    C.ORGANIZATION_NONE: Recipe({"IsOrganizationTrail": True}),
    C.ORGANIZATION_MEMBER: Recipe(_as_a_member, key="member"),
    C.EVENT_SELECTORS: Recipe({"EventSelectors": [{"ReadWriteType": "read-only"}]}),
    C.INSIGHT_SELECTORS: Recipe({"InsightSelectors": [{"InsightType": "Weather"}]}),
    C.INSIGHTS_OFF: Recipe(),
    C.TRAIL_AND_STORE: Recipe({"TrailName": "there", "EventDataStore": STORE}),
    C.TRAIL_OR_STORE: Recipe({"TrailName": None}),
    C.ATTRIBUTE_KEY: Recipe(_attribute("Weather", "fine")),
    C.ATTRIBUTE_VALUE: Recipe(_attribute("EventName", "")),
    C.ATTRIBUTES_MANY: Recipe({"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "x"}] * 2}),
    C.MAX_RESULTS: Recipe({"MaxResults": 51}),
    C.NEXT_TOKEN: Recipe({"NextToken": "forged"}),
    C.TOKEN_RESERVED: Recipe({"NextToken": "forged"}),
    C.TIME_ORDER: Recipe({"StartTime": 2_000_000_000, "EndTime": 1_999_999_999}),
    C.TIME_RANGE: Recipe(bend=send_body(b'{"EndTime": 1e15}')),
    C.CATEGORY: Recipe({"EventCategory": "weather"}),
}
