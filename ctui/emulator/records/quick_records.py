"""The quick way to an event, for records as CloudTrail writes them: msgspec reads what is needed of them.

What this reads, it reads as `envelope` does, which reads everything else.
"""

from functools import lru_cache

import msgspec

from ctui.emulator.records.envelope import DATA_CATEGORIES, INSIGHT_TYPE, epoch_second, is_region, username_of
from ctui.emulator.records.recorded import Origin, Recorded
from ctui.emulator.records.resources import EC2, TYPES, resources_of


class _Identity(msgspec.Struct):
    type: str | None = None
    arn: str | None = None
    principalId: str | None = None
    userName: str | None = None
    accessKeyId: str | None = None


class _Record(msgspec.Struct):
    """The members that an event is made from. Any other type of one of them is unusual."""

    eventTime: str
    awsRegion: str
    eventName: str | None = None
    eventSource: str | None = None
    eventID: str | None = None
    eventType: str | None = None
    eventCategory: str | None = None
    managementEvent: bool | None = None
    readOnly: bool | None = None
    userIdentity: _Identity | None = None
    requestParameters: msgspec.Raw = msgspec.Raw(b"null")
    responseElements: msgspec.Raw = msgspec.Raw(b"null")
    # These make it something else: an entry of a LookupEvents answer, a file in the file, a digest.
    CloudTrailEvent: msgspec.UnsetType | msgspec.Raw = msgspec.UNSET
    Records: msgspec.UnsetType | msgspec.Raw = msgspec.UNSET
    Events: msgspec.UnsetType | msgspec.Raw = msgspec.UNSET
    digestS3Object: msgspec.UnsetType | msgspec.Raw = msgspec.UNSET


_NOBODY = _Identity()
_RECORD = msgspec.json.Decoder(_Record)
_FAILURES = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_minute_of = lru_cache(maxsize=4096)(epoch_second)
_is_region = lru_cache(maxsize=256)(is_region)


@lru_cache(maxsize=4096)
def _username_of(kind: str | None, arn: str | None, principal: str | None, name: str | None) -> str | None:
    return username_of({"type": kind, "arn": arn, "principalId": principal, "userName": name})


def _second_of(stamp: str) -> int | None:
    """As `epoch_second`, for a time as CloudTrail writes it, such as 2030-01-01T00:00:00Z; None for any other."""
    seconds = stamp[17:19]
    written_so = len(stamp) == 20 and stamp.isascii() and stamp[13] == stamp[16] == ":" and stamp[19] == "Z"
    if not written_so or not seconds.isdecimal() or seconds >= "60":
        return None
    minute = _minute_of(f"{stamp[:17]}00Z")
    return None if minute is None else minute + int(seconds)


def quick_event(value: msgspec.Raw, account: str) -> Recorded | None:
    """The event in the text of a record, or None if the record is unusual: `envelope` reads it then."""
    try:
        record, text = _RECORD.decode(value), str(value, "utf-8")
    except _FAILURES:
        return None
    second = _second_of(record.eventTime)
    if second is None or not _is_region(record.awsRegion) or _is_something_else(record):
        return None
    source = record.eventSource or None
    reads = record.readOnly is True
    parts: tuple[object, ...] = ()
    if source in TYPES and not (source == EC2 and reads):
        try:
            parts = (msgspec.json.decode(record.requestParameters), msgspec.json.decode(record.responseElements))
        except _FAILURES:
            return None
    identity = record.userIdentity or _NOBODY
    return Recorded(
        account=account,
        region=record.awsRegion,
        event_id=record.eventID or None,
        time=second,
        available=float(second),
        name=record.eventName or None,
        source=source,
        username=_username_of(identity.type, identity.arn, identity.principalId, identity.userName),
        read_only=None if record.readOnly is None else "true" if reads else "false",
        access_key_id=identity.accessKeyId or None,
        resources=resources_of(source, parts, reads=reads) if parts else (),
        record=text,
        origin=Origin.LOADED,
    )


def _is_something_else(record: _Record) -> bool:
    if record.managementEvent is False or record.eventCategory in DATA_CATEGORIES:
        return True
    if record.eventCategory == "Insight" or record.eventType == INSIGHT_TYPE:
        return True
    return not (
        record.CloudTrailEvent is msgspec.UNSET
        and record.Records is msgspec.UNSET
        and record.Events is msgspec.UNSET
        and record.digestS3Object is msgspec.UNSET
    )
