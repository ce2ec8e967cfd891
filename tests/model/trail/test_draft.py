"""A trail as it shall be: what is refused, what an update changes, and what is sent."""

import pytest
from botocore.session import Session as BotocoreSession
from botocore.validate import ParamValidator
from support.drafts import draft_of

from ctui.model.rules.validate import Field, Validity
from ctui.model.trail.draft import DraftError, FieldChange, TrailDraft, validate_draft
from ctui.model.trail.trail import Trail

GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:trails:*"
ROLE = "arn:aws:iam::111122223333:role/to-logs"
ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"
HELD = Trail(
    "audit",
    arn=ARN,
    home_region="us-east-1",
    s3_bucket_name="Old_Bucket",
    s3_key_prefix="logs",
    include_global_service_events=True,
    is_multi_region_trail=True,
    cloud_watch_logs_log_group_arn=GROUP,
    cloud_watch_logs_role_arn=ROLE,
)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": "a--b"}, Field.NAME),
        ({"name": "ab"}, Field.NAME),
        ({"s3_bucket_name": ""}, Field.BUCKET),
        ({"s3_key_prefix": "/x"}, Field.PREFIX),
        ({"sns_topic_name": "a b"}, Field.TOPIC),
        ({"cloud_watch_logs_log_group_arn": GROUP}, Field.ROLE),
        ({"cloud_watch_logs_role_arn": ROLE}, Field.LOG_GROUP),
        ({"kms_key_id": "x"}, Field.KMS_KEY),
        ({"is_multi_region_trail": True, "include_global_service_events": False}, Field.GLOBAL_EVENTS),
        ({"tags": (("k", "1"), ("k", "2"))}, Field.TAGS),
    ],
)
def test_a_draft_that_breaks_a_rule_cannot_be_made(changed: dict[str, object], field: Field) -> None:
    with pytest.raises(DraftError, match=field) as caught:
        TrailDraft(**{"name": "audit", "s3_bucket_name": "logs-1", **changed})  # type: ignore[arg-type]
    assert [finding.field for finding in caught.value.findings] == [field]


def test_a_new_trail_sends_what_is_set_and_every_switch() -> None:
    draft = TrailDraft("audit", "logs-1", is_multi_region_trail=True, tags=(("team", "red"), ("empty", "")))
    assert draft.create_parameters() == {
        "Name": "audit",
        "S3BucketName": "logs-1",
        "IncludeGlobalServiceEvents": True,
        "IsMultiRegionTrail": True,
        "EnableLogFileValidation": False,
        "IsOrganizationTrail": False,
        "TagsList": [{"Key": "team", "Value": "red"}, {"Key": "empty"}],
    }
    assert draft.changes() == ()
    with pytest.raises(ValueError, match="new trail"):
        draft.update_parameters()


def test_opening_a_trail_changes_nothing_even_if_it_is_older_than_the_rules() -> None:
    draft = draft_of(HELD)
    assert draft.changes() == ()
    assert draft.update_parameters() == {"Name": ARN}


def edited(**new: object) -> TrailDraft:
    return draft_of(HELD, **new)


def test_an_update_sends_only_what_changes_and_clears_with_the_empty_value() -> None:
    draft = edited(s3_bucket_name="new-bucket", s3_key_prefix="")
    assert draft.changes() == (
        FieldChange(Field.BUCKET, "Old_Bucket", "new-bucket"),
        FieldChange(Field.PREFIX, "logs", ""),
    )
    assert draft.update_parameters() == {"Name": ARN, "S3BucketName": "new-bucket", "S3KeyPrefix": ""}


def test_coupled_fields_go_together() -> None:
    other = ROLE + "-2"
    assert edited(cloud_watch_logs_role_arn=other).update_parameters() == {
        "Name": ARN,
        "CloudWatchLogsLogGroupArn": GROUP,
        "CloudWatchLogsRoleArn": other,
    }
    assert edited(is_multi_region_trail=False).update_parameters() == {
        "Name": ARN,
        "IsMultiRegionTrail": False,
        "IncludeGlobalServiceEvents": True,
    }


def test_an_update_keeps_name_and_tags() -> None:
    for wrong in ({"name": "other"}, {"tags": (("k", "v"),)}):
        with pytest.raises(ValueError, match="neither the name nor the tags"):
            edited(**wrong)


def test_a_trail_of_2015_without_arn_is_updated_by_name() -> None:
    old = Trail("audit", s3_bucket_name="logs-1", include_global_service_events=True)
    assert TrailDraft("audit", "logs-2", base=old).update_parameters() == {"Name": "audit", "S3BucketName": "logs-2"}


def test_a_draft_is_judged_field_by_field_while_it_is_typed() -> None:
    found = validate_draft({Field.NAME: "a", Field.BUCKET: "amzn-s3-demo-x", Field.LOG_GROUP: GROUP})
    assert found[Field.NAME].validity is Validity.INCOMPLETE
    assert found[Field.BUCKET].ok
    assert found[Field.BUCKET].warning
    assert found[Field.ROLE].validity is Validity.INCOMPLETE
    assert set(found) == {Field.NAME, Field.BUCKET, Field.ROLE}


def test_what_is_sent_is_what_botocore_would_send() -> None:
    model = BotocoreSession().get_service_model("cloudtrail")
    for action, said in {
        "CreateTrail": TrailDraft("audit", "logs-1", tags=(("empty", ""),)).create_parameters(),
        "UpdateTrail": edited(s3_key_prefix="", kms_key_id="alias/k").update_parameters(),
    }.items():
        report = ParamValidator().validate(said, model.operation_model(action).input_shape)
        assert not report.has_errors(), report.generate_report()
