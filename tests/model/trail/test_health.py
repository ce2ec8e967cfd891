"""What a status means: which sign is seen, what it advises, and which one the list marks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ctui.model.trail.health import QUIET, Channel, Level, health_of
from ctui.model.trail.trail import Trail, TrailStatus

NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
AGO = NOW - timedelta(minutes=5)
LONG_AGO = NOW - QUIET
TRAIL = Trail("audit", s3_bucket_name="logs")
FULL = replace(TRAIL, sns_topic_name="news", cloud_watch_logs_log_group_arn="arn:…", log_file_validation_enabled=True)
FINE = TrailStatus(
    is_logging=True,
    start_logging_time=LONG_AGO,
    latest_delivery_time=AGO,
    latest_notification_time=AGO,
    latest_cloud_watch_logs_delivery_time=AGO,
    latest_digest_delivery_time=AGO,
)


LATEST = (
    "latest_delivery_time",
    "latest_notification_time",
    "latest_cloud_watch_logs_delivery_time",
    "latest_digest_delivery_time",
)


def test_a_trail_that_delivers_everything_is_good_throughout() -> None:
    health = health_of(FULL, FINE, NOW)
    assert [sign.channel for sign in health.signs] == list(Channel)
    assert health.worst.level is Level.GOOD
    assert health.worst.channel is Channel.LOGGING


def test_what_a_trail_does_not_use_gives_no_sign() -> None:
    health = health_of(TRAIL, FINE, NOW)
    assert [sign.channel for sign in health.signs] == [Channel.LOGGING, Channel.BUCKET]
    assert health.of(Channel.TOPIC) is None


@pytest.mark.parametrize(
    ("status", "level", "says"),
    [
        (TrailStatus(is_logging=False), Level.OFF, "never started"),
        (TrailStatus(is_logging=False, stop_logging_time=AGO), Level.OFF, "stopped"),
        (TrailStatus(), Level.UNKNOWN, "unknown"),
        (TrailStatus(is_logging=True), Level.GOOD, "logging"),
    ],
)
def test_whether_it_logs_comes_first(status: TrailStatus, level: Level, says: str) -> None:
    sign = health_of(TRAIL, status, NOW).signs[0]
    assert (sign.channel, sign.level, sign.text) == (Channel.LOGGING, level, says)


@pytest.mark.parametrize(
    ("status", "quiet"),
    [
        (TrailStatus(is_logging=True, start_logging_time=LONG_AGO), True),
        (TrailStatus(is_logging=True, start_logging_time=LONG_AGO + timedelta(seconds=1)), False),
        (TrailStatus(is_logging=True, latest_delivery_time=LONG_AGO), True),
        (TrailStatus(is_logging=True, start_logging_time=AGO, latest_delivery_time=LONG_AGO), False),
        (TrailStatus(is_logging=True, start_logging_time=LONG_AGO, latest_delivery_time=AGO), False),
        (TrailStatus(is_logging=False, start_logging_time=LONG_AGO, latest_delivery_time=LONG_AGO), False),
        (TrailStatus(is_logging=True), False),
    ],
)
def test_logging_without_delivery_for_an_hour_is_told(status: TrailStatus, quiet: bool) -> None:
    sign = health_of(TRAIL, status, NOW).of(Channel.BUCKET)
    assert (sign is not None and sign.level is Level.WARNING) is quiet


@pytest.mark.parametrize(
    ("field", "error", "channel", "level", "words"),
    [
        (
            "latest_delivery_error",
            "NoSuchBucket",
            Channel.BUCKET,
            Level.ERROR,
            ("no longer exists", "create the bucket"),
        ),
        ("latest_delivery_error", "AccessDenied", Channel.BUCKET, Level.ERROR, ("policy", "s3:PutObject")),
        (
            "latest_delivery_error",
            "AccessDenied: Access Denied",
            Channel.BUCKET,
            Level.ERROR,
            ("policy", "s3:PutObject"),
        ),
        ("latest_delivery_error", "KMS.DisabledException", Channel.BUCKET, Level.ERROR, ("KMS key", "enable the key")),
        (
            "latest_delivery_error",
            "\x1b[31m",
            Channel.BUCKET,
            Level.ERROR,
            ("S3 returned an error", "look up the error"),
        ),
        ("latest_notification_error", "AuthorizationError", Channel.TOPIC, Level.WARNING, ("policy", "sns:Publish")),
        (
            "latest_notification_error",
            "NotFound",
            Channel.TOPIC,
            Level.WARNING,
            ("no longer exists", "create it again"),
        ),
        (
            "latest_cloud_watch_logs_delivery_error",
            "Access denied. Check the trust relationships for your role.",
            Channel.LOG_GROUP,
            Level.WARNING,
            (
                "assume it",
                "logs:PutLogEvents",
            ),
        ),
        ("latest_digest_delivery_error", "AccessDenied", Channel.DIGEST, Level.ERROR, ("policy", "s3:PutObject")),
        (
            "latest_digest_delivery_error",
            "Odd",
            Channel.DIGEST,
            Level.ERROR,
            ("S3 returned an error", "look up the error"),
        ),
    ],
)
def test_a_delivery_error_has_a_meaning_and_a_next_step(
    field: str, error: str, channel: Channel, level: Level, words: tuple[str, str]
) -> None:
    broken: dict[str, Any] = {field: error}
    health = health_of(FULL, replace(FINE, **broken), NOW)
    sign = health.of(channel)
    assert sign is not None
    assert (sign.text, sign.level) == (error, level)
    assert words[0] in sign.meaning
    assert words[1] in sign.remedy
    assert health.worst is sign


def test_an_error_of_a_part_the_settings_do_not_name_is_still_seen() -> None:
    status = replace(FINE, latest_notification_error="NotFound")
    assert health_of(TRAIL, status, NOW).worst.channel is Channel.TOPIC


def test_a_stopped_trail_with_a_broken_bucket_is_marked_for_the_bucket() -> None:
    status = TrailStatus(is_logging=False, stop_logging_time=AGO, latest_delivery_error="AccessDenied")
    assert health_of(TRAIL, status, NOW).worst.channel is Channel.BUCKET


def test_a_part_that_has_not_delivered_yet_is_unknown() -> None:
    sign = health_of(FULL, TrailStatus(is_logging=True, start_logging_time=AGO), NOW).of(Channel.TOPIC)
    assert sign is not None
    assert sign.level is Level.UNKNOWN


@pytest.mark.parametrize(
    ("lost", "channel"),
    [
        ("latest_delivery_time", Channel.BUCKET),
        ("latest_notification_time", Channel.TOPIC),
        ("latest_cloud_watch_logs_delivery_time", Channel.LOG_GROUP),
        ("latest_digest_delivery_time", Channel.DIGEST),
    ],
)
def test_a_time_that_cannot_be_read_is_not_taken_for_silence(lost: str, channel: Channel) -> None:
    times = {name: getattr(FINE, name) for name in LATEST if name != lost}
    status = TrailStatus(is_logging=True, start_logging_time=LONG_AGO, lost=(lost,), **times)
    health = health_of(FULL, status, NOW)
    sign = health.of(channel)
    assert sign is not None
    assert (sign.level, sign.text) == (Level.WARNING, "the time of the last delivery is unreadable")
    assert health.worst is sign


@pytest.mark.parametrize("lost", ["start_logging_time", "stop_logging_time"])
def test_a_trail_whose_start_or_stop_cannot_be_read_is_not_said_to_be_new(lost: str) -> None:
    assert health_of(TRAIL, TrailStatus(is_logging=False, lost=(lost,)), NOW).signs[0].text == "stopped"
