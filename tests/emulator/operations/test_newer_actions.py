"""What the actions that are newer than the 2015 reference answer, through real boto3: one table."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.recipes import VALID
from support.wire import Step, boto_client, converse, error_of

from ctui.emulator.errors.error_row import SINCE
from ctui.emulator.options import Edition, EmulatorOptions
from ctui.emulator.testing import CloudTrail, running

ARN = "arn:aws:cloudtrail:us-east-1:111111111111:trail/"
FRESH = ARN + "fresh"
CREATE: Step = ("CreateTrail", {"Name": "fresh", "S3BucketName": "spare-logs-111111111111"})
SETTINGS = {
    "Name": "fresh",
    "S3BucketName": "spare-logs-111111111111",
    "IncludeGlobalServiceEvents": True,
    "IsMultiRegionTrail": False,
    "TrailARN": FRESH,
    "LogFileValidationEnabled": False,
    "IsOrganizationTrail": False,
    "HomeRegion": "us-east-1",
    "HasCustomEventSelectors": False,
    "HasInsightSelectors": False,
}
BLUE, ALONE = {"Key": "team", "Value": "blue"}, {"Key": "alone"}
DEFAULT = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}
OBJECTS = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::spare-logs-111111111111/"]}
CATEGORY = {"Field": "eventCategory", "Equals": ["Management"]}
READS = {"Field": "readOnly", "Equals": ["true"]}
ADVANCED = {"Name": "reads", "FieldSelectors": [CATEGORY, READS]}
RATE, ERRORS = {"InsightType": "ApiCallRateInsight"}, {"InsightType": "ApiErrorRateInsight"}


def put(**selectors: Any) -> Step:
    """PutEventSelectors of the new trail."""
    return "PutEventSelectors", {"TrailName": "fresh", **selectors}


def put_insights(*selectors: dict[str, Any]) -> Step:
    """PutInsightSelectors of the new trail."""
    return "PutInsightSelectors", {"TrailName": "fresh", "InsightSelectors": list(selectors)}


def tag(action: str, *tags: dict[str, str], arn: str = FRESH) -> Step:
    """AddTags or RemoveTags."""
    return action, {"ResourceId": arn, "TagsList": list(tags)}


def tags_of(*arns: str) -> Step:
    """ListTags."""
    return "ListTags", {"ResourceIdList": list(arns)}


GET_INSIGHTS: Step = ("GetInsightSelectors", {"TrailName": "fresh"})
NO_INSIGHTS = (
    "InsightNotEnabledException",
    "Trail fresh does not have Insights enabled. Edit the trail settings to enable Insights, and then try the "
    "operation again.",
)


@dataclass(frozen=True)
class Case:
    """Calls after CreateTrail, and the last one's answer, or its error: (code, message)."""

    name: str
    steps: tuple[Step, ...]
    answer: dict[str, Any] | tuple[str, str] = field(default_factory=dict)


