"""The account of the pytest fixture: empty, and with what a test adds to it."""

import gzip
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from support.wire import boto_client, error_of

from ctui.emulator.built_in_uses import built_in_uses
from ctui.emulator.testing import CloudTrail, cloudtrail_options

__all__ = ["cloudtrail_options"]

OLD_EXAMPLE = """\
import boto3
from ctui.emulator.testing import cloudtrail, cloudtrail_options


def test_mine(cloudtrail):
    client = boto3.client("cloudtrail", **cloudtrail.arguments)
    client.create_trail(Name="audit", S3BucketName="spare-logs-111111111111")
    event_id = cloudtrail.add_event("ConsoleLogin", errorMessage="Failed authentication")
    cloudtrail.move(3600)
    assert event_id in [event["EventId"] for event in client.lookup_events()["Events"]]
"""


def test_it_has_no_trails_and_room_for_five(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    assert client.describe_trails()["trailList"] == []
    bucket = cloudtrail.add_bucket()
    for number in range(5):
        client.create_trail(Name=f"trail-{number}", S3BucketName=bucket)
    with pytest.raises(ClientError) as refused:
        client.create_trail(Name="one-more", S3BucketName=bucket)
    assert error_of(refused.value)[0] == "MaximumNumberOfTrailsExceededException"


def test_a_trail_delivers_to_what_was_added(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    settings = {
        "S3BucketName": cloudtrail.add_bucket("my-logs"),
        "SnsTopicName": cloudtrail.add_topic("my-topic"),
        "CloudWatchLogsLogGroupArn": cloudtrail.add_log_group("my-group"),
        "CloudWatchLogsRoleArn": cloudtrail.add_role("my-role"),
        "KmsKeyId": cloudtrail.add_key("alias/mine"),
    }
    answer = client.create_trail(Name="audit", **settings)
    assert answer | settings == answer
    assert client.update_trail(Name="audit", KmsKeyId="alias/mine")["KmsKeyId"] == settings["KmsKeyId"]
    client.start_logging(Name="audit")
    event_id = cloudtrail.add_event("RunInstances")
    cloudtrail.deliver()
    (*_, log_file) = (cloudtrail.folder / "s3" / "my-logs").rglob("*.json.gz")
    assert event_id.encode() in gzip.decompress(log_file.read_bytes())
    assert log_file.name in (cloudtrail.folder / "sns" / "my-topic").read_text("utf-8")
    assert event_id in (cloudtrail.folder / "logs" / "my-group").read_text("utf-8")


def test_what_has_the_same_name_is_replaced(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    cloudtrail.add_bucket("my-logs", policy="bad")
    with pytest.raises(ClientError, match="InsufficientS3BucketPolicyException"):
        client.create_trail(Name="audit", S3BucketName="my-logs")
    cloudtrail.add_bucket("my-logs")
    client.create_trail(Name="audit", S3BucketName="my-logs")


def test_topics_of_one_name_have_files_of_their_own(cloudtrail: CloudTrail) -> None:
    bucket = cloudtrail.add_bucket()
    for region in ("us-east-1", "eu-west-1"):
        topic = cloudtrail.add_topic("files", region=region)
        client = boto_client(cloudtrail.endpoint_url, region=region)
        client.create_trail(Name="audit", S3BucketName=bucket, SnsTopicName=topic)
        client.start_logging(Name="audit")
        cloudtrail.add_event("RunInstances", region=region)
        cloudtrail.deliver()
    named = sorted(path.name for path in (cloudtrail.folder / "sns").iterdir())
    assert named == ["files", f"files~{cloudtrail.account}~eu-west-1"]


REFUSING: dict[str, tuple[Callable[[CloudTrail], dict[str, str]], str]] = {
    "a bad policy of a topic": (
        lambda trail: {"SnsTopicName": trail.add_topic(policy="bad")},
        "InsufficientSnsTopicPolicyException",
    ),
    "a role that CloudTrail cannot assume": (
        lambda trail: {
            "CloudWatchLogsLogGroupArn": trail.add_log_group(),
            "CloudWatchLogsRoleArn": trail.add_role(trust="bad"),
        },
        "InvalidCloudWatchLogsRoleArnException",
    ),
    "a key that is not enabled": (lambda trail: {"KmsKeyId": trail.add_key(enabled=False)}, "KmsKeyDisabledException"),
    "a bad policy of a key": (
        lambda trail: {"KmsKeyId": trail.add_key(policy="bad")},
        "InsufficientEncryptionPolicyException",
    ),
}


@pytest.mark.parametrize(("settings", "code"), REFUSING.values(), ids=REFUSING)
def test_what_refuses_is_refused(
    cloudtrail: CloudTrail, settings: Callable[[CloudTrail], dict[str, str]], code: str
) -> None:
    with pytest.raises(ClientError) as refused:
        boto_client(cloudtrail.endpoint_url).create_trail(
            Name="audit", S3BucketName=cloudtrail.add_bucket(), **settings(cloudtrail)
        )
    assert error_of(refused.value)[0] == code


def test_what_refuses_writes_gets_none(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    client.create_trail(Name="audit", S3BucketName=cloudtrail.add_bucket(writes="refuse"))
    client.start_logging(Name="audit")
    cloudtrail.add_event("RunInstances")
    cloudtrail.deliver()
    assert client.get_trail_status(Name="audit")["LatestDeliveryError"] == "AccessDenied"


UGLY: dict[str, Any] = {"policy": "ugly"}
INVALID: dict[str, tuple[Callable[[CloudTrail], Any], str]] = {
    "a bucket": (lambda trail: trail.add_bucket("Not_A_Bucket"), "Not_A_Bucket"),
    "an unknown policy": (lambda trail: trail.add_bucket(**UGLY), "policy: cannot be"),
    "an unknown Region": (lambda trail: trail.add_topic(region="nowhere"), "region: must be a Region such as"),
    "a bucket of another account": (lambda trail: trail.add_bucket("other-logs-222222222222"), "appears twice"),
    "a topic": (lambda trail: trail.add_topic("a topic"), "a topic"),
    "an alias": (lambda trail: trail.add_key("mine"), "mine"),
    "an alias twice": (lambda trail: [trail.add_key("alias/mine") for _ in range(2)], "appears twice"),
}


@pytest.mark.parametrize(("add", "words"), INVALID.values(), ids=INVALID)
def test_what_cannot_be_is_refused_in_words(
    cloudtrail: CloudTrail, add: Callable[[CloudTrail], Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        add(cloudtrail)


def test_what_was_written_for_the_built_in_account_works_and_is_warned(tmp_path: Path) -> None:
    (tmp_path / "test_old.py").write_text(OLD_EXAMPLE, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_old.py"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert "1 passed, 1 warning" in ended.stdout
    assert 'Add it: cloudtrail.add_bucket("spare-logs-111111111111")' in ended.stdout


def test_a_test_that_asks_for_a_built_in_trail_is_told_where_it_went(cloudtrail: CloudTrail) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    assert uses(cloudtrail) == []
    with pytest.raises(ClientError, match="TrailNotFoundException"):
        client.start_logging(Name="legacy")
    (use,) = uses(cloudtrail)
    assert use.startswith("trail legacy is not in the fixture's account, which starts without trails.")
    # A trail of its own with that name is no use of the built-in one.
    client.create_trail(Name="legacy", S3BucketName=cloudtrail.add_bucket("spare-logs-111111111111"))
    assert uses(cloudtrail) == []


def uses(cloudtrail: CloudTrail) -> list[str]:
    """What the fixture would warn of."""
    return list(built_in_uses(cloudtrail.emulator, cloudtrail.added))
