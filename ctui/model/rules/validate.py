"""Validation by the table of rules: used by forms as you type, by LookupAttribute and TrailDraft, and by the emulator.

`validate_value` says of one value whether it is valid, incomplete or invalid. The other functions check several values
together.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby

from ctui.model.event.attribute import AttributeKey
from ctui.model.rules.rule import Field, Finding, Rule
from ctui.model.rules.rule_table import MAX_LENGTHS, MAX_TAGS, REQUIRED, RULES, attribute_length
from ctui.model.rules.validators import Validity

__all__ = [
    "MAX_LENGTHS",
    "MAX_TAGS",
    "REQUIRED",
    "RULES",
    "Field",
    "Finding",
    "Rule",
    "Validity",
    "attribute_length",
    "validate_attribute",
    "validate_tags",
    "validate_together",
    "validate_value",
]

Value = str | bool | None
"""The value of a trail's field; None if it is not set."""

_BY_FIELD: Mapping[Field, tuple[Rule, ...]] = {
    field: tuple(rules) for field, rules in groupby(sorted(RULES, key=lambda rule: rule.field), lambda rule: rule.field)
}


def validate_value(field: Field, text: str) -> Finding:
    """Validate one value of a field. An empty text is valid unless the field is required.

    If several rules are broken, the first that makes the value invalid is reported, else the first that makes it
    incomplete.
    """
    if not text and field not in REQUIRED:
        return Finding(field, Validity.OK)
    results = [(rule.validator(text), rule) for rule in _BY_FIELD.get(field, ())]
    for validity in (Validity.INVALID, Validity.INCOMPLETE):
        for result, rule in results:
            if result is validity:
                return Finding(field, _at_limit(field, text, validity), _reason(rule, text), rule.code)
    return Finding(field, Validity.OK, warning=_warning(field, text))


def validate_attribute(key: str, value: str) -> Finding:
    """Validate a lookup attribute; `key` may be any text."""
    finding = validate_value(Field.ATTRIBUTE_KEY, key)
    if finding.ok:
        finding = validate_value(Field.ATTRIBUTE_VALUE, value)
    if finding.ok and key == AttributeKey.READ_ONLY:
        finding = validate_value(Field.READ_ONLY_VALUE, value)
    return finding


def validate_tags(tags: Sequence[tuple[str, str]]) -> Finding:
    """Validate the (key, value) pairs of a trail's tags: each by itself, no key twice, at most 50."""
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
    """Problems between the fields of one trail, and warnings; () if there are none.

    Expects the complete values: absent, None or "" means "not set", and IncludeGlobalServiceEvents is then on. Fields
    that are invalid by themselves are skipped. `bucket_region` is passed if it is known.
    """
    findings: list[Finding] = []
    group, role = values.get(Field.LOG_GROUP), values.get(Field.ROLE)
    if group and not role:
        reason = "Required with a log group: the role that writes to it"
        findings.append(Finding(Field.ROLE, Validity.INCOMPLETE, reason, "InvalidCloudWatchLogsRoleArnException"))
    if role and not group:
        reason = "Required with a role: the log group that it writes to"
        findings.append(
            Finding(Field.LOG_GROUP, Validity.INCOMPLETE, reason, "InvalidCloudWatchLogsLogGroupArnException")
        )
    if values.get(Field.MULTI_REGION) is True and values.get(Field.GLOBAL_EVENTS) is False:
        reason = "Turn it on: a multi-Region trail includes global service events"
        findings.append(Finding(Field.GLOBAL_EVENTS, Validity.INVALID, reason, "InvalidParameterCombinationException"))
    key = values.get(Field.KMS_KEY)
    if isinstance(key, str) and validate_value(Field.KMS_KEY, key).ok:
        findings.extend(_key_region(key, home_region, bucket_region))
    return tuple(findings)


def _key_region(key: str, home_region: str | None, bucket_region: str | None) -> list[Finding]:
    """The key must be in the bucket's Region (service model, KmsKeyNotFoundException); an ID or alias has none."""
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


def _at_limit(field: Field, text: str, validity: Validity) -> Validity:
    """An incomplete text that already has the maximum length is invalid: more typing cannot complete it."""
    most = MAX_LENGTHS.get(field)
    if validity is Validity.INCOMPLETE and most is not None and len(text) >= most:
        return Validity.INVALID
    return validity


def _reason(rule: Rule, text: str) -> str:
    length = attribute_length(text) if rule.field is Field.ATTRIBUTE_VALUE else len(text)
    over = length - MAX_LENGTHS.get(rule.field, length)
    return rule.reason.replace("{over}", f"{over} character{'' if over == 1 else 's'}")


def _warning(field: Field, text: str) -> str:
    if field is Field.BUCKET and text.startswith("amzn-s3-demo-"):
        return "amzn-s3-demo- is reserved for examples: such a bucket cannot be created"
    if field is Field.PREFIX and (text.endswith("/") or "//" in text):
        return "CloudTrail adds a /: the logs would go into a folder without a name"
    return ""
