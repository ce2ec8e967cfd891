"""What a trail's status means: signs, each with a meaning and what to do, and the worst of them."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from ctui.model.trail.trail import Trail, TrailStatus
from ctui.model.values import dataclass

QUIET = timedelta(hours=1)
"""A logging trail that has delivered nothing for this long gets a warning: log files come about every 5 minutes."""


class Level(IntEnum):
    """How urgent a sign is. The level of a trail is the highest of its signs."""

    GOOD = 0
    UNKNOWN = 1
    """The service did not say."""
    OFF = 2
    """The trail is not logging, because it was stopped or never started."""
    WARNING = 3
    """Something other than the log files does not work, or perhaps does not."""
    ERROR = 4
    """Log files, or the digests that prove their integrity, are being lost."""


class Channel(StrEnum):
    """The part of a trail that a sign is about."""

    LOGGING = "logging"
    BUCKET = "S3"
    TOPIC = "SNS"
    LOG_GROUP = "CloudWatch Logs"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Sign:
    """One fact from a status."""

    channel: Channel
    level: Level
    text: str
    """The fact in a few words, or the service's error text: hostile until `render` has cleaned it."""
    meaning: str = ""
    """What it means; "" if that is obvious."""
    remedy: str = ""
    """What to do; "" if there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Health:
    """All signs of one trail; the sign about logging is first."""

    signs: tuple[Sign, ...]

    @property
    def worst(self) -> Sign:
        """The sign that the list shows: the worst, or the first of the worst."""
        return max(self.signs, key=lambda sign: sign.level)

    def of(self, channel: Channel) -> Sign | None:
        """The sign about this part, or None if the trail does not use it and the status says nothing of it."""
        return next((sign for sign in self.signs if sign.channel is channel), None)


_BUCKET_ERRORS: Mapping[str, tuple[str, str]] = {
    "NoSuchBucket": (
        "the bucket no longer exists",
        "create the bucket again with CloudTrail's policy, or choose another (e)",
    ),
    "AccessDenied": (
        "the bucket policy or the key policy does not allow CloudTrail to write",
        "allow cloudtrail.amazonaws.com s3:PutObject and s3:GetBucketAcl in the bucket policy",
    ),
    "AllAccessDisabled": ("all access to the bucket is disabled", "ask AWS Support why, or choose another bucket (e)"),
    "AccountProblem": ("the bucket's account has a problem", "check the account that owns the bucket"),
    "InvalidBucketState": ("the bucket's state does not allow writes", "check the bucket's settings"),
    "PermanentRedirect": ("the bucket is now in another Region", "choose the bucket again (e)"),
    "SlowDown": ("S3 throttled CloudTrail", "wait; CloudTrail retries"),
    "ServiceUnavailable": ("S3 was not available", "wait; CloudTrail retries"),
    "InternalError": ("S3 had an internal error", "wait; CloudTrail retries"),
    "RequestTimeout": ("S3 did not answer in time", "wait; CloudTrail retries"),
}
_KEY_ERROR = (
    "the KMS key that encrypts the logs cannot be used",
    "enable the key, and allow cloudtrail.amazonaws.com kms:GenerateDataKey* in its policy",
)
_TOPIC_GONE = ("the topic no longer exists", "create it again, or remove it from the trail (e)")
_TOPIC_DENIED = (
    "the topic policy does not allow CloudTrail to publish",
    "allow cloudtrail.amazonaws.com sns:Publish in the topic policy",
)
_TOPIC_ERRORS: Mapping[str, tuple[str, str]] = {
    "NotFound": _TOPIC_GONE,
    "NotFoundException": _TOPIC_GONE,
    "AuthorizationError": _TOPIC_DENIED,
    "AuthorizationErrorException": _TOPIC_DENIED,
    "AccessDenied": _TOPIC_DENIED,
    "InternalError": ("SNS had an internal error", "wait; CloudTrail retries"),
    "Throttling": ("SNS throttled CloudTrail", "wait; CloudTrail retries"),
    "Throttled": ("SNS throttled CloudTrail", "wait; CloudTrail retries"),
}
_GROUP_GONE = ("the log group no longer exists", "create it again, or remove group and role from the trail (e)")
_GROUP_DENIED = (
    "the role may not write to the log group, or CloudTrail may not assume it",
    "allow the role logs:CreateLogStream and logs:PutLogEvents, and let it trust cloudtrail.amazonaws.com",
)
_GROUP_ERRORS: Mapping[str, tuple[str, str]] = {
    "ResourceNotFoundException": _GROUP_GONE,
    "ResourceNotFound": _GROUP_GONE,
    "AccessDenied": _GROUP_DENIED,
    "AccessDeniedException": _GROUP_DENIED,
    "Access": _GROUP_DENIED,
    "ThrottlingException": ("CloudWatch Logs throttled CloudTrail", "wait; CloudTrail retries"),
    "ServiceUnavailableException": ("CloudWatch Logs was not available", "wait; CloudTrail retries"),
}
_SERVICE: Mapping[Channel, str] = {
    Channel.BUCKET: "S3",
    Channel.TOPIC: "SNS",
    Channel.LOG_GROUP: "CloudWatch Logs",
    Channel.DIGEST: "S3",
}
_FIRST_WORD = re.compile(r"[A-Za-z]+")


def health_of(trail: Trail, status: TrailStatus, now: datetime) -> Health:
    """The signs in a status at `now`, an aware time. Source: API reference, GetTrailStatus."""
    signs = [_logging(status)]
    if status.latest_delivery_error:
        signs.append(_failed(Channel.BUCKET, Level.ERROR, status.latest_delivery_error, _BUCKET_ERRORS))
    elif "latest_delivery_time" in status.lost:
        signs.append(_unreadable(Channel.BUCKET))
    elif quiet := _quiet(status, now):
        signs.append(quiet)
    elif status.latest_delivery_time is not None:
        signs.append(Sign(Channel.BUCKET, Level.GOOD, "delivering"))
    signs.extend(_other_deliveries(trail, status))
    return Health(tuple(signs))


def _logging(status: TrailStatus) -> Sign:
    if status.is_logging is None:
        return Sign(Channel.LOGGING, Level.UNKNOWN, "unknown", "CloudTrail did not say whether the trail is logging")
    if status.is_logging:
        return Sign(Channel.LOGGING, Level.GOOD, "logging")
    if _never_started(status):
        return Sign(
            Channel.LOGGING,
            Level.OFF,
            "never started",
            "a new trail does not log until it is started",
            "start logging (s)",
        )
    return Sign(Channel.LOGGING, Level.OFF, "stopped", "this trail records nothing", "start logging (s)")


def _never_started(status: TrailStatus) -> bool:
    """True if the status has no time of a start or a stop."""
    times = (status.start_logging_time, status.stop_logging_time)
    return times == (None, None) and not {"start_logging_time", "stop_logging_time"} & set(status.lost)


def _unreadable(channel: Channel) -> Sign:
    return Sign(
        channel,
        Level.WARNING,
        "the time of the last delivery is unreadable",
        "CloudTrail returned an invalid time",
        "refresh (r); the field is shown below as it came",
    )


def _quiet(status: TrailStatus, now: datetime) -> Sign | None:
    """A warning if the trail has been logging for an hour and delivered nothing in it."""
    since = max(filter(None, (status.latest_delivery_time, status.start_logging_time)), default=None)
    if status.is_logging is not True or since is None or now - since < QUIET:
        return None
    return Sign(
        Channel.BUCKET,
        Level.WARNING,
        "nothing delivered for an hour",
        "the trail is logging, but no log file reached the bucket: nothing happened, or delivery is broken",
        "if Events has newer events in this Region, check the bucket and its policy",
    )


def _other_deliveries(trail: Trail, status: TrailStatus) -> Iterator[Sign]:
    """Signs about deliveries other than log files."""
    for channel, level, error, meanings, time, used in (
        (
            Channel.TOPIC,
            Level.WARNING,
            status.latest_notification_error,
            _TOPIC_ERRORS,
            "latest_notification_time",
            trail.sns_topic_name or trail.sns_topic_arn,
        ),
        (
            Channel.LOG_GROUP,
            Level.WARNING,
            status.latest_cloud_watch_logs_delivery_error,
            _GROUP_ERRORS,
            "latest_cloud_watch_logs_delivery_time",
            trail.cloud_watch_logs_log_group_arn,
        ),
        (
            Channel.DIGEST,
            Level.ERROR,
            status.latest_digest_delivery_error,
            _BUCKET_ERRORS,
            "latest_digest_delivery_time",
            trail.log_file_validation_enabled,
        ),
    ):
        if error:
            yield _failed(channel, level, error, meanings)
        elif time in status.lost:
            yield _unreadable(channel)
        elif used and getattr(status, time) is not None:
            yield Sign(channel, Level.GOOD, "delivering")
        elif used:
            yield Sign(channel, Level.UNKNOWN, "nothing delivered yet")


def _failed(channel: Channel, level: Level, error: str, meanings: Mapping[str, tuple[str, str]]) -> Sign:
    """The sign of a delivery error, whose text starts with a code or is a sentence."""
    word = _FIRST_WORD.match(error.strip())
    code = word[0] if word else ""
    if code == "KMS":
        meaning, remedy = _KEY_ERROR
    else:
        meaning, remedy = meanings.get(
            code,
            (f"{_SERVICE[channel]} returned an error to CloudTrail", "look up the error in its guide"),
        )
    return Sign(channel, level, error, meaning, remedy)
