"""Recorded: one event of event history, with what the service says around its record and when it may say it."""

from dataclasses import dataclass
from enum import StrEnum

from ctui.model.event.event import Resource, event_id_of
from ctui.model.lookup.lookup import AttributeKey, Category


class Origin(StrEnum):
    """How an event came into the history."""

    SEEDED = "seeded"
    """Made up as the account's past: no trail has delivered it."""
    LIVE = "live"
    """Made up as the world clock moves on."""
    LOADED = "loaded"
    """Read from a file of real records: there whatever the trails did."""
    CALL = "call"
    """A call that was really made to the emulator."""


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
"""How names of reading calls begin: records from before event version 1.04 do not say `readOnly`."""

# Plain strings: this is asked of every event of a bulk load.
_SINGLE = tuple(
    key.value
    for key in (
        AttributeKey.EVENT_ID,
        AttributeKey.EVENT_NAME,
        AttributeKey.EVENT_SOURCE,
        AttributeKey.USERNAME,
        AttributeKey.READ_ONLY,
        AttributeKey.ACCESS_KEY_ID,
    )
)
_RESOURCE_TYPE, _RESOURCE_NAME = AttributeKey.RESOURCE_TYPE.value, AttributeKey.RESOURCE_NAME.value


@dataclass(frozen=True, slots=True)
class Recorded:
    """One event in the history of one account and Region (API reference, Event)."""

    account: str
    region: str
    event_id: str | None
    """EventId; None for a loaded record that has none."""
    time: int
    """EventTime, epoch second."""
    available: float
    """Epoch second from which LookupEvents shows it, if it has happened by then."""
    name: str | None
    source: str | None
    username: str | None
    read_only: str | None
    """The string "true" or "false", None where the record does not say."""
    access_key_id: str | None
    resources: tuple[Resource, ...]
    record: str
    """The event record, JSON text exactly as it came."""
    origin: Origin
    category: Category = Category.MANAGEMENT

    @property
    def identity(self) -> str:
        """What tells the event from every other of its account and Region: EventId, else the record's hash."""
        return event_id_of(self.event_id, self.record)

    @property
    def writes(self) -> bool:
        """True for a call that creates, updates or deletes; judged by its name where the record does not say."""
        if self.read_only is not None:
            return self.read_only == "false"
        return not (self.name or "").startswith(READING_NAMES)

    def attributes(self) -> set[tuple[str, str]]:
        """Every (attribute key, value) by which LookupEvents finds the event."""
        said = zip(
            _SINGLE,
            (self.event_id, self.name, self.source, self.username, self.read_only, self.access_key_id),
            strict=True,
        )
        found = {(key, value) for key, value in said if value is not None}
        for resource in self.resources:
            if resource.type is not None:
                found.add((_RESOURCE_TYPE, resource.type))
            if resource.name is not None:
                found.add((_RESOURCE_NAME, resource.name))
        return found
