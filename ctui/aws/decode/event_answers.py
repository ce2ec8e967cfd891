"""Answers of LookupEvents: bytes become events, each by itself, so that an odd one does not affect the others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec

from ctui.aws.decode.answers import SHORT, fields_of_body, no_answer
from ctui.aws.decode.json_parts import Shape, elements, members, shape_of, string_of, whole_text
from ctui.aws.decode.members import Fields, brief, instant_of, not_readable
from ctui.model.event.event import Event, Oddity, Resource, event_id_of

_APART = timedelta(days=1)
"""How far EventTime and the record's eventTime may differ. The service takes one from the other."""
_BEGAN = datetime(2013, 11, 13, tzinfo=UTC)
"""The day CloudTrail was announced. An earlier time counts as none: an event of 1970 would make all time since look
covered."""
EPOCH = datetime.fromtimestamp(0, UTC)
_NOT_PLAIN = (msgspec.MsgspecError, ValueError, RecursionError)
"""What decoding raises for an answer that does not have the form that the API documents."""


class _Resource(msgspec.Struct, rename="pascal"):
    resource_type: str | None = None
    resource_name: str | None = None


class _Event(msgspec.Struct, rename="pascal"):
    event_id: str | None = None
    event_name: str | None = None
    event_time: float | str | None = None
    event_source: str | None = None
    username: str | None = None
    read_only: str | None = None
    access_key_id: str | None = None
    resources: list[_Resource] | None = None
    cloud_trail_event: str | None = None


class _Events(msgspec.Struct, rename="pascal"):
    events: list[_Event]
    next_token: str | None = None


class _Read(NamedTuple):
    """An event as far as it could be read by itself."""

    event: Event
    part: str
    """The event as it came."""


def read_events(body: bytes, headers: Mapping[str, str]) -> tuple[tuple[Event, ...], str | None]:
    """(events in the order given, next token or None) of a LookupEvents answer.

    An event's `oddity` says what of it could not be read. If no event of the page has a readable time, all have
    `EPOCH`. Raises IncompleteAnswer if the answer has no list of events, NotCloudTrail if it is not from CloudTrail.
    """
    try:
        answer = msgspec.json.decode(body, type=_Events)
        events = tuple(_plain_event(event) for event in answer.events)
    except _NOT_PLAIN:
        return _read_one_by_one(body, headers)
    return events, answer.next_token or None


def _plain_event(event: _Event) -> Event:
    """An event in the documented form. Raises ValueError if it has no readable time."""
    record = event.cloud_trail_event or ""
    recorded = recorded_time(record)
    instant = recorded if event.event_time is None else instant_of(event.event_time)
    if instant is None or instant < _BEGAN or _far_from(instant, recorded):
        raise ValueError("an event has no time, or two")
    return Event(
        # Without ID and record, the other members are all that tells two events apart.
        event_id=event_id_of(event.event_id, record or msgspec.json.encode(event).decode()),
        time=instant.replace(microsecond=0),
        name=event.event_name,
        source=event.event_source,
        username=event.username,
        read_only=event.read_only,
        access_key_id=event.access_key_id,
        resources=tuple(Resource(each.resource_type, each.resource_name) for each in event.resources or ()),
        record=record,
    )


def _read_one_by_one(body: bytes, headers: Mapping[str, str]) -> tuple[tuple[Event, ...], str | None]:
    answer = fields_of_body("LookupEvents", body, headers)
    listed = answer.part("Events")
    if listed is None:
        raise no_answer("LookupEvents", "Events is missing", headers)
    if (parts := elements(listed)) is None:
        raise no_answer("LookupEvents", not_readable("Events", brief(listed, SHORT), "a list"), headers)
    return _with_neighbors([_event(part) for part in parts]), _token(answer.part("NextToken"))


def _token(part: str | None) -> str | None:
    """The next token, or None if there is none. One that is not text is kept as written: the service will reject it,
    but the page does not look like the last one."""
    if part is None:
        return None
    return (string_of(part)[0] if shape_of(part) is Shape.TEXT else whole_text(part)[0]) or None


