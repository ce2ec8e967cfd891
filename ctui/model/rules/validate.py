"""What is valid: asked by forms as you type, by the constructors of Lookup and TrailDraft, and by the emulator.

`judge` says of one value whether it is valid, may become so by typing on, or never will; the others judge what no
value alone can break.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from ctui.model.event.attribute import AttributeKey
from ctui.model.rules.rule import Bounds, Field, Finding, Rule
from ctui.model.rules.rule_table import LIMITS, MAX_RESULTS, MAX_TAGS, REQUIRED, RULES, attribute_length
from ctui.model.rules.validators import Validity

__all__ = [
    "LIMITS",
    "MAX_RESULTS",
    "MAX_TAGS",
    "REQUIRED",
    "RULES",
    "Bounds",
    "Field",
    "Finding",
    "Rule",
    "Validity",
    "attribute_length",
    "validate_attribute",
    "validate_range",
    "validate_tags",
    "validate_together",
    "validate_value",
]

Value = str | bool | None
"""What a field of a trail holds; None where nothing was said."""

_BY_FIELD: Mapping[Field, tuple[Rule, ...]] = {
    field: tuple(rules) for field, rules in groupby(sorted(RULES, key=lambda rule: rule.field), lambda rule: rule.field)
}


def validate_value(field: Field, text: str) -> Finding:
    """What the rules say of one value of this field. An empty text is fine where the field is not required.

    Of several broken rules the first that typing on cannot cure is told, else the first that it can.
    """
    if not text and field not in REQUIRED:
        return Finding(field, Validity.OK)
    broken = [(rule.validator(text), rule) for rule in _BY_FIELD.get(field, ())]
    for standing in (Validity.INVALID, Validity.INCOMPLETE):
        for found, rule in broken:
            if found is standing:
                return Finding(field, _at_limit(field, text, standing), _reason(rule, text), rule.code)
    return Finding(field, Validity.OK, warning=_warning(field, text))


def validate_attribute(key: str, value: str) -> Finding:
    """What the rules say of a lookup attribute; `key` may be no AttributeKey at all."""
    finding = validate_value(Field.ATTRIBUTE_KEY, key)
    if finding.ok:
        finding = validate_value(Field.ATTRIBUTE_VALUE, value)
    if finding.ok and key == AttributeKey.READ_ONLY:
        finding = validate_value(Field.READ_ONLY_VALUE, value)
    return finding


def validate_range(start: float | None, end: float | None) -> Finding:
    """StartTime and EndTime in seconds since 1970: the start may not come after the end (LookupEvents, EndTime)."""
    if start is not None and end is not None and start > end:
        return Finding(Field.START_TIME, Validity.INVALID, "The start is after the end", "InvalidTimeRangeException")
    return Finding(Field.START_TIME, Validity.OK)


def validate_tags(tags: Sequence[tuple[str, str]]) -> Finding:
    """(key, value) of all tags of a trail: each valid, no key twice, at most 50 (TagsLimitExceededException's text)."""
    for key, value in tags:
        for finding in (validate_value(Field.TAG_KEY, key), validate_value(Field.TAG_VALUE, value)):
            if not finding.ok:
                part = "Key" if finding.field is Field.TAG_KEY else "Value"
                return Finding(Field.TAGS, finding.validity, f"{part} of {key!r}: {finding.reason}", finding.code)
    twice = [key for key, count in Counter(key for key, _ in tags).items() if count > 1]
    if twice:
        return Finding(
            Field.TAGS, Validity.INVALID, f"Two tags have the key {twice[0]!r}", "InvalidTagParameterException"
        )
    if len(tags) > MAX_TAGS:
        return Finding(
            Field.TAGS, Validity.INVALID, f"{len(tags)} tags; {MAX_TAGS} at most", "TagsLimitExceededException"
        )
    return Finding(Field.TAGS, Validity.OK)


def validate_together(
    values: Mapping[Field, Value], home_region: str | None = None, bucket_region: str | None = None
) -> tuple[Finding, ...]:
    """What is wrong between the fields of one trail, and warnings; empty where they agree.

    Expects every field as it will stand: absent, None or "" is "not set", and IncludeGlobalServiceEvents is then on.
    Fields that are not valid by themselves are not judged here. `bucket_region` is given by who knows it.
    """
    found: list[Finding] = []
    group, role = values.get(Field.LOG_GROUP), values.get(Field.ROLE)
    if group and not role:
        reason = "Required with a log group: the role that writes to it"
        found.append(Finding(Field.ROLE, Validity.INCOMPLETE, reason, "InvalidCloudWatchLogsRoleArnException"))
    if role and not group:
        reason = "Required with a role: the log group that it writes to"
        found.append(Finding(Field.LOG_GROUP, Validity.INCOMPLETE, reason, "InvalidCloudWatchLogsLogGroupArnException"))
    if values.get(Field.MULTI_REGION) is True and values.get(Field.GLOBAL_EVENTS) is False:
        reason = "Turn it on: a multi-Region trail includes global service events"
        found.append(Finding(Field.GLOBAL_EVENTS, Validity.INVALID, reason, "InvalidParameterCombinationException"))
    key = values.get(Field.KMS_KEY)
    if isinstance(key, str) and validate_value(Field.KMS_KEY, key).ok:
        found.extend(_key_region(key, home_region, bucket_region))
    return tuple(found)


def _key_region(key: str, home_region: str | None, bucket_region: str | None) -> list[Finding]:
    """The key lies in the bucket's Region (service model, KmsKeyNotFoundException); an id or alias names none."""
    region = key.split(":")[3] if key.startswith("arn:") else ""
    if not region:
        return []
    if bucket_region:
        if region == bucket_region:
            return []
        reason = f"The key is in {region}, the bucket in {bucket_region}: both must be in one Region"
        return [Finding(Field.KMS_KEY, Validity.INVALID, reason, "KmsKeyNotFoundException")]
    if home_region and region != home_region:
        warning = f"The key is in {region}, the trail in {home_region}: it must be in the Region of the bucket"
        return [Finding(Field.KMS_KEY, Validity.OK, warning=warning)]
    return []


def _at_limit(field: Field, text: str, standing: Validity) -> Validity:
    """A text as long as it may be cannot be cured by typing on."""
    limits = LIMITS.get(field)
    if standing is Validity.INCOMPLETE and limits is not None and len(text) >= limits.most:
        return Validity.INVALID
    return standing


def _reason(rule: Rule, text: str) -> str:
    limits = LIMITS.get(rule.field)
    length = attribute_length(text) if rule.field is Field.ATTRIBUTE_VALUE else len(text)
    over = length - limits.most if limits else 0
    return rule.reason.replace("{over}", f"{over} character{'' if over == 1 else 's'}")


def _warning(field: Field, text: str) -> str:
    if field is Field.BUCKET and text.startswith("amzn-s3-demo-"):
        return "amzn-s3-demo- is reserved for examples: such a bucket cannot be created"
    if field is Field.PREFIX and (text.endswith("/") or "//" in text):
        return "CloudTrail adds a /: the logs would go into a folder without a name"
    return ""
