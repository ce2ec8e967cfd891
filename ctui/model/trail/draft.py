"""TrailDraft: the settings of a trail as a person wants them, and the parameters to send."""

from collections.abc import Mapping
from typing import Any

from ctui.model.rules.validate import Field, Finding, Value, validate_tags, validate_together, validate_value
from ctui.model.trail.trail import Trail
from ctui.model.values import dataclass

Tags = tuple[tuple[str, str], ...]
"""(key, value) of each tag; a value can be empty."""

_TEXTS = (Field.NAME, Field.BUCKET, Field.PREFIX, Field.TOPIC, Field.LOG_GROUP, Field.ROLE, Field.KMS_KEY)
_COUPLED = (frozenset({Field.LOG_GROUP, Field.ROLE}), frozenset({Field.MULTI_REGION, Field.GLOBAL_EVENTS}))
"""Fields that an update sends together: the service validates each pair as it is in the request."""

_FIELDS: Mapping[str, Field] = {
    "name": Field.NAME,
    "s3_bucket_name": Field.BUCKET,
    "s3_key_prefix": Field.PREFIX,
    "sns_topic_name": Field.TOPIC,
    "include_global_service_events": Field.GLOBAL_EVENTS,
    "cloud_watch_logs_log_group_arn": Field.LOG_GROUP,
    "cloud_watch_logs_role_arn": Field.ROLE,
    "is_multi_region_trail": Field.MULTI_REGION,
    "enable_log_file_validation": Field.VALIDATION,
    "kms_key_id": Field.KMS_KEY,
    "is_organization_trail": Field.ORGANIZATION,
}


class DraftError(ValueError):
    """A draft is not valid; `findings` says which fields and why."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("; ".join(f"{finding.field}: {finding.reason}" for finding in findings))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that an update changes."""

    field: Field
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class TrailDraft:
    """Every field of CreateTrail and UpdateTrail; "" means "not set". Raises DraftError if a rule is broken."""

    name: str
    s3_bucket_name: str
    s3_key_prefix: str = ""
    sns_topic_name: str = ""
    include_global_service_events: bool = True
    cloud_watch_logs_log_group_arn: str = ""
    cloud_watch_logs_role_arn: str = ""
    is_multi_region_trail: bool = False
    enable_log_file_validation: bool = False
    kms_key_id: str = ""
    is_organization_trail: bool = False
    tags: Tags = ()
    """Only for a new trail; UpdateTrail has no tags."""
    base: Trail | None = None
    """The trail that is changed, or None for a new one. Its current values are not validated again."""

    def __post_init__(self) -> None:
        wrong = tuple(one for one in validate_draft(self.values, self.tags, self.base).values() if not one.ok)
        if wrong:
            raise DraftError(wrong)
        if self.base is not None and (self.name != self.base.name or self.tags):
            raise ValueError("an update changes neither the name nor the tags of a trail")

    @property
    def values(self) -> dict[Field, Value]:
        """The value of every field except the tags."""
        return {field: getattr(self, attribute) for attribute, field in _FIELDS.items()}

    def changes(self) -> tuple[FieldChange, ...]:
        """What an update changes, in the order of the form; () for a new trail and if nothing differs."""
        if self.base is None:
            return ()
        held = trail_values(self.base)
        return tuple(FieldChange(field, held[field], new) for field, new in self.values.items() if new != held[field])

    def create_parameters(self) -> dict[str, Any]:
        """Parameters of CreateTrail: texts that are set, every switch, and the tags; a tag's Value if it has one."""
        parameters: dict[str, Any] = {str(field): value for field, value in self.values.items() if value != ""}
        if self.tags:
            parameters["TagsList"] = [
                {"Key": key, "Value": value} if value else {"Key": key} for key, value in self.tags
            ]
        return parameters

    def update_parameters(self) -> dict[str, Any]:
        """Parameters of UpdateTrail: the trail's ARN (or name), the changed and coupled fields; "" clears one.

        Raises ValueError for a draft of a new trail.
        """
        if self.base is None:
            raise ValueError("this draft is of a new trail")
        changed = {change.field for change in self.changes()}
        for pair in _COUPLED:
            if pair & changed:
                changed |= pair
        return {
            "Name": self.base.key,
            **{str(field): value for field, value in self.values.items() if field in changed},
        }


def trail_values(trail: Trail) -> dict[Field, Value]:
    """A trail's values as a form shows them; a value that the service did not return is the API's default."""
    return {
        Field.NAME: trail.name,
        Field.BUCKET: trail.s3_bucket_name or "",
        Field.PREFIX: trail.s3_key_prefix or "",
        Field.TOPIC: trail.sns_topic_name or trail.sns_topic_arn or "",
        Field.GLOBAL_EVENTS: trail.include_global_service_events is not False,
        Field.LOG_GROUP: trail.cloud_watch_logs_log_group_arn or "",
        Field.ROLE: trail.cloud_watch_logs_role_arn or "",
        Field.MULTI_REGION: trail.is_multi_region_trail is True,
        Field.VALIDATION: trail.log_file_validation_enabled is True,
        Field.KMS_KEY: trail.kms_key_id or "",
        Field.ORGANIZATION: trail.is_organization_trail is True,
    }


def validate_draft(
    values: Mapping[Field, Value],
    tags: Tags = (),
    base: Trail | None = None,
    home_region: str | None = None,
    bucket_region: str | None = None,
) -> dict[Field, Finding]:
    """Problems and warnings of a draft by field; a field without any is left out.

    `values` has every field except the tags. The current values of `base` are not validated one by one, since the
    service accepted them once; all fields are validated together.
    """
    held = trail_values(base) if base is not None else {}
    found: dict[Field, Finding] = {}
    for field in _TEXTS:
        value = values.get(field)
        if field in held and value == held[field]:
            continue
        finding = validate_value(field, value if isinstance(value, str) else "")
        if not finding.ok or finding.warning:
            found[field] = finding
    if not (finding := validate_tags(tags)).ok:
        found[Field.TAGS] = finding
    home = home_region or (base.home_region if base is not None else None)
    for finding in validate_together(values, home, bucket_region):
        found.setdefault(finding.field, finding)
    return found
