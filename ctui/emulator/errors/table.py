"""The one table of errors: which condition gives which code, HTTP status and message, in each edition.

Today's column has the real service's codes, its 400 for nearly everything, and its messages where they are known. The
2015 column has exactly what the API reference of September 2015 lists under "Errors" and "Common Errors". If that
reference has no entry for a condition, a comment says what is returned instead.
"""

from ctui.emulator.errors.common_rows import COMMON
from ctui.emulator.errors.conditions import Condition as C
from ctui.emulator.errors.conditions import Refusal
from ctui.emulator.errors.error_row import (
    EXISTING,
    LOOKUP,
    NAMED_SINCE,
    SELECTOR_WRITES,
    SETTINGS,
    TAG_WRITES,
    TAGS,
    WRITES,
    Never,
    Row,
    Wire,
    lookup,
    made,
    modelled,
    name,
    setting,
    since,
)
from ctui.emulator.options import Edition

_MANY = (
    "1 validation error detected: Value at 'resourceIdList' failed to satisfy constraint: Member must have length "
    "less than or equal to {limit}"
)
_INSIGHTS = ("GetInsightSelectors", "PutInsightSelectors")
_ATTRIBUTES = "InvalidLookupAttributesException"
_SIGNS = (
    "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), "
    "and underscores (_)."
)

TRAILS: dict[C, Row] = {
    C.TRAIL_NOT_FOUND: modelled(
        EXISTING, "TrailNotFoundException", 404, "Unknown trail: {trail} for the user: {account}", later=NAMED_SINCE
    ),
    # For a trail that becomes multi-Region, these two are our choice: the service model lists none that fits.
    C.TRAIL_EXISTS: made("TrailAlreadyExistsException", 400, "Trail {trail} already exists for customer: {account}"),
    C.TRAILS_FULL: made(
        "MaximumNumberOfTrailsExceededException", 403, "User: {account} already has {limit} trails in {region}."
    ),
    C.NAME_BLANK: name("Trail name cannot be blank!"),
    C.NAME_SHORT: name(
        "Trail name too short. Minimum allowed length: 3 characters. Specified name length: {length} characters."
    ),
    C.NAME_LONG: name(
        "Trail name too long. Maximum allowed length: 128 characters. Specified name length: {length} characters."
    ),
    C.NAME_START: name("Trail name must starts with a letter or number."),
    C.NAME_SIGNS: name(_SIGNS),
    C.NAME_END: name("Trail name must ends with a letter or number."),
    C.NAME_ADJACENT: name("Trail name cannot have adjacent periods, hyphens or underscores."),
    C.NAME_IP: name("Trail name cannot be in IP address format."),
    C.ARN_INVALID: since(
        (*EXISTING, "DescribeTrails", *NAMED_SINCE, *TAGS),
        "CloudTrailARNInvalidException",
        "The trail ARN is not valid: {trail}",
        "trail ARNs: there an ARN is an invalid name",
    ),
    C.ARN_ACCOUNT: since(
        TAGS,
        "CloudTrailARNInvalidException",
        "AccountID in ARN is wrong, you can only access resources with AccountID {account}.",
        "tags",
    ),
    C.ARN_REGION: since(
        TAGS,
        "CloudTrailARNInvalidException",
        "Region in ARN is wrong, you can only access resources of Region {region}.",
        "tags",
    ),
    C.RESOURCE_TYPE: since(
        TAGS, "ResourceTypeNotSupportedException", "Resource type is not supported: {resource}", "tags"
    ),
    C.RESOURCE_MISSING: since(TAGS, "ResourceNotFoundException", "Resource {resource} is not found.", "tags"),
    C.RESOURCES_MANY: since(("ListTags",), "ValidationException", _MANY, "tags"),
    C.HOME_REGION: since(
        (*WRITES, *SELECTOR_WRITES),
        "InvalidHomeRegionException",
        "Trail {trail} can only be changed in its home Region {home}.",
        "shadow trails: a trail is seen in its own Region alone",
    ),
    C.BUCKET_NAME: setting("InvalidS3BucketNameException", 400, "Bucket name is not valid: {bucket}. {reason}"),
    C.BUCKET_MISSING: setting("S3BucketDoesNotExistException", 404, "S3 bucket {bucket} does not exist!"),
    C.BUCKET_POLICY: setting(
        "InsufficientS3BucketPolicyException", 403, "Incorrect S3 bucket policy is detected for bucket: {bucket}"
    ),
    C.PREFIX_INVALID: setting("InvalidS3PrefixException", 400, "The S3 key prefix is not valid. {reason}"),
    C.TOPIC_NAME: setting("InvalidSnsTopicNameException", 400, "The SNS topic name is not valid: {topic}. {reason}"),
    C.TOPIC_POLICY: setting(
        "InsufficientSnsTopicPolicyException", 403, "SNS Topic does not exist or the topic policy is incorrect!"
    ),
    C.LOGS_UNAVAILABLE: setting(
        "CloudWatchLogsDeliveryUnavailableException", 400, "Cannot set a CloudWatch Logs delivery for this region."
    ),
    C.GROUP_INVALID: setting(
        "InvalidCloudWatchLogsLogGroupArnException",
        400,
        "CloudTrail cannot validate the specified log group ARN.",
    ),
    C.GROUP_MISSING: setting(
        "InvalidCloudWatchLogsLogGroupArnException", 400, "The specified log group does not exist: {group}"
    ),
    C.GROUP_ALONE: setting(
        "InvalidCloudWatchLogsRoleArnException", 400, "You must specify a role ARN as well as a log group."
    ),
    C.ROLE_ALONE: setting(
        "InvalidCloudWatchLogsLogGroupArnException", 400, "You must specify a log group as well as a role ARN."
    ),
    C.ROLE_INVALID: setting("InvalidCloudWatchLogsRoleArnException", 400, "The role ARN is not valid: {role}"),
    C.ROLE_TRUST: setting(
        "InvalidCloudWatchLogsRoleArnException", 400, "Access denied. Check the trust relationships for your role."
    ),
    C.GLOBAL_EVENTS: since(
        SETTINGS,
        "InvalidParameterCombinationException",
        "Multi-Region trail must include global service events.",
        "multi-Region trails",
    ),
    C.KMS_INVALID: since(SETTINGS, "InvalidKmsKeyIdException", "The KMS key id is not valid: {key}", "KmsKeyId"),
    C.KMS_MISSING: since(SETTINGS, "KmsKeyNotFoundException", "KMS key {key} does not exist.", "KmsKeyId"),
    C.KMS_DISABLED: since(SETTINGS, "KmsKeyDisabledException", "KMS key {key} is disabled.", "KmsKeyId"),
    C.KMS_POLICY: since(
        SETTINGS,
        "InsufficientEncryptionPolicyException",
        "Insufficient permissions to access S3 bucket {bucket} or KMS key {key}.",
        "KmsKeyId",
    ),
    C.TAG_INVALID: since(("CreateTrail", *TAG_WRITES), "InvalidTagParameterException", "{reason}", "tags"),
    C.TAGS_MANY: since(
        ("CreateTrail", "AddTags"),
        "TagsLimitExceededException",
        "A trail can have {limit} tags at most, not {count}.",
        "tags",
    ),
    C.TRAIL_BUSY: since(
        (*WRITES, *SELECTOR_WRITES, *TAG_WRITES),
        "ConflictException",
        "Trail {trail} is being changed by another request. Try again.",
        "ConflictException",
    ),
    C.ORGANIZATION_NONE: since(
        SETTINGS,
        "OrganizationsNotInUseException",
        "Account {account} is not part of an organization.",
        "organization trails",
    ),
    C.ORGANIZATION_MEMBER: since(
        ("CreateTrail", *WRITES, *SELECTOR_WRITES),
        "NotOrganizationMasterAccountException",
        "Account {account} is not the management account of its organization.",
        "organization trails",
    ),
}

