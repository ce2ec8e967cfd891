"""GetTrailStatus: whether a trail is logging in this Region, and how its deliveries went."""

from datetime import UTC, datetime

from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.find import is_arn, own_trail, trail_by_arn, unknown


def get_trail_status(state: ServiceState, call: Call) -> Answer:
    """The status of one trail in the call's Region. Shadow and organization trails must be named by ARN."""
    text = call.parameters["Name"]
    here = call.caller.region
    trail = trail_by_arn(state, call, text) if is_arn(state, text) else own_trail(state, call, text)
    if trail is None or not trail.seen_in(here):
        raise unknown(state, call, text)
    status = state.store.status(trail, here)
    answer = {
        "IsLogging": trail.logging,
        "LatestDeliveryError": status.delivery_error,
        "LatestDeliveryTime": status.delivery_time,
        "LatestNotificationError": status.notification_error,
        "LatestNotificationTime": status.notification_time,
        "StartLoggingTime": trail.started,
        "StopLoggingTime": trail.stopped,
        "LatestCloudWatchLogsDeliveryError": status.logs_error,
        "LatestCloudWatchLogsDeliveryTime": status.logs_time,
    }
    if state.rules.today:
        answer |= {
            "LatestDigestDeliveryTime": status.digest_time,
            "LatestDigestDeliveryError": status.digest_error,
            "LatestDeliveryAttemptTime": _text(status.delivery_attempt),
            "LatestDeliveryAttemptSucceeded": _text(status.delivery_time),
            "LatestNotificationAttemptTime": _text(status.notification_attempt),
            "LatestNotificationAttemptSucceeded": _text(status.notification_time),
            "TimeLoggingStarted": _text(trail.started),
            "TimeLoggingStopped": _text(trail.stopped),
        }
    return {key: value for key, value in answer.items() if value is not None}


def _text(moment: float | None) -> str:
    """A time in the fields "no longer in use", which are texts: "" if there is no time."""
    return "" if moment is None else f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}"
