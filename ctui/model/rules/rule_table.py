"""The table of rules: what a valid name, bucket, prefix, ARN, … is. `validate` evaluates it.

Sources: the API reference (CreateTrail, LookupEvents, LookupAttribute) and today's service model for names, lengths and
codes; the S3, SNS, IAM and KMS guides for the names of their resources. Regions and partitions are not compared with a
list, since AWS adds new ones.
"""

from collections.abc import Mapping

from ctui.model.event.attribute import AttributeKey
from ctui.model.rules.rule import Field, Rule
from ctui.model.rules.validators import (
    Validator,
    Validity,
    all_of,
    any_of,
    arn_part,
    at_least,
    at_most,
    fits,
    never,
    no_ip,
    not_ending,
    not_starting,
    one_of,
    starting_with,
    uuid,
    when,
)

MAX_LENGTHS: Mapping[Field, int] = {
    Field.NAME: 128,
    Field.BUCKET: 63,
    Field.PREFIX: 200,
    Field.TOPIC: 256,
    Field.TAG_KEY: 128,
    Field.TAG_VALUE: 256,
    Field.ATTRIBUTE_VALUE: 2000,
}
"""How many characters a field may have; `attribute_length` counts an AttributeValue."""

MAX_TAGS = 50
"""How many tags a trail may have."""

REQUIRED = frozenset({Field.NAME, Field.TRAIL, Field.BUCKET, Field.TAG_KEY, Field.ATTRIBUTE_KEY, Field.ATTRIBUTE_VALUE})
"""Fields that must not be empty."""


def attribute_length(value: str) -> int:
    r"""Characters of an AttributeValue as its limit counts them: `_`, space, comma and `\n` count twice."""
    return len(value) + sum(value.count(double) for double in ("_", " ", ",", "\n"))


def _is_arn(text: str) -> bool:
    return text.startswith("arn:")


def _arn(field: Field, code: str, service: str, shape: str, *, regional: bool = True) -> tuple[Rule, ...]:
    """The five leading parts of an ARN of this service; `shape` shows a person the whole ARN."""
    region = fits(r"[a-z0-9]+(-[a-z0-9]+)*", r"([a-z0-9]+-)*") if regional else one_of("")
    where = f"a Region after {service}:" if regional else f"no Region after {service}:"
    return (
        Rule(field, arn_part(0, one_of("arn")), f"Expected {shape}", code),
        Rule(field, arn_part(1, fits(r"[a-z][a-z0-9-]*", "")), "Expected a partition, such as aws, after arn:", code),
        Rule(field, arn_part(2, one_of(service)), f"Expected {shape}", code),
        Rule(field, arn_part(3, region), f"Expected {where}", code),
        Rule(
            field,
            arn_part(4, fits(r"[0-9]{12}", r"[0-9]{0,11}")),
            "Expected an account ID of 12 digits as the fifth part",
            code,
        ),
    )


def _where(condition: Validator, *rules: Rule) -> tuple[Rule, ...]:
    """The rules, applied only to texts for which the condition is OK."""
    return tuple(
        Rule(one.field, when(lambda text: condition(text) is Validity.OK, one.validator), one.reason, one.code)
        for one in rules
    )


def _only_arn(text: str) -> Validity:
    return Validity.OK if _is_arn(text) else Validity.INVALID


def _only_plain(text: str) -> Validity:
    return Validity.INVALID if _is_arn(text) else Validity.OK


def _name_rules(field: Field) -> tuple[Rule, ...]:
    code = "InvalidTrailNameException"
    return (
        Rule(field, never(r"[^A-Za-z0-9._-]"), "Only letters, digits, . _ - are allowed", code),
        Rule(field, not_starting(".", "_", "-"), "Start with a letter or a digit", code),
        Rule(field, never(r"[._-]{2}"), "Two of . _ - in a row are not allowed", code),
        Rule(field, at_most(128), "{over} too long; 128 at most", code),
        Rule(field, at_least(3), "At least 3 characters", code),
        Rule(field, not_ending(".", "_", "-"), "End with a letter or a digit", code),
        Rule(field, no_ip, "An IP address is not allowed", code),
    )


