"""The fields of the trail form: in which order, under which heading, called what, and what each is for."""

from collections.abc import Mapping

from ctui.model.rules.validate import Field, Value
from ctui.model.values import dataclass


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of the form."""

    field: Field
    section: str
    label: str
    help: str
    """One line: what it is for."""
    example: str = ""
    """Stands in the empty field."""

    @property
    def switch(self) -> bool:
        """True for a field that is on or off."""
        return self.field in SWITCHES


SWITCHES = frozenset({Field.GLOBAL_EVENTS, Field.MULTI_REGION, Field.VALIDATION, Field.ORGANIZATION})

_FILES, _SCOPE, _PROOF, _NEWS, _LOGS = (
    "Log files",
    "What is recorded",
    "Integrity and encryption",
    "Notifications",
    "CloudWatch Logs",
)

SPECS: tuple[FieldSpec, ...] = (
    FieldSpec(Field.NAME, "Trail", "Name", "Cannot be changed later.", "management-events"),
    FieldSpec(Field.BUCKET, _FILES, "S3 bucket", "For log files. CloudTrail needs access.", "trail-logs"),
    FieldSpec(Field.PREFIX, _FILES, "Key prefix", "Folder in the bucket, before AWSLogs/. Optional.", "none"),
    FieldSpec(
        Field.MULTI_REGION, _SCOPE, "Multi-Region", "All Regions, new ones too. Recommended."
    ),
    FieldSpec(Field.GLOBAL_EVENTS, _SCOPE, "Global services", "IAM, STS, CloudFront: events without a Region."),
    FieldSpec(Field.ORGANIZATION, _SCOPE, "Organization", "All accounts. Management account only."),
    FieldSpec(Field.VALIDATION, _PROOF, "File validation", "Signed digests detect changed files. Recommended."),
    FieldSpec(
        Field.KMS_KEY, _PROOF, "KMS key", "Encrypts the files. Alias, key ID or ARN.",
        "none: S3 encrypts",
    ),
    FieldSpec(Field.TOPIC, _NEWS, "SNS topic", "Notified for each log file. Topic name or ARN.", "none"),
    FieldSpec(Field.LOG_GROUP, _LOGS, "Log group ARN", "Gets events too, for alarms and searches.", "none"),
    FieldSpec(Field.ROLE, _LOGS, "Role ARN", "CloudTrail assumes it to write to the log group.", "none"),
    FieldSpec(Field.TAGS, "Tags", "Tags", "key=value, separated by commas. New trails only.", "none"),
)  # fmt: skip
"""Every field of CreateTrail, in the order of the form; UpdateTrail has the same without tags."""

_BY_FIELD: Mapping[Field, FieldSpec] = {spec.field: spec for spec in SPECS}


def spec_of(field: Field) -> FieldSpec:
    """The spec of a field; raises KeyError for a field that is in no form."""
    return _BY_FIELD[field]


def value_words(value: Value) -> str:
    """A value as a review shows it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return value or "not set"