CASES = (
    Case("get by name", (("GetTrail", {"Name": "fresh"}),), {"Trail": SETTINGS}),
    Case("get by ARN", (("GetTrail", {"Name": FRESH}),), {"Trail": SETTINGS}),
    Case(
        "get what has selectors and Insights",
        (put_insights(RATE), put(EventSelectors=[{}]), ("GetTrail", {"Name": "fresh"})),
        {"Trail": SETTINGS | {"HasCustomEventSelectors": True, "HasInsightSelectors": True}},
    ),
    Case(
        "whether a trail logs its own deliveries",
        (("UpdateTrail", {"Name": "fresh", "RecursiveLogging": False}), ("GetTrail", {"Name": "fresh"})),
        {"Trail": SETTINGS | {"RecursiveLogging": False}},
    ),
    Case("no tags", (tags_of(FRESH),), {"ResourceTagList": [{"ResourceId": FRESH, "TagsList": []}]}),
    Case(
        "tags are added, replaced, and told back",
        (tag("AddTags", BLUE), tag("AddTags", BLUE | {"Value": "red"}, ALONE), tags_of(FRESH)),
        {"ResourceTagList": [{"ResourceId": FRESH, "TagsList": [BLUE | {"Value": "red"}, ALONE]}]},
    ),
    Case(
        "tags are removed by their keys",
        (
            tag("AddTags", BLUE, ALONE),
            tag("RemoveTags", {"Key": "team", "Value": "other"}, {"Key": "gone"}),
            tags_of(FRESH),
        ),
        {"ResourceTagList": [{"ResourceId": FRESH, "TagsList": [ALONE]}]},
    ),
    Case("an added tag answers nothing", (tag("AddTags", BLUE),)),
    Case(
        "the tags of CreateTrail",
        (
            ("DeleteTrail", {"Name": "legacy"}),
            ("CreateTrail", {**CREATE[1], "Name": "tagged", "TagsList": [BLUE]}),
            tags_of(ARN + "tagged", FRESH),
        ),
        {
            "ResourceTagList": [
                {"ResourceId": ARN + "tagged", "TagsList": [BLUE]},
                {"ResourceId": FRESH, "TagsList": []},
            ]
        },
    ),
    Case(
        "more tags than a trail may have, in two calls",
        (
            tag("AddTags", *({"Key": f"key{number}"} for number in range(30))),
            tag("AddTags", *({"Key": f"other{number}"} for number in range(30))),
        ),
        ("TagsLimitExceededException", "A trail can have 50 tags at most, not 60."),
    ),
    Case(
        "a tag given twice",
        (tag("AddTags", BLUE, BLUE),),
        ("InvalidTagParameterException", "Tag key team is given twice."),
    ),
    Case(
        "tags by a name",
        (tags_of("fresh"),),
        ("CloudTrailARNInvalidException", "The trail ARN is not valid: fresh"),
    ),
    Case(
        "tags of an event data store",
        (tags_of("arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852"),),
        (
            "ResourceTypeNotSupportedException",
            "Resource type is not supported: arn:aws:cloudtrail:us-east-1:111111111111:eventdatastore/EXAMPLE-f852",
        ),
    ),
    Case(
        "tags of another account's trail",
        (tags_of("arn:aws:cloudtrail:us-east-1:222222222222:trail/whole-organization"),),
        (
            "CloudTrailARNInvalidException",
            "AccountID in ARN is wrong, you can only access resources with AccountID 111111111111.",
        ),
    ),
    Case(
        "what a new trail selects",
        (("GetEventSelectors", {"TrailName": "fresh"}),),
        {"TrailARN": FRESH, "EventSelectors": [DEFAULT]},
    ),
    Case(
        "what is put has its defaults",
        (put(EventSelectors=[{"ReadWriteType": "WriteOnly"}, {"DataResources": [OBJECTS]}]),),
        {
            "TrailARN": FRESH,
            "EventSelectors": [DEFAULT | {"ReadWriteType": "WriteOnly"}, DEFAULT | {"DataResources": [OBJECTS]}],
        },
    ),
    Case(
        "advanced selectors replace the others",
        (
            put(EventSelectors=[{"ReadWriteType": "WriteOnly"}]),
            put(AdvancedEventSelectors=[ADVANCED]),
            ("GetEventSelectors", {"TrailName": FRESH}),
        ),
        {"TrailARN": FRESH, "AdvancedEventSelectors": [ADVANCED]},
    ),
    Case(
        "and the others replace them",
        (
            put(AdvancedEventSelectors=[ADVANCED]),
            put(EventSelectors=[{}]),
            ("GetEventSelectors", {"TrailName": "fresh"}),
        ),
        {"TrailARN": FRESH, "EventSelectors": [DEFAULT]},
    ),
    Case(
        "Insights are told back", (put_insights(RATE, ERRORS),), {"TrailARN": FRESH, "InsightSelectors": [RATE, ERRORS]}
    ),
    Case(
        "Insights are kept",
        (put_insights(RATE), ("GetInsightSelectors", {"TrailName": FRESH})),
        {"TrailARN": FRESH, "InsightSelectors": [RATE]},
    ),
    Case(
        "Insights are turned off",
        (put_insights(RATE), put_insights()),
        {"TrailARN": FRESH, "InsightSelectors": []},
    ),
    Case("Insights that were turned off", (put_insights(RATE), put_insights(), GET_INSIGHTS), NO_INSIGHTS),
    Case("Insights that never were on", (GET_INSIGHTS,), NO_INSIGHTS),
    Case(
        "the rate of calls of a trail that logs reads alone",
        (put(AdvancedEventSelectors=[ADVANCED]), put_insights(RATE)),
        ("InvalidInsightSelectorsException", "ApiCallRateInsight needs a trail that logs write management events."),
    ),
    Case(
        "errors of a trail that logs reads alone",
        (put(EventSelectors=[{"ReadWriteType": "ReadOnly"}]), put_insights(ERRORS)),
        {"TrailARN": FRESH, "InsightSelectors": [ERRORS]},
    ),
    Case(
        "errors of data events that are not logged",
        (put_insights(ERRORS | {"EventCategories": ["Management", "Data"]}),),
        ("InvalidInsightSelectorsException", "ApiErrorRateInsight needs a trail that logs data events."),
    ),
    Case(
        "errors of data events that are logged",
        (put(EventSelectors=[{"DataResources": [OBJECTS]}]), put_insights(ERRORS | {"EventCategories": ["Data"]})),
        {"TrailARN": FRESH, "InsightSelectors": [ERRORS | {"EventCategories": ["Data"]}]},
    ),
    Case(
        "Insights of an event data store",
        (("GetInsightSelectors", {"EventDataStore": "EXAMPLE-f852"}),),
        (
            "UnsupportedOperationException",
            "The requested operation is not supported: GetInsightSelectors of an event data store",
        ),
    ),
    Case("public keys", (("ListPublicKeys", {}),), {"PublicKeyList": []}),
    Case("public keys of a past time", (("ListPublicKeys", {"StartTime": 1, "EndTime": 2}),), {"PublicKeyList": []}),
    Case(
        "an action that the emulator refuses",
        (("ListEventDataStores", {}),),
        ("UnsupportedOperationException", "The requested operation is not supported: ListEventDataStores"),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_answers(case: Case, cloudtrail: CloudTrail) -> None:
    url, steps = cloudtrail.endpoint_url, (CREATE, *case.steps)
    if isinstance(case.answer, dict):
        assert converse("boto3", url, steps)[-1] == case.answer
        return
    with pytest.raises(ClientError) as refused:
        converse("boto3", url, steps)
    error = refused.value.response["Error"]
    assert (error["Code"], error["Message"]) == case.answer


def selecting(*resources: tuple[str, str]) -> dict[str, Any]:
    """PutEventSelectors of these data resources."""
    return {"EventSelectors": [{"DataResources": [{"Type": kind, "Values": [value]} for kind, value in resources]}]}


def having(*conditions: dict[str, Any]) -> dict[str, Any]:
    """PutEventSelectors of one advanced selector."""
    return {"AdvancedEventSelectors": [{"FieldSelectors": list(conditions)}]}


S3, LAMBDA, DYNAMODB = "AWS::S3::Object", "AWS::Lambda::Function", "AWS::DynamoDB::Table"
DATA = {"Field": "eventCategory", "Equals": ["Data"]}
TYPE = {"Field": "resources.type", "Equals": [S3]}
FUNCTION = "arn:aws:lambda:us-east-1:111111111111:function:"

VALID_SELECTORS = {
    "all objects": selecting((S3, "arn:aws:s3")),
    "all objects, with colons": selecting((S3, "arn:aws:s3:::")),
    "objects of a bucket in China": selecting((S3, "arn:aws-cn:s3:::a-bucket/logs")),
    "all functions and a table": selecting(
        (LAMBDA, "arn:aws:lambda"), (DYNAMODB, "arn:aws:dynamodb:us-east-1:111111111111:table/t")
    ),
    "the most data resources, and all of them beside": selecting(
        (S3, "arn:aws:s3"), *((LAMBDA, f"{FUNCTION}{number}") for number in range(250))
    ),
    "without events of keys": {"EventSelectors": [{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}]},
    "data events": having(DATA, TYPE, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::a/"]}),
    "network activity": having(
        {"Field": "eventCategory", "Equals": ["NetworkActivity"]},
        {"Field": "eventSource", "Equals": ["s3.amazonaws.com"]},
    ),
}


@pytest.mark.parametrize("selectors", VALID_SELECTORS.values(), ids=VALID_SELECTORS)
def test_valid_selectors_are_kept(cloudtrail: CloudTrail, selectors: dict[str, Any]) -> None:
    answers = converse(
        "boto3", cloudtrail.endpoint_url, (CREATE, put(**selectors), ("GetEventSelectors", {"TrailName": "fresh"}))
    )
    assert answers[-1] == answers[-2]
    for name, put_ones in selectors.items():
        for kept, put_one in zip(answers[-1][name], put_ones, strict=True):
            assert kept == (kept | put_one)


INVALID_SELECTORS = {
    "none": ({}, "Either EventSelectors or AdvancedEventSelectors must be given."),
    "both": ({"EventSelectors": [{}], **having(CATEGORY)}, "Either EventSelectors or AdvancedEventSelectors"),
    "six": ({"EventSelectors": [{}] * 6}, "A trail can have 5 event selectors at most, not 6."),
    "another read or write": (
        {"EventSelectors": [{"ReadWriteType": "read-only"}]},
        "Value read-only for ReadWriteType is invalid. Valid values are: ReadOnly, WriteOnly, All",
    ),
    "another source": (
        {"EventSelectors": [{"ExcludeManagementEventSources": ["s3.amazonaws.com"]}]},
        "Value s3.amazonaws.com for ExcludeManagementEventSources is invalid.",
    ),
    "a bucket's type": (
        selecting(("AWS::S3::Bucket", "arn:aws:s3")),
        "Value AWS::S3::Bucket for DataResources.Type is invalid. Valid values are: AWS::DynamoDB::Table, "
        "AWS::Lambda::Function, AWS::S3::Object",
    ),
    "no value": (
        {"EventSelectors": [{"DataResources": [{"Type": S3, "Values": []}]}]},
        "DataResources.Values must have",
    ),
    "any object": (selecting((S3, "arn:aws:s3:::*/*")), "Value arn:aws:s3:::*/* for DataResources.Values is invalid."),
    "any function": (selecting((LAMBDA, "arn:aws:lambda:*")), "Value arn:aws:lambda:* for DataResources.Values"),
    "no bucket": (selecting((S3, "arn:aws:s3:::/")), "Value arn:aws:s3:::/ for DataResources.Values is invalid."),
    "another type's value": (
        selecting((LAMBDA, "arn:aws:s3")),
        "Value arn:aws:s3 for DataResources.Values is invalid.",
    ),
    "too many data resources": (
        selecting(*((LAMBDA, f"{FUNCTION}{number}") for number in range(251))),
        "A trail can have 250 data resources at most, not 251.",
    ),
    "no category": (having(READS), "Each selector needs eventCategory with Equals and one of: Management, Data,"),
    "another category": (
        having({"Field": "eventCategory", "Equals": ["Weather"]}),
        "Each selector needs eventCategory",
    ),
    "data events of no type": (having(DATA), "A selector of the category Data needs resources.type."),
    "another field": (
        having(CATEGORY, {"Field": "f", "Equals": ["x"]}),
        "Field f cannot be used with the category Management.",
    ),
    "no operator": (having(CATEGORY, {"Field": "eventSource"}), "Field eventSource has no operator with a value."),
    "an operator that the field has not": (
        having(CATEGORY, {"Field": "readOnly", "StartsWith": ["t"]}),
        "Field readOnly takes Equals alone.",
    ),
    "neither true nor false": (
        having(CATEGORY, {"Field": "readOnly", "Equals": ["yes"]}),
        "Field readOnly takes true or",
    ),
    "too many values": (
        having(DATA, TYPE, {"Field": "eventName", "Equals": [f"Get{number}" for number in range(499)]}),
        "A trail can have 500 values in advanced event selectors at most, not 501.",
    ),
    "a value that is too long": (
        having(CATEGORY, {"Field": "eventSource", "Equals": ["x" * 2049]}),
        "A value must have 1 to 2048 characters.",
    ),
}


@pytest.mark.parametrize(("selectors", "words"), INVALID_SELECTORS.values(), ids=INVALID_SELECTORS)
def test_invalid_selectors_are_refused(cloudtrail: CloudTrail, selectors: dict[str, Any], words: str) -> None:
    with pytest.raises(ClientError) as refused:
        converse("boto3", cloudtrail.endpoint_url, (CREATE, put(**selectors)))
    error = refused.value.response["Error"]
    assert error["Code"] == "InvalidEventSelectorsException"
    assert error["Message"].startswith(words)
    kept = converse("boto3", cloudtrail.endpoint_url, (("GetEventSelectors", {"TrailName": "fresh"}),))[0]
    assert kept["EventSelectors"] == [DEFAULT]


def test_a_region_lists_the_trails_that_it_shows(cloudtrail: CloudTrail) -> None:
    wide = {**CREATE[1], "Name": "wide", "IsMultiRegionTrail": True}
    for region, expected in (("us-east-1", ["fresh", "wide"]), ("eu-west-1", ["wide"])):
        steps = (("DeleteTrail", {"Name": "legacy"}), CREATE, ("CreateTrail", wide)) if region == "us-east-1" else ()
        converse("boto3", cloudtrail.endpoint_url, steps)
        (answer,) = converse("boto3", cloudtrail.endpoint_url, (("ListTrails", {}),), region=region)
        listed = [trail for trail in answer["Trails"] if trail["Name"] in ("fresh", "wide")]
        assert listed == [{"TrailARN": ARN + name, "Name": name, "HomeRegion": "us-east-1"} for name in expected]


def test_an_event_data_store_without_a_name_excludes_a_trail_too(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url, config={"parameter_validation": False})
    with pytest.raises(ClientError) as refused:
        client.get_insight_selectors(TrailName="legacy", EventDataStore="")
    assert error_of(refused.value)[0] == "InvalidParameterCombinationException"


def test_what_was_put_outlives_the_emulator(tmp_path: Path) -> None:
    options = EmulatorOptions(traffic=False, trails=False, data=tmp_path)
    calls: tuple[Step, ...] = (
        ("GetTrail", {"Name": "fresh"}),
        tags_of(FRESH),
        ("GetEventSelectors", {"TrailName": "fresh"}),
        GET_INSIGHTS,
    )
    changes = (tag("AddTags", BLUE, ALONE), put_insights(RATE), put(EventSelectors=[{"ReadWriteType": "WriteOnly"}]))
    with running(options) as emulator:
        *_, trail, tags, selectors, insights = converse("boto3", emulator.endpoint_url, (CREATE, *changes, *calls))
    with running(options) as emulator:
        assert converse("boto3", emulator.endpoint_url, calls) == [trail, tags, selectors, insights]


def test_who_may_only_look_may_not_change_tags_and_selectors(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url, key="demo-reader")
    assert client.get_event_selectors(TrailName="legacy")["EventSelectors"] == [DEFAULT]
    for action in ("AddTags", "RemoveTags", "PutEventSelectors", "PutInsightSelectors"):
        with pytest.raises(ClientError) as refused:
            client._make_api_call(action, VALID[action])
        assert error_of(refused.value)[0] == "AccessDeniedException"


@pytest.mark.parametrize("action", SINCE)
def test_the_reference_of_2015_does_not_know_them(action: str) -> None:
    with running(EmulatorOptions(edition=Edition.Y2015, traffic=False)) as emulator:
        client = boto_client(emulator.endpoint_url)
        with pytest.raises(ClientError) as refused:
            client._make_api_call(action, VALID[action])
    assert error_of(refused.value) == ("InvalidAction", 400)


def test_what_a_client_asks_and_the_emulator_has_not_is_logged(
    cloudtrail: CloudTrail, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ClientError):
        boto_client(cloudtrail.endpoint_url).list_channels()
    assert "refused: 'The requested operation is not supported: ListChannels'" in caplog.text
    # Like every refused call of a known caller, it is an event.
    only = [{"AttributeKey": "EventName", "AttributeValue": "ListChannels"}]
    (event,) = boto_client(cloudtrail.endpoint_url).lookup_events(LookupAttributes=only)["Events"]
    assert '"errorCode":"UnsupportedOperationException"' in event["CloudTrailEvent"]
    assert event["ReadOnly"] == "true"


def test_changed_selectors_are_recorded_with_what_was_sent_and_answered(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    converse("boto3", cloudtrail.endpoint_url, (CREATE, put(AdvancedEventSelectors=[ADVANCED])))
    only = [{"AttributeKey": "EventName", "AttributeValue": "PutEventSelectors"}]
    (event,) = client.lookup_events(LookupAttributes=only)["Events"]
    selectors = '[{"name":"reads","fieldSelectors":[{"field":"eventCategory","equals":["Management"]},'
    assert event["CloudTrailEvent"].count(f'"advancedEventSelectors":{selectors}') == 2
    assert event["ReadOnly"] == "false"
