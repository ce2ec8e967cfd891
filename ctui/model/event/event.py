"""Event: one recorded API call, with what the service said around the record."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

HASHED_ID_PREFIX = "sha256:"
"""An event that came without EventId is known by the hash of its record."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as the service extracted it; either part can be absent (API reference, Resource)."""

    type: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Oddity:
    """What of an event came otherwise than the API says (API reference, Event)."""

    reasons: tuple[str, ...]
    """Each thing in words, with the value as it came: hostile until `render` has cleaned it."""
    lost: bool = False
    """True where something could not be read; False where all of it could, in another form than the API's."""
    timed: bool = True
    """False where no time could be read: `Event.time` is that of the event beside it on the page."""
    as_it_came: str = ""
    """The whole event as the service wrote it, where something of it could not be read."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of LookupEvents, each part as the service said it (API reference, Event)."""

    event_id: str
    """EventId, or `sha256:…` of the record where the service gave none."""
    time: datetime
    """EventTime, UTC, whole seconds."""
    name: str | None
    """EventName."""
    source: str | None
    """EventSource, such as "s3.amazonaws.com"."""
    username: str | None
    """Username; absent for services."""
    read_only: str | None
    """ReadOnly: the string "true" or "false", as the service sends it."""
    access_key_id: str | None
    """AccessKeyId, where the identity has one."""
    resources: tuple[Resource, ...]
    """Resources: AWS's own extraction, not the record's `resources`."""
    record: str
    """CloudTrailEvent: the event record, JSON text exactly as it came."""
    oddity: Oddity | None = None
    """None for an event that came as the API says."""

    @property
    def unreadable(self) -> bool:
        """True where something of the event could not be read."""
        return self.oddity is not None and self.oddity.lost

    @property
    def timed(self) -> bool:
        """False where its time could not be read: it happened somewhere between the events beside it."""
        return self.oddity is None or self.oddity.timed

    @property
    def body(self) -> str:
        """What is shown and copied of it: its record, or the whole event as it came where no record could be read."""
        return self.record or ("" if self.oddity is None else self.oddity.as_it_came)


def event_id_of(event_id: str | None, record: str) -> str:
    """The service's EventId, or the record's SHA-256 behind `sha256:` where it gave none or an empty one."""
    if event_id:
        return event_id
    return HASHED_ID_PREFIX + hashlib.sha256(record.encode("utf-8", "surrogatepass")).hexdigest()
