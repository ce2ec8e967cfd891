"""The event around a record that stands in a log file: what LookupEvents would return with it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from msgspec import UNSET, MsgspecError, Raw, Struct, UnsetType
from msgspec.json import Decoder

from ctui.files.named_resources import Named, clean, listed_and_named
from ctui.files.record_parts import brief, id_of, listed, resources_named, returned, text_in, truth_of, written
from ctui.model.event.aggregate import CALLS, RESOURCES, aggregate_of
from ctui.model.event.event import Event, Oddity, event_id_of
from ctui.model.event.kind import AGGREGATED, INSIGHT
from ctui.model.event.record import decode_record, mapping, text
from ctui.model.event.recorded_time import recorded_time

ENTRY_KEY: Final = "CloudTrailEvent"
"""What an entry of a LookupEvents answer has its record under."""
_FIRST: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""An earlier time counts as none: a zero is often one of 1970, and files would seem to reach back to it. CloudTrail is
younger, but records with times that were made up are shown where they say."""
_AS_WRITTEN: Final = re.compile(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_NULL: Final = Raw(b"null")
_NOT_PLAIN: Final = (MsgspecError, ValueError, RecursionError)


class Identity(Struct, gc=False):
    """Of a userIdentity what stands around a record."""

    type: str | None = None
    arn: str | None = None
    principalId: str | None = None
    userName: str | None = None
    accessKeyId: str | None = None


class Listed(Struct, gc=False):
    """An item of a record's own list of resources."""

    ARN: str | None = None
    ARNPrefix: str | None = None
    type: str | None = None


class _Record(Struct, gc=False):
    """What an event is made from. A record in which one of these has another type is decoded as a whole."""

    eventID: str | None = None
    eventTime: str | None = None
    eventName: str | None = None
    eventSource: str | None = None
    eventType: str | None = None
    eventCategory: str | None = None
    readOnly: bool | None = None
    userIdentity: Identity | None = None
    resources: list[Listed] | None = None
    requestParameters: Raw = _NULL
    responseElements: Raw = _NULL
    CloudTrailEvent: Raw | UnsetType = UNSET


class _Parts(Struct, gc=False):
    awsRegion: str | None = None
    CloudTrailEvent: Raw | UnsetType = UNSET


_RECORD: Final = Decoder(_Record)
_PARTS: Final = Decoder(_Parts)


def event_of(record: str, untimed_at: int = 0) -> Event:
    """The event of a record: one JSON object as `record_texts` finds it, or an entry of a LookupEvents answer.

    Its time is eventTime, else Logstash's `@timestamp`; of an aggregated event the end of its window. `untimed_at` is
    the epoch second at which an event is shown whose time cannot be read (`Event.timed` is False then): the delivery
    of its file, or its row's. Never raises, whatever the record contains.
    """
    try:
        known = _RECORD.decode(record)
        if known.eventTime is not None and known.CloudTrailEvent is UNSET and not _is_special(known):
            time = time_of(known.eventTime)
            if time is not None:
                return _plain_event(known, time, record)
    except _NOT_PLAIN:
        pass
    values = decode_record(record)
    if ENTRY_KEY in values:
        return _event_of_entry(record, values, untimed_at)
    return _odd_event(record, values, untimed_at)


def region_of(record: str, region: str = "") -> str:
    """The Region of a record; `region`, that of its file, where it names none. Never raises."""
    try:
        parts = _PARTS.decode(record)
        named, entry = parts.awsRegion, parts.CloudTrailEvent is not UNSET
    except _NOT_PLAIN:
        values = decode_record(record)
        named, entry = text(values.get("awsRegion")), ENTRY_KEY in values
    if entry:
        named = text(decode_record(_inner_record(record, decode_record(record))).get("awsRegion"))
    return clean(named or "") or region


def username_of(kind: str, arn: str, principal: str, name: str) -> str | None:
    """Username for a userIdentity's type, arn, principalId and userName, as real answers have it: an IAM user's name,
    "root", the session name of an assumed role; None for a service, and where no type is said."""
    if kind == "Root":
        return "root"
    if kind in ("AssumedRole", "FederatedUser"):
        return arn.rpartition("/")[2] or principal.rpartition(":")[2] or None
    return None if kind in ("", "AWSService") else name or None


def resources_of(
    listed: list[Listed] | None, source: str | None, reads: bool, request: str, response: str
) -> list[Named]:
    """The resources of a record that is as documented; its bodies are JSON (`listed_and_named`)."""
    own = [(one.type or None, name) for one in listed or () if (name := one.ARN or one.ARNPrefix)]
    return listed_and_named(own, source, reads, request, response)


def _is_special(known: _Record) -> bool:
    return known.eventType == INSIGHT or known.eventCategory in ("Insight", AGGREGATED)


def _plain_event(known: _Record, time: datetime, record: str) -> Event:
    who = known.userIdentity or Identity()
    return Event(
        event_id=event_id_of(known.eventID, record),
        time=time,
        name=known.eventName or None,
        source=known.eventSource or None,
        username=username_of(who.type or "", who.arn or "", who.principalId or "", who.userName or ""),
        read_only=None if known.readOnly is None else "true" if known.readOnly else "false",
        access_key_id=who.accessKeyId or None,
        resources=resources_named(
            resources_of(
                known.resources,
                known.eventSource,
                known.readOnly is True,
                bytes(known.requestParameters).decode(),
                bytes(known.responseElements).decode(),
            )
        ),
        record=record,
    )


def _odd_event(record: str, values: dict[str, Any], untimed_at: int) -> Event:
    """The event of any text at all, and what was decoded of it."""
    category = text(values.get("eventCategory"))
    insight = values.get("eventType") == INSIGHT or category == "Insight"
    about = mapping(values.get("insightDetails")) if insight else {}
    aggregate = aggregate_of(values)
    called = () if aggregate is None else tuple(map(clean, aggregate.by(CALLS)))
    counted = () if aggregate is None else aggregate.by(RESOURCES)
    who = mapping(values.get("userIdentity"))
    source = text_in(values, "eventSource") or text_in(about, "eventSource")
    read_only = truth_of(values.get("readOnly"))
    stamp, time = _stamp(values, category == AGGREGATED)
    whole = clean(record)
    return Event(
        event_id=event_id_of(id_of(values.get("eventID") or values.get("eventId")), record),
        time=time or datetime.fromtimestamp(untimed_at, UTC),
        name=text_in(values, "eventName") or text_in(about, "eventName") or (called[0] if len(called) == 1 else None),
        source=source,
        username=username_of(*(text_in(who, key) or "" for key in ("type", "arn", "principalId", "userName"))),
        read_only=read_only,
        access_key_id=text_in(who, "accessKeyId"),
        resources=resources_named(
            listed_and_named(
                (*listed(values.get("resources")), *((None, clean(name)) for name in counted)),
                source,
                read_only == "true",
                written(values.get("requestParameters")),
                written(values.get("responseElements")),
            )
        ),
        record=whole,
        oddity=_oddity(record, whole, values, stamp, time),
    )


def _oddity(
    record: str, whole: str, values: Mapping[str, Any], stamp: tuple[str, object], time: datetime | None
) -> Oddity | None:
    reasons = []
    if whole != record:
        reasons.append('the record has invalid characters, shown as "\ufffd"')
    if not values:
        reasons.append("the record should be a JSON object with members")
    elif time is None:
        key, value = stamp
        said = "is missing" if value is None else f"should be a time, but is {brief(value)}"
        reasons.append(f"{key} {said}")
    lost = time is None
    return Oddity(tuple(reasons), lost, not lost, whole if lost else "") if reasons else None


def _stamp(values: Mapping[str, Any], aggregated: bool) -> tuple[tuple[str, object], datetime | None]:
    """Where a record says when it happened, with the value there, and the time if that can be read."""
    stamp: tuple[str, object] = ("eventTime", values.get("eventTime"))
    if stamp[1] is None and "@timestamp" in values:
        stamp = ("@timestamp", values["@timestamp"])
    if stamp[1] is None and aggregated:
        window = mapping(values.get("timeWindow"))
        stamp = ("windowEnd", window.get("windowEnd") or window.get("windowStart"))
    return stamp, time_of(text(stamp[1]))


def time_of(value: str) -> datetime | None:
    """A text as an instant in whole seconds; None for what is no time, or is before `_FIRST`."""
    if _AS_WRITTEN.fullmatch(value):
        # As CloudTrail writes it, in a third of the time.
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return None
    time = recorded_time("eventTime", value)
    return None if time is None or time < _FIRST else time.replace(microsecond=0)


def _event_of_entry(record: str, entry: dict[str, Any], untimed_at: int) -> Event:
    """The event that an entry of a LookupEvents answer is: it says itself what stands around its record."""
    inner_record = _inner_record(record, entry)
    inner = _odd_event(inner_record, decode_record(inner_record), untimed_at)
    time = time_of(text(entry.get("EventTime")))
    oddity = inner.oddity
    if time is not None and oddity is not None and not oddity.timed:
        oddity = None if inner.record else Oddity((f"{ENTRY_KEY} is empty",), True, True, clean(record))
    return Event(
        event_id=event_id_of(id_of(entry.get("EventId")), inner.record or record),
        time=time or inner.time,
        name=text_in(entry, "EventName"),
        source=text_in(entry, "EventSource"),
        username=text_in(entry, "Username"),
        read_only=truth_of(entry.get("ReadOnly")),
        access_key_id=text_in(entry, "AccessKeyId"),
        resources=returned(entry.get("Resources")),
        record=inner.record,
        oddity=oddity,
    )


def _inner_record(record: str, entry: dict[str, Any]) -> str:
    """The record of an entry: the text that it holds, or the object as it stands there."""
    inner = entry.get(ENTRY_KEY)
    if isinstance(inner, str):
        return inner
    try:
        raw = _PARTS.decode(record).CloudTrailEvent
        return "" if raw is UNSET or raw == _NULL else bytes(raw).decode()
    except _NOT_PLAIN:
        return "" if inner is None else written(inner)
