"""Event selectors: management events by read or write, and data events of three kinds of resources."""

import re
from typing import Any

from ctui.emulator.errors.conditions import Condition, Refusal

MAX_SELECTORS = 5
"""Event selectors of a trail."""
MAX_RESOURCES = 250
"""Values of data resources in all event selectors of a trail."""
READ_WRITE_TYPES = ("ReadOnly", "WriteOnly", "All")
EXCLUDED_SOURCES = ("kms.amazonaws.com", "rdsdata.amazonaws.com")
"""The event sources whose management events a selector may leave out."""

Selector = dict[str, Any]

DEFAULT: list[Selector] = [
    {
        "ReadWriteType": "All",
        "IncludeManagementEvents": True,
        "DataResources": [],
        "ExcludeManagementEventSources": [],
    }
]
"""What a trail selects if nothing else was put: all management events, and no data events."""

_RESOURCES = {
    "AWS::DynamoDB::Table": ("arn:[a-z-]+:dynamodb", "arn:[a-z-]+:dynamodb:[a-z0-9-]+:[0-9]{12}:table/[A-Za-z0-9_.-]+"),
    "AWS::Lambda::Function": ("arn:[a-z-]+:lambda", "arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+"),
    # An object is named by its bucket, a slash, and a prefix, which may be empty.
    "AWS::S3::Object": ("arn:[a-z-]+:s3(:::)?", "(?s)arn:[a-z-]+:s3:::[a-z0-9][a-z0-9.-]*[a-z0-9]/.*"),
}
"""Type of data resource -> expressions for all of them, and for one."""


def checked(selectors: list[Selector]) -> list[Selector]:
    """The selectors with their defaults. Raises Refusal for too many, and for a value that is not valid."""
    if len(selectors) > MAX_SELECTORS:
        raise _invalid(f"A trail can have {MAX_SELECTORS} event selectors at most, not {len(selectors)}.")
    complete = [DEFAULT[0] | selector for selector in selectors]
    specific = sum(_check(selector) for selector in complete)
    if specific > MAX_RESOURCES:
        raise _invalid(f"A trail can have {MAX_RESOURCES} data resources at most, not {specific}.")
    return complete


def _check(selector: Selector) -> int:
    """Raises Refusal if the selector is not valid. Returns how many single resources it names."""
    read_write = selector["ReadWriteType"]
    if read_write not in READ_WRITE_TYPES:
        raise _invalid(_not_among(read_write, "ReadWriteType", READ_WRITE_TYPES))
    for source in selector["ExcludeManagementEventSources"]:
        if source not in EXCLUDED_SOURCES:
            raise _invalid(_not_among(source, "ExcludeManagementEventSources", EXCLUDED_SOURCES))
    return sum(_specific(resource) for resource in selector["DataResources"])


def _specific(resource: dict[str, Any]) -> int:
    kind, values = resource.get("Type"), resource.get("Values")
    if kind not in _RESOURCES:
        raise _invalid(_not_among(kind, "DataResources.Type", tuple(_RESOURCES)))
    if not values:
        raise _invalid(f"DataResources.Values must have a value for {kind}.")
    every, one = _RESOURCES[kind]
    single = [value for value in values if not re.fullmatch(every, value)]
    for value in single:
        if not re.fullmatch(one, value):
            raise _invalid(f"Value {value} for DataResources.Values is invalid.")
    return len(single)


def _not_among(value: object, name: str, valid: tuple[str, ...]) -> str:
    return f"Value {value} for {name} is invalid. Valid values are: {', '.join(valid)}"


def _invalid(reason: str) -> Refusal:
    return Refusal(Condition.EVENT_SELECTORS, reason=reason)
