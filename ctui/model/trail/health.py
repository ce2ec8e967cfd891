"""What a trail's status means for a person: signs, each with a meaning and what to do, and the worst of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from ctui.model.trail.trail import Trail, TrailStatus

QUIET = timedelta(hours=1)
"""A logging trail that has delivered nothing for this long is worth a look: files come about every 5 minutes."""


class Level(IntEnum):
    """How much a sign needs a person; the greatest of a trail's signs is its own."""

    GOOD = 0
    UNKNOWN = 1
    """The service did not say."""
    OFF = 2
    """The trail does not log, as somebody decided."""
    WARNING = 3
    """Something beside the log files does not work, or may not."""
    ERROR = 4
    """Log files, or the proof that they are whole, are being lost."""


class Channel(StrEnum):
    """The part of a trail a sign is about."""

    LOGGING = "logging"
    BUCKET = "S3"
    TOPIC = "SNS"
    LOG_GROUP = "CloudWatch Logs"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing a status says."""

    channel: Channel
    level: Level
    text: str
    """What is the case, in a few words, or the service's own error text: hostile until `render` has cleaned it."""
    meaning: str = ""
    """What that means; "" where it goes without saying."""
    remedy: str = ""
    """What to do about it; "" where nothing is to be done."""


@dataclass(frozen=True, slots=True)
class Health:
    """All signs of one trail, the one about logging first."""

    signs: tuple[Sign, ...]

    @property
    def worst(self) -> Sign:
        """The sign for the mark in the list: the worst, of equals the first."""
        return max(self.signs, key=lambda sign: sign.level)

    def of(self, channel: Channel) -> Sign | None:
        """The sign about this part; None where the trail does not use it and nothing was said."""
        return next((sign for sign in self.signs if sign.channel is channel), None)


_BUCKET_ERRORS: Mapping[str, tuple[str, str]] = {
    "NoSuchBucket": (
        "the bucket does not exist any more",
        "create the bucket again with CloudTrail's policy, or name another one (e)",
    ),
    "AccessDenied": (
        "the bucket's policy, or its key's, does not let CloudTrail write there",
        "let cloudtrail.amazonaws.com call s3:PutObject and s3:GetBucketAcl in the bucket policy",
    ),
    "AllAccessDisabled": ("all access to the bucket is disabled", "ask AWS Support why, or name another bucket (e)"),
    "AccountProblem": ("the bucket's account has a problem", "look at the account that owns the bucket"),
    "InvalidBucketState": ("the bucket is not in a state to take files", "look at the bucket's settings"),
    "PermanentRedirect": ("the bucket lives in another Region than it did", "name the bucket again (e)"),
    "SlowDown": ("S3 asked CloudTrail to write more slowly", "wait: CloudTrail tries again"),
    "ServiceUnavailable": ("S3 was not available", "wait: CloudTrail tries again"),
    "InternalError": ("S3 had an error of its own", "wait: CloudTrail tries again"),
    "RequestTimeout": ("S3 did not answer in time", "wait: CloudTrail tries again"),
}
_KEY_ERROR = (
    "the KMS key that encrypts the logs cannot be used",
    "enable the key, and let cloudtrail.amazonaws.com call kms:GenerateDataKey* in its policy",
)
_TOPIC_GONE = ("the topic does not exist any more", "create it again, or take it out of the trail (e)")
_TOPIC_DENIED = (
    "the topic's policy does not let CloudTrail publish there",
    "let cloudtrail.amazonaws.com call sns:Publish in the topic policy",
)
_TOPIC_ERRORS: Mapping[str, tuple[str, str]] = {
    "NotFound": _TOPIC_GONE,
    "NotFoundException": _TOPIC_GONE,
    "AuthorizationError": _TOPIC_DENIED,
    "AuthorizationErrorException": _TOPIC_DENIED,
    "AccessDenied": _TOPIC_DENIED,
    "InternalError": ("SNS had an error of its own", "wait: CloudTrail tries again"),
    "Throttling": ("SNS takes no more messages for now", "wait: CloudTrail tries again"),
    "Throttled": ("SNS takes no more messages for now", "wait: CloudTrail tries again"),
}
_GROUP_GONE = ("the log group does not exist any more", "create it again, or take group and role out of the trail (e)")
_GROUP_DENIED = (
    "the role may not write to the log group, or CloudTrail may not assume it",
    "let the role call logs:CreateLogStream and logs:PutLogEvents, and trust cloudtrail.amazonaws.com",
)
_GROUP_ERRORS: Mapping[str, tuple[str, str]] = {
    "ResourceNotFoundException": _GROUP_GONE,
    "ResourceNotFound": _GROUP_GONE,
    "AccessDenied": _GROUP_DENIED,
    "AccessDeniedException": _GROUP_DENIED,
    "Access": _GROUP_DENIED,
    "ThrottlingException": ("CloudWatch Logs takes no more events for now", "wait: CloudTrail tries again"),
    "ServiceUnavailableException": ("CloudWatch Logs was not available", "wait: CloudTrail tries again"),
}
_SERVICE: Mapping[Channel, str] = {
    Channel.BUCKET: "S3",
    Channel.TOPIC: "SNS",
    Channel.LOG_GROUP: "CloudWatch Logs",
    Channel.DIGEST: "S3",
}
_FIRST_WORD = re.compile(r"[A-Za-z]+")


