"""The attributes an event can be looked up by."""

from enum import StrEnum


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
