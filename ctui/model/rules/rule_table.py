"""The table of rules: what a valid name, bucket, prefix, ARN, … is. `rules` asks it.

Sources: the API reference (CreateTrail, LookupEvents, LookupAttribute) and today's service model for names, lengths and
codes; the S3, SNS, IAM and KMS guides for the names of their resources. Regions and partitions are never held against
a list: new ones appear.
"""

from collections.abc import Mapping

from ctui.model.event.attribute import AttributeKey
from ctui.model.rules.rule import Bounds, Field, Rule
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

LIMITS: Mapping[Field, Bounds] = {
    Field.NAME: Bounds(3, 128),
    Field.BUCKET: Bounds(3, 63),
    Field.PREFIX: Bounds(0, 200),
    Field.TOPIC: Bounds(0, 256),
    Field.TAG_KEY: Bounds(1, 128),
    Field.TAG_VALUE: Bounds(0, 256),
    Field.ATTRIBUTE_VALUE: Bounds(1, 2000),
}
"""Lengths in characters, for counters; an AttributeValue is counted by `attribute_length`."""

MAX_RESULTS = Bounds(1, 50)
"""How many events one call may ask for."""

MAX_TAGS = 50
"""How many tags a trail may have."""

REQUIRED = frozenset({Field.NAME, Field.TRAIL, Field.BUCKET, Field.TAG_KEY, Field.ATTRIBUTE_KEY, Field.ATTRIBUTE_VALUE})
"""Fields that may not be left empty; every other one may."""


def attribute_length(value: str) -> int:
    r"""Characters of an AttributeValue as its limit counts them: `_`, space, comma and `\n` count twice."""
    return len(value) + sum(value.count(double) for double in ("_", " ", ",", "\n"))


def _is_arn(text: str) -> bool:
    return text.startswith("arn:")


def _arn(field: Field, code: str, service: str, example: str, *, regional: bool = True) -> tuple[Rule, ...]:
    """The five leading parts of an ARN of this service."""
    region = fits(r"[a-z0-9]+(-[a-z0-9]+)*", r"([a-z0-9]+-)*") if regional else one_of("")
    place = "the fourth part names the Region" if regional else "the fourth part stays empty: IAM has no Regions"
    return (
        Rule(field, arn_part(0, one_of("arn")), f"starts with arn:, as in {example}", code),
        Rule(
            field, arn_part(1, fits(r"[a-z][a-z0-9-]*", "")), "the second part names the partition, such as aws", code
        ),
        Rule(field, arn_part(2, one_of(service)), f"the third part is {service}, as in {example}", code),
        Rule(field, arn_part(3, region), f"{place}, as in {example}", code),
        Rule(field, arn_part(4, fits(r"[0-9]{12}", r"[0-9]{0,11}")), "the fifth part is an account of 12 digits", code),
    )


def _where(condition: Validator, *rules: Rule) -> tuple[Rule, ...]:
    """The rules, asked only where the condition says OK."""
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
        Rule(field, never(r"[^A-Za-z0-9._-]"), "may only hold letters a-z and A-Z, digits and . _ -", code),
        Rule(field, not_starting(".", "_", "-"), "must start with a letter or a digit", code),
        Rule(field, never(r"[._-]{2}"), "may not have two of . _ - in a row", code),
        Rule(field, at_most(128), "is {over} too long: at most 128 characters", code),
        Rule(field, at_least(3), "needs at least 3 characters", code),
        Rule(field, not_ending(".", "_", "-"), "must end with a letter or a digit", code),
        Rule(field, no_ip, "may not look like an IP address", code),
    )


_TRAIL_ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"
_NAME_IN_ARN = starting_with("trail/", all_of(*(rule.validator for rule in _name_rules(Field.NAME))))
_TRAIL = _where(_only_plain, *_name_rules(Field.TRAIL)) + _where(
    _only_arn,
    *_arn(Field.TRAIL, "CloudTrailARNInvalidException", "cloudtrail", _TRAIL_ARN),
    Rule(
        Field.TRAIL,
        arn_part(5, _NAME_IN_ARN, rest=True),
        f"ends in trail/ and the trail's name, as in {_TRAIL_ARN}",
        "CloudTrailARNInvalidException",
    ),
)

