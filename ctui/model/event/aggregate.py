"""Aggregated events: how often data events happened in a window of five minutes, by call, by resource or by caller.

CloudTrail user guide, "CloudTrail record contents for aggregated events" and "Aggregating data events".
"""

from typing import Any, Final

from ctui.model.event.kind import AGGREGATED
from ctui.model.event.record import mapping, text
from ctui.model.event.recorded_time import recorded_time
from ctui.model.event.summary import Aggregate, Counted

CALLS: Final = "eventName"
RESOURCES: Final = "resourceARN"
CALLERS: Final = "userIdentity"
"""Dimensions that events are counted by."""
_MOST: Final = 15
"""Digits of the largest count."""


def aggregate_of(record: dict[str, Any]) -> Aggregate | None:
    """What a decoded record says, or None if it is not one of an aggregated event. Never raises."""
    if record.get("eventCategory") != AGGREGATED:
        return None
    window, summary = mapping(record.get("timeWindow")), mapping(record.get("summary"))
    details = summary.get("details")
    return Aggregate(
        start=recorded_time("windowStart", text(window.get("windowStart"))),
        end=recorded_time("windowEnd", text(window.get("windowEnd"))),
        main=_counted(summary.get("primaryDimension")),
        details=tuple(map(_counted, details if isinstance(details, list) else ())),
    )


def _counted(value: object) -> Counted:
    dimension = mapping(value)
    statistics = dimension.get("statistics")
    items = [mapping(one) for one in (statistics if isinstance(statistics, list) else ())]
    return Counted(
        text(dimension.get("dimension")),
        tuple((name, _number(one.get("value"))) for one in items if (name := text(one.get("name")))),
    )


def _number(value: object) -> int | None:
    said = text(value)
    return int(said) if said.isascii() and said.isdigit() and len(said) <= _MOST else None