def _event(part: str) -> _Read:
    try:
        return _Read(_plain_event(msgspec.json.decode(part, type=_Event)), part)
    except _NOT_PLAIN:
        fields = Fields.of(part)
    if fields is None:
        oddity = Oddity((not_readable("The event", part, "an object"),), True, False, whole_text(part)[0])
        return _Read(Event("", EPOCH, None, None, None, None, None, (), "", oddity), part)
    record = _record(fields)
    instant = _instant(fields, record)
    event = Event(
        event_id=_id(fields, part) or (event_id_of(None, record) if record else ""),
        time=(instant or EPOCH).replace(microsecond=0),
        name=fields.text("EventName"),
        source=fields.text("EventSource"),
        username=fields.text("Username"),
        read_only=fields.text("ReadOnly"),
        access_key_id=fields.text("AccessKeyId"),
        resources=_resources(fields),
        record=record,
    )
    came = whole_text(part)[0] if fields.lost else ""
    return _Read(replace(event, oddity=Oddity(tuple(fields.reasons), fields.lost, instant is not None, came)), part)


def _id(fields: Fields, part: str) -> str | None:
    """The EventId. If it has invalid characters, two IDs could look the same: then one made from the whole event."""
    event_id = fields.text("EventId")
    return event_id_of(None, part) if event_id and "\ufffd" in event_id else event_id


def _instant(fields: Fields, record: str) -> datetime | None:
    part, instant, recorded = fields.part("EventTime"), fields.instant("EventTime"), recorded_time(record)
    if part is None and recorded is None:
        fields.miss("EventTime")
    elif instant is not None and instant < _BEGAN:
        fields.lose("EventTime", part or "", "a time after CloudTrail began in 2013")
        instant = None
    elif instant is not None and _far_from(instant, recorded):
        fields.lose("EventTime", part or "", "close to the record's eventTime")
        return None
    if instant is None and part is not None and recorded is not None:
        fields.note("the record's eventTime is used")
    return instant or recorded


def _far_from(instant: datetime, recorded: datetime | None) -> bool:
    """True if one of the two times must be wrong. It would make the page seem to reach back too far."""
    return recorded is not None and abs(instant - recorded) > _APART


def _record(fields: Fields) -> str:
    """The record as text. An object in place of text is kept as written: it is a record too."""
    part = fields.part("CloudTrailEvent")
    if part is None or shape_of(part) is Shape.TEXT:
        return fields.text("CloudTrailEvent") or ""
    written = whole_text(part)[0]
    if shape_of(part) is Shape.OBJECT:
        fields.note("CloudTrailEvent is an object, not text; kept as written")
    else:
        fields.lose("CloudTrailEvent", part, "a record")
    return written


def _resources(fields: Fields) -> tuple[Resource, ...]:
    part = fields.part("Resources")
    if part is None:
        return ()
    parts = elements(part)
    if parts is None:
        fields.lose("Resources", part, "a list")
        return ()
    resources: list[Resource] = []
    for index, each in enumerate(parts):
        inner = members(each)
        if each == "null":
            fields.note(f"Resources[{index}] is null; skipped")
            continue
        if inner is None:
            fields.lose(f"Resources[{index}]", each, "an object")
            continue
        resource = Fields(inner, f"Resources[{index}].")
        resources.append(Resource(resource.text("ResourceType"), resource.text("ResourceName")))
        fields.take(resource)
    return tuple(resources)


def _with_neighbors(read: Sequence[_Read]) -> tuple[Event, ...]:
    """The events of a page. One without a time takes that of its neighbor, so it keeps its position.

    One without ID and record gets an ID made from its text, and if it has no time, also from its neighbor's ID.
    """
    time = next((event.time for event, _ in read if event.timed), EPOCH)
    neighbor = "ahead of " + next((event.event_id for event, _ in read if event.event_id), "nothing")
    events: list[Event] = []
    for event, part in read:
        time = event.time if event.timed else time
        neighbor = event.event_id or event_id_of(None, part if event.timed else f"{neighbor} {part}")
        events.append(replace(event, time=time, event_id=neighbor))
    return tuple(events)


class _RecordedTime(msgspec.Struct, rename="camel"):
    event_time: str | None = None


def recorded_time(record: str) -> datetime | None:
    """The record's own eventTime, UTC, or None if it is unreadable or before CloudTrail began."""
    instant = _recorded(record)
    return None if instant is None or instant < _BEGAN else instant


def _recorded(record: str) -> datetime | None:
    if not record:
        return None
    try:
        recorded = msgspec.json.decode(record, type=_RecordedTime).event_time
    except _NOT_PLAIN:
        fields = Fields.of(record)
        return None if fields is None else fields.instant("eventTime")
    return None if recorded is None else instant_of(recorded)
