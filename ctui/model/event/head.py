"""The head of a record: all but what the call was given and returned, which is most of its text.

Rows of the store are derived from the head. It is decoded in a sixth of the time of the whole record, and an identity
that was decoded before is not decoded again: most events repeat one.
"""

from functools import lru_cache
from typing import Any, Final

from msgspec import MsgspecError, Raw, Struct
from msgspec.json import Decoder

from ctui.model.event.record import decode_json, decode_record
from ctui.model.values import dataclass

LONGEST_KEPT: Final = 4_000
"""Bytes of the longest identity that is kept in memory."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one record."""

    values: dict[str, Any]
    """What `decode_record` returns, of the keys of a head at least. Not to be changed: records share parts."""
    identity: bytes | None
    """`userIdentity` as it stands in the record, empty if it has none; None if that is not known, or is long."""
    alone: bool
    """True if it surely has all that says how the event ended (`outcome.failure_of`)."""


_NONE: Final = Raw()
_NULL: Final = Raw(b"null")


class _Head(Struct, gc=False):
    # Of any other type, the record is decoded as a whole.
    accountId: str | None = None
    additionalEventData: Raw = _NULL
    awsRegion: str | None = None
    errorCode: str | None = None
    errorMessage: str | None = None
    eventCategory: str | None = None
    eventName: str | None = None
    eventSource: str | None = None
    eventType: str | None = None
    managementEvent: bool | str | None = None
    readOnly: bool | str | None = None
    recipientAccountId: str | None = None
    responseElements: Raw = _NULL
    serviceEventDetails: Raw = _NULL
    sessionCredentialFromConsole: bool | str | None = None
    sourceIPAddress: str | None = None
    userAgent: str | None = None
    userIdentity: Raw = _NONE


_DECODER: Final = Decoder(_Head)


def decode_head(record: str) -> Head:
    """The head of a record. Never raises: of a record that is not as documented, it is what `decode_record` returns."""
    try:
        head = _DECODER.decode(record)
        identity = bytes(head.userIdentity)
        extra = None if head.additionalEventData == _NULL else decode_json(bytes(head.additionalEventData).decode())
        values = {
            "accountId": head.accountId,
            "awsRegion": head.awsRegion,
            "errorCode": head.errorCode,
            "errorMessage": head.errorMessage,
            "eventCategory": head.eventCategory,
            "eventName": head.eventName,
            "eventSource": head.eventSource,
            "eventType": head.eventType,
            "managementEvent": head.managementEvent,
            "readOnly": head.readOnly,
            "recipientAccountId": head.recipientAccountId,
            "sessionCredentialFromConsole": head.sessionCredentialFromConsole,
            "sourceIPAddress": head.sourceIPAddress,
            "userAgent": head.userAgent,
            "additionalEventData": extra,
            "userIdentity": decode_identity(identity) if identity else None,
        }
    except (MsgspecError, ValueError, RecursionError):
        # msgspec refuses whatever json refuses, and some of what json reads: half a surrogate pair, NaN.
        return Head(decode_record(record), None, False)
    alone = extra is None and head.responseElements == _NULL and head.serviceEventDetails == _NULL
    return Head(values, identity if len(identity) <= LONGEST_KEPT else None, alone)


def decode_identity(identity: bytes) -> Any:
    """The value of `userIdentity`. Raises ValueError and RecursionError, as json does."""
    return _kept(identity) if len(identity) <= LONGEST_KEPT else decode_json(identity.decode())


@lru_cache(maxsize=1024)
def _kept(identity: bytes) -> Any:
    return decode_json(identity.decode())
