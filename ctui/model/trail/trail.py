"""Trail and TrailStatus, with every field of today's API (DescribeTrails, GetTrailStatus)."""

from datetime import UTC, datetime

from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Trail:
    """The settings of a trail (API reference, Trail). None means that the service did not say."""

    name: str
    """The name; "" for a list item without one: `odd` says what came, and it cannot be read or changed."""
    arn: str | None = None
    home_region: str | None = None
    s3_bucket_name: str | None = None
    s3_key_prefix: str | None = None
    sns_topic_name: str | None = None
    sns_topic_arn: str | None = None
    include_global_service_events: bool | None = None
    is_multi_region_trail: bool | None = None
    is_organization_trail: bool | None = None
    log_file_validation_enabled: bool | None = None
    cloud_watch_logs_log_group_arn: str | None = None
    cloud_watch_logs_role_arn: str | None = None
    kms_key_id: str | None = None
    has_custom_event_selectors: bool | None = None
    has_insight_selectors: bool | None = None
    odd: tuple[str, ...] = ()
    """One text per difference from the documented form, with the raw value: hostile until cleaned."""

    @property
    def key(self) -> str:
        """What identifies the trail: its ARN, or its name if the service returned no ARN (as in 2015)."""
        return self.arn or self.name

    def is_shadow_in(self, region: str) -> bool:
        """True if this Region is not the trail's home Region, to which changes must go."""
        return self.home_region is not None and self.home_region != region


@dataclass(frozen=True, slots=True)
class TrailStatus:
    """The response of GetTrailStatus; times are UTC, None if the service returned none."""

    is_logging: bool | None = None
    latest_delivery_time: datetime | None = None
    latest_delivery_error: str | None = None
    latest_notification_time: datetime | None = None
    latest_notification_error: str | None = None
    latest_cloud_watch_logs_delivery_time: datetime | None = None
    latest_cloud_watch_logs_delivery_error: str | None = None
    latest_digest_delivery_time: datetime | None = None
    latest_digest_delivery_error: str | None = None
    start_logging_time: datetime | None = None
    stop_logging_time: datetime | None = None
    latest_delivery_attempt_time: str | None = None
    """This field and the next five are "no longer in use" by AWS, which still sends them as texts."""
    latest_delivery_attempt_succeeded: str | None = None
    latest_notification_attempt_time: str | None = None
    latest_notification_attempt_succeeded: str | None = None
    time_logging_started: str | None = None
    time_logging_stopped: str | None = None
    odd: tuple[str, ...] = ()
    """One text per difference from the documented form, with the raw value: hostile until cleaned."""
    lost: tuple[str, ...] = ()
    """Names of the fields above whose values could not be read."""


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
