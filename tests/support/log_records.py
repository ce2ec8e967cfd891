"""Records as trails write them, for tests of log files."""

import json
from typing import Any


def record(number: int, **changes: Any) -> str:
    """The record of one of some calls, two of them in each second; the values given instead of its own."""
    user = f"user-{number % 3}"
    return json.dumps(
        {
            "eventVersion": "1.11",
            "userIdentity": {
                "type": "IAMUser",
                "arn": f"arn:aws:iam::111111111111:user/{user}",
                "accountId": "111111111111",
                "accessKeyId": f"AKIA{number % 3:016}",
                "userName": user,
            },
            "eventTime": f"2026-11-27T{6 + number // 7200:02}:{number // 120 % 60:02}:{number // 2 % 60:02}Z",
            "eventSource": "ec2.amazonaws.com",
            "eventName": ("RunInstances", "StopInstances", "DescribeInstances")[number % 3],
            "awsRegion": "eu-central-1",
            "sourceIPAddress": f"192.0.2.{number % 5}",
            "userAgent": "aws-cli/2.31.0",
            "requestParameters": {"instanceId": f"i-{number:017x}"},
            "responseElements": None,
            "eventID": f"{number:08x}-0000-4000-8000-000000000000",
            "readOnly": number % 3 == 2,
            "eventType": "AwsApiCall",
            "managementEvent": True,
            "recipientAccountId": "111111111111",
            "eventCategory": "Management",
            **changes,
        },
        separators=(",", ":"),
    )
