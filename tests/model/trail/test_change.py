"""What a change needs besides the draft: tags in a line, drift at the service, and where a refusal belongs."""

import pytest
from botocore.session import Session as BotocoreSession

from ctui.model.rules.validate import Field
from ctui.model.trail.draft import Tags, trail_values
from ctui.model.trail.error_codes import error_row
from ctui.model.trail.policy import PolicyKind
from ctui.model.trail.remote_changes import RemoteChange, rebase, remote_changes_between
from ctui.model.trail.tag_text import format_tags, parse_tags
from ctui.model.trail.trail import Trail


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", ()),
        (" , ,", ()),
        ("team=red", (("team", "red"),)),
        ("team = red , pilot", (("team", "red"), ("pilot", ""))),
        ("k=a=b", (("k", "a=b"),)),
        ("=x", (("", "x"),)),
    ],
)
def test_tags_in_a_line(text: str, tags: Tags) -> None:
    assert parse_tags(text) == tags


def test_a_tag_line_reads_back() -> None:
    tags = (("team", "red"), ("pilot", ""), ("k", "a=b"))
    assert parse_tags(format_tags(tags)) == tags


BASE = Trail("audit", s3_bucket_name="logs-1", s3_key_prefix="a", is_multi_region_trail=False)


def test_what_changed_underneath_is_told_and_taken_over_where_we_did_not_touch_it() -> None:
    fresh = Trail("audit", s3_bucket_name="logs-2", s3_key_prefix="b", is_multi_region_trail=False)
    ours = {**trail_values(BASE), Field.PREFIX: "mine"}
    assert remote_changes_between(BASE, fresh, ours) == (
        RemoteChange(Field.BUCKET, "logs-1", "logs-2", ours=False),
        RemoteChange(Field.PREFIX, "a", "b", ours=True),
    )
    assert rebase(BASE, fresh, ours) == {**trail_values(fresh), Field.PREFIX: "mine"}


def test_nothing_drifts_where_nothing_changed() -> None:
    assert remote_changes_between(BASE, BASE, trail_values(BASE)) == ()
    assert rebase(BASE, BASE, trail_values(BASE)) == trail_values(BASE)


OF_THE_REFERENCE = {
    "TrailAlreadyExistsException": Field.NAME,
    "InvalidTrailNameException": Field.NAME,
    "TrailNotFoundException": Field.NAME,
    "S3BucketDoesNotExistException": Field.BUCKET,
    "InsufficientS3BucketPolicyException": Field.BUCKET,
    "InvalidS3BucketNameException": Field.BUCKET,
    "InvalidS3PrefixException": Field.PREFIX,
    "InvalidSnsTopicNameException": Field.TOPIC,
    "InsufficientSnsTopicPolicyException": Field.TOPIC,
    "CloudWatchLogsDeliveryUnavailableException": Field.LOG_GROUP,
    "InvalidCloudWatchLogsLogGroupArnException": Field.LOG_GROUP,
    "InvalidCloudWatchLogsRoleArnException": Field.ROLE,
    "MaximumNumberOfTrailsExceededException": None,
}


@pytest.mark.parametrize(("code", "field"), OF_THE_REFERENCE.items())
def test_each_error_of_the_reference_has_its_field_and_a_next_step(code: str, field: Field | None) -> None:
    refusal = error_row(code, "", 400)
    assert refusal is not None
    assert refusal.field is field
    assert refusal.form_step(refusal.remedy).endswith(".")


def test_every_error_of_todays_model_that_a_trail_can_cause_is_known() -> None:
    model = BotocoreSession().get_service_model("cloudtrail")
    not_about_trails = {
        "OperationNotPermittedException", "UnsupportedOperationException", "ThrottlingException",
        "InvalidEventSelectorsException", "InvalidInsightSelectorsException", "InvalidSourceException",
        "NoManagementAccountSLRExistsException", "CloudTrailInvalidClientTokenIdException",
        "InvalidParameterException",
    }  # fmt: skip
    codes = {
        error.name
        for action in ("CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging")
        for error in model.operation_model(action).error_shapes
    }
    assert {code for code in codes - not_about_trails if error_row(code, "", 400) is None} == set()


@pytest.mark.parametrize(
    ("code", "words", "policies"),
    [
        (
            "InvalidCloudWatchLogsRoleArnException",
            "Access denied. Check the trust relationships for your role.",
            (PolicyKind.TRUST, PolicyKind.ROLE),
        ),
        ("InvalidCloudWatchLogsRoleArnException", "You must specify a role ARN as well as a log group.", ()),
        (
            "InvalidCloudWatchLogsLogGroupArnException",
            "CloudTrail cannot validate the specified log group ARN.",
            (PolicyKind.ROLE,),
        ),
        ("InvalidCloudWatchLogsLogGroupArnException", "You must specify a log group as well as a role ARN.", ()),
        ("InsufficientS3BucketPolicyException", "Incorrect S3 bucket policy is detected", (PolicyKind.BUCKET,)),
        ("InsufficientSnsTopicPolicyException", "SNS Topic does not exist", (PolicyKind.TOPIC,)),
    ],
)
def test_policies_are_offered_where_they_help(code: str, words: str, policies: tuple[PolicyKind, ...]) -> None:
    refusal = error_row(code, words, 400)
    assert refusal is not None
    assert refusal.policies == policies


def test_an_unknown_code_belongs_nowhere() -> None:
    assert error_row("SomethingNew", "words", 400) is None