def health_of(trail: Trail, status: TrailStatus, now: datetime) -> Health:
    """Read a status at `now`, an aware instant. What GetTrailStatus's fields say: API reference, GetTrailStatus."""
    signs = [_logging(status)]
    if status.latest_delivery_error:
        signs.append(_failed(Channel.BUCKET, Level.ERROR, status.latest_delivery_error, _BUCKET_ERRORS))
    elif "latest_delivery_time" in status.lost:
        signs.append(_unreadable(Channel.BUCKET))
    elif quiet := _quiet(status, now):
        signs.append(quiet)
    elif status.latest_delivery_time is not None:
        signs.append(Sign(Channel.BUCKET, Level.GOOD, "delivers"))
    signs.extend(_beside(trail, status))
    return Health(tuple(signs))


def _logging(status: TrailStatus) -> Sign:
    if status.is_logging is None:
        return Sign(Channel.LOGGING, Level.UNKNOWN, "unknown", "the service did not say whether the trail logs")
    if status.is_logging:
        return Sign(Channel.LOGGING, Level.GOOD, "logging")
    if _never_started(status):
        return Sign(
            Channel.LOGGING, Level.OFF, "never started", "a new trail does not log by itself", "start logging (s)"
        )
    return Sign(Channel.LOGGING, Level.OFF, "stopped", "nothing is recorded by this trail", "start logging (s)")


def _never_started(status: TrailStatus) -> bool:
    """True where the service told of no start and no stop."""
    said = (status.start_logging_time, status.stop_logging_time)
    return said == (None, None) and not {"start_logging_time", "stop_logging_time"} & set(status.lost)


def _unreadable(channel: Channel) -> Sign:
    return Sign(
        channel,
        Level.WARNING,
        "when it last delivered is not readable",
        "the service told a time that is none",
        "read the status again (r); the field stands below as it came",
    )


def _quiet(status: TrailStatus, now: datetime) -> Sign | None:
    """Logging for an hour and more, and nothing delivered in the last one."""
    since = max(filter(None, (status.latest_delivery_time, status.start_logging_time)), default=None)
    if status.is_logging is not True or since is None or now - since < QUIET:
        return None
    return Sign(
        Channel.BUCKET,
        Level.WARNING,
        "nothing delivered for an hour",
        "the trail logs, yet no log file has reached the bucket: either nothing happened, or delivery is broken",
        "see whether Events has newer events in this Region; if so, check the bucket and its policy",
    )


def _beside(trail: Trail, status: TrailStatus) -> Iterator[Sign]:
    """Signs about what is delivered beside the log files."""
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
            yield Sign(channel, Level.GOOD, "delivers")
        elif used:
            yield Sign(channel, Level.UNKNOWN, "nothing delivered yet")


def _failed(channel: Channel, level: Level, error: str, meanings: Mapping[str, tuple[str, str]]) -> Sign:
    """A delivery error: a code, or a code or words followed by more."""
    word = _FIRST_WORD.match(error.strip())
    code = word[0] if word else ""
    if code == "KMS":
        meaning, remedy = _KEY_ERROR
    else:
        meaning, remedy = meanings.get(
            code,
            (f"{_SERVICE[channel]} answered with an error when CloudTrail delivered", "look the error up in its guide"),
        )
    return Sign(channel, level, error, meaning, remedy)
