"""Decoding of event records: hostile JSON, in which any part can be missing, null or of another type."""

from collections.abc import Iterator
from json import JSONDecoder
from typing import Any, Final

_DECODER: Final = JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_DIGITS = 20
"""Digits that a list index can have."""
_LONGEST_KEY = 1000
"""Characters of the longest key with dots that a path can name."""


def decode_record(record: str) -> dict[str, Any]:
    """The record as a JSON object. Numbers stay texts, so that no digit changes.

    An empty object if the text is not a JSON object or is nested too deeply.
    """
    try:
        return mapping(decode_json(record))
    except (ValueError, RecursionError):
        return {}


def decode_json(part: str) -> Any:
    """A part of a record, as `decode_record` has it. Raises ValueError and RecursionError, as json does."""
    return _DECODER.decode(part)


def mapping(value: object) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """The value if it is a string, else ""."""
    return value if isinstance(value, str) else ""


def _scalar(value: object) -> str:
    """A value that is neither object nor list, as in the JSON but without quotes; "" for null."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return text(value)


def texts_of(root: object) -> Iterator[str]:
    """Every key and every value at or below a part of a record; null is no value."""
    waiting = [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield from value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        elif scalar := _scalar(value):
            yield scalar


def values_at(root: object, path: tuple[str, ...]) -> Iterator[str]:
    """Values at or below a path. A list counts as all its items, or one by index; null is no value.

    A key can contain dots, so every split of the path is tried, no part twice.
    """
    waiting: list[tuple[object, tuple[str, ...]]] = [(root, path)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        value, left = waiting.pop()
        if not isinstance(value, dict | list):
            if not left and (scalar := _scalar(value)):
                yield scalar
            continue
        # The record keeps all its parts alive, so no two of them share an id.
        step = (id(value), len(left))
        if step in seen:
            continue
        seen.add(step)
        if isinstance(value, list):
            if left and left[0].isdecimal() and len(left[0]) <= _DIGITS and int(left[0]) < len(value):
                waiting.append((value[int(left[0])], left[1:]))
            waiting.extend((one, left) for one in value)
        elif not left:
            waiting.extend((one, left) for one in value.values())
        else:
            key = left[0]
            for cut in range(1, len(left) + 1):
                if key in value:
                    waiting.append((value[key], left[cut:]))
                if cut == len(left) or len(key) > _LONGEST_KEY:
                    break
                key += f".{left[cut]}"


RECORD_KEYS = frozenset(
    (
        "additionalEventData", "addendum", "apiVersion", "awsRegion", "edgeDeviceDetails", "errorCode",
        "errorMessage", "eventCategory", "eventContext", "eventID", "eventName", "eventSource", "eventTime",
        "eventType", "eventVersion", "insightDetails", "managementEvent", "readOnly", "recipientAccountId",
        "requestID", "requestParameters", "resources", "responseElements", "serviceEventDetails",
        "sessionCredentialFromConsole", "sharedEventID", "sourceIPAddress", "summary", "timeWindow", "tlsDetails",
        "userAgent", "userIdentity", "vpcEndpointAccountId", "vpcEndpointId",
    )
)  # fmt: skip
"""Keys of a record, which are paths without a dot (CloudTrail user guide, record contents)."""
