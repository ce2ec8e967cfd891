"""When a delivery of a trail failed, as far as its status says."""

from datetime import UTC, datetime

from ctui.model.trail.trail import TrailStatus


def failed_around(status: TrailStatus) -> datetime | None:
    """About when the trail's latest failed delivery was tried, UTC; None if none failed, or if no time is known.

    That is the time of the attempt, which the service still sends for log files (API reference, GetTrailStatus), else
    of the last delivery that worked: the next one failed.
    """
    for error, attempt, last in (
        (status.latest_delivery_error, status.latest_delivery_attempt_time, status.latest_delivery_time),
        (status.latest_notification_error, status.latest_notification_attempt_time, status.latest_notification_time),
        (status.latest_cloud_watch_logs_delivery_error, None, status.latest_cloud_watch_logs_delivery_time),
        (status.latest_digest_delivery_error, None, status.latest_digest_delivery_time),
    ):
        if error and (time := _instant(attempt) or last) is not None:
            return time
    return None


def _instant(text: str | None) -> datetime | None:
    """The instant that a text of the service names, None if it cannot be read."""
    try:
        time = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
