"""The event record, read: hostile JSON, of which any part can be missing, null or of another type."""

import json
from typing import Any


def decode_record(record: str) -> dict[str, Any]:
    """The record as a JSON object, numbers as the texts they were written as.

    An empty object where the text is anything else, or nested too deeply to be read.
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