_S3 = "InvalidS3BucketNameException"
_BUCKET = (
    Rule(Field.BUCKET, never(r"[A-Z]"), "may not have capital letters", _S3),
    Rule(Field.BUCKET, never(r"_"), "may not have an underscore", _S3),
    Rule(Field.BUCKET, never(r"[^a-z0-9.\-]"), "may only hold letters a-z, digits, . and -", _S3),
    Rule(Field.BUCKET, not_starting(".", "-"), "must start with a letter or a digit", _S3),
    Rule(Field.BUCKET, never(r"\.\."), "may not have two periods in a row", _S3),
    Rule(Field.BUCKET, never(r"\.-|-\."), "may not have a dash beside a period", _S3),
    Rule(Field.BUCKET, not_starting("xn--", "sthree-"), "may not start with xn-- or sthree-, which S3 keeps", _S3),
    Rule(Field.BUCKET, at_most(63), "is {over} too long: at most 63 characters", _S3),
    Rule(Field.BUCKET, at_least(3), "needs at least 3 characters", _S3),
    Rule(Field.BUCKET, not_ending(".", "-"), "must end with a letter or a digit", _S3),
    Rule(Field.BUCKET, no_ip, "may not look like an IP address", _S3),
    Rule(
        Field.BUCKET,
        not_ending("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"),
        "may not end in -s3alias, --ol-s3, .mrap, --x-s3 or --table-s3, which S3 keeps",
        _S3,
    ),
)

_S3_PREFIX = "InvalidS3PrefixException"
_PREFIX = (
    Rule(Field.PREFIX, never(r"[\x00-\x1f\x7f\ud800-\udfff]"), "may not have control characters", _S3_PREFIX),
    Rule(Field.PREFIX, not_starting("/"), "may not start with /: it comes after the bucket's name and a /", _S3_PREFIX),
    Rule(Field.PREFIX, never(r"(^|/)\.\.?/"), "may not have . or .. as a folder", _S3_PREFIX),
    Rule(Field.PREFIX, at_most(200), "is {over} too long: at most 200 characters", _S3_PREFIX),
    Rule(
        Field.PREFIX,
        fits(r"(?s:(?!(.*/)?\.\.?$).*)", r"(?s:.*)"),
        "may not have . or .. as a folder",
        _S3_PREFIX,
    ),
)

