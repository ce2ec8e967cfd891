"""CreateTrail, UpdateTrail and DeleteTrail."""

from typing import Any

from msgspec.structs import replace

from ctui.emulator.account.accounts import Account
from ctui.emulator.account.names import check_trail_name
from ctui.emulator.account.trails import MAX_TRAILS, TrailRecord
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.emulator.operations.call import Answer, Call, ServiceState
from ctui.emulator.operations.checks import check_spelling, check_targets, check_together, kms_key_arn
from ctui.emulator.operations.describe import settings_of
from ctui.emulator.operations.find import trail_to_change
from ctui.emulator.operations.tags import check_count, tags_of

_FIELDS = {
    "S3BucketName": "bucket",
    "S3KeyPrefix": "prefix",
    "SnsTopicName": "topic",
    "CloudWatchLogsLogGroupArn": "log_group",
    "CloudWatchLogsRoleArn": "role",
    "KmsKeyId": "kms_key",
    "IncludeGlobalServiceEvents": "global_events",
    "IsMultiRegionTrail": "multi_region",
    "EnableLogFileValidation": "validation",
    "IsOrganizationTrail": "organization",
    "RecursiveLogging": "recursive",
}
"""Request parameter -> field of TrailRecord."""


def create_trail(state: ServiceState, call: Call) -> Answer:
    """Make a trail. It is not logging until StartLogging."""
    account, region, name = call.caller.account, call.caller.region, call.parameters["Name"]
    check_trail_name(name)
    changes = _changes(account, region, call.parameters)
    tags = tags_of(call.parameters.get("TagsList", []))
    check_count(tags)
    trail = TrailRecord(account=account.id, region=region, name=name, created=call.now, tags=tags, **changes)
    check_together(account, trail)
    if state.store.trail(account.id, region, name) is not None:
        raise Refusal(Condition.TRAIL_EXISTS, trail=name, account=account.id)
    _check_room(state, trail)
    check_targets(account, trail, set(changes))
    state.store.put(trail, call.now)
    return settings_of(account, trail, today=state.rules.today)


def update_trail(state: ServiceState, call: Call) -> Answer:
    """Change a trail. What is not sent stays; what is sent empty is cleared."""
    trail = trail_to_change(state, call, call.parameters["Name"])
    account = call.caller.account
    changes = _changes(account, trail.region, call.parameters)
    changed = replace(trail, **changes)
    check_together(account, changed)
    if changed.multi_region and not trail.multi_region:
        _check_room(state, changed)
    check_targets(account, changed, set(changes))
    state.store.put(changed, call.now)
    return settings_of(account, changed, today=state.rules.today)


def delete_trail(state: ServiceState, call: Call) -> Answer:
    """Delete a trail. Bucket and log files stay."""
    state.store.delete(trail_to_change(state, call, call.parameters["Name"]), call.now)
    return None


def _changes(account: Account, region: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The fields that are sent, checked. An empty text clears a field."""
    check_spelling(parameters)
    sent = {field: parameters[name] for name, field in _FIELDS.items() if name in parameters}
    if sent.get("kms_key"):
        sent["kms_key"] = kms_key_arn(account, region, sent["kms_key"])
    return {field: None if value == "" else value for field, value in sent.items()}


def _check_room(state: ServiceState, new: TrailRecord) -> None:
    """Raises Refusal if a Region that would see the trail already has one of its name, or five others.

    Shadow trails count in their Region for both. The service model lists neither error for UpdateTrail, but no Region
    can show six trails: a trail that becomes multi-Region is refused like a new one.
    """
    others = [one for one in state.store.trails(new.account) if (one.region, one.name) != (new.region, new.name)]
    regions = {new.region} | ({one.region for one in others} if new.multi_region else set())
    seen = {region: [one for one in others if one.seen_in(region)] for region in sorted(regions)}
    if any(one.name == new.name for trails in seen.values() for one in trails):
        raise Refusal(Condition.TRAIL_EXISTS, trail=new.name, account=new.account)
    for region, trails in seen.items():
        if len(trails) >= MAX_TRAILS:
            raise Refusal(Condition.TRAILS_FULL, account=new.account, limit=MAX_TRAILS, region=region)
