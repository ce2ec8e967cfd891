"""What can be copied of a trail and its status."""

import json
from datetime import datetime

from ctui.model.connection import Connection
from ctui.model.trail.aws_command import aws_command
from ctui.model.trail.draft import trail_values
from ctui.model.trail.trail import Trail, TrailStatus
from ctui.render.copies.event_copies import Copy, copy_of

_TRAIL = {
    "name": "Name",
    "arn": "TrailARN",
    "home_region": "HomeRegion",
    "s3_bucket_name": "S3BucketName",
    "s3_key_prefix": "S3KeyPrefix",
    "sns_topic_name": "SnsTopicName",
    "sns_topic_arn": "SnsTopicARN",
    "include_global_service_events": "IncludeGlobalServiceEvents",
    "is_multi_region_trail": "IsMultiRegionTrail",
    "is_organization_trail": "IsOrganizationTrail",
    "log_file_validation_enabled": "LogFileValidationEnabled",
    "cloud_watch_logs_log_group_arn": "CloudWatchLogsLogGroupArn",
    "cloud_watch_logs_role_arn": "CloudWatchLogsRoleArn",
    "kms_key_id": "KmsKeyId",
    "has_custom_event_selectors": "HasCustomEventSelectors",
    "has_insight_selectors": "HasInsightSelectors",
}
"""The API's names of a trail's fields (API reference, Trail)."""
_NOT_SENT = ("odd", "lost")


def trail_json(trail: Trail) -> str:
    """The trail as DescribeTrails returns it: indented JSON in ASCII."""
    return json.dumps(trail_fields(trail), indent=2)


def status_json(status: TrailStatus) -> str:
    """The status as GetTrailStatus returns it: indented JSON in ASCII."""
    return json.dumps(status_fields(status), indent=2)


def trail_fields(trail: Trail) -> dict[str, object]:
    """The trail as DescribeTrails returns it, for JSON; what the service did not say is left out."""
    return _said({name: getattr(trail, field) for field, name in _TRAIL.items()})


def status_fields(status: TrailStatus) -> dict[str, object]:
    """The status as GetTrailStatus returns it, for JSON: what the service did not say is left out."""
    fields = (name for name in TrailStatus.__annotations__ if name not in _NOT_SENT)
    return _said({_api_name(name): getattr(status, name) for name in fields})


def trail_copies(trail: Trail, status: TrailStatus | None, connection: Connection | None) -> tuple[Copy, ...]:
    """What can be copied of a trail; what the service did not say is left out."""
    values = (("a", "ARN", trail.arn), ("b", "bucket", trail.s3_bucket_name), ("n", "name", trail.name))
    copies = [
        Copy("t", "trail", "JSON, as DescribeTrails returns it", lambda: trail_json(trail)),
        *(copy_of(letter, label, value) for letter, label, value in values if value),
    ]
    if status is not None:
        copies.append(Copy("s", "status", "JSON, as GetTrailStatus returns it", lambda: status_json(status)))
    if connection is not None and trail.name:
        copies.append(copy_of("c", "command", create_command(trail, connection)))
    return tuple(copies)


def create_command(trail: Trail, connection: Connection) -> str:
    """The AWS CLI command that makes an equal trail."""
    return aws_command(
        "CreateTrail",
        {str(field): value for field, value in trail_values(trail).items() if value != ""},
        trail.home_region or connection.region,
        profile=None if connection.endpoint else connection.profile,
        endpoint=connection.endpoint,
    )


def _api_name(field: str) -> str:
    return "".join(word.capitalize() for word in field.split("_"))


def _said(values: dict[str, object]) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }
