"""The one table of errors: which condition gives which code, HTTP status and message, in each edition.

Today's column has the real service's codes, its 400 for nearly everything, and its messages where they are known. The
2015 column has exactly what the API reference of September 2015 lists under "Errors" and "Common Errors". If that
reference has no entry for a condition, a comment says what is returned instead.
"""

from ctui.emulator.errors.conditions import Condition as C
from ctui.emulator.errors.conditions import Refusal
from ctui.emulator.errors.error_row import (
    ALL,
    EXISTING,
    LOOKUP,
    NAMED,
    SETTINGS,
    WRITES,
    Never,
    Row,
    Wire,
    common,
    in_query,
    lookup,
    made,
    modelled,
    name,
    same,
    setting,
    since,
)
from ctui.emulator.options import Edition

_NO_HTTP = "This is no HTTP request that can be read."
_BAD_SIGNATURE = "The request signature does not conform to AWS standards."
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
_BAD_TOKEN = "The security token included in the request is invalid."
_NO_RECORD = "The X.509 certificate or AWS access key ID provided does not exist in our records."
_NULL = "1 validation error detected: Value null at '{wire}' failed to satisfy constraint: Member must not be null"
_DOWN = "The request has failed due to a temporary failure of the server."
_FAILED = "The request processing has failed because of an unknown error, exception or failure."
_ATTRIBUTES = "InvalidLookupAttributesException"
_SIGNS = (
    "Trail name or ARN can only contain uppercase letters, lowercase letters, numbers, periods (.), hyphens (-), "
    "and underscores (_)."
)
_DENIED = (
    "User: {arn} is not authorized to perform: {service}:{action} because no identity-based policy allows the "
    "{service}:{action} action"
)

COMMON: dict[C, Row] = {
    C.HOST_REFUSED: same(ALL, "AccessDeniedException", 403, "This emulator answers to loopback names only."),
    C.TOO_LARGE: common(
        ("RequestEntityTooLargeException", 413),
        ("ValidationError", 400),
        "A request body may have {limit} bytes at most.",
    ),
    # These two end the connection before there is an action. The reference does not mention them.
    C.HTTP_MALFORMED: Row((), Wire("SerializationException", 400, _NO_HTTP), Wire("ValidationError", 400, _NO_HTTP)),
    C.TIMED_OUT: same((), "RequestTimeoutException", 408, "The request took too long to arrive."),
    C.SIGNATURE_MISSING: common(
        ("MissingAuthenticationTokenException", 400),
        ("MissingAuthenticationToken", 403),
        "Missing Authentication Token",
        "The request must contain either a valid (registered) AWS access key ID or X.509 certificate.",
    ),
    C.SIGNATURE_MALFORMED: common(
        ("IncompleteSignatureException", 400), ("IncompleteSignature", 400), "{detail}", _BAD_SIGNATURE + " {detail}"
    ),
    # The reference has no entry for a signature that does not match. This one is closest.
    C.SIGNATURE_WRONG: common(
        ("InvalidSignatureException", 400), ("IncompleteSignature", 400), _MISMATCH, _BAD_SIGNATURE
    ),
    C.SIGNATURE_SCOPE: common(
        ("InvalidSignatureException", 400),
        ("IncompleteSignature", 400),
        "Credential should be scoped to correct service: '{service}'.",
    ),
    C.SIGNATURE_OLD: common(
        ("InvalidSignatureException", 400),
        ("RequestExpired", 400),
        "Signature expired: {signed} is now earlier than {limit} ({now} - {minutes} min.)",
    ),
    C.SIGNATURE_FUTURE: common(
        ("InvalidSignatureException", 400),
        ("RequestExpired", 400),
        "Signature not yet current: {signed} is still later than {limit} ({now} + {minutes} min.)",
    ),
    C.SIGNATURE_TWICE: common(
        ("IncompleteSignatureException", 400),
        ("InvalidParameterCombination", 400),
        "A request is signed either in its Authorization header or in its query string.",
    ),
    C.QUERY_MALFORMED: common(
        ("SerializationException", 400), ("MalformedQueryString", 404), "The query string contains a syntax error."
    ),
    C.QUERY_UNKNOWN: in_query("InvalidQueryParameter", "The AWS query string does not adhere to AWS standards: {name}"),
    C.ACTION_CLASH: in_query(
        "InvalidParameterCombination", "Parameters that must not be used together were used: Action and X-Amz-Target"
    ),
    C.VERSION_WRONG: in_query("InvalidParameterValue", "An invalid value was supplied for Version: {version}"),
    C.VERSION_MISSING: in_query(
        "MissingParameter", "A required parameter for the specified action is not supplied: Version"
    ),
    C.KEY_UNKNOWN: common(("UnrecognizedClientException", 400), ("InvalidClientTokenId", 403), _BAD_TOKEN, _NO_RECORD),
    C.TOKEN_INVALID: common(
        ("UnrecognizedClientException", 400), ("InvalidClientTokenId", 403), _BAD_TOKEN, _NO_RECORD
    ),
    # The reference has no entry for an expired session token.
    C.TOKEN_EXPIRED: common(
        ("ExpiredTokenException", 400),
        ("InvalidClientTokenId", 403),
        "The security token included in the request is expired",
    ),
    C.REGION_DISABLED: common(
        ("UnrecognizedClientException", 400),
        ("OptInRequired", 403),
        _BAD_TOKEN,
        "The AWS access key ID needs a subscription for the service.",
    ),
    # The reference has no entry for a denied action. The service returned then what it returns now.
    C.DENIED: same(ALL, "AccessDeniedException", 400, _DENIED),
    C.ACTION_MISSING: common(
        ("UnknownOperationException", 400),
        ("MissingAction", 400),
        "The request names no operation.",
        "The request is missing an action or a required parameter.",
    ),
    C.ACTION_UNKNOWN: common(
        ("UnknownOperationException", 400),
        ("InvalidAction", 400),
        "The operation requested is not known: {action}",
        "The action or operation requested is invalid. Verify that the action is typed correctly: {action}",
    ),
    C.JSON_MALFORMED: common(
        ("SerializationException", 400), ("ValidationError", 400), "The request body is no JSON object. {detail}"
    ),
    C.TYPE_WRONG: common(
        ("SerializationException", 400),
        ("InvalidParameterValue", 400),
        "{got} can not be converted to {wanted}: {name}",
        "An invalid value was supplied for {name}: {got} is no {wanted}.",
    ),
    C.PARAMETER_MISSING: Row(
        (*NAMED, "LookupEvents"),
        Wire("ValidationException", 400, _NULL),
        Wire("MissingParameter", 400, "A required parameter for the specified action is not supplied: {name}"),
    ),
    C.PARAMETER_CLASH: Row(
        ("DescribeTrails",),
        Wire("SerializationException", 400, "{name} is given twice, in two spellings."),
        Wire("InvalidParameterCombination", 400, "Parameters that must not be used together were used: {name}"),
    ),
    C.THROTTLED: common(("ThrottlingException", 400), ("Throttling", 400), "Rate exceeded"),
    C.INTERNAL: same(ALL, "InternalFailure", 500, _FAILED),
    C.UNAVAILABLE: same(ALL, "ServiceUnavailable", 503, _DOWN),
}

