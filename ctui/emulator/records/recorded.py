"""Recorded: one event of event history, with what the service returns around its record, and from when on."""

from enum import StrEnum

from ctui.model.event.event import Resource, event_id_of
from ctui.model.lookup.lookup import AttributeKey, Category
from ctui.model.values import dataclass


class Origin(StrEnum):
    """Where an event came from."""

    SEEDED = "seeded"
    """Sample traffic of the account's past. No trail has delivered it."""
    LIVE = "live"
    """Sample traffic made while the emulator runs."""
    LOADED = "loaded"
    """Loaded from a file of records. It does not depend on trails."""
    CALL = "call"
    """A call to the emulator."""


READING_NAMES = (
    "Get",
    "List",
    "Describe",
    "Lookup",
    "Head",
    "Search",
    "Select",
    "Query",
    "Scan",
    "BatchGet",
    "BatchDescribe",
    "Preview",
    "Validate",
    "View",
    "Test",
    "Check",
    "Estimate",
    "Simulate",
    "Filter",
)
"""How the names of reading calls start. Records before event version 1.04 have no `readOnly`."""

# Plain strings: these are for every event of a bulk load.
_EVENT_ID = AttributeKey.EVENT_ID.value
_RESOURCE_TYPE, _RESOURCE_NAME = AttributeKey.RESOURCE_TYPE.value, AttributeKey.RESOURCE_NAME.value
VALUE_KEYS = tuple(
    key.value
    for key in (
        AttributeKey.EVENT_NAME,
        AttributeKey.EVENT_SOURCE,
        AttributeKey.USERNAME,
        AttributeKey.READ_ONLY,
        AttributeKey.ACCESS_KEY_ID,
    )
)
"""The attributes, apart from EventId, of which an event has one value or none."""
Values = tuple[str | None, str | None, str | None, str | None, str | None]
"""Values of VALUE_KEYS."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event in the history of one account and Region (API reference, Event)."""

    account: str
    region: str
    event_id: str | None
    """EventId, or None for a loaded record that has none."""
    time: int
    """EventTime, epoch second."""
    available: float
    """Epoch second from which LookupEvents shows it, if it has happened by then."""
    name: str | None
    source: str | None
    username: str | None
    read_only: str | None
    """The text "true" or "false", or None if the record does not say."""
    access_key_id: str | None
    resources: tuple[Resource, ...]
    record: str
    """The event record, JSON text exactly as it came."""
    origin: Origin
    category: Category = Category.MANAGEMENT

    @property
    def identity(self) -> str:
        """What identifies the event in its account and Region: EventId, or else the record's hash."""
        return event_id_of(self.event_id, self.record)

    @property
    def writes(self) -> bool:
        """True for a call that creates, updates or deletes. If the record does not say, its name decides."""
        if self.read_only is not None:
            return self.read_only == "false"
        return not (self.name or "").startswith(READING_NAMES)

    @property
    def values(self) -> Values:
        """The values of VALUE_KEYS. Many events have the same."""
        return (self.name, self.source, self.username, self.read_only, self.access_key_id)

    def resource_attributes(self) -> list[tuple[str, str]]:
        """(attribute key, value) for each type and name of a resource. Resources may name one more than once."""
        said = [(_RESOURCE_TYPE, resource.type) for resource in self.resources if resource.type is not None]
        return said + [(_RESOURCE_NAME, resource.name) for resource in self.resources if resource.name is not None]

    def attributes(self) -> list[tuple[str, str]]:
        """Every (attribute key, value) by which LookupEvents finds the event."""
        values = [(_EVENT_ID, self.event_id), *zip(VALUE_KEYS, self.values, strict=True)]
        return [(key, value) for key, value in values if value is not None] + self.resource_attributes()
