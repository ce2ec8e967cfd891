"""The eight actions. Each is a function of the service state and the call that returns an answer or raises Refusal."""

from collections.abc import Callable, Mapping

from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.describe import describe_trails
from ctui.emulator.operations.logging import start_logging, stop_logging
from ctui.emulator.operations.lookup_events import lookup_events
from ctui.emulator.operations.status import get_trail_status
from ctui.emulator.operations.write_trail import create_trail, delete_trail, update_trail

OPERATIONS: Mapping[str, Callable[[ServiceState, Call], Answer]] = {
    "CreateTrail": create_trail,
    "UpdateTrail": update_trail,
    "DeleteTrail": delete_trail,
    "DescribeTrails": describe_trails,
    "GetTrailStatus": get_trail_status,
    "LookupEvents": lookup_events,
    "StartLogging": start_logging,
    "StopLogging": stop_logging,
}
"""Action -> operation."""
