"""The texts of deliveries: log files, notifications and log events."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from ctui.emulator.records.recorded import Recorded


def log_text(events: Sequence[Recorded]) -> str:
    """A log file, with the records exactly as they are in the history."""
    return f'{{"Records":[{",".join(event.record for event in events)}]}}'


def notification(bucket: str, key: tuple[str, ...], topic: str, at: float) -> str:
    """One message as SNS sends it: CloudTrail's notification with bucket and keys."""
    message = {"s3Bucket": bucket, "s3ObjectKey": ["/".join(key)]}
    envelope = {
        "Type": "Notification",
        "MessageId": str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join((bucket, *key)))),
        "TopicArn": topic,
        "Message": msgspec.json.encode(message).decode(),
        "Timestamp": f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S.000Z}",
    }
    return msgspec.json.encode(envelope).decode()


def log_line(account: str, event: Recorded, at: float) -> str:
    """One log event as CloudWatch Logs keeps it, with times in milliseconds."""
    line = {
        "timestamp": event.time * 1000,
        "ingestionTime": int(at * 1000),
        "logStreamName": f"{account}_CloudTrail_{event.region}",
        "message": event.record,
    }
    return msgspec.json.encode(line).decode()
