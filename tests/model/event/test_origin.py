"""How a caller came, by the user agent and what else a record tells."""

import json
from collections import Counter
from typing import Any

import pytest
from support.real_records import event_of, looked_up, real_records

from ctui.model.event.origin import AGENTS, Origin, OriginKind, origin_of
from ctui.model.event.record import decode_record
from ctui.model.event.record_view import RecordView


@pytest.mark.parametrize(
    ("record", "origin"),
    [
        ({"userAgent": "aws-cli/2.15.37 Python/3.11.8 Linux/6.1 exec-env/CloudShell exe/x86_64"},
         Origin(OriginKind.CLI, "the AWS CLI", "2.15.37", "CloudShell")),
        ({"userAgent": "[aws-cli/1.18.136 Python/3.8.5 Darwin/19.5.0 botocore/1.17.59]"},
         Origin(OriginKind.CLI, "the AWS CLI", "1.18.136")),
        ({"userAgent": "Boto3/1.24.59 Python/3.9 exec-env/AWS_Lambda_python3.9 Botocore/1.27.59"},
         Origin(OriginKind.SDK, "boto3", "1.24.59", "Lambda")),
        ({"userAgent": "aws-sdk-go-v2/1.21.0 os/linux lang/go#1.21"},
         Origin(OriginKind.SDK, "the AWS SDK for Go", "1.21.0")),
        ({"userAgent": "APN/1.0 HashiCorp/1.0 Terraform/1.5.5 (+https://www.terraform.io) aws-sdk-go/1.44"},
         Origin(OriginKind.CODE, "Terraform", "1.5.5")),
        ({"userAgent": "Mozilla/5.0 (X11) Firefox/124.0"}, Origin(OriginKind.BROWSER, "a browser")),
        ({"userAgent": "Mozilla/5.0", "sessionCredentialFromConsole": "true"},
         Origin(OriginKind.CONSOLE, "the console")),
        ({"userAgent": "aws-cli/2.15.37 exec-env/CloudShell", "sessionCredentialFromConsole": "true"},
         Origin(OriginKind.CONSOLE, "the AWS CLI", "2.15.37", "CloudShell")),
        ({"userAgent": "console.ec2.amazonaws.com"}, Origin(OriginKind.CONSOLE, "the console")),
        ({"userAgent": "[S3Console/0.4]"}, Origin(OriginKind.CONSOLE, "the console")),
        ({"userAgent": "autoscaling.amazonaws.com"}, Origin(OriginKind.SERVICE, "autoscaling.amazonaws.com")),
        ({"userAgent": "AWS Internal"}, Origin(OriginKind.SERVICE)),
        ({"userAgent": "AWS Internal", "userIdentity": {"invokedBy": "athena.amazonaws.com"}},
         Origin(OriginKind.SERVICE, "athena.amazonaws.com")),
        ({"eventType": "AwsServiceEvent", "eventSource": "kms.amazonaws.com"},
         Origin(OriginKind.SERVICE, "kms.amazonaws.com")),
        ({"userAgent": "totally/1.0 new"}, Origin(OriginKind.OTHER)),
        ({"userAgent": " - "}, Origin(OriginKind.UNKNOWN)),
        ({"userAgent": ["x"], "userIdentity": 7}, Origin(OriginKind.UNKNOWN)),
        ({}, Origin(OriginKind.UNKNOWN)),
        ({"userAgent": "x" * 5_000_000 + "boto3"}, Origin(OriginKind.OTHER)),
    ],
)  # fmt: skip
def test_how_a_caller_came(record: dict[str, Any], origin: Origin) -> None:
    assert origin_of(record) == origin


def test_each_tool_is_recognized_by_its_own_row() -> None:
    for row in AGENTS:
        found = origin_of({"userAgent": f"{row.mark.rstrip('/')}/1.2.3"})
        assert (found.kind, found.tool) == (row.kind, row.tool), row.mark


@pytest.mark.story
def test_real_records_come_in_a_known_way_and_from_the_console_where_the_filter_says_so() -> None:
    kinds: Counter[OriginKind] = Counter()
    events = [event_of(json.dumps(each)) for each in real_records()] + looked_up()
    for event in events:
        record = decode_record(event.record)
        origin = origin_of(record)
        kinds[origin.kind] += 1
        if RecordView(event, "").from_console():
            assert origin.kind is OriginKind.CONSOLE
    named = sum(kinds.values()) - kinds[OriginKind.OTHER] - kinds[OriginKind.UNKNOWN]
    assert named >= 0.85 * len(events)
    assert kinds[OriginKind.UNKNOWN] <= 10
