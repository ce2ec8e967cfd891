"""Trail and TrailStatus, with every field of the API today (CreateTrail, DescribeTrails, GetTrailStatus)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Trail:
    """The settings of a trail (API reference, Trail). None: the service did not say."""

    name: str
    """"" for what was listed and names no trail: `odd` says what came, and nothing can be asked of it or changed."""
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
    """What came otherwise than the API says, in words, with the value as it came: hostile until cleaned."""

    @property
    def key(self) -> str:
        """What tells this trail from every other: its ARN, or the name where the service gave no ARN (2015)."""
        return self.arn or self.name

    def is_shadow_in(self, region: str) -> bool:
        """True where the trail is seen from a Region that is not its home: writes go to the home Region."""
        return self.home_region is not None and self.home_region != region


@dataclass(frozen=True, slots=True)
class TrailStatus:
    """What GetTrailStatus says; instants are UTC, None where the service gave none."""

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
    """The six below are "no longer in use" by the service, which still sends them as text."""
    latest_delivery_attempt_succeeded: str | None = None
    latest_notification_attempt_time: str | None = None
    latest_notification_attempt_succeeded: str | None = None
    time_logging_started: str | None = None
    time_logging_stopped: str | None = None
    odd: tuple[str, ...] = ()
    """What came otherwise than the API says, in words, with the value as it came: hostile until cleaned."""
    lost: tuple[str, ...] = ()
    """Fields, by their names here, of which a value came that could not be read."""
