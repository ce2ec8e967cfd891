"""Checks of a trail's settings: each is valid, they fit together, and what they name exists."""

from typing import Any

from ctui.emulator.account.accounts import Account, KmsKey
from ctui.emulator.account.names import broken, topic_arn
from ctui.emulator.account.trails import TrailRecord
from ctui.emulator.errors.conditions import Condition, Refusal
from ctui.model.rules.rule import Field


def check_spelling(parameters: dict[str, Any]) -> None:
    """Raises Refusal for an invalid value. Empty values clear a setting, except the bucket."""
    bucket = parameters.get("S3BucketName")
    if bucket is not None and (reason := broken(Field.BUCKET, bucket)):
        raise Refusal(Condition.BUCKET_NAME, bucket=bucket, reason=reason)
    if reason := _broken(Field.PREFIX, parameters):
        raise Refusal(Condition.PREFIX_INVALID, reason=reason)
    if reason := _broken(Field.TOPIC, parameters):
        raise Refusal(Condition.TOPIC_NAME, topic=parameters[Field.TOPIC], reason=reason)
    if _broken(Field.LOG_GROUP, parameters):
        raise Refusal(Condition.GROUP_INVALID)
    if _broken(Field.ROLE, parameters):
        raise Refusal(Condition.ROLE_INVALID, role=parameters[Field.ROLE])
    if _broken(Field.KMS_KEY, parameters):
        raise Refusal(Condition.KMS_INVALID, key=parameters[Field.KMS_KEY])


def check_together(account: Account, trail: TrailRecord) -> None:
    """Raises Refusal for settings that do not go together."""
    if trail.log_group is not None and trail.role is None:
        raise Refusal(Condition.GROUP_ALONE)
    if trail.role is not None and trail.log_group is None:
        raise Refusal(Condition.ROLE_ALONE)
    if trail.multi_region and not trail.global_events:
        raise Refusal(Condition.GLOBAL_EVENTS)
    if trail.organization and account.organization == "none":
        raise Refusal(Condition.ORGANIZATION_NONE, account=account.id)
    if trail.organization and account.organization == "member":
        raise Refusal(Condition.ORGANIZATION_MEMBER, account=account.id)


def check_targets(account: Account, trail: TrailRecord, changed: set[str]) -> None:
    """Raises Refusal if a setting in `changed` names something that is missing or refuses CloudTrail."""
    if "bucket" in changed:
        bucket = account.bucket(trail.bucket)
        if bucket is None:
            raise Refusal(Condition.BUCKET_MISSING, bucket=trail.bucket)
        if bucket.policy == "bad":
            raise Refusal(Condition.BUCKET_POLICY, bucket=trail.bucket)
    if "topic" in changed and trail.topic is not None:
        topic = account.topic(topic_arn(account, trail.region, trail.topic))
        if topic is None or topic.policy == "bad":
            raise Refusal(Condition.TOPIC_POLICY)
    if {"log_group", "role"} & changed and trail.log_group is not None and trail.role is not None:
        _check_logs(account, trail.region, trail.log_group, trail.role)
    if "kms_key" in changed and trail.kms_key is not None:
        _check_kms(account, trail.kms_key, trail.bucket)


def kms_key_arn(account: Account, region: str, text: str) -> str:
    """The ARN of a key, given by ID, alias or the ARN of either. Raises Refusal(KMS_MISSING)."""
    for key in account.kms_keys:
        if key.region == region and text in _spellings(account, key):
            return _key_arn(account, key)
    raise Refusal(Condition.KMS_MISSING, key=text)


def _broken(field: Field, parameters: dict[str, Any]) -> str | None:
    text = parameters.get(field)
    return broken(field, text) if text else None


def _check_logs(account: Account, region: str, group: str, role: str) -> None:
    if region in account.regions_without_logs:
        raise Refusal(Condition.LOGS_UNAVAILABLE)
    if group.split(":")[3:5] != [region, account.id]:
        raise Refusal(Condition.GROUP_INVALID)
    if account.log_group(group) is None:
        raise Refusal(Condition.GROUP_MISSING, group=group)
    known = account.role(role)
    if known is None or known.trust == "bad":
        raise Refusal(Condition.ROLE_TRUST)


def _check_kms(account: Account, arn: str, bucket: str) -> None:
    key = next(key for key in account.kms_keys if _key_arn(account, key) == arn)
    if not key.enabled:
        raise Refusal(Condition.KMS_DISABLED, key=arn)
    if key.policy == "bad":
        raise Refusal(Condition.KMS_POLICY, bucket=bucket, key=arn)


def _key_arn(account: Account, key: KmsKey) -> str:
    return account.arn("kms", key.region, f"key/{key.id}")


def _spellings(account: Account, key: KmsKey) -> set[str]:
    aliases = {key.alias, account.arn("kms", key.region, key.alias)} if key.alias else set()
    return {key.id, _key_arn(account, key), *aliases}
