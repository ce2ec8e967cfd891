"""What contains a record in a value of its own: a message of CloudWatch Logs, an event of EventBridge."""

from collections.abc import Iterator
from typing import Any

import msgspec

from ctui.unpacking.pieces import Piece, pieces
from ctui.unpacking.unread import LOG_MESSAGE, NOT_JSON, OTHER_EVENT, Unread

_FROM_CLOUDTRAIL = "via CloudTrail"
"""How the detail types of CloudTrail's events end (EventBridge, AWS service event reference)."""
_MOST_LEVELS = 3
"""A rule of EventBridge may send its events to CloudWatch Logs."""


class _Event(msgspec.Struct):
    """An event of EventBridge."""

    detail: msgspec.Raw


def unwrapped(piece: Piece, levels: int = _MOST_LEVELS) -> Iterator[Piece | Unread]:
    """The records in a piece, or why there are none: the piece itself, unless its value contains one."""
    value = piece.value
    if not isinstance(value, dict) or not levels:
        yield piece
    elif _is_log_event(value):
        for inner in list(pieces(value["message"])) or [NOT_JSON]:
            if isinstance(inner, Unread):
                yield LOG_MESSAGE
            else:
                # Within a text, each quote of a record is escaped.
                yield from unwrapped(Piece(inner.text, inner.value), levels - 1)
    elif "detail-type" not in value or "detail" not in value:
        yield piece
    elif str(value["detail-type"]).endswith(_FROM_CLOUDTRAIL):
        yield _detail(piece)
    else:
        yield OTHER_EVENT


def _is_log_event(value: dict[str, Any]) -> bool:
    return isinstance(value.get("message"), str) and "eventName" not in value and "eventTime" not in value


def _detail(piece: Piece) -> Piece | Unread:
    """The detail of an event as it stands there."""
    try:
        text = bytes(msgspec.json.decode(piece.text, type=_Event).detail).decode()
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return NOT_JSON
    start = -1 if piece.start < 0 else piece.start + piece.text.index(text)
    return Piece(text, piece.value["detail"] if isinstance(piece.value, dict) else None, start)