_TRAIL_ARN = "arn:…:cloudtrail:REGION:ACCOUNT:trail/NAME"
_NAME_IN_ARN = starting_with("trail/", all_of(*(rule.validator for rule in _name_rules(Field.NAME))))
_TRAIL = _where(_only_plain, *_name_rules(Field.TRAIL)) + _where(
    _only_arn,
    *_arn(Field.TRAIL, "CloudTrailARNInvalidException", "cloudtrail", _TRAIL_ARN),
    Rule(
        Field.TRAIL,
        arn_part(5, _NAME_IN_ARN, rest=True),
        f"Expected {_TRAIL_ARN}",
        "CloudTrailARNInvalidException",
    ),
)

_S3 = "InvalidS3BucketNameException"
_BUCKET = (
    Rule(Field.BUCKET, never(r"[A-Z]"), "Capital letters are not allowed", _S3),
    Rule(Field.BUCKET, never(r"_"), "Underscores are not allowed", _S3),
    Rule(Field.BUCKET, never(r"[^a-z0-9.\-]"), "Only lowercase letters, digits, . - are allowed", _S3),
    Rule(Field.BUCKET, not_starting(".", "-"), "Start with a letter or a digit", _S3),
    Rule(Field.BUCKET, never(r"\.\."), "Two periods in a row are not allowed", _S3),
    Rule(Field.BUCKET, never(r"\.-|-\."), "A dash next to a period is not allowed", _S3),
    Rule(Field.BUCKET, not_starting("xn--", "sthree-"), "xn-- and sthree- are reserved", _S3),
    Rule(Field.BUCKET, at_most(63), "{over} too long; 63 at most", _S3),
    Rule(Field.BUCKET, at_least(3), "At least 3 characters", _S3),
    Rule(Field.BUCKET, not_ending(".", "-"), "End with a letter or a digit", _S3),
    Rule(Field.BUCKET, no_ip, "An IP address is not allowed", _S3),
    Rule(
        Field.BUCKET,
        not_ending("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"),
        "The endings -s3alias, --ol-s3, .mrap, --x-s3 and --table-s3 are reserved",
        _S3,
    ),
)

_S3_PREFIX = "InvalidS3PrefixException"
_PREFIX = (
    Rule(Field.PREFIX, never(r"[\x00-\x1f\x7f\ud800-\udfff]"), "Control characters are not allowed", _S3_PREFIX),
    Rule(Field.PREFIX, not_starting("/"), "Remove the / in front: CloudTrail adds one", _S3_PREFIX),
    Rule(Field.PREFIX, never(r"(^|/)\.\.?/"), "Folders named . or .. are not allowed", _S3_PREFIX),
    Rule(Field.PREFIX, at_most(200), "{over} too long; 200 at most", _S3_PREFIX),
    Rule(
        Field.PREFIX,
        fits(r"(?s:(?!(.*/)?\.\.?$).*)", r"(?s:.*)"),
        "Folders named . or .. are not allowed",
        _S3_PREFIX,
    ),
)

