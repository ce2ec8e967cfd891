"""A trail delivers the management events that its selectors take."""

import gzip
from typing import Any

import pytest
from support.wire import boto_client

from ctui.emulator.testing import CloudTrail, cloudtrail_options

__all__ = ["cloudtrail_options"]

READ = {"readOnly": True}
EVENTS: dict[str, dict[str, Any]] = {
    "RunInstances": {},
    "DescribeInstances": READ,
    "Decrypt": {**READ, "eventSource": "kms.amazonaws.com"},
    "CreateUser": {
        "eventSource": "iam.amazonaws.com",
        "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111111111111:assumed-role/Admin/alex"},
        "sessionCredentialFromConsole": "true",
    },
    "\ud800": READ,
}
ALL = set(EVENTS)
READS = {"DescribeInstances", "Decrypt", "\ud800"}


def having(*conditions: tuple[str, str, str]) -> dict[str, Any]:
    """An advanced selector of management events: (field, operator, value) each."""
    selectors = [{"Field": field, operator: [value]} for field, operator, value in conditions]
    return {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}, *selectors]}


S3 = {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}
DATA = {
    "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
    ]
}
CASES: dict[str, tuple[str, list[dict[str, Any]], set[str]]] = {
    "all": ("EventSelectors", [{}], ALL),
    "writes": ("EventSelectors", [{"ReadWriteType": "WriteOnly"}], ALL - READS),
    "reads": ("EventSelectors", [{"ReadWriteType": "ReadOnly"}], READS),
    "without those of keys": (
        "EventSelectors",
        [{"ExcludeManagementEventSources": ["kms.amazonaws.com"]}],
        ALL - {"Decrypt"},
    ),
    "data events alone": ("EventSelectors", [{"IncludeManagementEvents": False, "DataResources": [S3]}], set()),
    "what one of two takes": (
        "EventSelectors",
        [{"IncludeManagementEvents": False, "DataResources": [S3]}, {"ReadWriteType": "ReadOnly"}],
        READS,
    ),
    "advanced, all": ("AdvancedEventSelectors", [having()], ALL),
    "advanced, reads": ("AdvancedEventSelectors", [having(("readOnly", "Equals", "true"))], READS),
    "advanced, two conditions": (
        "AdvancedEventSelectors",
        [having(("readOnly", "Equals", "true"), ("eventSource", "NotEquals", "kms.amazonaws.com"))],
        READS - {"Decrypt"},
    ),
    "advanced, how a name begins": (
        "AdvancedEventSelectors",
        [having(("eventName", "StartsWith", "De"))],
        {"DescribeInstances", "Decrypt"},
    ),
    "advanced, how none begins": (
        "AdvancedEventSelectors",
        [having(("eventName", "NotStartsWith", "De"))],
        ALL - {"DescribeInstances", "Decrypt"},
    ),
    "advanced, how a name ends": (
        "AdvancedEventSelectors",
        [having(("eventName", "EndsWith", "Instances"))],
        {"RunInstances", "DescribeInstances"},
    ),
    "advanced, how none ends": (
        "AdvancedEventSelectors",
        [having(("eventName", "NotEndsWith", "Instances"))],
        ALL - {"RunInstances", "DescribeInstances"},
    ),
    "advanced, who": ("AdvancedEventSelectors", [having(("userIdentity.arn", "EndsWith", "/alex"))], {"CreateUser"}),
    "advanced, from the console": (
        "AdvancedEventSelectors",
        [having(("sessionCredentialFromConsole", "Equals", "true"))],
        {"CreateUser"},
    ),
    "advanced, the type": ("AdvancedEventSelectors", [having(("eventType", "Equals", "AwsServiceEvent"))], set()),
    "advanced, one of two": (
        "AdvancedEventSelectors",
        [having(("eventName", "Equals", "Decrypt")), having(("eventName", "Equals", "CreateUser"))],
        {"Decrypt", "CreateUser"},
    ),
    "advanced, data events alone": ("AdvancedEventSelectors", [DATA], set()),
}


@pytest.mark.parametrize(("parameter", "selectors", "expected"), CASES.values(), ids=CASES)
def test_delivered_events(
    cloudtrail: CloudTrail, parameter: str, selectors: list[dict[str, Any]], expected: set[str]
) -> None:
    client = boto_client(cloudtrail.endpoint_url)
    client.create_trail(Name="audit", S3BucketName=cloudtrail.add_bucket("my-logs"))
    client.start_logging(Name="audit")
    client.put_event_selectors(TrailName="audit", **{parameter: selectors})
    id_by_name = {name: cloudtrail.add_event(name, **fields) for name, fields in EVENTS.items()}
    cloudtrail.deliver()
    files = (cloudtrail.folder / "s3" / "my-logs").rglob("*.json.gz")
    delivered = b"".join(gzip.decompress(path.read_bytes()) for path in files)
    assert {name for name, event_id in id_by_name.items() if event_id.encode() in delivered} == expected