_SNS = "InvalidSnsTopicNameException"
_TOPIC_ARN = "arn:aws:sns:us-east-1:111122223333:trail-news"
_TOPIC_NAME = fits(r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo", r"|[A-Za-z0-9_-]{1,251}\.(f|fi|fif)?")
_TOPIC = (
    Rule(Field.TOPIC, at_most(256), "is {over} too long: at most 256 characters", _SNS),
    *_where(
        _only_plain,
        Rule(Field.TOPIC, _TOPIC_NAME, "may only hold letters, digits, _ and -, or be the ARN of a topic", _SNS),
    ),
    *_where(
        _only_arn,
        *_arn(Field.TOPIC, _SNS, "sns", _TOPIC_ARN),
        Rule(Field.TOPIC, arn_part(5, _TOPIC_NAME, rest=True), f"ends in the topic's name, as in {_TOPIC_ARN}", _SNS),
    ),
)

_LOGS = "InvalidCloudWatchLogsLogGroupArnException"
_GROUP_ARN = "arn:aws:logs:us-east-1:111122223333:log-group:trails:*"
_LOG_GROUP = (
    *_arn(Field.LOG_GROUP, _LOGS, "logs", _GROUP_ARN),
    Rule(Field.LOG_GROUP, arn_part(5, one_of("log-group")), f"the sixth part is log-group, as in {_GROUP_ARN}", _LOGS),
    Rule(
        Field.LOG_GROUP,
        arn_part(6, fits(r"[A-Za-z0-9_/.#-]{1,512}", "")),
        "the group's name may hold letters, digits and . - _ / #, at most 512",
        _LOGS,
    ),
    Rule(Field.LOG_GROUP, arn_part(7, one_of("*"), rest=True), "must end in :*, and in nothing behind it", _LOGS),
)

_IAM = "InvalidCloudWatchLogsRoleArnException"
_ROLE_ARN = "arn:aws:iam::111122223333:role/trail-to-logs"
_ROLE_NAME = fits(
    r"(?:[\x21-\x7e]{1,511}/)?[A-Za-z0-9_+=,.@-]{1,64}",
    r"(?:[\x21-\x7e]{1,511}/)?|[\x21-\x7e]{1,511}",
)
_ROLE = (
    *_arn(Field.ROLE, _IAM, "iam", _ROLE_ARN, regional=False),
    Rule(
        Field.ROLE,
        arn_part(5, starting_with("role/", _ROLE_NAME), rest=True),
        f"ends in role/ and the role's name, as in {_ROLE_ARN}",
        _IAM,
    ),
)

_KMS = "InvalidKmsKeyIdException"
_KEY_ARN = "arn:aws:kms:us-east-1:111122223333:key/ and the key's id"
_ALIAS = starting_with("alias/", fits(r"[A-Za-z0-9/_-]{1,250}", ""))
_MULTI_REGION_KEY = starting_with("mrk-", fits(r"[0-9a-f]{32}", r"[0-9a-f]{0,31}"))
_KMS_KEY = (
    *_where(
        _only_plain,
        Rule(
            Field.KMS_KEY,
            any_of(_ALIAS, uuid, _MULTI_REGION_KEY, one_of("arn:")),
            "is alias/ and a name, a key's id (8-4-4-4-12 hexadecimal digits, or mrk- and 32), or the ARN of either",
            _KMS,
        ),
    ),
    *_where(
        _only_arn,
        *_arn(Field.KMS_KEY, _KMS, "kms", _KEY_ARN),
        Rule(
            Field.KMS_KEY,
            arn_part(5, any_of(_ALIAS, starting_with("key/", any_of(uuid, _MULTI_REGION_KEY))), rest=True),
            "ends in alias/ and a name, or key/ and the key's id",
            _KMS,
        ),
    ),
)

_LOOKUP = "InvalidLookupAttributesException"
_TAG = "InvalidTagParameterException"
_TAG_CHARACTERS = never(r"[^\w +=.:/@\-]")
_OTHERS = (
    Rule(Field.ATTRIBUTE_KEY, one_of(*AttributeKey), f"is one of {', '.join(AttributeKey)}", _LOOKUP),
    Rule(Field.ATTRIBUTE_VALUE, at_least(1), "needs at least 1 character", _LOOKUP),
    Rule(
        Field.ATTRIBUTE_VALUE,
        at_most(2000, attribute_length),
        "is {over} too long: at most 2000 characters, where _ space and comma count twice",
        _LOOKUP,
    ),
    Rule(Field.READ_ONLY_VALUE, one_of("true", "false"), "is true or false", _LOOKUP),
    Rule(
        Field.MAX_RESULTS,
        fits(r"[1-9]|[1-4][0-9]|50", r"(?!)"),
        "is a number from 1 to 50",
        "InvalidMaxResultsException",
    ),
    Rule(Field.TAG_KEY, at_most(128), "is {over} too long: at most 128 characters", _TAG),
    Rule(Field.TAG_KEY, never(r"^[aA][wW][sS]:"), "may not start with aws:, which AWS keeps", _TAG),
    Rule(Field.TAG_KEY, _TAG_CHARACTERS, "may only hold letters, digits, spaces and + - = . _ : / @", _TAG),
    Rule(Field.TAG_KEY, at_least(1), "needs at least 1 character", _TAG),
    Rule(Field.TAG_VALUE, at_most(256), "is {over} too long: at most 256 characters", _TAG),
    Rule(Field.TAG_VALUE, _TAG_CHARACTERS, "may only hold letters, digits, spaces and + - = . _ : / @", _TAG),
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
"""Every rule about one value; of several broken ones the first hopeless one is told, else the first unfinished one."""
