"""Answers that lack something, over real HTTP: what is absent is no answer, and what is odd costs nothing beside it."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from support.fakes.http_service import HttpService

from ctui.aws.client import AwsGateway
from ctui.errors import CtuiError, IncompleteAnswer, NotCloudTrail, OutcomeUnknown, Throttled
from ctui.model.connection import Scope
from ctui.model.lookup.scan import Scan
from ctui.model.trail.draft import TrailDraft

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCAN = Scan(Scope("aws", "111111111111", "eu-west-1"), None, 1_700_000_000)
JSON = "application/x-amz-json-1.1"
XML = "<GetCallerIdentityResponse><GetCallerIdentityResult>{}</GetCallerIdentityResult></GetCallerIdentityResponse>"


def at(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


# What is absent

CALLS: dict[str, Any] = {
    "LookupEvents": lambda gateway: gateway.lookup_events(SCAN, "t1"),
    "DescribeTrails": lambda gateway: gateway.describe_trails("eu-west-1"),
    "GetTrailStatus": lambda gateway: gateway.get_trail_status("eu-west-1", "org"),
    "GetCallerIdentity": lambda gateway: gateway.identify(),
    "CreateTrail": lambda gateway: gateway.create_trail("eu-west-1", TrailDraft("org", "logs-1")),
    "StopLogging": lambda gateway: gateway.stop_logging("eu-west-1", "org"),
}


class Absent(NamedTuple):
    """An answer that lacks what was asked for, the error it is, and a word of it."""

    action: str
    body: str
    content_type: str
    error: type[CtuiError]
    word: str


@pytest.mark.parametrize(
    "case",
    [
        Absent("LookupEvents", "{}", JSON, IncompleteAnswer, "Events is missing"),
        Absent("LookupEvents", '{"NextToken": "t2"}', JSON, IncompleteAnswer, "Events is missing"),
        Absent("LookupEvents", '{"Events": null}', JSON, IncompleteAnswer, "Events is missing"),
        Absent("LookupEvents", '{"events": []}', JSON, IncompleteAnswer, "Events is missing"),
        Absent("LookupEvents", '{"Events": 1}', JSON, IncompleteAnswer, "Events should be a list, but is 1"),
        Absent("LookupEvents", '{"Events": {}}', JSON, IncompleteAnswer, "should be a list"),
        Absent("LookupEvents", '{"Events": "none"}', JSON, IncompleteAnswer, "should be a list"),
        Absent("LookupEvents", "[]", JSON, IncompleteAnswer, "should be an object"),
        Absent("LookupEvents", "null", JSON, IncompleteAnswer, "should be an object"),
        Absent("LookupEvents", "", JSON, IncompleteAnswer, "it is empty"),
        Absent("LookupEvents", '{"Events": [{"EventId": "x"', JSON, IncompleteAnswer, "should be an object"),
        Absent("LookupEvents", '{"Events": []} {"Events": []}', JSON, IncompleteAnswer, "should be an object"),
        Absent("LookupEvents", '{"Events": [' + "[" * 100_000, JSON, IncompleteAnswer, "should be an object"),
        Absent("LookupEvents", "{}", "application/json", NotCloudTrail, "Events is missing"),
        Absent("DescribeTrails", "{}", JSON, IncompleteAnswer, "trailList is missing"),
        Absent("DescribeTrails", '{"trailList": null}', JSON, IncompleteAnswer, "trailList is missing"),
        Absent("DescribeTrails", '{"trailList": {}}', JSON, IncompleteAnswer, "should be a list"),
        Absent("DescribeTrails", "", JSON, IncompleteAnswer, "it is empty"),
        Absent("DescribeTrails", "{}", "text/plain", NotCloudTrail, "trailList is missing"),
        Absent("GetTrailStatus", "{}", JSON, IncompleteAnswer, "IsLogging is missing"),
        Absent("GetTrailStatus", '{"IsLogging": null}', JSON, IncompleteAnswer, "IsLogging is missing"),
        Absent("GetTrailStatus", '{"IsLogging": 1}', JSON, IncompleteAnswer, "should be true or false"),
        Absent("GetTrailStatus", '{"LatestDeliveryTime": 5}', JSON, IncompleteAnswer, "IsLogging is missing"),
        Absent("GetTrailStatus", "{}", "text/plain", NotCloudTrail, "IsLogging is missing"),
        Absent(
            "GetCallerIdentity", XML.format("<Arn>arn:aws:iam::1:user/x</Arn>"), "text/xml", NotCloudTrail, "no account"
        ),
        Absent(
            "GetCallerIdentity", XML.format("<Arn>a</Arn><Account> </Account>"), "text/xml", NotCloudTrail, "no account"
        ),
        Absent("GetCallerIdentity", XML.format("<Account>1</Account>"), "text/xml", NotCloudTrail, "no account"),
        Absent(
            "GetCallerIdentity",
            '<?xml version="1.0" encoding="nonsense"?><a/>',
            "text/xml",
            NotCloudTrail,
            "did not return XML",
        ),
        Absent(
            "GetCallerIdentity",
            '<?xml version="1.0" encoding="utf-32"?><a/>',
            "text/xml",
            NotCloudTrail,
            "did not return XML",
        ),
        Absent("GetCallerIdentity", "", "text/xml", NotCloudTrail, "did not return XML"),
        Absent("CreateTrail", "{}", JSON, OutcomeUnknown, "neither Name nor TrailARN"),
        Absent("CreateTrail", '{"Name": {}, "S3BucketName": "b"}', JSON, OutcomeUnknown, "neither Name nor TrailARN"),
        Absent("CreateTrail", "", JSON, OutcomeUnknown, "it is empty"),
        Absent("StopLogging", "", "text/plain", OutcomeUnknown, "neither a request ID nor the AWS JSON content type"),
        Absent(
            "StopLogging",
            '{"status": "ok"}',
            "application/json",
            OutcomeUnknown,
            "neither a request ID nor the AWS JSON content type",
        ),
        Absent("StopLogging", "[]", JSON, OutcomeUnknown, "should be an object"),
    ],
    ids=lambda case: f"{case.action}-{case.body[:30]}",
)
async def test_what_is_absent_is_no_answer(service: HttpService, gateway: AwsGateway, case: Absent) -> None:
    service.says_bytes(case.body.encode(), case.content_type)
    with pytest.raises(case.error) as caught:
        await CALLS[case.action](gateway)
    assert type(caught.value) is case.error
    assert case.word in caught.value.message
    assert caught.value.title
    assert caught.value.remedy
    assert len(caught.value.message) < 700


async def test_a_page_after_an_incomplete_answer_is_asked_for_with_the_same_token(
    service: HttpService, gateway: AwsGateway
) -> None:
    service.says({})
    with pytest.raises(IncompleteAnswer) as caught:
        await gateway.lookup_events(SCAN, "t1")
    assert "m continues" in caught.value.remedy
    service.says({"Events": [], "NextToken": "t2"})
    assert (await gateway.lookup_events(SCAN, "t1")).next_token == "t2"
    assert [parameters["NextToken"] for _, parameters, _ in service.asked] == ["t1", "t1"]


@pytest.mark.parametrize(
    ("token", "next_token"),
    [
        ('"t2"', "t2"),
        ("5", "5"),
        ("true", "true"),
        ("false", "false"),
        ("0", "0"),
        ("{}", "{}"),
        ("[]", "[]"),
        ('" "', " "),
        ('""', None),
        ("null", None),
    ],
)
async def test_a_token_that_is_no_text_goes_back_as_it_came_and_ends_nothing(
    service: HttpService, gateway: AwsGateway, token: str, next_token: str | None
) -> None:
    service.says_bytes(f'{{"Events": [], "NextToken": {token}}}'.encode(), JSON)
    assert (await gateway.lookup_events(SCAN, None)).next_token == next_token


# Trails


async def test_one_odd_trail_hides_no_other(service: HttpService, gateway: AwsGateway) -> None:
    arn = "arn:aws:cloudtrail:us-east-1:1:trail/by-arn"
    odd_ones = [
        {"Name": "org", "HomeRegion": 5, "IsMultiRegionTrail": "true", "KmsKeyId": [], "HasInsightSelectors": "maybe"},
        {"Name": {}, "TrailARN": arn},
        None,
        {"Name": None, "S3BucketName": "b"},
        {"Name": "well"},
    ]
    service.says({"trailList": odd_ones})
    org, by_arn, well, nameless = await gateway.describe_trails("eu-west-1")
    assert (org.name, org.home_region, org.is_multi_region_trail, org.kms_key_id) == ("org", "5", True, None)
    assert len(org.odd) == 4
    assert (by_arn.name, by_arn.arn, well.name, well.odd) == ("by-arn", arn, "well", ())
    assert (nameless.name, nameless.key) == ("", "")
    assert nameless.odd[0].startswith("A trail should be an object, but is null")
    assert '"S3BucketName": "b"' in nameless.odd[1]


async def test_one_odd_field_of_a_status_costs_no_other(service: HttpService, gateway: AwsGateway) -> None:
    service.says({
        "IsLogging": "true", "LatestDeliveryTime": "soon", "LatestDeliveryError": {"Code": "AccessDenied"},
        "StartLoggingTime": 5, "LatestDigestDeliveryTime": 1.7e15, "TimeLoggingStarted": 3,
    })  # fmt: skip
    status = await gateway.get_trail_status("eu-west-1", "org")
    assert (status.is_logging, status.start_logging_time, status.time_logging_started) == (True, at(5), "3")
    assert status.latest_delivery_error == '{"Code": "AccessDenied"}', "an error in other words is one all the same"
    assert set(status.lost) == {"latest_delivery_time", "latest_delivery_error", "latest_digest_delivery_time"}
    assert len(status.odd) == 5


# Errors


@pytest.mark.parametrize(
    ("body", "header", "error"),
    [
        (b'{"__type": "ThrottlingException", "message": {}}', None, Throttled),
        (b'{"__type": "ThrottlingException", "message": null, "Message": "Rate"}', None, Throttled),
        (b"", "ThrottlingException:http://x", Throttled),
        (b"no JSON", "ThrottlingException", Throttled),
        (b'{"__type": 5}', "ThrottlingException", Throttled),
        (b'{"__type": 5}', None, NotCloudTrail),
    ],
)
async def test_what_can_be_read_of_an_error_is_read(
    service: HttpService, gateway: AwsGateway, body: bytes, header: str | None, error: type[CtuiError]
) -> None:
    service.says_bytes(body, JSON, 400, **({} if header is None else {"x-amzn-errortype": header}))
    with pytest.raises(error) as caught:
        await gateway.lookup_events(SCAN, None)
    assert (b"Rate" in body) == ("Rate" in caught.value.message)
