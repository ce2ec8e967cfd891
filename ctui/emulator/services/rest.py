"""The REST-JSON protocol: a path and a JSON body come in, JSON goes out."""

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
