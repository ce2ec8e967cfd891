"""The event record, read: hostile JSON, of which any part can be missing, null or of another type."""

import json
from typing import Any


def decoded(record: str) -> dict[str, Any]:
    """The record as a JSON object, numbers as the texts they were written as.

    An empty object where the text is anything else, or nested too deeply to be read.
    """
    try:
        return mapping(json.loads(record, parse_int=str, parse_float=str, parse_constant=str))
    except (ValueError, RecursionError):
        return {}


def error_of(record: dict[str, Any]) -> str:
    """Why the recorded call failed: errorCode, else errorMessage, else "Failure"; "" where it went through.

    A failed console sign-in carries no errorCode, only a message and `responseElements.ConsoleLogin`.
    """
    signed_in = text(mapping(record.get("responseElements")).get("ConsoleLogin"))
    return (
        text(record.get("errorCode"))
        or text(record.get("errorMessage"))
        or (signed_in if signed_in == "Failure" else "")
    )


def mapping(value: object) -> dict[str, Any]:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def text(value: object) -> str:
    """The value if it is a string, else ""."""
    return value if isinstance(value, str) else ""
