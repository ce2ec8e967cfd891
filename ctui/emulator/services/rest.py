"""JSON that goes out: of services with paths (REST-JSON), and of those with a target (JSON 1.1)."""

from collections.abc import Mapping
from typing import Any

import msgspec

from ctui.emulator.errors.error_row import Wire

CONTENT_TYPE = "application/json"


def write(_action: str, members: Mapping[str, Any], _request_id: str) -> bytes:
    """An answer."""
    return msgspec.json.encode(members)


def write_error(wire: Wire, _request_id: str) -> bytes:
    """An error. Its code stands in a header."""
    return msgspec.json.encode({"message": wire.message})


def write_typed_error(wire: Wire, _request_id: str) -> bytes:
    """An error of JSON 1.1, where its code stands in the body."""
    return msgspec.json.encode({"__type": wire.code, "message": wire.message})
