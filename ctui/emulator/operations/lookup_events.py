"""LookupEvents: one page of event history."""

import math
from typing import Any

from ctui.emulator.account.names import broken
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.records.event_history import Query
from ctui.emulator.records.recorded import Recorded
from ctui.emulator.records.tokens import PageStart
from ctui.emulator.wire.protocol import FIRST_SECOND, LAST_SECOND
from ctui.model.lookup.lookup import AttributeKey, Category
from ctui.model.rules.rule import Field

LARGEST_PAGE = 50
_OF_INSIGHTS = (AttributeKey.EVENT_ID, AttributeKey.EVENT_NAME, AttributeKey.EVENT_SOURCE)
"""What Insights events are selected by (CloudTrail user guide, "Viewing Insights events for trails")."""
_DAY = 86400


def lookup_events(state: ServiceState, call: Call) -> Answer:
    """The newest events that match, and a token if there are more."""
    parameters = call.parameters
    limit = parameters.get("MaxResults", state.rules.default_page)
    if not 1 <= limit <= LARGEST_PAGE:
        raise Refusal(Condition.MAX_RESULTS, value=limit)
    category = _category(parameters)
    attribute = _attribute(state, parameters, category)
    start, end = _times(parameters)
    bound = {**parameters, "MaxResults": limit}
    page_start = state.tokens.open(parameters["NextToken"], call.scope, bound) if "NextToken" in parameters else None
    horizon = call.now if page_start is None else page_start.horizon
    account, region = call.scope
    query = Query(
        account=account,
        region=region,
        start=max(start, math.floor(horizon) - state.rules.history_days * _DAY),
        end=end,
        horizon=horizon,
        top=state.history.top() if page_start is None else page_start.top,
        attribute=attribute,
        category=category,
        write_only=not state.rules.today,
        stretches=None if state.rules.today else _stretches(state, account, region),
    )
    events, position = state.history.page(
        query, None if page_start is None else (page_start.time, page_start.row), limit
    )
    answer: dict[str, Any] = {"Events": [_event(event, today=state.rules.today) for event in events]}
    if position is not None:
        further = PageStart(position[0], position[1], horizon, query.top)
        answer["NextToken"] = state.tokens.seal(further, call.scope, bound)
    return answer


def _attribute(state: ServiceState, parameters: dict[str, Any], category: Category) -> tuple[str, str] | None:
    attributes = parameters.get("LookupAttributes")
    if not attributes:
        return None
    if len(attributes) > 1 and not state.rules.today:
        raise Refusal(Condition.ATTRIBUTES_MANY)
    key, value = attributes[0]["AttributeKey"], attributes[0]["AttributeValue"]
    if key not in state.rules.attribute_keys or (category is Category.INSIGHT and key not in _OF_INSIGHTS):
        raise Refusal(Condition.ATTRIBUTE_KEY, key=key)
    # The 2015 reference has no maximum length, so only an empty value is invalid.
    if not value or (state.rules.today and broken(Field.ATTRIBUTE_VALUE, value) is not None):
        raise Refusal(Condition.ATTRIBUTE_VALUE, length=len(value))
    return key, value


def _category(parameters: dict[str, Any]) -> Category:
    category = parameters.get("EventCategory")
    if category is None:
        return Category.MANAGEMENT
    if category != Category.INSIGHT:
        raise Refusal(Condition.CATEGORY, category=category)
    return Category.INSIGHT


def _times(parameters: dict[str, Any]) -> tuple[int, int]:
    """(first, last) whole second, both inclusive: events have whole seconds."""
    start, end = check_times({"StartTime": FIRST_SECOND, "EndTime": LAST_SECOND} | parameters)
    return math.ceil(start), math.floor(end)


def check_times(parameters: dict[str, Any]) -> tuple[float, float]:
    """StartTime and EndTime, which must be there. Raises Refusal for a time that cannot be, or the wrong order."""
    for name in ("StartTime", "EndTime"):
        if not FIRST_SECOND <= parameters[name] <= LAST_SECOND:
            raise Refusal(Condition.TIME_RANGE, name=name)
    start, end = parameters["StartTime"], parameters["EndTime"]
    if start > end:
        raise Refusal(Condition.TIME_ORDER)
    return start, end


def _stretches(state: ServiceState, account: str, region: str) -> tuple[tuple[float, float], ...]:
    stretches = state.store.stretches(account, region, multi_region=False)
    return tuple((stretch.since, math.inf if stretch.until is None else stretch.until) for stretch in stretches)


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
    written["Resources"] = [{"ResourceType": stretch.type, "ResourceName": stretch.name} for stretch in event.resources]
    return written
