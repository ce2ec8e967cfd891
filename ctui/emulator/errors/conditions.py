"""Everything that can be wrong with a call, and the exception for it."""

from enum import StrEnum


class Condition(StrEnum):
    """Everything that can be wrong with a call. The value is its name in the tests' matrix."""

    # the caller, and the form of the call
    HOST_REFUSED = "Host header names another machine"
    TOO_LARGE = "body over 1 MiB"
    HTTP_MALFORMED = "no HTTP request"
    TIMED_OUT = "request that does not end"
    SIGNATURE_MISSING = "no signature"
    SIGNATURE_MALFORMED = "malformed signature"
    SIGNATURE_WRONG = "wrong signature"
    SIGNATURE_SCOPE = "signature for another service"
    SIGNATURE_OLD = "signature too old"
    SIGNATURE_FUTURE = "signature from the future"
    SIGNATURE_TWICE = "signed in header and in query"
    QUERY_MALFORMED = "query string with a syntax error"
    QUERY_UNKNOWN = "query string with other parameters"
    ACTION_CLASH = "another action in the query string"
    VERSION_WRONG = "another API version in the query string"
    KEY_UNKNOWN = "unknown access key"
    TOKEN_INVALID = "session token missing or wrong"
    TOKEN_EXPIRED = "session token expired"
    REGION_DISABLED = "Region not enabled for the account"
    DENIED = "action denied to the key"
    ACTION_MISSING = "no action"
    ACTION_UNKNOWN = "unknown action"
    JSON_MALFORMED = "malformed JSON"
    TYPE_WRONG = "value of a wrong type"
    PARAMETER_MISSING = "required parameter missing"
    PARAMETER_CLASH = "one parameter in two spellings"
    THROTTLED = "call throttled"
    INTERNAL = "internal failure"
    UNAVAILABLE = "service unavailable"
    # trails
    TRAIL_NOT_FOUND = "unknown trail"
    TRAIL_EXISTS = "trail exists"
    TRAILS_FULL = "five trails already"
    NAME_SHORT = "trail name too short"
    NAME_LONG = "trail name too long"
    NAME_START = "trail name starts with a sign"
    NAME_SIGNS = "trail name with forbidden characters"
    NAME_END = "trail name ends with a sign"
    NAME_ADJACENT = "trail name with two signs in a row"
    NAME_IP = "trail name like an IP address"
    ARN_INVALID = "malformed trail ARN"
    HOME_REGION = "write outside the home Region"
    TRAIL_BUSY = "trail is being changed"
    # where a trail delivers
    BUCKET_NAME = "invalid bucket name"
    BUCKET_MISSING = "bucket does not exist"
    BUCKET_POLICY = "bucket policy refuses"
    PREFIX_INVALID = "invalid key prefix"
    TOPIC_NAME = "invalid topic name"
    TOPIC_POLICY = "topic missing or its policy refuses"
    LOGS_UNAVAILABLE = "no CloudWatch Logs delivery in the Region"
    GROUP_INVALID = "invalid log group"
    GROUP_MISSING = "log group does not exist"
    GROUP_ALONE = "log group without role"
    ROLE_ALONE = "role without log group"
    ROLE_INVALID = "invalid role"
    ROLE_TRUST = "role missing or with bad trust"
    GLOBAL_EVENTS = "multi-Region without global events"
    KMS_INVALID = "invalid KMS key id"
    KMS_MISSING = "KMS key does not exist"
    KMS_DISABLED = "KMS key disabled"
    KMS_POLICY = "KMS key policy refuses"
    TAG_INVALID = "invalid tag"
    TAGS_MANY = "more than 50 tags"
    ORGANIZATION_NONE = "organization trail without organization"
    ORGANIZATION_MEMBER = "organization trail from a member account"
    # lookups
    ATTRIBUTE_KEY = "unknown attribute key"
    ATTRIBUTE_VALUE = "attribute value empty or too long"
    ATTRIBUTES_MANY = "more than one attribute"
    MAX_RESULTS = "MaxResults outside 1 to 50"
    NEXT_TOKEN = "forged, foreign or changed token"
    TIME_ORDER = "start after end"
    TIME_RANGE = "time that cannot be"
    CATEGORY = "unknown event category"


class Refusal(Exception):
    """A call is refused for `condition`. `fields` fill in the message (errors/table.py)."""

    def __init__(self, condition: Condition, **fields: object) -> None:
        super().__init__(condition, fields)
        self.condition = condition
        self.fields = fields
