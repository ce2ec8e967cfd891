"""The actions. Each is a function of the service state and the call that returns an answer or raises Refusal."""

from collections.abc import Callable, Mapping

from ctui.emulator.actions import REFUSED
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.describe import describe_trails, get_trail, list_trails
from ctui.emulator.operations.logging import start_logging, stop_logging
from ctui.emulator.operations.lookup_events import lookup_events
from ctui.emulator.operations.public_keys import list_public_keys
from ctui.emulator.operations.selectors.event_selectors import get_event_selectors, put_event_selectors
from ctui.emulator.operations.selectors.insights import get_insight_selectors, put_insight_selectors
from ctui.emulator.operations.status import get_trail_status
from ctui.emulator.operations.tags import add_tags, list_tags, remove_tags
from ctui.emulator.operations.write_trail import create_trail, delete_trail, update_trail

Operation = Callable[[ServiceState, Call], Answer]


def _refuse(_: ServiceState, call: Call) -> Answer:
    raise Refusal(Condition.ACTION_UNSUPPORTED, action=call.action)


OPERATIONS: Mapping[str, Operation] = {
    **dict.fromkeys(REFUSED, _refuse),
    "CreateTrail": create_trail,
    "UpdateTrail": update_trail,
    "DeleteTrail": delete_trail,
    "DescribeTrails": describe_trails,
    "GetTrail": get_trail,
    "ListTrails": list_trails,
    "GetTrailStatus": get_trail_status,
    "StartLogging": start_logging,
    "StopLogging": stop_logging,
    "AddTags": add_tags,
    "RemoveTags": remove_tags,
    "ListTags": list_tags,
    "GetEventSelectors": get_event_selectors,
    "PutEventSelectors": put_event_selectors,
    "GetInsightSelectors": get_insight_selectors,
    "PutInsightSelectors": put_insight_selectors,
    "LookupEvents": lookup_events,
    "ListPublicKeys": list_public_keys,
}
"""Action -> operation."""
