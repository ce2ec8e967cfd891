"""Event: one recorded API call, with the fields that the service returns next to the record."""

import hashlib
from datetime import datetime

from ctui.model.values import dataclass

HASHED_ID_PREFIX = "sha256:"
"""The ID of an event that came without EventId is this prefix and the hash of its record."""


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource as the service extracted it; type or name can be absent (API reference, Resource)."""

    type: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Oddity:
    """How an event differs from what the API documents (API reference, Event)."""

    reasons: tuple[str, ...]
    """One text per difference, with the raw value: hostile until `render` has cleaned it."""
    lost: bool = False
    """True if a part could not be read; False if all of it could, in an undocumented form."""
    timed: bool = True
    """False if no time could be read: `Event.time` is that of its neighbor on the page."""
    as_it_came: str = ""
    """The whole raw event, if a part of it could not be read."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event of LookupEvents, every value as the service returned it (API reference, Event)."""

    event_id: str
    """EventId, or `sha256:…` of the record if the service returned none."""
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
    """AccessKeyId, or None if the identity has none."""
    resources: tuple[Resource, ...]
    """Resources: AWS's own extraction, not the record's `resources`."""
    record: str
    """CloudTrailEvent: the event record, the JSON text unchanged."""
    oddity: Oddity | None = None
    """How the event differs from the documented form, or None if it does not."""

    @property
    def unreadable(self) -> bool:
        """True if a part of the event could not be read."""
        return self.oddity is not None and self.oddity.lost

    @property
    def timed(self) -> bool:
        """False if its time could not be read: it happened somewhere between its neighbors in the list."""
        return self.oddity is None or self.oddity.timed

    @property
    def body(self) -> str:
        """The text to show and copy: the record, or the whole raw event if the record could not be read."""
        return self.record or ("" if self.oddity is None else self.oddity.as_it_came)


def event_id_of(event_id: str | None, record: str) -> str:
    """The service's EventId, or `sha256:` and the record's hash if EventId is absent or empty."""
    if event_id:
        return event_id
    return HASHED_ID_PREFIX + hashlib.sha256(record.encode("utf-8", "surrogatepass")).hexdigest()
