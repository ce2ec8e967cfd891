"""Delivery as a client sees it: through real boto3, with the fixture that other projects use."""

import gzip
import json
import shutil
from typing import Any

import boto3
import pytest

from ctui.emulator.testing import CloudTrail

BUCKET = "spare-logs-111111111111"


@pytest.fixture
def client(cloudtrail: CloudTrail) -> Any:
    return boto3.client("cloudtrail", **cloudtrail.arguments)


def delivered(cloudtrail: CloudTrail) -> list[dict[str, Any]]:
    """All records in the bucket, oldest first."""
    files = (cloudtrail.folder / "s3" / BUCKET).rglob("*.json.gz")
    records = [record for file in files for record in json.loads(gzip.decompress(file.read_bytes()))["Records"]]
    return sorted(records, key=lambda record: record["eventTime"])


def test_a_trail_delivers_the_calls_that_were_made_and_says_when(cloudtrail: CloudTrail, client: Any) -> None:
    client.create_trail(Name="mine", S3BucketName=BUCKET, S3KeyPrefix="team/blue", SnsTopicName="audit-log-files")
    cloudtrail.deliver()
    assert delivered(cloudtrail) == []
    assert "LatestDeliveryTime" not in client.get_trail_status(Name="mine")
    cloudtrail.move(5)
    client.start_logging(Name="mine")
    cloudtrail.move(60)
    client.describe_trails()
    cloudtrail.deliver()
    status = client.get_trail_status(Name="mine")
    assert status["LatestDeliveryTime"] > status["StartLoggingTime"]
    assert status["LatestNotificationTime"] == status["LatestDeliveryTime"]
    records = delivered(cloudtrail)
    assert [record["eventName"] for record in records] == ["StartLogging", "DescribeTrails"]
    [looked_up] = client.lookup_events(
        LookupAttributes=[{"AttributeKey": "EventId", "AttributeValue": records[1]["eventID"]}]
    )["Events"]
    assert json.loads(looked_up["CloudTrailEvent"]) == records[1]
    notes = (cloudtrail.folder / "sns" / "audit-log-files").read_text().splitlines()
    # The account's own trail tells the same topic of its files.
    [note] = [note for note in notes if BUCKET in note]
    assert "team/blue/AWSLogs/" in json.loads(note)["Message"]


def test_a_bucket_taken_away_is_an_error_until_it_is_back(cloudtrail: CloudTrail, client: Any) -> None:
    client.create_trail(Name="mine", S3BucketName=BUCKET)
    client.start_logging(Name="mine")
    cloudtrail.deliver()
    first = client.get_trail_status(Name="mine")["LatestDeliveryTime"]
    shutil.rmtree(cloudtrail.folder / "s3" / BUCKET)
    cloudtrail.move(60)
    client.describe_trails()
    cloudtrail.deliver()
    status = client.get_trail_status(Name="mine")
    assert (status["LatestDeliveryError"], status["LatestDeliveryTime"]) == ("NoSuchBucket", first)
    (cloudtrail.folder / "s3" / BUCKET).mkdir()
    cloudtrail.deliver()
    status = client.get_trail_status(Name="mine")
    assert "LatestDeliveryError" not in status
    assert status["LatestDeliveryTime"] > first
    assert "DescribeTrails" in [record["eventName"] for record in delivered(cloudtrail)]
    client.stop_logging(Name="mine")
    client.delete_trail(Name="mine")
    cloudtrail.move(60)
    client.describe_trails()
    kept = delivered(cloudtrail)
    cloudtrail.deliver()
    assert delivered(cloudtrail) == kept


def test_a_stopped_trail_delivers_its_end_and_nothing_after(cloudtrail: CloudTrail, client: Any) -> None:
    client.create_trail(Name="mine", S3BucketName=BUCKET)
    client.start_logging(Name="mine")
    cloudtrail.move(30)
    client.stop_logging(Name="mine")
    cloudtrail.move(30)
    client.describe_trails()
    cloudtrail.deliver()
    assert delivered(cloudtrail)[-1]["eventName"] == "StopLogging"
    assert client.get_trail_status(Name="mine")["IsLogging"] is False