TRAILS: dict[C, Row] = {
    C.TRAIL_NOT_FOUND: modelled(
        EXISTING, "TrailNotFoundException", 404, "Unknown trail: {trail} for the user: {account}"
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
    C.NAME_END: name("Trail name must end with a letter or number."),
    C.NAME_ADJACENT: name("Trail name cannot have adjacent periods, hyphens or underscores."),
    C.NAME_IP: name("Trail name cannot be in IP address format."),
    C.ARN_INVALID: since(
        (*EXISTING, "DescribeTrails"),
        "CloudTrailARNInvalidException",
        "The trail ARN is not valid: {trail}",
        "trail ARNs: there an ARN is an invalid name",
    ),
    C.HOME_REGION: since(
        WRITES,
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
    C.TAG_INVALID: since(("CreateTrail",), "InvalidTagParameterException", "{reason}", "tags"),
    C.TAGS_MANY: since(
        ("CreateTrail",),
        "TagsLimitExceededException",
        "A trail can have {limit} tags at most, {count} were given.",
        "tags",
    ),
    C.TRAIL_BUSY: since(
        WRITES,
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
        ("CreateTrail", *WRITES),
        "NotOrganizationMasterAccountException",
        "Account {account} is not the management account of its organization.",
        "organization trails",
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
    C.TIME_ORDER: lookup("InvalidTimeRangeException", "Start time cannot be after end time."),
    C.TIME_RANGE: lookup("InvalidTimeRangeException", "The time range is outside the range of possible values: {name}"),
    C.CATEGORY: since(
        LOOKUP, "InvalidEventCategoryException", "Event category is not valid: {category}", "event categories"
    ),
}

TABLE: dict[C, Row] = {**COMMON, **TRAILS, **LOOKUPS}


def wire_of(refusal: Refusal, edition: Edition) -> Wire:
    """Code, status and complete message. Raises AssertionError for a cell that should never occur: our mistake."""
    cell = TABLE[refusal.condition].of(edition)
    if isinstance(cell, Never):
        raise AssertionError(f"{refusal.condition}: said never to occur in edition {edition}: {cell.reason}")
    return Wire(cell.code, cell.status, cell.message.format(**refusal.fields))
