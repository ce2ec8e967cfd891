"""Decoding of event records: hostile JSON, in which any part can be missing, null or of another type."""

import json
from typing import Any


def decode_record(record: str) -> dict[str, Any]:
    """The record as a JSON object. Numbers stay texts, so that no digit changes.

    An empty object if the text is not a JSON object or is nested too deeply.
    """
    try:
        return mapping(json.loads(record, parse_int=str, parse_float=str, parse_constant=str))
    except (ValueError, RecursionError):
        return {}


def mapping(value: object) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """The value if it is a string, else ""."""
    return value if isinstance(value, str) else ""


RECORD_KEYS = frozenset(
    (
        "additionalEventData", "addendum", "apiVersion", "awsRegion", "edgeDeviceDetails", "errorCode",
        "errorMessage", "eventCategory", "eventContext", "eventID", "eventName", "eventSource", "eventTime",
        "eventType", "eventVersion", "insightDetails", "managementEvent", "readOnly", "recipientAccountId",
        "requestID", "requestParameters", "resources", "responseElements", "serviceEventDetails",
        "sessionCredentialFromConsole", "sharedEventID", "sourceIPAddress", "tlsDetails", "userAgent", "userIdentity",
        "vpcEndpointAccountId", "vpcEndpointId",
    )
)  # fmt: skip
"""Keys of a record, which are paths without a dot (CloudTrail user guide, record contents)."""