_SNS = "InvalidSnsTopicNameException"
_TOPIC_ARN = "arn:…:sns:REGION:ACCOUNT:NAME"
_TOPIC_NAME = fits(r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo", r"|[A-Za-z0-9_-]{1,251}\.(f|fi|fif)?")
_TOPIC = (
    Rule(Field.TOPIC, at_most(256), "{over} too long; 256 at most", _SNS),
    *_where(
        _only_plain,
        Rule(Field.TOPIC, _TOPIC_NAME, "Only letters, digits, _ - are allowed, or use a topic ARN", _SNS),
    ),
    *_where(
        _only_arn,
        *_arn(Field.TOPIC, _SNS, "sns", _TOPIC_ARN),
        Rule(Field.TOPIC, arn_part(5, _TOPIC_NAME, rest=True), f"Expected {_TOPIC_ARN}", _SNS),
    ),
)

_LOGS = "InvalidCloudWatchLogsLogGroupArnException"
_GROUP_ARN = "arn:…:logs:REGION:ACCOUNT:log-group:NAME:*"
_LOG_GROUP = (
    *_arn(Field.LOG_GROUP, _LOGS, "logs", _GROUP_ARN),
    Rule(Field.LOG_GROUP, arn_part(5, one_of("log-group")), f"Expected {_GROUP_ARN}", _LOGS),
    Rule(
        Field.LOG_GROUP,
        arn_part(6, fits(r"[A-Za-z0-9_/.#-]{1,512}", "")),
        "Log group name: 1 to 512 letters, digits, . - _ / #",
        _LOGS,
    ),
    Rule(Field.LOG_GROUP, arn_part(7, one_of("*"), rest=True), "Expected :* at the end", _LOGS),
)

_IAM = "InvalidCloudWatchLogsRoleArnException"
_ROLE_ARN = "arn:…:iam::ACCOUNT:role/NAME"
_ROLE_NAME = fits(
    r"(?:[\x21-\x7e]{1,511}/)?[A-Za-z0-9_+=,.@-]{1,64}",
    r"(?:[\x21-\x7e]{1,511}/)?|[\x21-\x7e]{1,511}",
)
_ROLE = (
    *_arn(Field.ROLE, _IAM, "iam", _ROLE_ARN, regional=False),
    Rule(
        Field.ROLE,
        arn_part(5, starting_with("role/", _ROLE_NAME), rest=True),
        f"Expected {_ROLE_ARN}",
        _IAM,
    ),
)

_KMS = "InvalidKmsKeyIdException"
_KEY_ARN = "arn:…:kms:REGION:ACCOUNT:key/ID"
_ALIAS = starting_with("alias/", fits(r"[A-Za-z0-9/_-]{1,250}", ""))
_MULTI_REGION_KEY = starting_with("mrk-", fits(r"[0-9a-f]{32}", r"[0-9a-f]{0,31}"))
_KMS_KEY = (
    *_where(
        _only_plain,
        Rule(
            Field.KMS_KEY,
            any_of(_ALIAS, uuid, _MULTI_REGION_KEY, one_of("arn:")),
            "Use alias/NAME, a key ID, or an ARN",
            _KMS,
        ),
    ),
    *_where(
        _only_arn,
        *_arn(Field.KMS_KEY, _KMS, "kms", _KEY_ARN),
        Rule(
            Field.KMS_KEY,
            arn_part(5, any_of(_ALIAS, starting_with("key/", any_of(uuid, _MULTI_REGION_KEY))), rest=True),
            "Expected :alias/NAME or :key/ID at the end",
            _KMS,
        ),
    ),
)

_LOOKUP = "InvalidLookupAttributesException"
_TAG = "InvalidTagParameterException"
_TAG_CHARACTERS = never(r"[^\w +=.:/@\-]")
_OTHERS = (
    Rule(Field.ATTRIBUTE_KEY, one_of(*AttributeKey), f"Use one of {', '.join(AttributeKey)}", _LOOKUP),
    Rule(Field.ATTRIBUTE_VALUE, at_least(1), "At least 1 character", _LOOKUP),
    Rule(
        Field.ATTRIBUTE_VALUE,
        at_most(2000, attribute_length),
        "{over} too long; 2000 at most, and _ space and comma count twice",
        _LOOKUP,
    ),
    Rule(Field.READ_ONLY_VALUE, one_of("true", "false"), "Use true or false", _LOOKUP),
    Rule(Field.TAG_KEY, at_most(128), "{over} too long; 128 at most", _TAG),
    Rule(Field.TAG_KEY, never(r"^[aA][wW][sS]:"), "aws: is reserved", _TAG),
    Rule(Field.TAG_KEY, _TAG_CHARACTERS, "Only letters, digits, spaces, + - = . _ : / @ are allowed", _TAG),
    Rule(Field.TAG_KEY, at_least(1), "At least 1 character", _TAG),
    Rule(Field.TAG_VALUE, at_most(256), "{over} too long; 256 at most", _TAG),
    Rule(Field.TAG_VALUE, _TAG_CHARACTERS, "Only letters, digits, spaces, + - = . _ : / @ are allowed", _TAG),
)

RULES: tuple[Rule, ...] = (
    *_name_rules(Field.NAME),
    *_TRAIL,
    *_BUCKET,
    *_PREFIX,
    *_TOPIC,
    *_LOG_GROUP,
    *_ROLE,
    *_KMS_KEY,
    *_OTHERS,
)
"""Every rule about a single value, in the order in which `validate_value` reports them."""
