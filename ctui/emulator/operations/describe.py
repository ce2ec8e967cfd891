"""DescribeTrails, GetTrail and ListTrails, and a trail's settings in answers."""

from typing import Any

from ctui.emulator.account.accounts import Account
from ctui.emulator.account.names import topic_arn
from ctui.emulator.account.trails import TrailRecord
from ctui.emulator.errors.conditions import Refusal
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.find import is_arn, own_trail, trail_by_arn, trail_to_read, trails_seen


def describe_trails(state: ServiceState, call: Call) -> Answer:
    """The trails of the Region, with shadow trails unless IncludeShadowTrails is false.

    A name finds a trail of this Region, an ARN one of any Region. Unknown ones are left out.
    """
    account, region = call.caller.account, call.caller.region
    names = call.parameters.get("TrailNameList")
    if names:
        trails = [trail for name in names if (trail := _named(state, call, name)) is not None]
    else:
        shadows = call.parameters.get("IncludeShadowTrails", True)
        trails = [trail for trail in trails_seen(state, call) if shadows or trail.region == region]
    unique = {(trail.account, trail.region, trail.name): trail for trail in trails}
    # The reference writes TrailList. On the wire it has always been trailList.
    return {"trailList": [_described(account, trail, today=state.rules.today) for trail in unique.values()]}


def get_trail(state: ServiceState, call: Call) -> Answer:
    """The settings of one trail."""
    trail = trail_to_read(state, call, call.parameters["Name"])
    return {"Trail": _described(call.caller.account, trail, today=True)}


def list_trails(state: ServiceState, call: Call) -> Answer:
    """Name, ARN and home Region of each trail that the Region shows. It is one page: they are few."""
    account = call.caller.account
    return {
        "Trails": [
            {"TrailARN": trail_arn(account, trail), "Name": trail.name, "HomeRegion": trail.region}
            for trail in trails_seen(state, call)
        ]
    }


def settings_of(account: Account, trail: TrailRecord, *, today: bool) -> dict[str, Any]:
    """A trail's settings as CreateTrail and UpdateTrail return them, without those that are not set."""
    settings: dict[str, Any] = {
        "Name": trail.name,
        "S3BucketName": trail.bucket,
        "S3KeyPrefix": trail.prefix,
        "SnsTopicName": trail.topic,
        "IncludeGlobalServiceEvents": trail.global_events,
        "CloudWatchLogsLogGroupArn": trail.log_group,
        "CloudWatchLogsRoleArn": trail.role,
    }
    if today:
        settings |= {
            "SnsTopicARN": trail.topic and topic_arn(account, trail.region, trail.topic),
            "IsMultiRegionTrail": trail.multi_region,
            "TrailARN": trail_arn(account, trail),
            "LogFileValidationEnabled": trail.validation,
            "KmsKeyId": trail.kms_key,
            "IsOrganizationTrail": trail.organization,
            "RecursiveLogging": trail.recursive,
        }
    return {key: value for key, value in settings.items() if value is not None}


def trail_arn(account: Account, trail: TrailRecord) -> str:
    """The ARN of a trail. That of an organization trail names the management account for every caller."""
    return f"arn:{account.partition}:cloudtrail:{trail.region}:{trail.account}:trail/{trail.name}"


def _described(account: Account, trail: TrailRecord, *, today: bool) -> dict[str, Any]:
    settings = settings_of(account, trail, today=today)
    if today:
        settings |= {
            "HomeRegion": trail.region,
            "HasCustomEventSelectors": bool(trail.event_selectors or trail.advanced_selectors),
            "HasInsightSelectors": bool(trail.insight_selectors),
        }
    return settings


def _named(state: ServiceState, call: Call, name: str) -> TrailRecord | None:
    if is_arn(state, name):
        return trail_by_arn(state, call, name)
    try:
        return own_trail(state, call, name)
    except Refusal:
        if state.rules.today:
            raise
        # The 2015 reference lists no error for DescribeTrails: an invalid name is an unknown one.
        return None
