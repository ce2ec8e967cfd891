"""LookupEvents: one page of event history."""

import math
from typing import Any

from ctui.emulator.account.names import broken
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.records.history import Query
from ctui.emulator.records.recorded import Recorded
from ctui.emulator.records.tokens import PageStart
from ctui.emulator.wire.protocol import FIRST_SECOND, LAST_SECOND
from ctui.model.lookup.lookup import Category
from ctui.model.rules.rule import Field

LARGEST_PAGE = 50
_DAY = 86400


def lookup_events(state: ServiceState, call: Call) -> Answer:
    """The newest events that match, and a token if there are more."""
    given = call.parameters
    limit = given.get("MaxResults", state.rules.default_page)
    if not 1 <= limit <= LARGEST_PAGE:
        raise Refusal(Condition.MAX_RESULTS, value=limit)
    attribute = _attribute(state, given)
    category = _category(given)
    start, end = _times(given)
    bound = {**given, "MaxResults": limit}
    place = state.tokens.open(given["NextToken"], call.scope, bound) if "NextToken" in given else None
    horizon = call.now if place is None else place.horizon
    account, region = call.scope
    query = Query(
        account=account,
        region=region,
        start=max(start, math.floor(horizon) - state.rules.history_days * _DAY),
        end=end,
        horizon=horizon,
        top=state.history.top() if place is None else place.top,
        attribute=attribute,
        category=category,
        write_only=not state.rules.today,
        stretches=None if state.rules.today else _stretches(state, account, region),
    )
    events, position = state.history.page(query, None if place is None else (place.time, place.row), limit)
    answer: dict[str, Any] = {"Events": [_event(event, today=state.rules.today) for event in events]}
    if position is not None:
        further = PageStart(position[0], position[1], horizon, query.top)
        answer["NextToken"] = state.tokens.seal(further, call.scope, bound)
    return answer


def _attribute(state: ServiceState, given: dict[str, Any]) -> tuple[str, str] | None:
    attributes = given.get("LookupAttributes")
    if not attributes:
        return None
    if len(attributes) > 1 and not state.rules.today:
        raise Refusal(Condition.ATTRIBUTES_MANY)
    key, value = attributes[0]["AttributeKey"], attributes[0]["AttributeValue"]
    if key not in state.rules.attribute_keys:
        raise Refusal(Condition.ATTRIBUTE_KEY, key=key)
    # The 2015 reference has no maximum length, so only an empty value is invalid.
    if not value or (state.rules.today and broken(Field.ATTRIBUTE_VALUE, value) is not None):
        raise Refusal(Condition.ATTRIBUTE_VALUE, length=len(value))
    return key, value


def _category(given: dict[str, Any]) -> Category:
    wanted = given.get("EventCategory")
    if wanted is None:
        return Category.MANAGEMENT
    if wanted != Category.INSIGHT:
        raise Refusal(Condition.CATEGORY, category=wanted)
    return Category.INSIGHT


def _times(given: dict[str, Any]) -> tuple[int, int]:
    """(first, last) whole second, both inclusive: events have whole seconds."""
    for name in ("StartTime", "EndTime"):
        if name in given and not FIRST_SECOND <= given[name] <= LAST_SECOND:
            raise Refusal(Condition.TIME_RANGE, name=name)
    start, end = given.get("StartTime", FIRST_SECOND), given.get("EndTime", LAST_SECOND)
    if start > end:
        raise Refusal(Condition.TIME_ORDER)
    return math.ceil(start), math.floor(end)


def _stretches(state: ServiceState, account: str, region: str) -> tuple[tuple[float, float], ...]:
    found = state.store.stretches(account, region, multi_region=False)
    return tuple((one.since, math.inf if one.until is None else one.until) for one in found)


def _event(event: Recorded, *, today: bool) -> dict[str, Any]:
    """An Event (API reference), without what the service does not know."""
    written: dict[str, Any] = {
        "EventId": event.event_id,
        "EventName": event.name,
        "EventTime": event.time,
        "Username": event.username,
        "CloudTrailEvent": event.record,
    }
    if today:
        written |= {"ReadOnly": event.read_only, "AccessKeyId": event.access_key_id, "EventSource": event.source}
    written = {key: value for key, value in written.items() if value is not None}
    # "When the resource type cannot be determined, null is returned" (API reference, Resource).
    written["Resources"] = [{"ResourceType": one.type, "ResourceName": one.name} for one in event.resources]
    return written
