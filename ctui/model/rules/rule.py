"""Rule: a field, a validator, a reason for a person, and the error code of AWS."""

from enum import StrEnum

from ctui.model.rules.validators import Validator, Validity
from ctui.model.values import dataclass


class Field(StrEnum):
    """What a rule is about. The values are the API's own names, if it has one."""

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


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition on the values of a field."""

    field: Field
    validator: Validator
    reason: str
    """What to correct, as a sentence without a period. `{over}` becomes the number of characters too many."""
    code: str
    """The error code that AWS returns."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of validating one value."""

    field: Field
    validity: Validity
    reason: str = ""
    """Why the value is not valid; "" if it is."""
    code: str = ""
    """The error code that AWS would return; "" if the value is valid."""
    warning: str = ""
    """A warning about a valid value; usually ""."""

    @property
    def ok(self) -> bool:
        """True for a valid value."""
        return self.validity is Validity.OK
