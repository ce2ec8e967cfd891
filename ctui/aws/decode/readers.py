"""The function that reads the body of each action's answer."""

from collections.abc import Callable, Mapping

from ctui.aws.decode.answers import read_nothing
from ctui.aws.decode.event_answers import read_events
from ctui.aws.decode.trail_answers import read_status, read_trail, read_trails

READERS: Mapping[str, Callable[[bytes, Mapping[str, str]], object]] = {
    "LookupEvents": read_events,
    "DescribeTrails": read_trails,
    "GetTrailStatus": read_status,
    "CreateTrail": read_trail,
    "UpdateTrail": read_trail,
    "DeleteTrail": read_nothing,
    "StartLogging": read_nothing,
    "StopLogging": read_nothing,
}
"""Action -> the function that reads the body of its successful answer."""
