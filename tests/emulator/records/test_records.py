"""Calls made to the emulator are recorded, truly and completely, as the service does."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.wire import boto_client

from ctui.emulator.testing import CloudTrail


def records(emulator: CloudTrail, name: str, **client: Any) -> list[dict[str, Any]]:
    """The records of all calls of one name, newest first."""
    only = [{"AttributeKey": "EventName", "AttributeValue": name}]
    answer = boto_client(emulator.endpoint_url, **client).lookup_events(LookupAttributes=only)
    return [json.loads(event["CloudTrailEvent"]) for event in answer["Events"]]


def test_a_change_is_recorded_with_what_was_asked_and_answered(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    answer = client.create_trail(Name="fresh", S3BucketName="spare-logs-111111111111", S3KeyPrefix="p")
    (record,) = records(cloudtrail, "CreateTrail")
    assert record["requestParameters"] == {
        "name": "fresh",
        "s3BucketName": "spare-logs-111111111111",
        "s3KeyPrefix": "p",
    }
    assert record["responseElements"]["trailARN"] == answer["TrailARN"]
    assert record["requestID"] == answer["ResponseMetadata"]["RequestId"]
    assert record["readOnly"] is False
    assert record["userIdentity"]["userName"] == "demo"
    assert record["userIdentity"]["accessKeyId"] == "demo"
    assert record["sourceIPAddress"] == "127.0.0.1"
    assert "Boto3" in record["userAgent"]
    assert record["recipientAccountId"] == cloudtrail.account
    assert "errorCode" not in record


def test_lookups_record_themselves(cloudtrail: CloudTrail) -> None:
    boto_client(cloudtrail.endpoint_url).lookup_events(MaxResults=7, StartTime=1_700_000_000)
    (record,) = records(cloudtrail, "LookupEvents")
    assert record["requestParameters"] == {"maxResults": 7, "startTime": "Nov 14, 2023, 10:13:20 PM"}
    assert record["responseElements"] is None
    assert record["readOnly"] is True


def test_a_refused_call_is_recorded_with_its_error(cloudtrail: CloudTrail) -> None:
    with pytest.raises(ClientError) as failure:
        boto_client(cloudtrail.endpoint_url).delete_trail(Name="nowhere")
    (record,) = records(cloudtrail, "DeleteTrail")
    assert record["errorCode"] == "TrailNotFoundException"
    assert record["errorMessage"] == failure.value.response["Error"]["Message"]


def test_a_denied_call_is_recorded_as_such(cloudtrail: CloudTrail) -> None:
    with pytest.raises(ClientError):
        boto_client(cloudtrail.endpoint_url, key="demo-reader").stop_logging(Name="org-audit")
    (record,) = records(cloudtrail, "StopLogging")
    assert record["errorCode"] == "AccessDenied"
    assert record["userIdentity"]["userName"] == "reader"


def test_a_call_nobody_stands_behind_is_not_recorded(cloudtrail: CloudTrail) -> None:
    with pytest.raises(ClientError):
        boto_client(cloudtrail.endpoint_url, secret="wrong").describe_trails()
    assert records(cloudtrail, "DescribeTrails") == []


def test_calls_are_recorded_where_they_were_made(cloudtrail: CloudTrail) -> None:
    boto_client(cloudtrail.endpoint_url, region="eu-west-1").describe_trails()
    assert records(cloudtrail, "DescribeTrails") == []
    (record,) = records(cloudtrail, "DescribeTrails", region="eu-west-1")
    assert record["awsRegion"] == "eu-west-1"


def test_accounts_see_nothing_of_each_other(cloudtrail: CloudTrail) -> None:
    boto_client(cloudtrail.endpoint_url).describe_trails()
    other = boto_client(cloudtrail.endpoint_url, key="other", secret="other")
    assert [trail["Name"] for trail in other.describe_trails()["trailList"]] == ["whole-organization"]
    assert {event["EventName"] for event in other.lookup_events()["Events"]} == {"DescribeTrails"}
    with pytest.raises(ClientError, match="TrailNotFoundException"):
        other.get_trail_status(Name="org-audit")


def test_a_member_sees_its_organizations_trails_and_changes_none(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url, key="member", secret="member", region="eu-west-1")
    (trail,) = client.describe_trails()["trailList"]
    assert trail["TrailARN"] == "arn:aws:cloudtrail:us-east-1:222222222222:trail/whole-organization"
    assert client.get_trail_status(Name=trail["TrailARN"])["IsLogging"]
    for name in (trail["Name"], "arn:aws:cloudtrail:us-east-1:222222222222:trail/nothing"):
        with pytest.raises(ClientError, match="TrailNotFoundException"):
            client.get_trail_status(Name=name)
    with pytest.raises(ClientError, match="NotOrganizationMasterAccountException"):
        client.stop_logging(Name=trail["TrailARN"])


def test_who_the_caller_is(cloudtrail: CloudTrail) -> None:
    answer = boto_client(cloudtrail.endpoint_url, service="sts").get_caller_identity()
    assert (answer["Account"], answer["Arn"]) == (cloudtrail.account, "arn:aws:iam::111111111111:user/demo")
    session = boto_client(cloudtrail.endpoint_url, service="sts", key="demo-session", token="demo-token")
    assert session.get_caller_identity()["Arn"] == "arn:aws:sts::111111111111:assumed-role/Responder/alex"
    (record, _) = records(cloudtrail, "GetCallerIdentity")
    assert record["eventSource"] == "sts.amazonaws.com"
    assert record["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == "Responder"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ({"key": "nobody"}, "InvalidClientTokenId"),
        ({"secret": "wrong"}, "SignatureDoesNotMatch"),
        ({"key": "demo-denied"}, "AccessDenied"),
        ({"key": "demo-expired", "token": "demo-token"}, "ExpiredToken"),
    ],
    ids=str,
)
def test_sts_refuses_in_its_own_words(cloudtrail: CloudTrail, who: dict[str, str], code: str) -> None:
    with pytest.raises(ClientError) as failure:
        boto_client(cloudtrail.endpoint_url, service="sts", **who).get_caller_identity()  # type: ignore[arg-type]
    assert failure.value.response["Error"]["Code"] == code
    assert failure.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