SELECTORS: dict[C, Row] = {
    C.EVENT_SELECTORS: since(("PutEventSelectors",), "InvalidEventSelectorsException", "{reason}", "event selectors"),
    C.INSIGHT_SELECTORS: since(
        ("PutInsightSelectors",), "InvalidInsightSelectorsException", "{reason}", "Insights selectors"
    ),
    C.INSIGHTS_OFF: since(
        ("GetInsightSelectors",),
        "InsightNotEnabledException",
        "Trail {trail} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the "
        "operation again.",
        "Insights",
    ),
    C.TRAIL_AND_STORE: since(
        _INSIGHTS,
        "InvalidParameterCombinationException",
        "TrailName and EventDataStore cannot be used together.",
        "Insights",
    ),
    C.TRAIL_OR_STORE: since(
        _INSIGHTS, "InvalidParameterException", "Either TrailName or EventDataStore is required.", "Insights"
    ),
}

LOOKUPS: dict[C, Row] = {
    C.ATTRIBUTE_KEY: lookup("InvalidLookupAttributesException", "Attribute key is not valid: {key}"),
    # The 2015 reference has no maximum length.
    C.ATTRIBUTE_VALUE: Row(
        LOOKUP,
        Wire(_ATTRIBUTES, 400, "Attribute value must have 1 to 2000 characters, not {length}."),
        Wire(_ATTRIBUTES, 400, "Attribute value must not be empty."),
    ),
    C.ATTRIBUTES_MANY: Row(
        LOOKUP,
        Never("today's service looks at the first attribute and says nothing of the others"),
        Wire(_ATTRIBUTES, 400, "The list of lookup attributes can contain only one item."),
    ),
    C.MAX_RESULTS: lookup("InvalidMaxResultsException", "Max results must be between 1 and 50, not {value}."),
    C.NEXT_TOKEN: lookup(
        "InvalidNextTokenException",
        "Invalid token, or a token that was previously used in a request with different parameters.",
    ),
    C.TOKEN_RESERVED: since(
        ("ListTags", "ListPublicKeys"), "InvalidTokenException", "The token is not valid.", "such actions"
    ),
    C.TIME_ORDER: lookup(
        "InvalidTimeRangeException", "Start time cannot be after end time.", later=("ListPublicKeys",)
    ),
    C.TIME_RANGE: lookup(
        "InvalidTimeRangeException",
        "The time range is outside the range of possible values: {name}",
        later=("ListPublicKeys",),
    ),
    C.CATEGORY: since(
        LOOKUP, "InvalidEventCategoryException", "Event category is not valid: {category}", "event categories"
    ),
}

TABLE: dict[C, Row] = {**COMMON, **TRAILS, **SELECTORS, **LOOKUPS}


def wire_of(refusal: Refusal, edition: Edition) -> Wire:
    """Code, status and complete message. Raises AssertionError for a cell that should never occur: our mistake."""
    cell = TABLE[refusal.condition].of(edition)
    if isinstance(cell, Never):
        raise AssertionError(f"{refusal.condition}: said never to occur in edition {edition}: {cell.reason}")
    return Wire(cell.code, cell.status, cell.message.format(**refusal.fields))
