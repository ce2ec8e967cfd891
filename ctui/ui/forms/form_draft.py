"""From the values of a form to a draft, and why it cannot be sent yet."""

from collections.abc import Mapping

from ctui.model.rules.validate import Field, Finding, Value
from ctui.model.trail.draft import Tags, TrailDraft
from ctui.model.trail.trail import Trail
from ctui.ui.forms.specs import SPECS, spec_of


def blank_values() -> dict[Field, Value]:
    """A new trail before anything is typed: the API's own defaults."""
    return {spec.field: spec.field is Field.GLOBAL_EVENTS if spec.switch else "" for spec in SPECS}


def draft_from(values: Mapping[Field, Value], tags: Tags, base: Trail | None) -> TrailDraft:
    """The draft with these values; raises DraftError if a rule is broken."""

    def text(field: Field) -> str:
        value = values[field]
        return value if isinstance(value, str) else ""

    return TrailDraft(
        name=text(Field.NAME),
        s3_bucket_name=text(Field.BUCKET),
        s3_key_prefix=text(Field.PREFIX),
        sns_topic_name=text(Field.TOPIC),
        include_global_service_events=values[Field.GLOBAL_EVENTS] is True,
        cloud_watch_logs_log_group_arn=text(Field.LOG_GROUP),
        cloud_watch_logs_role_arn=text(Field.ROLE),
        is_multi_region_trail=values[Field.MULTI_REGION] is True,
        enable_log_file_validation=values[Field.VALIDATION] is True,
        kms_key_id=text(Field.KMS_KEY),
        is_organization_trail=values[Field.ORGANIZATION] is True,
        tags=tags,
        base=base,
    )


def first_trouble(findings: Mapping[Field, Finding]) -> Field | None:
    """The first field of the form, from the top, that is not valid, or None."""
    return next((spec.field for spec in SPECS if (found := findings.get(spec.field)) and not found.ok), None)


def disabled_reason(findings: Mapping[Field, Finding]) -> str:
    """Why the form cannot be sent, or ""."""
    first = first_trouble(findings)
    if first is None:
        return ""
    bad = sum(not finding.ok for finding in findings.values())
    fix = f"Fix {bad} field{'s' if bad > 1 else ''} to continue."
    return f"{fix} {spec_of(first).label}: {findings[first].reason}"
