"""GetInsightSelectors and PutInsightSelectors. Insights are kept with the trail; calls make no Insights events."""

from typing import Any

from msgspec.structs import replace

from ctui.emulator.account.trails import TrailRecord
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.describe import trail_arn
from ctui.emulator.operations.find import trail_to_change, trail_to_read
from ctui.emulator.operations.selectors import advanced, basic

RATE, ERRORS = "ApiCallRateInsight", "ApiErrorRateInsight"
_READ, _WRITE = "true", "false"
"""Values of readOnly."""


def get_insight_selectors(state: ServiceState, call: Call) -> Answer:
    """The Insights of a trail. Raises Refusal if they are off."""
    trail = trail_to_read(state, call, _trail_name(call))
    if not trail.insight_selectors:
        raise Refusal(Condition.INSIGHTS_OFF, trail=trail.name)
    return _answer(call, trail)


def put_insight_selectors(state: ServiceState, call: Call) -> Answer:
    """Replace the Insights of a trail. An empty list turns them off."""
    trail = trail_to_change(state, call, _trail_name(call))
    selectors = call.parameters["InsightSelectors"]
    for selector in selectors:
        _check(selector, trail)
    changed = replace(trail, insight_selectors=selectors)
    state.store.put(changed, call.now)
    return _answer(call, changed)


def _trail_name(call: Call) -> str:
    """The trail of a call. Raises Refusal if there is none, or an event data store, which the emulator has not."""
    name, store = call.parameters.get("TrailName"), call.parameters.get("EventDataStore")
    if name is not None and {"EventDataStore", "InsightsDestination"} & call.parameters.keys():
        raise Refusal(Condition.TRAIL_AND_STORE)
    if store is not None:
        raise Refusal(Condition.ACTION_UNSUPPORTED, action=f"{call.action} of an event data store")
    if name is None:
        raise Refusal(Condition.TRAIL_OR_STORE)
    return str(name)


def _check(selector: dict[str, Any], trail: TrailRecord) -> None:
    kind = selector.get("InsightType")
    if kind not in (RATE, ERRORS):
        raise _invalid(f"InsightType {kind} is not valid. Valid values are: {RATE}, {ERRORS}.")
    for category in selector.get("EventCategories") or [advanced.MANAGEMENT]:
        if category not in (advanced.MANAGEMENT, advanced.DATA):
            raise _invalid(
                f"Event category {category} is not valid. Valid values are: {advanced.MANAGEMENT}, {advanced.DATA}."
            )
        # "The trail must log write management events" for the rate of calls; any events do for the others.
        writes = kind == RATE and category == advanced.MANAGEMENT
        if not _selects(trail, category, {_WRITE} if writes else {_READ, _WRITE}):
            logged = f"{'write ' if writes else ''}{category.lower()} events"
            raise _invalid(f"{kind} needs a trail that logs {logged}.")


def _selects(trail: TrailRecord, category: str, read_only: set[str]) -> bool:
    """True if the trail selects events of the category with one of these values of readOnly."""
    for selector in trail.advanced_selectors or ():
        wanted = advanced.equals(selector, advanced.READ_ONLY)
        if category in advanced.equals(selector, advanced.CATEGORY) and (not wanted or read_only & set(wanted)):
            return True
    if trail.advanced_selectors:
        return False
    read_only_of = {"ReadOnly": {_READ}, "WriteOnly": {_WRITE}, "All": {_READ, _WRITE}}
    return any(
        read_only & read_only_of[selector["ReadWriteType"]]
        and (selector["IncludeManagementEvents"] if category == advanced.MANAGEMENT else selector["DataResources"])
        for selector in trail.event_selectors or basic.DEFAULT
    )


def _answer(call: Call, trail: TrailRecord) -> Answer:
    return {"TrailARN": trail_arn(call.caller.account, trail), "InsightSelectors": trail.insight_selectors}


def _invalid(reason: str) -> Refusal:
    return Refusal(Condition.INSIGHT_SELECTORS, reason=reason)
