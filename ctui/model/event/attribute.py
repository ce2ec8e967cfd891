"""The attributes by which LookupEvents can select events."""

from enum import StrEnum


class AttributeKey(StrEnum):
    """The eight attributes of LookupEvents: five since 2015, three added later."""

    EVENT_ID = "EventId"
    EVENT_NAME = "EventName"
    READ_ONLY = "ReadOnly"
    USERNAME = "Username"
    RESOURCE_TYPE = "ResourceType"
    RESOURCE_NAME = "ResourceName"
    EVENT_SOURCE = "EventSource"
    ACCESS_KEY_ID = "AccessKeyId"
