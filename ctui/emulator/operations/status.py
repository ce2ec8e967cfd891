"""GetTrailStatus: whether a trail is logging in this Region, and how its deliveries went."""

from datetime import UTC, datetime

from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.find import trail_to_read


def get_trail_status(state: ServiceState, call: Call) -> Answer:
    """The status of one trail in the call's Region. Shadow and organization trails must be named by ARN."""
    trail = trail_to_read(state, call, call.parameters["Name"])
    status = state.store.status(trail, call.caller.region)
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
