"""What a refused change is about: from the service's error code to a field, a next step, and a policy that helps.

Codes: API reference, "Errors" of CreateTrail, UpdateTrail, DeleteTrail, StartLogging and StopLogging, and those today's
service model has added.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ctui.model.rules.rule import Field
from ctui.model.trail.policy import PolicyKind


@dataclass(frozen=True, slots=True)
class ErrorHelp:
    """Where an error belongs, and what to do about it."""

    field: Field | None
    """The field it is about; None where it is about the call as a whole."""
    step: str
    """What to do next, one sentence."""
    policies: tuple[PolicyKind, ...] = ()
    """Policies that help, the likeliest first."""


_NAME_STEP = "Correct the name: letters, digits and single . _ - between them, 3 to 128 characters."
_TABLE: Mapping[str, ErrorHelp] = {
    "TrailAlreadyExistsException": ErrorHelp(
        Field.NAME, "Choose another name, or leave this form and edit the trail that is there."
    ),
    "InvalidTrailNameException": ErrorHelp(Field.NAME, _NAME_STEP),
    "TrailNotFoundException": ErrorHelp(
        Field.NAME, "It may have been deleted meanwhile: leave with esc and read the trails again with r."
    ),
    "CloudTrailARNInvalidException": ErrorHelp(
        Field.NAME, "Leave with esc and read the trails again with r: the service does not know this ARN."
    ),
    "MaximumNumberOfTrailsExceededException": ErrorHelp(
        None,
        "A Region holds five trails, shadow trails of other Regions counted: delete one, or let a multi-Region trail"
        " do the work of several.",
    ),
    "S3BucketDoesNotExistException": ErrorHelp(
        Field.BUCKET, "Create the bucket first, with this policy, or correct its name.", (PolicyKind.BUCKET,)
    ),
    "InsufficientS3BucketPolicyException": ErrorHelp(
        Field.BUCKET,
        "Put these statements into the bucket's policy; mind that the prefix in it must be the trail's.",
        (PolicyKind.BUCKET,),
    ),
    "InvalidS3BucketNameException": ErrorHelp(Field.BUCKET, "Correct the bucket's name."),
    "InvalidS3PrefixException": ErrorHelp(Field.PREFIX, "Correct the prefix, or leave it empty."),
    "InvalidSnsTopicNameException": ErrorHelp(Field.TOPIC, "Correct the topic's name or ARN, or leave it empty."),
    "InsufficientSnsTopicPolicyException": ErrorHelp(
        Field.TOPIC,
        "See that the topic exists in this Region, and put this statement into its access policy.",
        (PolicyKind.TOPIC,),
    ),
    "CloudWatchLogsDeliveryUnavailableException": ErrorHelp(
        Field.LOG_GROUP, "Leave log group and role empty: CloudTrail cannot deliver to CloudWatch Logs here."
    ),
    "InvalidCloudWatchLogsLogGroupArnException": ErrorHelp(
        Field.LOG_GROUP,
        "See that the group exists in the trail's home Region and that its ARN ends in :*; the role needs these"
        " permissions.",
        (PolicyKind.ROLE,),
    ),
    "InvalidCloudWatchLogsRoleArnException": ErrorHelp(
        Field.ROLE,
        "See that the role exists, that it trusts CloudTrail, and that it may write to the group.",
        (PolicyKind.TRUST, PolicyKind.ROLE),
    ),
    "InvalidParameterCombinationException": ErrorHelp(
        Field.GLOBAL_EVENTS, "A multi-Region trail includes global service events: turn both on, or both off."
    ),
    "InvalidKmsKeyIdException": ErrorHelp(Field.KMS_KEY, "Correct the key's id, alias or ARN, or leave it empty."),
    "KmsKeyNotFoundException": ErrorHelp(
        Field.KMS_KEY, "Name a key that exists, in the Region of the bucket, or leave it empty."
    ),
    "KmsKeyDisabledException": ErrorHelp(Field.KMS_KEY, "Enable the key, or name another one."),
    "KmsException": ErrorHelp(Field.KMS_KEY, "Look at the key in KMS, or name another one.", (PolicyKind.KEY,)),
    "InsufficientEncryptionPolicyException": ErrorHelp(
        Field.KMS_KEY, "Put these statements into the key's policy.", (PolicyKind.KEY, PolicyKind.BUCKET)
    ),
    "InvalidTagParameterException": ErrorHelp(Field.TAGS, "Correct the tags: key=value, with a comma between."),
    "TagsLimitExceededException": ErrorHelp(Field.TAGS, "Take tags out until 50 are left."),
    "OrganizationsNotInUseException": ErrorHelp(
        Field.ORGANIZATION, "Turn it off: this account belongs to no organisation."
    ),
    "NotOrganizationMasterAccountException": ErrorHelp(
        Field.ORGANIZATION, "Turn it off, or use the management account or the delegated administrator."
    ),
    "NotOrganizationManagementAccountException": ErrorHelp(
        Field.ORGANIZATION, "Turn it off, or use the management account or the delegated administrator."
    ),
    "OrganizationNotInAllFeaturesModeException": ErrorHelp(
        Field.ORGANIZATION, "Turn it off, or enable all features of the organisation first."
    ),
    "CloudTrailAccessNotEnabledException": ErrorHelp(
        Field.ORGANIZATION, "Let CloudTrail into the organisation first: `aws organizations enable-aws-service-access`."
    ),
    "InsufficientDependencyServiceAccessPermissionException": ErrorHelp(
        Field.ORGANIZATION, "Ask for the permissions in Organizations and IAM that an organisation trail needs."
    ),
    "InvalidHomeRegionException": ErrorHelp(None, "Read the trails again with r: the trail has another home Region."),
    "ConflictException": ErrorHelp(None, "Somebody else is changing the trail: wait a moment, then try again."),
    "Throttling": ErrorHelp(None, "Nothing was changed. Wait a few seconds, then try again."),
    "AccessDenied": ErrorHelp(None, "Nothing was changed. Ask whoever manages access for this permission."),
}
_SAME = {
    "ThrottlingException": "Throttling",
    "RequestLimitExceeded": "Throttling",
    "TooManyRequestsException": "Throttling",
    "AccessDeniedException": "AccessDenied",
    "OptInRequired": "AccessDenied",
    "InvalidTrailName": "InvalidTrailNameException",
    "TrailNotProvidedException": "InvalidTrailNameException",
}


def error_help_for(code: str, words: str) -> ErrorHelp | None:
    """Where an error code belongs, None for one that is about no field and has no step of its own.

    `words` are the service's own: two of its codes say different things by them.
    """
    refusal = _TABLE.get(_SAME.get(code, code))
    said = words.casefold()
    if code == "InvalidCloudWatchLogsRoleArnException" and "as well as" in said:
        return ErrorHelp(Field.ROLE, "Name the role that may write to the log group, or leave both empty.")
    if code == "InvalidCloudWatchLogsLogGroupArnException" and "as well as" in said:
        return ErrorHelp(Field.LOG_GROUP, "Name the log group that the role writes to, or leave both empty.")
    return refusal
