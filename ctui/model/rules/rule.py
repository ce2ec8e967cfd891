"""The form of a rule: a field, a test, a reason in words, and the error AWS answers with."""

from dataclasses import dataclass
from enum import StrEnum

from ctui.model.rules.validators import Validator, Validity


class Field(StrEnum):
    """What a rule is about; values are the API's own names where it has one."""

    NAME = "Name"
    TRAIL = "Name or ARN"
    """Name of UpdateTrail, DeleteTrail, StartLogging, StopLogging and GetTrailStatus, which may be an ARN today."""
    BUCKET = "S3BucketName"
    PREFIX = "S3KeyPrefix"
    TOPIC = "SnsTopicName"
    LOG_GROUP = "CloudWatchLogsLogGroupArn"
    ROLE = "CloudWatchLogsRoleArn"
    KMS_KEY = "KmsKeyId"
    GLOBAL_EVENTS = "IncludeGlobalServiceEvents"
    MULTI_REGION = "IsMultiRegionTrail"
    VALIDATION = "EnableLogFileValidation"
    ORGANIZATION = "IsOrganizationTrail"
    TAGS = "TagsList"
    TAG_KEY = "Key"
    TAG_VALUE = "Value"
    ATTRIBUTE_KEY = "AttributeKey"
    ATTRIBUTE_VALUE = "AttributeValue"
    READ_ONLY_VALUE = "AttributeValue of ReadOnly"
    MAX_RESULTS = "MaxResults"
    START_TIME = "StartTime"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a value may be, in characters."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that holds of a field's valid values."""

    field: Field
    validator: Validator
    reason: str
    """What a person can act on, said of the field. `{over}` stands for how much too long."""
    code: str
    """The error AWS answers with."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the rules say of one value."""

    field: Field
    validity: Validity
    reason: str = ""
    """Why it is not valid, for a person; "" where it is."""
    code: str = ""
    """The error AWS would answer with; "" where it is valid."""
    warning: str = ""
    """What is worth a thought and stops nobody; "" mostly."""

    @property
    def ok(self) -> bool:
        """True for a valid value."""
        return self.validity is Validity.OK
