"""The management events that a trail takes by its selectors. Events of other categories are always taken."""

import json
from collections.abc import Callable
from typing import Any

from ctui.emulator.account.trails import TrailRecord
from ctui.emulator.operations.selectors import advanced, basic
from ctui.emulator.records.recorded import Recorded
from ctui.model.lookup.lookup import Category

_HOLDS: dict[str, Callable[[str, tuple[str, ...]], bool]] = {
    "Equals": lambda text, values: text in values,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
    "NotEquals": lambda text, values: text not in values,
    "NotStartsWith": lambda text, values: not text.startswith(values),
    "NotEndsWith": lambda text, values: not text.endswith(values),
}
"""Operator -> whether it holds for a field's text and the values of the condition."""


def takes(trail: TrailRecord, event: Recorded) -> bool:
    """True if one of the trail's selectors takes the event. A trail without any takes all."""
    if event.category is not Category.MANAGEMENT:
        return True
    if trail.advanced_selectors:
        fields = _fields(event)
        return any(_all_hold(selector, fields) for selector in trail.advanced_selectors)
    return trail.event_selectors is None or any(_takes(selector, event) for selector in trail.event_selectors)


def _takes(selector: basic.Selector, event: Recorded) -> bool:
    return (
        selector["IncludeManagementEvents"]
        and selector["ReadWriteType"] in ("All", "WriteOnly" if event.writes else "ReadOnly")
        and event.source not in selector["ExcludeManagementEventSources"]
    )


def _all_hold(selector: advanced.Selector, fields: dict[str, str]) -> bool:
    return all(
        hold(fields.get(condition["Field"], ""), tuple(condition[name]))
        for condition in selector["FieldSelectors"]
        for name, hold in _HOLDS.items()
        if condition.get(name)
    )


def _fields(event: Recorded) -> dict[str, str]:
    """The fields of the event that conditions of management events can name, as texts."""
    # Texts of calls may have what is no valid Unicode, which this decoder takes.
    record: dict[str, Any] = json.loads(event.record)
    identity = record.get("userIdentity")
    return {
        advanced.CATEGORY: advanced.MANAGEMENT,
        advanced.READ_ONLY: "false" if event.writes else "true",
        "eventName": event.name or "",
        "eventSource": event.source or "",
        "eventType": str(record.get("eventType", "")),
        "sessionCredentialFromConsole": str(record.get("sessionCredentialFromConsole", "")),
        "userIdentity.arn": str(identity.get("arn", "")) if isinstance(identity, dict) else "",
    }
