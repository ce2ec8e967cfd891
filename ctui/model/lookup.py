"""Lookup: the question put to event history. It may end in "now" and is never pinned; a Scan is."""

from dataclasses import dataclass, field
from enum import StrEnum

from ctui.model.timespan import ALL_HISTORY, Timespan


class AttributeKey(StrEnum):
    """The eight attributes LookupEvents can select by (five of 2015 and three since)."""

    EVENT_ID = "EventId"
    EVENT_NAME = "EventName"
    READ_ONLY = "ReadOnly"
    USERNAME = "Username"
    RESOURCE_TYPE = "ResourceType"
    RESOURCE_NAME = "ResourceName"
    EVENT_SOURCE = "EventSource"
    ACCESS_KEY_ID = "AccessKeyId"


class Category(StrEnum):
    """Event categories LookupEvents answers for; Insights events must be asked for by name."""

    MANAGEMENT = "management"
    INSIGHT = "insight"


@dataclass(frozen=True, slots=True)
class LookupAttribute:
    """One attribute and the value it must equal: exact and case-sensitive."""

    key: AttributeKey
    value: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """A question: which events, of which time. The service takes one attribute at most."""

    timespan: Timespan = field(default=ALL_HISTORY)
    attribute: LookupAttribute | None = None
    category: Category = Category.MANAGEMENT
