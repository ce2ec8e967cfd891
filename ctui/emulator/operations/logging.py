"""StartLogging and StopLogging."""

from msgspec.structs import replace

from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.find import trail_to_change


def start_logging(state: ServiceState, call: Call) -> Answer:
    """Start a trail's logging. A trail that is logging stays as it is."""
    trail = trail_to_change(state, call, call.parameters["Name"])
    if not trail.logging:
        state.store.put(replace(trail, logging=True, started=call.now), call.now)
    return None


def stop_logging(state: ServiceState, call: Call) -> Answer:
    """Stop a trail's logging. A trail that is not logging stays as it is."""
    trail = trail_to_change(state, call, call.parameters["Name"])
    if trail.logging:
        state.store.put(replace(trail, logging=False, stopped=call.now), call.now)
    return None
