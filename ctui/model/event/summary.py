"""What a line of the event table says of one event."""

from dataclasses import dataclass
from datetime import datetime

from ctui.model.event.event import Event
from ctui.model.event.identity import caller_of
from ctui.model.event.outcome import failure_of
from ctui.model.event.record import decode_record, mapping, text


@dataclass(frozen=True, slots=True)
class Summary:
    """The cells of one event, before they are drawn. Texts are as recorded: hostile until `render` has cleaned them."""

    time: datetime
    """EventTime, UTC."""
    name: str
    """EventName, else the record's eventName or insight event name, else ""."""
    user: str
    """The person or session first; "" where nothing names one."""
    role: str
    """The role behind a session, "" where there is none."""
    source: str
    """EventSource as recorded, such as "s3.amazonaws.com"."""
    resource: str
    """Name of the first resource with a name, "" where there is none."""
    more_resources: int
    """How many further resources the service named."""
    region: str
    """The record's awsRegion, else the Region that was asked."""
    error: str
    """Why the call failed, as the record says it (see `outcome.failure_of`); "" for a call that went through."""
    write: bool
    """True where the service says ReadOnly is "false"."""
    root: bool
    """True where the account's root identity made the call."""
    unreadable: bool = False
    """True where something of the event could not be read."""
    timed: bool = True
    """False where its time could not be read: `time` is that of the event beside it."""


def summarize(event: Event, region: str) -> Summary:
    """The cells of one event; `region` is the Region that was asked, for records that name none.

    What the service said around the record goes before what the record says. Never raises: a record that is no JSON
    object, or holds other types than CloudTrail writes, leaves cells empty.
    """
    record = decode_record(event.record)
    caller = caller_of(record, event.username)
    named = [resource.name for resource in event.resources if resource.name]
    return Summary(
        time=event.time,
        name=event.name
        or text(record.get("eventName"))
        or text(mapping(record.get("insightDetails")).get("eventName")),
        user=caller.user,
        role=caller.role,
        source=event.source or text(record.get("eventSource")),
        resource=named[0] if named else "",
        more_resources=max(0, len(named) - 1),
        region=text(record.get("awsRegion")) or region,
        error=failure_of(record),
        write=event.read_only == "false",
        root=caller.root,
        unreadable=event.unreadable,
        timed=event.timed,
    )
